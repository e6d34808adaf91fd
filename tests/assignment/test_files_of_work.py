"""Files of tasks, requests, proposals and papers over HTTP: for whoever reads what those say, added while they say it."""

from dataclasses import replace
from typing import Any

import pytest

from services.assignment.domain.case.refusals import AboutThatUnit
from shared.contracts.opinion import RejectionReason
from shared.contracts.proposal import ProposalRefused
from shared.contracts.request import RequestRefused
from shared.permit import Subject
from tests.assignment.house import (
    AUDITOR,
    CHAIRMAN,
    CHIEF,
    DEPUTY,
    FEEDER,
    HUB,
    LEADER,
    OTHER_UNIT,
    PEOPLE,
    REGISTRY,
    SPECIALIST,
    House,
)
from tests.assignment.reading import APPRAISER, BESIDE, DIVISION, OTHER_DIVISION, PROPOSER, SECRETARY, sealed
from tests.assignment.sittings import APPRAISAL, ASKED, BROUGHT, PROPOSAL, REQUEST
from tests.assignment.test_document_files import SUFFIX, get, send

RESTRICTED = "dao-duc-loi-song"


@pytest.fixture(autouse=True)
def _everybody(monkeypatch: pytest.MonkeyPatch) -> None:
    for each in BESIDE:
        monkeypatch.setitem(PEOPLE, each.person, each)


async def reading(house: House, about: str, *people: Subject) -> set[str]:
    """Who of these reads the files of a thing."""
    return {by.person for by in people if (await get(house, by, about=about)).status_code == 200}


async def answering(house: House, lead: str = "TCHCQT", **more: object) -> str:
    """The task to answer a case."""
    case = await house.refer(SUFFIX, **more)
    task: str = (await house.ask("assign_case", CHIEF, case=case, lead=lead)).answer["task"]
    await house.follow()
    return task


async def test_a_file_of_a_task_is_for_whoever_reads_what_the_task_says(house: House) -> None:
    task = await answering(house)
    assert (await send(house, SPECIALIST, task)).status_code == 201
    everybody = (CHIEF, DEPUTY, HUB, LEADER, AUDITOR, CHAIRMAN, OTHER_UNIT, REGISTRY)
    assert await reading(house, task, *everybody) == {"p-chief", "p-deputy", "p-hub", "p-leader"}


async def test_a_file_of_work_on_a_restricted_matter_is_for_the_head_and_whoever_answers(house: House) -> None:
    task = await answering(house, lead="TH", field=RESTRICTED)
    assert (await send(house, OTHER_UNIT, task)).status_code == 201
    assert await reading(house, task, CHIEF, DEPUTY, HUB, OTHER_UNIT) == {"p-chief", "p-other"}
    assert (await send(house, HUB, task, key="2")).status_code == 404


async def test_nobody_reads_or_adds_files_of_work_on_an_opinion_about_his_unit(house: House) -> None:
    task = await answering(house, lead="TH", concerns_units=("TCHCQT",))
    assert (await send(house, OTHER_UNIT, task)).status_code == 201
    assert await reading(house, task, CHIEF, DEPUTY, HUB, OTHER_UNIT) == {"p-chief", "p-deputy", "p-other"}
    assert (await send(house, HUB, task, key="2")).status_code == 404
    with pytest.raises(AboutThatUnit):
        await house.ask("add_attachment", HUB, about=task, file="ab" * 32, name="b.pdf")


async def test_a_paper_about_a_matter_is_closed_to_whom_the_matter_is_closed(house: House) -> None:
    case = await house.refer(SUFFIX, concerns_units=("TCHCQT",))
    paper = (await house.ask("draft_document", CHIEF, kind="bien_ban", about=case)).stream
    assert (await send(house, CHIEF, paper)).status_code == 201
    assert await reading(house, paper, CHIEF, DEPUTY, HUB, SECRETARY, AUDITOR) == {"p-chief", "p-deputy", "p-secretary"}


async def saying(house: House, paper: str, *people: Subject) -> set[str]:
    """Who of these reads what a paper says."""
    found = set()
    for by in people:
        async with house.client(by) as client:
            answer = await client.get(f"/assignment/api/documents/{paper}/words", headers={"After-Position": "assignment=1"})
        assert answer.status_code in (200, 404), answer.text
        found |= {by.person} if "Tóm tắt" in answer.text else set()
    return found


