"""A report by pages alone, from its opening to its receipt: who sees what, who does what, and what is refused in words."""

import re
from pathlib import Path
from typing import Any

import pytest

from services.reporting.entrypoints.pages import figures, opening, province, reports
from services.reporting.entrypoints.pages.reports.acts import BY_SLUG, CARRIES, COSTLY, PLACES
from services.reporting.entrypoints.pages.underway import Underway
from shared.permit import Subject
from shared.web.acts import Asks
from shared.web.pages import LANGUAGES, Pages
from shared.web.rooms import Room
from tests.assignment.browsing import Browsers, text_of
from tests.reporting.browsing import AT, forms_of, office, press, went_well
from tests.reporting.house import AUDITOR, BDV, CHIEF, DEPUTY, FEEDER, HUB, LEADER, PEOPLE, REGISTRY, SNV, STRANGER, House
from tests.reporting.papers import CORRECTION, REPORT
from tests.reporting.test_locking import fenced
from tests.support.strange import urls_of

ROOMS = tuple(Room(package=each.__name__) for each in (figures, opening, province, reports))
XSS = ("<script>alert(1)</script>", "{{ 7*7 }}", '"><img src=x onerror=alert(1)>')
PAGES = (AT, f"{AT}/text", f"{AT}/sign", f"{AT}/bieu-02", "/reports")


@pytest.mark.parametrize(
    ("by", "status"),
    [(HUB, 200), (CHIEF, 200), (LEADER, 200), (REGISTRY, 200), (AUDITOR, 200), (FEEDER, 403), (BDV, 404), (STRANGER, 404)],
    ids=lambda each: each.person if isinstance(each, Subject) else str(each),
)
async def test_a_report_is_shown_to_whoever_may_read_its_figures(tmp_path: Path, by: Subject, status: int) -> None:
    async with office(tmp_path) as (_, browsers):
        browser = await browsers.of(by)
        found = {page: (await browser.open(page)).status_code for page in PAGES[:4]}
        assert set(found.values()) == {status}, found
        listed = await browser.open("/reports")
        assert listed.status_code == 200
        assert (REPORT in listed.text) is (status == 200)


async def test_a_report_is_opened_confirmed_waived_and_locked_by_pages(tmp_path: Path) -> None:
    async with office(tmp_path, locked=False) as (made, browsers):
        opened = await press(browsers, HUB, "/reports", "open-report", kind="six_month", year="2023")
        went_well(opened, AT, "open-report")
        page = text_of((await (await browsers.of(HUB)).open(AT)).text)
        assert "Điều đang chặn chốt số liệu" in page
        assert "Phòng Tổng hợp chưa xác nhận" in page
        assert "request-lock" not in str(forms_of((await (await browsers.of(HUB)).open(AT)).text))
        went_well(await press(browsers, LEADER, AT, "confirm-figures/TH"), AT, "confirm-figures")
        went_well(await press(browsers, LEADER, AT, "withdraw-confirmation/TH"), AT, "withdraw-confirmation")
        went_well(await press(browsers, LEADER, AT, "confirm-figures/TH"), AT, "confirm-figures")
        silent = re.findall(r'<option value="([A-Z0-9-]+)">', (await (await browsers.of(HUB)).open(AT)).text)
        assert "TH" not in silent
        for unit in silent:
            went_well(
                await press(browsers, HUB, AT, "waive-confirmation", unit=unit, reason="Không phát sinh."),
                AT,
                "waive-confirmation",
            )
        went_well(await press(browsers, HUB, AT, "request-lock"), AT, "request-lock")
        waiting = await (await browsers.of(HUB)).open(AT)
        assert waiting.headers["Refresh"] == "2"
        assert "Chờ mốc của nhật ký tiếp nhận" in text_of(waiting.text)
        await fenced(made, REPORT)
        await made.follow()
        locked = await (await browsers.of(HUB)).open(AT)
        assert "Số liệu đã chốt" in text_of(locked.text)
        assert "Refresh" not in locked.headers


