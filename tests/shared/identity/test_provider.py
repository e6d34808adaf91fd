"""The provider's answer opens the account that is linked, once, for the browser that asked; every other answer opens nothing."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import httpx2
import pytest
from fastapi import FastAPI

from shared.clock import ScriptClock, SystemClock
from shared.database import Database
from shared.identity.accounts import Accounts
from shared.identity.links import Links
from shared.identity.once import Once
from shared.identity.pages import Door
from shared.identity.provider import Provider
from shared.identity.refusals import AlreadyLinked, ProviderAway, ProviderRefused
from shared.identity.sealing import Seal
from shared.identity.trail import NOBODY, Outcome, Trail
from tests.shared.identity.browser import Browser, browsing, served
from tests.shared.identity.conftest import HUB
from tests.support.provider import CLIENT_ID, CLIENT_SECRET, Answers, providing, query_of

BACK = "https://house/sign-in/provider/back"


@pytest.fixture
async def answers() -> AsyncIterator[Answers]:
    async with providing() as answers:
        yield answers


@pytest.fixture
def wall() -> ScriptClock:
    return ScriptClock(SystemClock().now())


@pytest.fixture
def provider(answers: Answers, seal: Seal, database: Database, clock: ScriptClock, wall: ScriptClock) -> Provider:
    once = Once("sonla", database, clock=clock)
    return Provider(answers.issuer, CLIENT_ID, CLIENT_SECRET, seal=seal, once=once, wall=wall)


@pytest.fixture
def app(door: Door, provider: Provider) -> FastAPI:
    return served(replace(door, provider=provider))


async def there(url: str) -> str:
    """Sign in at the provider; where it sends the browser back to."""
    async with httpx2.AsyncClient() as client:
        return str((await client.get(url)).headers["Location"])


async def returned(provider: Provider, *, browser: str = "b") -> tuple[dict[str, str], str]:
    """What comes back from the provider, and what the browser carried meanwhile."""
    url, kept = await provider.begin(BACK, "/my-work", browser)
    return query_of(await there(url)), kept


async def test_whom_the_provider_names_is_told_once_to_the_browser_that_asked(provider: Provider) -> None:
    query, kept = await returned(provider)
    with pytest.raises(ProviderRefused):
        await provider.finish(query, kept, "another browser", BACK)
    found = await provider.finish(query, kept, "b", BACK)
    assert (found.subject, found.onward, found.linking) == ("canbo-0042", "/my-work", "")
    with pytest.raises(ProviderRefused):  # replayed
        await provider.finish(query, kept, "b", BACK)


@pytest.mark.parametrize(
    "wrong",
    [
        {"nonce": "of another sign-in"},
        {"nonce": None},
        {"aud": "another client"},
        {"aud": [CLIENT_ID, "another client"], "azp": "another client"},
        {"iss": "https://evil.example"},
        {"exp": 1},
        {"exp": None},
        {"sub": None},
        {"sub": 42},
    ],
    ids=str,
)
async def test_a_token_for_somebody_else_or_another_time_is_refused(
    provider: Provider, answers: Answers, wrong: dict[str, object]
) -> None:
    answers.claims = wrong
    query, kept = await returned(provider)
    with pytest.raises(ProviderRefused):
        await provider.finish(query, kept, "b", BACK)


async def test_another_state_issuer_code_or_no_consent_is_refused(provider: Provider) -> None:
    for wrong in (
        {"state": "forged"},
        {"iss": "https://evil.example"},
        {"code": "guessed"},
        {"code": ""},
        {"error": "access_denied"},
    ):
        query, kept = await returned(provider)
        with pytest.raises(ProviderRefused):
            await provider.finish(query | wrong, kept, "b", BACK)
    query, kept = await returned(provider)
    for carried in ("", "forged", kept[:-4] + "AAAA"):
        with pytest.raises(ProviderRefused):
            await provider.finish(query, carried, "b", BACK)


async def test_whoever_comes_back_too_late_begins_again(provider: Provider, wall: ScriptClock, answers: Answers) -> None:
    query, kept = await returned(provider)
    wall.move_to(wall.now() + timedelta(minutes=11))
    answers.now = wall.now().timestamp()
    with pytest.raises(ProviderRefused):
        await provider.finish(query, kept, "b", BACK)


async def test_a_code_without_its_verifier_opens_nothing(provider: Provider) -> None:
    stolen, _ = await returned(provider)
    query, kept = await returned(provider)
    with pytest.raises(ProviderRefused):  # a code of another sign-in, put into this one
        await provider.finish(query | {"code": stolen["code"]}, kept, "b", BACK)


async def test_a_token_that_another_key_signed_is_refused_and_a_new_key_is_looked_up(
    provider: Provider, answers: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    query, kept = await returned(provider)
    await provider.finish(query, kept, "b", BACK)
    monkeypatch.setattr("shared.identity.provider.AGAIN_SECONDS", 0.0)
    answers.turn_key()
    query, kept = await returned(provider)
    assert (await provider.finish(query, kept, "b", BACK)).subject == "canbo-0042"
    answers.turn_key()
    answers.published.pop()
    query, kept = await returned(provider)
    with pytest.raises(ProviderRefused):
        await provider.finish(query, kept, "b", BACK)


async def test_what_the_provider_says_of_itself_is_asked_for_once(provider: Provider, answers: Answers) -> None:
    for _ in range(3):
        query, kept = await returned(provider)
        await provider.finish(query, kept, "b", BACK)
    assert answers.asked.count("/.well-known/openid-configuration") == 1
    assert answers.asked.count("/keys") == 1


@pytest.mark.parametrize(
    "about",
    [
        {"issuer": "https://evil.example"},
        {"token_endpoint": "http://evil.example/token"},
        {"jwks_uri": None},
        {"filling": "x" * 300_000},
    ],
    ids=lambda about: next(iter(about)),
)
async def test_a_provider_that_cannot_be_believed_is_not_gone_to(
    provider: Provider, answers: Answers, about: dict[str, object]
) -> None:
    answers.about = about
    with pytest.raises(ProviderAway):
        await provider.begin(BACK, "/", "b")


async def test_a_provider_that_is_away_is_told_so(seal: Seal, database: Database, clock: ScriptClock) -> None:
    away = Provider("http://127.0.0.1:9", CLIENT_ID, CLIENT_SECRET, seal=seal, once=Once("sonla", database, clock=clock))
    with pytest.raises(ProviderAway):
        await away.begin(BACK, "/", "b")


async def test_an_account_is_linked_once_and_with_one(accounts: Accounts, links: Links) -> None:
    await accounts.create("lan", person="tchcqt-02", post=HUB)
    await accounts.create("binh", person="th-01", post=HUB)
    await links.link("lan", issuer="https://sso", subject="1")
    await links.link("lan", issuer="https://sso", subject="1")
    for name, subject in (("lan", "2"), ("binh", "1")):
        with pytest.raises(AlreadyLinked):
            await links.link(name, issuer="https://sso", subject=subject)
    assert await links.name_of("https://other", "1") is None
    assert await links.unlink("lan", "https://sso")
    await links.link("binh", issuer="https://sso", subject="1")
    assert await links.name_of("https://sso", "1") == "binh"


async def through(browser: Browser, go: str) -> httpx2.Response:
    """Go to the provider by a link of ours, and come back."""
    return await browser.open((await there(go)).removeprefix("https://house"))


async def test_a_person_links_the_account_signs_in_with_it_and_signs_out_of_both(
    app: FastAPI, accounts: Accounts, links: Links, answers: Answers, trail: Trail
) -> None:
    first = await accounts.create("lan", person="tchcqt-02", post=HUB)
    chosen = "chiều nay họp giao ban"
    await accounts.change("lan", before=first, password=chosen, address="10.0.0.1")
    async with browsing(app) as browser:
        asked = (await browser.open("/sign-in")).text
        assert asked.index("Đăng nhập bằng tài khoản của tỉnh") < asked.index("<details") < asked.index('name="password"')
        unknown = await through(browser, (await browser.open("/sign-in/provider")).headers["Location"])
        assert (unknown.status_code, "canbo-0042" in unknown.text) == (403, True)
        assert [each.outcome for each in await trail.of(NOBODY)] == [Outcome.REFUSED]

        await browser.sign_in("lan", chosen)
        assert (await browser.send("/account", "/account/provider", before="sai")).status_code == 422
        shown = (await browser.send("/account", "/account/provider", before=chosen)).text
        go = shown.partition(f'href="{answers.issuer}')[2].partition('"')[0].replace("&amp;", "&")
        assert (await through(browser, f"{answers.issuer}{go}")).headers["Location"] == "/account?done=linked"
        assert await links.name_of(answers.issuer, "canbo-0042") == "lan"
        await browser.send("/account", "/sign-out")

    async with browsing(app) as browser:
        await browser.open("/sign-in")
        go = (await browser.open("/sign-in/provider?next=/account%3Fdone%3Dpost")).headers["Location"]
        let_in = await through(browser, go)
        assert (let_in.status_code, let_in.headers["Location"]) == (303, "/account?done=post")
        page = (await browser.open("/account")).text
        assert "tài khoản của tỉnh" in page
        left = await browser.send("/account", "/sign-out")
        assert left.headers["Location"] == "/sign-in?left=1"
        assert "/sign-in/provider/out" in (await browser.open("/sign-in?left=1")).text
        out = (await browser.open("/sign-in/provider/out")).headers["Location"]
        assert out.startswith(f"{answers.issuer}/end?")
        assert query_of(out) == {"client_id": CLIENT_ID, "post_logout_redirect_uri": "https://house/sign-in"}

        await accounts.lock("lan")
        await browser.open("/sign-in")
        shut = await through(browser, (await browser.open("/sign-in/provider")).headers["Location"])
        assert (shut.status_code, "đang khóa" in shut.text) == (403, True)


async def test_a_first_password_is_nothing_to_whoever_signs_in_elsewhere(
    app: FastAPI, accounts: Accounts, links: Links, answers: Answers
) -> None:
    await accounts.create("lan", person="tchcqt-02", post=HUB)
    await links.link("lan", issuer=answers.issuer, subject=answers.subject)
    async with browsing(app) as browser:
        await browser.open("/sign-in")
        let_in = await through(browser, (await browser.open("/sign-in/provider?next=/keys")).headers["Location"])
        assert let_in.headers["Location"] == "/keys"
        assert (await browser.open("/keys")).status_code == 200


async def test_whoever_is_made_to_come_back_with_another_s_answer_is_not_linked_or_let_in(
    app: FastAPI, accounts: Accounts, links: Links, answers: Answers
) -> None:
    first = await accounts.create("lan", person="tchcqt-02", post=HUB)
    async with browsing(app) as attacker, browsing(app) as victim:
        await attacker.open("/sign-in")
        planted = await there((await attacker.open("/sign-in/provider")).headers["Location"])
        await victim.sign_in("lan", first)
        answer = await victim.open(planted.removeprefix("https://house"))
        assert answer.status_code == 401
        assert await links.of("lan", answers.issuer) is None
