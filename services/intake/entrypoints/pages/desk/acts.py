"""What can be done about an opinion, a request or a proposal at intake, and which values each act asks for."""

from collections.abc import Mapping
from typing import Final

from services.intake.domain.attachment.commands import AttachToSubmission
from services.intake.domain.opinion import commands as of_opinion
from services.intake.domain.opinion import refusals as opinion_rules
from services.intake.domain.submission import commands as of_submission
from services.intake.domain.telling.commands import TellSubmitter
from shared.contracts.case import Means
from shared.contracts.opinion import Channel, DivertedKind, Flag, Kind, RejectionReason, SourceGroup, Wish
from shared.contracts.refusals import Refused
from shared.contracts.submission import ReceiptRejection
from shared.contracts.types import NAME_LIMIT, WORDS_LIMIT
from shared.web.acts import Act, Asks, Field

# How a person hands something in; a system feeds, a session and a register tell of theirs by themselves.
BY_HAND: Final = (Channel.LETTER, Channel.IN_PERSON, Channel.TELEPHONE, Channel.ONLINE, Channel.UNIT_SUMMARY)
REASONS: Final = tuple(each for each in RejectionReason if each is not RejectionReason.STATE_SECRET)  # that one is quarantined
REASON: Final = Field("reason", Asks.TEXT)
NOTE: Final = Field("note", Asks.TEXT, required=False)
WORDS: Final = Field("words", Asks.TEXT, longest=WORDS_LIMIT)
CHANNEL: Final = Field("channel", Asks.CHOICE, choices=BY_HAND)
SOURCE: Final = Field("source_group", Asks.CHOICE, choices=tuple(SourceGroup))
LOCALITY: Final = Field("locality", Asks.ONE, required=False)
NAME: Final = Field("speaker_name", Asks.LINE, required=False, longest=NAME_LIMIT)
CONTACT: Final = Field("speaker_contact", Asks.LINE, required=False, longest=NAME_LIMIT)
NUMBER: Final = Field("local_id", Asks.LINE, required=False, longest=80)

RECEIVE: Final = Act(
    command=of_opinion.ReceiveOpinion,
    fields=(SOURCE, CHANNEL, NUMBER, WORDS, LOCALITY, NAME, CONTACT, Field("hidden", Asks.YES, required=False)),
)

CLASSIFY: Final = Act(
    command=of_opinion.ClassifyOpinion,
    on="opinion",
    fields=(
        Field("kind", Asks.CHOICE, choices=tuple(Kind)),
        Field("field", Asks.ONE),
        Field("flags", Asks.MANY, required=False, choices=tuple(Flag)),
        Field("concerns_units", Asks.MANY, required=False),
        Field("concerns_posts", Asks.MANY, required=False),
    ),
)
REFER: Final = Act(command=of_opinion.ReferOpinion, on="opinion", fields=(Field("into", Asks.LINE, required=False, longest=100),))
MERGE: Final = Act(command=of_opinion.MergeOpinion, on="opinion", fields=(Field("into", Asks.LINE, longest=100),), apart=True)
CORRECT: Final = Act(
    command=of_opinion.CorrectOpinion,
    on="opinion",
    fields=(
        Field("channel", Asks.CHOICE, required=False, choices=BY_HAND),
        Field("source_group", Asks.CHOICE, required=False, choices=tuple(SourceGroup)),
        LOCALITY,
        Field("words", Asks.TEXT, required=False, longest=WORDS_LIMIT),
        REASON,
    ),
    apart=True,
)
TELL: Final = Act(command=TellSubmitter, on="opinion", fields=(Field("means", Asks.CHOICE, choices=tuple(Means)),))

ATTACH: Final = Act(command=AttachToSubmission, on="about", fields=(Field("file", Asks.FILE),))

