"""An office's register posted whole: rows become history once, then only what reads otherwise; rejected ones come back."""

from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest

from shared.clock import micros
from shared.eventlog import codec
from shared.permit import Subject
from tests.intake.asking import get, is_problem, post, untouched
from tests.intake.house import AUDITOR, FEEDER, HUB, OTHER_OFFICE, REGISTRY, House
from tests.intake.test_register_reading import POOR, ROAD, table, workbook

SORTED = {**ROAD, "linh_vuc": "LINH VUC giao thông", "chu_tri": "th", "dia_ban": "Đơn vị MLA", "han": "20/01/2023"}
NAMED = {**SORTED, "nguoi_neu": "Lò Văn Bình", "lien_he": "0912 000 111", "ly_do": "theo đơn"}


@pytest.fixture(autouse=True)
def in_march(house: House) -> None:
    house.clock.move_to(datetime(2023, 3, 1, 2, tzinfo=UTC))


async def send(house: House, raw: bytes, by: Subject | None = HUB, **asked: Any) -> httpx2.Response:
    async with house.client(by) as client:
        return await client.post("/intake/api/registers", params={"office": "VPUB", **asked}, content=raw)


async def counts(house: House, raw: bytes, **asked: Any) -> tuple[int, int, int, int]:
    answer = await send(house, raw, **asked)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    return found["new"], found["changed"], found["unchanged"], found["rejected"]


async def events(house: House) -> list[tuple[str, Any]]:
    page = await house.log.read(0, 1_000)
    return [(record.type, codec.read(record).event) for record in page.records]


async def test_each_row_is_recorded_once_and_again_only_as_far_as_it_reads_otherwise(house: House) -> None:
    assert await counts(house, table(SORTED, POOR)) == (2, 0, 0, 0)
    assert await counts(house, table(SORTED, POOR)) == (0, 0, 2, 0)
    assert await counts(house, workbook(SORTED, POOR)) == (0, 0, 2, 0)
    resolved = {**SORTED, "ket_qua": "da_giai_quyet", "ngay_ket_qua": "19/01/2023"}
    assert await counts(house, table(resolved, POOR)) == (0, 1, 1, 0)
    types = [name for name, _ in await events(house)]
    assert sorted(types) == [
        "opinion.register_ended",
        "opinion.register_sorted",
        *["opinion.registered"] * 2,
    ]


async def test_every_fact_is_dated_by_the_day_that_the_row_states(house: House) -> None:
    resolved = {**SORTED, "ket_qua": "da_giai_quyet", "ngay_ket_qua": "19/01/2023"}
    await send(house, table(resolved))
    page = await house.log.read(0, 10)
    received = codec.read(page.records[0]).event.received_at
    assert [record.occurred for record in page.records[:2]] == [micros(received)] * 2
    assert received.isoformat() == "2023-01-08T17:00:00+00:00"
    assert (page.records[2].occurred - page.records[0].occurred) == 10 * 86_400_000_000


async def test_names_are_found_however_they_are_written_and_speakers_stay_in_the_vault(house: House) -> None:
    await send(house, table(NAMED))
    facts = dict(await events(house))
    assert (facts["opinion.register_sorted"].field, facts["opinion.register_sorted"].lead) == ("giao-thong", "TH")
    assert facts["opinion.registered"].locality == "MLA"
    await house.follow()
    [opinion] = (await get(house, HUB, "/offices/VPUB/opinions")).json()["items"]
    assert (opinion["local_id"], opinion["channel"], opinion["stage"]) == ("1/2023", "so_theo_doi", "tiep_nhan")
    speaker = (await get(house, HUB, f"/opinions/{opinion['id']}/speaker")).json()
    assert (speaker["name"], speaker["contact"]) == ("Lò Văn Bình", "0912 000 111")
    for record in (await house.log.read(0, 10)).records:
        assert "Bình".encode() not in record.data + record.metadata


async def test_what_is_not_in_the_directory_is_rejected_with_what_is_near_and_the_others_stand(house: House) -> None:
    unknown = {**POOR, "linh_vuc": "giao thôn"}
    answer = (await send(house, table(SORTED, unknown), rejected="true")).json()
    assert (answer["new"], answer["rejected"]) == (1, 1)
    [refusal] = answer["refusals"]
    assert (refusal["line"], refusal["column"], refusal["code"]) == (3, "linh_vuc", "not-in-directory")
    assert "giao-thong (Lĩnh vực giao-thong)" in refusal["reason"]
    mended = answer["rejected_file"].replace("giao thôn", "giao-thong").encode()
    assert await counts(house, mended) == (1, 0, 0, 0)


