"""All that was ever said of a case, wherever it stands: what is erased when it may hold a state secret."""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from typing import Any, Final

from services.assignment.domain.notice.states import given_by
from services.assignment.readmodel.words.pieces import sealed_in
from shared.contracts.document import AttachmentAdded, DocumentDrafted, DocumentKept, SignedCopyAttached
from shared.contracts.notice import NoticeDrafted, NoticeIssued
from shared.eventlog import codec
from shared.eventlog.port import EventLog

Streams = Mapping[str, Sequence[Any]]
# Streams that speak of this case alone; the others are searched for what is of it.
ITS_OWN: Final = ("case-", "task-", "document-", "attachment-")
ABOUT: Final = frozenset({"notice.drafted", "document.drafted", "attachment.added"})  # facts that name what they are about
PAGE: Final = 1_000


async def said_of(log: EventLog, case: str) -> tuple[str, ...]:
    """References of every text of the case, of its tasks, papers and files, and of what dialogues and notices say of it.

    What it was split off holds its words too, and goes with it.
    """
    cases, streams = await _speaking(log, case)
    return tuple(dict.fromkeys(ref for stream, facts in streams.items() for event in facts for ref in _of(cases, stream, event)))


async def files_of(log: EventLog, case: str) -> tuple[str, ...]:
    """Addresses of the files attached to the case, to what it was split off, to its tasks and its papers."""
    _, streams = await _speaking(log, case)
    added = (event for facts in streams.values() for event in facts if isinstance(event, AttachmentAdded))
    return tuple(dict.fromkeys(event.file for event in added))


async def issued_of(log: EventLog, case: str) -> tuple[str, ...]:
    """Addresses of the files of papers about it that were issued, and of copies signed outside, issued or not."""
    _, streams = await _speaking(log, case)
    files: list[str] = []
    for event in (event for facts in streams.values() for event in facts):
        if isinstance(event, DocumentKept):
            files += [form.file for form in event.forms]
        elif isinstance(event, SignedCopyAttached):
            files.append(event.copy.file)
    return tuple(dict.fromkeys(files))


async def _speaking(log: EventLog, case: str) -> tuple[frozenset[str], Streams]:
    """The case with what it was split off, and the facts of all streams that speak of them."""
    cases: dict[str, Sequence[Any]] = {}
    whole: str | None = case
    while whole is not None:
        cases[whole] = await _read(log, whole)
        whole = getattr(cases[whole][0], "parent", None) if cases[whole] else None
    known = dict.fromkeys(named for facts in cases.values() for event in facts for named in _named(event))
    about = {*cases, *known}
    async for stream, event in _facts_about(log):
        if _is_about(event, about):
            known[stream] = None
            about |= {stream} if isinstance(event, DocumentDrafted) else set()
    streams: dict[str, Sequence[Any]] = {stream: await _read(log, stream) for stream in known if stream not in cases}
    beside = (task for facts in streams.values() for event in facts for task in _given(frozenset(cases), event))
    streams |= {task: await _read(log, task) for task in tuple(beside) if task not in streams}
    return frozenset(cases), {**cases, **streams}


async def _facts_about(log: EventLog) -> AsyncIterator[tuple[str, Any]]:
    """The facts of the whole log that name what they are about, in order."""
    position = 0
    while records := (await log.read(position, PAGE)).records:
        for record in records:
            if record.type in ABOUT:
                yield record.stream, codec.read(record).event
        position += len(records)


def _is_about(event: Any, about: set[str]) -> bool:
    if isinstance(event, NoticeDrafted):
        return any(item.case in about for item in event.items)
    # What is about a dialogue or a notice as a whole speaks of other cases too.
    return isinstance(event, DocumentDrafted | AttachmentAdded) and event.about in about and event.about.startswith(ITS_OWN)


async def _read(log: EventLog, stream: str) -> Sequence[Any]:
    return [codec.read(record).event for record in await log.read_stream(stream)]


def _named(event: Any) -> Iterator[str]:
    """The tasks, the dialogue and the notice that a fact of a case names."""
    for each in (event, *getattr(event, "coordinating", ())):
        for name in ("task", "session", "notice"):
            named = getattr(each, name, None)
            if named is not None:
                yield named


def _given(cases: frozenset[str], event: Any) -> Iterator[str]:
    """The tasks that a notice gave on these cases, to lead and to co-ordinate."""
    if isinstance(event, NoticeIssued):
        yield from (task for item in event.items if item.case in cases for task in given_by(item))


def _of(cases: frozenset[str], stream: str, event: Any) -> Iterator[str]:
    for _, ref, line in sealed_in(event):
        of = {getattr(line, "case", None), getattr(getattr(line, "item", None), "case", None)}
        if stream.startswith(ITS_OWN) or cases & of:
            yield ref
