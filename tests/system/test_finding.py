"""Finding by code or number from the head of every page: to the one thing, for whom it is there, and to nothing else."""

import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from fastapi import FastAPI

from deploy.application import application
from deploy.ground import ground_of
from deploy.house import House, writing
from deploy.sampling import name_of, sign_ins
from shared.contracts.roles import Role
from shared.permit import Subject
from tests.shared.identity.browser import browsing

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(900)]

Stage = tuple[FastAPI, House, str]
HUB = Subject(person="tchcqt-02", tenant="sonla", office="VPUB", unit="TCHCQT", capacities=frozenset({Role.HUB}))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(year: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    data = Path(shutil.copytree(year, tmp_path_factory.mktemp("finding") / "data"))
    async with writing(ground_of(data, None), "serve") as house:
        app = application(house, "s" * 64, {})
        password, _ = await sign_ins(house, house.stores.access.accounts)
        yield app, house, password


async def found(stage: Stage, role: Role, typed: str) -> tuple[int, str]:
    """The status of what somebody is answered, and where it leads or what it says."""
    app, _, password = stage
    async with browsing(app) as browser:
        assert (await browser.sign_in(name_of(role), password)).status_code == 303
        answer = await browser.client.get("/find", params={"q": typed})
    return answer.status_code, answer.headers.get("location", answer.text)


async def cases_of(stage: Stage) -> list[str]:
    """The cases there are, without their kind."""
    records = (await stage[1].logs["assignment"].read(0, 1_000)).records
    return [each.stream.removeprefix("case-") for each in records if each.type == "case.opened"]


async def test_a_case_is_found_by_its_code_however_it_is_typed(stage: Stage) -> None:
    code = (await cases_of(stage))[0]
    assert await found(stage, Role.HUB, f" case-{code} ") == (303, f"/cases/case-{code}")
    assert await found(stage, Role.HUB, f"case-{code.lower()}") == (303, f"/cases/case-{code}")
    status, both = await found(stage, Role.HUB, code)
    assert status == 200
    assert f'href="/cases/case-{code}"' in both
    assert f'href="/opinions/opinion-{code}"' in both


async def test_what_is_not_his_is_not_found_and_looks_like_what_is_not_there(stage: Stage) -> None:
    code = (await cases_of(stage))[0]
    for typed in (f"case-{code}", "case-00000000000000000000", "document-unknown", "task-unknown", "<script>alert(1)</script>"):
        status, said = await found(stage, Role.ADMINISTRATOR, typed)
        assert (status, "Không tìm thấy mã hay số này" in said) == (200, True), typed
        assert "<script>alert" not in said


async def test_words_that_are_no_code_are_looked_for_among_cases_and_stand_in_no_link(stage: Stage) -> None:
    status, said = await found(stage, Role.HUB, "hồ tiêu")
    assert status == 200
    assert '<form method="get" action="/cases"' in said
    links = [each for each in re.findall(r'href="([^"]*[?&;]q=[^"]*)"', said) if "lang=en" not in each]
    assert links == []
    assert '<form method="get" action="/cases"' not in (await found(stage, Role.ADMINISTRATOR, "hồ tiêu"))[1]


async def test_a_paper_is_found_by_its_number_with_its_symbol_or_without(stage: Stage) -> None:
    queries = stage[1].services["assignment"].queries
    papers = (await queries.papers.documents(HUB, "VPUB", limit=200)).documents
    paper = next(each for each in papers if each.number)
    number = paper.number.partition("/")[0]
    assert await found(stage, Role.HUB, paper.id) == (303, f"/papers/{paper.id}")
    status, said = await found(stage, Role.HUB, paper.number)
    alike = [each for each in papers if each.number == paper.number]
    assert (status, said) == (303, f"/papers/{paper.id}") if len(alike) == 1 else (paper.id in said)
    status, said = await found(stage, Role.HUB, str(int(number)))
    assert f"/papers/{paper.id}" in said
    for typed in (f"{number}/XX", "0", "9" * 40, "²", "-1"):
        assert (await found(stage, Role.HUB, typed))[0] == 200, typed
    assert "Không tìm thấy" in (await found(stage, Role.ADMINISTRATOR, paper.number))[1]