async def test_a_rehearsal_tells_what_would_become_of_every_row_and_does_nothing(house: House) -> None:
    merged = {**POOR, "ket_qua": "gop", "ngay_ket_qua": "20/01/2023", "gop_vao": "1"}
    lost = {**POOR, "so": "3", "ket_qua": "gop", "ngay_ket_qua": "20/01/2023", "gop_vao": "77"}
    before = await untouched(house)
    assert await counts(house, table(merged, lost, SORTED), dry_run="true") == (2, 0, 0, 1)
    assert await untouched(house) == before
    assert await counts(house, table(merged, lost, SORTED)) == (2, 0, 0, 1)
    assert await counts(house, table({**SORTED, "han": "21/01/2023"}), dry_run="true") == (0, 1, 0, 0)


async def test_a_row_is_merged_into_the_one_it_names_wherever_that_stands_in_the_file(house: House) -> None:
    rows = [{**POOR, "so": str(n), "ket_qua": "gop", "ngay_ket_qua": "20/01/2023", "gop_vao": "1/2023"} for n in range(2, 9)]
    assert await counts(house, table(*rows, ROAD)) == (8, 0, 0, 0)
    assert [name for name, _ in await events(house)].count("opinion.submitter_added") == 7
    earlier = {**ROAD, "so": "40", "ngay_nhan": "05/12/2022"}
    by_number = {**POOR, "so": "41", "ket_qua": "gop", "ngay_ket_qua": "20/01/2023", "gop_vao": "40"}
    assert await counts(house, table(earlier, by_number)) == (2, 0, 0, 0)
    round_about = {**ROAD, "so": "50", "ket_qua": "gop", "ngay_ket_qua": "20/01/2023", "gop_vao": "2"}
    answer = (await send(house, table(round_about))).json()
    assert answer["refusals"][0]["code"] == "merged-into-merged"


async def test_a_row_put_back_to_what_it_said_before_is_recorded_again(house: House) -> None:
    moved = {**SORTED, "chu_tri": "VT"}
    assert await counts(house, table(SORTED)) == (1, 0, 0, 0)
    assert await counts(house, table(moved)) == (0, 1, 0, 0)
    assert await counts(house, table(SORTED)) == (0, 1, 0, 0)
    leads = [event.lead for name, event in await events(house) if name == "opinion.register_sorted"]
    assert leads == ["TH", "VT", "TH"]


async def test_what_was_recorded_is_not_unsaid_and_what_the_house_deals_with_is_left_to_it(house: House) -> None:
    resolved = {**SORTED, "ket_qua": "da_giai_quyet", "ngay_ket_qua": "19/01/2023"}
    await send(house, table(resolved, POOR))
    answer = (await send(house, table(SORTED, POOR))).json()
    assert [(each["line"], each["column"], each["code"]) for each in answer["refusals"]] == [(2, "ket_qua", "changes-history")]
    await house.follow()
    items = (await get(house, HUB, "/offices/VPUB/opinions")).json()["items"]
    open_one = next(each["id"] for each in items if each["stage"] == "tiep_nhan")
    answered = await post(house, HUB, f"/opinions/{open_one}/classification", 1, kind="kien_nghi", field="giao-thong")
    assert answered.status_code == 200, answered.text
    assert await counts(house, table(POOR)) == (0, 0, 1, 0)
    answer = (await send(house, table({**POOR, "han": "01/02/2023"}))).json()
    assert [each["code"] for each in answer["refusals"]] == ["handled-here"], answer


async def test_one_row_is_recorded_by_itself_too(house: House) -> None:
    row: dict[str, Any] = {
        "office": "VPUB",
        "number": "7",
        "received": "2023-01-09",
        "source_group": "nhan_dan",
        "words": "Đường sạt lở.",
    }
    answer = await post(house, REGISTRY, "/register-rows", **row)
    assert answer.status_code == 200
    is_problem(await post(house, HUB, "/register-rows", **{**row, "ended": "2023-01-10"}), 422, "result-and-day", "ended")


@pytest.mark.parametrize(
    ("by", "code", "status"), [(AUDITOR, "forbidden", 403), (FEEDER, "forbidden", 403), (None, "not-signed-in", 401)]
)
async def test_the_register_is_the_hub_s_and_the_registry_s(house: House, by: Subject | None, code: str, status: int) -> None:
    before = await untouched(house)
    is_problem(await send(house, table(ROAD), by=by), status, code)
    assert await untouched(house) == before


async def test_an_office_keeps_its_own_register(house: House) -> None:
    is_problem(await send(house, table(ROAD), by=OTHER_OFFICE), 403, "forbidden")
    is_problem(await send(house, table(ROAD), office="vpub"), 422, "invalid", "office")


async def test_what_is_no_register_is_told_with_what_to_change(house: House) -> None:
    before = await untouched(house)
    answer = await send(house, workbook(ROAD, spoil=lambda sheet: sheet.write_string("XFD100000", "x")))
    is_problem(answer, 422, "no-register")
    assert "XFD100000" in answer.json()["advice"]["en"]
    assert await untouched(house) == before
