"""An office's register is taken in by a page: looked at first, then taken; sent again it adds nothing; errors first."""

import asyncio
from contextlib import AsyncExitStack
from typing import Any

import pytest

from services.intake.entrypoints.pages.desk.runs import Run, Runs
from shared.permit import Subject
from tests.intake.desk_pages import Clerk, Clerks, application, text_of
from tests.intake.house import CHIEF, FEEDER, HUB, OTHER_OFFICE, REGISTRY, House

PAGE = "/intake/batch"
GOOD = (
    "so,ngay_nhan,nguon,noi_dung,linh_vuc\n1,09/01/2023,Nhân dân,Sửa đường vào bản.,giao-thong\n2,09/01/2023,Nội bộ,Thêm ghế.,\n"
)
BAD = f"{GOOD}3,40/01/2023,Nhân dân,=1+1,\n4,09/01/2023,Ai đó,Thiếu nước.,\n"


async def sent(clerk: Clerk, content: str, name: str = "so-2023.csv") -> str:
    answer = await clerk.upload(PAGE, name, content.encode())
    assert answer.status_code == 303, text_of(answer.text)
    where: str = answer.headers["Location"]
    return where


async def settled(clerk: Clerk, where: str) -> str:
    """The page, once nothing is at work any more."""
    for _ in range(1_000):
        page = await clerk.open(where)
        if "Refresh" not in page.headers:
            return page.text
        await asyncio.sleep(0.05)  # as long as a browser waits, and longer, others are served
    raise AssertionError("it is at work without end")


async def recorded(house: House) -> int:
    return [each.type for each in (await house.log.read(0, 500)).records].count("opinion.registered")


async def test_a_file_is_looked_at_before_its_rows_are_taken_in(house: House, clerks: Clerks) -> None:
    clerk = await clerks.of(HUB)
    where = await sent(clerk, GOOD)
    looked = text_of(await settled(clerk, where))
    assert "so-2023.csv , 2 dòng" in looked
    assert "Số, Ngày nhận, Nguồn, Nội dung, Lĩnh vực" in looked
    assert "2 dòng mới" in looked
    assert await recorded(house) == 0
    assert (await clerk.press(where, "take")).headers["Location"] == where
    assert "Đã nhập: 2 dòng mới, 0 dòng đổi, 0 dòng như cũ, 0 dòng lỗi." in text_of(await settled(clerk, where))
    assert await recorded(house) == 2
    again = await sent(clerk, GOOD)
    assert "0 dòng mới. Tệp này đã nhập rồi" in text_of(await settled(clerk, again))
    assert await recorded(house) == 2


async def test_wrong_rows_are_told_first_and_come_back_as_a_file(house: House, clerks: Clerks) -> None:
    clerk = await clerks.of(REGISTRY)
    where = await sent(clerk, BAD)
    shown = text_of(await settled(clerk, where))
    assert "2 dòng lỗi, không nhập" in shown
    assert "4 Ngày nhận Không phải là ngày." in shown
    assert "5 Nguồn" in shown
    file = await clerk.open(f"{where}/rejected.csv")
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert "'=1+1" in file.text
    await clerk.press(where, "take")
    assert "2 dòng mới" in text_of(await settled(clerk, where))
    assert await recorded(house) == 2
    assert (await clerk.open(f"{where}/rejected.csv")).status_code == 200


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "Tệp rỗng"),
        ("a,b\n1,2\n", "Có 2 cột không rõ"),
        ("so,ngay_nhan\n1,09/01/2023\n", "Thiếu cột nguon, noi_dung"),
        ("so,ngay_nhan,nguon,noi_dung\n", "Tệp không có dòng nào"),
    ],
)
async def test_what_is_no_register_is_refused_with_what_to_change(house: House, clerks: Clerks, content: str, said: str) -> None:
    answer = await (await clerks.of(HUB)).upload(PAGE, "tep.csv", content.encode())
    assert answer.status_code == 422
    assert said in text_of(answer.text)


@pytest.mark.parametrize("by", [FEEDER, CHIEF], ids=lambda each: each.person)
async def test_only_who_keeps_the_register_takes_it_in(house: House, clerks: Clerks, by: Subject) -> None:
    clerk = await clerks.of(by)
    assert (await clerk.open(PAGE)).status_code == 403
    hub = await clerks.of(HUB)
    where = await sent(hub, GOOD)
    assert (await clerk.open(where)).status_code == 403
    await settled(hub, where)


async def test_another_office_finds_nothing_of_it(house: House, clerks: Clerks) -> None:
    hub = await clerks.of(HUB)
    where = await sent(hub, GOOD)
    await settled(hub, where)
    other = await clerks.of(OTHER_OFFICE)
    assert (await other.open(where)).status_code == 404
    assert (await other.open(f"{where}/rejected.csv")).status_code == 404


async def test_a_process_that_was_started_anew_goes_on_with_a_file(house: House, clerks: Clerks) -> None:
    clerk = await clerks.of(HUB)
    where = await sent(clerk, GOOD)
    await settled(clerk, where)
    async with AsyncExitStack() as stack:
        anew = await Clerks(application(house), stack).of(HUB)
        assert "2 dòng mới" in text_of(await settled(anew, where))
        await anew.press(where, "take")
        assert "Đã nhập: 2 dòng mới" in text_of(await settled(anew, where))
        gone = await Clerks(application(house), stack).of(HUB)
        assert (await gone.open(where)).status_code == 404  # it was taken in, and the file is not kept


async def test_take_pressed_twice_begins_once(house: House, clerks: Clerks, monkeypatch: pytest.MonkeyPatch) -> None:
    clerk = await clerks.of(HUB)
    where = await sent(clerk, GOOD)
    shown = await settled(clerk, where)
    begun = []
    begin = Runs._begin

    def counted(self: Runs, *told: Any, **how: Any) -> Run:
        begun.append(how["rehearsed"])
        return begin(self, *told, **how)

    monkeypatch.setattr(Runs, "_begin", counted)
    pressed = await asyncio.gather(*(clerk.press_on(shown, "take") for _ in range(3)))
    assert {each.headers["Location"] for each in pressed} == {where}
    assert begun == [False]
    assert "Đã nhập: 2 dòng mới" in text_of(await settled(clerk, where))


async def test_a_large_register_shows_how_far_it_is(house: House, clerks: Clerks) -> None:
    clerk = await clerks.of(HUB)
    rows = "".join(f"{n},09/01/2023,Nhân dân,Việc {n}.\n" for n in range(1, 1_201))
    where = await sent(clerk, f"so,ngay_nhan,nguon,noi_dung\n{rows}")
    first = await clerk.open(where)
    assert first.headers["Refresh"] == "2"
    assert "trên 1200 dòng" in text_of(first.text)
    assert "1200 dòng mới" in text_of(await settled(clerk, where))
