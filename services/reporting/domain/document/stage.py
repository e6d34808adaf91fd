"""How far a report has come, told from its figures and its paper (domain brief §6), and whether it was sent in time."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from shared.contracts.document import Line


class Stage(StrEnum):
    """The states of a report."""

    OPEN = "open"
    LOCKING = "locking"
    LOCKED = "locked"
    DRAFTED = "drafted"
    COMMENTED = "commented"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    SIGNED = "signed"
    NUMBERED = "numbered"
    ISSUED = "issued"
    SENT = "sent"
    ACKNOWLEDGED = "acknowledged"
    RECALLED = "recalled"
    SUPERSEDED = "superseded"


BY_PAPER: Final[Mapping[str, Stage]] = {
    "du_thao": Stage.DRAFTED,
    "lay_y_kien": Stage.COMMENTED,
    "trinh_ky": Stage.SUBMITTED,
    "tra_lai": Stage.RETURNED,
    "da_ky": Stage.SIGNED,
    "da_cap_so": Stage.NUMBERED,
    "da_phat_hanh": Stage.ISSUED,
    "da_gui": Stage.SENT,
    "da_cong_khai": Stage.ISSUED,  # whom it was sent to, its circulation says
    "thu_hoi": Stage.RECALLED,
    "thay_the": Stage.SUPERSEDED,
}


@dataclass(frozen=True, slots=True)
class Circulation:
    """Whom a paper must reach, on which day it was sent to each recipient first, and who confirmed to have it."""

    must: tuple[str, ...]
    sent: Mapping[str, date]
    delivered: Collection[str]

    @property
    def sent_on(self) -> date | None:
        """The day on which the last of those who must have it was sent it (R42)."""
        if not self.must or any(each not in self.sent for each in self.must):
            return None
        return max(self.sent[each] for each in self.must)

    @property
    def acknowledged(self) -> bool:
        """Whether all who must have it confirmed so."""
        return bool(self.must) and all(each in self.delivered for each in self.must)


def must_have(lines: Iterable[Line]) -> tuple[str, ...]:
    """The mandatory recipients of a list; where no line is mandatory, every one."""
    every = tuple(lines)
    return tuple(dict.fromkeys(line.recipient for line in [line for line in every if line.mandatory] or every))


def stage(figures: Stage, paper: str | None, circulation: Circulation) -> Stage:
    """How far it has come: `figures` is open, locking or locked, `paper` the stage of its paper as papers name it."""
    found = BY_PAPER[paper] if paper is not None else figures
    if found is Stage.ISSUED and circulation.sent_on is not None:
        found = Stage.SENT
    return Stage.ACKNOWLEDGED if found is Stage.SENT and circulation.acknowledged else found


def in_time(circulation: Circulation, before: date, today: date) -> bool | None:
    """Whether it was sent to all who must have it before that day (R43, R44); None while it still can be."""
    sent_on = circulation.sent_on
    if sent_on is not None:
        return sent_on < before
    return False if today >= before else None
