"""When these things happen elsewhere, then these commands are asked here; when a case is quarantined, its words go."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

import orjson

from services.assignment.domain.case.commands import AddSubmitter, OpenCase, RemoveSubmitter, WithdrawCase
from services.assignment.domain.case.states import case_of
from services.assignment.domain.document.commands import KeepDocument
from services.assignment.domain.proposal.commands import OpenProposal
from services.assignment.domain.request.commands import OpenRequest, WithdrawRequest
from services.assignment.domain.task.commands import GiveTask, SettleTask
from services.assignment.readmodel.tasks.projections import ITEM_EVENTS, by_task_and_unit, units_of
from services.assignment.readmodel.tasks.queries import Tasks
from services.assignment.readmodel.tasks.views import TaskItem
from services.assignment.readmodel.words.said import files_of, issued_of, said_of
from shared.blobs.store import Blobs
from shared.contracts.case import CaseQuarantined
from shared.contracts.consolidation import ConsolidationOpened, ConsolidationSubmitted
from shared.contracts.opinion import OpinionReferred, SubmitterAdded, SubmitterRemoved, Wish, WishRecorded
from shared.contracts.submission import ProposalReferred, RequestReceiptWithdrawn, RequestReferred
from shared.contracts.task import TaskType
from shared.desk import name_of
from shared.eventlog.port import EventLog
from shared.eventlog.records import Recorded
from shared.feeds.outlet import Outlet, topic_of_unit
from shared.papers.keeping import keep_issued, room_of
from shared.permit import Subject
from shared.subscriptions.declared import Dispatch, Message, Process, Reaction
from shared.vault.port import Vault

HOUSE: Final = "open-cases"


def open_cases(recorded: Recorded) -> Sequence[Reaction]:
    """A referred opinion asks for its case to be opened, in its office's name; what is wanted of it later is decided here.

    All in one process, because a matter must not be taken back, nor joined, before its case is there.
    """
    match recorded.event:
        case OpinionReferred() as event:
            return [_asked(recorded, OpenCase, _case_of_referral(recorded.stream, event), event.office)]
        case SubmitterAdded(merged=merged) | SubmitterRemoved(merged=merged):
            command = AddSubmitter if isinstance(recorded.event, SubmitterAdded) else RemoveSubmitter
            body = {"case": case_of(recorded.stream), "merged": merged}
            return [_asked(recorded, command, body, recorded.metadata["office"])]
        case WishRecorded(wish=Wish.WITHDRAW) as event:
            return [_asked(recorded, WithdrawCase, {"case": event.case}, event.office)]
    return []  # whether to take a matter up again, or what to make of what was added, a person decides


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
        "concerns_units": list(event.concerns_units),
        "concerns_posts": list(event.concerns_posts),
        "received_at": event.received_at.isoformat(),
        "words": asdict(event.words),
        "hidden": event.hidden,
        "into": event.into,
        "merged": list(event.merged),
    }


def open_submissions(recorded: Recorded) -> Sequence[Reaction]:
    """A request or proposal that intake hands on is opened here; a request that was taken back after that is withdrawn.

    Both in one process, because a request must not be taken back before it is there.
    """
    match recorded.event:
        case RequestReferred() as event:
            body = {
                "request": _of_receipt(recorded.stream),
                "receipt": recorded.stream,
                "office": event.office,
                "unit": event.unit,
                "source_group": event.source_group.value,
                "locality": event.locality,
                "received_at": event.received_at.isoformat(),
                "words": asdict(event.words),
                "opinions": list(event.opinions),
            }
            return [_asked(recorded, OpenRequest, body, event.office)]
        case ProposalReferred() as event:
            body = {
                "proposal": _of_receipt(recorded.stream),
                "receipt": recorded.stream,
                "office": event.office,
                "division": event.unit,
                "proposer": event.proposer,
                "received_at": event.received_at.isoformat(),
                "field": event.field,
                "content": asdict(event.content),
                "reason": asdict(event.reason),
                "attachments": list(event.attachments),
            }
            return [_asked(recorded, OpenProposal, body, event.office)]
        case RequestReceiptWithdrawn(office=str(office), request=str(request)):
            return [_asked(recorded, WithdrawRequest, {"request": request}, office)]
    return []


def _of_receipt(stream: str) -> str:
    """`request-7Q2K…` of `request_receipt-7Q2K…`."""
    kind, _, suffix = stream.partition("_receipt-")
    return f"{kind}-{suffix}"


def give_rounds(recorded: Recorded) -> Sequence[Reaction]:
    """A consolidation round is a task of its unit, done when its list or nil return is in (R30)."""
    event = recorded.event
    if isinstance(event, ConsolidationSubmitted):
        body = {"type": TaskType.CONSOLIDATE.value, "about": recorded.stream}
        return [_asked(recorded, SettleTask, body, recorded.metadata["office"])]
    if not isinstance(event, ConsolidationOpened):
        return []
    body = {
        "type": TaskType.CONSOLIDATE.value,
        "unit": event.unit,
        "office": event.office,
        "about": recorded.stream,
        "due": event.due.isoformat(),
    }
    return [_asked(recorded, GiveTask, body, event.office)]


def _asked(recorded: Recorded, command: type, body: Mapping[str, Any], office: str) -> Reaction:
    """A command of the house itself, for an office."""
    subject = Subject.house(HOUSE, tenant=recorded.record.tenant, office=office)
    return Reaction(command=name_of(command), body=body, subject=subject)


def words_to_erase(recorded: Recorded) -> Sequence[Message]:
    """All that a case says goes when it is quarantined."""
    if not isinstance(recorded.event, CaseQuarantined):
        return []
    return [Message(recipient=recorded.stream, channel="vault", body={"case": recorded.stream})]


def erase_words(log: EventLog, vault: Vault, blobs: Blobs) -> Dispatch:
    """Destroys in the vault what was said of a quarantined case, the files attached to it, and papers about it as issued.

    The log comes first, so that nothing is erased that was not decided; a crash in between is made good when the log is
    followed again, and an erasure done twice is one.
    """

    async def erase(message: Message) -> None:
        for ref in await said_of(log, message.body["case"]):
            await vault.erase_record(ref)
        for address in await files_of(log, message.body["case"]):
            await blobs.erase(address)
        for address in await issued_of(log, message.body["case"]):
            await room_of(blobs, "assignment").erase(address)

    return Dispatch(
        name="erase-words",
        sources=("assignment",),
        events=frozenset({"case.quarantined"}),
        messages=words_to_erase,
        send=erase,
    )


OPEN_CASES: Final = Process(
    name=HOUSE,
    sources=("intake",),
    events=frozenset({"opinion.referred", "opinion.submitter_added", "opinion.submitter_removed", "opinion.wish_recorded"}),
    react=open_cases,
)
OPEN_SUBMISSIONS: Final = Process(
    name="open-submissions",
    sources=("intake",),
    events=frozenset({"request_receipt.referred", "request_receipt.withdrawn", "proposal_receipt.referred"}),
    react=open_submissions,
)
GIVE_ROUNDS: Final = Process(
    name="give-rounds",
    sources=("intake",),
    events=frozenset({"consolidation.opened", "consolidation.submitted"}),
    react=give_rounds,
)
UNIT_STREAMS: Final = "unit-streams"
LOOKS: Final = 50
LOOK_SECONDS: Final = 0.02


class ItemNotYet(TimeoutError):
    """The read model has not come to the item yet: it is asked again."""


def units_told(recorded: Recorded) -> Sequence[Message]:
    """Each unit whose stream has an item of this fact."""
    units = dict.fromkeys(units_of(recorded))
    at = {"position": recorded.position, "event": recorded.record.event_id.hex}
    return [Message(recipient=unit, channel="kafka", body={"unit": unit, **at}) for unit in units]


def unit_streams(tasks: Tasks, outlet: Outlet, tenant: str) -> Dispatch:
    """Puts each unit's stream of tasks to the unit's own topic, item by item as over HTTP, in the order of the log.

    An item names the one before it: who reads the topic sees what is missing or came twice. Where the topic is missing the
    unit's items are parked, and other units' go on.
    """

    async def put(message: Message) -> None:
        unit, position = message.body["unit"], message.body["position"]
        item = await _item(tasks, unit, position)
        await outlet.put(topic_of_unit(tenant, unit), item.task.encode(), orjson.dumps(item), _headers(tenant, item, message))

    return Dispatch(
        name=UNIT_STREAMS,
        sources=("assignment",),
        events=ITEM_EVENTS,
        messages=units_told,
        send=put,
        keys=by_task_and_unit,
    )


async def _item(tasks: Tasks, unit: str, position: int) -> TaskItem:
    """The item, once the read model has it: that follows the same log, and is mostly ahead.

    Raises:
        ItemNotYet

    """
    for _ in range(LOOKS):
        item = await tasks.item(unit, position)
        if item is not None:
            return item
        await asyncio.sleep(LOOK_SECONDS)
    raise ItemNotYet(unit)


def _headers(tenant: str, item: TaskItem, message: Message) -> Sequence[tuple[str, bytes]]:
    """CloudEvents 1.0 in binary mode."""
    named = {
        "ce_specversion": "1.0",
        "ce_id": f"{message.body['event']}/{item.unit}",
        "ce_source": f"/assignment/{tenant}/units/{item.unit}",
        "ce_type": item.type,
        "ce_subject": item.task,
        "ce_time": item.at.isoformat(),
        "ce_position": str(item.position),
        "ce_previous": str(item.previous),
        "content-type": "application/json",
    }
    return [(name, value.encode()) for name, value in named.items()]


KEEP_ISSUED: Final = keep_issued("assignment", KeepDocument, lambda document: {"document": document})
PROCESSES: Final = (OPEN_CASES, OPEN_SUBMISSIONS, GIVE_ROUNDS, KEEP_ISSUED)
