"""Everything in one process on the SQLite files of a data directory: no broker, no other server."""

from deploy.application import application
from deploy.application import serve as answer
from deploy.ground import Ground
from deploy.house import open_house, settle
from deploy.working import background, following, keep_jobs, keep_sweeping


async def serve(ground: Ground, *, port: int, token: str) -> None:
    """Serve the three services on `port` until told to stop; the directory must be held by this process."""
    async with open_house(ground) as house:
        await settle(house)
        async with following(house), background(keep_jobs(house), keep_sweeping(house, house.performed)):
            await answer(application(house, token, {}), ground.settings.host, port)
