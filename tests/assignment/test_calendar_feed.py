"""A person's calendar at a secret address: its days, who reads it, and when nobody does any more."""

import re
from datetime import UTC, date, datetime

import httpx2
from icalendar import Calendar

from services.assignment.entrypoints.pages.notifications.calendar import written
from services.assignment.readmodel.notifications.agenda import Entry, EntryKind
from services.assignment.readmodel.notifications.reaching import MOST_CALENDARS
from shared.permit import Subject
from tests.assignment.browsing import Browsers, form_of, text_of, with_a_unit
from tests.assignment.house import CHIEF, LEADER, OTHER_UNIT, SPECIALIST, House

REACH = "/account/notifications"


async def made_for(browsers: Browsers, who: Subject) -> str:
    """The path of a new calendar of his, as his page shows it once."""
    browser = await browsers.of(who)
    action, hidden = form_of((await browser.open(REACH)).text, "calendars")
    shown = (await browser.post(action, **hidden)).text
    found = re.search(r"<code[^>]*>https?://[^/]+(/calendars/[^<]+\.ics)</code>", shown)
    assert found is not None
    assert found[1] not in (await browser.open(REACH)).text  # shown once
    return found[1]


async def read(browsers: Browsers, path: str) -> httpx2.Response:
    """A program that carries no session asks for it."""
    transport = httpx2.ASGITransport(app=browsers.app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="https://house") as program:
        return await program.get(path)


def test_an_entry_is_a_whole_day_that_blocks_nothing_and_says_no_word_of_the_matter() -> None:
    entry = Entry(id="task-1", kind=EntryKind.DUE, day=date(2023, 3, 20), opens="case-1")
    found = Calendar.from_ical(written([entry], "https://h", datetime(2023, 1, 9, 2, tzinfo=UTC))).walk("VEVENT")
    assert [(each.decoded("dtstart"), each.decoded("dtend"), each["url"], each["transp"]) for each in found] == [
        (date(2023, 3, 20), date(2023, 3, 21), "https://h/cases/case-1", "TRANSPARENT")
    ]
    assert found[0]["summary"] == "Hạn xử lý công việc"


async def test_a_leaders_calendar_has_the_days_of_his_unit_and_another_units_has_not(house: House, browsers: Browsers) -> None:
    case = await with_a_unit(house)
    answer = await read(browsers, await made_for(browsers, LEADER))
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    entries = Calendar.from_ical(answer.content).walk("VEVENT")
    assert [each["url"] for each in entries] == [f"https://house/cases/{case}"]
    assert "bồi dưỡng" not in answer.text
    assert Calendar.from_ical((await read(browsers, await made_for(browsers, OTHER_UNIT))).content).walk("VEVENT") == []


async def test_delegated_work_stands_in_the_calendar_of_the_person(house: House, browsers: Browsers) -> None:
    case = await with_a_unit(house)
    path = await made_for(browsers, SPECIALIST)
    assert b"VEVENT" not in (await read(browsers, path)).content
    task = (await house.service.queries.tasks.of_case(CHIEF, case))[0].id
    await house.ask("delegate_task", LEADER, task=task, to=SPECIALIST.person)
    await house.follow()
    assert b"VEVENT" in (await read(browsers, path)).content


async def test_a_guessed_address_and_a_revoked_one_are_not_there(house: House, browsers: Browsers) -> None:
    path = await made_for(browsers, LEADER)
    secret = path.removeprefix("/calendars/").removesuffix(".ics")
    other = secret[:-1] + ("A" if secret[-1] != "A" else "B")
    assert (await read(browsers, f"/calendars/{other}.ics")).status_code == 404
    browser = await browsers.of(LEADER)
    action, hidden = form_of((await browser.open(REACH)).text, "revoke")
    stranger = await browsers.of(OTHER_UNIT)
    _, his = form_of((await stranger.open(REACH)).text, "calendars")
    assert (await stranger.post(action, **his)).status_code == 404  # somebody else's is not his to revoke
    assert (await read(browsers, path)).status_code == 200
    assert (await browser.post(action, **hidden)).headers["Location"] == f"{REACH}?done=revoked"
    assert (await read(browsers, path)).status_code == 404


async def test_nobody_has_more_calendars_than_he_can_oversee(house: House, browsers: Browsers) -> None:
    browser = await browsers.of(LEADER)
    for _ in range(MOST_CALENDARS):
        await made_for(browsers, LEADER)
    action, hidden = form_of((await browser.open(REACH)).text, "calendars")
    answer = await browser.post(action, **hidden)
    assert answer.status_code == 422
    assert "Đã đủ số địa chỉ lịch" in text_of(answer.text)


async def test_an_address_of_mail_is_kept_for_its_owner_and_a_wrong_one_stays_typed(house: House, browsers: Browsers) -> None:
    browser = await browsers.of(LEADER)
    action, hidden = form_of((await browser.open(REACH)).text, "notifications")
    wrong = await browser.post(action, **hidden, address='"><script>', mail="1")
    assert wrong.status_code == 422
    assert "<script>" not in wrong.text.partition("<main")[2]
    assert "&#34;&gt;&lt;script&gt;" in wrong.text
    assert (await browser.post(action, **hidden, address="a@sonla.example.vn", mail="1")).status_code == 303
    assert 'value="a@sonla.example.vn"' in (await browser.open(REACH)).text
    assert "a@sonla.example.vn" not in (await (await browsers.of(OTHER_UNIT)).open(REACH)).text
