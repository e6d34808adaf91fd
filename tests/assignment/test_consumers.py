"""These facts of other services in, these commands out."""

from dataclasses import fields, replace
from datetime import timedelta

import orjson

from services.assignment.domain.case.commands import OpenCase
from services.assignment.entrypoints.consumers import open_cases, open_submissions
from services.assignment.handlers import handlers
from shared.commands import build, model_of
from shared.contracts.case import CaseSubmitterAdded
from shared.contracts.opinion import OpinionReferred, OpinionWithdrawn, SubmitterAdded, SubmitterRemoved, Wish, WishRecorded
from shared.contracts.roles import Role
from shared.contracts.submission import RequestReceiptWithdrawn
from shared.contracts.types import Sealed, Words
from shared.eventlog.records import Recorded
from shared.permit import Resource, permit
from tests.assignment.stage import CASE, OPENED, OPINION, given
from tests.support import records

REFERRED = OpinionReferred(
    episode=OPENED.episode,
    office=OPENED.office,
    unit=OPENED.unit,
    source_group=OPENED.source_group,
    channel=OPENED.channel,
    locality=OPENED.locality,
    kind=OPENED.kind,
    field=OPENED.field,
    flags=OPENED.flags,
    due=OPENED.due,
    concerns_units=OPENED.concerns_units,
    concerns_posts=OPENED.concerns_posts,
    received_at=OPENED.received_at + timedelta(microseconds=1),
    words=OPENED.words,
    hidden=OPENED.hidden,
    into=None,
    merged=(),
)


MERGED = "opinion-7Q2K9FXA3MBTW0000002"


def recorded(event: object) -> Recorded:
    return records.recorded(event, stream=OPINION, version=3, position=4)


def never(path: str, text: str, words: Words) -> Sealed:
    raise AssertionError(f"{path} would be sealed a second time")


def test_a_referred_opinion_asks_for_its_case_in_the_name_of_its_office() -> None:
    (reaction,) = open_cases(recorded(REFERRED))
    assert reaction.command == "open_case"
    assert (reaction.subject.tenant, reaction.subject.office) == ("sonla", "VPUB")
    assert reaction.subject.capacities == {Role.SYSTEM}
    opening = next(handler for handler in handlers("sonla") if handler.command is OpenCase)
    assert permit(reaction.subject, opening.action, Resource(tenant="sonla", office="VPUB")).allowed
    assert not permit(reaction.subject, opening.action, Resource(tenant="sonla", office="UBND-MSO")).allowed


def test_the_case_opens_with_everything_the_referral_carries_and_no_word_is_sealed_again() -> None:
    (reaction,) = open_cases(recorded(REFERRED))
    body = model_of(OpenCase).model_validate_json(orjson.dumps(reaction.body))
    assert body == model_of(OpenCase).model_validate(reaction.body)
    command = build(OpenCase, body, never)
    opened = given().when(command).decided()[CASE][0]
    carried = [field.name for field in fields(OpinionReferred) if field.name not in ("into", "merged")]
    assert [getattr(opened, name) for name in carried] == [getattr(REFERRED, name) for name in carried]
    assert opened.opinion == OPINION


def test_a_referral_into_a_case_names_it() -> None:
    (reaction,) = open_cases(recorded(replace(REFERRED, into="case-7Q2K9FXA3MBTW0000002")))
    assert reaction.body["into"] == "case-7Q2K9FXA3MBTW0000002"


def test_a_referral_names_the_opinions_that_are_answered_with_it() -> None:
    (reaction,) = open_cases(recorded(replace(REFERRED, merged=(MERGED,))))
    command = build(OpenCase, model_of(OpenCase).model_validate(reaction.body), never)
    assert given().when(command).decided()[CASE][1:] == [CaseSubmitterAdded(merged=MERGED)]


def test_what_intake_joins_to_a_referred_matter_or_takes_out_of_it_is_joined_and_taken_out_here() -> None:
    for event, asked in ((SubmitterAdded(merged=MERGED), "add_submitter"), (SubmitterRemoved(merged=MERGED), "remove_submitter")):
        told = recorded(event)
        (reaction,) = open_cases(told._replace(record=told.record._replace(metadata=b'{"office":"VPUB"}')))
        assert (reaction.command, reaction.body) == (asked, {"case": CASE, "merged": MERGED})
        assert (reaction.subject.office, reaction.subject.capacities) == ("VPUB", frozenset({Role.SYSTEM}))


def test_a_matter_that_is_taken_back_is_withdrawn_and_any_other_wish_waits_for_a_person() -> None:
    wish = WishRecorded(case=CASE, office="VPUB", wish=Wish.WITHDRAW, note=None)
    (reaction,) = open_cases(recorded(wish))
    assert (reaction.command, reaction.body) == ("withdraw_case", {"case": CASE})
    assert (reaction.subject.office, reaction.subject.capacities) == ("VPUB", frozenset({Role.SYSTEM}))
    for other in (Wish.REOPEN, Wish.ADD):
        assert open_cases(recorded(replace(wish, wish=other))) == []


def test_a_request_that_was_handed_on_and_taken_back_is_withdrawn_and_any_other_is_not_there() -> None:
    withdrawn = RequestReceiptWithdrawn(office="VPUB", request="request-7Q2K9FXA3MBTW0000001", note=None)
    (reaction,) = open_submissions(recorded(withdrawn))
    assert (reaction.command, reaction.body) == ("withdraw_request", {"request": "request-7Q2K9FXA3MBTW0000001"})
    assert (reaction.subject.office, reaction.subject.capacities) == ("VPUB", frozenset({Role.SYSTEM}))
    assert open_submissions(recorded(RequestReceiptWithdrawn(office="VPUB", request=None, note=None))) == []


def test_other_facts_ask_for_nothing() -> None:
    assert open_cases(recorded(OpinionWithdrawn(episode=OPENED.episode, note=None))) == []
