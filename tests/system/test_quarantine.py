"""A suspicion of a state secret after referral, through both services: nothing at rest holds the words any more."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.blobs.store import Blobs
from tests.shared.blobs.files import PDF
from tests.support.office import CHIEF, HUB, SPECIALISTS, Office, make_office, open_copy

SECRET = "mã số cơ yếu của tỉnh"
SAID = {"receive_opinion.words", "correct_opinion.words", "submit_answer.answer"}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    make_office(tmp_path / "made")
    office = open_copy(tmp_path / "made", tmp_path / "data")
    yield office
    office.close()


def found(office: Office, words: str) -> int:
    """How many texts of the vault the words are found in."""
    return len(office.run(office.house.stores.vault.search(words)))


def blobs(office: Office) -> Blobs:
    kept: Blobs | None = office.house.services["assignment"].kernel.blobs
    assert kept is not None
    return kept


def still_sealed(office: Office) -> set[str]:
    """What the texts that the vault can still open were handed in as."""
    return {row["purpose"] for row in office.rows("vault", "record") if row["sealed"] is not None}


def test_what_is_quarantined_after_its_referral_is_destroyed_where_it_came_in_and_where_it_was_answered(office: Office) -> None:
    handed_in = {"office": "VPUB", "channel": "van_ban", "source_group": "noi_bo"}
    opinion = office.must(HUB, "receive_opinion", words=f"Đề nghị công khai {SECRET}.", **handed_in).stream
    office.must(HUB, "correct_opinion", opinion=opinion, words=f"Đề nghị cho xem {SECRET}.", reason="Ghi nhầm.")
    office.must(HUB, "classify_opinion", opinion=opinion, kind="kien_nghi", field="hanh-chinh-van-phong")
    case = office.must(HUB, "refer_opinion", opinion=opinion).answer["case"]
    office.drain()
    office.must(CHIEF, "assign_case", case=case, lead="TCHCQT")
    office.must(SPECIALISTS["TCHCQT"], "submit_answer", case=case, answer=f"Xin giải thích về {SECRET}.")
    office.drain()
    assert office.ask(HUB, "reject_case", case=case, reason="NGHI_BI_MAT_NHA_NUOC") is None
    assert office.refused == {"quarantine-instead": 1}
    assert still_sealed(office) >= SAID

    same = office.must(HUB, "receive_opinion", words=f"Cũng xin {SECRET}.", **handed_in).stream
    office.must(HUB, "classify_opinion", opinion=same, kind="kien_nghi", field="hanh-chinh-van-phong")
    merged = office.must(HUB, "refer_opinion", opinion=same).answer["case"]
    office.drain()
    office.must(HUB, "merge_case", case=merged, into=case)
    order = {"kind": "chi_dao_giai_quyet", "case": case, "text": f"Cấp {SECRET}.", "unit": "TCHCQT", "days": 15}
    office.must(HUB, "draft_notice", office="VPUB", items=[order])
    scan = office.run(blobs(office).put(PDF, "pdf", command_id="c-scan")).address
    office.must(SPECIALISTS["TCHCQT"], "add_attachment", about=case, file=scan, name=f"{SECRET}.pdf")
    office.drain()
    assert list((office.folder / "blobs").rglob(scan))

    office.must(HUB, "quarantine_case", case=case, paper="125/CV-M")
    office.drain()

    assert found(office, SECRET) == 0
    assert not list((office.folder / "blobs").rglob(scan))
    assert not [file for file, written in office.bytes_at_rest() if SECRET.encode() in written]
    (row,) = (row for row in office.rows("assignment", "cases_case") if row["case_id"] == merged)
    assert row["paper"] == "125/CV-M"
    assert office.run(office.queries("intake").opinions.words(office.subject(HUB), same)) is None
    assert office.run(office.queries("intake").opinions.words(office.subject(HUB), opinion)) is None
    (row,) = (row for row in office.rows("assignment", "cases_case") if row["case_id"] == case)
    assert (row["stage"], row["paper"]) == ("khong_du_dieu_kien", "125/CV-M")
    assert still_sealed(office).isdisjoint(SAID)
    assert "register_person.name" in still_sealed(office)  # nobody of the office is forgotten
    (opinion_row,) = (row for row in office.rows("intake", "opinions_opinion") if row["opinion"] == opinion)
    assert opinion_row["words_ref"] == ""
