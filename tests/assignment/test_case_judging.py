"""What a case turns out to be after referral: something else, somebody else's, the same as another, several matters."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from services.assignment.domain.case import refusals
from services.assignment.domain.case.commands import (
    AddSubmitter,
    CloseCase,
    DivertCase,
    ForwardCase,
    MergeCase,
    OpenCase,
    ReclassifyCase,
    RejectCase,
    RemoveSubmitter,
    ReopenCase,
    SplitCase,
    SplitMatter,
    UnmergeCase,
    WithdrawCase,
    WordsInVault,
)
from services.assignment.domain.case.judging import Splitting
from services.assignment.domain.directory.refusals import UnknownField, UnknownUnit
from shared.contracts.case import (
    CaseClosed,
    CaseConcluded,
    CaseConsulted,
    CaseDiverted,
    CaseForwarded,
    CaseMerged,
    CaseOpened,
    CaseReclassified,
    CaseRejected,
    CaseSplit,
    CaseSubmitterAdded,
    CaseSubmitterRemoved,
    CaseUnlinked,
    CaseUnmerged,
    CaseWithdrawn,
    Coordination,
    CoordinationSet,
)
from shared.contracts.directory import FieldRegistered
from shared.contracts.opinion import DivertedKind, Flag, Kind, RejectionReason
from shared.contracts.refusals import Refused, Unknown
from shared.contracts.roles import Role
from shared.contracts.session import SessionCaseUnlinked, SessionItemSplit, SessionOpened
from shared.contracts.task import TaskCancelled, TaskType
from shared.documents.refusals import UnitNotInForce
from tests.assignment.stage import (
    ASSIGNED,
    CASE,
    DUE,
    EPISODE,
    HUB,
    LINKED,
    OPENED,
    RESOLVED,
    SESSION,
    TASK,
    WORK,
    facts,
    given,
    session,
)
from tests.support.scenario import Given, sealed

SECOND = "case-7Q2K9FXA3MBTW0000002"
THIRD = "case-7Q2K9FXA3MBTW0000003"
JOINED = "opinion-7Q2K9FXA3MBTW0000004"  # merged at intake
HELPING, ASKED = "task-00000000000000000003", "task-00000000000000000004"
DRAFTING = given(OPENED, ASSIGNED, task=[WORK])
REJECT = RejectCase(case=CASE, reason=RejectionReason.FINAL_DECISION, note=sealed(1))
FORWARD = ForwardCase(case=CASE, to="SGTVT")
DIVERT = DivertCase(case=CASE, kind=DivertedKind.COMPLAINT, to="TH")
WITHDRAW = WithdrawCase(case=CASE)
MERGE = MergeCase(case=CASE, into=SECOND)
UNMERGE = UnmergeCase(case=CASE, reason=sealed(2))
MERGED = CaseMerged(episode=EPISODE, into=SECOND)
PARTS = (SplitMatter(words=sealed(3)), SplitMatter(words=sealed(4)))
SPLIT = SplitCase(case=CASE, parts=PARTS)
CHILDREN = ("case-0000000000000000000A", "case-0000000000000000000B")
CONCLUDED = CaseConcluded(episode=EPISODE, notice="notice-1", item=1, unit="TCHCQT", task="task-00000000000000000009")


def other(case: str) -> CaseOpened:
    suffix = case.removeprefix("case-")
    return replace(OPENED, opinion=f"opinion-{suffix}", episode=f"{suffix}/1")


def splitting(children: tuple[str, ...] = CHILDREN) -> Splitting:
    at = datetime(2023, 1, 11, 2, tzinfo=UTC)
    return Splitting(at=at, now=at, person="p-hub", office="VPUB", unit="TCHCQT", capacity=Role.HUB, children=children)


@pytest.mark.parametrize(
    ("command", "ending"),
    [
        (REJECT, CaseRejected(episode=EPISODE, reason=RejectionReason.FINAL_DECISION, note=sealed(1))),
        (FORWARD, CaseForwarded(episode=EPISODE, to="SGTVT", note=None)),
        (DIVERT, CaseDiverted(episode=EPISODE, kind=DivertedKind.COMPLAINT, to="TH")),
        (WITHDRAW, CaseWithdrawn(episode=EPISODE, note=None)),
    ],
)
def test_one_fact_ends_the_episode_and_asked_again_changes_nothing(command: Any, ending: Any) -> None:
    given(OPENED).when(command, HUB).then({CASE: [ending]})
    given(OPENED, ending).when(command, HUB).nothing()
    given(OPENED, ending, CaseClosed(episode=EPISODE)).when(command, HUB).nothing()


def test_the_tasks_of_an_ended_episode_are_no_longer_needed() -> None:
    beside = CoordinationSet(episode=EPISODE, coordinating=(Coordination(unit="TH", task=HELPING, due=DUE),))
    question = CaseConsulted(episode=EPISODE, unit="NC", task=ASKED, question=sealed(5), due=DUE)
    tasks = {HELPING: [replace(WORK, unit="TH")], ASKED: [replace(WORK, unit="NC")]}
    given(OPENED, ASSIGNED, beside, question, task=[WORK], more=tasks).when(FORWARD, HUB).then(
        {
            CASE: [CaseForwarded(episode=EPISODE, to="SGTVT", note=None)],
            TASK: [TaskCancelled(unit="TCHCQT", reason=None)],
            HELPING: [TaskCancelled(unit="TH", reason=None)],
            ASKED: [TaskCancelled(unit="NC", reason=None)],
        }
    )


@pytest.mark.parametrize("command", [REJECT, FORWARD, DIVERT, MERGE])
def test_what_a_notice_ordered_is_done_before_the_case_is_anything_else(command: Any) -> None:
    ordered = given(OPENED, ASSIGNED, CONCLUDED, task=[WORK], more={SECOND: [other(SECOND)]})
    refused = ordered.when(command, HUB).refuses(refusals.WorkStillOpen)
    assert refused.facts == {"count": 1}


def test_a_speaker_takes_back_even_what_a_notice_concluded_and_its_work_goes_on() -> None:
    carrying = {"task-00000000000000000009": [replace(WORK, type=TaskType.CARRY_OUT)]}
    decided = given(OPENED, ASSIGNED, CONCLUDED, task=[WORK], more=carrying).when(WITHDRAW, HUB).decided()
    assert set(decided) == {CASE, TASK}


@pytest.mark.parametrize("command", [REJECT, FORWARD, DIVERT, WITHDRAW, MERGE, SPLIT])
def test_what_has_ended_is_not_ended_again(command: Any) -> None:
    more = {SECOND: [other(SECOND)]}
    told = splitting() if command is SPLIT else HUB
    given(OPENED, ASSIGNED, RESOLVED, more=more).when(command, told).refuses(refusals.AlreadyResolved)
    gone = CaseSplit(episode=EPISODE, children=CHILDREN)
    refused = given(OPENED, gone, more=more).when(command, told).refuses(refusals.CaseOver)
    assert refused.facts == {"how": "split"}


def test_forwarding_leads_outside_to_a_body_that_there_is() -> None:
    given(OPENED).when(ForwardCase(case=CASE, to="TH"), HUB).refuses(refusals.ForwardedInside, "to")
    given(OPENED).when(ForwardCase(case=CASE, to="NOWHERE"), HUB).refuses(UnknownUnit, "to")
    given(OPENED).when(DivertCase(case=CASE, kind=DivertedKind.COMPLAINT, to="CU"), HUB).refuses(UnitNotInForce, "to")


def test_the_house_lets_a_wish_that_came_too_late_be() -> None:
    house = facts(person="open-cases", unit="VPUB", capacity=Role.SYSTEM)
    given(OPENED, ASSIGNED, RESOLVED).when(WITHDRAW, house).nothing()
    given(OPENED, MERGED).when(WITHDRAW, house).nothing()
    given(OPENED).when(WITHDRAW, house).then({CASE: [CaseWithdrawn(episode=EPISODE, note=None)]})


def test_withdrawn_before_the_day_it_is_no_longer_put_to_the_session_and_on_the_day_it_stays() -> None:
    history = given(OPENED, LINKED, more={SESSION: session(on=date(2023, 3, 21))})
    before = facts(datetime(2023, 3, 20, 16, 59, tzinfo=UTC), person="p-hub", unit="TCHCQT", capacity=Role.HUB)
    history.when(WITHDRAW, before).then(
        {
            CASE: [CaseUnlinked(episode=EPISODE, session=SESSION), CaseWithdrawn(episode=EPISODE, note=None)],
            SESSION: [SessionCaseUnlinked(case=CASE, episode=EPISODE)],
        }
    )
    on_the_day = facts(datetime(2023, 3, 20, 17, tzinfo=UTC), person="p-hub", unit="TCHCQT", capacity=Role.HUB)
    history.when(WITHDRAW, on_the_day).then({CASE: [CaseWithdrawn(episode=EPISODE, note=None)]})
    begun = given(OPENED, LINKED, more={SESSION: [*session(), SessionOpened()]})
    begun.when(WITHDRAW, before).then({CASE: [CaseWithdrawn(episode=EPISODE, note=None)]})


def test_a_case_can_be_classified_anew_and_what_is_left_out_stays() -> None:
    again = ReclassifyCase(case=CASE, kind=Kind.SUGGESTION, flags=(Flag.PRESSING, Flag.BACKLOG, Flag.PRESSING))
    reclassified = CaseReclassified(
        episode=EPISODE,
        kind=Kind.SUGGESTION,
        field=OPENED.field,
        flags=(Flag.PRESSING, Flag.BACKLOG),
        concerns_units=(),
        concerns_posts=(),
    )
    given(OPENED).when(again, HUB).then({CASE: [reclassified]})
    given(OPENED, reclassified).when(again, HUB).nothing()
    assert given(OPENED, reclassified).state(CASE).matter.due == DUE


def test_a_reclassification_says_something_and_names_a_field_that_there_is() -> None:
    given(OPENED).when(ReclassifyCase(case=CASE), HUB).refuses(refusals.NothingReclassified)
    given(OPENED).when(ReclassifyCase(case=CASE, field="nowhere"), HUB).refuses(UnknownField, "field")
    known = FieldRegistered(field="y-te", name="Y tế", restricted=False, valid_from=date(2021, 1, 1))
    moved = given(OPENED, more={"field-y-te": [known]}).when(ReclassifyCase(case=CASE, field="y-te"), HUB).decided()
    assert moved[CASE][0].field == "y-te"


def test_a_case_does_not_turn_out_to_be_about_a_unit_that_has_a_part_in_it() -> None:
    about = ReclassifyCase(case=CASE, concerns_units=("TCHCQT",))
    chief = facts()
    DRAFTING.when(about, chief).refuses(refusals.AboutThatUnit, "concerns_units")
    beside = CoordinationSet(episode=EPISODE, coordinating=(Coordination(unit="TCHCQT", task=HELPING, due=DUE),))
    theirs = replace(ASSIGNED, lead="TH")
    given(OPENED, theirs, beside).when(about, chief).refuses(refusals.AboutThatUnit, "concerns_units")
    assert given(OPENED).when(about, chief).decided()[CASE][0].concerns_units == ("TCHCQT",)


def test_a_merged_case_ends_and_its_submitter_gets_the_survivor_s_answer() -> None:
    given(OPENED, ASSIGNED, task=[WORK], more={SECOND: [other(SECOND)]}).when(MERGE, HUB).then(
        {CASE: [MERGED], TASK: [TaskCancelled(unit="TCHCQT", reason=None)], SECOND: [CaseSubmitterAdded(merged=CASE)]}
    )
    given(OPENED, MERGED, more={SECOND: [other(SECOND)]}).when(MERGE, HUB).nothing()


def test_whoever_was_merged_into_the_merged_one_gets_that_answer_too() -> None:
    followed: dict[str, list[Any]] = {
        SECOND: [other(SECOND)],
        THIRD: [other(THIRD), CaseMerged(episode="7Q2K9FXA3MBTW0000003/1", into=CASE)],
    }
    decided = given(OPENED, CaseSubmitterAdded(merged=THIRD), more=followed).when(MERGE, HUB).decided()
    assert decided[SECOND] == [CaseSubmitterAdded(merged=CASE), CaseSubmitterAdded(merged=THIRD)]


@pytest.mark.parametrize("into", [CASE, SECOND, THIRD])
def test_merges_make_no_circle(into: str) -> None:
    # SECOND was merged into this one, THIRD into SECOND.
    history: dict[str, list[Any]] = {
        SECOND: [other(SECOND), CaseMerged(episode="7Q2K9FXA3MBTW0000002/1", into=CASE)],
        THIRD: [other(THIRD), CaseMerged(episode="7Q2K9FXA3MBTW0000003/1", into=SECOND)],
    }
    refused = given(OPENED, more=history).when(MergeCase(case=CASE, into=into), HUB)
    refused.refuses(refusals.MergedInACircle, "into")


def test_what_others_are_merged_into_is_open_and_of_the_same_office() -> None:
    resolved = [other(SECOND), replace(RESOLVED, episode="7Q2K9FXA3MBTW0000002/1")]
    given(OPENED, more={SECOND: resolved}).when(MERGE, HUB).refuses(refusals.SurvivorNotOpen, "into")
    elsewhere = [replace(other(SECOND), office="UBND-MSO")]
    given(OPENED, more={SECOND: elsewhere}).when(MERGE, HUB).refuses(Unknown, "into")
    given(OPENED).when(MERGE, HUB).refuses(Unknown, "into")


def test_an_undone_merge_leaves_no_submitter_behind_and_the_old_due_date() -> None:
    third = [other(THIRD), CaseMerged(episode="7Q2K9FXA3MBTW0000003/1", into=CASE)]
    survivor = [other(SECOND), CaseSubmitterAdded(merged=CASE), CaseSubmitterAdded(merged=THIRD)]
    history = given(OPENED, CaseSubmitterAdded(merged=THIRD), MERGED, more={SECOND: survivor, THIRD: third})
    decided = history.when(UNMERGE, HUB).decided()
    assert decided == {
        CASE: [CaseUnmerged(episode=EPISODE, out_of=SECOND, reason=sealed(2))],
        SECOND: [CaseSubmitterRemoved(merged=CASE), CaseSubmitterRemoved(merged=THIRD)],
    }
    again = given(OPENED, MERGED, *decided[CASE])
    again.when(UNMERGE, HUB).nothing()
    assert again.state(CASE).matter.due == DUE
    assert given(OPENED, MERGED, CaseClosed(episode=EPISODE), *decided[CASE]).state(CASE) == again.state(CASE)


def test_a_merge_beneath_another_is_undone_in_both() -> None:
    # This one is merged into SECOND, and that into THIRD.
    second = [other(SECOND), CaseSubmitterAdded(merged=CASE), CaseMerged(episode="7Q2K9FXA3MBTW0000002/1", into=THIRD)]
    third = [other(THIRD), CaseSubmitterAdded(merged=SECOND), CaseSubmitterAdded(merged=CASE)]
    decided = given(OPENED, MERGED, more={SECOND: second, THIRD: third}).when(UNMERGE, HUB).decided()
    assert decided[SECOND] == [CaseSubmitterRemoved(merged=CASE)]
    assert decided[THIRD] == [CaseSubmitterRemoved(merged=CASE)]


def test_no_speaker_takes_back_what_others_said_too_and_it_is_not_split() -> None:
    withdraw, house = WithdrawCase(case=CASE), facts(person="open-cases", capacity=Role.SYSTEM)
    joined = given(OPENED, CaseSubmitterAdded(merged=SECOND), CaseSubmitterAdded(merged=JOINED))
    refused = joined.when(withdraw, HUB).refuses(refusals.OthersMergedInto)
    assert refused.facts == {"count": 2, "merged": f"{SECOND}, {JOINED}"}
    joined.when(SPLIT, splitting()).refuses(refusals.OthersMergedInto)
    joined.when(withdraw, house).nothing()
    alone = given(OPENED, CaseSubmitterAdded(merged=SECOND), CaseSubmitterRemoved(merged=SECOND))
    alone.when(withdraw, HUB).then({CASE: [CaseWithdrawn(episode=EPISODE, note=None)]})


def test_only_a_merge_is_undone() -> None:
    given(OPENED, CaseWithdrawn(episode=EPISODE, note=None)).when(UNMERGE, HUB).refuses(refusals.NotMerged)
    given(OPENED, ASSIGNED, RESOLVED).when(UNMERGE, HUB).refuses(refusals.NotMerged)


def test_a_referral_into_an_open_case_opens_and_merges_in_one_append() -> None:
    assert opening(SECOND, [other(SECOND)]) == {
        CASE: [OPENED, CaseMerged(episode=EPISODE, into=SECOND)],
        SECOND: [CaseSubmitterAdded(merged=CASE)],
    }


@pytest.mark.parametrize(
    "survivor",
    [
        [],
        [other(SECOND), CaseWithdrawn(episode="7Q2K9FXA3MBTW0000002/1", note=None)],
        [replace(other(SECOND), office="UBND-MSO")],
    ],
)
def test_a_referral_into_what_is_no_longer_open_is_a_case_of_its_own(survivor: list[Any]) -> None:
    assert opening(SECOND, survivor) == {CASE: [OPENED]}


def test_whoever_intake_joined_to_it_gets_the_answer_of_what_it_is_referred_into() -> None:
    joined = CaseSubmitterAdded(merged=JOINED)
    assert opening(SECOND, [other(SECOND)], merged=(JOINED,)) == {
        CASE: [OPENED, joined, CaseMerged(episode=EPISODE, into=SECOND)],
        SECOND: [CaseSubmitterAdded(merged=CASE), joined],
    }


def test_whom_intake_joins_to_it_is_joined_to_what_it_was_merged_into_and_taken_out_of_both() -> None:
    house = facts(person="open-cases", capacity=Role.SYSTEM)
    add, remove = AddSubmitter(case=CASE, merged=JOINED), RemoveSubmitter(case=CASE, merged=JOINED)
    joined, left = CaseSubmitterAdded(merged=JOINED), CaseSubmitterRemoved(merged=JOINED)
    survivor = {SECOND: [other(SECOND), CaseSubmitterAdded(merged=CASE)]}
    given(OPENED, MERGED, more=survivor).when(add, house).then({CASE: [joined], SECOND: [joined]})
    both = given(OPENED, MERGED, joined, more={SECOND: [*survivor[SECOND], joined]})
    both.when(add, house).nothing()
    both.when(remove, house).then({CASE: [left], SECOND: [left]})
    given(OPENED, MERGED, more=survivor).when(remove, house).nothing()
    given().when(add, house).nothing()  # intake has not referred it yet


def opening(into: str, survivor: list[Any], merged: tuple[str, ...] = ()) -> dict[str, list[Any]]:
    carried = {
        name: getattr(OPENED, name)
        for name in (
            *("opinion", "episode", "office", "unit", "source_group", "channel", "locality", "kind", "field", "flags"),
            *("due", "concerns_units", "concerns_posts", "received_at", "hidden"),
        )
    }
    words = WordsInVault(ref=OPENED.words.ref, digest=OPENED.words.digest)
    command = OpenCase(case=CASE, words=words, into=into, merged=merged, **carried)
    return given(more={into: survivor}).when(command).decided()


def test_each_matter_of_a_split_lives_on_with_the_receipt_and_the_due_date() -> None:
    decided = DRAFTING.when(SPLIT, splitting()).decided()
    assert decided[CASE] == [CaseSplit(episode=EPISODE, children=CHILDREN)]
    assert decided[TASK] == [TaskCancelled(unit="TCHCQT", reason=None)]
    first, second = decided[CHILDREN[0]][0], decided[CHILDREN[1]][0]
    assert (first.words, second.words) == (sealed(3), sealed(4))
    assert (first.parent, first.episode, first.opinion) == (CASE, "0000000000000000000A/1", OPENED.opinion)
    for name in ("due", "received_at", "field", "kind", "flags", "source_group", "unit", "hidden", "concerns_units"):
        assert getattr(first, name) == getattr(OPENED, name)
    child = given(more={CHILDREN[0]: decided[CHILDREN[0]]}).state(CHILDREN[0])
    assert (child.matter.case, child.matter.due) == (CHILDREN[0], DUE)


def test_at_its_session_the_matters_take_the_place_of_what_was_split() -> None:
    history = given(OPENED, LINKED, more={SESSION: [*session(), SessionOpened()]})
    decided = history.when(SPLIT, splitting()).decided()
    assert decided[SESSION] == [SessionItemSplit(case=CASE, children=CHILDREN)]
    assert decided[CHILDREN[0]][0].session == SESSION


def test_a_split_has_two_matters_in_fields_that_there_are() -> None:
    given(OPENED).when(SplitCase(case=CASE, parts=PARTS[:1]), splitting(CHILDREN[:1])).refuses(refusals.TooFewParts, "parts")
    parts = (PARTS[0], SplitMatter(words=sealed(4), field="nowhere"))
    given(OPENED).when(SplitCase(case=CASE, parts=parts), splitting()).refuses(UnknownField, "parts.1.field")
    given(OPENED, ASSIGNED, CONCLUDED).when(SPLIT, splitting()).refuses(refusals.WorkStillOpen)


@pytest.mark.parametrize(
    "ending",
    [MERGED, CaseWithdrawn(episode=EPISODE, note=None), CaseForwarded(episode=EPISODE, to="SGTVT", note=None)],
)
def test_what_ended_otherwise_is_put_away_without_a_conclusion_and_not_taken_up_again(ending: Any) -> None:
    ended: Given = given(OPENED, ending)
    ended.when(CloseCase(case=CASE), HUB).then({CASE: [CaseClosed(episode=EPISODE)]})
    put_away = given(OPENED, ending, CaseClosed(episode=EPISODE))
    put_away.when(CloseCase(case=CASE), HUB).nothing()
    rules: list[type[Refused]] = [refusals.NotResolved, refusals.CaseOver]
    for history, rule in zip((ended, put_away), rules, strict=True):
        history.when(ReopenCase(case=CASE, reason=sealed(6)), HUB).refuses(rule)
