"""What falls due by the clock: due dates under a new calendar, while intake still has the opinion."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import structlog

from services.intake.domain.opinion.commands import ReviseOpinionDue
from services.intake.readmodel.dues import Dues
from shared.calendar import local_day
from shared.commands import model_of
from shared.contracts.refusals import Refused
from shared.desk import Asked, Desk, name_of
from shared.directory.queries import Directories, DirectoryNotYet
from shared.permit import Subject
from shared.service import Job

HOUSE: Final = "jobs"

_log = structlog.get_logger()


def jobs(tenant: str, desk: Desk, dues: Dues, directories: Directories) -> Sequence[Job]:
    """The jobs of one tenant: each does a bounded part at a time and is due again until nothing is left."""

    async def version(now: datetime) -> str | None:
        try:
            published = (await directories.at(local_day(now))).published
        except DirectoryNotYet:
            return None
        return published.version if published is not None else None

    async def next_due(now: datetime) -> datetime | None:
        calendar = await version(now)
        return now if calendar is not None and await dues.outdated(calendar) else None

    async def run(now: datetime) -> int:
        calendar = await version(now)
        done = 0
        for opinion, office in await dues.outdated(calendar) if calendar is not None else ():
            asked = Asked(
                command=name_of(ReviseOpinionDue),
                body=model_of(ReviseOpinionDue).model_validate({"opinion": opinion}),
                subject=Subject.house(HOUSE, tenant=tenant, office=office),
                command_id=f"revise-due/{opinion}/{calendar}",
            )
            try:
                found = await desk.handle(asked)
            except Refused as refused:  # one opinion must not hold up the others; it stays due and is tried again
                _log.warning("job.refused", command=asked.command, about=opinion, rule=refused.code)
                continue
            done += found.position > 0 and not found.replayed
        return done

    return (Job(name="revise-opinion-dues", next_due=next_due, run=run),)
