"""The fence in a service's own log that a report lock waits for: the command, its handler, and when it is asked (decision 16)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from shared.contracts.facts import Facts
from shared.contracts.fence import LogFenced
from shared.contracts.report import LockRequested, SourceFenced
from shared.contracts.roles import Role, Scope, action, grants
from shared.contracts.types import StreamId
from shared.decider import Fold
from shared.desk import Asking, Handler, name_of
from shared.eventlog.records import Recorded
from shared.permit import Resource, Subject
from shared.subscriptions.declared import Process, Reaction

FENCE_LOG: Final = action("fence_log", grants(Scope.TENANT, Role.SYSTEM))
NAME: Final = "fence-log"


@dataclass(frozen=True, slots=True, kw_only=True)
class FenceLog:
    """Put up the fence of one attempt to lock a report."""

    report: StreamId
    attempt: int


def _evolve(fences: int, event: Any) -> int:
    return fences + isinstance(event, LogFenced)


FENCE: Final = Fold("fence", 0, _evolve)


def _decide(command: FenceLog, states: Mapping[str, Any], facts: Facts) -> Mapping[str, Sequence[Any]]:
    # A fence of this attempt stands already when the same request comes a second time.
    fence = _stream(command.report)
    return {fence: [LogFenced(report=command.report)]} if states[fence] < command.attempt else {}


def handler(tenant: str) -> Handler:
    """The handler of one tenant, on the stream `fence-…` of the report's own name."""

    def streams(asking: Asking) -> Mapping[str, Fold[Any]]:
        return {_stream(asking.body.report): FENCE}

    return Handler(
        command=FenceLog,
        action=FENCE_LOG,
        streams=streams,
        resource=lambda _asking, _states: Resource(tenant=tenant),
        decide=_decide,
        additive=True,
    )


def fences_after(source: str | None) -> Process:
    """The process that puts up a service's fence: when the lock is requested, or when that `source` has put up its own.

    One after the other, so that the history of a lock is the same by whichever way events travel.
    """

    def react(recorded: Recorded) -> Sequence[Reaction]:
        match recorded.event:
            case LockRequested(attempt=attempt) if source is None:
                return [_asked(recorded, attempt)]
            case SourceFenced(source=fenced, attempt=attempt) if fenced == source:
                return [_asked(recorded, attempt)]
        return []

    events = {"report.lock_requested"} if source is None else {"report.source_fenced"}
    return Process(name=NAME, sources=("reporting",), events=frozenset(events), react=react)


def _asked(recorded: Recorded, attempt: int) -> Reaction:
    subject = Subject.house(NAME, tenant=recorded.record.tenant, office=str(recorded.metadata["office"]))
    return Reaction(command=name_of(FenceLog), body={"report": recorded.stream, "attempt": attempt}, subject=subject)


def _stream(report: str) -> str:
    return f"fence-{report.partition('-')[2]}"
