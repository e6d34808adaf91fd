"""What goes on beside the API while a process stays: subscriptions, trees, jobs by the real clock, sweeps of vault and files."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Sequence
from collections.abc import Set as AbstractSet
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Final

import structlog

from deploy import keeping
from deploy.house import House
from services.assignment.readmodel.documents.projections import ATTACHMENTS_PROJECTION, DOCUMENTS_PROJECTION
from services.intake.entrypoints.register.keeping import room_of as imports_of
from services.reporting.readmodel.reports.projections import REPORT_PAPERS
from shared.calendar import local_day
from shared.clock import micros
from shared.contracts.directory import UnitKind
from shared.subscriptions.parking import DISCARDED, PARKED
from shared.vault.port import Known

LONGEST_WAIT_SECONDS: Final = 5.0
SWEEP_EVERY_SECONDS: Final = 3_600.0
SWEEP_WAIT_SECONDS: Final = 10.0
SWEEP_AFTER: Final = timedelta(hours=24)  # long after any command has been appended or given up

PAPERS: Final = {"assignment": DOCUMENTS_PROJECTION.name, "reporting": REPORT_PAPERS.name}  # what knows which files papers have

_log = structlog.get_logger()


@asynccontextmanager
async def following(house: House) -> AsyncIterator[None]:
    """Every subscription and tree of the house goes on by itself within the block."""
    for each in house.followings.values():
        await each.start()
    try:
        async with background(*(tree.run() for tree in house.trees.values())):
            yield
    finally:
        for each in house.followings.values():
            await each.stop()


@asynccontextmanager
async def watching(house: House) -> AsyncIterator[None]:
    """Nothing of the house goes on here; where its subscriptions stand is looked at, so that it can be told."""
    for each in house.followings.values():
        await each.watch()
    try:
        yield
    finally:
        for each in house.followings.values():
            await each.stop()


@asynccontextmanager
async def background(*work: Awaitable[None]) -> AsyncIterator[None]:
    """`work` runs within the block; what fails is logged and does not take the process with it."""

    async def one(each: Awaitable[None]) -> None:
        try:
            await each
        except Exception as error:  # noqa: BLE001  said, and seen in the health of what it served
            _log.error("background.failed", error=type(error).__name__, exc_info=error)

    tasks = [asyncio.create_task(one(each)) for each in work]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        for task in tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task


async def keep_jobs(house: House) -> None:
    """Run every job when the real clock reaches its instant; a script's clock runs them by itself."""
    while house.clock_kind == "real":
        now = await house.now()
        waiting = await house.due()
        for job in sorted(each for each in waiting if each.at <= now):
            try:
                await house.run(job)
            except Exception as error:  # noqa: BLE001  it stays due and is tried again
                _log.error("job.failed", service=job.service, job=job.name, error=type(error).__name__, exc_info=error)
        await asyncio.sleep(LONGEST_WAIT_SECONDS)


async def keep_sweeping(house: House, known: Known) -> None:
    """Delete from the vault, hour by hour, what was sealed for commands that no log ever heard of."""
    while house.clock_kind == "real":
        older = micros(await house.now() - SWEEP_AFTER)
        try:
            swept = await house.stores.vault.sweep_orphans(known, older)
        except Exception as error:  # noqa: BLE001  tried again in an hour
            _log.warning("vault.sweep_failed", error=type(error).__name__)
        else:
            _log.info("vault.swept", records=swept)
        try:
            gone = await swept_files(house) + await swept_issued(house) + await swept_registers(house)
        except Exception as error:  # noqa: BLE001  tried again in an hour
            _log.warning("files.sweep_failed", error=type(error).__name__)
        else:
            _log.info("files.swept", files=gone)
        await asyncio.sleep(SWEEP_EVERY_SECONDS)


async def swept_files(house: House) -> int:
    """Destroy files that were handed in long ago for commands that never came to be; how many went.

    Which files are referred to, the read model says: only when it holds everything that stands in the logs is it believed.
    """
    service = house.services.get("assignment")
    if service is None or service.kernel.blobs is None or not service.kernel.blobs.kept:
        return 0
    kernel, now = service.kernel, await house.now()
    heads = {name: (await kernel.logs[name].head()).position for name in ATTACHMENTS_PROJECTION.sources}
    letters = [each for state in (PARKED, DISCARDED) for each in await keeping.letters(house, state)]
    missing = any(each["subscription"] == ATTACHMENTS_PROJECTION.name for each in letters)
    if missing or not await house.followings[service.name].wait(heads, SWEEP_WAIT_SECONDS):
        return 0
    papers = service.queries.papers
    return await service.kernel.blobs.sweep(papers.attached, now - SWEEP_AFTER)


async def swept_issued(house: House) -> int:
    """Destroy files of papers that were sealed long ago and never came to be kept; how many went.

    As of attached files, the read model is believed only when it holds everything that stands in the log.
    """
    letters = [each for state in (PARKED, DISCARDED) for each in await keeping.letters(house, state)]
    missing, gone = {each["subscription"] for each in letters}, 0
    for name, papers in PAPERS.items():
        service = house.services.get(name)
        if service is None or service.kernel.blobs is None or not service.kernel.blobs.kept or papers in missing:
            continue
        head = (await service.kernel.log.head()).position
        if await house.followings[name].wait({name: head}, SWEEP_WAIT_SECONDS):
            gone += await service.queries.files.sweep(await house.now() - SWEEP_AFTER)
    return gone


async def swept_registers(house: House) -> int:
    """Destroy registers that were sent long ago to be looked at and never taken in; how many went."""
    service = house.services.get("assignment")
    if service is None or service.kernel.blobs is None or not service.kernel.blobs.kept:
        return 0
    now = await house.now()
    units = (await service.queries.directories.at(local_day(now))).units.values()
    offices = [unit.key for unit in units if unit.kind is UnitKind.OFFICE]
    rooms = [imports_of(service.kernel.blobs, office) for office in offices]
    return sum([await room.sweep(_referred_to_by_none, now - SWEEP_AFTER) for room in rooms])


async def _referred_to_by_none(addresses: Sequence[str]) -> AbstractSet[str]:
    """No fact refers to a file that is only looked at."""
    return frozenset()
