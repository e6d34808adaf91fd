"""In which capacities somebody may sign, by what the directory says on the day, and by whose papers."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from shared.contracts.directory import UnitKind
from shared.contracts.document import SigningCapacity
from shared.contracts.refusals import Forbidden, Refused
from shared.contracts.roles import Role
from shared.directory.snapshot import Directory
from shared.directory.values import Holder, Post, Unit
from shared.documents.refusals import CapacityNotHeld
from shared.papers.signing import may_sign
from shared.permit import Delegated, Subject
from shared.vault.schema import ACCESS
from tests.assignment.house import ADMIN, CHIEF, DEPUTY, HUB, REGISTRY, SPECIALIST, House
from tests.assignment.test_document_api import furnished
from tests.assignment.test_papers_written import LETTERHEAD, text_of
from tests.support.hosting import subject

DAY = date(2023, 2, 17)


def directory(*posts: tuple[str, str, Role, str, bool]) -> Directory:
    """Two offices, and posts: key, unit, role, who holds it, whether acting."""
    units = {
        key: Unit(key, key, key, kind, office, office)
        for key, kind, office in (
            ("VPUB", UnitKind.OFFICE, "VPUB"),
            ("TCHCQT", UnitKind.DIVISION, "VPUB"),
            ("UBND-MSO", UnitKind.OFFICE, "UBND-MSO"),
            ("UBND-T", UnitKind.PROVINCIAL_BODY, None),
        )
    }
    return Directory(
        day=DAY,
        position=1,
        units=units,
        fields={},
        leads={},
        people={},
        labels={},
        published=None,
        posts={key: Post(key, unit, key, role, DAY) for key, unit, role, _, _ in posts},
        holders={key: Holder(person, acting) for key, _, _, person, acting in posts if person},
    )


HEAD = ("CVP", "VPUB", Role.CHIEF, "p-chief", False)
DEPUTY_POST = ("PCVP-1", "VPUB", Role.DEPUTY, "p-deputy", False)


def allowed(found: dict[str, frozenset[SigningCapacity]], office: str = "VPUB") -> set[str]:
    return {capacity.value for capacity in found.get(office, frozenset())}


def test_whoever_holds_a_post_signs_as_it_allows_and_nobody_else_does() -> None:
    here = directory(HEAD, DEPUTY_POST)
    assert allowed(may_sign(here, CHIEF)) == {"truc_tiep", "TM", "TL"}
    assert allowed(may_sign(here, DEPUTY)) == {"KT", "TL_KT"}
    impostor = subject("p-x", "VPUB", Role.CHIEF)
    assert may_sign(here, impostor) == {}


def test_the_deputy_of_a_unit_signs_by_order_for_its_leader_and_where_there_is_none_not_at_all() -> None:
    own = ("PTP-TCHCQT", "TCHCQT", Role.UNIT_DEPUTY, "p-second", False)
    second = subject("p-second", "TCHCQT", Role.UNIT_DEPUTY)
    leader = ("TP-TCHCQT", "TCHCQT", Role.UNIT_LEADER, "", False)  # the post stands, whoever holds it
    assert allowed(may_sign(directory(HEAD, own, leader), second)) == {"TL_KT"}
    elsewhere = ("TP-MSO", "UBND-MSO", Role.UNIT_LEADER, "p-mso", False)
    assert allowed(may_sign(directory(HEAD, own, elsewhere), second)) == set()
    assert allowed(may_sign(directory(HEAD, leader), second)) == set()
    assert allowed(may_sign(None, second)) == set()


def test_a_vacant_post_lets_nobody_sign() -> None:
    assert may_sign(directory(("CVP", "VPUB", Role.CHIEF, "", False), DEPUTY_POST), CHIEF) == {}


def test_an_acting_head_signs_as_acting() -> None:
    assert allowed(may_sign(directory(("CVP", "VPUB", Role.CHIEF, "p-deputy", True), DEPUTY_POST), DEPUTY)) == {
        "Q",
        "KT",
        "TL_KT",
    }


def test_a_post_of_one_office_allows_nothing_at_another() -> None:
    found = may_sign(directory(HEAD, ("CT-MSO", "UBND-MSO", Role.CHIEF, "p-chief", False)), DEPUTY)
    assert found == {}
    both = may_sign(directory(DEPUTY_POST, ("CT-MSO", "UBND-MSO", Role.CHIEF, "p-deputy", False)), DEPUTY)
    assert (allowed(both), allowed(both, "UBND-MSO")) == ({"KT", "TL_KT"}, {"truc_tiep", "TM", "TL"})


def test_the_chairman_signs_the_papers_of_every_office() -> None:
    chairman = Subject(person="p-ct", tenant="sonla", office="UBND-T", unit="UBND-T", capacities=frozenset({Role.CHAIRMAN}))
    held = directory(HEAD, ("CT", "UBND-T", Role.CHAIRMAN, "p-ct", False))
    assert allowed(may_sign(held, chairman), "") == {"truc_tiep", "TM", "KT"}
    assert allowed(may_sign(directory(HEAD), chairman), "") == {"truc_tiep", "TM", "KT"}


@pytest.mark.parametrize(("role", "expected"), [(Role.CHIEF, {"TUQ"}), (Role.DEPUTY, set()), (Role.UNIT_LEADER, set())])
def test_only_a_head_authorises_others_to_sign_and_only_his_office_s_papers(role: Role, expected: set[str]) -> None:
    under = Delegated(delegation="delegation-1", post="CVP", role=role, office="VPUB", unit="VPUB")
    delegate = Subject(
        person="p-x", tenant="sonla", office="VPUB", unit="TH", capacities=frozenset({Role.SPECIALIST}), delegated=(under,)
    )
    found = may_sign(directory(HEAD), delegate)
    assert allowed(found) == expected
    assert allowed(found, "UBND-MSO") == set()


def test_an_office_none_of_whose_posts_is_held_yet_goes_by_the_credential() -> None:
    assert allowed(may_sign(directory(("CVP", "VPUB", Role.CHIEF, "", False)), CHIEF)) == {"truc_tiep", "TM", "TL"}
    assert allowed(may_sign(directory(), CHIEF)) == {"truc_tiep", "TM", "TL"}
    assert allowed(may_sign(None, DEPUTY)) == {"KT", "TL_KT"}
    assert allowed(may_sign(directory(("CT-MSO", "UBND-MSO", Role.CHIEF, "p-mso", False)), CHIEF)) == {"truc_tiep", "TM", "TL"}


# Through the service, as the directory's copy arrives


async def submitted(house: House) -> str:
    paper = (await house.ask("draft_document", HUB, kind="thong_bao")).stream
    await house.ask("submit_document", HUB, document=paper)
    return paper


async def sign(house: House, by: Subject, paper: str, capacity: str) -> Any:
    return await house.ask("sign_document", by, document=paper, capacity=capacity)


async def refused(rule: type[Refused], house: House, by: Subject, paper: str, capacity: str) -> None:
    with pytest.raises(rule):
        await sign(house, by, paper, capacity)


async def post_held(house: House, post: str, role: str, person: str, *, unit: str = "CVP", name: str = "") -> None:
    await house.ask("create_post", ADMIN, post=post, unit=unit, name=name or post, role=role, valid_from="2021-01-01")
    await house.ask("hold_post", ADMIN, post=post, person=person, acting=False, valid_from="2021-01-01")


async def test_the_office_s_key_is_opened_only_for_whoever_may_ask_to_sign(house: House) -> None:
    for person in ("p-chief", "p-deputy"):
        await house.ask("register_person", ADMIN, person=person, name="Lò Văn B", unit="CVP", valid_from="2021-01-01")
    await post_held(house, "CVP", "chief", "p-chief")
    await house.follow()
    paper = await submitted(house)
    await refused(Forbidden, house, subject("p-chief", "CVP", Role.REGISTRY), paper, "truc_tiep")
    assert await openings(house) == []
    await sign(house, CHIEF, paper, "truc_tiep")
    assert await openings(house) == [("p-chief", f"sign_document {paper}")]


async def openings(house: House) -> list[tuple[str, str]]:
    """Who opened the private half of a key, and for which paper."""
    async with house.texts.read() as connection:
        rows = [(row["reader"], row["purpose"]) for row in (await connection.execute(select(ACCESS))).mappings()]
    return [each for each in rows if each[1].startswith("sign_document")]


async def test_once_an_office_keeps_posts_their_holders_sign(house: House) -> None:
    for person in ("p-chief", "p-deputy"):
        await house.ask("register_person", ADMIN, person=person, name="Lò Văn B", unit="CVP", valid_from="2021-01-01")
    await post_held(house, "PCVP-1", "deputy", "p-deputy")
    await house.follow()
    paper = await submitted(house)
    await refused(CapacityNotHeld, house, CHIEF, paper, "truc_tiep")
    await sign(house, DEPUTY, paper, "KT")


async def test_a_delegate_signs_by_authorisation_within_the_dates(house: House) -> None:
    await house.ask("register_person", ADMIN, person="p-chief", name="Lò Văn B", unit="CVP", valid_from="2021-01-01")
    await post_held(house, "CVP", "chief", "p-chief")
    await house.follow()
    paper = await submitted(house)
    await refused(Forbidden, house, SPECIALIST, paper, "TUQ")
    await house.ask(
        "grant_delegation",
        CHIEF,
        post="CVP",
        to="p-specialist",
        actions=["sign_document"],
        valid_from="2023-01-09",
        valid_to="2023-01-20",
    )
    await house.follow()
    await refused(CapacityNotHeld, house, SPECIALIST, paper, "truc_tiep")
    done = await sign(house, SPECIALIST, paper, "TUQ")
    record = (await house.log.read_stream(done.stream))[-1]
    assert b'"TUQ"' in record.data
    assert b"delegation-" in record.metadata
    assert REGISTRY.person not in record.data.decode()


async def test_a_paper_signed_for_the_leader_of_a_unit_by_order_says_so_in_three_lines(house: House) -> None:
    await furnished(house)
    await house.ask("set_letterhead", HUB, office="VPUB", **LETTERHEAD)
    second = subject("p-second", "TCHCQT", Role.UNIT_DEPUTY)
    house.people = {**house.people, second.person: second}
    for person, name in (("p-leader", "Lò Văn B"), ("p-second", "Cà Thị D")):
        await house.ask("register_person", ADMIN, person=person, name=name, unit="TCHCQT", valid_from="2021-01-01")
    await post_held(house, "TP-TCHCQT", "unit_leader", "p-leader", unit="TCHCQT", name="Trưởng phòng")
    await post_held(house, "PTP-TCHCQT", "unit_deputy", "p-second", unit="TCHCQT", name="Phó Trưởng phòng")
    await house.follow()
    paper = (await house.ask("draft_document", HUB, kind="cong_van", summary="Đề nghị cung cấp số liệu")).stream
    await house.ask("submit_document", HUB, document=paper)
    await refused(CapacityNotHeld, house, second, paper, "TL")
    await sign(house, second, paper, "TL_KT")
    assert "TL. CHÁNH VĂN PHÒNG KT. TRƯỞNG PHÒNG PHÓ TRƯỞNG PHÒNG" in signed_part(await text_of(house, paper))
    assert "Cà Thị D" in await text_of(house, paper)


def signed_part(text: str) -> str:
    """What stands from the signature on, without the list of recipients beside it."""
    return " ".join(line for line in text.partition("./.")[2].replace("Nơi nhận:", "").replace("- Lưu: VT.", "").split())
