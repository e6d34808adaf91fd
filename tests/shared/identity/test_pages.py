"""Signing in by the page opens the account to its owner, and to nobody who guesses, plants, forges, frames or listens."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from fastapi import FastAPI

from shared.clock import ScriptClock
from shared.contracts.roles import Role
from shared.identity.accounts import Accounts, Post
from shared.identity.pages import Door
from shared.identity.sessions import Sessions
from shared.web.forms import MOST_FIELDS
from tests.shared.identity.browser import HOUSE, OUTSIDE_PAGE, Browser, browsing, served
from tests.shared.identity.conftest import HUB

CHOSEN = "chiều nay họp giao ban"
OUTSIDE = (
    "https://evil.example/", "//evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)", "/\tx", "/ă", "",
    "http:/evil.example", "/x y", "/" + "x" * 600,
)  # fmt: skip


@pytest.fixture
def app(door: Door) -> FastAPI:
    return served(door)


@pytest.fixture
async def first(accounts: Accounts) -> str:
    return await accounts.create("lan", person="tchcqt-02", post=HUB)


@pytest.fixture
async def browser(app: FastAPI) -> AsyncIterator[Browser]:
    async with browsing(app) as browser:
        yield browser


@pytest.fixture
async def lan(browser: Browser, first: str) -> Browser:
    """Signed in, with a password of her own."""
    await browser.sign_in("lan", first)
    await browser.send("/account", "/account/password", before=first, password=CHOSEN)
    return browser


async def test_a_page_asks_to_sign_in_and_goes_on_where_one_was(lan: Browser, app: FastAPI) -> None:
    async with browsing(app) as other:
        asked = await other.open("/account?done=post")
        assert (asked.status_code, asked.headers["Location"]) == (303, "/sign-in?next=%2Faccount%3Fdone%3Dpost")
        assert 'name="next" value="/account?done=post"' in (await other.open(asked.headers["Location"])).text
        let_in = await other.sign_in("lan", CHOSEN, next="/account?done=post")
        assert (let_in.status_code, let_in.headers["Location"]) == (303, "/account?done=post")
        assert (await other.open("/account")).status_code == 200


async def test_the_beginning_is_outside_for_whoever_is_not_signed_in(lan: Browser, app: FastAPI) -> None:
    assert (await lan.open("/")).headers["Location"] == "/account"
    async with browsing(app) as other:
        assert (await other.open("/")).headers["Location"] == OUTSIDE_PAGE
        other.client.cookies.set("__Host-doithoai", "planted", domain="house", path="/")
        assert (await other.open("/")).headers["Location"] == OUTSIDE_PAGE


async def test_a_first_password_opens_its_change_and_nothing_else(browser: Browser, first: str) -> None:
    assert (await browser.sign_in("lan", first, next="/elsewhere")).headers["Location"] == "/account"
    shown = (await browser.open("/account")).text
    assert "Đây là mật khẩu lần đầu" in shown
    assert "Đăng xuất ở mọi nơi" not in shown
    assert (await browser.send("/account", "/account/post", office="VPUB", unit="TCHCQT")).status_code == 404
    weak = await browser.send("/account", "/account/password", before=first, password="ngắn")
    assert weak.status_code == 422
    assert "Mật khẩu mới chưa dùng được" in weak.text
    wrong = await browser.send("/account", "/account/password", before="sai", password=CHOSEN)
    assert "Mật khẩu hiện tại không đúng" in wrong.text
    changed = await browser.send("/account", "/account/password", before=first, password=CHOSEN)
    assert changed.headers["Location"] == "/account?done=password"
    assert "Đây là mật khẩu lần đầu" not in (await browser.open("/account")).text


async def test_unknown_name_and_wrong_password_give_the_same_page(browser: Browser, first: str) -> None:
    wrong = await browser.sign_in("lan", "wrong")
    unknown = await browser.sign_in("hoa", first)
    assert wrong.status_code == unknown.status_code == 401

    def bare(text: str) -> str:
        return text.replace('value="lan"', "").replace('value="hoa"', "")

    assert bare(wrong.text) == bare(unknown.text)
    assert first not in unknown.text


async def test_guessing_is_told_to_wait(browser: Browser, first: str) -> None:
    answers = [(await browser.sign_in("lan", "guess")).status_code for _ in range(11)]
    assert answers == [401] * 10 + [429]
    assert (await browser.sign_in("lan", first)).status_code == 429


async def test_a_planted_session_is_not_the_one_that_is_signed_in(browser: Browser, first: str, sessions: Sessions) -> None:
    browser.client.cookies.set("__Host-doithoai", "planted", domain="house", path="/")
    await browser.sign_in("lan", first)
    assert await sessions.find("planted") is None
    [held] = [
        cookie.value for cookie in browser.client.cookies.jar if cookie.name == "__Host-doithoai" and cookie.value != "planted"
    ]
    assert held is not None
    assert await sessions.find(held) is not None


async def test_the_cookie_is_kept_from_scripts_from_other_hosts_and_from_open_lines(browser: Browser, first: str) -> None:
    [cookie] = [each for each in (await browser.sign_in("lan", first)).headers.get_list("set-cookie") if "doithoai=" in each]
    assert cookie.startswith("__Host-doithoai=")
    assert {"HttpOnly", "Path=/", "SameSite=lax", "Secure"} == set(cookie.split("; ")[1:])


async def test_a_form_of_another_site_or_without_its_token_is_refused(lan: Browser) -> None:
    for origin, site in (("https://evil.example", None), ("null", None), (HOUSE, "cross-site"), (HOUSE, "same-site")):
        token = (await lan.open("/account")).text.partition('name="token" value="')[2][:64]
        forged = await lan.send_from(origin, "/account/sign-out-everywhere", site=site, token=token)
        assert forged.status_code == 403
        assert "Biểu mẫu không được gửi từ trang này" in forged.text
    for token in ("", "0" * 64, "đ"):
        assert (await lan.post("/account/sign-out-everywhere", token=token)).status_code == 403
    assert (await lan.open("/account")).status_code == 200


async def test_nobody_is_signed_in_by_a_form_that_another_site_made(app: FastAPI, first: str) -> None:
    async with browsing(app) as victim:
        assert (await victim.post("/sign-in", name="lan", password=first, token="0" * 64)).status_code == 403
        assert (await victim.open("/account")).status_code == 303


async def test_the_secret_of_a_session_in_an_address_signs_nobody_in(lan: Browser, app: FastAPI) -> None:
    [held] = [cookie.value for cookie in lan.client.cookies.jar if cookie.name == "__Host-doithoai"]
    async with browsing(app) as other:
        for name in ("__Host-doithoai", "doithoai", "session", "token"):
            asked = await other.open(f"/account?{name}={held}")
            assert (asked.status_code, asked.headers["Location"].partition("?")[0]) == (303, "/sign-in")


async def test_signing_in_leads_to_no_other_house(lan: Browser, app: FastAPI) -> None:
    for n, outside in enumerate(OUTSIDE):
        async with browsing(app) as browser:
            assert (await browser.sign_in("lan", CHOSEN, next=outside)).headers["Location"] == "/", n


async def test_no_page_can_be_framed_scripted_or_kept(lan: Browser) -> None:
    for path, status in (("/sign-in", 200), ("/account", 200), ("/nowhere", 404)):
        answer = await lan.open(path)
        assert answer.status_code == status
        policy = answer.headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in policy
        assert "default-src 'none'" in policy
        assert "script-src 'self'; connect-src 'self'" in policy
        assert "unsafe" not in policy
        assert (answer.headers["X-Frame-Options"], answer.headers["Cache-Control"]) == ("DENY", "no-store")
        scripts = re.findall(r"<script[^>]*>[^<]?", answer.text)
        assert len(scripts) == 2
        assert all(
            re.fullmatch(r'<script (defer|type="module") src="/static/[a-z0-9./-]+\?v=[0-9a-f]{16}">', each) for each in scripts
        )
        assert " style=" not in answer.text
        assert not re.search(r"<[^>]+ on\w+=", answer.text)


async def test_what_is_typed_comes_back_as_text(browser: Browser) -> None:
    answer = await browser.sign_in('"><script>alert(1)</script>', "x", next='/"><script>')
    assert "<script>" not in answer.text
    assert "&lt;script&gt;" in answer.text


async def test_over_an_open_line_nobody_signs_in_but_on_the_machine_itself(app: FastAPI, first: str) -> None:
    async with browsing(app, "http://house") as far:
        assert (await far.open("/sign-in")).status_code == 403
        assert (await far.post("/sign-in", name="lan", password=first)).status_code == 403
    async with browsing(app, "http://127.0.0.1:8000") as near:
        [cookie] = [
            each for each in (await near.sign_in("lan", first)).headers.get_list("set-cookie") if each.startswith("doithoai=")
        ]
        assert {"HttpOnly", "Path=/", "SameSite=lax"} == set(cookie.split("; ")[1:])


async def test_a_new_password_and_signing_out_everywhere_end_what_others_carry(lan: Browser, app: FastAPI) -> None:
    async with browsing(app) as other:
        await other.sign_in("lan", CHOSEN)
        before = lan.client.cookies["__Host-doithoai"]
        await lan.send("/account", "/account/password", before=CHOSEN, password="ngày mai họp giao ban")
        assert lan.client.cookies["__Host-doithoai"] != before
        assert (await other.open("/account")).status_code == 303
        assert (await lan.open("/account")).status_code == 200
        await other.sign_in("lan", "ngày mai họp giao ban")
        assert (await lan.send("/account", "/account/sign-out-everywhere")).headers["Location"] == "/sign-in"
        assert (await other.open("/account")).status_code == 303


async def test_signing_out_ends_this_session(lan: Browser, sessions: Sessions) -> None:
    secret = lan.client.cookies["__Host-doithoai"]
    assert (await lan.send("/account", "/sign-out")).headers["Location"] == "/sign-in"
    assert await sessions.find(secret) is None
    assert (await lan.open("/account")).status_code == 303


async def test_a_person_of_two_posts_chooses_from_which_to_act(lan: Browser, accounts: Accounts) -> None:
    await accounts.add_post("lan", Post(office="VPUB", unit="CD", capacities=frozenset({Role.MASS_ORGANISATION})))
    chosen = await lan.send("/account", "/account/post", office="VPUB", unit="CD")
    assert chosen.headers["Location"] == "/account?done=post"
    assert "</b> <span>CD</span>" in (await lan.open("/account")).text
    assert (await lan.send("/account", "/account/post", office="VPUB", unit="TH")).status_code == 404


async def test_english_is_there_for_whoever_chooses_it(lan: Browser) -> None:
    assert '<html lang="vi">' in (await lan.open("/account")).text
    assert "Sign out everywhere" in (await lan.open("/account?lang=en")).text
    assert "Not found" in (await lan.open("/nowhere")).text


async def test_only_form_bodies_of_a_form_s_size_are_read(lan: Browser) -> None:
    token = (await lan.open("/account")).text.partition('name="token" value="')[2][:64]
    assert (await lan.post("/sign-out", token=token, x="y" * 20_001)).status_code == 422
    many = {f"f{n}": "" for n in range(MOST_FIELDS + 1)}
    assert (await lan.post("/sign-out", token=token, **many)).status_code == 400
    sent = await lan.client.post("/sign-out", json={"token": token}, headers={"Origin": HOUSE})
    assert sent.status_code == 400


async def test_the_other_language_keeps_what_the_page_was_asked(lan: Browser) -> None:
    assert 'href="?done=post&amp;lang=en" lang="en"' in (await lan.open("/account?done=post")).text
    assert 'href="?done=post&amp;lang=vi" lang="vi"' in (await lan.open("/account?done=post&lang=en")).text


async def test_the_entry_leads_to_the_account_and_strangers_to_the_public_page(lan: Browser, app: FastAPI) -> None:
    assert (await lan.open("/")).headers["Location"] == "/account"
    async with browsing(app) as other:
        assert (await other.open("/")).headers["Location"] == "/welcome"


async def test_single_letter_keys_are_switched_off_for_the_account_wherever_it_signs_in(lan: Browser, app: FastAPI) -> None:
    assert "data-keys" in (await lan.open("/account")).text
    assert (await lan.send("/account", "/account/keys")).headers["Location"] == "/account?done=keys"
    async with browsing(app) as other:
        await other.sign_in("lan", CHOSEN)
        assert "data-keys" not in (await other.open("/keys")).text
        await other.send("/account", "/account/keys", single_keys="1")
    assert "data-keys" in (await lan.open("/keys")).text


async def test_what_is_wrong_takes_the_focus_also_without_script(lan: Browser) -> None:
    wrong = await lan.send("/account", "/account/password", before="sai", password=CHOSEN)
    assert re.search(r'<div class="errs" role="alert" tabindex="-1" autofocus>', wrong.text)
    assert "<title>Lỗi: Tài khoản" in wrong.text


async def test_what_an_open_page_asks_by_itself_does_not_keep_it_signed_in(lan: Browser, clock: ScriptClock) -> None:
    begun = clock.now()
    for minutes in (10, 20, 29):
        clock.move_to(begun + timedelta(minutes=minutes))
        assert (await lan.client.get("/account", headers={"Doithoai-Unattended": "1"})).status_code == 200
    clock.move_to(begun + timedelta(minutes=31))
    assert (await lan.open("/account")).status_code == 303


async def test_files_under_the_name_of_what_they_hold_are_kept_for_a_year_others_for_an_hour(lan: Browser) -> None:
    [address] = re.findall(r'src="(/static/app[^"]+)"', (await lan.open("/account")).text)
    named = await lan.open(address)
    assert (named.status_code, named.headers["Content-Type"]) == (200, "text/javascript; charset=utf-8")
    assert named.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    for other in ("/static/app.js", "/static/app.js?v=0000000000000000"):
        assert (await lan.open(other)).headers["Cache-Control"] == "public, max-age=3600"
