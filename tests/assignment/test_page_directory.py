"""The directory is looked at as of a day and changed by forms by whoever keeps it; a head delegates from a page of his own."""

from typing import Final

import pytest

from services.assignment.entrypoints.pages.directory import ACTS
from services.assignment.entrypoints.pages.directory.acts import Part
from shared.calendar import RULES
from shared.permit import Subject
from tests.assignment.browsing import SAID, Browsers, form_of, text_of, with_a_unit
from tests.assignment.house import ADMIN, AUDITOR, CHIEF, HUB, LEADER, OTHER_OFFICE, SPECIALIST, House

FROM: Final = "01/03/2023"
DIRECTORY: Final = "/admin/directory"
LINE: Final = {"recipients.0.role": "recipient", "recipients.0.unit": "TH", "recipients.0.purpose": "Báo cáo"}
TTTT: Final = {"unit": "TTTT", "code": "TTTT"}
RULES_TYPED: Final = {
    f"rules.{n}.{name}": value
    for n, (rule, each) in enumerate(RULES[-1].deadlines.items())
    for name, value in (("rule", rule), ("days", str(each.days + 1)), ("counting", each.counting.value))
}
HEADS: Final = {
    "parent": "UBND TỈNH SƠN LA", "issuer": "VĂN PHÒNG", "above": "UBND tỉnh", "called": "Văn phòng UBND tỉnh",
    "place": "Sơn La", "head": "Chánh Văn phòng",
}  # fmt: skip
# Each form of the directory, filled in once; in an order in which every later one finds what it is about.
FILLED: Final = (
    (Part.UNITS, "register-unit", {**TTTT, "name": "Trung tâm Thông tin", "kind": "phong", "office": "VPUB"}),
    (Part.UNITS, "rename-unit", {**TTTT, "name": "Trung tâm Thông tin và Công báo"}),
    (Part.UNITS, "add-unit-alias", {"unit": "TTTT", "alias": "TT Thông tin"}),
    (Part.PEOPLE, "register-person", {"person": "tttt-01", "name": "Lường Văn An", "unit": "TTTT"}),
    (Part.PEOPLE, "join-unit", {"person": "tttt-01", "unit": "TH"}),
    (Part.PEOPLE, "leave-unit", {"person": "tttt-01", "unit": "TH", "valid_from": "02/03/2023"}),
    (Part.PEOPLE, "move-person", {"person": "tttt-01", "unit": "TH", "valid_from": "05/03/2023"}),
    (Part.POSTS, "create-post", {"post": "GD-TTTT", "unit": "TTTT", "name": "Giám đốc", "role": "unit_leader"}),
    (Part.POSTS, "hold-post", {"post": "GD-TTTT", "person": "tttt-01", "acting": "1"}),
    (Part.DELEGATIONS, "grant-delegation", {"post": "GD-TTTT", "to": "p-other", "valid_to": "+30", "basis": "05/GUQ-VPUB"}),
    (Part.POSTS, "vacate-post", {"post": "GD-TTTT", "valid_from": "09/03/2023"}),
    (Part.FIELDS, "register-field", {"field": "chuyen-doi-so", "name": "Chuyển đổi số"}),
    (Part.FIELDS, "set-field-lead", {"field": "chuyen-doi-so", "office": "VPUB", "lead": "TTTT"}),
    (Part.FIELDS, "set-further-leads", {"field": "chuyen-doi-so", "office": "VPUB", "leads.TH": "1"}),
    (Part.FIELDS, "set-party-fields", {"fields.chuyen-doi-so": "1"}),
    (Part.RULES, "publish-rules", {"version": "2023.9", **RULES_TYPED}),
    (Part.RULES, "publish-checklist", {"version": "2023.9", "lines": "Mời đúng thành phần\nCó biên bản"}),
    (Part.RECIPIENTS, "set-recipients", {"office": "VPUB", "kind": "bao_cao", **LINE}),
    (Part.POSTS, "create-post", {"post": "PCVP-1", "unit": "CVP", "name": "Phó Chánh Văn phòng", "role": "deputy"}),
    (Part.CHARGES, "set-charge", {"office": "VPUB", "post": "PCVP-1", "units.TTTT": "1"}),
    (Part.LETTERHEAD, "set-letterhead", {"office": "VPUB", **HEADS}),
    (Part.KEYS, "make-signing-key", {"office": "UBND-MSO"}),
)  # fmt: skip


