"""Mail that says only that there is work: when it goes, to whom, once, and what becomes of it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from services.assignment.entrypoints.mailing import letter_of
from services.assignment.readmodel.notifications.hours import is_open, opens_after, send_at
from services.assignment.readmodel.notifications.queue import Waiting
from services.assignment.readmodel.notifications.reaching import AddressUnclear
from services.assignment.readmodel.notifications.views import MailState
from shared.calendar import Calendar
from shared.mail.outlet import Letter, ServerAway
from shared.mail.smtp import SmtpOutlet
from shared.service import Job
from tests.assignment.browsing import application, person, text_of
from tests.assignment.house import CHIEF, HUB, LEADER, House, house
from tests.support.hosting import START

ADDRESS = "truong-phong@sonla.example.vn"
TET = Calendar(
    version="t", first=date(2023, 1, 1), last=date(2023, 12, 31),
    days_off={date(2023, 1, day): "Tết" for day in (20, 23, 24, 25, 26)}, workdays=frozenset(),
)  # fmt: skip


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """An instant of January 2023 by the clock of Vietnam."""
    return datetime(2023, 1, day, hour, minute, tzinfo=UTC) - timedelta(hours=7)


@dataclass
class Mailbox:
    """What a real server on this machine took; who it refuses, and for how long it is out of order."""

    taken: list[Envelope] = field(default_factory=list)
    unknown: set[str] = field(default_factory=set)
    broken: bool = False

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:
        if address in self.unknown:
            return "550 5.1.1 nobody has this address"
        if self.broken:
            return "451 4.3.0 try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.taken.append(envelope)
        return "250 OK"

    @property
    def texts(self) -> list[str]:
        return [(each.content or b"").decode() if isinstance(each.content, bytes) else str(each.content) for each in self.taken]


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
async def mailing(tmp_path: Path, mailbox: Mailbox, unused_tcp_port: int) -> AsyncIterator[House]:
    """A house whose mail goes to a server on this machine."""
    server = Controller(mailbox, hostname="127.0.0.1", port=unused_tcp_port)
    server.start()
    try:
        clock = _Clock()
        outlet = SmtpOutlet("127.0.0.1", unused_tcp_port, sender="doithoai@sonla.example.vn", clock=clock, security="none")
        async with house(tmp_path, outlet) as made:
            await made.service.queries.reaching.choose(LEADER.person, address=ADDRESS, mail=True)
            yield made
    finally:
        await asyncio.to_thread(server.stop)


class _Clock:
    kind = "script"

    def now(self) -> datetime:
        return START


def sending(made: House) -> Job:
    return next(job for job in made.service.jobs if job.name == "send-mail")


async def give(made: House, suffix: str, due: str | None = None) -> str:
    case = await made.refer(suffix, flags=())
    await made.ask("assign_case", CHIEF, case=case, lead="TCHCQT")
    await made.follow()
    return case


async def next_morning(made: House) -> int:
    """The job when it says that it is due."""
    due = await sending(made).next_due(made.clock.now())
    assert due is not None
    made.clock.move_to(max(due, made.clock.now()))
    return await sending(made).run(made.clock.now())


async def states(made: House, who: Any = LEADER) -> set[MailState | None]:
    return {each.mail for each in (await made.service.queries.notifications.of(who, seen_too=True)).notices}


def test_what_is_due_today_goes_at_once_while_the_office_works() -> None:
    assert send_at(at(9, 9), date(2023, 1, 9), TET) == at(9, 9)
    assert send_at(at(9, 9), date(2023, 1, 6), TET) == at(9, 9)


def test_what_is_due_later_waits_for_the_next_working_morning() -> None:
    assert send_at(at(9, 9), date(2023, 1, 12), TET) == at(10, 7, 30)
    assert send_at(at(13, 9), date(2023, 1, 31), TET) == at(16, 7, 30)  # Friday
    assert send_at(at(9, 5), date(2023, 1, 12), TET) == at(9, 7, 30)


def test_nothing_goes_at_night_on_days_off_or_through_the_holidays() -> None:
    assert send_at(at(9, 20), date(2023, 1, 9), TET) == at(10, 7, 30)
    assert send_at(at(19, 18), date(2023, 1, 19), TET) == at(27, 7, 30)
    assert [is_open(each, TET) for each in (at(9, 7, 29), at(9, 7, 30), at(9, 16, 59), at(9, 17), at(14, 9))] == [
        False, True, True, False, False,
    ]  # fmt: skip


def test_beyond_the_published_calendar_the_days_of_the_week_count() -> None:
    friday = datetime(2024, 1, 5, 9, tzinfo=UTC)
    assert opens_after(friday, TET) == opens_after(friday, None) == datetime(2024, 1, 8, 0, 30, tzinfo=UTC)


def test_a_letter_says_that_there_is_work_until_when_and_where() -> None:
    one = Waiting(letter="ab" * 32, person="p", count=1, due=date(2023, 3, 20), opens="case-7Q2K", attempts=0)
    letter = letter_of(one, ADDRESS, "sonla.example.vn", "https://h")
    assert letter == Letter(
        id=f"{'ab' * 16}@sonla.example.vn", to=ADDRESS, subject="Có việc mới, hạn 20/03/2023",
        text="Có việc mới, hạn 20/03/2023\nhttps://h/cases/case-7Q2K\n",
    )  # fmt: skip
    many = Waiting(letter="ab" * 32, person="p", count=3, due=date(2023, 3, 20), opens=None, attempts=0)
    assert letter_of(many, ADDRESS, "h", "https://h").text == "Có 3 việc mới, hạn gần nhất 20/03/2023\nhttps://h/notifications\n"


async def test_a_days_notices_go_in_one_letter_the_next_morning_and_say_nothing_of_them(mailing: House, mailbox: Mailbox) -> None:
    await give(mailing, "7Q2K9FXA3MBTW0000001")
    await give(mailing, "7Q2K9FXA3MBTW0000002")
    assert await states(mailing) == {MailState.QUEUED}
    assert await sending(mailing).run(mailing.clock.now()) == 0
    assert await next_morning(mailing) == 1
    assert mailing.clock.now() == at(10, 7, 30)
    assert [each.rcpt_tos for each in mailbox.taken] == [[ADDRESS]]
    assert "https://doithoai.example.vn/notifications" in mailbox.texts[0]
    assert "dao-tao" not in mailbox.texts[0]
    assert await states(mailing) == {MailState.SENT}
    assert await sending(mailing).next_due(mailing.clock.now()) is None


async def test_only_who_chose_it_is_mailed(mailing: House, mailbox: Mailbox) -> None:
    await mailing.service.queries.reaching.choose(HUB.person, address="dau-moi@sonla.example.vn", mail=False)
    await give(mailing, "7Q2K9FXA3MBTW0000001")
    await next_morning(mailing)
    assert [each.rcpt_tos for each in mailbox.taken] == [[ADDRESS]]
    assert await states(mailing, CHIEF) == set()


async def test_what_was_looked_at_before_it_went_is_not_mailed(mailing: House, mailbox: Mailbox) -> None:
    case = await give(mailing, "7Q2K9FXA3MBTW0000001")
    async with person(application(mailing), LEADER) as browser:
        await browser.open(f"/cases/{case}")
    assert await next_morning(mailing) == 0
    assert mailbox.taken == []
    assert await states(mailing) == {MailState.DROPPED}


async def test_each_goes_out_once_although_the_process_dies_before_it_is_sent(
    mailing: House, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    await give(mailing, "7Q2K9FXA3MBTW0000001")

    async def dies(self: SmtpOutlet, letter: Letter) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(SmtpOutlet, "send", dies)
        with pytest.raises(KeyboardInterrupt):
            await next_morning(mailing)
    assert await sending(mailing).run(mailing.clock.now()) == 0  # somebody else may be at it
    assert await next_morning(mailing) == 1
    assert len(mailbox.taken) == 1
    assert await sending(mailing).next_due(mailing.clock.now()) is None


async def test_what_was_taken_as_the_process_died_goes_again_as_the_same_letter(
    mailing: House, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    await give(mailing, "7Q2K9FXA3MBTW0000001")
    send = SmtpOutlet.send

    async def dies_after(self: SmtpOutlet, letter: Letter) -> None:
        await send(self, letter)
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(SmtpOutlet, "send", dies_after)
        with pytest.raises(KeyboardInterrupt):
            await next_morning(mailing)
    await give(mailing, "7Q2K9FXA3MBTW0000002")  # goes in a letter of its own
    assert await next_morning(mailing) == 1
    ids = [next(line for line in text.splitlines() if line.startswith("Message-ID")) for text in mailbox.texts]
    assert len(ids) == 2
    assert len(set(ids)) == 1


async def test_the_dispatch_asked_again_enters_nothing_twice(mailing: House, mailbox: Mailbox) -> None:
    await give(mailing, "7Q2K9FXA3MBTW0000001")
    dispatch: Any = next(each for each in mailing.service.subscriptions if each.name == "mail-notices")
    given = [each for each in (await mailing.log.read(after=0, limit=500)).records if each.type == "task.assigned"]
    for record in given:
        body = {"event": record.event_id.hex, "position": record.position, "at": record.recorded}
        await dispatch.send(type("M", (), {"body": body})())
    assert await next_morning(mailing) == 1
    assert len(mailbox.taken) == 1


async def test_an_address_that_nobody_has_is_told_on_the_notice_and_not_tried_again(mailing: House, mailbox: Mailbox) -> None:
    mailbox.unknown.add(ADDRESS)
    await give(mailing, "7Q2K9FXA3MBTW0000001")
    assert await next_morning(mailing) == 0
    assert await states(mailing) == {MailState.FAILED}
    assert await sending(mailing).next_due(mailing.clock.now()) is None
    async with person(application(mailing), LEADER) as browser:
        assert "Thư: không gửi được" in text_of((await browser.open("/notifications")).text)


async def test_a_server_out_of_order_is_tried_again_in_working_hours(mailing: House, mailbox: Mailbox) -> None:
    mailbox.broken = True
    await give(mailing, "7Q2K9FXA3MBTW0000001")
    assert await next_morning(mailing) == 0
    assert await states(mailing) == {MailState.QUEUED}
    mailbox.broken = False
    mailing.clock.move_to(at(10, 22))
    assert await sending(mailing).next_due(mailing.clock.now()) == at(11, 7, 30)
    assert await sending(mailing).run(mailing.clock.now()) == 0
    assert await next_morning(mailing) == 1
    assert await states(mailing) == {MailState.SENT}


async def test_a_server_that_is_not_there_is_away(unused_tcp_port: int) -> None:
    outlet = SmtpOutlet("127.0.0.1", unused_tcp_port, sender="a@b.vn", clock=_Clock(), security="none")
    with pytest.raises(ServerAway):
        await outlet.send(Letter(id="1@b.vn", to=ADDRESS, subject="s", text="t"))


async def test_an_address_is_sealed_opened_for_its_owner_and_destroyed_when_another_is_given(mailing: House) -> None:
    reaching = mailing.service.queries.reaching
    assert (await reaching.of(LEADER.person)).address == ADDRESS
    await reaching.choose(LEADER.person, address="khac@sonla.example.vn", mail=True)
    assert [each["person"] for each in await mailing.sealed() if each["purpose"] == "own_reach.address"].count(LEADER.person) >= 1
    assert await reaching.address(LEADER.person) == "khac@sonla.example.vn"
    await mailing.vault.erase_person(LEADER.person)
    assert await reaching.address(LEADER.person) == ""


@pytest.mark.parametrize("wrong", ["", "khong", "a@b", "a b@c.vn", "a@c.vn\r\nBcc: x@y.vn", "<a@c.vn>", "a@" + "c" * 260 + ".vn"])
async def test_what_is_no_address_is_refused(house: House, wrong: str) -> None:
    with pytest.raises(AddressUnclear):
        await house.service.queries.reaching.choose(LEADER.person, address=wrong, mail=True)
