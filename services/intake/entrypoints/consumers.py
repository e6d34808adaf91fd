"""When units' systems feed opinions, or one is raised in a session, then these commands; when words must go, the vault's."""

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError
from sqlalchemy.ext.asyncio import AsyncConnection

from services.intake.domain.attachment.commands import MOST_FILES
from services.intake.domain.attachment.decider import attachment_of
from services.intake.domain.opinion.commands import ReceiveOpinion, RecordQuarantine, RecordRaisedReceipt
from services.intake.readmodel.feeds import ACCEPTED, NOBODY, PARKED, record_item
from services.intake.readmodel.opinions.queries import Opinions
from shared.blobs.store import Blobs
from shared.bodies import NotAnObject, object_of
from shared.calendar import local_day
from shared.clock import Clock, instant, micros
from shared.commands import Body, model_of
from shared.contracts.case import CaseQuarantined
from shared.contracts.document import AttachmentAdded
from shared.contracts.opinion import OpinionQuarantined, OpinionRedacted
from shared.contracts.refusals import Refused
from shared.contracts.roles import Role
from shared.contracts.session import ItemRaised
from shared.desk import Asked, Desk, name_of
from shared.directory.queries import Directories
from shared.eventlog import codec
from shared.eventlog.port import EventLog
from shared.eventlog.records import Recorded
from shared.feeds.foreign import ForeignRecord, ForeignTopic
from shared.instants import Instant
from shared.permit import Subject
from shared.subscriptions.declared import Dispatch, Message, Process, Reaction
from shared.vault.port import Vault

TOPIC: Final = "feed.opinions"
TYPE: Final = "opinion.fed.v1"
HEADERS: Final = ("ce_type", "ce_signature")
MAX_BYTES: Final = 256 * 1024
_INSTANT: Final[TypeAdapter[datetime]] = TypeAdapter(Instant)


