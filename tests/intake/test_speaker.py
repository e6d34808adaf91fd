"""Who spoke: opened by those who sort and write to the speaker, and of one who asked not to be shown, by head and hub (R12)."""

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any, Final

import httpx2
import pytest

from services.intake.handlers.opinions import case_of
from shared.contracts.case import CaseDiverted, CaseReclassified
from shared.contracts.directory import DelegationGranted, FieldRegistered, PostCreated, PostHeld
from shared.contracts.opinion import HIDDEN_SPEAKER, DivertedKind, Kind, SourceGroup
from shared.contracts.roles import Role
from shared.contracts.session import ItemRaised
from shared.permit import Subject
from tests.intake.house import (
    ADMIN,
    AUDITOR,
    CHIEF,
    DEPUTY,
    FEEDER,
    HUB,
    OTHER_OFFICE,
    OTHER_UNIT,
    REGISTRY,
    SINCE,
    House,
    house,
)

NAMED: Final[dict[str, Any]] = {"speaker_name": "Lò Thị Mai", "speaker_contact": "0912 345 678"}
SPOKE: Final = {"hidden": False, "name": NAMED["speaker_name"], "contact": NAMED["speaker_contact"]}
DIVERTED: Final = DivertedKind.DENUNCIATION


@pytest.fixture(name="house")
async def made(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path) as made:
        yield made


async def ask(house: House, by: Subject, opinion: str, path: str = "/speaker") -> httpx2.Response:
    async with house.client(by) as client:
        return await client.get(f"/intake/api/opinions/{opinion}{path}", headers={"After-Position": "assignment=1"})


async def who_may_know(house: House, opinion: str) -> set[str]:
    """The people to whom it is told who spoke."""
    told = set()
    for by in (HUB, CHIEF, DEPUTY, REGISTRY, FEEDER, OTHER_UNIT, OTHER_OFFICE, AUDITOR, ADMIN):
        answer = await ask(house, by, opinion)
        assert (answer.status_code == 200) == (NAMED["speaker_name"] in answer.text), answer.text
        told |= {by.person} if answer.status_code == 200 else set()
    return told


async def reclassified(house: House, opinion: str, **about: Any) -> None:
    """The assignment service finds that the matter is about these units and posts."""
    facts = {"kind": Kind.PROPOSAL, "field": "giao-thong", "flags": (), "concerns_units": (), "concerns_posts": ()}
    await house.become(opinion, CaseReclassified(episode=f"{opinion.removeprefix('opinion-')}/1", **{**facts, **about}))


async def head_delegates(house: House, *to: Subject) -> None:
    """The post of the head is held, and for these days another person acts for it."""
    head = PostCreated(post="CVP", unit="CVP", name="Chánh Văn phòng", role=Role.CHIEF, valid_from=SINCE)
    held = PostHeld(post="CVP", person=CHIEF.person, acting=False, valid_from=SINCE)
    facts: dict[str, list[Any]] = {"post-CVP": [head, held]}
    for n, each in enumerate(to):
        days = {"valid_from": date(2023, 1, 1), "valid_to": date(2023, 12, 31)}
        facts[f"delegation-{n}"] = [DelegationGranted(post="CVP", to=each.person, actions=(), basis=None, **days)]
    await house.happen("assignment", facts)
    await house.follow()


async def test_who_spoke_is_told_to_those_who_sort_and_write_to_the_speaker_and_each_telling_is_logged(house: House) -> None:
    opinion = (await house.receive(**NAMED)).stream
    assert (await ask(house, REGISTRY, opinion)).json() == SPOKE
    (opened,) = {(each["reader"], each["purpose"]) for each in await house.vault.accesses()}
    assert opened == (REGISTRY.person, f"read_speaker {opinion}")
    assert await who_may_know(house, opinion) == {each.person for each in (HUB, CHIEF, DEPUTY, REGISTRY, FEEDER)}


async def test_who_asked_not_to_be_shown_is_known_to_head_and_hub_alone(house: House) -> None:
    opinion = (await house.receive(**NAMED, hidden=True)).stream
    assert await who_may_know(house, opinion) == {HUB.person, CHIEF.person}
    refused = await ask(house, DEPUTY, opinion)
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")


async def test_whoever_acts_for_the_head_knows_what_the_head_knows(house: House) -> None:
    opinion = (await house.receive(**NAMED, hidden=True)).stream
    await head_delegates(house, DEPUTY)
    assert await who_may_know(house, opinion) == {HUB.person, CHIEF.person, DEPUTY.person}


async def test_in_place_of_a_hidden_speaker_every_view_says_that_he_asked_for_it(house: House) -> None:
    opinion = (await house.receive(**NAMED, hidden=True)).stream
    assert (await ask(house, FEEDER, opinion, "")).json()["speaker"] == HIDDEN_SPEAKER == "Người nêu ý kiến đề nghị giấu tên"
    async with house.client(FEEDER) as client:
        listed = await client.get("/intake/api/units/BTCD/opinions")
    assert [each["speaker"] for each in listed.json()["items"]] == [HIDDEN_SPEAKER]