# In the order in which they come first where several can be done.
OPINION_ACTS: Final[tuple[Act, ...]] = (
    CLASSIFY,
    REFER,
    Act(command=of_opinion.CompleteOpinion, on="opinion", fields=(WORDS,)),
    TELL,
    Act(command=of_opinion.RequestCompletion, on="opinion", fields=(Field("asked", Asks.TEXT),), apart=True),
    Act(command=of_opinion.SplitOpinion, on="opinion", fields=(Field("parts", Asks.SEVERAL, each="words"),), apart=True),
    MERGE,
    Act(command=of_opinion.UnmergeOpinion, on="opinion", fields=(REASON,), apart=True),
    Act(command=of_opinion.ForwardOpinion, on="opinion", fields=(Field("to", Asks.ONE), NOTE), apart=True),
    Act(
        command=of_opinion.RejectOpinion,
        on="opinion",
        fields=(Field("reason", Asks.CHOICE, choices=REASONS), NOTE),
        apart=True,
    ),
    Act(
        command=of_opinion.DivertOpinion,
        on="opinion",
        fields=(Field("kind", Asks.CHOICE, choices=tuple(DivertedKind)), Field("to", Asks.ONE)),
        apart=True,
    ),
    Act(command=of_opinion.WithdrawOpinion, on="opinion", fields=(NOTE,), apart=True),
    Act(
        command=of_opinion.RecordWish,
        on="opinion",
        fields=(Field("wish", Asks.CHOICE, choices=tuple(Wish)), NOTE),
        apart=True,
    ),
    CORRECT,
    Act(command=of_opinion.RedactOpinion, on="opinion", fields=(WORDS, REASON), apart=True),
    Act(
        command=of_opinion.QuarantineOpinion,
        on="opinion",
        fields=(Field("paper", Asks.LINE, longest=80),),
        apart=True,
    ),
)
BY_SLUG: Final[Mapping[str, Act]] = {act.slug: act for act in OPINION_ACTS}

# Conditions that are told beside the act, which cannot be done yet; other refusals mean that it is not for now or not for him.
TOLD: Final[tuple[type[Refused], ...]] = (opinion_rules.NotClassified, opinion_rules.OthersMergedInto)

RECEIVE_REQUEST: Final = Act(
    command=of_submission.ReceiveRequest,
    fields=(
        SOURCE,
        CHANNEL,
        Field("incoming_number", Asks.LINE, required=False, longest=80),
        Field("incoming_on", Asks.DAY, required=False),
        WORDS,
        LOCALITY,
        NAME,
        CONTACT,
        Field("opinions", Asks.MANY, required=False),
    ),
)
RECEIVE_PROPOSAL: Final = Act(
    command=of_submission.ReceiveProposal,
    fields=(
        Field("proposer", Asks.ONE),
        Field("field", Asks.ONE),
        Field("division", Asks.ONE),
        Field("incoming_number", Asks.LINE, required=False, longest=80),
        Field("incoming_on", Asks.DAY, required=False),
        Field("content", Asks.TEXT, longest=WORDS_LIMIT),
        Field("reason", Asks.TEXT, longest=WORDS_LIMIT),
    ),
)
_REJECTION: Final = (Field("reason", Asks.CHOICE, choices=tuple(ReceiptRejection)), NOTE)
REQUEST_ACTS: Final[tuple[Act, ...]] = (
    Act(command=of_submission.ReferRequest, on="request_receipt"),
    Act(
        command=of_submission.RejectRequest,
        on="request_receipt",
        fields=(
            Field(
                "reason",
                Asks.CHOICE,
                choices=tuple(each for each in ReceiptRejection if each is not ReceiptRejection.NOT_A_PROPOSER),
            ),
            NOTE,
        ),
        apart=True,
    ),
    Act(command=of_submission.WithdrawRequestReceipt, on="request_receipt", fields=(NOTE,), apart=True),
)
PROPOSAL_ACTS: Final[tuple[Act, ...]] = (
    Act(command=of_submission.ReferProposal, on="proposal_receipt"),
    Act(command=of_submission.RejectProposal, on="proposal_receipt", fields=_REJECTION, apart=True),
)
