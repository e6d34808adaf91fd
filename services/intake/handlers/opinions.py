"""The commands of opinions: which streams each reads, who may ask it, what decides."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any, Final

from services.intake.domain.opinion import commands as asked
from services.intake.domain.opinion import decider, states
from services.intake.domain.opinion.facts import GivingReceipt, HandingIn, Sorting, Splitting
from services.intake.readmodel.access import SEE_OPINION, opinion_resource, refuse_unless_seen
from services.intake.readmodel.receipts import codes
from services.intake.readmodel.receipts.codes import receipt_key
from shared.calendar import local_day
from shared.contracts.facts import Facts
from shared.contracts.refusals import Unknown
from shared.contracts.roles import Action, Role
from shared.contracts.types import Sealed
from shared.decider import Fold
from shared.desk import Asking, Handler, States
from shared.directory.queries import Directories
from shared.directory.snapshot import Directory
from shared.ids import base32
from shared.keys import KeyedHash
from shared.permit import Resource
from shared.vault.port import Erased, Vault

OPINION: Final = Fold("opinion", states.INITIAL, states.evolve)
LookUp = Callable[[Directory, Asking], Mapping[str, Any]]


def handlers(tenant: str, directories: Directories) -> list[Handler]:
    """The handlers of one tenant."""

    def sorting(command: type, action: Action, look_up: LookUp = _nothing_more, **more: Any) -> Handler:
        return Handler(
            command=command,
            action=action,
            streams=more.pop("streams", _opinion_stream),
            resource=partial(more.pop("resource", of_opinion), tenant),
            decide=decider.decide,
            facts=_sorting(directories, look_up),
            **more,
        )

    return [
        Handler(
            command=asked.ReceiveOpinion,
            action=asked.RECEIVE_OPINION,
            streams=lambda asking: {opinion_of(asking): OPINION},
            resource=partial(_of_whoever_hands_in, tenant),
            decide=decider.decide,
            facts=_handing_in(directories),
            person=_speaker,
            texts=_receipt_text,
            answer=_receipt_answer,
            additive=True,
        ),
        sorting(asked.RequestCompletion, asked.REQUEST_COMPLETION),
        sorting(asked.CompleteOpinion, asked.COMPLETE_OPINION, _calendar),
        sorting(asked.CorrectOpinion, asked.CORRECT_OPINION, _locality),
        sorting(asked.RedactOpinion, asked.REDACT_OPINION, further=_split_off_from),
        sorting(asked.QuarantineOpinion, asked.QUARANTINE_OPINION, further=_whose_words_say_the_same),
        Handler(
            command=asked.RecordQuarantine,
            action=asked.RECORD_QUARANTINE,
            streams=_opinion_stream,
            resource=partial(_of_the_house, tenant),
            decide=decider.decide,
            further=_whose_words_say_the_same,
            additive=True,
        ),
        sorting(asked.UnmergeOpinion, asked.UNMERGE_OPINION, further=_survivors),
        sorting(asked.RecordWish, asked.RECORD_WISH, additive=True),
        sorting(asked.ClassifyOpinion, asked.CLASSIFY_OPINION, _field_and_calendar),
        sorting(asked.ReviseOpinionDue, asked.REVISE_OPINION_DUE, _calendars, additive=True),
        sorting(asked.RejectOpinion, asked.REJECT_OPINION),
        sorting(asked.ForwardOpinion, asked.FORWARD_OPINION, _target),
        sorting(asked.DivertOpinion, asked.DIVERT_OPINION, _target),
        sorting(asked.MergeOpinion, asked.MERGE_OPINION, streams=_opinion_and_survivor, resource=_of_both),
        sorting(asked.WithdrawOpinion, asked.WITHDRAW_OPINION),
        sorting(asked.ReferOpinion, asked.REFER_OPINION, answer=_case_answer, further=_merged_into_it),
        Handler(
            command=asked.RecordRaisedReceipt,
            action=asked.RECORD_RAISED_RECEIPT,
            streams=_opinion_stream,
            resource=lambda asking, _states: Resource(tenant, asking.body.office),
            decide=decider.decide,
            facts=_giving_receipt,
            person=lambda asking: speaker_of(asking.keyed, asking.body.opinion),
            texts=_receipt_text,
        ),
        Handler(
            command=asked.SplitOpinion,
            action=asked.SPLIT_OPINION,
            streams=lambda asking: _opinion_stream(asking) | dict.fromkeys(_children(asking), OPINION),
            resource=partial(of_opinion, tenant),
            decide=decider.decide,
            facts=_splitting(directories),
            answer=_children_answer,
        ),
    ]


def case_of(opinion: str) -> str:
    """The case that a referred opinion will be: `case-7Q2K…` of `opinion-7Q2K…`."""
    return f"case-{opinion.removeprefix('opinion-')}"


def opinion_of(asking: Asking) -> str:
    """The stream of what is handed in."""
    return opinion_under(asking.keyed, asking.subject.tenant, asking.subject.unit, _local_id(asking))


def opinion_under(keyed: KeyedHash, tenant: str, unit: str, local_id: str) -> str:
    """The stream of what `unit` takes in under its own id: always the same, so a resubmission meets its first copy."""
    return f"opinion-{base32(keyed.digest('opinion', tenant, unit, local_id), 20)}"


def _local_id(asking: Asking) -> str:
    """The unit's own id, or one of ours that follows from the command."""
    given: str | None = asking.body.local_id
    return given if given is not None else asking.keyed.hex("local-id", asking.command_id)[:32]


