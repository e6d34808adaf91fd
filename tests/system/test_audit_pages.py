"""An auditor looks at an instant, verifies, finds events, compares, and reads who opened what; nobody else does."""

import re
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.assignment.browsing import text_of
from tests.support.over_house import Over, over

WORDS = ("Đường vào bản sạt lở.", "Đề nghị xem lại cách đánh giá.", "Đề nghị trả lời về nhà công vụ.")
PATHS = ("/audit", "/audit/verify", "/audit/events", "/audit/late", "/audit/compare", "/audit/access", "/audit/access.csv")


@pytest.fixture
async def seen(own_played: Path) -> AsyncIterator[Over]:
    async with over(own_played) as opened:
        yield opened


async def test_only_an_auditor_has_the_pages_of_the_audit(seen: Over) -> None:
    for path in (*PATHS, "/audit/events/intake/1"):
        assert (await seen["auditor"].open(path)).status_code == 200, path
        for other in ("admin", "hub"):
            assert (await seen[other].open(path)).status_code == 404, path
    assert (await seen["hub"].send("/account", "/audit/verify")).status_code == 404
    assert 'href="/audit"' not in (await seen["hub"].open("/account")).text
    assert (await seen["auditor"].open("/")).headers["Location"] == "/audit"


async def test_no_page_of_the_audit_holds_a_word_that_somebody_said(seen: Over) -> None:
    head = (await seen.house.logs["intake"].head()).position
    pages = [*PATHS, *(f"/audit/events/intake/{position}" for position in range(1, head + 1))]
    for path in pages:
        shown = (await seen["auditor"].open(path)).text
        assert [words for words in WORDS if words in shown] == [], path


async def test_an_instant_tells_where_each_log_stood(seen: Over) -> None:
    heads = {name: (await log.head()).position for name, log in seen.house.logs.items()}
    now = text_of((await seen["auditor"].open("/audit")).text)
    assert f"Tiếp nhận {heads['intake']} {heads['intake']}" in now
    long_ago = text_of((await seen["auditor"].open("/audit?as_of=01/01/2023")).text)
    assert "Đang xem tại 01/01/2023 24:00" in long_ago
    assert f"Tiếp nhận 0 {heads['intake']}" in long_ago
    assert "Đến thời điểm này chưa ghi sự kiện nào." in (await seen["auditor"].open("/audit?as_of=01/01/2000")).text
    for typed in ("32/13/2023", "01/01/2099", "hôm qua", "2023-01-01T00:00", "<script>alert(1)</script>"):
        refused = await seen["auditor"].client.get("/audit", params={"as_of": typed})
        assert refused.status_code in (400, 422), typed
        assert "<script>alert" not in refused.text
        assert "Chưa đọc được điều vừa nhập" in refused.text


async def test_events_are_found_by_what_is_asked_for(seen: Over) -> None:
    auditor = seen["auditor"]
    everything = (await auditor.open("/audit/events?log=intake")).text
    streams = re.findall(r"stream=(opinion-[A-Z0-9]+)", everything)
    assert streams
    of_one = (await auditor.open(f"/audit/events?log=intake&stream={streams[0]}")).text
    assert set(re.findall(r"stream=(opinion-[A-Z0-9]+)\"", of_one)) == {streams[0]}
    of_type = (await auditor.open("/audit/events?log=intake&type=opinion.received")).text
    assert "opinion.received.v" in of_type
    assert "opinion.classified.v" not in of_type
    [record] = (await seen.house.logs["intake"].read(0, 1)).records
    command = re.search(rb'"command":"([^"]+)"', record.metadata)
    assert command is not None
    by_command = await auditor.client.get("/audit/events", params={"log": "intake", "command": command[1].decode()})
    assert "/audit/events/intake/1" in by_command.text
    ranged = (await auditor.open("/audit/events?log=intake&first=2&last=3")).text
    assert set(re.findall(r"/audit/events/intake/(\d+)", ranged)) == {"2", "3"}
    assert "Không có sự kiện nào như vậy." in (await auditor.open("/audit/events?log=intake&actor=nobody-99")).text
    assert (await auditor.open("/audit/events?log=nowhere")).status_code == 404
    assert (await auditor.open("/audit/events/intake/999999")).status_code == 404