async def test_a_locked_report_is_written_signed_sent_and_received_by_pages(tmp_path: Path) -> None:
    async with office(tmp_path) as (made, browsers):
        text, sign = f"{AT}/text", f"{AT}/sign"
        written = await press(browsers, HUB, text, "write-section/III.2", words="Hạn chế: còn ý kiến quá hạn.")
        went_well(written, text, "write-section")
        went_well(await press(browsers, HUB, text, "write-section/III.2", words="Hạn chế: 01 ý kiến."), text, "write-section")
        shown = text_of((await (await browsers.of(HUB)).open(text)).text)
        assert "Hạn chế: 01 ý kiến." in shown
        assert "1 lần viết trước" in shown
        form = re.search(r'action="[^"]*/(draft-report/[0-9a-f]{64})"', (await (await browsers.of(HUB)).open(text)).text)
        assert form is not None
        went_well(await press(browsers, HUB, text, form[1]), text, "draft-report")
        went_well(await press(browsers, LEADER, text, "comment-on-report", comment="Nhất trí."), text, "comment-on-report")
        assert "“Nhất trí.”" in text_of((await (await browsers.of(HUB)).open(text)).text)
        went_well(await press(browsers, HUB, text, "submit-report"), text, "submit-report")
        went_well(await press(browsers, CHIEF, text, "return-report", reason="Nêu rõ nguyên nhân."), text, "return-report")
        went_well(await press(browsers, HUB, text, "submit-report"), text, "submit-report")
        content = (await made.service.queries.reports.report(HUB, REPORT))["paper"]["content"]
        went_well(await press(browsers, DEPUTY, sign, f"sign-report/{content}", capacity="KT"), sign, "sign-report")
        books = "/report-registers"
        typed = {"book": "BC-VPUB", "year": "2023", "pattern": "{number}/BC-VPUB", "external": "1"}
        went_well(await press(browsers, REGISTRY, books, "open-report-register", **typed), books, "open-report-register")
        went_well(await press(browsers, REGISTRY, sign, "number-report", book="BC-VPUB", number="45"), sign, "number-report")
        went_well(await press(browsers, REGISTRY, sign, "issue-report"), sign, "issue-report")
        for recipient in ("UBND-T", "BDVTU"):
            sent = {"recipient": recipient, "purpose": "Kính gửi", "means": "truc_lien_thong"}
            went_well(await press(browsers, REGISTRY, sign, "dispatch-report", **sent), sign, "dispatch-report")
        assert "Đã gửi" in text_of((await (await browsers.of(HUB)).open(AT)).text)
        received = await (await browsers.of(BDV)).open("/reports")
        assert REPORT in received.text
        went_well(await press(browsers, BDV, AT, "acknowledge-report/BDVTU"), AT, "acknowledge-report")
        went_well(await press(browsers, REGISTRY, sign, "acknowledge-report/UBND-T"), sign, "acknowledge-report")
        assert "Nơi nhận đã xác nhận" in text_of((await (await browsers.of(HUB)).open(AT)).text)
        public = {"place": "cong_thong_tin", "redacted": "1"}
        went_well(await press(browsers, HUB, sign, f"publish-report/{content}", **public), sign, "publish-report")
        assert (await (await browsers.of(SNV)).open(AT)).status_code == 404  # it was not sent there
        corrected = await press(browsers, HUB, sign, "supersede-report", reason="Nhập thiếu.")
        went_well(corrected, f"/reports/{CORRECTION}", "supersede-report")
        went_well(await press(browsers, REGISTRY, sign, "recall-report", reason="Sai số."), sign, "recall-report")
        book = f"{books}/VPUB/BC-VPUB/2023"
        went_well(
            await press(browsers, REGISTRY, book, "void-report-number", number="46", reason="Viết hỏng."),
            book,
            "void-report-number",
        )
        assert "45/BC-VPUB" in (await (await browsers.of(HUB)).open(book)).text


