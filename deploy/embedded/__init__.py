"""Everything in one process on the SQLite files of a data directory: no broker, no other server."""

from collections.abc import Callable
from contextlib import closing

from deploy.application import application
from deploy.application import serve as answer
from deploy.ground import Ground
from deploy.house import open_house, settle
from deploy.listening import listen
from deploy.sampling import Seats, is_sample, sign_ins
from deploy.working import background, following, keep_jobs, keep_sweeping


def untold(password: str, seats: Seats) -> None:
    """Nobody is told."""


async def serve(ground: Ground, *, port: int, token: str, tell: Callable[[str, Seats], None] = untold) -> None:
    """Serve the three services on `port` until told to stop; the directory must be held by this process.

    `tell` hears who signs in to a sample with which password.
    """
    # The port first: where it is taken, nothing was opened that would have to be closed again.
    with closing(listen(ground.settings.host, port)) as listener:
        async with open_house(ground) as house:
            await settle(house)
            accounts = house.stores.access.accounts
            if is_sample(ground):
                tell(*await sign_ins(house, accounts))
            else:
                await accounts.take_down()  # it may have been served as a sample before, on this machine alone
            async with following(house), background(keep_jobs(house), keep_sweeping(house, house.referred)):
                await answer(application(house, token, {}), listener, trusted_proxies=ground.settings.trusted_proxies)
