"""Whoever handed in an opinion that ended without an answer is told so, within 10 working days (domain brief §1.2)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from services.intake.domain.telling import decider, refusals
from services.intake.domain.telling.commands import TellSubmitter
from services.intake.domain.telling.decider import Ended, OfEnding
from services.intake.handlers.opinions import case_of
from services.intake.handlers.tellings import TELLING as TELLING_FOLD
from shared.contracts.case import (
    CaseDiverted,
    CaseForwarded,
    CaseRejected,
    CaseSubmitterAdded,
    CaseSubmitterRemoved,
    CaseWithdrawn,
    Means,
)
from shared.contracts.opinion import DivertedKind, OpinionWithdrawn, RejectionReason, SubmitterAdded
from shared.contracts.roles import Role
from shared.contracts.telling import Ending, TellingRecorded
from tests.intake.asking import get, is_problem, post
from tests.intake.house import AUDITOR, CHIEF, FEEDER, HUB, OTHER_OFFICE, OTHER_UNIT, REGISTRY, House
from tests.support.hosting import START
from tests.support.scenario import Given, Rules

OPINION, TELLING = "opinion-7Q2K9FXA3MBTW0000001", "telling-7Q2K9FXA3MBTW0000001"
DAY = date(2023, 1, 9)
REJECTED = Ended(how=Ending.REJECTED, on=DAY)
TELL = TellSubmitter(opinion=OPINION, means=Means.LETTER)
TOLD = TellingRecorded(opinion=OPINION, part=None, into=None, ending=Ending.REJECTED, ended_on=DAY, means=Means.LETTER)


def told(on: date, ended: Ended | None = REJECTED) -> OfEnding:
    moment = datetime(on.year, on.month, on.day, 2, tzinfo=UTC)
    who: dict[str, Any] = {"person": "p-hub", "office": "VPUB", "unit": "TCHCQT", "capacity": Role.HUB}
    return OfEnding(at=moment, now=moment, ended=ended, **who)


RULES = Rules({"telling": TELLING_FOLD}, decider.decide, lambda _: told(DAY))


def given(*events: Any) -> Given:
    return RULES.given({TELLING: events})


@pytest.mark.parametrize("on", [DAY, DAY + timedelta(days=30)])
def test_it_is_told_from_the_day_that_it_was_rejected_or_forwarded_on(on: date) -> None:
    given().when(TELL, told(on)).then({TELLING: [TOLD]})


def test_it_is_told_once() -> None:
    given(TOLD).when(TELL, told(DAY)).nothing()


def test_what_ended_again_after_a_merge_was_undone_is_told_anew() -> None:
    later = Ended(how=Ending.FORWARDED, on=DAY + timedelta(days=9))
    again = replace(TOLD, ending=later.how, ended_on=later.on)
    given(TOLD).when(TELL, told(later.on, later)).then({TELLING: [again]})
    given(TOLD, again).when(TELL, told(later.on, later)).nothing()


def test_whoever_waited_with_another_s_matter_is_told_with_which_one_it_ended() -> None:
    with_another = replace(REJECTED, into="opinion-7Q2K9FXA3MBTW0000002")
    given().when(TELL, told(DAY, with_another)).then({TELLING: [replace(TOLD, into=with_another.into)]})


def test_what_is_answered_or_still_open_is_not_told_so() -> None:
    given().when(TELL, told(DAY, ended=None)).refuses(refusals.NothingToTell, "opinion")


def test_nobody_was_told_before_it_happened() -> None:
    refused = given().when(TELL, told(DAY - timedelta(days=1))).refuses(refusals.ToldBefore, "occurred_at")
    assert refused.facts == {"on": "2023-01-09"}


def test_each_part_of_what_was_split_after_referral_is_told_by_itself() -> None:
    part, stream = "case-00000000000000000002", "telling-00000000000000000002"
    tell = replace(TELL, part=part)
    RULES.given({TELLING: [TOLD], stream: []}).when(tell, told(DAY)).then({stream: [replace(TOLD, part=part)]})
    RULES.given({stream: []}).when(tell, told(DAY, ended=None)).refuses(refusals.NothingToTell, "part")


async def listed(house: House, **asked: Any) -> list[dict[str, Any]]:
    answer = await get(house, HUB, "/tellings", **asked)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


async def rejected(house: House, **changed: Any) -> str:
    """An opinion that was rejected at its receipt."""
    opinion = await house.classified(**changed)
    await house.ask("reject_opinion", HUB, opinion=opinion, reason=RejectionReason.FINAL_DECISION.value)
    return opinion


async def test_who_is_to_be_told_stands_in_a_list_with_the_day_until_he_was(house: House) -> None:
    opinion = await rejected(house)
    await house.follow()
    (line,) = await listed(house)
    by = line["tell_by"]
    assert (line["opinion"], line["ending"], line["unit"], line["told_on"]) == (opinion, "khong_du_dieu_kien", "BTCD", None)
    assert (by["due"]["rule"], len(by["counted"]), line["late"]) == ("tell", 10, False)
    assert (await post(house, REGISTRY, f"/opinions/{opinion}/telling", means="dien_thoai")).status_code == 200
    await house.follow()
    (line,) = await listed(house)
    assert (line["told_on"], line["means"], line["late"]) == (line["ended_on"], "dien_thoai", False)
    assert await listed(house, untold=True) == []
    assert await listed(house, untold=False) == [line]
    await house.following.rebuild("opinions")
    assert await listed(house) == [line]


async def test_a_telling_that_is_over_its_day_is_late(house: House) -> None:
    await rejected(house)
    await house.follow()
    house.clock.move_to(START + timedelta(days=40))
    assert [line["late"] for line in await listed(house, untold=True)] == [True]


@pytest.mark.parametrize("ends", [CaseRejected, CaseForwarded])
async def test_what_is_rejected_or_forwarded_after_referral_is_told_too(house: House, ends: type) -> None:
    opinion = await house.referred()
    episode = f"{opinion.removeprefix('opinion-')}/1"
    about: dict[str, Any] = {"reason": RejectionReason.FINAL_DECISION} if ends is CaseRejected else {"to": "SGTVT"}
    await house.become(opinion, ends(episode=episode, note=None, **about))
    await house.follow()
    (line,) = await listed(house, unit="BTCD", untold=True)
    assert line["ending"] == ("khong_du_dieu_kien" if ends is CaseRejected else "chuyen_ngoai")
    assert (await post(house, FEEDER, f"/opinions/{opinion}/telling", means="van_ban")).status_code == 200
    await house.follow()
    (line,) = await listed(house)
    await house.following.rebuild("opinions")
    assert (await listed(house), line["means"]) == ([line], "van_ban")


async def test_who_handed_in_what_was_split_is_told_of_each_part_that_was_rejected_or_forwarded(house: House) -> None:
    opinion = await house.referred()
    one, two, three = (f"case-0000000000000000000{n}" for n in (1, 2, 3))
    await house.split(opinion, one, two, three)
    forwarded = CaseForwarded(episode="00000000000000000001/1", to="SGTVT", note=None)
    rejected = CaseRejected(episode="00000000000000000002/1", reason=RejectionReason.FINAL_DECISION, note=None)
    await house.happen("assignment", {one: [forwarded]})
    await house.happen("assignment", {two: [rejected]})
    await house.follow()
    lines = await listed(house, untold=True)
    shown = [(line["opinion"], line["part"], line["ending"]) for line in lines]
    assert shown == [(opinion, one, "chuyen_ngoai"), (opinion, two, "khong_du_dieu_kien")]
    told = await post(house, FEEDER, f"/opinions/{opinion}/telling", means="van_ban", part=two)
    assert told.status_code == 200, told.text
    for part in (three, None, "case-00000000000000000009"):
        refused = await post(house, FEEDER, f"/opinions/{opinion}/telling", means="van_ban", part=part)
        is_problem(refused, 409, "nothing-to-tell", "part" if part else "opinion", rule=("brief §1.2", "invariant 3"))
    await house.follow()
    assert [line["part"] for line in await listed(house, untold=True)] == [one]
    lines = await listed(house)
    await house.following.rebuild("opinions")
    assert await listed(house) == lines
    first = (await get(house, HUB, "/tellings", limit=1)).json()
    rest = (await get(house, HUB, "/tellings", limit=1, cursor=first["cursor"])).json()
    assert [*first["items"], *rest["items"]] == lines


async def test_a_part_of_another_opinion_is_not_told_with_this_one(house: House) -> None:
    opinion, other = await house.referred(), await house.referred(local_id="another")
    await house.split(other, "case-00000000000000000001", "case-00000000000000000002")
    rejected = CaseRejected(episode="00000000000000000001/1", reason=RejectionReason.FINAL_DECISION, note=None)
    await house.happen("assignment", {"case-00000000000000000001": [rejected]})
    await house.follow()
    refused = await post(house, HUB, f"/opinions/{opinion}/telling", means="van_ban", part="case-00000000000000000001")
    is_problem(refused, 409, "nothing-to-tell", "part", rule=("brief §1.2", "invariant 3"))


async def test_a_part_split_off_at_its_receipt_is_told_as_what_it_was_split_off(house: House) -> None:
    opinion = (await house.receive()).stream
    matters = [{"words": "Sửa đường."}, {"words": "Cấp sổ đỏ."}]
    _, part = (await house.ask("split_opinion", HUB, opinion=opinion, parts=matters)).answer["children"]
    await house.ask("forward_opinion", HUB, opinion=part, to="SGTVT")
    await house.follow()
    (line,) = await listed(house, untold=True)
    assert (line["opinion"], line["parent"], line["part"]) == (part, opinion, None)
    assert (await post(house, FEEDER, f"/opinions/{part}/telling", means="van_ban")).status_code == 200
    await house.follow()
    assert await listed(house, untold=True) == []


def shown(lines: list[dict[str, Any]]) -> set[tuple[str, str | None, str, str | None]]:
    return {(line["opinion"], line["part"], line["ending"], line["into"]) for line in lines}


async def merged(house: House, survivor: str, *local_ids: str) -> list[str]:
    """Opinions that are merged into another one at their receipt."""
    opinions = [await house.classified(local_id=each) for each in local_ids]
    for each in opinions:
        await house.ask("merge_opinion", HUB, opinion=each, into=survivor)
    return opinions


ENDS: list[tuple[str, dict[str, Any], str, bool]] = [
    ("reject_opinion", {"reason": "DA_CO_QD_CUOI_CUNG"}, "khong_du_dieu_kien", True),
    ("forward_opinion", {"to": "SGTVT"}, "chuyen_ngoai", True),
    ("divert_opinion", {"kind": "khieu_nai", "to": "SGTVT"}, "chuyen_kntc", False),
]


@pytest.mark.parametrize(("ends", "how", "ending", "itself"), ENDS)
async def test_whoever_was_merged_into_what_ends_without_an_answer_is_told_too(
    house: House, ends: str, how: dict[str, Any], ending: str, itself: bool
) -> None:
    """Of a diversion its own submitter hears from the body whose procedure it is."""
    survivor = await house.classified()
    one, two = await merged(house, survivor, "one", "two")
    await house.ask(ends, HUB, opinion=survivor, **how)
    await house.follow()
    lines = await listed(house, untold=True)
    waiting = {(each, None, ending, survivor) for each in (one, two)}
    assert shown(lines) == waiting | ({(survivor, None, ending, None)} if itself else set())
    assert all(line["tell_by"] is not None for line in lines)
    assert (await post(house, FEEDER, f"/opinions/{two}/telling", means="van_ban")).status_code == 200
    await house.follow()
    left = await listed(house, untold=True)
    assert shown(left) == shown(lines) - {(two, None, ending, survivor)}
    assert shown(await listed(house, untold=False)) == {(two, None, ending, survivor)}
    everything = await listed(house)
    await house.following.rebuild("opinions")
    assert await listed(house) == everything


async def test_what_was_merged_in_turn_is_told_with_what_it_all_ended_as(house: House) -> None:
    survivor, between = await house.classified(), await house.classified(local_id="between")
    (last,) = await merged(house, between, "last")
    await house.ask("merge_opinion", HUB, opinion=between, into=survivor)
    await house.ask("reject_opinion", HUB, opinion=survivor, reason=RejectionReason.FINAL_DECISION.value)
    await house.follow()
    lines = await listed(house, untold=True)
    assert {(line["opinion"], line["into"]) for line in lines} == {(survivor, None), (between, survivor), (last, survivor)}


CASE_ENDS: list[tuple[type, dict[str, Any], str]] = [
    (CaseRejected, {"reason": RejectionReason.FINAL_DECISION, "note": None}, "khong_du_dieu_kien"),
    (CaseForwarded, {"to": "SGTVT", "note": None}, "chuyen_ngoai"),
    (CaseDiverted, {"kind": DivertedKind.COMPLAINT, "to": "SGTVT"}, "chuyen_kntc"),
    (CaseWithdrawn, {"note": None}, "rut"),
]


@pytest.mark.parametrize(("ends", "how", "ending"), CASE_ENDS)
async def test_whoever_was_merged_into_a_case_that_ends_without_an_answer_is_told_too(
    house: House, ends: type, how: dict[str, Any], ending: str
) -> None:
    """Merged at its receipt, as a case, or as a part of one."""
    survivor = await house.classified()
    (at_receipt,) = await merged(house, survivor, "one")
    await house.refer(survivor)
    as_case, split = await house.referred(local_id="two"), await house.referred(local_id="three")
    part, other = "case-00000000000000000001", "case-00000000000000000002"
    await house.split(split, part, other)
    joined = [CaseSubmitterAdded(merged=each) for each in (at_receipt, case_of(as_case), part)]
    await house.become(survivor, *joined, ends(episode=f"{survivor.removeprefix('opinion-')}/1", **how))
    await house.follow()
    lines = [each for each in await listed(house, untold=True) if each["into"] is not None]
    into = case_of(survivor)
    assert shown(lines) == {
        (at_receipt, None, ending, into),
        (as_case, None, ending, into),
        (split, part, ending, into),
    }
    for opinion, of in ((at_receipt, None), (as_case, None), (split, part)):
        answer = await post(house, HUB, f"/opinions/{opinion}/telling", means="van_ban", part=of)
        assert answer.status_code == 200, answer.text
    await house.follow()
    assert [each for each in await listed(house, untold=True) if each["into"] is not None] == []
    everything = await listed(house)
    await house.following.rebuild("opinions")
    assert await listed(house) == everything


async def test_who_is_taken_out_of_what_ended_is_told_no_more_and_anew_when_his_ends_by_itself(house: House) -> None:
    survivor = await house.classified()
    one, two = await merged(house, survivor, "one", "two")
    await house.ask("reject_opinion", HUB, opinion=survivor, reason=RejectionReason.FINAL_DECISION.value)
    await house.follow()
    assert (await post(house, HUB, f"/opinions/{two}/telling", means="van_ban")).status_code == 200
    for each in (one, two):
        await house.ask("unmerge_opinion", HUB, opinion=each, reason="Hai việc khác nhau.")
    await house.follow()
    lines = await listed(house)
    assert {(line["opinion"], line["told_on"] is None) for line in lines} == {(survivor, True), (two, False)}
    refused = await post(house, HUB, f"/opinions/{one}/telling", means="van_ban")
    is_problem(refused, 409, "nothing-to-tell", "opinion", rule=("brief §1.2", "invariant 3"))
    house.clock.move_to(START + timedelta(days=3))
    await house.ask("forward_opinion", HUB, opinion=two, to="SGTVT")
    await house.follow()
    again = (two, None, "chuyen_ngoai", None)
    assert again in shown(await listed(house, untold=True))
    assert (await post(house, HUB, f"/opinions/{two}/telling", means="dien_thoai")).status_code == 200
    await house.follow()
    assert shown(await listed(house, untold=False)) == {(two, None, "khong_du_dieu_kien", survivor), again}
    everything = await listed(house)
    await house.following.rebuild("opinions")
    assert await listed(house) == everything


async def test_who_joined_what_had_ended_or_leaves_its_case_is_kept_up_with(house: House) -> None:
    survivor, other = await house.referred(), await house.referred(local_id="two")
    episode = f"{survivor.removeprefix('opinion-')}/1"
    await house.become(survivor, CaseWithdrawn(episode=episode, note=None), CaseSubmitterAdded(merged=case_of(other)))
    await house.follow()
    assert shown(await listed(house)) == {(other, None, "rut", case_of(survivor))}
    await house.become(survivor, CaseSubmitterRemoved(merged=case_of(other)))
    await house.follow()
    assert await listed(house) == []


async def test_what_was_taken_back_at_its_receipt_was_not_the_others_to_take_back(house: House) -> None:
    """Recorded before others had to be taken out first."""
    survivor, other = await house.classified(), await house.classified(local_id="two")
    withdrawn = OpinionWithdrawn(episode=f"{survivor.removeprefix('opinion-')}/1", note=None)
    await house.happen("intake", {survivor: [SubmitterAdded(merged=other), withdrawn]})
    await house.follow()
    assert shown(await listed(house)) == {(other, None, "rut", survivor)}


async def test_nothing_is_told_of_an_open_opinion_and_nobody_else_tells_or_lists(house: House) -> None:
    opinion = await house.classified()
    await house.follow()
    before = (await house.log.head()).position
    refused = await post(house, HUB, f"/opinions/{opinion}/telling", means="van_ban")
    is_problem(refused, 409, "nothing-to-tell", "opinion", rule=("brief §1.2", "invariant 3"))
    await house.ask("reject_opinion", HUB, opinion=opinion, reason=RejectionReason.FINAL_DECISION.value)
    await house.follow()
    async with house.client(HUB) as client:
        early = {"means": "van_ban", "occurred_at": (START - timedelta(days=3)).isoformat()}
        answer = await client.post(f"/intake/api/opinions/{opinion}/telling", json=early)
    is_problem(answer, 422, "told-before", "occurred_at", rule=("brief §1.2", "invariant 12"))
    for by, status in ((OTHER_OFFICE, 404), (OTHER_UNIT, 404), (AUDITOR, 403)):
        assert (await post(house, by, f"/opinions/{opinion}/telling", means="van_ban")).status_code == status
    assert (await house.log.head()).position == before + 1
    for by in (OTHER_UNIT, OTHER_OFFICE):
        is_problem(await get(house, by, "/tellings", office="VPUB"), 404, "unknown")
    assert (await get(house, CHIEF, "/tellings")).status_code == 200
