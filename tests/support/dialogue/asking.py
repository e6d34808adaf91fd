"""The office that random sequences begin in, and asking it."""

import atexit
import os
import shutil
import tempfile
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine

from services.assignment.domain.reorganisation.decider import Queued
from services.reporting.readmodel.breakdown import By
from shared.calendar import local_day
from shared.clock import VIETNAM
from shared.contracts import opinion as heard
from shared.contracts.directory import UnitDissolved
from shared.contracts.session import Outcome as Became
from tests.support.chronicle import Chronicle
from tests.support.invariants import AFTER_EACH, EVERY_APPEND
from tests.support.office import (
    CHIEF,
    FIRST_DAY,
    OFFICE,
    Person,
    make_office,
    open_copy,
)

FIELDS: Final = ("che-do-chinh-sach", "danh-gia-can-bo", "lanh-dao-chi-dao", "giao-thong", "khac")
UNITS: Final = ("TCHCQT", "TH", "NC", "KT")
ANY_UNIT: Final = (*UNITS, "TH2", "SGTVT", "CVP")
OUTCOMES: Final = tuple(Became)
LAST: Final = datetime(2023, 12, 1, 8, tzinfo=VIETNAM)
CANARY: Final = "Quàng Thị Chim Hoàng Yến"  # nobody's name: it may lie nowhere in clear
DATA: Final = st.data()
# Nothing here is about power cuts: where the machine has a place in memory, files need not wait for the disk.
MEMORY: Final = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
SORTED_AGAIN: Final = (heard.OpinionSplit, heard.OpinionUnmerged)
NEVER_LATE: Final = {"merge_opinion", "unmerge_opinion", "merge_case", "unmerge_case"}  # each happens after the other
AFTER_ITS_END: Final = {"close_case", "reopen_case", "unmerge_case"}


@cache
def made() -> Path:
    """The office that every example begins in a copy of, and the facts it begins with."""
    folder = Path(tempfile.mkdtemp(prefix="doithoai-invariants-", dir=MEMORY)) / "made"
    atexit.register(shutil.rmtree, folder.parent, ignore_errors=True)
    make_office(folder)
    return folder


@cache
def beginning() -> tuple[Chronicle, dict[str, int]]:
    """What the logs of the made office fold to, and where they end."""
    folder = made().with_name("read")
    office = open_copy(made(), folder)
    chronicle = Chronicle()
    for _ in chronicle.take_in(office.news()):
        pass
    office.close()
    shutil.rmtree(folder)
    return chronicle, office.positions


class Asking(RuleBasedStateMachine):
    """An office from January 2023 on that can be asked: after every answer what holds always is looked at."""

    def __init__(self) -> None:
        super().__init__()
        chronicle, positions = beginning()
        self.folder = Path(tempfile.mkdtemp(prefix="doithoai-invariants-", dir=MEMORY))
        self.office = open_copy(made(), self.folder / "data")
        self.office.skip(positions)
        self.facts = chronicle.copy()
        self.received = 0
        self.speakers: list[str] = []
        self.succeeded: set[str] = set()
        self.revised = 0
        self.told: list[tuple[dict[str, Any], dict[str, int], Any]] = []  # figures, and what they were asked as of
        self.recorded: dict[str, int] = {}

    def ask(self, who: Person, command: str, **data: Any) -> Any:
        outcome = self.office.ask(who, command, **data)
        self.take_in()
        return outcome

    def take_in(self) -> None:
        for append in self.facts.take_in(self.office.news()):
            for each in append.events:
                log, recorded = each.record.log, each.record.recorded
                assert recorded >= self.recorded.get(log, 0), "invariant 12: recorded goes back"
                self.recorded[log] = recorded
            for kept in EVERY_APPEND:
                kept(append)
        for holds in AFTER_EACH:
            holds(self.facts)

    def drain(self) -> None:
        self.office.drain()
        self.take_in()

    def reach(self, instant: datetime) -> None:
        self.office.reach(instant)
        self.take_in()
        self.nothing_stays_with_a_unit_that_is_no_more()

    def nothing_stays_with_a_unit_that_is_no_more(self) -> None:
        """Invariant 9: once its last day has passed, what it had has moved or waits for a person."""
        gone = {each.event.unit for each in self.facts.events(UnitDissolved) if each.event.valid_from <= self.today}
        for stream, state in self.facts.open_tasks.items():
            unit = state.work.unit
            waits = unit in gone and self.facts.state(f"reorganisation-{stream}") == Queued(unit)
            assert unit not in gone or waits, f"invariant 9: {stream} is left with {unit}, which is no more"

    @property
    def today(self) -> date:
        return local_day(self.office.now)

    def of(self, kind: str, *types: type) -> list[str]:
        """The streams of a kind that stand at one of these, in the order in which they began."""
        return [stream for stream, state in self.facts.of_kind(kind).items() if not types or isinstance(state, types)]

    def late(self, data: st.DataObject) -> datetime | None:
        """When it happened: mostly now, sometimes hours or days before it is written down."""
        back = data.draw(st.sampled_from([0, 0, 0, 0, 3, 24, 24 * 9]), label="hours late")
        return self.office.now - timedelta(hours=back) if back else None

    def figures(self, by: By, *, first: date = FIRST_DAY, last: date | None = None, as_of: Any = None) -> dict[str, Any]:
        queries, who = self.office.queries("reporting").figures, self.office.subject(CHIEF)
        until = last or self.today
        found: dict[str, Any] = self.office.run(queries.figures(who, office=OFFICE, first=first, last=until, by=by, as_of=as_of))
        return found
