"""What a stored life consists of: the commands that an opinion's way from receipt to resolution takes, and their events.

A life may be in hand still, at any stage from the opening of its case on: then a specialist of the unit has the work.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any, Final, NamedTuple

from shared.contracts.case import (
    AnswerApproved,
    AnswerDelivered,
    AnswerSubmitted,
    Authority,
    CaseAssigned,
    CaseOpened,
    CaseResolved,
    Means,
    Resolution,
)
from shared.contracts.due import Due
from shared.contracts.opinion import Channel, Kind, OpinionClassified, OpinionReceived, OpinionReferred, SourceGroup
from shared.contracts.task import TaskAccepted, TaskAssigned, TaskCompleted, TaskDelegated, TaskSubmitted, TaskType
from shared.contracts.types import Sealed
from shared.ids import base32

OFFICE: Final = "VPUB"
LEADS: Final = ("TCHCQT", "TH", "NC", "KT", "KGVX")
AT: Final = datetime(2026, 11, 2, 2, tzinfo=UTC)
DUE: Final = Due(day=date(2026, 11, 16), rule="answer", start=AT.date(), days=10, skipped=(), calendar="VN-2027", rules="2023.1")
SAID: Final = (
    "B3T7-K9QX-2MWA",
    "Đường vào bản bị sạt lở từ mùa mưa năm trước, xe cấp cứu không vào được, đề nghị tỉnh sớm bố trí kinh phí sửa chữa.",
    "Văn phòng tiếp thu ý kiến; đã báo cáo lãnh đạo đưa vào kế hoạch sửa chữa của quý tới.",
    "Giao phòng chuyên môn rà soát, bố trí kinh phí trong dự toán được giao.",
    "Kế hoạch số 01/KH-VPUB ngày 04/01/2023.",
)
TEXTS: Final = len(SAID)  # of a life: receipt, words, answer, solution, legal basis
UNTIL_OPENED: Final = 4  # steps
PEOPLE: Final = 7  # specialists of each unit who have work in hand


class Step(NamedTuple):
    """One command: who asked it of which service, and what it wrote, stream by stream."""

    service: str
    actor: str
    capacity: str
    unit: str
    events: Sequence[tuple[str, Any]]


def texts(n: int) -> list[Sealed]:
    """The references of the `n`th life's texts."""
    return [Sealed(ref=f"{n * TEXTS + k:032x}", digest=f"{n * TEXTS + k:064x}") for k in range(TEXTS)]


def specialist(n: int) -> str:
    """Who has the work of the `n`th life, where it is in hand."""
    return f"{LEADS[n % len(LEADS)].lower()}-{n // len(LEADS) % PEOPLE + 11}"


def in_hand(n: int) -> list[Step]:
    """The `n`th life as it stands before its end: opened, assigned, accepted, with a draft, or approved."""
    steps = life(n)[: UNTIL_OPENED + n // (len(LEADS) * PEOPLE) % 5]
    if len(steps) > UNTIL_OPENED + 1:
        lead, task = LEADS[n % len(LEADS)], steps[UNTIL_OPENED].events[1][0]
        given = Step("assignment", "th-01", "unit_leader", lead, [(task, TaskDelegated(unit=lead, to=specialist(n)))])
        steps.insert(UNTIL_OPENED + 2, given)
    return steps


def life(n: int) -> list[Step]:
    """The `n`th life, as it stands at its end: the answer is delivered and the case resolved."""
    suffix = base32((n << 4).to_bytes(13, "big"), 20)  # of its 104 bits the last four are left out
    opinion, case, task = f"opinion-{suffix}", f"case-{suffix}", f"task-{suffix}"
    episode, lead = f"{suffix}/1", LEADS[n % len(LEADS)]
    receipt, words, answer, solution, basis = texts(n)
    about: dict[str, Any] = {
        "episode": episode,
        "office": OFFICE,
        "unit": "TCHCQT",
        "source_group": SourceGroup.PEOPLE,
        "channel": Channel.LETTER,
        "locality": None,
        "received_at": AT,
        "words": words,
        "hidden": False,
    }
    received = OpinionReceived(
        **about,
        local_id=f"stored-{n}",
        content_key=f"{n:064x}",
        speaker=None,
        speaker_name=None,
        speaker_contact=None,
        receipt=receipt,
        receipt_key=f"{n:064x}",
    )
    kind: dict[str, Any] = {
        "kind": Kind.PROPOSAL,
        "field": "che-do-chinh-sach",
        "flags": (),
        "due": DUE,
        "concerns_units": (),
        "concerns_posts": (),
    }
    opened = CaseOpened(**about, **kind, opinion=opinion, session=None)
    assigned = CaseAssigned(episode=episode, lead=lead, authority=Authority.HEAD, task=task, due=DUE)
    given = TaskAssigned(
        type=TaskType.ANSWER,
        unit=lead,
        office=OFFICE,
        about=case,
        case=case,
        episode=episode,
        authority=Authority.HEAD,
        due=DUE,
    )
    submitted = AnswerSubmitted(
        episode=episode, draft=1, drafter="th-01", answer=answer, solution=solution, direction=None, legal_basis=basis
    )
    delivered = AnswerDelivered(episode=episode, draft=1, means=Means.LETTER)
    resolved = CaseResolved(episode=episode, how=Resolution.WRITTEN, due=DUE)
    desk, head, unit = ("th-01", "hub", "TCHCQT"), ("cvp-01", "chief", "CVP"), ("th-01", "specialist", lead)
    return [
        Step("intake", *desk, [(opinion, received)]),
        Step("intake", *desk, [(opinion, OpinionClassified(**kind))]),
        Step("intake", *desk, [(opinion, OpinionReferred(**about, **kind, into=None, merged=()))]),
        Step("assignment", "open-cases", "system", OFFICE, [(case, opened)]),
        Step("assignment", *head, [(case, assigned), (task, given)]),
        Step("assignment", *unit, [(task, TaskAccepted(unit=lead))]),
        Step("assignment", *unit, [(case, submitted), (task, TaskSubmitted(unit=lead, by="th-01"))]),
        Step("assignment", *head, [(case, AnswerApproved(episode=episode, draft=1, reviewer="cvp-01"))]),
        Step("assignment", *unit, [(case, delivered), (case, resolved), (task, TaskCompleted(unit=lead))]),
    ]
