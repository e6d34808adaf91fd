"""The commands of meetings: which streams each reads, who may ask it, what decides."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict
from functools import partial
from typing import Any, Final

from services.assignment.domain.meeting import commands as asked
from services.assignment.domain.meeting import decider as meeting
from services.assignment.handlers.streams import MEETING, Folds, calendar_stream, named, new_stream, of_office
from services.assignment.readmodel.dialogue.queries import Tied
from shared.contracts.facts import Facts
from shared.contracts.refusals import Unknown
from shared.desk import Asking, Handler, States, handling
from shared.permit import Resource
from shared.vault.port import Vault

MOST_IN_A_SERIES: Final = 120


def handlers(tenant: str, tied: Tied | None = None) -> list[Handler]:
    """The handlers of one tenant."""
    hosting = _hosting(tied)
    on_meeting = handling(streams=named("meeting", MEETING), resource=partial(of_meeting, tenant), decide=meeting.decide)
    scheduling = handling(
        streams=_to_schedule,
        resource=partial(of_office, tenant),
        decide=meeting.decide,
        facts=_scheduling,
        additive=True,
    )
    return [
        scheduling(asked.ScheduleMeeting, asked.SCHEDULE_MEETING),
        scheduling(asked.ScheduleMeetings, asked.SCHEDULE_MEETINGS, answer=_series),
        on_meeting(asked.MoveMeeting, asked.MOVE_MEETING, facts=hosting),
        on_meeting(asked.HoldMeeting, asked.HOLD_MEETING),
        on_meeting(asked.CancelMeeting, asked.CANCEL_MEETING, facts=hosting),
    ]


def _meetings(asking: Asking) -> tuple[str, ...]:
    """Streams for as many meetings as there can be; the decider refuses a series that is too long."""
    body, most = asking.body, 1
    if hasattr(body, "every"):
        days = (body.last - body.first).days
        most = max(1, min(MOST_IN_A_SERIES, days // (7 if body.every is asked.Every.WEEK else 28) + 1))
    return tuple(new_stream("meeting", asking, str(n)) for n in range(most))


def _to_schedule(asking: Asking) -> Folds:
    return {**dict.fromkeys(_meetings(asking), MEETING), **calendar_stream(asking)}


def _hosting(tied: Tied | None) -> Callable[[Asking, Facts], Awaitable[Facts]]:
    """The facts, with the dialogues that hang on the meeting."""

    async def hosting(asking: Asking, facts: Facts) -> Facts:
        dialogues = await tied.to(asking.subject.office, asking.body.meeting) if tied is not None else ()
        return meeting.Hosting(**asdict(facts), dialogues=dialogues)

    return hosting


async def _scheduling(asking: Asking, facts: Facts) -> Facts:
    return meeting.Scheduling(**asdict(facts), meetings=_meetings(asking))


async def _series(asking: Asking, states: States, vault: Vault) -> Mapping[str, Any]:
    """The meetings of the series, by day."""
    found = ((states[stream], stream) for stream in _meetings(asking))
    made = [(state.on, stream) for state, stream in found if not isinstance(state, meeting.NoMeeting)]
    return {"meetings": [stream for _, stream in sorted(made)]}


def of_meeting(tenant: str, asking: Asking, states: States) -> Resource:
    state = states[asking.body.meeting]
    if isinstance(state, meeting.NoMeeting) or state.was.office != asking.subject.office:
        raise Unknown("meeting")
    return Resource(tenant=tenant, office=state.was.office)
