"""Stream `checklist-every`: what is to be prepared for the Chairman's dialogue, dated data (Điều 8, R26)."""

from datetime import date

from shared.contracts.registry import event
from shared.contracts.types import PublicName, VersionName


@event("checklist.published")
class ChecklistPublished:
    """The lines of the Điều 8 checklist from a day on. A proposal names the version it began with."""

    version: VersionName
    lines: tuple[PublicName, ...]
    valid_from: date
