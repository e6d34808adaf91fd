"""Opinions that may be the same matter are suggested: ranked by their words, of one office, never words themselves."""

import unicodedata
from typing import Any

import httpx2
import pytest

from services.intake.readmodel.opinions.similar import LEAST_SCORE, MOST_SHOWN, MOST_WINDOWS, WINDOW, likeness, windows
from shared.permit import Subject
from tests.intake.house import AUDITOR, CHIEF, FEEDER, HUB, OTHER_OFFICE, OTHER_UNIT, REGISTRY, WORDS, House

# Opinions 1 and 24 of the domain brief: the same matter, once without marks and in other words.
ROAD = "Đường vào bản bị sạt lở từ mùa mưa năm trước, xe cấp cứu không vào được, đề nghị tỉnh sớm sửa."
ROAD_TYPED = "Duong vao ban bi sat lo tu mua mua nam truoc de nghi tinh som khac phuc"
SCHOOL = "Đề nghị tỉnh sớm xây thêm phòng học cho điểm trường mầm non của bản."
POOR = "Cần gặp lãnh đạo về việc xét hộ nghèo năm nay."


def test_the_same_words_are_alike_in_whatever_form_they_were_typed() -> None:
    typed = (unicodedata.normalize("NFD", ROAD), ROAD.upper(), ROAD.replace("Đ", "Ð"), f"  {ROAD}!!! ")
    assert {likeness(ROAD, each) for each in typed} == {100}


def test_the_same_matter_is_liker_than_another_that_shares_its_phrases() -> None:
    assert likeness(ROAD, ROAD_TYPED) >= LEAST_SCORE > likeness(ROAD, SCHOOL) > likeness(ROAD, POOR)


def test_a_few_words_that_stand_everywhere_make_nothing_alike() -> None:
    assert likeness("Đề nghị tỉnh sớm sửa.", ROAD) < 100
    assert likeness("", ROAD) == likeness("—", ROAD) == 0


@pytest.mark.parametrize("words", ["", "…", "Đường", "Đường vào bản", ROAD, f"{ROAD} {SCHOOL} {POOR} " * 60])
def test_what_is_searched_for_is_bounded_and_spread_over_the_whole_text(words: str) -> None:
    asked = windows(words)
    assert len(asked) <= MOST_WINDOWS
    assert all(1 <= len(each.split()) <= WINDOW for each in asked)
    assert bool(asked) == any(char.isalnum() for char in words)


async def ask(house: House, by: Subject | None, opinion: str, **asked: Any) -> httpx2.Response:
    await house.follow()
    async with house.client(by) as client:
        return await client.get(f"/intake/api/opinions/{opinion}/similar", params=asked or None)


async def suggested(house: House, by: Subject, opinion: str, **asked: Any) -> list[str]:
    answer = await ask(house, by, opinion, **asked)
    assert answer.status_code == 200, answer.text
    return [each["id"] for each in answer.json()["items"]]


async def test_a_duplicate_is_found_across_ways_of_typing_and_nothing_of_its_words_is_told(house: House) -> None:
    first = await house.classified(words=unicodedata.normalize("NFD", ROAD), speaker_name="Lò Văn Bình", hidden=True)
    for words in (SCHOOL, POOR):
        await house.receive(words=words)
    again = (await house.receive(words=ROAD_TYPED)).stream
    answer = await ask(house, HUB, again)
    assert answer.status_code == 200, answer.text
    (found,) = answer.json()["items"]
    assert LEAST_SCORE <= found.pop("score") < 100
    assert found == {"id": first, "stage": "phan_loai", "case": None, "field": "giao-thong", "received_on": "2023-01-09"}
    assert await suggested(house, HUB, first) == [again]


async def test_the_likest_come_first_and_no_more_than_were_asked_for(house: House) -> None:
    asked = (await house.receive(words=ROAD)).stream
    typed, same, later = [(await house.receive(words=words)).stream for words in (ROAD_TYPED, ROAD, ROAD)]
    found = await suggested(house, HUB, asked)
    assert (set(found[:2]), found[2]) == ({same, later}, typed)
    assert await suggested(house, HUB, asked, limit=2) == found[:2]
    for limit in (0, MOST_SHOWN + 1, "x"):
        assert (await ask(house, HUB, asked, limit=limit)).status_code == 422


async def test_nothing_is_suggested_where_there_is_nothing_alike(house: House) -> None:
    alone = (await house.receive(words=ROAD)).stream
    assert await suggested(house, HUB, alone) == []
    assert (await house.vault.accesses(reader=HUB.person))[-1]["refs"] == [  # its own words and no others
        row["ref"] for row in await house.sealed() if row["purpose"] == "receive_opinion.words"
    ]


async def test_what_can_take_nothing_in_is_not_suggested_and_a_referred_one_with_its_case(house: House) -> None:
    referred = await house.referred(words=ROAD)
    rejected, withdrawn = [(await house.receive(words=ROAD)).stream for _ in range(2)]
    await house.ask("reject_opinion", HUB, opinion=rejected, reason="NAC_DANH")
    await house.ask("withdraw_opinion", HUB, opinion=withdrawn)
    await house.receive(OTHER_OFFICE, office="UBND-MSO", words=ROAD)
    asked = (await house.receive(words=ROAD)).stream
    items = (await ask(house, HUB, asked)).json()["items"]
    assert [(each["id"], each["case"]) for each in items] == [(referred, referred.replace("opinion-", "case-"))]


async def test_each_is_compared_only_with_what_he_may_read_and_the_reading_is_one_access(house: House) -> None:
    own, asked = [(await house.receive(words=ROAD)).stream for _ in range(2)]
    other = (await house.receive(OTHER_UNIT, words=ROAD)).stream
    assert set(await suggested(house, HUB, asked)) == {own, other}
    assert set(await suggested(house, CHIEF, asked)) == {own, other}
    assert await suggested(house, FEEDER, asked) == [own]
    lines = await house.vault.accesses(reader=HUB.person)
    assert [(len(line["refs"]), line["purpose"]) for line in lines] == [(1, "similar_opinions"), (2, "similar_opinions")]
    assert [len(line["refs"]) for line in await house.vault.accesses(reader=FEEDER.person)] == [1, 1]


async def test_who_may_not_read_its_words_is_told_nothing_of_what_is_like_them(house: House) -> None:
    asked, _ = [(await house.receive(words=ROAD)).stream for _ in range(2)]
    for by, status in ((REGISTRY, 403), (AUDITOR, 403), (OTHER_UNIT, 404), (OTHER_OFFICE, 404), (None, 401)):
        assert (await ask(house, by, asked)).status_code == status
    assert (await ask(house, HUB, "opinion-NEVER0000000000000")).status_code == 404
    assert await house.vault.accesses() == []


async def test_of_words_that_are_gone_nothing_is_like(house: House) -> None:
    asked, redacted = [(await house.receive(words=WORDS)).stream for _ in range(2)]
    await house.ask("redact_opinion", HUB, opinion=redacted, words=POOR, reason="Có tên người.")
    assert await suggested(house, HUB, asked) == []
    await house.ask("quarantine_opinion", HUB, opinion=asked, paper="125/CV-M")
    assert await suggested(house, HUB, asked) == []
