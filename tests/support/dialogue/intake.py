"""Opinions that come in, and what intake decides about them, in random order."""

from datetime import datetime
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from services.intake.domain.opinion import states as opinions
from shared.contracts.opinion import Channel, DivertedKind, Flag, Kind, RejectionReason, SourceGroup
from tests.support.dialogue.asking import CANARY, DATA, FIELDS, NEVER_LATE, UNITS, Asking
from tests.support.office import (
    HUB,
    OFFICE,
    SPECIALISTS,
)


class Intake(Asking):
    """Opinions are handed in and sorted."""

    @rule(
        data=DATA,
        unit=st.sampled_from(UNITS),
        source=st.sampled_from(SourceGroup),
        named=st.booleans(),
        number=st.integers(1, 60),
    )
    def receive(self, data: st.DataObject, unit: str, source: SourceGroup, named: bool, number: int) -> None:
        self.received += 1
        speaker = {"speaker_name": f"{CANARY} {self.received}", "hidden": True} if named else {}
        outcome = self.ask(
            SPECIALISTS[unit],
            "receive_opinion",
            late=self.late(data),
            office=OFFICE,
            channel=Channel.IN_PERSON.value,
            source_group=source.value,
            local_id=f"{unit}-{number}",
            words=f"{CANARY} xin có ý kiến thứ {self.received}.",
            **speaker,
        )
        if outcome is not None and named:
            found = self.facts.state(outcome.stream).receipt.speaker
            self.speakers += [found] if found else []

    @rule(
        data=DATA,
        source=st.sampled_from(SourceGroup),
        flagged=st.booleans(),
        about=st.sampled_from(["", "", "", "TH", "CVP", "TCHCQT"]),
    )
    def bring_in(self, data: st.DataObject, source: SourceGroup, flagged: bool, about: str) -> None:
        """A whole undisturbed way to the head's desk."""
        self.bring_one_in(data, source, flagged=flagged, about=about)

    def bring_one_in(self, data: st.DataObject, source: SourceGroup, *, flagged: bool, about: str) -> None:
        self.received += 1
        unit = data.draw(st.sampled_from(UNITS))
        came = self.ask(
            SPECIALISTS[unit],
            "receive_opinion",
            office=OFFICE,
            channel=Channel.LETTER.value,
            source_group=source.value,
            words=f"{CANARY} đề nghị lần {self.received}.",
        )
        if came is not None:
            self.classify(data, came.stream, flagged=flagged, about=about, late=None)
            self.ask(HUB, "refer_opinion", opinion=came.stream)
            self.drain()

    def classify(self, data: st.DataObject, stream: str, *, flagged: bool, about: str, late: datetime | None) -> None:
        self.ask(
            HUB,
            "classify_opinion",
            late=late,
            opinion=stream,
            kind=data.draw(st.sampled_from(Kind)).value,
            field=data.draw(st.sampled_from(FIELDS)),
            flags=[Flag.COMPLEX.value] if flagged else [],
            concerns_units=[about] if about else [],
            concerns_posts=["CVP"] if about == "CVP" else [],
        )

    @precondition(lambda self: self.of("opinion"))
    @rule(data=DATA)
    def sort_out(self, data: st.DataObject) -> None:
        """Something is done about an opinion at intake; often it is too late for that."""
        still = self.of("opinion", opinions.Received, opinions.AwaitingCompletion, opinions.Classified)
        stream = data.draw(st.sampled_from(still or self.of("opinion")))
        other = data.draw(st.sampled_from(self.of("opinion")))
        late = self.late(data)
        note = "Lý do ghi trong hồ sơ."
        asked: dict[str, dict[str, Any]] = {
            "request_completion": {"asked": note},
            "complete_opinion": {"words": f"{CANARY} bổ sung."},
            "correct_opinion": {"reason": note, "source_group": SourceGroup.PEOPLE.value},
            "split_opinion": {"parts": [{"words": f"{CANARY} việc một."}, {"words": f"{CANARY} việc hai."}]},
            "merge_opinion": {"into": other},
            "unmerge_opinion": {"reason": note},
            "withdraw_opinion": {},
            "reject_opinion": {"reason": RejectionReason.UNCLEAR.value},
            "forward_opinion": {"to": "SGTVT"},
            "divert_opinion": {"kind": data.draw(st.sampled_from(DivertedKind)).value, "to": "BTCD"},
            "quarantine_opinion": {"paper": "MAT-01"},
            "record_wish": {"wish": "rut"},
        }
        command = data.draw(st.sampled_from(["classify", "classify", "refer", "refer", *asked]))
        match command:
            case "classify":
                self.classify(data, stream, flagged=data.draw(st.booleans()), about="", late=late)
            case "refer":
                into = data.draw(st.sampled_from([None, None, *self.of("case")]))
                self.ask(HUB, "refer_opinion", opinion=stream, **({"into": into} if into else {}))
            case _:
                self.ask(HUB, command, late=None if command in NEVER_LATE else late, opinion=stream, **asked[command])
        self.drain()
