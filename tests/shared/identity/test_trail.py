"""Who was let in or turned away can be asked for half a year: by network, never with what was typed instead of a name."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from shared.clock import ScriptClock
from shared.contracts.roles import Role
from shared.database import Database
from shared.identity.accounts import Accounts, Post
from shared.identity.pages import Door
from shared.identity.schema import SIGN_IN
from shared.identity.trail import KEPT, NOBODY, How, Outcome, Trail, place_of
from tests.shared.identity.browser import browsing, served
from tests.shared.identity.conftest import HUB


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("10.20.30.40", "10.20.30.0/24"),
        ("2001:db8:7:8::/64", "2001:db8:7::/48"),
        ("-", "-"),
        ("testclient", "-"),
    ],
)
def test_an_address_is_kept_as_the_network_it_lies_in(address: str, place: str) -> None:
    assert place_of(address) == place


async def test_lines_go_when_they_are_half_a_year_old(accounts: Accounts, trail: Trail, clock: ScriptClock) -> None:
    await accounts.create("lan", person="tchcqt-02", post=HUB)
    await trail.note("lan", "10.0.0.1", How.PASSWORD, Outcome.REFUSED)
    clock.move_to(clock.now() + KEPT)
    await trail.note("lan", "10.0.0.1", How.PASSWORD, Outcome.LET_IN)
    assert [each.outcome for each in await trail.of("lan")] == [Outcome.LET_IN, Outcome.REFUSED]
    clock.move_to(clock.now() + timedelta(seconds=1))
    await trail.note(NOBODY, "10.0.0.1", How.PASSWORD, Outcome.REFUSED)
    assert [each.outcome for each in await trail.of("lan")] == [Outcome.LET_IN]


async def test_whoever_goes_on_guessing_fills_no_disk(
    accounts: Accounts, trail: Trail, clock: ScriptClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.identity.trail.MOST_KEPT", 3)
    await accounts.create("lan", person="tchcqt-02", post=HUB)
    for _ in range(6):
        clock.move_to(clock.now() + timedelta(seconds=1))
        await trail.note("lan", "10.0.0.1", How.PASSWORD, Outcome.REFUSED)
    assert len(await trail.of("lan", most=10)) == 3


async def test_the_page_shows_ones_own_lines_and_what_was_typed_for_a_name_is_nowhere(
    door: Door, accounts: Accounts, trail: Trail, database: Database
) -> None:
    first = await accounts.create("lan", person="tchcqt-02", post=HUB)
    await accounts.change("lan", before=first, password="chiều nay họp giao ban", address="10.0.0.1")
    async with browsing(served(door)) as browser:
        await browser.sign_in("lan", "sai")
        await browser.sign_in("matkhau-go-nham", "x")
        await browser.sign_in("LAN ", "chiều nay họp giao ban")
        page = (await browser.open("/account")).text
        assert (page.count("bị từ chối"), page.count("đã vào"), page.count("127.0.0.0/24")) == (1, 1, 2)
    assert len(await trail.of(NOBODY)) == 1
    async with database.read() as connection:
        assert "matkhau" not in str((await connection.execute(select(SIGN_IN))).all())


async def test_another_post_is_taken_in_the_menu_of_any_page_and_leads_back_there(door: Door, accounts: Accounts) -> None:
    first = await accounts.create("lan", person="tchcqt-02", post=HUB)
    await accounts.change("lan", before=first, password="chiều nay họp giao ban", address="10.0.0.1")
    async with browsing(served(door)) as browser:
        await browser.sign_in("lan", "chiều nay họp giao ban")
        assert "Đổi tư cách xử lý" not in (await browser.open("/keys")).text
        await accounts.add_post("lan", Post(office="VPUB", unit="CD", capacities=frozenset({Role.MASS_ORGANISATION})))
        page = (await browser.open("/keys?a=1&done=x&lang=vi")).text
        assert 'name="next" value="/keys?a=1"' in page
        assert "CD · Tổ chức đoàn thể" in page
        assert "</b> <span>TCHCQT</span>" in page
        back = await browser.send("/keys", "/account/post", office="VPUB", unit="CD", next="/keys?a=1")
        assert back.headers["Location"] == "/keys?a=1"
        assert "</b> <span>CD</span>" in (await browser.open("/keys")).text
        out = await browser.send("/keys", "/account/post", office="VPUB", unit="TCHCQT", next="//evil.example")
        assert out.headers["Location"] == "/account?done=post"
