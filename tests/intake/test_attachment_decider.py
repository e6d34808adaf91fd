"""Files that come with a submission: so many, each once, and only while intake decides about it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from services.intake.domain.attachment.commands import AttachToSubmission
from services.intake.domain.attachment.decider import INITIAL, Attaching, KeptFile, attachment_of, decide, evolve
from services.intake.domain.attachment.refusals import FileNotKept, NumberHasFile, SubmissionDecided, TooManyFiles
from services.intake.domain.opinion.states import NoOpinion
from services.intake.domain.submission.decider import Received, Referred
from shared.contracts.document import AttachmentAdded
from shared.contracts.refusals import Refused
from shared.contracts.roles import Role
from tests.support.scenario import sealed

AT = datetime(2023, 1, 9, 2, tzinfo=UTC)
ABOUT = "request_receipt-00000000000000000001"
COMMAND = AttachToSubmission(about=ABOUT, number=2, file="a" * 64, name=sealed(1))
KEPT = KeptFile(media="png", size=53)
RECEIVED: Any = Received(None)


def facts(kept: KeptFile | None = KEPT) -> Attaching:
    return Attaching(at=AT, now=AT, person="s-1", office="VPUB", unit="VPUB", capacity=Role.CITIZEN, kept=kept)


def decided(command: AttachToSubmission = COMMAND, about: Any = RECEIVED, there: Any = INITIAL, **how: Any) -> Any:
    return decide(command, {attachment_of(command.about, command.number): there, ABOUT: about}, facts(**how))


def test_a_file_is_attached_under_its_number_and_again_it_is_attached_already() -> None:
    found = decided()
    added = AttachmentAdded(about=ABOUT, file="a" * 64, media="png", bytes=53, name=sealed(1))
    assert found == {"attachment-00000000000000000001-2": [added]}
    assert decided(there=evolve(INITIAL, added)) == {}
    assert decided(there=evolve(INITIAL, added), about=Referred(None)) == {}


@pytest.mark.parametrize(
    ("refusal", "how"),
    [
        (TooManyFiles, {"command": AttachToSubmission(about=ABOUT, number=6, file="a" * 64, name=sealed(1))}),
        (TooManyFiles, {"command": AttachToSubmission(about=ABOUT, number=0, file="a" * 64, name=sealed(1))}),
        (FileNotKept, {"kept": None}),
        (SubmissionDecided, {"about": Referred(None)}),
        (SubmissionDecided, {"about": NoOpinion()}),
    ],
)
def test_which_rules_it_is_refused_by(refusal: type[Refused], how: dict[str, Any]) -> None:
    with pytest.raises(refusal):
        decided(**how)


def test_what_came_is_not_replaced() -> None:
    added = AttachmentAdded(about=ABOUT, file="b" * 64, media="png", bytes=53, name=sealed(1))
    with pytest.raises(NumberHasFile):
        decided(there=evolve(INITIAL, added))