async def test_every_form_of_the_directory_does_what_it_says(house: House, browsers: Browsers) -> None:
    keeper = await browsers.of(ADMIN)
    for part, slug, fields in FILLED:
        path = f"{DIRECTORY}/{part.value}"
        head = (await house.log.head()).position
        answer = await keeper.press(path, slug, **{"valid_from": FROM, **fields})
        if slug == "grant-delegation":  # a keeper records only what a signed paper says
            assert answer.status_code in (403, 409, 422), text_of(answer.text)[:300]
            assert 'value="05/GUQ-VPUB"' in answer.text
            continue
        assert answer.status_code == 303, (slug, text_of(answer.text)[:600])
        assert answer.headers["Location"].startswith(f"{path}?done={slug}"), slug
        if slug != "make-signing-key":  # the office has a key, and keeps it
            assert (await house.log.head()).position > head, slug
        await house.follow()
    shown = text_of((await keeper.open(f"{DIRECTORY}/units?day=02/03/2023")).text)
    assert "Trung tâm Thông tin và Công báo TTTT" in shown
    assert "Danh bạ của ngày 02/03/2023" in shown
    assert "Trung tâm Thông tin và Công báo TTTT" not in text_of((await keeper.open(f"{DIRECTORY}/units?day=01/01/2022")).text)
    key = text_of((await keeper.open(f"{DIRECTORY}/keys")).text)
    assert "UBND-MSO" in key


async def test_what_ends_a_unit_or_moves_deadlines_is_shown_before_it_is_done(house: House, browsers: Browsers) -> None:
    await with_a_unit(house)
    keeper = await browsers.of(ADMIN)
    head = (await house.log.head()).position
    path = f"{DIRECTORY}/units"
    before = await keeper.press(path, "dissolve-unit/preview", unit="TCHCQT", valid_from=FROM)
    assert before.status_code == 200, text_of(before.text)[:400]
    told = text_of(before.text)
    assert "Việc đang ở TCHCQT" in told
    assert "1 nhiệm vụ" in told
    assert [each for each in ("case-", SAID) if each in before.text] == []
    assert (await house.log.head()).position == head
    taken = {"unit": "TH", "successions.0.to": "TCHCQT", "dissolves": "true", "basis": "12/QĐ-UBND", "valid_from": FROM}
    shown = await keeper.press(path, "succeed-unit/preview", **taken)
    assert "Đơn vị này không còn việc nào đang mở." in text_of(shown.text)
    done = await keeper.press_on(shown.text, "succeed-unit", **taken)
    assert (done.status_code, (await house.log.head()).position > head) == (303, True), text_of(done.text)[:400]


async def test_a_new_calendar_tells_which_open_deadlines_it_moves(house: House, browsers: Browsers) -> None:
    await with_a_unit(house)
    keeper = await browsers.of(ADMIN)
    path = f"{DIRECTORY}/calendar"
    page = (await keeper.open(path)).text
    [due] = {each.due for each in await house.service.queries.deadlines.outdated("another") if each.kind == "task"}
    typed = {
        "version": "moi",
        "first": "01/01/2023",
        "last": "31/12/2024",
        "days_off": f"{due:%d/%m/%Y} Nghỉ thêm",
        "workdays": "",
    }
    shown = await keeper.press_on(page, "publish-calendar/preview", **typed)
    assert shown.status_code == 200, text_of(shown.text)[:400]
    told = text_of(shown.text)
    assert f"TCHCQT VPUB {due:%d/%m/%Y}" in told
    assert "case-" not in shown.text
    done = await keeper.press_on(shown.text, "publish-calendar", **typed)
    assert done.headers["Location"] == f"{path}?done=publish-calendar"
    for days in ("mai nghỉ", "32/01/2023 Tết", "<script>"):
        refused = await keeper.press_on(page, "publish-calendar/preview", **{**typed, "version": "khac", "days_off": days})
        assert refused.status_code in (400, 422), days
        assert "<script>" not in refused.text.partition("<textarea")[2].partition("</textarea>")[0]


