"""What lies on the desk of whoever takes opinions in: piles, counts, titles; and what sorting one needs to know."""

from datetime import timedelta

import pytest

from services.intake.readmodel.opinions.inbox import Filters, Pile
from shared.contracts.case import CaseDiverted
from shared.contracts.opinion import DivertedKind, SourceGroup
from shared.contracts.refusals import Unknown
from shared.permit import Subject
from tests.intake.house import (
    ADMIN,
    CHIEF,
    FEEDER,
    HUB,
    OTHER_OFFICE,
    OTHER_UNIT,
    REGISTRY,
    SECRETARY,
    WORDS,
    House,
)

ALL = Filters()


async def test_an_opinion_passes_from_pile_to_pile(house: House) -> None:
    opinion = (await house.receive(local_id="412/2023")).stream

    async def lies(pile: Pile) -> bool:
        await house.follow()
        found = await house.service.queries.inbox.piled(HUB, pile, ALL)
        assert found.counts[pile] == len(found.lying)
        return [each.view.id for each in found.lying] == [opinion]

    assert await lies(Pile.UNSORTED)
    await house.ask("request_completion", HUB, opinion=opinion, asked="Bổ sung địa chỉ.")
    assert await lies(Pile.AWAITING)
    await house.ask("classify_opinion", HUB, opinion=opinion, kind="kien_nghi", field="giao-thong")
    assert await lies(Pile.SORTED)
    await house.ask("refer_opinion", HUB, opinion=opinion)
    assert await lies(Pile.REFERRED)
    assert not await lies(Pile.UNSORTED)


async def test_the_first_pile_with_anything_is_shown_oldest_first_with_what_each_says(house: House) -> None:
    first = (await house.receive(words="Cầu treo hỏng.")).stream
    house.clock.move_to(house.clock.now() + timedelta(minutes=5))
    second = (await house.receive(words="Thiếu nước sạch.")).stream
    await house.follow()
    found = await house.service.queries.inbox.piled(HUB, None, ALL)
    assert (found.pile, found.of_unit) == (Pile.UNSORTED, False)
    assert [(each.view.id, each.title) for each in found.lying] == [(first, "Cầu treo hỏng."), (second, "Thiếu nước sạch.")]
    assert {each["purpose"] for each in await house.vault.accesses()} == {"intake_desk"}


async def test_a_pile_is_paged_from_the_oldest_on(house: House) -> None:
    taken = []
    for n in range(5):
        taken.append((await house.receive(words=f"Việc thứ {n}.")).stream)
        house.clock.move_to(house.clock.now() + timedelta(minutes=1))
    await house.follow()
    seen, cursor = [], None
    while True:
        page = await house.service.queries.inbox.piled(HUB, Pile.UNSORTED, ALL, cursor=cursor, limit=2)
        seen += [each.view.id for each in page.lying]
        cursor = page.cursor
        if cursor is None:
            break
    assert seen == taken


async def test_what_nobody_classified_in_time_is_overdue(house: House) -> None:
    opinion = (await house.receive()).stream  # on a Monday: two working days
    house.clock.move_to(house.clock.now() + timedelta(days=2))
    await house.follow()
    assert (await house.service.queries.inbox.piled(HUB, None, ALL)).counts[Pile.OVERDUE] == 0
    house.clock.move_to(house.clock.now() + timedelta(days=1))
    found = await house.service.queries.inbox.piled(HUB, Pile.OVERDUE, ALL)
    assert [each.view.id for each in found.lying] == [opinion]
    assert found.lying[0].left is not None
    assert (found.lying[0].left.nearness, found.lying[0].left.days) == ("overdue", 1)
    assert found.counts[Pile.OVERDUE] == 1


async def test_a_pile_is_narrowed_by_whose_opinions_and_by_number(house: House) -> None:
    people = (await house.receive(local_id="412/2023")).stream
    staff = (await house.receive(source_group="noi_bo", local_id="4120/2023")).stream
    await house.follow()
    inbox = house.service.queries.inbox
    of_staff = await inbox.piled(HUB, Pile.UNSORTED, Filters(source_group=SourceGroup.INTERNAL))
    numbered = await inbox.piled(HUB, Pile.UNSORTED, Filters(number="412"))
    assert [each.view.id for each in of_staff.lying] == [staff]
    assert [each.view.id for each in numbered.lying] == [people]
    assert await inbox.numbered(FEEDER, "412/2023") == people
    assert await inbox.numbered(OTHER_UNIT, "412/2023") is None


