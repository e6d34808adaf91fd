"""When these things happen elsewhere, then these commands are asked here."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final

from services.assignment.domain.case.commands import OpenCase
from services.assignment.domain.case.states import case_of
from shared.contracts.opinion import OpinionReferred
from shared.contracts.roles import Role
from shared.desk import name_of
from shared.eventlog.records import Recorded
from shared.permit import Subject
from shared.subscriptions.declared import Process, Reaction

HOUSE: Final = "open-cases"


def open_cases(recorded: Recorded) -> Sequence[Reaction]:
    """`opinion.referred` asks for its case to be opened, in the name of the office it was referred to."""
    event = recorded.event
    if not isinstance(event, OpinionReferred):
        return []
    subject = Subject(
        person=HOUSE,
        tenant=recorded.record.tenant,
        office=event.office,
        unit=event.office,
        capacities=frozenset({Role.SYSTEM}),
    )
    return [Reaction(command=name_of(OpenCase), body=_case_of_referral(recorded.stream, event), subject=subject)]


def _case_of_referral(opinion: str, event: OpinionReferred) -> dict[str, Any]:
    """The body of OpenCase in plain JSON values; the words travel as their reference."""
    due = asdict(event.due)
    due |= {"day": event.due.day.isoformat(), "start": event.due.start.isoformat()}
    due["skipped"] = [day.isoformat() for day in event.due.skipped]
    return {
        "case": case_of(opinion),
        "opinion": opinion,
        "episode": event.episode,
        "office": event.office,
        "unit": event.unit,
        "source_group": event.source_group.value,
        "channel": event.channel.value,
        "locality": event.locality,
        "kind": event.kind.value,
        "field": event.field,
        "flags": [flag.value for flag in event.flags],
        "due": due,
        "received_at": event.received_at.isoformat(),
        "words": asdict(event.words),
        "hidden": event.hidden,
    }


OPEN_CASES: Final = Process(
    name=HOUSE,
    sources=("intake",),
    events=frozenset({"opinion.referred"}),
    react=open_cases,
)
