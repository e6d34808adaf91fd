"""The desk of a service: parsed command in, permission asked, decided, sealed, appended, answer out."""

import hashlib
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Final

from shared import commands
from shared.calendar import local_day
from shared.canonical import canonical
from shared.clock import AHEAD_LIMIT, Clock, micros
from shared.contracts.facts import Facts
from shared.contracts.refusals import Forbidden, Invalid, KeyReused, Refused, Stale, Unknown
from shared.contracts.registry import stream_kinds
from shared.contracts.roles import Action, Role
from shared.contracts.types import Sealed, Words
from shared.decider import Executed, Fold, Seen, execute, load
from shared.eventlog.port import CommandIdReused, EventLog
from shared.eventlog.records import Appended
from shared.ids import Ids
from shared.keys import KeyedHash
from shared.permit import Decision, Delegated, Resource, Standing, Subject, permit
from shared.vault.port import Entry, Vault

States = Mapping[str, Any]
Stands = Callable[[Subject, date], Awaitable[Standing]]
MAX_COMMAND_ID: Final = 200


class OccurredAhead(Invalid):
    """A fact cannot have happened in the future; clocks of offices may be five minutes off."""

    code = "occurred-ahead"
    rule = ("invariant 12",)
    title_vi = "Thời điểm diễn ra nằm ở tương lai"
    title_en = "It cannot have happened yet"
    advice_vi = "Kiểm tra đồng hồ của máy gửi; thời điểm diễn ra không được sau hiện tại quá 5 phút."
    advice_en = "Check the sender's clock; the time may lie at most 5 minutes ahead."


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One command as it came in. `expected` is the version of its main stream that the asker has seen, if stated."""

    command: str
    body: commands.Body
    subject: Subject
    command_id: str
    occurred_at: datetime | None = None
    expected: int | None = None
    correlation: str = ""
    causation: str = ""
    trace: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """What a handler's functions are given: the command (words sealed), the body it came from, the circumstances."""

    command: Any
    body: Any
    subject: Subject
    command_id: str
    at: datetime
    now: datetime
    ids: Ids
    keyed: KeyedHash
    texts: Mapping[str, str] = field(default_factory=dict)  # what the handler made up to be sealed, such as a receipt code
    sealed: Mapping[str, Sealed] = field(default_factory=dict)  # and where it will live


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What became of a command: its main stream, and the log position after which it can be read (0: nothing new).

    `changes`: it wrote, or rehearsed would write; `begins`: the main stream had nothing before.
    """

    stream: str
    version: int
    position: int
    replayed: bool
    answer: Mapping[str, Any]
    changes: bool = True
    begins: bool = False


async def unknown_standing(subject: Subject, day: date) -> Standing:
    """Nothing is known of whoever asks but what his credential says."""
    return Standing()


async def _no_lookup(asking: Asking, facts: Facts) -> Facts:
    return facts


async def _no_answer(asking: Asking, states: States, vault: Vault) -> Mapping[str, Any]:
    return {}


def _nothing_further(asking: Asking, states: States) -> Mapping[str, Fold[Any]]:
    return {}


def _no_texts(asking: Asking) -> Mapping[str, str]:
    return {}


def _nobody(asking: Asking) -> str | None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Handler:
    """How one command is handled. The first stream of `streams` is the main one: it is answered, and versions refer to it."""

    command: type
    action: Action
    streams: Callable[[Asking], Mapping[str, Fold[Any]]]
    resource: Callable[[Asking, States], Resource]
    decide: Callable[[Any, States, Any], Mapping[str, Sequence[Any]]]  # (command, states, facts) -> events by stream
    further: Callable[[Asking, States], Mapping[str, Fold[Any]]] = (
        _nothing_further  # streams that the states name, asked until it names nothing new
    )
    facts: Callable[[Asking, Facts], Awaitable[Facts]] = _no_lookup
    permitted_first: bool = False  # its look-up opens words or counts: made only for whoever may ask the command, and once
    person: Callable[[Asking], str | None] = _nobody  # whose key the texts hang on
    texts: Callable[[Asking], Mapping[str, str]] = _no_texts  # personal texts of the house's own making, made once
    additive: bool = False  # it adds and overwrites nothing, so the asker need not have seen the latest version
    answer: Callable[[Asking, States, Vault], Awaitable[Mapping[str, Any]]] = _no_answer

    @property
    def name(self) -> str:
        """The name on the wire: `receive_opinion` of ReceiveOpinion."""
        return name_of(self.command)


def handling(**usual: Any) -> Callable[..., Handler]:
    """Makes the handlers of one kind of stream from their commands and actions: what one does not state itself is as usual."""

    def handler(command: type, action: Action, **own: Any) -> Handler:
        return Handler(command=command, action=action, **{**usual, **own})

    return handler


def name_of(command: type) -> str:
    """A command class's name on the wire."""
    name = command.__name__
    return "".join(f"_{char.lower()}" if char.isupper() and n else char.lower() for n, char in enumerate(name))


