"""Every command about dated data of the directory as a form, by the part of the directory it belongs to."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from services.assignment.domain.calendar.commands import PublishCalendar
from services.assignment.domain.directory import commands as asked
from shared.calendar import RULES
from shared.contracts.directory import UnitKind
from shared.contracts.document import DocumentKind
from shared.contracts.roles import Role
from shared.contracts.rules import Counting
from shared.web.acts import Act, Asks, Field


class Part(StrEnum):
    """What the directory is looked at by."""

    UNITS = "units"
    PEOPLE = "people"
    POSTS = "posts"
    FIELDS = "fields"
    CALENDAR = "calendar"
    RULES = "rules"
    RECIPIENTS = "recipients"
    CHARGES = "charges"
    LETTERHEAD = "letterhead"
    KEYS = "keys"
    DELEGATIONS = "delegations"


FROM: Final = Field("valid_from", Asks.DAY)
UNIT: Final = Field("unit", Asks.ONE)
OFFICE: Final = Field("office", Asks.ONE)
POST: Final = Field("post", Asks.ONE)
FIELD: Final = Field("field", Asks.ONE)
PERSON: Final = Field("person", Asks.LINE, longest=40)
CODE: Final = Field("code", Asks.LINE, longest=200)
NAME: Final = Field("name", Asks.LINE, longest=200)
VERSION: Final = Field("version", Asks.LINE, longest=40)
BASIS: Final = Field("basis", Asks.LINE, longest=80)
PAPER: Final = Field("document", Asks.LINE, required=False, longest=100)
HEADING: Final = tuple(Field(name, Asks.LINE, longest=200) for name in ("parent", "issuer", "above", "called", "place", "head"))
NAMED_RULES: Final = tuple(RULES[-1].deadlines)

GRANT_DELEGATION: Final = Act(
    command=asked.GrantDelegation,
    fields=(
        POST,
        Field("to", Asks.LINE, longest=40),
        FROM,
        Field("valid_to", Asks.DAY),
        Field("basis", Asks.LINE, required=False, longest=80),
        PAPER,
    ),
)
REVOKE_DELEGATION: Final = Act(command=asked.RevokeDelegation, fields=(Field("delegation", Asks.ONE), FROM, PAPER), apart=True)

ACTS: Final[Mapping[Part, tuple[Act, ...]]] = {
    Part.UNITS: (
        Act(
            command=asked.RegisterUnit,
            fields=(
                Field("unit", Asks.LINE, longest=32),
                CODE,
                NAME,
                Field("kind", Asks.ONE, choices=tuple(UnitKind)),
                Field("office", Asks.ONE, required=False),
                Field("parent", Asks.ONE, required=False),
                FROM,
            ),
        ),
        Act(command=asked.RenameUnit, fields=(UNIT, CODE, NAME, FROM)),
        Act(command=asked.AddUnitAlias, fields=(UNIT, Field("alias", Asks.LINE, longest=200))),
        Act(
            command=asked.SucceedUnit,
            fields=(
                UNIT,
                Field("successions", Asks.TABLE, of=(Field("field", Asks.ONE, required=False), Field("to", Asks.ONE))),
                Field("dissolves", Asks.CHOICE, choices=("true", "false")),
                BASIS,
                FROM,
            ),
            apart=True,
        ),
        Act(command=asked.DissolveUnit, fields=(UNIT, FROM), apart=True),
    ),
    Part.PEOPLE: (
        Act(
            command=asked.RegisterPerson,
            fields=(PERSON, Field("name", Asks.LINE, longest=200, sealed=True), UNIT, FROM),
        ),
        Act(command=asked.MovePerson, fields=(PERSON, Field("unit", Asks.ONE, required=False), FROM)),
        Act(command=asked.JoinUnit, fields=(PERSON, UNIT, FROM)),
        Act(command=asked.LeaveUnit, fields=(PERSON, UNIT, FROM), apart=True),
    ),
    Part.POSTS: (
        Act(
            command=asked.CreatePost,
            fields=(
                Field("post", Asks.LINE, longest=32),
                UNIT,
                NAME,
                Field("role", Asks.ONE, choices=tuple(role for role in Role if role not in (Role.SYSTEM, Role.CITIZEN))),
                FROM,
            ),
        ),
        Act(command=asked.HoldPost, fields=(POST, PERSON, Field("acting", Asks.YES, required=False), FROM)),
        Act(command=asked.VacatePost, fields=(POST, FROM), apart=True),
    ),
    Part.FIELDS: (
        Act(
            command=asked.RegisterField,
            fields=(Field("field", Asks.LINE, longest=40), NAME, Field("restricted", Asks.YES, required=False), FROM),
        ),
        Act(command=asked.SetFieldLead, fields=(FIELD, OFFICE, Field("lead", Asks.ONE), FROM)),
        Act(command=asked.SetFurtherLeads, fields=(FIELD, OFFICE, Field("leads", Asks.MANY, whole=True), FROM)),
        Act(command=asked.SetPartyFields, fields=(Field("fields", Asks.MANY, whole=True), FROM)),
    ),
    Part.CALENDAR: (
        Act(
            command=PublishCalendar,
            fields=(
                VERSION,
                Field("first", Asks.DAY),
                Field("last", Asks.DAY),
                Field("days_off", Asks.DAYS, each="name", longest=20_000),
                Field("workdays", Asks.DAYS, required=False),
            ),
        ),
    ),
    Part.RULES: (
        Act(
            command=asked.PublishRules,
            fields=(
                Field("office", Asks.ONE, required=False),
                VERSION,
                Field(
                    "rules",
                    Asks.TABLE,
                    of=(
                        Field("rule", Asks.ONE, choices=NAMED_RULES),
                        Field("days", Asks.NUMBER, longest=4),
                        Field("counting", Asks.ONE, choices=tuple(Counting)),
                    ),
                ),
                FROM,
            ),
        ),
        Act(command=asked.PublishChecklist, fields=(VERSION, Field("lines", Asks.LINES), FROM)),
    ),
    Part.RECIPIENTS: (
        Act(
            command=asked.SetRecipients,
            fields=(
                OFFICE,
                Field("kind", Asks.ONE, choices=tuple(DocumentKind)),
                Field(
                    "recipients",
                    Asks.TABLE,
                    of=(
                        Field("role", Asks.LINE, longest=40),
                        Field("unit", Asks.ONE),
                        Field("purpose", Asks.LINE, longest=200),
                        Field("mandatory", Asks.YES),
                    ),
                ),
                FROM,
            ),
        ),
    ),
    Part.CHARGES: (
        Act(
            command=asked.SetCharge,
            fields=(
                OFFICE,
                POST,
                Field("fields", Asks.MANY, required=False, whole=True),
                Field("units", Asks.MANY, required=False, whole=True),
                FROM,
            ),
        ),
    ),
    Part.LETTERHEAD: (Act(command=asked.SetLetterhead, fields=(OFFICE, *HEADING, FROM)),),
    Part.KEYS: (
        Act(command=asked.MakeSigningKey, fields=(OFFICE, Field("replacing", Asks.ONE, required=False))),
        Act(command=asked.RetireSigningKey, fields=(OFFICE, Field("key", Asks.ONE)), apart=True),
    ),
    Part.DELEGATIONS: (GRANT_DELEGATION, REVOKE_DELEGATION),
}


def act_of(part: Part, slug: str) -> Act | None:
    """The act of a part by its name in an address."""
    return next((act for act in ACTS[part] if act.slug == slug), None)