@pytest.mark.parametrize(
    ("by", "parts"),
    [
        (ADMIN, set(Part)),
        (HUB, {Part.RECIPIENTS, Part.CHARGES, Part.LETTERHEAD}),
        (CHIEF, {Part.CHARGES, Part.KEYS}),
        (SPECIALIST, set()),
        (AUDITOR, set()),
    ],
    ids=lambda each: each.person if isinstance(each, Subject) else "",
)
async def test_who_sees_which_parts_and_whose_forms(browsers: Browsers, by: Subject, parts: set[Part]) -> None:
    browser = await browsers.of(by)
    seen = {part for part in Part if (await browser.open(f"{DIRECTORY}/{part.value}")).status_code == 200}
    assert seen == parts
    assert (await browser.open(DIRECTORY)).status_code == (303 if parts else 404)
    for part in set(Part) - parts:
        for act in ACTS[part]:
            assert (await browser.send("/my-work", f"{DIRECTORY}/{part.value}/{act.slug}", key="k")).status_code == 404, act.slug


async def test_a_keeper_sees_no_case_and_no_word(house: House, browsers: Browsers) -> None:
    case = await with_a_unit(house)
    keeper = await browsers.of(ADMIN)
    for part in Part:
        shown = (await keeper.open(f"{DIRECTORY}/{part.value}")).text
        assert [each for each in (case, SAID) if each in shown] == [], part


async def test_what_is_wrong_stands_at_its_field_with_what_was_typed(house: House, browsers: Browsers) -> None:
    keeper = await browsers.of(ADMIN)
    path = f"{DIRECTORY}/units"
    for name in ("<script>alert(1)</script>", "{{ 7*7 }}", "=1+1"):
        typed = {"unit": "nhỏ", "code": "X", "name": name, "kind": "phong", "valid_from": "99/99/2023"}
        refused = await keeper.press(path, "register-unit", **typed)
        assert refused.status_code in (400, 422)
        assert "<script>alert" not in refused.text
        assert "Chưa ghi" in text_of(refused.text)
        assert 'value="nhỏ"' in refused.text
    unclear = await keeper.open(f"{path}?day=32/13/2023")
    assert (unclear.status_code, "Chưa đọc được ngày vừa nhập" in unclear.text) == (422, True)


async def test_a_head_delegates_from_his_own_page_and_takes_it_back(house: House, browsers: Browsers) -> None:
    await house.ask("register_person", ADMIN, person="p-chief", name="Tòng Minh Đăng", unit="CVP", valid_from="2022-01-01")
    await house.ask("register_person", ADMIN, person="p-deputy", name="Nguyễn Hồng Gấm", unit="CVP", valid_from="2022-01-01")
    await house.ask("create_post", ADMIN, post="CVP-1", unit="CVP", name="Chánh Văn phòng", role="chief", valid_from="2022-01-01")
    await house.ask("hold_post", ADMIN, post="CVP-1", person="p-chief", valid_from="2022-01-01")
    await house.follow()
    head = await browsers.of(CHIEF)
    page = await head.open("/delegations")
    assert "Bạn giữ: Chánh Văn phòng (CVP)" in text_of(page.text)
    given = {"post": "CVP-1", "to": "p-deputy", "valid_from": "hôm nay", "valid_to": "+5", "basis": "05/GUQ-VPUB"}
    done = await head.press("/delegations", "grant-delegation", **given)
    assert done.headers.get("Location") == "/delegations?done=grant-delegation", text_of(done.text)[:500]
    await house.follow()
    shown = (await head.open("/delegations")).text
    assert "Nguyễn Hồng Gấm" in shown
    assert "đang có hiệu lực" in shown
    _, fields = form_of(shown, "revoke-delegation")
    assert fields["token"]
    [delegation] = (await house.service.directories.history()).delegations
    ended = await head.press("/delegations", "revoke-delegation", delegation=delegation.key, valid_from="hôm nay")
    assert ended.headers.get("Location") == "/delegations?done=revoke-delegation", text_of(ended.text)[:500]
    await house.follow()
    assert "chấm dứt từ" in (await head.open("/delegations")).text


async def test_whoever_holds_no_post_delegates_nothing(house: House, browsers: Browsers) -> None:
    for by in (LEADER, OTHER_OFFICE):
        browser = await browsers.of(by)
        page = (await browser.open("/delegations")).text
        assert "không ghi bạn giữ vị trí nào" in page
        sent = {"post": "CVP-1", "to": "p-deputy", "valid_from": FROM, "valid_to": FROM, "key": "k"}
        assert (await browser.send("/delegations", "/delegations/grant-delegation", **sent)).status_code in (403, 404, 422)
