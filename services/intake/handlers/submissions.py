"""The commands of requests and proposals at their receipt: which streams each reads, who may ask it, what decides."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict
from functools import partial
from typing import Any, Final

from services.intake.domain.submission import commands as asked
from services.intake.domain.submission import decider
from services.intake.domain.submission.decider import NoReceipt, request_of
from services.intake.handlers.opinions import receipt_code, speaker_of
from services.intake.readmodel.access import SEE_PROPOSAL, SEE_REQUEST, refuse_unless_seen, submission_resource
from services.intake.readmodel.receipts import codes
from services.intake.readmodel.receipts.codes import receipt_key
from shared.calendar import local_day
from shared.contracts.facts import Facts
from shared.contracts.refusals import Unknown
from shared.contracts.roles import Action
from shared.contracts.types import Sealed
from shared.decider import Fold
from shared.desk import Asking, Handler, States, handling
from shared.directory.queries import Directories
from shared.ids import base32
from shared.keys import KeyedHash
from shared.permit import Resource
from shared.vault.port import Erased, Vault

REQUEST_RECEIPT: Final = Fold("request_receipt", decider.INITIAL, decider.evolve)
PROPOSAL_RECEIPT: Final = Fold("proposal_receipt", decider.INITIAL, decider.evolve)
# Left out of what makes a content the same: how it came in, and the office's own numbers of the paper.
BESIDE_CONTENT: Final = frozenset({"local_id", "channel", "incoming_number", "incoming_on"})


def handlers(tenant: str, directories: Directories) -> list[Handler]:
    """The handlers of one tenant."""
    on_request = handling(
        streams=lambda asking: {asking.body.request_receipt: REQUEST_RECEIPT},
        resource=partial(seen_receipt, tenant, "request_receipt", SEE_REQUEST),
        decide=decider.decide,
    )
    on_proposal = handling(
        streams=lambda asking: {asking.body.proposal_receipt: PROPOSAL_RECEIPT},
        resource=partial(seen_receipt, tenant, "proposal_receipt", SEE_PROPOSAL),
        decide=decider.decide,
    )
    return [
        Handler(
            command=asked.ReceiveRequest,
            action=asked.RECEIVE_REQUEST,
            streams=lambda asking: {_stream("request_receipt", asking): REQUEST_RECEIPT},
            resource=partial(_of_collector, tenant),
            decide=decider.decide,
            facts=_handing_in(directories, "request_receipt"),
            person=_speaker,
            texts=_receipt_text,
            answer=partial(_receipt_answer, "request_receipt"),
            additive=True,
        ),
        on_request(asked.ReferRequest, asked.REFER_REQUEST, answer=_request_answer),
        on_request(asked.RejectRequest, asked.REJECT_REQUEST),
        on_request(asked.WithdrawRequestReceipt, asked.WITHDRAW_REQUEST_RECEIPT),
        Handler(
            command=asked.ReceiveProposal,
            action=asked.RECEIVE_PROPOSAL,
            streams=lambda asking: {_stream("proposal_receipt", asking): PROPOSAL_RECEIPT},
            resource=partial(_of_collector, tenant),
            decide=decider.decide,
            facts=_handing_in(directories, "proposal_receipt"),
            texts=_receipt_text,
            answer=partial(_receipt_answer, "proposal_receipt"),
            additive=True,
        ),
        on_proposal(asked.ReferProposal, asked.REFER_PROPOSAL, answer=_proposal_answer),
        on_proposal(asked.RejectProposal, asked.REJECT_PROPOSAL),
    ]


def proposal_of(receipt: str) -> str:
    """The proposal that a referred receipt will be."""
    return f"proposal-{receipt.removeprefix('proposal_receipt-')}"


def _stream(kind: str, asking: Asking) -> str:
    return receipt_under(asking.keyed, kind, asking.subject.tenant, asking.subject.unit, _local_id(asking))


def receipt_under(keyed: KeyedHash, kind: str, tenant: str, unit: str, local_id: str) -> str:
    """The stream of what `unit` takes in under its own id: always the same, so a resubmission meets its first copy (R48)."""
    return f"{kind}-{base32(keyed.digest(kind, tenant, unit, local_id), 20)}"


def _local_id(asking: Asking) -> str:
    given: str | None = asking.body.local_id
    return given if given is not None else asking.keyed.hex("local-id", asking.command_id)[:32]


def _content_key(asking: Asking) -> str:
    said = {name: value for name, value in asking.body.model_dump(mode="json").items() if name not in BESIDE_CONTENT}
    return asking.keyed.hex("content", *(f"{name}={said[name]}" for name in sorted(said)))


def _receipt_text(asking: Asking) -> Mapping[str, str]:
    return {"receipt": receipt_code(asking)}


def _speaker(asking: Asking) -> str:
    return speaker_of(asking.keyed, _stream("request_receipt", asking))


def _handing_in(directories: Directories, kind: str) -> Callable[[Asking, Facts], Awaitable[Facts]]:
    async def facts(asking: Asking, common: Facts) -> Facts:
        day, body = local_day(common.at), asking.body
        directory = await directories.at(day)
        names = [name for name in ("locality", "proposer", "division") if getattr(body, name, None) is not None]
        unknown = next((name for name in names if directory.unit(getattr(body, name)) is None), None)
        if directory.unit(common.unit) is None:
            unknown = "unit"
        made: dict[str, Any] = {}
        if kind == "request_receipt":
            named = body.speaker_name is not None or body.speaker_contact is not None
            made = {"speaker": _speaker(asking) if named else None}
        else:
            proposer = directory.unit(body.proposer)
            is_field = directory.field(body.field) is not None
            made = {"is_field": is_field, "proposer_kind": proposer.kind if proposer else None}
        return decider.HandingIn(
            **asdict(common),
            day=day,
            receipt_stream=_stream(kind, asking),
            local_id=_local_id(asking),
            content_key=_content_key(asking),
            is_office=directory.office(body.office) is not None,
            unknown=unknown,
            receipt=asking.sealed["receipt"],
            receipt_key=receipt_key(asking.keyed, asking.subject.tenant, asking.texts["receipt"]),
            **made,
        )

    return facts


def _of_collector(tenant: str, asking: Asking, states: States) -> Resource:
    division = getattr(asking.body, "division", asking.subject.unit)
    return submission_resource(tenant, asking.body.office, asking.subject.unit, division, owner=_speaker(asking))


def seen_receipt(tenant: str, field: str, see: Action, asking: Asking, states: States) -> Resource:
    """As those see it who decide about it: whoever proposed it looks at it and decides nothing.

    Raises:
        Unknown: not there, or not the asker's to see.

    """
    state = states[getattr(asking.body, field)]
    if isinstance(state, NoReceipt):
        raise Unknown("receipt")
    owner = speaker_of(asking.keyed, getattr(asking.body, field))
    resource = submission_resource(tenant, state.was.office, state.was.unit, owner=owner)
    refuse_unless_seen(asking.subject, see, resource, "receipt")
    return resource


async def _receipt_answer(kind: str, asking: Asking, states: States, vault: Vault) -> Mapping[str, Any]:
    """The receipt code; of an earlier receipt the code it got then."""
    stream = _stream(kind, asking)
    code: Sealed | None = states[stream].was.receipt
    if code is None:
        return {"receipt": codes.of_a_proposal_without(asking.keyed, asking.subject.tenant, stream)}
    if code == asking.sealed["receipt"]:
        return {"receipt": asking.texts["receipt"]}
    opened = await vault.open(code.ref, reader=asking.subject.person, purpose="receipt given again")
    return {"receipt": None if isinstance(opened, Erased) else opened}


async def _request_answer(asking: Asking, states: States, vault: Vault) -> Mapping[str, Any]:
    return {"request": request_of(asking.body.request_receipt)}


async def _proposal_answer(asking: Asking, states: States, vault: Vault) -> Mapping[str, Any]:
    return {"proposal": proposal_of(asking.body.proposal_receipt)}
