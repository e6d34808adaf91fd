"""Who may be behind a fact, written down a second time (invariant 15)."""

from collections.abc import Mapping
from typing import Final

from shared.contracts import calendar, case, directory, document, notice, opinion, proposal, session, task
from shared.contracts.roles import Role
from tests.support.chronicle import Appended

COLLECTORS: Final = {Role.FEEDER, Role.REGISTRY, Role.HUB, Role.UNIT_LEADER, Role.SPECIALIST, Role.MASS_ORGANISATION}
UNIT: Final = {*COLLECTORS, Role.CHIEF, Role.DEPUTY, Role.CONTENT_DIVISION, Role.PARTY_COMMITTEE, Role.PROPOSER}
HEADS: Final = {Role.CHIEF, Role.DEPUTY, Role.CHAIRMAN}
LEADERS: Final = {Role.UNIT_LEADER, Role.CHIEF, Role.DEPUTY, Role.PROPOSER}  # a post can be a unit: its holder leads it
# Invariant 15: who may be behind a fact, written down a second time. What an issued notice or a held session does to
# cases and tasks is behind those, but directions.
MAY: Final[Mapping[type, set[Role]]] = {
    opinion.OpinionReceived: COLLECTORS,
    opinion.OpinionClassified: {Role.HUB},
    opinion.OpinionReferred: {Role.HUB},
    opinion.OpinionRejected: {Role.HUB, Role.CHIEF, *COLLECTORS},
    opinion.OpinionForwarded: {Role.HUB},
    opinion.OpinionDiverted: {Role.HUB},
    opinion.OpinionMerged: {Role.HUB},
    opinion.OpinionUnmerged: {Role.HUB},
    opinion.OpinionSplit: {Role.HUB},
    case.AssignmentProposed: {Role.HUB},
    case.CaseAssigned: {Role.CHIEF, Role.CHAIRMAN},
    case.CaseRecalled: {Role.CHIEF, Role.CHAIRMAN},
    case.CaseDirected: {Role.CHIEF, Role.CHAIRMAN},
    case.AnswerSubmitted: UNIT,
    case.AnswerApproved: {Role.CHIEF, Role.DEPUTY},
    case.AnswerReturned: {Role.CHIEF, Role.DEPUTY},
    case.PartyOpinionRecorded: {Role.PARTY_COMMITTEE},
    case.CaseReopened: {Role.HUB, Role.CHIEF, Role.DEPUTY},
    task.ExtensionGranted: HEADS,
    task.ExtensionRefused: HEADS,
    case.CaseTransferred: {Role.CHIEF, Role.CHAIRMAN, Role.SYSTEM},
    task.TaskTransferred: {*HEADS, Role.SYSTEM, Role.HUB},  # what leads no case
    task.TaskDelegated: LEADERS,
    task.TaskReturned: LEADERS,
    task.TaskUrged: {Role.HUB, *HEADS},
    task.TaskEscalated: {Role.HUB, *HEADS},
    task.OverdueNoticed: {Role.SYSTEM},
    session.ReadinessWaived: {Role.CHIEF, Role.CHAIRMAN},
    session.ProgrammeApproved: HEADS,
    session.MinutesSigned: HEADS,
    notice.NoticeDrafted: {Role.HUB, Role.CONTENT_DIVISION},
    notice.NoticeIssued: {Role.REGISTRY, *HEADS},
    notice.NoticeAmended: {Role.REGISTRY, *HEADS},
    document.DocumentSigned: {*HEADS, Role.UNIT_LEADER},
    document.DocumentNumbered: {Role.REGISTRY},
    document.NumberTaken: {Role.REGISTRY},
    proposal.AppraisalConcluded: {Role.CHIEF, Role.DEPUTY},
    proposal.ProposalApproved: {Role.CHAIRMAN},
    directory.SigningKeyMade: {Role.ADMINISTRATOR, Role.OPERATOR, Role.CHIEF, Role.SYSTEM},
    directory.SigningKeyRetired: {Role.ADMINISTRATOR, Role.OPERATOR, Role.CHIEF, Role.SYSTEM},
    directory.UnitSucceeded: {Role.ADMINISTRATOR, Role.OPERATOR},
    calendar.CalendarPublished: {Role.ADMINISTRATOR, Role.OPERATOR, Role.SYSTEM},
}
DIRECTORY: Final = {"unit", "field", "person", "post", "calendar", "rules", "register", "recipients", "delegation", "signing_key"}


def invariant_15(append: Appended) -> None:
    """Only those do a thing who may; the administrator touches no case, and an auditor nothing."""
    behind = append.of(notice.NoticeIssued, session.SessionHeld, session.SessionItemRaised)
    role = Role(append.capacity)
    assert role not in (Role.AUDITOR, Role.CITIZEN)
    for each in append.events:
        may = MAY.get(type(each.event))
        if may is not None and (not behind or each in behind or isinstance(each.event, case.CaseDirected)):
            assert role in may, f"{type(each.event).__name__} by {role}"
        if role in (Role.ADMINISTRATOR, Role.OPERATOR):
            assert each.stream.partition("-")[0] in DIRECTORY, f"{each.stream} by {role}"