async def test_a_unit_sees_what_it_took_in_and_whoever_has_no_part_in_it_nothing(house: House) -> None:
    await house.receive()
    mine = (await house.receive(by=OTHER_UNIT)).stream
    await house.follow()
    found = await house.service.queries.inbox.piled(OTHER_UNIT, None, ALL)
    assert found.of_unit
    assert [each.view.id for each in found.lying] == [mine]
    assert sum(found.counts.values()) == 1
    for by in (SECRETARY, ADMIN):
        with pytest.raises(Unknown):
            await house.service.queries.inbox.piled(by, None, ALL)
    assert (await house.service.queries.inbox.piled(OTHER_OFFICE, None, ALL)).lying == ()


@pytest.mark.parametrize(("by", "reads"), [(HUB, True), (CHIEF, True), (REGISTRY, False)], ids=lambda each: str(each)[:30])
async def test_titles_are_for_those_who_read_words(house: House, by: Subject, reads: bool) -> None:
    await house.receive()
    await house.follow()
    [lying] = (await house.service.queries.inbox.piled(by, None, ALL)).lying
    assert (lying.title == WORDS) is reads


async def test_what_is_about_a_unit_has_no_title_for_its_people_and_no_concerns(house: House) -> None:
    opinion = (await house.receive()).stream
    await house.ask("classify_opinion", HUB, opinion=opinion, kind="phan_anh", field="khac", concerns_units=["BTCD"])
    await house.follow()
    inbox = house.service.queries.inbox
    [lying] = (await inbox.piled(FEEDER, None, ALL)).lying
    assert lying.title is None
    assert (await inbox.sheet(FEEDER, opinion)).concerns == ()
    sheet = await inbox.sheet(HUB, opinion)
    assert sheet.concerns == (("BTCD", "Đơn vị BTCD"),)
    assert sheet.due is not None
    assert (sheet.due.rule, sheet.due.days) == ("answer", 10)
    with pytest.raises(Unknown):
        await inbox.receipt(FEEDER, opinion)


async def test_of_what_was_diverted_only_a_pointer_lies_there(house: House) -> None:
    opinion = (await house.receive()).stream
    await house.ask("divert_opinion", HUB, opinion=opinion, kind="to_cao", to="SGTVT")
    await house.follow()
    [lying] = (await house.service.queries.inbox.piled(HUB, Pile.ENDED, ALL)).lying
    assert (lying.title, lying.left, lying.view.channel) == (None, None, None)
    assert (await house.service.queries.inbox.piled(HUB, Pile.ENDED, Filters(source_group=SourceGroup.PEOPLE))).lying == ()


@pytest.mark.parametrize(
    ("by", "found"), [(HUB, False), (REGISTRY, False), (CHIEF, True)], ids=lambda each: getattr(each, "person", str(each))
)
async def test_what_was_diverted_after_referral_is_found_by_no_filter_but_the_head_s(
    house: House, by: Subject, found: bool
) -> None:
    opinion = (await house.receive(local_id="412/2023")).stream
    await house.ask("classify_opinion", HUB, opinion=opinion, kind="kien_nghi", field="giao-thong")
    await house.refer(opinion)
    await house.follow()
    inbox = house.service.queries.inbox
    narrowed = (Filters(source_group=SourceGroup.PEOPLE), Filters(number="412"))
    for filters in narrowed:
        assert len((await inbox.piled(by, Pile.REFERRED, filters)).lying) == 1
    episode = f"{opinion.removeprefix('opinion-')}/1"
    await house.become(opinion, CaseDiverted(episode=episode, kind=DivertedKind.COMPLAINT, to="BTCD"))
    await house.follow()
    assert len((await inbox.piled(by, Pile.REFERRED, ALL)).lying) == 1  # that it was is told
    for filters in narrowed:
        assert bool((await inbox.piled(by, Pile.REFERRED, filters)).lying) is found


async def test_the_receipt_is_given_again_by_whoever_gave_it(house: House) -> None:
    done = await house.receive()
    await house.follow()
    assert await house.service.queries.inbox.receipt(FEEDER, done.stream) == done.answer["receipt"]
    for by in (HUB, OTHER_UNIT, OTHER_OFFICE):
        with pytest.raises(Unknown):
            await house.service.queries.inbox.receipt(by, done.stream)


async def test_what_is_being_written_down_is_compared_with_what_is_there(house: House) -> None:
    there = (await house.receive()).stream
    await house.receive(words="Xin thêm ghế cho phòng họp tầng hai.")
    await house.follow()
    found = await house.service.queries.opinions.alike(
        HUB, "VPUB", "Đường vào bản bị sạt lở, xe cấp cứu không vào được.", limit=5
    )
    assert [each.id for each in found] == [there]
    assert await house.service.queries.opinions.alike(OTHER_UNIT, "VPUB", WORDS, limit=5) == []
