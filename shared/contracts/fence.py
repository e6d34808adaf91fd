"""Stream `fence`: a mark in a log that a report lock waits for."""

from shared.contracts.registry import event
from shared.contracts.types import StreamId


@event("log.fenced")
class LogFenced:
    """Everything of this log that a report may count stands at or below this event's position (design decision 16)."""

    report: StreamId
