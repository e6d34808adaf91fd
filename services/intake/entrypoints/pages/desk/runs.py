"""Registers that are being looked at or taken in: each kept sealed until it is done, worked through beside the pages."""

import asyncio
import secrets
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final
from weakref import WeakValueDictionary

from services.intake.domain.opinion.commands import RECORD_REGISTER_ROW
from services.intake.entrypoints.pages.behind import Behind
from services.intake.entrypoints.register.keeping import room_of
from services.intake.entrypoints.register.reading import HEADER, MAX_BYTES, Line, WrongRegister, delimiter_of, lines_of
from services.intake.entrypoints.register.refusals import NoRegister
from services.intake.entrypoints.register.rejected import rejected_file
from services.intake.entrypoints.register.rows import Rejection, rows_of
from services.intake.entrypoints.register.taking import Taken, take_all, taking
from shared.blobs.store import BlobGone, Blobs
from shared.contracts.refusals import Forbidden, Refused, Unknown
from shared.permit import Resource, Subject, permit

LARGEST: Final = MAX_BYTES + 64 * 1024  # a file with the rest of its form
AT_ONCE: Final = 1  # each writes as fast as the log takes it
REMEMBERED: Final = 12  # results that are kept to be looked at; a file that is sent again tells the same
SAMPLES: Final = 3
SHOWN: Final = 200  # rejected lines on the page; the file of them holds all
MEDIA: Final = "register"
PURPOSE: Final = "import_register"


class Step(StrEnum):
    """How far a file is."""

    LOOKING = "looking"
    LOOKED = "looked"
    TAKING = "taking"
    TAKEN = "taken"
    FAILED = "failed"


@dataclass(slots=True, kw_only=True)
class Run:
    """A file and how far it is. `rejected` are the lines that cannot be taken, as they stand in it."""

    file: str
    office: str
    name: str
    step: Step
    lines: int = 0
    columns: Sequence[str] = ()
    samples: Sequence[Mapping[str, str]] = ()
    done: int = 0
    taken: Taken | None = None
    rejected: Sequence[Line] = ()
    delimiter: str = ","
    failed: Refused | None = None

    @property
    def at_work(self) -> bool:
        """Whether it goes on by itself."""
        return self.step in (Step.LOOKING, Step.TAKING)

    @property
    def counts(self) -> Mapping[str, int]:
        """How many rows there are, and what became or would become of them."""
        return self.taken.counts() if self.taken is not None else {}

    @property
    def reasons(self) -> list[tuple[int, Rejection]]:
        """The first rejected lines by number, with why."""
        return sorted(self.taken.rejected.items())[:SHOWN] if self.taken is not None else []

    def rejected_file(self) -> bytes:
        """The rejected lines as a file, to be mended and sent again."""
        why = self.taken.rejected if self.taken is not None else {}
        return rejected_file(self.rejected, why, self.delimiter)


@dataclass(slots=True)
class _Kept:
    runs: "OrderedDict[tuple[str, str], Run]" = field(default_factory=OrderedDict)
    tasks: set[asyncio.Task[None]] = field(default_factory=set)
    taking: "WeakValueDictionary[tuple[str, str], asyncio.Lock]" = field(default_factory=WeakValueDictionary)


