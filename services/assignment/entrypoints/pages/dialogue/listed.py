"""Lists of an office's dialogues, meetings and requests as their pages show them: narrowed, counted, by month. Pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import groupby
from typing import Final

from services.assignment.domain.session.states import BEFORE, Stage
from services.assignment.readmodel.dialogue.queries import Thing


class Tab(StrEnum):
    """What of a list is shown."""

    ALL = ""
    AHEAD = "ahead"
    FOLLOW = "follow"  # going on, or held and to be concluded or closed
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Counted:
    """A saved view with how much it holds."""

    tab: Tab
    count: int


@dataclass(frozen=True, slots=True)
class Month:
    """The things of a month, by day; `first` is None where no day is fixed."""

    first: date | None
    things: tuple[Thing, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A year of things: all of it counted, one view shown."""

    year: int
    total: int
    tab: Tab
    tabs: tuple[Counted, ...]
    months: tuple[Month, ...]
    next: Thing | None  # the next one that is still to be held
    track: str = ""


FOLLOWED: Final = frozenset({Stage.IN_PROGRESS, Stage.HELD, Stage.CONCLUDED})


def tab_of_session(thing: Thing) -> Tab:
    """In which view a dialogue stands."""
    stage = Stage(thing.stage)
    return Tab.AHEAD if stage in BEFORE else Tab.FOLLOW if stage in FOLLOWED else Tab.OVER


def tab_of_meeting(thing: Thing) -> Tab:
    """In which view a meeting stands."""
    return Tab.AHEAD if thing.stage in ("du_kien", "doi_lich") else Tab.OVER


def tab_of_request(thing: Thing) -> Tab:
    """In which view a request stands: to be answered, granted and to be met, over."""
    return {"da_tiep_nhan": Tab.AHEAD, "chap_nhan": Tab.FOLLOW}.get(thing.stage, Tab.OVER)


def listed(
    things: Iterable[Thing],
    of: Callable[[Thing], Tab],
    *,
    year: int,
    tab: Tab,
    today: date,
    track: str = "",
    tabs: Sequence[Tab] = tuple(Tab),
) -> Listed:
    """The things of a year by month, narrowed to a view and a track; those without a day stand last."""
    all_of_them = [each for each in things if not track or each.track == track]
    counts = {each: sum(of(thing) is each for thing in all_of_them) for each in tabs}
    shown = sorted(
        (each for each in all_of_them if tab is Tab.ALL or of(each) is tab),
        key=lambda each: (each.day is None, each.day or date.max, each.id),
    )
    ahead = [each for each in all_of_them if of(each) is Tab.AHEAD and each.day is not None and each.day >= today]
    return Listed(
        year=year,
        total=len(all_of_them),
        tab=tab,
        tabs=tuple(Counted(each, len(all_of_them) if each is Tab.ALL else counts[each]) for each in tabs),
        months=tuple(Month(first, tuple(each)) for first, each in groupby(shown, key=_month)),
        next=min(ahead, key=lambda each: (each.day or date.max, each.id), default=None),
        track=track,
    )


def _month(thing: Thing) -> date | None:
    return thing.day.replace(day=1) if thing.day is not None else None
