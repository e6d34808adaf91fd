"""An opinion from its receipt to its referral, or to the one fact that ends it before."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from services.intake.domain.opinion import refusals
from services.intake.domain.opinion.commands import (
    CorrectOpinion,
    DivertOpinion,
    ForwardOpinion,
    Matter,
    MergeOpinion,
    QuarantineOpinion,
    RecordWish,
    RedactOpinion,
    ReferOpinion,
    RejectOpinion,
    SplitOpinion,
    UnmergeOpinion,
)
from services.intake.domain.opinion.refusals import (
    AboutThatPost,
    AboutThatUnit,
    AlreadyEnded,
    AlreadyReferred,
    BeforeReceipt,
    ForwardedInside,
    LocalIdTaken,
    MergedIntoItself,
    NotAnOffice,
    NotClassified,
    NothingAsked,
    NothingCorrected,
    NotMerged,
    NotReferred,
    OtherOffice,
    OthersMergedInto,
    QuarantineInstead,
    SurvivorNotOpen,
    TooFewParts,
    UnknownField,
    UnknownUnit,
)
from services.intake.domain.opinion.states import AwaitingCompletion, Classified, Received
from shared.calendar import OutsideCalendar
from shared.contracts.opinion import (
    DivertedKind,
    Flag,
    Kind,
    OpinionCompleted,
    OpinionMerged,
    OpinionSplit,
    OpinionUnmerged,
    RejectionReason,
    SourceGroup,
    SubmitterAdded,
    SubmitterRemoved,
    Wish,
)
from shared.contracts.refusals import Unknown
from tests.intake.stage import (
    ASKED,
    CLASSIFIED,
    CLASSIFY,
    COMPLETE,
    COMPLETED,
    DIVERT,
    DIVERTED,
    EPISODE,
    FORWARD,
    FORWARDED,
    LATER,
    MERGE,
    MERGED,
    OPINION,
    PARTS,
    RECEIVE,
    RECEIVED,
    RECEIVED_AT,
    REFER,
    REFERRED,
    REJECT,
    REJECTED,
    REQUEST,
    SPLIT,
    SPLIT_UP,
    SURVIVOR,
    WITHDRAW,
    WITHDRAWN,
    given,
    handing_in,
    receipt_of,
    sorting,
    split_off,
    splitting,
)
from tests.support.scenario import Given, sealed

NOTHING_YET = given()
FRESH = given(RECEIVED)
ASKED_BACK = given(RECEIVED, ASKED)
ASKED_BACK_AFTER_SORTING = given(RECEIVED, CLASSIFIED, ASKED)
SORTED = given(RECEIVED, CLASSIFIED)
HANDED_OVER = given(RECEIVED, CLASSIFIED, REFERRED)
ENDINGS: dict[str, Any] = {
    "rejected": REJECTED,
    "forwarded": FORWARDED,
    "diverted": DIVERTED,
    "merged": MERGED,
    "split": SPLIT,
    "withdrawn": WITHDRAWN,
}
OPEN = [FRESH, ASKED_BACK, ASKED_BACK_AFTER_SORTING, SORTED]
ABOUT_AN_OPINION = [REQUEST, COMPLETE, CLASSIFY, REJECT, FORWARD, DIVERT, MERGE, SPLIT_UP, WITHDRAW, REFER]


def ids(value: Any) -> str | None:
    """A command by its name."""
    return None if isinstance(value, Given) else getattr(value, "__name__", type(value).__name__)


def test_an_opinion_handed_in_begins_its_first_episode_at_the_instant_the_office_names() -> None:
    NOTHING_YET.when(RECEIVE).then({OPINION: [RECEIVED]})


def test_handed_in_again_it_is_the_same_opinion_wherever_it_stands_by_now() -> None:
    for history in (FRESH, SORTED, HANDED_OVER, given(RECEIVED, REJECTED)):
        history.when(RECEIVE).nothing()


def test_other_content_under_a_local_id_is_refused_and_the_first_one_stands() -> None:
    for history in (FRESH, HANDED_OVER, given(RECEIVED, WITHDRAWN)):
        refused = history.when(RECEIVE, handing_in(content_key="c" * 64)).refuses(LocalIdTaken, "local_id")
        assert refused.facts == {"local_id": "BTCD-1"}


def test_only_an_office_in_force_takes_opinions_in() -> None:
    NOTHING_YET.when(RECEIVE, handing_in(is_office=False)).refuses(NotAnOffice, "office")


def test_a_unit_hands_in_only_while_it_is_in_force() -> None:
    refused = NOTHING_YET.when(RECEIVE, handing_in(is_unit=False)).refuses(UnknownUnit, "unit")
    assert refused.facts == {"unit": "BTCD", "day": "2023-01-09"}


def test_a_locality_is_a_unit_of_the_directory_or_is_not_named() -> None:
    NOTHING_YET.when(RECEIVE, handing_in(is_locality=False)).refuses(UnknownUnit, "locality")
    unnamed = replace(RECEIVE, locality=None)
    NOTHING_YET.when(unnamed, handing_in(is_locality=False)).then({OPINION: [replace(RECEIVED, locality=None)]})


@pytest.mark.parametrize("command", ABOUT_AN_OPINION, ids=ids)
def test_nothing_is_decided_about_an_opinion_that_is_not_there(command: Any) -> None:
    NOTHING_YET.when(command).refuses(Unknown, "opinion")


@pytest.mark.parametrize("command", ABOUT_AN_OPINION, ids=ids)
def test_nothing_happens_to_an_opinion_before_it_is_handed_in(command: Any) -> None:
    early = RECEIVED_AT - timedelta(microseconds=1)
    facts = splitting(at=early) if command is SPLIT_UP else sorting(early)
    refused = SORTED.when(command, facts).refuses(BeforeReceipt, "occurred_at")
    assert refused.facts == {"earliest": "2023-01-09T01:30:00+00:00"}


def test_what_happens_at_the_very_instant_of_the_receipt_is_no_earlier() -> None:
    FRESH.when(WITHDRAW, sorting(RECEIVED_AT)).then({OPINION: [WITHDRAWN]})


@pytest.mark.parametrize("history", OPEN)
def test_the_speaker_is_asked_for_what_is_missing_as_often_as_needed(history: Given) -> None:
    history.when(REQUEST).then({OPINION: [ASKED]})


def test_a_completion_replaces_the_words_and_leaves_the_opinion_as_it_was_before_it_was_asked_for() -> None:
    for history, state in ((ASKED_BACK, Received), (ASKED_BACK_AFTER_SORTING, Classified)):
        assert history.when(COMPLETE).decided()[OPINION][0] == COMPLETED
        completed = given(*history.history[OPINION], COMPLETED).state(OPINION)
        assert isinstance(completed, state)
        assert completed.receipt.words == sealed(5)


def test_while_a_completion_is_awaited_the_clock_stands_still() -> None:
    """Due on 30/01: asked on 11/01 with eight working days left, completed on 01/02, it is due eight working days later."""
    completed = ASKED_BACK_AFTER_SORTING.when(COMPLETE, sorting(datetime(2023, 2, 1, 3, tzinfo=UTC)))
    _, due_set = completed.decided()[OPINION]
    assert (due_set.due.rule, due_set.due.days, due_set.due.day) == ("resume", 8, date(2023, 2, 13))


def test_what_was_not_sorted_yet_has_its_time_from_the_completion_on() -> None:
    completed = OpinionCompleted(words=sealed(5), at=datetime(2023, 2, 1, 3, tzinfo=UTC))
    (classified,) = given(RECEIVED, ASKED, completed).when(CLASSIFY).decided()[OPINION]
    assert classified.due.start == date(2023, 2, 1)


def test_a_merge_that_was_an_error_is_undone_and_the_opinion_stands_as_it_stood() -> None:
    merged = given(RECEIVED, CLASSIFIED, MERGED, more={SURVIVOR: [receipt_of(SURVIVOR), SubmitterAdded(merged=OPINION)]})
    asked = UnmergeOpinion(opinion=OPINION, reason=sealed(6))
    undone = merged.when(asked).decided()
    assert undone == {
        OPINION: [OpinionUnmerged(episode=EPISODE, out_of=SURVIVOR, reason=sealed(6))],
        SURVIVOR: [SubmitterRemoved(merged=OPINION)],
    }
    assert given(RECEIVED, CLASSIFIED, MERGED, *undone[OPINION]).state(OPINION) == SORTED.state(OPINION)
    SORTED.when(asked).nothing()
    given(RECEIVED, WITHDRAWN).when(asked).refuses(NotMerged)


def test_a_correction_names_what_it_corrects_and_leaves_the_rest() -> None:
    asked = CorrectOpinion(opinion=OPINION, reason=sealed(6), source_group=SourceGroup.ORGANISATION)
    (corrected,) = SORTED.when(asked).decided()[OPINION]
    assert corrected.corrects == 1
    receipt = given(RECEIVED, CLASSIFIED, corrected).state(OPINION).receipt
    assert (receipt.source_group, receipt.channel) == (SourceGroup.ORGANISATION, RECEIVED.channel)
    FRESH.when(CorrectOpinion(opinion=OPINION, reason=sealed(6))).refuses(NothingCorrected)


def test_redacted_words_replace_the_former_and_name_what_is_to_be_erased() -> None:
    (redacted,) = FRESH.when(RedactOpinion(opinion=OPINION, words=sealed(7), reason=sealed(6))).decided()[OPINION]
    assert redacted.former == (RECEIVED.words.ref,)
    assert given(RECEIVED, redacted).state(OPINION).receipt.words == sealed(7)


def test_a_suspected_state_secret_is_not_taken_up_and_only_its_paper_is_named() -> None:
    quarantined, rejected = FRESH.when(QuarantineOpinion(opinion=OPINION, paper="125/CV-M")).decided()[OPINION]
    assert (quarantined.paper, quarantined.former) == ("125/CV-M", (RECEIVED.words.ref,))
    assert rejected.reason is RejectionReason.STATE_SECRET
    FRESH.when(RejectOpinion(opinion=OPINION, reason=RejectionReason.STATE_SECRET)).refuses(QuarantineInstead)


def test_what_is_wanted_after_referral_is_passed_on_and_before_it_is_decided_here() -> None:
    asked = RecordWish(opinion=OPINION, wish=Wish.WITHDRAW)
    (wish,) = given(RECEIVED, CLASSIFIED, REFERRED).when(asked).decided()[OPINION]
    assert (wish.case, wish.office) == (OPINION.replace("opinion-", "case-"), "VPUB")
    SORTED.when(asked).refuses(NotReferred)


def test_a_duplicate_of_a_referred_matter_is_referred_into_its_case() -> None:
    (referred,) = SORTED.when(ReferOpinion(opinion=OPINION, into="case-00000000000000000009")).decided()[OPINION]
    assert referred.into == "case-00000000000000000009"


def test_asked_for_twice_a_completion_still_finds_what_the_opinion_was_classified_as() -> None:
    asked_twice = given(RECEIVED, CLASSIFIED, ASKED, ASKED)
    assert isinstance(asked_twice.state(OPINION), AwaitingCompletion)
    completed = given(RECEIVED, CLASSIFIED, ASKED, ASKED, COMPLETED)
    completed.when(REFER).then({OPINION: [replace(REFERRED, words=sealed(5))]})


@pytest.mark.parametrize("history", [FRESH, SORTED, given(RECEIVED, ASKED, COMPLETED), given(RECEIVED, ASKED, CLASSIFIED)])
def test_a_completion_that_nobody_asked_for_is_refused(history: Given) -> None:
    history.when(COMPLETE).refuses(NothingAsked)


@pytest.mark.parametrize("history", [FRESH, ASKED_BACK])
def test_a_classification_states_kind_field_and_flags_and_the_due_date_follows_by_rule(history: Given) -> None:
    history.when(CLASSIFY).then({OPINION: [CLASSIFIED]})
    assert CLASSIFIED.due.day == date(2023, 1, 30)


def test_the_due_date_is_counted_from_the_local_day_of_the_receipt() -> None:
    evening_in_utc = datetime(2023, 1, 8, 17, tzinfo=UTC)  # already the 9th in Sơn La
    decided = given(receipt_of(at=evening_in_utc)).when(CLASSIFY).decided()
    assert decided[OPINION][0].due == CLASSIFIED.due


def test_classified_again_it_carries_the_latest_and_saying_the_same_changes_nothing() -> None:
    SORTED.when(CLASSIFY).nothing()
    other = replace(CLASSIFY, kind=Kind.REPORT)
    SORTED.when(other).then({OPINION: [replace(CLASSIFIED, kind=Kind.REPORT)]})
    ASKED_BACK_AFTER_SORTING.when(CLASSIFY).then({OPINION: [CLASSIFIED]})


def test_flags_are_a_set() -> None:
    unordered = replace(CLASSIFY, flags=(Flag.PRESSING, Flag.COMPLEX, Flag.PRESSING))
    decided = FRESH.when(unordered).decided()[OPINION][0]
    assert decided.flags == (Flag.PRESSING, Flag.COMPLEX)
    given(RECEIVED, decided).when(replace(CLASSIFY, flags=(Flag.COMPLEX, Flag.PRESSING))).nothing()


def test_the_primary_field_is_one_of_the_directory_of_the_day() -> None:
    refused = FRESH.when(CLASSIFY, sorting(is_field=False)).refuses(UnknownField, "field")
    assert refused.facts == {"field_key": "giao-thong", "day": "2023-01-11"}


def test_no_due_date_is_counted_outside_the_calendar() -> None:
    given(receipt_of(at=datetime(1999, 1, 4, tzinfo=UTC))).when(CLASSIFY).refuses(OutsideCalendar)


@pytest.mark.parametrize("history", OPEN)
@pytest.mark.parametrize(
    ("command", "fact"),
    [(REJECT, REJECTED), (FORWARD, FORWARDED), (DIVERT, DIVERTED), (WITHDRAW, WITHDRAWN)],
    ids=ids,
)
def test_an_open_opinion_ends_by_one_fact_whether_classified_or_not(history: Given, command: Any, fact: Any) -> None:
    history.when(command).then({OPINION: [fact]})


@pytest.mark.parametrize("command", [FORWARD, DIVERT], ids=ids)
def test_it_is_sent_only_to_a_body_in_force(command: Any) -> None:
    FRESH.when(command, sorting(is_unit=False)).refuses(UnknownUnit, "to")


def test_forwarding_leaves_the_office_and_a_diversion_may_stay() -> None:
    FRESH.when(ForwardOpinion(opinion=OPINION, to="TH"), sorting(unit_office="VPUB")).refuses(ForwardedInside, "to")
    FRESH.when(FORWARD, sorting(unit_office="UBND-MSO")).then({OPINION: [FORWARDED]})
    FRESH.when(DIVERT, sorting(unit_office="VPUB")).then({OPINION: [DIVERTED]})


@pytest.mark.parametrize("history", OPEN)
def test_a_duplicate_ends_in_the_other_opinion_whose_answer_goes_to_both(history: Given) -> None:
    history.when(MERGE).then(
        {
            OPINION: [OpinionMerged(episode=EPISODE, into=SURVIVOR)],
            SURVIVOR: [SubmitterAdded(merged=OPINION)],
        }
    )


def test_an_opinion_is_not_its_own_duplicate() -> None:
    FRESH.when(MergeOpinion(opinion=OPINION, into=OPINION)).refuses(MergedIntoItself, "into")


def test_an_opinion_is_merged_only_into_one_that_is_there() -> None:
    given(RECEIVED, more={SURVIVOR: []}).when(MERGE).refuses(Unknown, "into")


def test_opinions_of_two_offices_stay_apart() -> None:
    elsewhere = {SURVIVOR: [receipt_of(SURVIVOR, office="UBND-MSO")]}
    given(RECEIVED, more=elsewhere).when(MERGE).refuses(OtherOffice, "into")


@pytest.mark.parametrize("ending", ["rejected", "forwarded", "diverted", "withdrawn", "split"])
def test_only_an_open_opinion_can_answer_for_another(ending: str) -> None:
    gone = {SURVIVOR: [receipt_of(SURVIVOR), replace(ENDINGS[ending], episode="7Q2K9FXA3MBTW0000002/1")]}
    given(RECEIVED, more=gone).when(MERGE).refuses(SurvivorNotOpen, "into")


def test_a_referred_opinion_takes_no_duplicate_in_here_and_merges_make_no_circle() -> None:
    referred = {SURVIVOR: [receipt_of(SURVIVOR), CLASSIFIED, REFERRED]}
    given(RECEIVED, more=referred).when(MERGE).refuses(SurvivorNotOpen, "into")
    into_each_other = {SURVIVOR: [receipt_of(SURVIVOR), OpinionMerged(episode="7Q2K9FXA3MBTW0000002/1", into=OPINION)]}
    given(RECEIVED, more=into_each_other).when(MERGE).refuses(SurvivorNotOpen, "into")


def test_nothing_is_merged_into_an_opinion_before_that_one_is_handed_in() -> None:
    later = {SURVIVOR: [receipt_of(SURVIVOR, at=LATER + timedelta(hours=1))]}
    refused = given(RECEIVED, more=later).when(MERGE).refuses(BeforeReceipt, "occurred_at")
    assert refused.facts == {"earliest": "2023-01-11T03:00:00+00:00"}


def test_a_submitter_added_changes_nothing_else_about_the_survivor() -> None:
    joined = given(RECEIVED, CLASSIFIED, SubmitterAdded(merged=SURVIVOR))
    assert joined.state(OPINION).receipt.submitters == {SURVIVOR}
    again = given(RECEIVED, CLASSIFIED, SubmitterAdded(merged=SURVIVOR), SubmitterRemoved(merged=SURVIVOR))
    assert again.state(OPINION) == SORTED.state(OPINION)


def test_whoever_was_merged_into_the_merged_one_gets_that_answer_too_until_it_is_undone() -> None:
    first = {PARTS[0]: [receipt_of(PARTS[0]), OpinionMerged(episode="7Q2K9FXA3MBTW0000003/1", into=OPINION)]}
    joined = given(RECEIVED, SubmitterAdded(merged=PARTS[0]), more=first).when(MERGE).decided()
    assert joined[SURVIVOR] == [SubmitterAdded(merged=OPINION), SubmitterAdded(merged=PARTS[0])]
    survivor = {SURVIVOR: [receipt_of(SURVIVOR), *joined[SURVIVOR]]}
    here = (RECEIVED, SubmitterAdded(merged=PARTS[0]), MERGED)
    undone = given(*here, more={**first, **survivor}).when(UnmergeOpinion(opinion=OPINION, reason=sealed(6))).decided()
    assert undone[SURVIVOR] == [SubmitterRemoved(merged=OPINION), SubmitterRemoved(merged=PARTS[0])]
    beneath = UnmergeOpinion(opinion=PARTS[0], reason=sealed(6))
    undone = given(*here, more={**first, **survivor}).when(beneath, sorting()).decided()
    assert (undone[OPINION], undone[SURVIVOR]) == ([SubmitterRemoved(merged=PARTS[0])], [SubmitterRemoved(merged=PARTS[0])])


def test_no_speaker_takes_back_what_others_said_too_and_it_is_not_split() -> None:
    joined = given(RECEIVED, CLASSIFIED, SubmitterAdded(merged=SURVIVOR))
    refused = joined.when(WITHDRAW).refuses(OthersMergedInto)
    assert refused.facts == {"count": 1, "merged": SURVIVOR}
    joined.when(SPLIT_UP).refuses(OthersMergedInto)
    alone = given(RECEIVED, CLASSIFIED, SubmitterAdded(merged=SURVIVOR), SubmitterRemoved(merged=SURVIVOR))
    alone.when(WITHDRAW).then({OPINION: [WITHDRAWN]})


def test_what_was_merged_into_it_is_referred_with_it_with_its_marks_and_whom_it_is_about() -> None:
    about = replace(CLASSIFIED, flags=(Flag.COMPLEX,), concerns_units=("TTHCC",), concerns_posts=("GD-TTHCC",))
    into = OpinionMerged(episode="7Q2K9FXA3MBTW0000003/1", into=OPINION)
    unsorted = {PARTS[1]: [receipt_of(PARTS[1]), replace(into, episode="7Q2K9FXA3MBTW0000004/1")]}
    merged = {PARTS[0]: [receipt_of(PARTS[0]), about, into], **unsorted}
    joined = (SubmitterAdded(merged=PARTS[0]), SubmitterAdded(merged=PARTS[1]))
    flags = tuple(sorted({Flag.PRESSING, Flag.COMPLEX}))
    carried = replace(REFERRED, flags=flags, concerns_units=("TTHCC",), concerns_posts=("GD-TTHCC",), merged=PARTS)
    given(RECEIVED, CLASSIFIED, *joined, more=merged).when(REFER).then({OPINION: [carried]})
    undone = (*joined, SubmitterRemoved(merged=PARTS[0]), SubmitterRemoved(merged=PARTS[1]))
    given(RECEIVED, CLASSIFIED, *undone, more=merged).when(REFER).then({OPINION: [REFERRED]})


@pytest.mark.parametrize("history", OPEN)
def test_each_matter_of_a_split_opinion_lives_on_with_its_receipt_in_its_own_words(history: Given) -> None:
    history.when(SPLIT_UP).then(
        {
            OPINION: [OpinionSplit(episode=EPISODE, children=PARTS)],
            PARTS[0]: [split_off(PARTS[0], 7)],
            PARTS[1]: [split_off(PARTS[1], 8)],
        }
    )


def test_a_part_is_an_opinion_like_any_other() -> None:
    part = {PARTS[0]: [split_off(PARTS[0], 7)]}
    decided = given(RECEIVED, SPLIT, more=part).when(replace(CLASSIFY, opinion=PARTS[0])).decided()
    assert decided == {PARTS[0]: [CLASSIFIED]}
    given(RECEIVED, SPLIT, more=part).when(replace(REJECT, opinion=PARTS[0])).then(
        {PARTS[0]: [replace(REJECTED, episode="7Q2K9FXA3MBTW0000003/1")]}
    )


@pytest.mark.parametrize("parts", [(), (Matter(words=sealed(7)),)])
def test_splitting_makes_at_least_two_of_one(parts: tuple[Matter, ...]) -> None:
    FRESH.when(SplitOpinion(opinion=OPINION, parts=parts), splitting(PARTS[: len(parts)])).refuses(TooFewParts, "parts")


def test_a_referral_carries_all_that_a_case_needs_to_open_and_is_made_once() -> None:
    SORTED.when(REFER).then({OPINION: [REFERRED]})
    HANDED_OVER.when(REFER).nothing()


@pytest.mark.parametrize("history", [FRESH, ASKED_BACK, ASKED_BACK_AFTER_SORTING])
def test_what_is_handed_over_says_what_it_is_and_waits_for_nothing(history: Given) -> None:
    history.when(REFER).refuses(NotClassified)


@pytest.mark.parametrize("command", [each for each in ABOUT_AN_OPINION if each is not REFER], ids=ids)
def test_after_referral_only_the_assignment_service_decides(command: Any) -> None:
    HANDED_OVER.when(command).refuses(AlreadyReferred)


@pytest.mark.parametrize("command", ABOUT_AN_OPINION, ids=ids)
@pytest.mark.parametrize("how", ENDINGS)
def test_an_episode_ends_once_and_saying_so_again_changes_nothing(how: str, command: Any) -> None:
    said_by = {"rejected": REJECT, "forwarded": FORWARD, "diverted": DIVERT, "merged": MERGE, "withdrawn": WITHDRAW}
    outcome = given(RECEIVED, ENDINGS[how]).when(command)
    if said_by.get(how) is command:
        outcome.nothing()
    else:
        assert outcome.refuses(AlreadyEnded).facts == {"how": how}


@pytest.mark.parametrize(
    ("ended", "otherwise"),
    [
        (REJECTED, RejectOpinion(opinion=OPINION, reason=RejectionReason.UNCLEAR)),
        (FORWARDED, ForwardOpinion(opinion=OPINION, to="UBND-MSO")),
        (DIVERTED, DivertOpinion(opinion=OPINION, kind=DivertedKind.DENUNCIATION, to="BTCD")),
        (DIVERTED, DivertOpinion(opinion=OPINION, kind=DivertedKind.COMPLAINT, to="SGTVT")),
        (MERGED, MergeOpinion(opinion=OPINION, into=PARTS[0])),
    ],
    ids=ids,
)
def test_what_was_recorded_as_its_ending_is_not_written_over(ended: Any, otherwise: Any) -> None:
    given(RECEIVED, ended).when(otherwise).refuses(AlreadyEnded)


def test_a_note_in_other_words_is_no_other_ending() -> None:
    given(RECEIVED, REJECTED).when(replace(REJECT, note=None)).nothing()


def test_a_fact_about_an_opinion_that_was_never_received_is_passed_over_by_its_fold() -> None:
    assert given(CLASSIFIED, REJECTED).state(OPINION) == NOTHING_YET.state(OPINION)


def test_every_refusal_says_in_both_languages_what_to_do_under_a_code_of_its_own() -> None:
    declared = [each for each in vars(refusals).values() if getattr(each, "__module__", "") == refusals.__name__]
    assert all(each.title_vi and each.title_en and each.advice_vi and each.advice_en for each in declared)
    assert len({each.code for each in declared}) == len(declared)


@pytest.mark.parametrize("history", [SORTED, ASKED_BACK_AFTER_SORTING])
@pytest.mark.parametrize(
    "command",
    [
        replace(CLASSIFY, concerns_units=(), concerns_posts=()),
        *(REJECT, FORWARD, DIVERT, MERGE, WITHDRAW, SPLIT_UP),
        QuarantineOpinion(opinion=OPINION, paper="12/M"),
    ],
)
def test_whom_it_was_classified_as_being_about_neither_calls_it_otherwise_nor_puts_it_away(history: Given, command: Any) -> None:
    """As little as later its case (R16); they refer it, or ask the speaker back."""
    about = replace(CLASSIFIED, concerns_units=("TCHCQT",), concerns_posts=("CVP",))
    told = Given(history.rules, {**history.history, OPINION: [about if e is CLASSIFIED else e for e in history.history[OPINION]]})
    facts = splitting() if command is SPLIT_UP else sorting()
    assert told.when(command, facts).refuses(AboutThatUnit).facts == {"unit": "TCHCQT"}
    elsewhere = replace(facts, unit="TH")
    told.when(command, replace(elsewhere, units=frozenset({"TH", "TCHCQT"}))).refuses(AboutThatUnit)
    assert told.when(command, replace(elsewhere, posts=frozenset({"CVP"}))).refuses(AboutThatPost).facts == {"post": "CVP"}


def test_whom_it_is_about_refers_it_or_sorts_it_as_about_them_and_others_call_it_what_it_is() -> None:
    about = given(RECEIVED, replace(CLASSIFIED, concerns_units=("TCHCQT",)))
    assert about.when(REFER, sorting()).decided()
    assert about.when(replace(CLASSIFY, concerns_units=("TCHCQT", "TH"), kind=Kind.SUGGESTION), sorting()).decided()
    assert about.when(replace(CLASSIFY, concerns_units=()), sorting(unit="TH")).decided()