class Runs:
    """The registers of one tenant that this process works through."""

    def __init__(self, behind: Behind) -> None:
        self._desk, self._tenant, self._blobs = behind.desk, behind.tenant, behind.blobs
        self._kept, self._free = _Kept(), asyncio.Semaphore(AT_ONCE)

    def refuse_unless_his(self, subject: Subject) -> None:
        """Raise what the import would, before a file is taken in.

        Raises:
            Forbidden

        """
        resource = Resource(self._tenant, subject.office, units=frozenset({subject.unit}))
        decision = permit(subject, RECORD_REGISTER_ROW, resource)
        if not decision.allowed:
            raise Forbidden(rule=decision.rule)

    async def keep(self, subject: Subject, content: bytes, name: str) -> str:
        """Seal a file that can be read as a register, and begin to look at its rows; its address.

        Raises:
            NoRegister, NoPlaceForFiles, PlaceUnavailable, VaultUnavailable

        """
        try:
            lines = await asyncio.to_thread(lines_of, content)
        except WrongRegister as wrong:
            raise NoRegister.of(wrong) from None
        command_id = f"import/{secrets.token_hex(16)}"
        stored = await self._room(subject.office).put(content, MEDIA, command_id=command_id)
        self._begin(subject, stored.address, name, content, lines, rehearsed=True)
        return stored.address

    def of(self, subject: Subject, file: str) -> Run | None:
        """How far a file of his office is; None where this process knows nothing of it."""
        return self._kept.runs.get((subject.office, file))

    async def look(self, subject: Subject, file: str) -> Run:
        """The same, beginning to look where the process that did is gone.

        Raises:
            Unknown: there is no such file any more.

        """
        run = self.of(subject, file)
        return run if run is not None else await self._again(subject, file, rehearsed=True)

    async def take(self, subject: Subject, file: str) -> Run:
        """Begin to take its rows in; one that is at work, or was taken, is left as it is.

        Raises:
            Unknown: there is no such file any more.

        """
        async with self._kept.taking.setdefault((subject.office, file), asyncio.Lock()):  # pressed twice, it begins once
            run = self.of(subject, file)
            if run is not None and (run.at_work or run.step is Step.TAKEN):
                return run
            return await self._again(subject, file, rehearsed=False)

    async def finished(self) -> None:
        """Wait until nothing is at work."""
        await asyncio.gather(*self._kept.tasks)

    async def _again(self, subject: Subject, file: str, *, rehearsed: bool) -> Run:
        try:
            opened = await self._room(subject.office).open(file, reader=subject.person, purpose=PURPOSE)
        except BlobGone:
            raise Unknown("file") from None
        lines = await asyncio.to_thread(lines_of, opened.content)
        known = self.of(subject, file)
        return self._begin(subject, file, known.name if known is not None else "", opened.content, lines, rehearsed=rehearsed)

    def _begin(self, subject: Subject, file: str, name: str, content: bytes, lines: Sequence[Line], *, rehearsed: bool) -> Run:
        run = Run(
            file=file,
            office=subject.office,
            name=name,
            step=Step.LOOKING if rehearsed else Step.TAKING,
            lines=len(lines),
            columns=[column for column in HEADER if any(column in line.cells for line in lines)],
            samples=[line.cells for line in lines[:SAMPLES]],
            delimiter=delimiter_of(content),
        )
        self._kept.runs[subject.office, file] = run
        self._kept.runs.move_to_end((subject.office, file))
        rest = [key for key, each in self._kept.runs.items() if not each.at_work]
        for key in rest[: max(0, len(self._kept.runs) - REMEMBERED)]:
            del self._kept.runs[key]
        task = asyncio.create_task(self._work(run, subject, lines, rehearsed=rehearsed))
        self._kept.tasks.add(task)
        task.add_done_callback(self._kept.tasks.discard)
        return run

    async def _work(self, run: Run, subject: Subject, lines: Sequence[Line], *, rehearsed: bool) -> None:
        def advance(rows: int) -> None:
            run.done += rows

        try:
            async with self._free:
                found = await asyncio.to_thread(rows_of, lines, run.office)
                take = taking(self._desk, subject, secrets.token_hex(8), rehearsed=rehearsed)
                run.taken = await take_all(found, take, rehearsed=rehearsed, advance=advance)
        except Refused as refused:
            run.failed, run.step = refused, Step.FAILED
            return
        except Exception:
            run.step = Step.FAILED
            raise
        run.rejected = [line for line in lines if line.number in run.taken.rejected]
        run.step = Step.LOOKED if rehearsed else Step.TAKEN
        if not rehearsed:
            await self._room(run.office).erase(run.file)

    def _room(self, office: str) -> Blobs:
        return room_of(self._blobs, office)