def _content_key(asking: Asking) -> str:
    body = asking.body
    parts = (body.office, body.channel, body.source_group, body.locality, body.words, body.speaker_name, body.speaker_contact)
    return asking.keyed.hex("content", *("" if part is None else str(part) for part in parts), str(body.hidden))


def _speaker(asking: Asking) -> str:
    return speaker_of(asking.keyed, opinion_of(asking))


def speaker_of(keyed: KeyedHash, stream: str) -> str:
    """Who handed in what stands in `stream`, as a person: keyed, not drawn; asked again, it is the same, and nobody else's."""
    return f"s-{keyed.hex('speaker', stream)[:32]}"


def _of_whoever_hands_in(tenant: str, asking: Asking, found: States) -> Resource:
    """What is handed in by a unit's collector, or by the speaker himself."""
    return opinion_resource(tenant, asking.body.office, asking.subject.unit, _speaker(asking))


def receipt_code(asking: Asking) -> str:
    """The receipt code of what is handed in."""
    return codes.written(asking.ids.bytes("receipt", asking.command_id, 0, codes.BYTES))


def _receipt_text(asking: Asking) -> Mapping[str, str]:
    return {"receipt": receipt_code(asking)}


def _opinion_stream(asking: Asking) -> dict[str, Fold[Any]]:
    return {asking.body.opinion: OPINION}


def _opinion_and_survivor(asking: Asking) -> dict[str, Fold[Any]]:
    return {asking.body.opinion: OPINION, asking.body.into: OPINION}


def _survivors(asking: Asking, found: States) -> dict[str, Fold[Any]]:
    """The opinion that this one was merged into, if it was, and what that was merged into."""
    merged = [state for state in found.values() if isinstance(state, states.Ended) and state.how == "merged"]
    return {state.fact.into: OPINION for state in merged}


def _merged_into_it(asking: Asking, found: States) -> dict[str, Fold[Any]]:
    """The opinions to whose submitters its answer goes too."""
    state = found[asking.body.opinion]
    known = isinstance(state, states.Open | states.Referred | states.Ended)
    return dict.fromkeys(state.receipt.submitters, OPINION) if known else {}


def _whose_words_say_the_same(asking: Asking, found: States) -> dict[str, Fold[Any]]:
    """The opinions merged into it, and what it and they were split off from."""
    return {**_merged_into_it(asking, found), **_split_off_from(asking, found)}


def _split_off_from(asking: Asking, found: States) -> dict[str, Fold[Any]]:
    """The opinions that this one was split off, whose words hold its own."""
    receipts = [state.receipt for state in found.values() if isinstance(state, states.Open | states.Referred | states.Ended)]
    return {receipt.parent: OPINION for receipt in receipts if receipt.parent is not None}


async def _giving_receipt(asking: Asking, facts: Facts) -> Facts:
    key = receipt_key(asking.keyed, asking.subject.tenant, asking.texts["receipt"])
    return GivingReceipt(**_common(facts), receipt=asking.sealed["receipt"], receipt_key=key)


def _children(asking: Asking) -> tuple[str, ...]:
    parent = asking.body.opinion
    return tuple(
        f"opinion-{base32(asking.keyed.digest('opinion-part', parent, str(n)), 20)}" for n in range(len(asking.body.parts))
    )


def of_opinion(tenant: str, asking: Asking, found: States) -> Resource:
    """The opinion, which whoever may not see it is not told is there."""
    return seen_opinion(tenant, asking, found, "opinion")


def _of_the_house(tenant: str, asking: Asking, found: States) -> Resource:
    """What the house asks itself, in the name of an office, also of what is not here."""
    return Resource(tenant, asking.subject.office)


def _of_both(tenant: str, asking: Asking, found: States) -> Resource:
    """The opinion to be merged; what the asker may not see is not there to merge into."""
    resource = seen_opinion(tenant, asking, found, "opinion")
    seen_opinion(tenant, asking, found, "into")
    return resource


