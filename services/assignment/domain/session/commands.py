"""What may be asked about a dialogue session, and by whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from shared.contracts.opinion import DivertedKind, Flag, Kind, RejectionReason, SourceGroup
from shared.contracts.plan import Named
from shared.contracts.roles import Role, Scope, action, grants
from shared.contracts.session import AgendaKind, FromUnit, Mode, Origin, Outcome, Present, Track, Trigger
from shared.contracts.types import (
    FieldKey,
    LocalityKey,
    Note,
    PersonalText,
    PersonId,
    PostKey,
    PublicName,
    StreamId,
    Text,
    UnitKey,
)

HOLDERS: Final = (Role.CHIEF, Role.DEPUTY, Role.CHAIRMAN)
PREPARERS: Final = (Role.HUB, Role.CONTENT_DIVISION)
IN_THE_ROOM: Final = (Role.SECRETARY, *PREPARERS, *HOLDERS)
# Of those whom an action grants, who does it at which dialogue: the Chairman's is not the office's to prepare or run (R25-R28).
CHAIRMANS_PEOPLE: Final = frozenset({Role.CHAIRMAN, Role.CONTENT_DIVISION, Role.SECRETARY})
OFFICES_PEOPLE: Final = frozenset(Role) - {Role.CHAIRMAN}
PEOPLE_OF: Final[Mapping[Track, frozenset[Role]]] = {
    Track.STAFF: OFFICES_PEOPLE,
    Track.PEOPLE: OFFICES_PEOPLE,
    Track.CHAIRMAN: CHAIRMANS_PEOPLE,
}

PROPOSE_SESSION: Final = action("propose_session", grants(Scope.OFFICE, *PREPARERS, *HOLDERS, Role.UNIT_LEADER))
APPROVE_PROGRAMME: Final = action("approve_programme", grants(Scope.OFFICE, *HOLDERS))
ARRANGE_SESSION: Final = action("arrange_session", grants(Scope.OFFICE, *IN_THE_ROOM))
ANNOUNCE_SESSION: Final = action("announce_session", grants(Scope.OFFICE, *PREPARERS, Role.REGISTRY, *HOLDERS))
LINK_CASE: Final = action("link_case", grants(Scope.OFFICE, *PREPARERS, *HOLDERS))
UNLINK_CASE: Final = action("unlink_case", grants(Scope.OFFICE, *PREPARERS, *HOLDERS))
ASSIGN_ATTENDANCE: Final = action("assign_attendance", grants(Scope.OFFICE, Role.HUB, *HOLDERS))
REPORT_ANSWERS: Final = action("report_answers", grants(Scope.OFFICE, *PREPARERS))
WAIVE_READINESS: Final = action("waive_readiness", grants(Scope.OFFICE, Role.CHIEF, Role.CHAIRMAN))
OPEN_SESSION: Final = action("open_session", grants(Scope.OFFICE, *IN_THE_ROOM))
PRESENT_AGENDA: Final = action("present_agenda", grants(Scope.OFFICE, *IN_THE_ROOM))
RAISE_ITEM: Final = action("raise_item", grants(Scope.OFFICE, *IN_THE_ROOM))
RECORD_OUTCOME: Final = action("record_outcome", grants(Scope.OFFICE, *IN_THE_ROOM))
RECORD_ATTENDANCE: Final = action("record_attendance", grants(Scope.OFFICE, *IN_THE_ROOM))
# By others than the head where it directs nothing (R10): such a session the handler shows as of the asker's unit.
HOLD_SESSION: Final = action(
    "hold_session", grants(Scope.OFFICE, Role.CHIEF, Role.CHAIRMAN), grants(Scope.UNIT, Role.SECRETARY, *PREPARERS, Role.DEPUTY)
)
SIGN_MINUTES: Final = action("sign_minutes", grants(Scope.OFFICE, *HOLDERS))
CONCLUDE_IN_MEETING: Final = action("conclude_in_meeting", grants(Scope.OFFICE, Role.HUB, *HOLDERS))
POSTPONE_SESSION: Final = action("postpone_session", grants(Scope.OFFICE, *PREPARERS, *HOLDERS))
CANCEL_SESSION: Final = action("cancel_session", grants(Scope.OFFICE, *HOLDERS))
CLOSE_SESSION: Final = action("close_session", grants(Scope.OFFICE, *PREPARERS, *HOLDERS))


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeSession:
    """Propose a dialogue: with staff, with the people, or the Chairman's (R21-R25)."""

    office: UnitKey
    track: Track
    trigger: Trigger | None = None
    mode: Mode = Mode.IN_PERSON
    origin: Origin | None = None  # unsaid, what it names says it: a plan, requests, proposals, a meeting of a series
    planned: Named | None = None  # which dialogue of which plan in force it is
    scheduled: date
    meeting: StreamId | None = None
    short_form: bool = False
    field: FieldKey | None = None
    topic: Note | None = None
    requests: tuple[StreamId, ...] = ()
    proposals: tuple[StreamId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveProgramme:
    """Let the programme stand; approved again, it is amended (R28)."""

    session: StreamId
    document: StreamId | None = None
    note: Note | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrangeSession:
    """Say where it is held and who writes its minutes; what is left out stays as it was (R9, R28)."""

    session: StreamId
    place: PublicName | None = None
    secretary: PersonId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnounceSession:
    """Tell those concerned, at least seven days ahead unless it is ad hoc."""

    session: StreamId
    invitation: StreamId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkCase:
    """Put a case to the session; its due date follows the session from then on."""

    session: StreamId
    case: StreamId


@dataclass(frozen=True, slots=True, kw_only=True)
class UnlinkCase:
    """Take a case off the session again."""

    session: StreamId
    case: StreamId


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignAttendance:
    """Have a unit attend, and of its people those who are named (R33)."""

    session: StreamId
    unit: UnitKey
    people: tuple[PersonId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportAnswers:
    """Record that all answers lie before whoever holds the dialogue (R36)."""

    session: StreamId


@dataclass(frozen=True, slots=True, kw_only=True)
class WaiveReadiness:
    """Let it open although answers are missing; only the head may, with his reason (R36)."""

    session: StreamId
    reason: Note


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSession:
    """Begin it."""

    session: StreamId


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentAgenda:
    """Record what was presented that needs no opinion (R3, R15)."""

    session: StreamId
    kind: AgendaKind
    content: Note


@dataclass(frozen=True, slots=True, kw_only=True)
class RaiseItem:
    """Write down an opinion raised in the room: it is received, classified and referred at once (R9)."""

    session: StreamId
    source_group: SourceGroup
    kind: Kind
    field: FieldKey
    words: Text
    flags: tuple[Flag, ...] = ()
    concerns_units: tuple[UnitKey, ...] = ()
    concerns_posts: tuple[PostKey, ...] = ()
    locality: LocalityKey | None = None
    speaker_name: PersonalText | None = None
    hidden: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordOutcome:
    """Record what became of an opinion; until the session is held it can be recorded anew (R14)."""

    session: StreamId
    case: StreamId
    outcome: Outcome
    reason: RejectionReason | None = None
    to: UnitKey | None = None
    diverted: DivertedKind | None = None
    into: StreamId | None = None
    answer: Text | None = None
    direction: Note | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAttendance:
    """Record how many of each group were there, and of each unit (R33)."""

    session: StreamId
    present: tuple[Present, ...]
    units: tuple[FromUnit, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldSession:
    """End it: every opinion has its outcome, and each takes effect (R9)."""

    session: StreamId


@dataclass(frozen=True, slots=True, kw_only=True)
class SignMinutes:
    """Sign the minutes, which list every opinion with its outcome (R9)."""

    session: StreamId
    document: StreamId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcludeInMeeting:
    """Record that its conclusions are a line in the notice of the briefing it was held at."""

    session: StreamId


@dataclass(frozen=True, slots=True, kw_only=True)
class PostponeSession:
    """Hold it later; it is announced again. The due dates of what is put to it follow."""

    session: StreamId
    to: date | None = None
    reason: Note


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelSession:
    """Do not hold it; what was put to it goes on without."""

    session: StreamId
    reason: Note


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseSession:
    """Put it away: no work of it is open any more (invariant 5)."""

    session: StreamId