async def test_the_parts_of_a_split_opinion_are_its_speaker_s(house: House) -> None:
    opinion = (await house.receive(**NAMED, hidden=True)).stream
    done = await house.ask("split_opinion", HUB, opinion=opinion, parts=[{"words": "Một."}, {"words": "Hai."}])
    for part in done.answer["children"]:
        assert (await ask(house, HUB, part)).json() == {**SPOKE, "hidden": True}
        assert (await ask(house, FEEDER, part)).status_code == 403


async def test_nobody_learns_who_spoke_of_him_or_his_unit_and_the_head_is_no_exception(house: House) -> None:
    opinion = (await house.receive(**NAMED)).stream
    about: dict[str, Any] = {"kind": "phan_anh", "field": "giao-thong"}
    await house.ask("classify_opinion", HUB, opinion=opinion, **about, concerns_units=["TCHCQT"], concerns_posts=["CVP"])
    await head_delegates(house, DEPUTY)
    assert (await ask(house, CHIEF, opinion, "/words")).status_code == 200
    assert await who_may_know(house, opinion) == {REGISTRY.person, FEEDER.person, DEPUTY.person}


async def test_whoever_acts_for_the_head_does_not_learn_who_asked_to_be_hidden_and_spoke_of_the_head(house: House) -> None:
    opinion = (await house.receive(**NAMED, hidden=True)).stream
    about: dict[str, Any] = {"kind": "phan_anh", "field": "giao-thong"}
    await house.ask("classify_opinion", HUB, opinion=opinion, **about, concerns_posts=["CVP"])
    await head_delegates(house, DEPUTY)
    assert await who_may_know(house, opinion) == {HUB.person}


async def test_whom_the_case_is_found_to_be_about_afterwards_does_not_learn_who_spoke(house: House) -> None:
    opinion = await house.referred(**NAMED)
    await reclassified(house, opinion, concerns_units=("TCHCQT",))
    assert await who_may_know(house, opinion) == {each.person for each in (CHIEF, DEPUTY, REGISTRY, FEEDER)}
    assert (await ask(house, HUB, opinion, "/words")).status_code == 404


async def test_who_denounced_is_known_to_the_head_alone(house: House) -> None:
    before, after = (await house.receive(**NAMED)).stream, await house.referred(**NAMED)
    await house.ask("divert_opinion", HUB, opinion=before, kind=DIVERTED.value, to="BTCD")
    await house.become(after, CaseDiverted(episode=f"{after.removeprefix('opinion-')}/1", kind=DIVERTED, to="BTCD"))
    for opinion in (before, after):
        assert await who_may_know(house, opinion) == {CHIEF.person}


async def test_of_a_restricted_field_once_referred_who_spoke_is_known_to_the_head_alone(house: House) -> None:
    await house.happen(
        "assignment", {"field-loi-song": [FieldRegistered(field="loi-song", name="Lối sống", restricted=True, valid_from=SINCE)]}
    )
    opinion = await house.referred(**NAMED)
    await reclassified(house, opinion, field="loi-song")
    assert await who_may_know(house, opinion) == {CHIEF.person}


async def test_who_spoke_in_the_room_is_known_to_head_and_hub_whatever_log_comes_first(house: House) -> None:
    opinion = "opinion-7Q2K9FXA3MBTW0000009"
    name = house.vault.seal("raise/1", "speaker_name", NAMED["speaker_name"], person="s-9")
    await house.vault.put([name])
    words = house.vault.seal("raise/1", "words", "Máy tính đã dùng tám năm.")
    await house.vault.put([words])
    raised = ItemRaised(
        session="session-1",
        case=case_of(opinion),
        opinion=opinion,
        episode=f"{opinion.removeprefix('opinion-')}/1",
        office="VPUB",
        source_group=SourceGroup.INTERNAL,
        kind=Kind.PROPOSAL,
        field="khac",
        words=words.sealed,
        speaker="s-9",
        speaker_name=name.sealed,
        hidden=True,
        agenda=None,
    )
    await house.happen("assignment", {"item-7Q2K9FXA3MBTW0000009": [raised]})
    await house.follow()
    assert (await ask(house, HUB, opinion)).json() == {"hidden": True, "name": NAMED["speaker_name"], "contact": None}
    assert await who_may_know(house, opinion) == {HUB.person, CHIEF.person}


async def test_a_speaker_who_was_erased_is_nobody(house: House) -> None:
    opinion = (await house.receive(**NAMED)).stream
    (person,) = {each["person"] for each in await house.sealed() if each["person"]}
    await house.vault.erase_person(person)
    assert (await ask(house, HUB, opinion)).json() == {"hidden": False, "name": None, "contact": None}
