"""Biểu 02 counted a second time, straight from the text of the rules, sharing no code with the service."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import Any

from shared.contracts import case, opinion, session
from tests.reporting.story import Told

HANOI = timezone(timedelta(hours=7))
LETTERS = ("A", "A1", "B1", "B2", "D", "E", "F", "G", "I", "I1", "I2", "J", "J1", "J2")
ENDS: dict[type, str] = {
    opinion.OpinionRejected: "D",
    opinion.OpinionForwarded: "E",
    opinion.OpinionDiverted: "E",
    opinion.OpinionWithdrawn: "F",
    opinion.OpinionMerged: "G",
    case.CaseRejected: "D",
    case.CaseForwarded: "E",
    case.CaseDiverted: "E",
    case.CaseWithdrawn: "F",
    case.CaseMerged: "G",
    case.CaseResolved: "I",
}
DUES = (
    opinion.OpinionClassified,
    opinion.OpinionDueSet,
    case.CaseAssigned,
    case.CaseReopened,
    case.CaseOpened,
    case.CaseSplitOff,
    case.CaseDueSet,
)


def episode_of(told: Told) -> str:
    return getattr(told.event, "episode", told.stream.split("-", 1)[1] + "/1")


class Oracle:
    """Everything known at `as_of` of what happened before the day after `last`."""

    def __init__(self, told: Iterable[Told], first: date, last: date, as_of: datetime) -> None:
        self.t0 = datetime(first.year, first.month, first.day, tzinfo=HANOI)
        self.t1 = datetime(last.year, last.month, last.day, tzinfo=HANOI) + timedelta(days=1)
        self.last = last
        by_record = sorted(told, key=lambda each: each.recorded)
        known = [each for each in by_record if each.recorded <= as_of and each.occurred < self.t1]
        self.facts = sorted(known, key=lambda each: (each.occurred, each.service == "assignment"))
        self.told_of: dict[str, list[Told]] = defaultdict(list)
        for each in self.facts:
            self.told_of[episode_of(each)].append(each)
        self.begun: dict[str, datetime] = {}
        self.reopened: set[str] = set()
        self.before: dict[str, str] = {}
        for told_ in self.facts:
            match told_.event:
                case opinion.OpinionReceived():
                    self.begun[episode_of(told_)] = told_.occurred
                case opinion.OpinionSplitOff(received_at=received) | case.CaseSplitOff(received_at=received):
                    self.begun[episode_of(told_)] = received
                case case.CaseOpened(received_at=received):
                    self.begun[episode_of(told_)] = received
                case case.CaseReopened(previous=previous):
                    self.begun[episode_of(told_)] = told_.occurred
                    self.reopened.add(episode_of(told_))
                    self.before[episode_of(told_)] = previous
        splits = opinion.OpinionSplit | case.CaseSplit
        self.parent_of: dict[str, str] = {}
        for told_ in self.facts:
            if isinstance(told_.event, opinion.OpinionSplit):
                self.parent_of |= dict.fromkeys(told_.event.children, told_.event.episode)
        self.parents = {episode_of(told_) for told_ in self.facts if isinstance(told_.event, splits)}
        self.chairmans = {
            told_.stream for told_ in self.facts if isinstance(told_.event, session.SessionProposed) and told_.event.track == "B"
        }

    def ends(self, episode: str) -> list[Told]:
        found: list[Told] = []
        for told in self.told_of.get(episode, ()):
            if isinstance(told.event, opinion.OpinionUnmerged | case.CaseUnmerged):
                found = [each for each in found if ENDS[type(each.event)] != "G"]
            elif type(told.event) in ENDS:
                found.append(told)
        return found

    def judged(self, episode: str, until: Told | None = None) -> tuple[date | None, bool]:
        """The day an episode is judged by, and whether an extension that came too late has moved it elsewhere."""
        day = in_force = None
        for told in self.told_of.get(episode, ()):
            if isinstance(told.event, DUES):
                extension = isinstance(told.event, case.CaseDueSet) and told.event.base == "gia_han"
                in_force = told.event.due.day
                if not (extension and day is not None and told.occurred.astimezone(HANOI).date() > day):
                    day = in_force
            if told is until:
                break
        return day, in_force != day

    def due(self, episode: str) -> date | None:
        own, _ = self.judged(episode)
        if own is not None:
            return own
        parent = self.parent_of.get(f"opinion-{episode[:-2]}")
        return self.due(parent) if parent else None

    def is_chairmans(self, episode: str) -> bool:
        def put(told: Told) -> str | None:
            match told.event:
                case case.CaseLinked(session=to) | case.CaseOpened(session=to) | case.CaseSplitOff(dialogue=to):
                    return to
                case case.CaseUnlinked():
                    return "-"
            return None

        return self.last_of(episode, put) in self.chairmans

    @cached_property
    def columns(self) -> Mapping[str, set[str]]:
        """The episodes in each column that is counted, each set for itself."""
        living = {e for e in set(self.begun) - self.parents if not self.is_chairmans(e)}
        ended = {episode: [told.occurred for told in self.ends(episode)] for episode in living}
        found: dict[str, set[str]] = {letter: set() for letter in LETTERS}
        found["A"] = {e for e in living if self.begun[e] < self.t0 and not any(t < self.t0 for t in ended[e])}
        fresh = {e for e in living if self.t0 <= self.begun[e] < self.t1}
        found["B1"], found["B2"] = fresh - self.reopened, fresh & self.reopened
        acted = {episode_of(told) for told in self.facts if type(told.event) in ENDS}
        for told in (end for e in acted if not self.is_chairmans(e) for end in self.ends(e) if self.t0 <= end.occurred):
            letter = ENDS[type(told.event)]
            found[letter].add(episode_of(told))
            if letter == "I":
                found["I1" if self.in_time(told) else "I2"].add(episode_of(told))
        found["J"] = {e for e in living if self.begun[e] < self.t1 and not ended[e]}
        found["J2"] = {e for e in found["J"] if (due := self.due(e)) is not None and due < self.last}
        found["J1"] = found["J"] - found["J2"]
        found["C"] = found["A"] | found["B1"] | found["B2"]
        return found

    def in_time(self, told: Told) -> bool:
        judged, late = self.judged(episode_of(told), told)
        due = judged if late else told.event.due.day
        if due is None:
            return True
        return bool(told.event.how in ("tra_loi_tai_cho", "tiep_thu") or told.occurred.astimezone(HANOI).date() <= due)

    def form_02(self, key: Callable[[str], str]) -> dict[str, dict[str, Any]]:
        """The columns by row, and under `total`."""
        columns = self.columns
        place = {e: key(e) for episodes in columns.values() for e in episodes}
        rows = set(place.values())
        table = {row: self.row({c: {e for e in es if place[e] == row} for c, es in columns.items()}) for row in rows}
        return {**table, "total": self.row(columns)}

    def row(self, columns: Mapping[str, set[str]]) -> dict[str, Any]:
        n: dict[str, Any] = {column: len(episodes) for column, episodes in columns.items()}
        n["H"] = n["C"] - n["D"] - n["E"] - n["F"] - n["G"]
        n["T1"], n["T2"], n["T3"] = percent(n["I"], n["H"]), percent(n["I1"], n["I"]), percent(n["I1"], n["I"] + n["J2"])
        return n

    def carried(self, before: "Oracle", key: Callable[[str], str], key_before: Callable[[str], str]) -> dict[str, dict[str, Any]]:
        """The columns by row where the report before was counted by `before`: A is its J, A′ what is known otherwise since."""
        now, left = self.columns["A"], before.columns["J"]
        rows = self.form_02(key)
        of_now, of_left = Counter(map(key, now)), Counter(map(key_before, left))
        of_now["total"], of_left["total"] = len(now), len(left)
        for row in {*rows, *of_left}:
            table = rows.setdefault(row, self.row({letter: set() for letter in (*LETTERS, "C")}))
            table |= {"A": of_left[row], "A1": of_now[row] - of_left[row]}
        return rows

    def last_of(self, episode: str, value: Callable[[Told], Any]) -> Any:
        """The last value told of an episode or, where none was told of it, of the one it takes up again."""
        for told in reversed(self.told_of.get(episode, [])):
            if (found := value(told)) is not None:
                return found
        return self.last_of(self.before[episode], value) if episode in self.before else None

    def field(self, episode: str) -> str:
        return self.last_of(episode, lambda told: getattr(told.event, "field", None)) or "-"

    def source(self, episode: str) -> str:
        return self.last_of(episode, lambda told: getattr(told.event, "source_group", None)) or "-"

    def locality(self, episode: str) -> str:
        return self.last_of(episode, lambda told: getattr(told.event, "locality", None)) or "-"

    def unit(self, episode: str) -> str:
        def lead(told: Told) -> str | None:
            match told.event:
                case case.CaseAssigned(lead=unit):
                    return unit
                case case.CaseReopened(lead=unit):
                    return unit or "-"
                case case.CaseTransferred(lead=unit):
                    return unit
                case case.CaseHandedBack() | case.CaseRecalled():
                    return "-"
            return None

        held = self.last_of(episode, lead) or "-"
        ends = {ENDS[type(told.event)]: told.unit for told in self.ends(episode)}
        if held != "-" or not ends or "I" in ends:
            return str(held)
        judges = opinion.OpinionClassified | case.CaseReclassified | case.CaseOpened | case.CaseSplitOff
        judged = [told for told in self.told_of.get(episode, ()) if isinstance(told.event, judges)]
        # A case that intake referred is opened by nobody who judges it; one raised in a session is classified with that.
        classified = [told.unit for told in judged if not isinstance(told.event, case.CaseOpened) or told.event.session]
        if classified:
            return classified[-1]
        return next((ends[letter] for letter in "DEG" if letter in ends), "-")


def percent(part: int, whole: int) -> str | None:
    if not whole:
        return None
    return str((Decimal(100 * part) / Decimal(whole)).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP))
