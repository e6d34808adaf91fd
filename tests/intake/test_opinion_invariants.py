"""Whatever is asked in whatever order, no opinion disappears and each episode ends once (domain brief §6, R9)."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import Table

from services.intake.domain.opinion.commands import (
    ClassifyOpinion,
    CompleteOpinion,
    DivertOpinion,
    ForwardOpinion,
    Matter,
    MergeOpinion,
    ReferOpinion,
    RejectOpinion,
    RequestCompletion,
    SplitOpinion,
    WithdrawOpinion,
)
from services.intake.domain.opinion.states import AwaitingCompletion, Classified, Ended, Received, Referred
from services.intake.readmodel.opinions.projections import Stage, project_opinion
from services.intake.readmodel.opinions.tables import opinions_opinion
from shared.contracts.facts import Facts
from shared.contracts.opinion import (
    DivertedKind,
    Kind,
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
    SubmitterAdded,
)
from shared.contracts.refusals import Refused
from shared.eventlog.records import Recorded
from tests.intake.stage import RECEIVE, RECEIVED_AT, RULES, handing_in, sorting, splitting
from tests.support.records import recorded
from tests.support.scenario import sealed

BEGINNINGS = (OpinionReceived, OpinionSplitOff)
ENDINGS = (OpinionRejected, OpinionForwarded, OpinionDiverted, OpinionMerged, OpinionSplit, OpinionWithdrawn)
OPEN = (Received, AwaitingCompletion, Classified)
OFFICES = st.sampled_from(["VPUB", "VPUB", "VPUB", "UBND-MSO"])
NUMBERS = st.integers(min_value=1, max_value=6)
SMALL = st.sampled_from(["a", "a", "a", "b"])
HOURS = st.sampled_from([1, 1, 1, 0, -3])


class Intake(RuleBasedStateMachine):
    """The opinions of two offices, asked anything by anybody whom permission let through."""

    def __init__(self) -> None:
        super().__init__()
        self.history: dict[str, list[Any]] = {}
        self.now = RECEIVED_AT
        self.split = 0
        self.read_side = ReadSide()

    @initialize()
    def some_are_there(self) -> None:
        for number, office in ((1, "VPUB"), (2, "VPUB"), (3, "VPUB"), (4, "UBND-MSO")):
            self.hand_in(number, "a", office)

    @rule(number=NUMBERS, content=SMALL, office=OFFICES)
    def hand_in(self, number: int, content: str, office: str) -> None:
        self.now += timedelta(hours=1)
        told = handing_in(self.now, opinion=f"opinion-{number}", local_id=str(number), content_key=f"{content}{office}")
        self.ask(replace(RECEIVE, office=office), told)

    @rule(data=st.data(), hours=HOURS, how=st.integers(min_value=0, max_value=3))
    def end(self, data: st.DataObject, hours: int, how: int) -> None:
        opinion = data.draw(self.opinions())
        made = [
            RejectOpinion(opinion=opinion, reason=RejectionReason.UNCLEAR),
            ForwardOpinion(opinion=opinion, to="SGTVT"),
            DivertOpinion(opinion=opinion, kind=DivertedKind.COMPLAINT, to="BTCD"),
            WithdrawOpinion(opinion=opinion),
        ]
        self.ask(made[how], sorting(self.moment(hours)))

    @rule(data=st.data(), hours=HOURS)
    def merge(self, data: st.DataObject, hours: int) -> None:
        command = MergeOpinion(opinion=data.draw(self.opinions()), into=data.draw(self.opinions()))
        self.ask(command, sorting(self.moment(hours)))

    @rule(data=st.data(), hours=HOURS, kind=st.sampled_from(Kind))
    def classify(self, data: st.DataObject, hours: int, kind: Kind) -> None:
        self.ask(ClassifyOpinion(opinion=data.draw(self.opinions()), kind=kind, field="giao-thong"), sorting(self.moment(hours)))

    @rule(data=st.data(), hours=HOURS)
    def ask_back(self, data: st.DataObject, hours: int) -> None:
        self.ask(RequestCompletion(opinion=data.draw(self.opinions()), asked=sealed(4)), sorting(self.moment(hours)))

    @rule(data=st.data(), hours=HOURS)
    def complete(self, data: st.DataObject, hours: int) -> None:
        self.ask(CompleteOpinion(opinion=data.draw(self.opinions()), words=sealed(5)), sorting(self.moment(hours)))

    @rule(data=st.data(), hours=HOURS)
    def refer(self, data: st.DataObject, hours: int) -> None:
        self.ask(ReferOpinion(opinion=data.draw(self.opinions())), sorting(self.moment(hours)))

    @rule(data=st.data(), parts=st.integers(min_value=0, max_value=3))
    def split_up(self, data: st.DataObject, parts: int) -> None:
        self.split += 1
        children = [f"opinion-{self.split}P{n}" for n in range(parts)]
        command = SplitOpinion(opinion=data.draw(self.opinions()), parts=tuple(Matter(words=sealed(n)) for n in range(parts)))
        self.ask(command, splitting(children, self.moment(1)))

    def opinions(self) -> st.SearchStrategy[str]:
        return st.sampled_from(sorted(self.history))

    def moment(self, hours: int) -> datetime:
        self.now += timedelta(hours=1)
        return self.now + timedelta(hours=hours - 1)

    def ask(self, command: Any, told: Facts) -> None:
        before = {stream: list(events) for stream, events in self.history.items()}
        try:
            decided = RULES.given(self.history).when(command, told).decided()
        except Refused as refused:
            assert self.history == before, "a refusal leaves no trace"
            RULES.given(before).when(command, told).refuses(type(refused))
            return
        for stream, events in decided.items():
            for event in events:
                self.history.setdefault(stream, []).append(event)
                self.read_side.take_in(recorded(event, stream=stream, version=len(self.history[stream])))

    def states(self) -> Mapping[str, Any]:
        states = RULES.states(self.history)
        return {stream: states[stream] for stream in self.history}

    def events(self) -> Sequence[Any]:
        return [event for events in self.history.values() for event in events]

    @invariant()
    def as_many_were_received_as_are_open_or_were_handed_over_or_have_ended(self) -> None:
        states = self.states().values()
        received = sum(isinstance(event, BEGINNINGS) for event in self.events())
        still_open = sum(isinstance(state, OPEN) for state in states)
        gone = sum(isinstance(state, Referred | Ended) for state in states)
        assert received == still_open + gone

    @invariant()
    def each_episode_begins_once_and_ends_or_is_handed_over_at_most_once_and_last(self) -> None:
        for stream, events in self.history.items():
            lasting = [event for event in events if not isinstance(event, SubmitterAdded)]
            closed = [event for event in lasting if isinstance(event, (*ENDINGS, OpinionReferred))]
            assert isinstance(lasting[0], BEGINNINGS)
            assert not any(isinstance(event, BEGINNINGS) for event in lasting[1:])
            assert closed in ([], [lasting[-1]])
            assert {event.episode for event in [lasting[0], *closed]} == {f"{stream.removeprefix('opinion-')}/1"}

    @invariant()
    def who_was_merged_is_answered_by_one_opinion_of_the_same_office_without_a_circle(self) -> None:
        into = {
            stream: event.into for stream, events in self.history.items() for event in events if isinstance(event, OpinionMerged)
        }
        answered: dict[str, set[str]] = {}
        for start in into:
            met = [start]
            while met[-1] in into:
                met.append(into[met[-1]])
                assert len(set(met)) == len(met)
                answered.setdefault(met[-1], set()).add(start)
            assert len({self.history[stream][0].office for stream in met}) == 1
        added = {
            stream: {event.merged for event in events if isinstance(event, SubmitterAdded)}
            for stream, events in self.history.items()
        }
        assert answered == {stream: merged for stream, merged in added.items() if merged}
        for stream, events in self.history.items():
            for event in events:
                if isinstance(event, OpinionReferred):
                    assert set(event.merged) == answered.get(stream, set())

    @invariant()
    def every_part_of_a_split_opinion_stands_and_has_its_receipt(self) -> None:
        for stream, events in self.history.items():
            if isinstance(events[-1], OpinionSplit):
                parts = [self.history[child][0] for child in events[-1].children]
                assert len(parts) >= 2
                assert {(part.parent, part.received_at) for part in parts} == {(stream, events[0].received_at)}

    @invariant()
    def what_is_classified_has_a_field_and_a_due_date_counted_from_its_receipt(self) -> None:
        for state in self.states().values():
            if isinstance(state, Classified):
                assert state.field == "giao-thong"
                assert state.due.start >= state.receipt.received_at.date()

    @invariant()
    def the_read_side_says_what_the_facts_fold_to(self) -> None:
        assert self.read_side.stages() == {stream: stage_of(state) for stream, state in self.states().items()}


def stage_of(state: Any) -> str:
    """What the read side calls a state."""
    if isinstance(state, Ended):
        return Stage[state.how.upper()].value
    names = {Received: Stage.RECEIVED, AwaitingCompletion: Stage.AWAITING, Classified: Stage.CLASSIFIED, Referred: Stage.REFERRED}
    return names[type(state)].value


class ReadSide:
    """The rows of the projection, in memory."""

    def __init__(self) -> None:
        self._rows: dict[tuple[str, tuple[Any, ...]], dict[str, Any]] = {}

    def take_in(self, fact: Recorded) -> None:
        asyncio.run(project_opinion(fact, self))

    def stages(self) -> dict[str, str]:
        return {row["opinion"]: row["stage"] for (table, _), row in self._rows.items() if table == opinions_opinion.name}

    def put(self, table: Table, values: Mapping[str, Any]) -> None:
        self._rows.setdefault(_key(table, values), {}).update(values)

    def patch(self, table: Table, key: Mapping[str, Any], values: Mapping[str, Any]) -> None:
        if (row := self._rows.get(_key(table, key))) is not None:
            row.update(values)

    def delete(self, table: Table, key: Mapping[str, Any]) -> None:
        self._rows.pop(_key(table, key), None)

    async def get(self, table: Table, key: Mapping[str, Any]) -> Mapping[str, Any] | None:
        return self._rows.get(_key(table, key))


def _key(table: Table, values: Mapping[str, Any]) -> tuple[str, tuple[Any, ...]]:
    return table.name, tuple(values[column.name] for column in table.primary_key)


Intake.TestCase.settings = settings(max_examples=100, stateful_step_count=60, deadline=None)
TestIntake = Intake.TestCase
