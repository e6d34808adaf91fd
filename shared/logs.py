"""Log lines: JSON on standard error, bound to a trace, with nothing in them that a person wrote."""

import logging
import re
import sys
import traceback
from collections.abc import Mapping, MutableMapping
from typing import Any, Final, get_args

import structlog

from shared.contracts.types import StreamId, UnitKey

MASK: Final = "[masked]"
LONGEST: Final = 200  # characters of a value

_NAME: Final = r"[a-z][a-z0-9_]*([.-][a-z0-9_]+)*"  # what the house calls its parts
_DOTTED: Final = r"[A-Za-z_<>][A-Za-z0-9_<>]*(\.[A-Za-z_<>][A-Za-z0-9_<>]*)*"  # what Python calls its own
_LOG: Final = r"[a-z]+/[a-z][a-z0-9-]*"
# A code, the kind of an error, or a sentence of the house's own; nothing as long as a telephone number.
_REASON: Final = r"(?!.*\d([ .-]?\d){7})[A-Za-z0-9_ .,:;/()'<>=-]+"

# What a line may say: these keys and no others, each in its shape. Whoever logs something new declares here what it is.
SHAPES: Final[Mapping[str, re.Pattern[str]]] = {
    key: re.compile(shape, re.ASCII)
    for key, shape in {
        "event": rf"(?=.*\.){_DOTTED}",
        "level": r"[a-z]+",
        "timestamp": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z",
        "logger": _DOTTED,
        "trace_id": r"[0-9a-f]{32}",
        "exception": _DOTTED,
        "stack": r"[A-Za-z0-9_<>]+:\d+",
        "error": _DOTTED,
        "reason": _REASON,
        "route": r"-|(/([a-z0-9_.-]+|\{[a-z_]+\}))+",
        "service": _NAME,
        "job": _NAME,
        "subscription": _NAME,
        "projection": _NAME,
        "topic": _NAME,
        "group": _NAME,
        "log": _LOG,
        "source": _LOG,
        "stream": get_args(StreamId)[1].pattern,
        "unit": get_args(UnitKey)[1].pattern,
    }.items()
}
NUMBERS: Final = frozenset({"position", "partition", "offset", "low", "high", "records"})


def configure(level: str = "info") -> None:
    """Set up structlog and the standard library's logging alike. Called once by whoever starts a process."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _exception_without_words,
        redact,
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level.upper())),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, _foreign, *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, structlog.processors.JSONRenderer()],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)


def redact(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Mask whatever is not declared, or does not look like what it was declared to be; truth values pass."""
    for key, value in line.items():
        line[key] = [_shown(key, item) for item in value] if isinstance(value, list | tuple) else _shown(key, value)
    return line


def _shown(key: str, value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return value if key in NUMBERS else MASK
    shape = SHAPES.get(key)
    return value if shape and isinstance(value, str) and len(value) <= LONGEST and shape.fullmatch(value) else MASK


def _foreign(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    # A library's message may quote what it was given: keep the place it came from, not the sentence.
    record = line["_record"]
    line["event"] = f"{record.name}.{record.funcName}"
    return line


def _exception_without_words(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The kind of an exception and where it came from; its message may quote what somebody wrote."""
    raised = line.pop("exc_info", None)
    if raised is True:
        raised = sys.exc_info()[1]
    elif isinstance(raised, tuple):
        raised = raised[1]
    if isinstance(raised, BaseException):
        frames = traceback.extract_tb(raised.__traceback__)[-6:]
        line["exception"] = type(raised).__qualname__
        line["stack"] = [f"{frame.name}:{frame.lineno}" for frame in frames]
    return line
