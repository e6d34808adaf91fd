"""Notices, the plan of a year and the calendar of a week by their pages."""

from typing import Any

from tests.assignment.browsing import Browsers, form_of, text_of
from tests.assignment.house import CHIEF, HUB, OTHER_OFFICE, OTHER_UNIT, REGISTRY, House
from tests.assignment.test_session_misuse import AD_HOC, held


async def test_a_notice_is_drafted_of_a_dialogue_commented_checked_and_issued_by_pages(house: House, browsers: Browsers) -> None:
    hub, unit, registry = [await browsers.of(each) for each in (HUB, OTHER_UNIT, REGISTRY)]
    session, case = await held(house, {"outcome": "giao_giai_quyet", "direction": "Tổ chức trong quý II."})
    await house.follow()
    new = f"/notices/draft-notice?session={session}"
    shown = (await hub.open(new)).text
    assert "Tổ chức trong quý II." in shown
    _, hidden = form_of(shown.replace(f"?session={session}", ""), "draft-notice")
    row: dict[str, str] = {
        "items.0.kind": "chi_dao_giai_quyet",
        "items.0.case": case,
        "items.0.text": "Ông Lò Văn Ân mở lớp trong quý II.",
    }
    refused = await hub.post(new, **hidden, **row, **{"items.2.text": "Thiếu loại."})
    assert refused.status_code == 422
    assert "Ông Lò Văn Ân mở lớp" in refused.text
    assert "Thiếu loại." in refused.text
    drafted = await hub.post(new, **hidden, **row, **{"items.0.unit": "TH", "items.0.days": "15"})
    assert drafted.status_code == 303, text_of(drafted.text)
    page = drafted.headers["Location"].partition("?")[0]
    await house.follow()
    text = text_of((await hub.open(page)).text)
    assert "Ông Lò Văn Ân” giống tên người" in text
    again = f"{page}/draft-notice"
    shown = (await hub.open(again)).text
    redrafted = await hub.press_on(
        shown, "draft-notice", **{**row, "items.0.text": "Mở lớp trong quý II.", "items.0.unit": "TH", "items.0.days": "15"}
    )
    assert redrafted.status_code == 303, text_of(redrafted.text)
    await house.follow()
    assert "Kiểm tra danh tính Không thấy" in text_of((await hub.open(page)).text)
    assert (await unit.press(page, "comment-notice", comment="Đề nghị 20 ngày.")).status_code == 303
    await house.follow()
    assert "Đề nghị 20 ngày." in text_of((await hub.open(page)).text)
    await house.open_book()
    document = await house.paper(page.rpartition("/")[2])
    await house.follow()
    issued = await registry.press(page, "issue-notice", document=document, book="TB-VPUB", number="3", means="giay")
    assert issued.status_code == 303, text_of(issued.text)
    await house.follow()
    assert "3/TB-VPUB" in text_of((await hub.open(page)).text)
    assert "3/TB-VPUB" in text_of((await hub.open("/notices")).text)


async def test_a_plan_is_drafted_and_copied_and_its_week_shown(house: House, browsers: Browsers) -> None:
    hub, chief = [await browsers.of(each) for each in (HUB, CHIEF)]
    assert "Chưa có kế hoạch năm 2023" in text_of((await hub.open("/plan/2023")).text)
    page = "/plan/2023/draft-plan"
    blank = (await hub.open(page)).text
    assert 'value="20/11/2023"' in blank  # before which the annual report goes out (R44)
    assert "Cơ quan dân vận" in blank
    rows = {
        "bases.0.number": "12-QĐi/TU",
        "dialogues.0.number": "1",
        "dialogues.0.track": "A1",
        "dialogues.0.trigger": "dot_xuat",
        "dialogues.0.planned": "10/02/2023",
        "windows.0.report": "annual",
        "windows.0.first": "04/01/2023",
        "windows.0.last": "31/10/2023",
        "windows.0.before": "10/11/2023",
    }
    drafted = await hub.press(page, "draft-plan", **rows)
    assert drafted.headers.get("Location") == "/plan/2023?done=draft-plan", text_of(drafted.text)
    await house.follow()
    text = text_of((await chief.open("/plan/2023")).text)
    assert "Đối thoại đột xuất" in text
    assert "/papers/new?kind=ke_hoach&amp;about=plan-VPUB-2023" in (await hub.open("/plan/2023")).text
    assert "10/02/2023" in text
    assert (await hub.press("/plan/2023", "copy-plan")).headers["Location"] == "/plan/2024?done=copy-plan"
    await house.follow()
    assert "10/02/2024" in text_of((await hub.open("/plan/2024")).text)
    session = (await house.ask("propose_session", HUB, **AD_HOC)).stream
    await house.follow()
    week = (await chief.open("/calendar?day=9/1/2023")).text
    assert session in week
    assert "thứ Hai" in week
    assert (await chief.open("/calendar?day=abc")).status_code == 422
    outside: Any = await browsers.of(OTHER_OFFICE)
    assert session not in (await outside.open("/calendar?day=9/1/2023")).text


async def test_a_report_stands_on_the_last_working_day_before_the_one_before_which_it_is_to_be_sent(
    house: House, browsers: Browsers
) -> None:
    window = {"report": "annual", "first": "2023-01-04", "last": "2023-01-31", "before": "2023-02-13"}  # a Monday
    plan = (
        await house.ask("draft_plan", HUB, office="VPUB", year=2023, bases=[{"number": "12-QĐi/TU"}], windows=[window])
    ).stream
    await house.open_book("KH-VPUB")
    document = await house.paper(plan, "ke_hoach")
    out: dict[str, Any] = {"book": "KH-VPUB", "number": 1, "means": "giay"}
    await house.ask("issue_plan", REGISTRY, plan=plan, document=document, disseminate=["TH"], **out)
    await house.follow()
    chief = await browsers.of(CHIEF)
    week = (await chief.open("/calendar?day=6/2/2023")).text
    friday = text_of(week).partition("10/02/2023")[2].partition("11/02/2023")[0]
    assert "phải gửi trước ngày 13/02/2023" in friday
    assert "phải gửi trước" not in text_of((await chief.open("/calendar?day=13/2/2023")).text)
