"""Opinions of Sơn La before their referral: the facts that their tests begin with, and what decides about them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, Final

from deploy.sonla import builtin_calendar
from services.intake.domain.opinion import decider
from services.intake.domain.opinion.commands import (
    ClassifyOpinion,
    CompleteOpinion,
    DivertOpinion,
    ForwardOpinion,
    Matter,
    MergeOpinion,
    ReceiveOpinion,
    ReferOpinion,
    RejectOpinion,
    RequestCompletion,
    SplitOpinion,
    WithdrawOpinion,
)
from services.intake.domain.opinion.facts import HandingIn, Sorting, Splitting
from services.intake.handlers import FOLDS
from shared.calendar import answer_due, local_day
from shared.contracts.facts import Facts
from shared.contracts.opinion import (
    Channel,
    CompletionRequested,
    DivertedKind,
    Flag,
    Kind,
    OpinionClassified,
    OpinionCompleted,
    OpinionDiverted,
    OpinionForwarded,
    OpinionMerged,
    OpinionReceived,
    OpinionReferred,
    OpinionRejected,
    OpinionSplit,
    OpinionSplitOff,
    OpinionWithdrawn,
    RejectionReason,
    SourceGroup,
)
from shared.contracts.roles import Role
from tests.support.scenario import Given, Rules, sealed

OPINION: Final = "opinion-7Q2K9FXA3MBTW0000001"
EPISODE: Final = "7Q2K9FXA3MBTW0000001/1"
SURVIVOR: Final = "opinion-7Q2K9FXA3MBTW0000002"
PARTS: Final = ("opinion-7Q2K9FXA3MBTW0000003", "opinion-7Q2K9FXA3MBTW0000004")

CALENDAR: Final = builtin_calendar()
RECEIVED_AT: Final = datetime(2023, 1, 9, 1, 30, tzinfo=UTC)
LATER: Final = datetime(2023, 1, 11, 2, tzinfo=UTC)
DUE: Final = answer_due(CALENDAR, date(2023, 1, 9))


def receipt_of(
    opinion: str = OPINION, *, at: datetime = RECEIVED_AT, office: str = "VPUB", content: str = "a" * 64
) -> OpinionReceived:
    """An opinion of the people, handed in at BTCD."""
    return OpinionReceived(
        episode=f"{opinion.removeprefix('opinion-')}/1",
        office=office,
        unit="BTCD",
        local_id="BTCD-1",
        content_key=content,
        channel=Channel.IN_PERSON,
        source_group=SourceGroup.PEOPLE,
        locality="MLA",
        received_at=at,
        words=sealed(1),
        speaker="s-1",
        speaker_name=sealed(2),
        speaker_contact=None,
        hidden=False,
        receipt=sealed(3),
        receipt_key="b" * 64,
    )


RECEIVED: Final = receipt_of()
ASKED: Final = CompletionRequested(asked=sealed(4), at=LATER)
COMPLETED: Final = OpinionCompleted(words=sealed(5), at=LATER)
CLASSIFIED: Final = OpinionClassified(
    kind=Kind.PROPOSAL,
    field="giao-thong",
    flags=(Flag.PRESSING,),
    concerns_units=(),
    concerns_posts=(),
    due=DUE,
)
REFERRED: Final = OpinionReferred(
    episode=EPISODE,
    office="VPUB",
    unit="BTCD",
    source_group=SourceGroup.PEOPLE,
    channel=Channel.IN_PERSON,
    locality="MLA",
    kind=Kind.PROPOSAL,
    field="giao-thong",
    flags=(Flag.PRESSING,),
    due=DUE,
    concerns_units=(),
    concerns_posts=(),
    received_at=RECEIVED_AT,
    words=sealed(1),
    hidden=False,
    into=None,
    merged=(),
)
REJECTED: Final = OpinionRejected(episode=EPISODE, reason=RejectionReason.FINAL_DECISION, note=sealed(6))
FORWARDED: Final = OpinionForwarded(episode=EPISODE, to="SGTVT", note=None)
DIVERTED: Final = OpinionDiverted(episode=EPISODE, kind=DivertedKind.COMPLAINT, to="BTCD")
MERGED: Final = OpinionMerged(episode=EPISODE, into=SURVIVOR)
WITHDRAWN: Final = OpinionWithdrawn(episode=EPISODE, note=None)
SPLIT: Final = OpinionSplit(episode=EPISODE, children=PARTS)


def split_off(part: str, n: int) -> OpinionSplitOff:
    """A part of OPINION that stands as an opinion of its own, with the words `sealed(n)`."""
    return OpinionSplitOff(
        episode=f"{part.removeprefix('opinion-')}/1",
        parent=OPINION,
        office="VPUB",
        unit="BTCD",
        channel=Channel.IN_PERSON,
        source_group=SourceGroup.PEOPLE,
        locality="MLA",
        received_at=RECEIVED_AT,
        words=sealed(n),
        speaker="s-1",
        hidden=False,
    )


RECEIVE: Final = ReceiveOpinion(
    office="VPUB",
    channel=Channel.IN_PERSON,
    source_group=SourceGroup.PEOPLE,
    words=sealed(1),
    local_id="BTCD-1",
    locality="MLA",
    speaker_name=sealed(2),
)
REQUEST: Final = RequestCompletion(opinion=OPINION, asked=sealed(4))
COMPLETE: Final = CompleteOpinion(opinion=OPINION, words=sealed(5))
CLASSIFY: Final = ClassifyOpinion(opinion=OPINION, kind=Kind.PROPOSAL, field="giao-thong", flags=(Flag.PRESSING,))
REJECT: Final = RejectOpinion(opinion=OPINION, reason=RejectionReason.FINAL_DECISION, note=sealed(6))
FORWARD: Final = ForwardOpinion(opinion=OPINION, to="SGTVT")
DIVERT: Final = DivertOpinion(opinion=OPINION, kind=DivertedKind.COMPLAINT, to="BTCD")
MERGE: Final = MergeOpinion(opinion=OPINION, into=SURVIVOR)
SPLIT_UP: Final = SplitOpinion(opinion=OPINION, parts=(Matter(words=sealed(7)), Matter(words=sealed(8))))
WITHDRAW: Final = WithdrawOpinion(opinion=OPINION)
REFER: Final = ReferOpinion(opinion=OPINION)


def hub(at: datetime = LATER) -> Facts:
    """The hub of the office at work, on 11/01/2023 unless said otherwise."""
    return Facts(at=at, now=at, person="p-hub", office="VPUB", unit="TCHCQT", capacity=Role.HUB)


def handing_in(at: datetime = RECEIVED_AT, **changed: Any) -> HandingIn:
    """What a receipt at BTCD is told of."""
    told = HandingIn(
        at=at,
        now=at,
        person="p-feeder",
        office="VPUB",
        unit="BTCD",
        capacity=Role.FEEDER,
        day=local_day(at),
        is_office=True,
        is_unit=True,
        is_locality=True,
        opinion=OPINION,
        local_id="BTCD-1",
        content_key="a" * 64,
        speaker="s-1",
        receipt=sealed(3),
        receipt_key="b" * 64,
    )
    return replace(told, **changed)


def sorting(at: datetime = LATER, **changed: Any) -> Sorting:
    """What a decision about an opinion is told of: all that it names is in the directory."""
    common = {name: getattr(hub(at), name) for name in ("at", "now", "person", "office", "unit", "capacity")}
    return Sorting(**{**common, "day": local_day(at), "calendar": CALENDAR, **changed})


def splitting(parts: Sequence[str] = PARTS, at: datetime = LATER) -> Splitting:
    """What a split is told of."""
    common = {name: getattr(hub(at), name) for name in ("at", "now", "person", "office", "unit", "capacity")}
    return Splitting(**common, day=local_day(at), children=tuple(parts))


def told(command: Any) -> Facts:
    """What a command is told of unless its test says otherwise."""
    if isinstance(command, ReceiveOpinion):
        return handing_in()
    return splitting() if isinstance(command, SplitOpinion) else sorting()


RULES: Final = Rules(folds=FOLDS, decide=decider.decide, told=told)


def given(*on_opinion: Any, more: Mapping[str, Sequence[Any]] | None = None) -> Given:
    """These facts of the opinion, and another opinion of the same matter that is open."""
    return RULES.given({OPINION: on_opinion, SURVIVOR: [receipt_of(SURVIVOR)], **(more or {})})
