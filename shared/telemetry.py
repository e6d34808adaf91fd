"""Trace context from request to event, and the names of all metrics, in one place."""

import re
import secrets
from contextvars import ContextVar
from typing import Final

from prometheus_client import Counter, Gauge, Histogram
from structlog.contextvars import bind_contextvars

_TRACEPARENT: Final = re.compile(r"^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$")
_trace: ContextVar[str] = ContextVar("trace", default="")

REQUESTS: Final = Histogram(
    "doithoai_http_request_seconds", "HTTP requests by route and status", ["method", "route", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)  # fmt: skip
COMMANDS: Final = Counter("doithoai_commands_total", "Commands by outcome", ["service", "command", "outcome"])
SUBSCRIPTION_LAG: Final = Gauge(
    "doithoai_subscription_lag_events", "Positions behind the source", ["service", "subscription", "source"]
)
PARKED: Final = Gauge("doithoai_parked_events", "Events parked", ["service", "subscription"])
RELAY_AGE: Final = Gauge("doithoai_relay_oldest_unacknowledged_seconds", "Age of the oldest event Kafka has not taken", ["log"])
UNREADABLE: Final = Counter("doithoai_feed_unreadable_total", "Records of a topic that could not be read", ["topic"])


def trace_of(header: str | None) -> str:
    """The request's traceparent with a span of ours: the caller's trace goes on, else a new one begins (W3C Trace Context)."""
    known = _TRACEPARENT.match(header or "")
    trace_id = known.group(1) if known and known.group(1) != "0" * 32 else secrets.token_hex(16)
    return f"00-{trace_id}-{secrets.token_hex(8)}-01"


def bind_trace(traceparent: str) -> None:
    """Make `traceparent` the present one of this task; its log lines carry the trace's id."""
    _trace.set(traceparent)
    bind_contextvars(trace_id=trace_id())


def current_trace() -> str:
    """The present traceparent, empty where there is none."""
    return _trace.get()


def trace_id() -> str:
    """The 32 hex characters of the present trace, empty where there is none."""
    return _trace.get()[3:35]
