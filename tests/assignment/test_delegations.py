"""Acting for another: within the dates of a delegation, as far as it goes, and recorded in every event."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from shared.contracts.refusals import Forbidden, Unknown
from shared.contracts.roles import Role
from tests.assignment.house import ADMIN, CHIEF, DEPUTY, HUB, OTHER_OFFICE, REGISTRY, SPECIALIST, House
from tests.assignment.test_misuse import refused
from tests.assignment.test_session_misuse import not_created
from tests.support.hosting import subject

LAST_MORNING = datetime(2023, 3, 10, 2, tzinfo=UTC)
DAY_AFTER = datetime(2023, 3, 11, 2, tzinfo=UTC)
SUFFIXES = ("7Q2K9FXA3MBTW0000001", "7Q2K9FXA3MBTW0000002", "7Q2K9FXA3MBTW0000003")


async def posts(house: House) -> None:
    """The head's post with its holder, and a deputy's."""
    for person, unit in (("p-chief", "CVP"), ("p-deputy", "CVP"), ("p-mso", "UBND-MSO")):
        await house.ask("register_person", ADMIN, person=person, name="Lò Văn B", unit=unit, valid_from="2021-01-01")
    for post, role in (("CVP", "chief"), ("PCVP-1", "deputy")):
        await house.ask("create_post", ADMIN, post=post, unit="CVP", name=post, role=role, valid_from="2021-01-01")
    await house.ask("hold_post", ADMIN, post="CVP", person="p-chief", valid_from="2021-01-01")
    await house.ask("hold_post", ADMIN, post="PCVP-1", person="p-deputy", valid_from="2021-01-01")
    await house.follow()


async def delegated(house: House, **changed: Any) -> str:
    """The head lets his deputy act for him, 01 to 10/03/2023."""
    granting = {"post": "CVP", "to": "p-deputy", "valid_from": "2023-03-01", "valid_to": "2023-03-10", "basis": "02/GUQ-VPUB"}
    done = await house.ask("grant_delegation", CHIEF, **{**granting, **changed})
    await house.follow()
    return done.stream


async def metadata(house: House, stream: str, type: str) -> Mapping[str, Any]:
    record = next(record for record in await house.log.read_stream(stream) if record.type == type)
    found: Mapping[str, Any] = orjson.loads(record.metadata)
    return found


async def test_a_deputy_assigns_on_the_last_day_of_his_delegation_and_not_the_day_after(house: House) -> None:
    await posts(house)
    first, second, third = [await house.refer(suffix) for suffix in SUFFIXES]
    delegation = await delegated(house)
    with pytest.raises(Forbidden):
        await house.ask("assign_case", DEPUTY, case=first, lead="TCHCQT")
    house.clock.move_to(LAST_MORNING)
    await house.ask("assign_case", DEPUTY, case=first, lead="TCHCQT")
    house.clock.move_to(DAY_AFTER)
    with pytest.raises(Forbidden):
        await house.ask("assign_case", DEPUTY, case=second, lead="TCHCQT")
    late = await house.ask("assign_case", DEPUTY, case=third, lead="TCHCQT", at=LAST_MORNING)
    assert late.position > 0
    written = await metadata(house, first, "case.assigned")
    assert {name: written[name] for name in ("actor", "unit", "office", "capacity", "post", "delegation", "unit_version")} == {
        "actor": "p-deputy",
        "unit": "CVP",
        "office": "VPUB",
        "capacity": "chief",
        "post": "CVP",
        "delegation": delegation,
        "unit_version": "2021-01-01",
    }


async def test_in_one_s_own_capacity_no_delegation_is_named(house: House) -> None:
    await posts(house)
    case = await house.refer(SUFFIXES[0])
    await house.ask("assign_case", CHIEF, case=case, lead="TCHCQT")
    written = await metadata(house, case, "case.assigned")
    assert (written["post"], written["delegation"], written["capacity"]) == ("CVP", None, "chief")


async def test_the_version_of_the_unit_is_that_of_the_day(house: House) -> None:
    await posts(house)
    await house.ask("rename_unit", ADMIN, unit="CVP", code="CVP", name="Chánh Văn phòng UBND tỉnh", valid_from="2023-03-01")
    await house.follow()
    house.clock.move_to(LAST_MORNING)
    case, other = [await house.refer(suffix) for suffix in SUFFIXES[:2]]
    await house.ask("assign_case", CHIEF, case=case, lead="TCHCQT")
    assert (await metadata(house, case, "case.assigned"))["unit_version"] == "2023-03-01"
    await house.ask("submit_answer", SPECIALIST, case=case, answer="Trả lời.")
    assert (await metadata(house, case, "case.answer_submitted"))["post"] is None
    await house.ask("assign_case", CHIEF, case=other, lead="TH")


async def test_a_delegation_of_some_commands_covers_no_other(house: House) -> None:
    await posts(house)
    case = await house.refer(SUFFIXES[0])
    await delegated(house, actions=["recall_case"])
    house.clock.move_to(LAST_MORNING)
    with pytest.raises(Forbidden):
        await house.ask("assign_case", DEPUTY, case=case, lead="TCHCQT")
    await house.ask("assign_case", CHIEF, case=case, lead="TCHCQT")
    await house.ask("recall_case", DEPUTY, case=case, reason="Giao nhầm đơn vị.")


async def test_whoever_acts_for_the_head_reads_what_the_head_reads_as_long_as_he_does(house: House) -> None:
    await posts(house)
    case = await house.refer(SUFFIXES[0], field="dao-duc-loi-song")
    await delegated(house, actions=["approve_answer"])

    async def read() -> int:
        async with house.client(DEPUTY) as client:
            return (await client.get(f"/assignment/api/cases/{case}/words")).status_code

    before = await read()
    house.clock.move_to(LAST_MORNING)
    during = await read()
    house.clock.move_to(DAY_AFTER)
    assert (before, during, await read()) == (404, 200, 404)


async def test_a_revoked_delegation_is_no_more(house: House) -> None:
    await posts(house)
    case = await house.refer(SUFFIXES[0])
    delegation = await delegated(house)
    await house.ask("revoke_delegation", CHIEF, delegation=delegation, valid_from="2023-03-10")
    await house.follow()
    house.clock.move_to(LAST_MORNING)
    with pytest.raises(Forbidden):
        await house.ask("assign_case", DEPUTY, case=case, lead="TCHCQT")


async def test_only_the_holder_of_a_post_delegates_it_and_the_administrator_records_what_he_signed(house: House) -> None:
    await posts(house)
    asked: dict[str, Any] = {"post": "CVP", "to": "p-specialist", "valid_from": "2023-03-01", "valid_to": "2023-03-10"}
    for other in (DEPUTY, HUB):
        with pytest.raises(Forbidden):
            await house.ask("grant_delegation", other, **asked)
    with pytest.raises(Unknown):
        await house.ask("grant_delegation", OTHER_OFFICE, **asked)
    await not_created(house, ADMIN, "/delegations", "delegation-not-signed", 409, ("R6", "R35"), **asked)
    paper = await house.paper("post-CVP", "cong_van")
    await not_created(house, ADMIN, "/delegations", "delegation-not-signed", 409, **asked, document=paper)
    await house.open_book("CV-VPUB")
    await house.ask("number_document", REGISTRY, document=paper, book="CV-VPUB", number=12)
    himself = {**asked, "to": "p-admin", "document": paper}
    await house.ask("register_person", ADMIN, person="p-admin", name="Lò Văn C", unit="CVP", valid_from="2021-01-01")
    await not_created(house, ADMIN, "/delegations", "delegation-to-himself", 403, ("R6", "R35"), **himself)
    done = await house.ask("grant_delegation", ADMIN, **asked, document=paper)
    granted = orjson.loads((await house.log.read_stream(done.stream))[0].data)
    assert granted["basis"] == "12/CV-VPUB"
    ends: dict[str, Any] = {"valid_from": "2023-03-05"}
    with pytest.raises(Forbidden):
        await house.ask("revoke_delegation", DEPUTY, delegation=done.stream, **ends)
    await refused(house, ADMIN, f"/delegations/{done.stream}/revocation", "delegation-not-signed", 409, **ends)
    await house.ask("revoke_delegation", ADMIN, delegation=done.stream, **ends, document=paper)


async def test_a_delegate_does_not_pass_it_on(house: House) -> None:
    await posts(house)
    await delegated(house)
    house.clock.move_to(LAST_MORNING)
    with pytest.raises(Forbidden):
        await house.ask("grant_delegation", DEPUTY, post="CVP", to="p-specialist", valid_from="2023-03-10", valid_to="2023-03-10")


async def test_a_delegate_acts_from_the_post_s_unit_and_not_from_his_own(house: House) -> None:
    """A leader's delegate of another unit of the office takes the leader's work, and stays what he is in his own."""
    await posts(house)
    await house.ask(
        "create_post", ADMIN, post="TP-HC", unit="TCHCQT", name="Trưởng phòng", role="unit_leader", valid_from="2021-01-01"
    )
    await house.ask("hold_post", ADMIN, post="TP-HC", person="p-specialist", valid_from="2021-01-01")
    stands_in = subject("p-other", "TH", Role.SPECIALIST)
    case, own = [await house.refer(suffix) for suffix in SUFFIXES[:2]]
    task = (await house.ask("assign_case", CHIEF, case=case, lead="TCHCQT")).answer["task"]
    mine = (await house.ask("assign_case", CHIEF, case=own, lead="TH")).answer["task"]
    with pytest.raises(Unknown):
        await house.ask("delegate_task", stands_in, task=task, to="p-specialist")
    await house.ask("grant_delegation", SPECIALIST, post="TP-HC", to="p-other", valid_from="2023-01-09", valid_to="2023-12-31")
    await house.follow()
    await house.ask("delegate_task", stands_in, task=task, to="p-specialist")
    with pytest.raises(Forbidden):
        await house.ask("delegate_task", stands_in, task=mine, to="p-other")