class Unfit(Exception):
    """A record that no opinion can be made of: `reason` is a code, `field` what it is about.

    Neither is ever the sender's own text: that is kept in the vault, not beside the reason.
    """

    def __init__(self, reason: str, field: str | None = None, local_id: str | None = None) -> None:
        self.reason, self.field, self.local_id = reason, field, local_id
        super().__init__(reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fed:
    """An opinion that was fed, as far as it could be read."""

    unit: str
    body: Body
    local_id: str
    occurred_at: datetime | None


def unit_of(record: ForeignRecord) -> str:
    """The sending unit that the record's key names; `-` where it names none."""
    key = record.key or b""
    return key.decode() if key.isascii() and 0 < len(key) <= 32 and key.decode().replace("-", "").isalnum() else NOBODY


def signature(key: bytes, value: bytes) -> str:
    """What the header `ce_signature` must hold: HMAC-SHA256 over the value, hex."""
    return hmac.new(key, value, hashlib.sha256).hexdigest()


def read(record: ForeignRecord, key: bytes) -> Fed:
    """The opinion in a record (CloudEvents, binary mode), checked against its unit's key before anything else is believed.

    Raises:
        Unfit: what is wrong with it.
    """
    value = record.value
    if not value:
        raise Unfit("empty")
    if len(value) > MAX_BYTES:
        raise Unfit("too-large")
    headers = _headers(record)
    if not hmac.compare_digest(headers.get("ce_signature", "").encode(), signature(key, value).encode()):
        raise Unfit("bad-signature", "ce_signature")
    if headers.get("ce_type") != TYPE:
        raise Unfit("unknown-type", "ce_type")
    try:
        sent = object_of(value)
    except NotAnObject:
        raise Unfit("not-json") from None
    occurred = sent.pop("occurred_at", None)
    if not sent.get("local_id"):
        raise Unfit("local-id-missing", "local_id")
    try:
        body = model_of(ReceiveOpinion).model_validate(sent)
    except ValidationError as error:
        named = str(error.errors(include_input=False)[0]["loc"][0])
        raise Unfit("invalid", named if named in model_of(ReceiveOpinion).model_fields else None) from None
    return Fed(unit=unit_of(record), body=body, local_id=sent["local_id"], occurred_at=_occurred(occurred))


def _headers(record: ForeignRecord) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for name, raw in record.headers:
        if name.startswith("ce_"):
            known = name if name in HEADERS else None
            if raw is None or name in found:
                raise Unfit("bad-header", known)
            try:
                found[name] = raw.decode()
            except UnicodeDecodeError:
                raise Unfit("bad-header", known) from None
    return found


def _occurred(sent: Any) -> datetime | None:
    if sent is None:
        return None
    try:
        instant = _INSTANT.validate_python(sent) if isinstance(sent, str) else None
    except ValidationError:
        instant = None
    if instant is None or instant.tzinfo is None:
        raise Unfit("invalid", "occurred_at")
    return instant


class OpinionFeed:
    """Takes in what units' systems feed; an item's outcome is written in the transaction that moves the offset."""

    def __init__(self, tenant: str, desk: Desk, queries: Opinions, directories: Directories, vault: Vault, clock: Clock) -> None:
        self._tenant, self._desk, self._queries = tenant, desk, queries
        self._directories, self._vault, self._clock = directories, vault, clock

    def topic(self) -> ForeignTopic:
        """The topic and what is done with its records."""
        return ForeignTopic(topic=TOPIC, group="intake.feed", handle=self.handle, park=self.park)

    async def handle(self, records: Sequence[ForeignRecord], connection: AsyncConnection) -> None:
        """Take each in, in order; done again, it meets its first copy.

        What became of them is written down when all are done: a unit's numbers are held for as short as can be.
        """
        outcomes = [await self._taken_in(record) for record in records]
        for record, outcome in zip(records, outcomes, strict=True):
            if isinstance(outcome, Unfit):
                await self._set_aside(record, outcome, connection)
            else:
                await record_item(connection, self._tenant, unit_of(record), {**outcome, **self._stamp(record)})

    async def park(self, record: ForeignRecord, failure: str, connection: AsyncConnection) -> None:
        """Keep one that failed for good, with the kind of the failure."""
        await self._set_aside(record, Unfit(f"failed-{failure}"), connection)

    async def _taken_in(self, record: ForeignRecord) -> Mapping[str, Any] | Unfit:
        """What to write down of a record that was taken in, or why it was not."""
        unit = unit_of(record)
        directory = await self._directories.at(local_day(self._clock.now()))
        found = directory.unit(unit)
        if found is None:
            return Unfit("unknown-unit", "key")
        try:
            fed = read(record, await self._queries.feed_key(unit))
        except Unfit as unfit:
            return unfit
        try:
            done = await self._desk.handle(self._asked(record, fed, found.office or unit))
        except Refused as refused:
            return Unfit(refused.code, refused.field, fed.local_id)
        return {"outcome": ACCEPTED, "local_id": fed.local_id, "opinion": done.stream}

    def _asked(self, record: ForeignRecord, fed: Fed, office: str) -> Asked:
        place = hashlib.sha256(f"{fed.unit}\0{fed.local_id}\0".encode() + (record.value or b"")).hexdigest()
        return Asked(
            command=name_of(ReceiveOpinion),
            body=fed.body,
            subject=Subject(
                person=f"feed-{fed.unit.lower()}",
                tenant=self._tenant,
                office=office,
                unit=fed.unit,
                capacities=frozenset({Role.FEEDER}),
            ),
            command_id=f"feed/{place}",
            occurred_at=fed.occurred_at,
        )

    async def _set_aside(self, record: ForeignRecord, unfit: Unfit, connection: AsyncConnection) -> None:
        unit = unit_of(record)
        directory = await self._directories.at(local_day(self._clock.now()))
        if directory.unit(unit) is None:
            unit = NOBODY
        place = f"{record.topic}/{record.partition}/{record.offset}"
        body = (record.value or b"")[:MAX_BYTES]
        entry = self._vault.seal(f"feed/{place}", "feed.parked", base64.b64encode(body).decode() or "-")
        await self._vault.put([entry], kept=True)
        why = {"reason": unfit.reason, "field": unfit.field, "local_id": unfit.local_id}
        values = {"outcome": PARKED, **why, "body_ref": entry.sealed.ref, **self._stamp(record)}
        await record_item(connection, self._tenant, unit, values)

    def _stamp(self, record: ForeignRecord) -> Mapping[str, Any]:
        return {"at": micros(self._clock.now()), "place": f"{record.partition}/{record.offset}"}


def record_receipts(recorded: Recorded) -> Sequence[Reaction]:
    """`item.raised` asks for a receipt of what was raised, in the name of its office (design decision 14)."""
    event = recorded.event
    if not isinstance(event, ItemRaised):
        return []
    body = {
        "opinion": event.opinion,
        "case": event.case,
        "session": event.session,
        "episode": event.episode,
        "office": event.office,
        "received_at": instant(recorded.record.occurred).isoformat(),
    }
    subject = Subject.house(RECORD_RECEIPTS.name, tenant=recorded.record.tenant, office=event.office)
    return [Reaction(command=name_of(RecordRaisedReceipt), body=body, subject=subject)]


def record_quarantines(recorded: Recorded) -> Sequence[Reaction]:
    """A case that is quarantined asks for the words of its opinion to go here too."""
    event = recorded.event
    if not isinstance(event, CaseQuarantined):
        return []
    subject = Subject.house(RECORD_QUARANTINES.name, tenant=recorded.record.tenant, office=event.office)
    body = {"opinion": event.opinion, "paper": event.paper}
    return [Reaction(command=name_of(RecordQuarantine), body=body, subject=subject)]


RECORD_RECEIPTS: Final = Process(
    name="record-receipts",
    sources=("assignment",),
    events=frozenset({"item.raised"}),
    react=record_receipts,
)


RECORD_QUARANTINES: Final = Process(
    name="record-quarantines",
    sources=("assignment",),
    events=frozenset({"case.quarantined"}),
    react=record_quarantines,
)


def words_to_erase(recorded: Recorded) -> Sequence[Message]:
    """What a redaction or quarantine leaves of former words in the vault, each to be erased; a quarantine of files as well."""
    event = recorded.event
    if not isinstance(event, OpinionRedacted | OpinionQuarantined):
        return []
    words = [Message(recipient=ref, channel="vault", body={"ref": ref}) for ref in event.former]
    if isinstance(event, OpinionRedacted):
        return words
    return [*words, Message(recipient=recorded.stream, channel="files", body={"about": recorded.stream})]


def erase_words(log: EventLog, vault: Vault, blobs: Blobs) -> Dispatch:
    """Destroys in the vault what an opinion's log says must go, and the files that came with it.

    The log comes first, so that nothing is erased that was not decided; a crash in between is made good when the log is
    followed again, and an erasure done twice is one.
    """

    async def erase(message: Message) -> None:
        if "ref" in message.body:
            await vault.erase_record(message.body["ref"])
            return
        for number in range(1, MOST_FILES + 1):
            for record in await log.read_stream(attachment_of(message.body["about"], number)):
                added = codec.read(record).event
                assert isinstance(added, AttachmentAdded)
                await vault.erase_record(added.name.ref)
                await blobs.erase(added.file)

    return Dispatch(
        name="erase-words",
        sources=("intake",),
        events=frozenset({"opinion.redacted", "opinion.quarantined"}),
        messages=words_to_erase,
        send=erase,
    )