async def test_a_report_is_saved_as_paper_and_as_figures_also_by_whom_it_was_sent_to(tmp_path: Path) -> None:
    async with office(tmp_path) as (made, browsers):
        await made.issued()
        await made.sent("BDVTU")
        await made.follow()
        hub, reader = await browsers.of(HUB), await browsers.of(BDV)
        begins = {"pdf": b"%PDF", "docx": b"PK", "xlsx": b"PK", "json": b"{"}
        for form, begin in begins.items():
            answer = await hub.open(f"{AT}/file?form={form}")
            assert (answer.status_code, answer.content[: len(begin)]) == (200, begin), form
            assert f'filename="{REPORT}.{form}"' in answer.headers["Content-Disposition"]
        assert {form: (await reader.open(f"{AT}/file?form={form}")).status_code for form in begins} == {
            "pdf": 200,
            "docx": 200,
            "xlsx": 404,
            "json": 404,
        }
        assert "mọi số đúng như đã chốt" in text_of((await hub.open(f"{AT}/verify")).text)


async def test_what_a_page_does_not_offer_is_refused_when_it_is_sent_all_the_same(tmp_path: Path) -> None:
    async with office(tmp_path) as (made, browsers):
        await made.submitted()
        await made.follow()
        tried = 0
        for by in PEOPLE.values():
            browser = await browsers.of(by)
            offered = set[str]()
            for page in PAGES[:3]:
                offered |= {action.split("/")[3] for action in forms_of((await browser.open(page)).text) if action.startswith(AT)}
            token = re.search(r'name="token" value="(\w+)"', (await browser.open("/reports")).text)
            assert token is not None
            before = (await made.log.head()).position, await made.sealed()
            for slug, (_, act) in BY_SLUG.items():
                if slug in offered:
                    continue
                typed = {field.name: _value(field.asks, field.name) for field in act.fields}
                given = {"unit": "/TH", "section": "/III.2", "recipient": "/BDVTU"}.get(CARRIES.get(slug, ""), "")
                answer = await browser.post(f"{AT}/{slug}{given}", token=token[1], key=f"k-{slug}", **typed)
                tried += 1
                assert answer.status_code in (303, 403, 404, 409, 422), (by.person, slug, answer.status_code)
                assert ((await made.log.head()).position, await made.sealed()) == before, (by.person, slug)
        assert tried > 100


def _value(asks: Asks, name: str) -> str:
    return {Asks.NUMBER: "45", Asks.CHOICE: "KT" if name == "capacity" else "giay", Asks.ONE: "BDVTU"}.get(asks, "Nội dung")


async def test_a_form_without_its_token_or_of_another_site_does_nothing(tmp_path: Path) -> None:
    async with office(tmp_path) as (made, browsers):
        hub = await browsers.of(HUB)
        before = (await made.log.head()).position
        action = f"{AT}/write-section/III.2"
        assert (await hub.post(action, token="0" * 64, key="k", words="x")).status_code == 403
        assert (await hub.send_from("https://evil.example", action, key="k", words="x")).status_code == 403
        assert (await hub.client.get(action)).status_code in (404, 405, 422)
        assert (await made.log.head()).position == before


async def test_what_was_typed_is_kept_where_it_is_refused_and_shown_as_text(tmp_path: Path) -> None:
    async with office(tmp_path) as (_, browsers):
        payload = " ".join(XSS)
        went_well(await press(browsers, HUB, f"{AT}/text", "write-section/V", words=payload), f"{AT}/text", "write-section")
        shown = (await (await browsers.of(HUB)).open(f"{AT}/text")).text
        assert "<script>alert" not in shown
        assert "{{ 7*7 }}" in shown
        assert "<img src=x" not in shown
        refused = await press(browsers, HUB, "/reports", "open-report", kind="annual", year="2023", first=payload[:20])
        assert refused.status_code == 422
        assert "Lỗi:" in refused.text
        assert "<script>alert" not in refused.text
        assert 'value="&lt;script&gt;alert(1)' in refused.text
        long = await press(browsers, HUB, f"{AT}/text", "write-section/IV", words="x\x07")
        assert long.status_code == 422
        assert re.search(r"<details[^>]* open><summary>Viết vào mục này", long.text)


