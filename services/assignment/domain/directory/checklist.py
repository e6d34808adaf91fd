"""Stream `checklist-every`: what is to be prepared for the Chairman's dialogue, each version under its name for good (R26).

The text of Điều 8 of Quy định 12-QĐi/TU is not at hand: the built-in lines follow practice, and whoever has the text
publishes a version of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from services.assignment.domain.directory.commands import PublishChecklist
from services.assignment.domain.directory.refusals import ChecklistEmpty, ChecklistVersionStands, OutOfDateOrder
from shared.contracts.checklist import ChecklistPublished

STREAM: Final = "checklist-every"
# What holds where nothing was published: proposals from before name this version.
BUILT_IN: Final = ChecklistPublished(
    version="dieu-8.2019.1",
    lines=(
        "Nội dung, phạm vi đối thoại",
        "Thời gian, địa điểm, hình thức",
        "Thành phần chủ trì, tham dự; đại diện nhân dân",
        "Tổng hợp ý kiến, kiến nghị trước đối thoại",
        "Nội dung trả lời của cơ quan liên quan",
        "Thông báo nội dung, thời gian, địa điểm trước đối thoại",
        "Bảo đảm an ninh, trật tự, điều kiện tổ chức",
    ),
    valid_from=date(2019, 2, 27),
)


@dataclass(frozen=True, slots=True)
class Checklists:
    """Every version published, oldest first."""

    versions: tuple[ChecklistPublished, ...] = ()

    def on(self, day: date) -> ChecklistPublished:
        """The version in force on `day`; the built-in one before any."""
        return next((each for each in reversed(self.versions) if each.valid_from <= day), BUILT_IN)

    def named(self, version: str) -> ChecklistPublished:
        """The version of that name; the built-in one where none has it."""
        return next((each for each in self.versions if each.version == version), BUILT_IN)


NO_CHECKLIST: Final = Checklists()


def evolve_checklists(state: Checklists, event: ChecklistPublished) -> Checklists:
    """The versions after `event`."""
    return Checklists((*state.versions, event))


def checklists_among(states: Mapping[str, Any]) -> Checklists:
    """The versions, of the stream as far as a command loaded it."""
    found: Checklists = states.get(STREAM, NO_CHECKLIST)
    return found


def decide_checklist(command: PublishChecklist, states: Mapping[str, Any]) -> Sequence[ChecklistPublished]:
    """The version as published; the built-in one may be, as it is.

    Raises:
        ChecklistEmpty, ChecklistVersionStands, OutOfDateOrder

    """
    if not command.lines:
        raise ChecklistEmpty("lines")
    published = ChecklistPublished(version=command.version, lines=command.lines, valid_from=command.valid_from)
    versions = states[STREAM].versions
    known = next((each for each in versions if each.version == command.version), None)
    if known == published:
        return []
    if known is not None or (command.version == BUILT_IN.version and published != BUILT_IN):
        raise ChecklistVersionStands("version", version=command.version)
    if versions and command.valid_from < versions[-1].valid_from:
        raise OutOfDateOrder("valid_from", earliest=versions[-1].valid_from.isoformat())
    return [published]