async def test_the_verification_finds_nothing_in_whole_logs_and_names_the_position_of_a_changed_byte(own_played: Path) -> None:
    async with over(own_played) as seen:
        assert (await seen["auditor"].send("/audit/verify", "/audit/verify")).headers["Location"] == "/audit/verify"
        assert "Không thấy sai lệch trong" in text_of((await seen["auditor"].open("/audit/verify")).text)
        with sqlite3.connect(own_played / "intake.db") as database:
            database.execute("drop trigger if exists event_no_update")
            changed = "cast(replace(cast(data as text), 'VPUB', 'VPUX') as blob)"
            database.execute(f"update event set data = {changed} where position = 1")
        await seen["auditor"].send("/audit/verify", "/audit/verify")
        told = text_of((await seen["auditor"].open("/audit/verify")).text)
        assert "Sai lệch đầu tiên: nhật ký Tiếp nhận, vị trí 1." in told
        assert "Không thấy sai lệch" not in told


async def test_what_was_recorded_late_is_listed_with_its_days(seen: Over) -> None:
    shown = text_of((await seen["auditor"].open("/audit/late?log=assignment&days=1")).text)
    assert "ngày" in shown
    none = text_of((await seen["auditor"].open("/audit/late?log=assignment&days=3660")).text)
    assert "Không có sự kiện nào ghi muộn như vậy" in none
    assert (await seen["auditor"].open("/audit/late?days=0")).status_code in (400, 422)


async def test_two_instants_tell_which_streams_and_figures_changed(seen: Over) -> None:
    asked = {"earlier": "01/01/2023", "office": "VPUB", "first": "01/01/2023", "last": "31/12/2023"}
    shown = text_of((await seen["auditor"].client.get("/audit/compare", params=asked)).text)
    assert "Từ 01/01/2023 24:00 đến hiện tại" in shown
    assert "Số liệu khác đi" in shown
    assert "opinion-" in shown
    backwards = await seen["auditor"].client.get("/audit/compare", params={"earlier": "05/01/2023", "later": "02/01/2023"})
    assert "Đổi chỗ hai thời điểm" in backwards.text
    unclear = await seen["auditor"].client.get("/audit/compare", params={**asked, "first": "mai"})
    assert unclear.status_code in (400, 422)
    assert 'value="mai"' in unclear.text


async def test_the_access_log_tells_who_opened_what_for_what_purpose_and_goes_into_a_file(seen: Over) -> None:
    vault, auditor = seen.house.stores.vault, seen["auditor"]
    ref = "ab" * 16
    await vault.open_many([ref], reader="=cmd-01", purpose="<script>")
    await vault.open_many([ref], reader="tchcqt-02", purpose="my_work")
    shown = (await auditor.open("/audit/access")).text
    assert "tchcqt-02" in shown
    assert "&lt;script&gt;" in shown
    assert "<script>alert" not in shown
    of_one = text_of((await auditor.open("/audit/access?reader=tchcqt-02&purpose=my_work")).text)
    assert "tchcqt-02" in of_one
    assert "=cmd-01" not in of_one
    assert "Không có lần mở nào như vậy." in (await auditor.open("/audit/access?reader=nobody-99")).text
    assert "=cmd-01" in text_of((await auditor.client.get("/audit/access", params={"ref": ref})).text)
    file = await auditor.open("/audit/access.csv?reader=%3Dcmd-01")
    assert file.headers["Content-Type"].startswith("text/csv")
    [head, line] = file.text.lstrip("\ufeff").strip().split("\r\n")
    assert head == "line,at,reader,purpose,texts,refs"
    assert line.endswith(f",'=cmd-01,<script>,1,{ref}")
    assert (await auditor.open("/audit/access.csv?since=99/99/2023")).status_code in (400, 422)


async def test_the_access_log_is_told_page_by_page(seen: Over) -> None:
    for n in range(60):
        await seen.house.stores.vault.open_many([f"{n:032x}"], reader="kt-09", purpose="count")
    first = (await seen["auditor"].open("/audit/access?reader=kt-09")).text
    onward = re.search(r'href="(/audit/access\?[^"]*before=\d+)"', first)
    assert onward is not None
    second = (await seen["auditor"].open(onward[1].replace("&amp;", "&"))).text
    ids = [re.findall(r'<tr data-id="(\d+)"', page) for page in (first, second)]
    assert [len(each) for each in ids] == [50, 10]
    assert len({*ids[0], *ids[1]}) == 60