async def test_whatever_is_asked_of_the_pages_is_answered_and_never_fails(tmp_path: Path) -> None:
    async with office(tmp_path) as (made, browsers):
        rooms = made.service.rooms()
        pages = Pages(rooms)
        hub = await browsers.of(HUB)
        failed, asked = {}, 0
        for room in rooms:
            assert room.routes is not None
            for url in dict.fromkeys(urls_of(room.routes(pages), {})):
                for usual in (url, url.replace("/reports/VPUB", AT), url.replace("/VPUB/", "/bieu-02/")):
                    asked += 1
                    if (await hub.open(usual)).status_code >= 500:
                        failed[usual[:160]] = 500
        assert failed == {}
        assert asked > 500


def test_every_act_its_fields_and_its_outcome_have_words_in_both_languages() -> None:
    for language in LANGUAGES:
        environment = Pages(ROOMS).environments[language]
        say: Any = environment.get_template("reporting/reports/labels.html").make_module({"language": language})
        for act in (act for acts in PLACES.values() for act in acts):
            assert say.act(act.name).strip()
            assert say.button(act.name).strip()
            assert say.done_words(act.slug).strip()
            for field in act.fields:
                assert say.field(act.name, field.name).strip()
                for code in field.choices:
                    assert say.choice(field.name, code).strip() != code or code == "KT"


async def test_an_act_that_is_offered_by_stage_is_offered_at_each_stage_at_which_the_desk_does_it(tmp_path: Path) -> None:
    async with office(tmp_path) as (made, browsers):
        text, sign = f"{AT}/text", f"{AT}/sign"
        assert await _costly(made, browsers, text, sign) == {"draft-report"}
        await made.ask("draft_report", HUB, report=REPORT)
        assert await _costly(made, browsers, text, sign) == {"draft-report", "submit-report"}
        await made.ask("submit_report", HUB, report=REPORT)
        assert await _costly(made, browsers, text, sign) == {"sign-report"}
        await made.ask("sign_report", DEPUTY, report=REPORT, capacity="KT")
        book = {"office": "VPUB", "book": "BC-VPUB", "year": 2023, "external": True, "pattern": "{number}/BC-VPUB"}
        await made.ask("open_report_register", REGISTRY, **book)
        assert await _costly(made, browsers, text, sign) == {"number-report"}
        await made.ask("number_report", REGISTRY, report=REPORT, book="BC-VPUB", number=45)
        assert await _costly(made, browsers, text, sign) == {"issue-report"}
        await made.ask("issue_report", REGISTRY, report=REPORT)
        assert await _costly(made, browsers, text, sign) == set()


async def _costly(made: House, browsers: Browsers, *pages: str) -> set[str]:
    await made.follow()
    found = set[str]()
    for by in (HUB, DEPUTY, REGISTRY):
        browser = await browsers.of(by)
        for page in pages:
            found |= {action.split("/")[3] for action in forms_of((await browser.open(page)).text) if action.startswith(f"{AT}/")}
    return found & set(COSTLY)


async def test_what_was_typed_is_shown_at_once_though_the_text_is_still_being_composed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with office(tmp_path) as (_, browsers):
        hub, action = await browsers.of(HUB), f"{AT}/write-section/IV"
        form = rf'<form method="post" action="{action}">(.*?)</form>'
        offered = re.search(form, (await hub.open(f"{AT}/text")).text, re.DOTALL)
        assert offered is not None

        async def never(*_: object) -> None:
            return None

        monkeypatch.setattr(Underway, "of", never)
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', offered[1]))
        refused = await hub.post(action, **hidden, words="Hạn chế: còn ý kiến.\x07")
        assert refused.status_code == 422
        again = re.search(form, refused.text, re.DOTALL)
        assert again is not None
        assert "Hạn chế: còn ý kiến." in again[1]
        assert "Lời văn đang được soạn lại" in text_of(refused.text)
