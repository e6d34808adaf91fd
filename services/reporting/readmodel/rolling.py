"""Puts the work of former units under the units that hold it today, by field (R49)."""

from typing import Any

from shared.directory.snapshot import Directory


class Rolling:
    """Whose row a unit's work stands in today, and what was moved to say so.

    Where several units took over and nothing decides between them, or none did, the work stays under the former unit.
    """

    def __init__(self, today: Directory) -> None:
        self._today = today
        self._found: dict[tuple[str, str | None], tuple[str, ...]] = {}

    def roll(self, unit: str, field: str | None) -> str:
        """The unit that holds what `unit` held in `field`."""
        found = self._found.get((unit, field))
        if found is None:
            found = self._found[unit, field] = self._today.successors(unit, field)
        return found[0] if len(found) == 1 else unit

    def told(self) -> dict[str, Any]:
        """As of which day units were moved, which, and which could not be."""
        moved = [
            {"unit": unit, "field": field, "to": list(found), "label": self._today.label_today(unit, field)}
            for (unit, field), found in sorted(self._found.items(), key=lambda each: (each[0][0], each[0][1] or ""))
            if found != (unit,)
        ]
        return {"units_on": self._today.day.isoformat(), "rolled": moved}
