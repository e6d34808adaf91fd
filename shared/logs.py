"""Log lines: JSON on standard output, bound to a trace, with nothing in them that a person wrote."""

import logging
import re
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any, Final

import structlog

# A log line may say which rule, id, unit or path; it never repeats words. What does not look like a code is masked,
# unless the house itself wrote it under one of these keys.
OWN_WORDS: Final = frozenset({"event", "level", "timestamp", "advice", "state", "reason", "stack", "logger", "exception"})
_CODE: Final = re.compile(r"^[A-Za-z0-9_./:=+\-,@{}\[\]|<>]{0,160}$")
MASK: Final = "[masked]"


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
    """Mask every string that is not a code; numbers, truth values and ids pass."""
    for key, value in line.items():
        if key not in OWN_WORDS:
            line[key] = _masked(value)
    return line


def _masked(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, list | tuple | set | frozenset):
        return [_masked(item) for item in value]
    if isinstance(value, dict):
        return {str(key): _masked(item) for key, item in value.items()}
    text = str(value)
    return text if _CODE.match(text) else MASK


def _foreign(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    # A library's message may quote what it was given: keep the place it came from, not the sentence.
    record = line.get("_record")
    if record is not None:
        line["event"] = f"{record.name}.{record.funcName}" if not _CODE.match(str(line["event"])) else line["event"]
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