async def test_what_a_paper_says_is_closed_to_whom_its_files_are_closed(house: House) -> None:
    staff = (CHIEF, DEPUTY, HUB, SECRETARY)
    said: dict[str, Any] = {"kind": "bien_ban", "summary": "Tóm tắt ý kiến."}
    concerning = await house.refer(SUFFIX, concerns_units=("TCHCQT",))
    restricted = await house.refer("7Q2K9FXA3MBTW0000009", field=RESTRICTED)
    open_to_all = (await house.ask("draft_document", CHIEF, **said)).stream
    papers = [(await house.ask("draft_document", CHIEF, **said, about=case)).stream for case in (concerning, restricted)]
    await house.follow()
    assert await saying(house, open_to_all, *staff) == {each.person for each in staff}
    for paper, kept in zip(papers, ({"p-hub"}, {"p-deputy", "p-hub", "p-secretary"}), strict=True):
        readers = {each.person for each in staff} - kept
        assert (await saying(house, paper, *staff), await reading(house, paper, *staff)) == (readers, readers)


async def test_no_file_is_added_to_what_says_nothing_any_more(house: House) -> None:
    task = await answering(house)
    case = f"case-{SUFFIX}"
    file = (await send(house, SPECIALIST, task)).json()["file"]
    await house.ask("divert_case", HUB, case=case, kind="to_cao", to="BTCD")
    await house.follow()
    assert await reading(house, task, CHIEF, HUB, LEADER, SPECIALIST) == {"p-chief"}
    refused = await send(house, CHIEF, task, key="2")
    assert (refused.status_code, refused.json()["code"]) == (409, "task-ended")
    refused = await send(house, HUB, case, key="3")
    assert (refused.status_code, refused.json()["code"]) == (409, "case-over")
    assert (await send(house, SPECIALIST, task)).json()["file"] == file  # asked again, it is what it was


async def test_a_file_of_a_request_is_for_those_who_decide_and_for_the_unit_that_took_it_in(house: House) -> None:
    words = await sealed(house, "Xin gặp.")
    await house.happen("assignment", {REQUEST: [replace(ASKED, words=words, unit="BTCD")]})
    assert (await send(house, FEEDER, REQUEST)).status_code == 201
    everybody = (CHIEF, HUB, REGISTRY, FEEDER, OTHER_UNIT, SECRETARY, SPECIALIST)
    assert await reading(house, REQUEST, *everybody) == {"p-chief", "p-hub", "p-registry", "p-feeder"}
    assert (await send(house, SECRETARY, REQUEST, key="2")).status_code == 403
    await house.happen("assignment", {REQUEST: [RequestRefused(reason=RejectionReason.FINAL_DECISION, note=words)]})
    refused = await send(house, FEEDER, REQUEST, key="3")
    assert (refused.status_code, refused.json()["code"]) == (409, "request-answered")


async def test_a_file_of_a_proposal_is_added_by_whose_turn_it_is_and_read_by_those_who_act_on_it(house: House) -> None:
    words = await sealed(house, "Nông sản.")
    await house.happen("assignment", {PROPOSAL: [replace(BROUGHT, content=words, reason=words)]})
    assert (await send(house, PROPOSER, PROPOSAL)).status_code == 201
    everybody = (CHIEF, CHAIRMAN, HUB, SECRETARY, DIVISION, OTHER_DIVISION, PROPOSER, APPRAISER)
    before = {"p-chief", "p-chairman", "p-division", "p-snn"}
    assert await reading(house, PROPOSAL, *everybody) == before
    await house.happen("assignment", {PROPOSAL: [APPRAISAL]})
    assert await reading(house, PROPOSAL, *everybody) == before | {"p-bdv"}
    statuses = {by.person: (await send(house, by, PROPOSAL, key=by.person)).status_code for by in (PROPOSER, APPRAISER, HUB)}
    assert statuses == {"p-snn": 403, "p-bdv": 201, "p-hub": 403}
    await house.happen("assignment", {PROPOSAL: [ProposalRefused(reason=words)]})
    refused = await send(house, DIVISION, PROPOSAL, key="4")
    assert (refused.status_code, refused.json()["code"]) == (409, "proposal-elsewhere")
