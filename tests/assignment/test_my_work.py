"""What waits for somebody: by due date, a page at a time, in each capacity, and nothing that he may not know of."""

import re
from datetime import UTC, datetime

from tests.assignment.browsing import (
    SAID,
    SUFFIX,
    Browsers,
    ended_well,
    offered,
    text_of,
    with_a_unit,
)
from tests.assignment.house import (
    ADMIN,
    CHIEF,
    DEPUTY,
    LEADER,
    SPECIALIST,
    House,
)


async def test_the_overdue_stand_first_and_pages_lead_on(house: House, browsers: Browsers) -> None:
    cases = [await with_a_unit(house, f"7Q2K9FXA3MBTW00000{n:02}") for n in range(10, 70)]
    late = cases[41]
    await house.ask("set_case_due", CHIEF, case=late, until="2023-01-10")
    house.clock.move_to(datetime(2023, 1, 12, 2, tzinfo=UTC))
    await house.follow()
    leader = await browsers.of(LEADER)
    first = (await leader.open("/my-work")).text
    assert "Quá hạn 2 ngày làm việc" in text_of(first)
    assert "Cần làm 60 trong đó 1 quá hạn" in text_of(first)
    seen = re.findall(r'<td class="m"><a href="/cases/(case-\w+)">', first)
    assert (seen[0], len(seen)) == (late, 50)
    onward = re.search(r'<a class="btn" href="([^"]+)">Trang sau</a>', first)
    assert onward is not None
    second = (await leader.open(onward[1].replace("&amp;", "&"))).text
    rest = re.findall(r'<td class="m"><a href="/cases/(case-\w+)">', second)
    assert sorted(seen + rest) == sorted(cases)
    assert "Trang sau" not in second
    newest = (await leader.open("/my-work?sort=newest")).text
    assert "Quá hạn 1" not in text_of(newest).partition("Trạng thái")[0].partition("Cần làm")[0]
    assert len(re.findall(r'<td class="m">', newest)) == 50


async def test_an_empty_list_says_where_to_look(house: House, browsers: Browsers) -> None:
    await with_a_unit(house)
    deputy = await browsers.of(DEPUTY)
    assert "Việc mới giao cho bạn sẽ hiện ở đây." in text_of((await deputy.open("/my-work")).text)
    leader = await browsers.of(LEADER)
    assert "Xem nhóm khác: Cần làm (1)" in text_of((await leader.open("/my-work?pile=put_forward")).text)
    assert (await leader.open("/my-work?pile=assign")).status_code == 404
    admin = await browsers.of(ADMIN)
    shown = (await admin.open("/my-work")).text
    assert "Tư cách bạn đang dùng không có việc ở đây." in text_of(shown)
    assert 'href="/my-work" aria-current' not in shown  # nor is it in his menu


async def test_whoever_acts_for_the_head_has_his_work_too(house: House, browsers: Browsers) -> None:
    await house.ask("create_post", ADMIN, post="CVP", unit="CVP", name="Chánh", role="chief", valid_from="2021-01-01")
    await house.ask("register_person", ADMIN, person="p-chief", name="Tòng Văn C", unit="CVP", valid_from="2021-01-01")
    await house.ask("hold_post", ADMIN, post="CVP", person="p-chief", valid_from="2021-01-01")
    await house.ask("register_person", ADMIN, person="p-deputy", name="Lò Văn B", unit="CVP", valid_from="2021-01-01")
    await house.ask(
        "grant_delegation",
        CHIEF,
        post="CVP",
        to="p-deputy",
        valid_from="2023-01-09",
        valid_to="2023-02-28",
        basis="02/GUQ-VPUB",
    )
    case = await house.refer(SUFFIX, flags=())
    deputy = await browsers.of(DEPUTY)
    assert "Chờ giao việc 1" in text_of((await deputy.open("/my-work")).text)
    assert "assign-case" in offered((await deputy.open(f"/cases/{case}")).text)
    ended_well(await deputy.press(f"/cases/{case}", "assign-case", lead="TH"), f"/cases/{case}", "assign-case")


async def test_nothing_of_a_case_about_himself_is_listed_for_who_would_clear_it(house: House, browsers: Browsers) -> None:
    await house.ask("create_post", ADMIN, post="PCVP", unit="CVP", name="Phó", role="deputy", valid_from="2021-01-01")
    await house.ask("register_person", ADMIN, person="p-deputy", name="Lò Văn B", unit="CVP", valid_from="2021-01-01")
    await house.ask("hold_post", ADMIN, post="PCVP", person="p-deputy", valid_from="2021-01-01")
    case = await house.refer(SUFFIX, flags=(), concerns_posts=("PCVP",))
    await house.ask("assign_case", CHIEF, case=case, lead="TCHCQT")
    await house.ask("submit_answer", SPECIALIST, case=case, answer="Trả lời.")
    await house.follow()
    deputy, chief = await browsers.of(DEPUTY), await browsers.of(CHIEF)
    assert SAID not in text_of((await deputy.open("/my-work")).text)
    assert "Chờ duyệt 1" not in text_of((await deputy.open("/my-work")).text)
    assert "Chờ duyệt 1" in text_of((await chief.open("/my-work")).text)
    shown = (await deputy.open(f"/cases/{case}")).text
    assert SAID not in shown
    assert offered(shown) == set()
    assert "Phó" not in text_of(shown)
    assert "Lịch sử xử lý" not in text_of(shown)