class Desk:
    """All commands of one service and tenant. The only writer of its log."""

    def __init__(
        self,
        handlers: Iterable[Handler],
        *,
        log: EventLog,
        vault: Vault,
        clock: Clock,
        ids: Ids,
        keyed: KeyedHash,
        standing: Stands = unknown_standing,
    ) -> None:
        self._standing = standing
        self._handlers = {handler.name: handler for handler in handlers}
        self._log, self._vault, self._clock, self._ids, self._keyed = log, vault, clock, ids, keyed

    @property
    def handlers(self) -> Mapping[str, Handler]:
        """By wire name."""
        return self._handlers

    async def acting_for(self, subject: Subject) -> tuple[Delegated, ...]:
        """The posts that somebody acts for today."""
        return (await self._standing(subject, local_day(self._clock.now()))).acting_for

    async def rehearse(self, asked: Asked, seen: Seen | None = None) -> Done:
        """Decide what is asked as things stand now and write nothing; several rehearsals read what they have `seen` once.

        Raises:
            Refused: as `handle` does.

        """
        return await self._handle(asked, rehearsed=True, seen=seen)

    async def handle(self, asked: Asked) -> Done:
        """Do what is asked, once for each command id.

        Raises:
            Refused: permission, a rule of the domain, a stale version, a reused key.
            StreamConflict, AppendRefused, LogUnavailable, VaultUnavailable: from beneath; the same command id may be asked again.

        """
        return await self._handle(asked, rehearsed=False, seen=None)

    async def _handle(self, asked: Asked, *, rehearsed: bool, seen: Seen | None) -> Done:
        handler = self._handlers[asked.command]
        now = self._clock.now()
        at = _occurred(asked.occurred_at, now)
        standing = await self._standing(asked.subject, local_day(at))
        asked = replace(asked, subject=replace(asked.subject, delegated=standing.delegated(handler.action.name)))
        entries: list[Entry] = []
        asking = self._asking(handler, asked, at, now, entries)
        folds = handler.streams(asking)
        _refuse_another_kind(asking, folds)
        main = next(iter(folds))
        fingerprint = _fingerprint(asked)
        if handler.permitted_first and not rehearsed and (first := await self._log.find_command(asked.command_id)) is not None:
            # Asked again: what its look-up needs may be gone since, and the first outcome is the answer.
            return await self._replay(handler, asking, folds, main, first, fingerprint)
        facts = await self._looked_up(handler, asking, folds, seen)
        permitted = Decision(False, "")

        def decide(stood: Mapping[str, Any]) -> Mapping[str, Sequence[Any]]:
            nonlocal permitted
            states = {stream: at.state for stream, at in stood.items()}
            permitted = _permitted(asked.subject, handler.action, handler.resource(asking, states))
            assert permitted.capacity is not None
            _refuse_stale(asked, main, stood[main])
            return handler.decide(asking.command, states, replace(facts, capacity=permitted.capacity))

        if rehearsed:
            stood = await load(self._log, folds, lambda states: handler.further(asking, states), seen)
            changes = any(decide(stood).values())
            version = stood[main].version
            return Done(stream=main, version=version, position=0, replayed=False, answer={}, changes=changes, begins=version == 0)

        async def seal() -> None:
            if entries:
                await self._vault.put(entries)

        try:
            executed = await execute(
                self._log,
                folds,
                decide,
                ids=self._ids,
                command_id=asked.command_id,
                fingerprint=fingerprint,
                metadata=lambda: _metadata(asked, permitted, standing),
                occurred=micros(at),
                before_append=seal,
                further=lambda states: handler.further(asking, states),
            )
        except CommandIdReused as reused:
            raise KeyReused(command_id=asked.command_id) from reused
        except Refused:
            # Done before, it is no longer possible now: the first outcome is the answer, not the refusal.
            earlier = await self._log.find_command(asked.command_id)
            if earlier is None:
                raise
            return await self._replay(handler, asking, folds, main, earlier, fingerprint)
        if executed.appended is None:
            earlier = await self._log.find_command(asked.command_id)
            if earlier is not None and earlier.fingerprint != fingerprint:
                raise KeyReused(command_id=asked.command_id)
            return await self._done(handler, asking, main, executed, earlier, replayed=earlier is not None)
        if executed.appended.replayed:
            return await self._replay(handler, asking, folds, main, executed.appended, fingerprint)
        return await self._done(handler, asking, main, executed, executed.appended)

    async def known(self, command_id: str) -> bool:
        """Whether something was done under this id already, so that asked again it is the first again."""
        return await self._log.find_command(command_id) is not None

    async def _looked_up(self, handler: Handler, asking: Asking, folds: Mapping[str, Fold[Any]], seen: Seen | None) -> Facts:
        subject = asking.subject
        known = Facts(
            at=asking.at,
            now=asking.now,
            person=subject.person,
            office=subject.office,
            unit=subject.unit,
            capacity=Role.SYSTEM,
        )
        if handler.permitted_first:
            await self._refuse_unless_permitted(handler, asking, folds, seen)
        try:
            return await handler.facts(asking, known)
        except Refused:
            await self._refuse_unless_permitted(handler, asking, folds, seen)  # what was found is not everybody's to know
            raise

    async def _refuse_unless_permitted(
        self, handler: Handler, asking: Asking, folds: Mapping[str, Fold[Any]], seen: Seen | None
    ) -> None:
        """Ask for permission before a look-up tells anything; who has done the same before is answered by what became of it."""
        stood = await load(self._log, folds, lambda states: handler.further(asking, states), seen)
        try:
            states = {stream: at.state for stream, at in stood.items()}
            _permitted(asking.subject, handler.action, handler.resource(asking, states))
        except Refused:
            if await self._log.find_command(asking.command_id) is None:
                raise

    def _asking(self, handler: Handler, asked: Asked, at: datetime, now: datetime, entries: list[Entry]) -> Asking:
        asking = Asking(
            command=None,
            body=asked.body,
            subject=asked.subject,
            command_id=asked.command_id,
            at=at,
            now=now,
            ids=self._ids,
            keyed=self._keyed,
        )
        person = handler.person(asking)

        def seal(path: str, text: str, words: Words) -> Sealed:
            entry = self._vault.seal(
                asked.command_id,
                f"{asked.command}.{path}",
                text,
                person=person,
                searchable=not words.personal,
            )
            entries.append(entry)
            return entry.sealed

        texts = handler.texts(asking)
        own = {name: seal(name, text, Words(len(text), personal=True)) for name, text in texts.items()}
        return replace(asking, command=commands.build(handler.command, asked.body, seal), texts=texts, sealed=own)

    async def _replay(
        self,
        handler: Handler,
        asking: Asking,
        folds: Mapping[str, Fold[Any]],
        main: str,
        earlier: Appended,
        fingerprint: bytes,
    ) -> Done:
        if earlier.fingerprint != fingerprint:
            raise KeyReused(command_id=asking.command_id)
        stood = await load(self._log, folds, lambda states: handler.further(asking, states))
        states = {stream: at.state for stream, at in stood.items()}
        versions = {stream: at.version for stream, at in stood.items()}
        return await self._done(handler, asking, main, Executed({}, states, versions, None), earlier, replayed=True)

    async def _done(
        self,
        handler: Handler,
        asking: Asking,
        main: str,
        executed: Executed,
        appended: Appended | None,
        *,
        replayed: bool = False,
    ) -> Done:
        return Done(
            stream=main,
            version=executed.versions[main],
            position=appended.last if appended else 0,
            replayed=replayed,
            answer=await handler.answer(asking, executed.states, self._vault),
            changes=bool(executed.events),
            begins=bool(executed.events) and executed.versions[main] == len(executed.events.get(main, ())),
        )


