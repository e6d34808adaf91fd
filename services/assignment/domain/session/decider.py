"""Stream `session-<id>`: what is decided about a dialogue; the cases and tasks it touches move in the same append."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from services.assignment.domain.session import commands as asked
from services.assignment.domain.session import ending, preparing, proposing, room
from services.assignment.domain.session.states import NoSession, Session
from shared.contracts.facts import Facts
from shared.contracts.refusals import Unknown

Decided = dict[str, Sequence[Any]]

Step = Callable[[Any, Session, Mapping[str, Any], Facts], Decided]
_STEPS: Final[Mapping[type, Step]] = {
    asked.ApproveProgramme: preparing.approve,
    asked.ArrangeSession: preparing.arrange,
    asked.AnnounceSession: preparing.announce,
    asked.LinkCase: preparing.link,
    asked.UnlinkCase: preparing.unlink,
    asked.AssignAttendance: preparing.assign_attendance,
    asked.ReportAnswers: preparing.report_answers,
    asked.WaiveReadiness: preparing.waive,
    asked.PostponeSession: preparing.postpone,
    asked.CancelSession: preparing.cancel,
    asked.OpenSession: room.begin,
    asked.PresentAgenda: room.present,
    asked.RaiseItem: room.raise_item,
    asked.RecordOutcome: room.record_outcome,
    asked.RecordAttendance: room.record_attendance,
    asked.HoldSession: ending.hold,
    asked.SignMinutes: ending.sign_minutes,
    asked.ConcludeInMeeting: ending.conclude_in_meeting,
    asked.CloseSession: ending.close,
}
# What only whoever holds the dialogue may; each of these asks that itself.
_THE_HOLDERS: Final = (asked.ApproveProgramme, asked.WaiveReadiness, asked.CancelSession, asked.SignMinutes)


def decide(command: Any, states: Mapping[str, Any], facts: Facts) -> Decided:
    """What a command does, by stream.

    Raises:
        Unknown: no such session, case, meeting, request or proposal.
        Refused: one of the rules in `refusals`.

    """
    if isinstance(command, asked.ProposeSession):
        assert isinstance(facts, proposing.Proposing)
        return proposing.propose(command, states, facts)
    session = states[command.session]
    if isinstance(session, NoSession):
        raise Unknown("session")
    assert isinstance(session, Session)
    if not isinstance(command, _THE_HOLDERS):
        preparing.refuse_unless_theirs(session.was.track, facts)
    return _STEPS[type(command)](command, session, states, facts)
