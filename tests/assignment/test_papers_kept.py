"""What was issued is kept once, is destroyed with what it speaks of, and is missed aloud where it should be there."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, insert, select

from shared.contracts.document import Form
from shared.documents.refusals import WasRecalled
from shared.papers.keeping import Missing, PaperFiles
from shared.papers.refusals import FileLost, NotComposable
from shared.papers.tables import documents_home
from shared.subscriptions.deadletters import DeadLetters
from tests.assignment.house import CHIEF, HUB, REGISTRY, House
from tests.assignment.test_document_api import drafted, furnished, get, post
from tests.assignment.test_papers_written import LETTERHEAD
from tests.assignment.test_signed_copy import hand_in, written
from tests.support.outside import signed_outside

SUFFIX, PAPER = "00000000000000000777", "125/CV-M"


@pytest.fixture
async def office(house: House) -> House:
    """An office with its letterhead and books."""
    await furnished(house)
    await house.ask("set_letterhead", HUB, office="VPUB", **LETTERHEAD)
    await house.follow()
    return house


async def issued(office: House, about: str | None = None) -> str:
    """A slip is issued, and nothing was followed since."""
    paper = await drafted(office, "phieu_chuyen" if about else "cong_van", **({"about": about} if about else {}))
    await office.ask("submit_document", HUB, document=paper)
    await office.ask("sign_document", CHIEF, document=paper, capacity="truc_tiep")
    await office.ask("number_document", REGISTRY, document=paper, book="TB-VPUB", number=3)
    await office.ask("issue_document", REGISTRY, document=paper)
    return paper


async def types(office: House, paper: str) -> list[str]:
    return [record.type for record in await office.log.read_stream(paper)]


def lying(path: Path) -> list[Path]:
    """The files of papers that lie in the place."""
    return [each for folder in path.rglob("sonla.issued-assignment") for each in folder.rglob("*") if each.is_file()]


def files_of(office: House) -> PaperFiles:
    found: PaperFiles = office.service.queries.files
    return found


def dead_letters(office: House) -> DeadLetters:
    service = office.service
    return DeadLetters(service.subscriptions, service.kernel.database, service.kernel.logs, service.desk, service.kernel.clock)


async def quarantine(office: House, case: str) -> None:
    await office.ask("quarantine_case", HUB, case=case, paper=PAPER)


@pytest.mark.parametrize("of", ["case", "part"])
async def test_what_is_quarantined_while_it_is_composed_is_not_kept_and_leaves_no_file(
    office: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, of: str
) -> None:
    case = await office.refer(SUFFIX, flags=())
    paper = await issued(office, case)
    part = case
    if of == "part":
        split = await office.ask("split_case", HUB, case=case, parts=[{"words": "Việc mật."}, {"words": "Việc khác."}])
        part = split.answer["children"][0]
    there: list[int] = []

    async def quarantined_meanwhile(self: PaperFiles, document: str, *, command_id: str) -> Any:
        found = await kept(self, document, command_id=command_id)
        there.append(len(lying(tmp_path)))
        await quarantine(office, part)
        return found

    kept: Callable[..., Any] = PaperFiles.keep
    monkeypatch.setattr(PaperFiles, "keep", quarantined_meanwhile)
    await office.follow()
    assert there == [len(Form)]
    assert "document.kept" not in await types(office, paper)
    assert lying(tmp_path) == []
    assert await files_of(office).missing() == Missing()


async def test_a_copy_signed_outside_goes_with_what_it_speaks_of_before_it_was_kept(office: House, tmp_path: Path) -> None:
    case = await office.refer(SUFFIX, flags=())
    paper = await drafted(office, "phieu_chuyen", about=case)
    await office.ask("submit_document", HUB, document=paper)
    await office.ask("sign_document", CHIEF, document=paper, capacity="truc_tiep")
    await office.follow()
    assert (await hand_in(office, paper, signed_outside(await written(office, paper)))).status_code == 201
    assert len(lying(tmp_path)) == 1
    await quarantine(office, case)
    await office.follow()
    assert lying(tmp_path) == []


async def test_what_cannot_be_read_is_parked_until_it_can_and_then_kept(office: House) -> None:
    paper = await issued(office)
    await follow_but_keep(office)
    async with office.database.write() as connection:
        row = (await connection.execute(select(documents_home).where(documents_home.c.document_id == paper))).mappings().one()
        await connection.execute(delete(documents_home).where(documents_home.c.document_id == paper))
    with pytest.raises(NotComposable):
        await files_of(office).keep(paper, command_id="c-1")
    await office.follow()
    [letter] = await dead_letters(office).list()
    assert (letter.subscription, letter.stream, letter.error) == (
        "keep-issued-assignment",
        paper,
        "NotComposable not-composable",
    )
    assert (await files_of(office).missing()).unkept == (paper,)
    async with office.database.write() as connection:
        await connection.execute(insert(documents_home).values(**row))
    assert await dead_letters(office).requeue("keep-issued-assignment", by="p-operator") == 1
    assert "document.kept" in await types(office, paper)
    await office.follow()
    assert await files_of(office).missing() == Missing()


async def follow_but_keep(office: House) -> None:
    """The read models have come to the end of the log, nothing was kept."""
    for follower in office.following.followers:
        if not follower.subscription.startswith("keep-"):
            await follower.catch_up()


async def test_a_lost_file_is_told_from_one_that_was_erased(office: House, tmp_path: Path) -> None:
    case = await office.refer(SUFFIX, flags=())
    paper = await issued(office, case)
    await office.follow()
    kept = lying(tmp_path)
    assert len(kept) == len(Form)
    for each in kept:
        each.unlink()
    answer = await get(office, HUB, f"/documents/{paper}/file")
    assert (answer.status_code, answer.json()["code"]) == (409, FileLost.code)
    assert await files_of(office).missing() == Missing(lost=(paper,))
    await quarantine(office, case)
    await office.follow()
    assert (await get(office, HUB, f"/documents/{paper}/file")).status_code == 404
    assert await files_of(office).missing() == Missing()


async def test_the_access_log_names_the_process_and_for_what_it_reads(office: House) -> None:
    paper = await issued(office)
    before = len(await office.vault.accesses())
    await office.follow()
    accesses = (await office.vault.accesses())[before:]
    assert {(each["reader"], each["purpose"]) for each in accesses} == {
        ("process:keep-issued-assignment", f"keep_issued {paper}")
    }
    await get(office, HUB, f"/documents/{paper}/file")
    assert (await office.vault.accesses())[-1]["reader"] == HUB.person


async def test_a_file_that_no_paper_has_is_swept_and_those_of_papers_stay(office: House, tmp_path: Path) -> None:
    await issued(office)
    await office.follow()
    loose = await office.service.kernel.files.apart("issued-assignment").put(b"left by a crash", "pdf", command_id="c-1")
    tomorrow = office.clock.now() + timedelta(days=10_000)
    assert await files_of(office).sweep(tomorrow) == 1
    assert len(lying(tmp_path)) == len(Form)
    assert all(loose.address not in each.name for each in lying(tmp_path))


async def test_whoever_has_seen_it_issued_is_not_asked_to_look_again_because_it_was_kept(office: House) -> None:
    paper = await issued(office)
    seen = len(await types(office, paper))
    await office.follow()
    assert len(await types(office, paper)) == seen + 1
    stale = await post(office, CHIEF, f"/documents/{paper}/recall", version=seen - 1, key="r-1", reason="Sai căn cứ.")
    assert (stale.status_code, stale.json()["code"]) == (412, "stale-version")
    done = await post(office, CHIEF, f"/documents/{paper}/recall", version=seen, key="r-2", reason="Sai căn cứ.")
    assert done.status_code == 200
    again = await post(office, CHIEF, f"/documents/{paper}/recall", version=seen, key="r-2", reason="Sai căn cứ.")
    assert again.status_code == 200  # the same request is answered as it was
    other = await post(office, CHIEF, f"/documents/{paper}/recall", version=seen + 2, key="r-3", reason="Lý do khác.")
    assert (other.status_code, other.json()["code"]) == (409, WasRecalled.code)