def seen_opinion(tenant: str, asking: Asking, found: States, field: str) -> Resource:
    """The opinion that a field of the command names.

    Raises:
        Unknown: not there, or not the asker's to see.

    """
    state: states.Opinion = found[getattr(asking.body, field)]
    if isinstance(state, states.NoOpinion):
        raise Unknown(field)
    if isinstance(state, states.RaisedReceipt):
        return opinion_resource(tenant, state.office, state.office)
    owner = speaker_of(asking.keyed, getattr(asking.body, field))
    resource = opinion_resource(tenant, state.receipt.office, state.receipt.unit, owner)
    if Role.SYSTEM in asking.subject.capacities and asking.subject.tenant == tenant:
        return resource  # the house itself: what it may do, the action's grants say
    refuse_unless_seen(asking.subject, SEE_OPINION, resource, field)
    return resource


def _common(facts: Facts) -> dict[str, Any]:
    return {
        "at": facts.at,
        "now": facts.now,
        "person": facts.person,
        "office": facts.office,
        "unit": facts.unit,
        "capacity": facts.capacity,
    }


def _handing_in(directories: Directories) -> Callable[[Asking, Facts], Awaitable[Facts]]:
    async def facts(asking: Asking, common: Facts) -> Facts:
        day = local_day(common.at)
        directory = await directories.at(day)
        body = asking.body
        named = body.speaker_name is not None or body.speaker_contact is not None
        return HandingIn(
            **_common(common),
            day=day,
            is_office=directory.office(body.office) is not None,
            is_unit=directory.unit(asking.subject.unit) is not None,
            is_locality=body.locality is None or directory.unit(body.locality) is not None,
            opinion=opinion_of(asking),
            local_id=_local_id(asking),
            content_key=_content_key(asking),
            speaker=_speaker(asking) if named else None,
            receipt=asking.sealed["receipt"],
            receipt_key=receipt_key(asking.keyed, asking.subject.tenant, asking.texts["receipt"]),
        )

    return facts


def _sorting(directories: Directories, look_up: LookUp) -> Callable[[Asking, Facts], Awaitable[Facts]]:
    async def facts(asking: Asking, common: Facts) -> Facts:
        day = local_day(common.at)
        directory = await directories.at(day)
        return Sorting(**_common(common), day=day, **_standing(directory, asking), **look_up(directory, asking))

    return facts


def _splitting(directories: Directories) -> Callable[[Asking, Facts], Awaitable[Facts]]:
    async def facts(asking: Asking, common: Facts) -> Facts:
        day = local_day(common.at)
        standing = _standing(await directories.at(day), asking)
        return Splitting(**_common(common), day=day, **standing, children=_children(asking))

    return facts


def _standing(directory: Directory, asking: Asking) -> dict[str, Any]:
    """What conflicts of interest need to know of whoever asks."""
    return {
        "posts": frozenset(post.key for post in directory.posts_of(asking.subject.person)),
        "units": directory.stands_for(asking.subject.unit),
    }


def _nothing_more(directory: Directory, asking: Asking) -> Mapping[str, Any]:
    return {}


def _field_and_calendar(directory: Directory, asking: Asking) -> Mapping[str, Any]:
    return {"is_field": directory.field(asking.body.field) is not None, **_calendar(directory, asking)}


def _calendars(directory: Directory, asking: Asking) -> Mapping[str, Any]:
    return {"calendar": directory.calendar, "calendars": directory.calendars}


def _calendar(directory: Directory, asking: Asking) -> Mapping[str, Any]:
    return {**_calendars(directory, asking), "rules": directory.rules_published(asking.subject.office)}


def _locality(directory: Directory, asking: Asking) -> Mapping[str, Any]:
    locality = asking.body.locality
    return {"is_unit": locality is None or directory.unit(locality) is not None}


def _target(directory: Directory, asking: Asking) -> Mapping[str, Any]:
    unit = directory.unit(asking.body.to)
    return {"is_unit": unit is not None, "unit_office": unit.office if unit else None}


async def _receipt_answer(asking: Asking, found: States, vault: Vault) -> Mapping[str, Any]:
    """The receipt code, to be given to the speaker; of an earlier receipt the code it got then."""
    state = found[opinion_of(asking)]
    code: Sealed | None = state.receipt.receipt_code
    if code is None:
        return {}
    if code == asking.sealed["receipt"]:
        return {"receipt": asking.texts["receipt"]}
    opened = await vault.open(code.ref, reader=asking.subject.person, purpose="receipt given again")
    return {"receipt": None if isinstance(opened, Erased) else opened}


async def _case_answer(asking: Asking, found: States, vault: Vault) -> Mapping[str, Any]:
    return {"case": case_of(asking.body.opinion)}


async def _children_answer(asking: Asking, found: States, vault: Vault) -> Mapping[str, Any]:
    return {"children": list(_children(asking))}
