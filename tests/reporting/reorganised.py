"""A reorganisation drawn by a seed, as the directory records it; and who holds what today, found by the rule's text alone."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from shared.contracts.directory import Succession, UnitDissolved, UnitKind, UnitRegistered, UnitRenamed, UnitSucceeded
from tests.reporting.histories import FIRST
from tests.reporting.oracle import Oracle

UNITS: Final = ("TCHCQT", "TH", "NC", "KT")
PLACES: Final = ("MSO", "TPSL")
FIELDS: Final = ("dat-dai", "giao-thong", "khac", "hanh-chinh-van-phong")
NEW: Final = ("P1", "P2", "P3")
KINDS: Final = ("ended", "merged", "split by field", "undecided", "handed on a field", "renamed", "handed on twice", "left alone")


@dataclass(frozen=True)
class Step:
    """From a day on `to` hold what a unit held, in one field or in what no other step names; the unit ends with it or not."""

    unit: str
    field: str | None
    to: str


class Reorganisation:
    """What happened to each unit in the middle of the window, and afterwards."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self.events: list[tuple[str, Any]] = []
        self.kinds: dict[str, str] = {}
        self.steps: list[list[Step]] = []
        self.ended: set[str] = set()
        for key in NEW:
            new: dict[str, Any] = {"name": f"Phòng mới {key}", "kind": UnitKind.DIVISION, "office": "VPUB", "parent": "VPUB"}
            self._tell(UnitRegistered(unit=key, code=key, valid_from=date(2023, 1, 1), **new))
        for n, unit in enumerate((*UNITS, *PLACES)):
            day = FIRST + timedelta(days=10 + n)
            heirs = (*UNITS[n + 1 :], *NEW) if unit in UNITS else ("MCH", "MLA", "TCH")
            self._happens(unit, day, heirs)

    def holds(self, unit: str, field: str | None) -> str:
        """Whoever alone holds it today, else the former unit, which nothing decides about (R49)."""
        found = self._now(unit, field, frozenset())
        return next(iter(found)) if len(found) == 1 else unit

    def unit_today(self, oracle: Oracle) -> Callable[[str], str]:
        """The row of an episode by the units of today."""

        def key(episode: str) -> str:
            unit, field = oracle.unit(episode), oracle.field(episode)
            return unit if unit == "-" else self.holds(unit, None if field == "-" else field)

        return key

    def place_today(self, oracle: Oracle) -> Callable[[str], str]:
        """The same by places."""

        def key(episode: str) -> str:
            place = oracle.locality(episode)
            return place if place == "-" else self.holds(place, None)

        return key

    def _now(self, unit: str, field: str | None, met: frozenset[str]) -> set[str]:
        if unit in met:
            return set()
        taken = self._taken(unit, field)
        if unit not in self.ended and not (field is not None and taken):
            return {unit}
        return set().union(*(self._now(each, field, met | {unit}) for each in taken)) if taken else set()

    def _taken(self, unit: str, field: str | None) -> list[str]:
        """The first decision about that field takes it; what no line names goes with the rest."""
        of = [[step for step in steps if step.unit == unit] for steps in self.steps]
        if field is None:
            return [step.to for steps in of for step in steps]
        for steps in of:
            named = [step.to for step in steps if step.field == field] or [step.to for step in steps if step.field is None]
            if named:
                return named
        return []

    def _happens(self, unit: str, day: date, heirs: Sequence[str]) -> None:
        kind = self.kinds[unit] = self._random.choice(KINDS if unit in UNITS else KINDS[:2])
        one, other = self._random.sample(heirs, 2)
        match kind:
            case "ended":
                self._ends(unit, day)
            case "merged":
                self._hands_on(unit, day, (None, one))
                self._ends(unit, day)
            case "split by field":
                self._hands_on(unit, day, (self._random.choice(FIELDS), one), (None, other))
                self._ends(unit, day)
            case "undecided":
                self._hands_on(unit, day, (None, one), (None, other))
                self._ends(unit, day)
            case "handed on a field":
                self._hands_on(unit, day, (self._random.choice(FIELDS), one))
            case "renamed":
                self._tell(UnitRenamed(unit=unit, code=unit, name=f"{unit} (tên mới)", valid_from=day))
            case "handed on twice":
                first, second = self._random.sample(FIELDS, 2)
                self._hands_on(unit, day, (first, one))
                self._hands_on(unit, day + timedelta(days=90), (first, other), (second, other))

    def _hands_on(self, unit: str, day: date, *lines: tuple[str | None, str]) -> None:
        self.steps.append([Step(unit, field, to) for field, to in lines])
        successions = tuple(Succession(field=field, to=to) for field, to in lines)
        self._tell(UnitSucceeded(unit=unit, successions=successions, basis="02/QĐ-UBND", valid_from=day))

    def _ends(self, unit: str, day: date) -> None:
        self.ended.add(unit)
        self._tell(UnitDissolved(unit=unit, valid_from=day))

    def _tell(self, event: Any) -> None:
        self.events.append((f"unit-{event.unit}", event))
