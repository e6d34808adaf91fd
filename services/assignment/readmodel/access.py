"""Who may ask the assignment service what: the actions of its queries, and a case or task as permission sees it."""

from collections.abc import Iterable
from typing import Final

from services.assignment.domain.task.commands import PEOPLE
from shared.contracts.roles import Role, Scope, action, grants
from shared.permit import Resource

HEADS: Final = (Role.CHIEF, Role.DEPUTY, Role.HUB)
# Cấp ủy speaks on them, the secretary writes them down, the content division prepares the Chairman's.
BESIDE_HEADS: Final = (Role.SYSTEM, Role.CHAIRMAN, Role.PARTY_COMMITTEE, Role.SECRETARY, Role.CONTENT_DIVISION)
# The unit that took the opinion in follows what became of it.
RECEIVERS: Final = (*PEOPLE, Role.FEEDER, Role.REGISTRY)

SEE_CASE: Final = action(
    "see_case",
    grants(Scope.OFFICE, *HEADS, *BESIDE_HEADS, Role.REGISTRY, Role.AUDITOR),
    grants(Scope.LEAD, *PEOPLE),
    grants(Scope.UNIT, *RECEIVERS),
)
LIST_OFFICE_CASES: Final = action("list_office_cases", grants(Scope.OFFICE, *HEADS, Role.REGISTRY, Role.AUDITOR))
LIST_UNIT_CASES: Final = action(
    "list_unit_cases",
    grants(Scope.OFFICE, *HEADS, Role.AUDITOR),
    grants(Scope.LEAD, *PEOPLE),
    grants(Scope.UNIT, *RECEIVERS),
)
# Words are for those who answer, approve or send them; what the auditor replays is redacted.
READ_WORDS: Final = action(
    "read_words",
    grants(Scope.OFFICE, *HEADS, Role.REGISTRY),
    grants(Scope.LEAD, *PEOPLE),
)
# Of a restricted field (R18) even the hub reads nothing: only the head and whoever is to answer.
READ_RESTRICTED_WORDS: Final = action(
    "read_restricted_words",
    grants(Scope.OFFICE, Role.CHIEF),
    grants(Scope.LEAD, *PEOPLE),
)
# A letter that came with an opinion shows who signed it: of a hidden speaker to those who know him (R12), of a restricted
# field to the head, as intake tells who spoke.
READ_HIDDEN_LETTER: Final = action("read_hidden_letter", grants(Scope.OFFICE, Role.CHIEF, Role.HUB))
READ_RESTRICTED_LETTER: Final = action("read_restricted_letter", grants(Scope.OFFICE, Role.CHIEF))
# Where cấp ủy leads, it reads what it is to speak on.
READ_PARTY_WORDS: Final = action("read_party_words", grants(Scope.OFFICE, Role.PARTY_COMMITTEE))
# The Chairman reads what is done in his name, with the division that prepares it.
READ_CHAIRMANS: Final = action("read_chairmans", grants(Scope.OFFICE, Role.CHAIRMAN, Role.CONTENT_DIVISION))
# Of a restricted field he alone: there he stands where the head does, and approves nothing unread.
READ_CHAIRMANS_RESTRICTED: Final = action("read_chairmans_restricted", grants(Scope.OFFICE, Role.CHAIRMAN))
SEE_TASK: Final = action(
    "see_task",
    grants(Scope.OFFICE, *HEADS, Role.CHAIRMAN, Role.SYSTEM, Role.AUDITOR),
    grants(Scope.LEAD, *PEOPLE, Role.APPRAISER),
)
# A unit's task stream is the unit's alone: its people and the systems that act for it.
FOLLOW_TASKS: Final = action("follow_tasks", grants(Scope.LEAD, *RECEIVERS, Role.APPRAISER))


def case_resource(tenant: str, office: str, unit: str, lead: str | None, helping: Iterable[str] = ()) -> Resource:
    """A case: `unit` took it in, `lead` is to answer it, those `helping` co-ordinate or were asked."""
    return Resource(
        tenant=tenant,
        office=office,
        units=frozenset({unit, *helping}),
        leads=frozenset({lead}) if lead else frozenset(),
    )


def words_resource(tenant: str, office: str, lead: str | None, helping: Iterable[str] = ()) -> Resource:
    """What a case says: for whoever is to answer it, and for those who help."""
    return Resource(tenant=tenant, office=office, leads=frozenset({*([lead] if lead else []), *helping}))


def task_resource(tenant: str, office: str, unit: str, person: str | None) -> Resource:
    """A task: `unit` is to do it, through `person` where it was passed on."""
    return Resource(
        tenant=tenant,
        office=office,
        leads=frozenset({unit}),
        assignees=frozenset({person}) if person else frozenset(),
    )