def _occurred(claimed: datetime | None, now: datetime) -> datetime:
    if claimed is None or now < claimed <= now + AHEAD_LIMIT:
        return now
    if claimed > now:
        raise OccurredAhead("occurred_at", occurred_at=claimed.isoformat(), now=now.isoformat())
    return claimed


def _refuse_another_kind(asking: Asking, folds: Mapping[str, Fold[Any]]) -> None:
    """A place for a thing of one kind holds none of another: two kinds of state would be asked of one stream.

    Raises:
        Unknown

    """
    for name in stream_kinds() & set(type(asking.body).model_fields):
        thing = getattr(asking.body, name)
        if isinstance(thing, str) and thing in folds and not thing.startswith(f"{name}-"):
            raise Unknown(name)


def _fingerprint(asked: Asked) -> bytes:
    """What tells one command from another under the same id."""
    claimed = [] if asked.occurred_at is None else [micros(asked.occurred_at)]
    told = [asked.command, commands.texts_of(asked.body), asked.subject.unit, asked.subject.person, *claimed]
    return hashlib.sha256(canonical(told)).digest()


def _refuse_stale(asked: Asked, stream: str, at: Any) -> None:
    if asked.expected is not None and not at.since <= asked.expected <= at.version:
        raise Stale(stream=stream, expected=asked.expected, actual=at.version)


def _permitted(subject: Subject, action: Action, resource: Resource) -> Decision:
    decision = permit(subject, action, resource)
    if decision.allowed and decision.capacity is not None:
        return decision
    sees = subject.tenant == resource.tenant and (
        not resource.office or subject.office == resource.office or subject.unit in resource.units | resource.leads
    )
    if sees:
        raise Forbidden(rule=decision.rule)
    raise Unknown


def _metadata(asked: Asked, permitted: Decision, standing: Standing) -> dict[str, Any]:
    """Who did it: person, post, unit with its version, capacity, and the delegation acted under, where one was needed."""
    subject, under, capacity = asked.subject, permitted.under, permitted.capacity
    return {
        "actor": subject.person,
        "capacity": str(capacity) if capacity else None,
        "causation": asked.causation or None,
        "command": asked.command_id,
        "correlation": asked.correlation or asked.command_id,
        "delegation": under.delegation if under else None,
        "office": subject.office,
        "post": under.post if under else standing.post(subject.unit, capacity),
        "trace": asked.trace or None,
        "unit": subject.unit,
        "unit_version": standing.unit_version.isoformat() if standing.unit_version else None,
    }
