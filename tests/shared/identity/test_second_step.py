"""After the password a code: each opens once, near its time, in the browser that gave the password; a lost phone is no end."""

import re
from datetime import timedelta

import pyotp
import pytest
from fastapi import FastAPI
from sqlalchemy import select

from shared.clock import ScriptClock, instant
from shared.contracts.refusals import Unknown
from shared.database import Database
from shared.identity.accounts import Accounts
from shared.identity.pages import Door
from shared.identity.refusals import CodeOn, SignInTooOften, WrongCode
from shared.identity.schema import ACCOUNT_CODE, ACCOUNT_RECOVERY
from shared.identity.sealing import Seal
from shared.identity.second_step import RECOVERY_CODES, SecondStep
from shared.identity.trail import How, Outcome, Trail
from tests.shared.identity.browser import browsing, served
from tests.shared.identity.conftest import HUB

HERE = "10.0.0.1"
CHOSEN = "chiều nay họp giao ban"
BEGUN = instant(1_700_000_000_000_000)


def shown(secret: str, clock: ScriptClock, *, steps: int = 0) -> str:
    """What the app shows now, or so many steps from now."""
    return pyotp.TOTP(secret).at(int(clock.now().timestamp()) + steps * 30)


def later(clock: ScriptClock, steps: int = 1) -> None:
    clock.move_to(clock.now() + timedelta(seconds=30 * steps))


@pytest.fixture
def started(clock: ScriptClock) -> ScriptClock:
    clock.move_to(BEGUN)
    return clock


async def switched_on(codes: SecondStep, clock: ScriptClock, name: str = "lan") -> tuple[str, tuple[str, ...]]:
    """The secret and the recovery codes."""
    secret = (await codes.begin(name)).secret
    return secret, await codes.confirm(name, shown(secret, clock), address=HERE)


async def test_it_counts_once_a_first_code_confirms_it(codes: SecondStep, started: ScriptClock) -> None:
    with pytest.raises(Unknown):
        await codes.confirm("lan", "000000", address=HERE)
    before = (await codes.begin("lan")).secret
    asked = await codes.begin("lan")
    assert asked.uri.startswith("otpauth://totp/")
    assert not await codes.is_on("lan")
    with pytest.raises(WrongCode):  # of the secret that was asked for first
        await codes.confirm("lan", shown(before, started), address=HERE)
    assert len(await codes.confirm("lan", shown(asked.secret, started), address=HERE)) == RECOVERY_CODES
    assert await codes.is_on("lan")
    with pytest.raises(CodeOn):
        await codes.begin("lan")
    with pytest.raises(CodeOn):
        await codes.confirm("lan", shown(asked.secret, started), address=HERE)


async def test_a_code_opens_once_and_not_far_from_its_time(codes: SecondStep, started: ScriptClock) -> None:
    secret, _ = await switched_on(codes, started)
    with pytest.raises(WrongCode):  # it has confirmed already
        await codes.check("lan", shown(secret, started), address=HERE)
    later(started, 5)
    for steps in (-2, 2):
        with pytest.raises(WrongCode):
            await codes.check("lan", shown(secret, started, steps=steps), address=HERE)
    for steps in (-1, 0, 1):
        code = shown(secret, started, steps=steps)
        assert await codes.check("lan", f" {code[:3]} {code[3:]} ", address=HERE) is How.CODE
        with pytest.raises(WrongCode):
            await codes.check("lan", code, address=HERE)
    for nonsense in ("", "١٢٣٤٥٦", "12345", "x" * 5_000):
        with pytest.raises(WrongCode):
            await codes.check("lan", nonsense, address=HERE)


async def test_a_recovery_code_opens_once_and_for_its_account_alone(codes: SecondStep, started: ScriptClock) -> None:
    _, mine = await switched_on(codes, started)
    _, other = await switched_on(codes, started, "binh")
    with pytest.raises(WrongCode):
        await codes.check("lan", other[0], address=HERE)
    assert await codes.check("lan", mine[0].upper().replace("-", " "), address=HERE) is How.RECOVERY
    with pytest.raises(WrongCode):
        await codes.check("lan", mine[0], address=HERE)
    assert (await codes.left("lan"), await codes.left("binh")) == (RECOVERY_CODES - 1, RECOVERY_CODES)


async def test_guessing_is_told_to_wait_and_the_right_code_too(codes: SecondStep, started: ScriptClock) -> None:
    secret, _ = await switched_on(codes, started)
    later(started)
    for _ in range(10):
        with pytest.raises(WrongCode):
            await codes.check("lan", "abcdef", address=HERE)
    with pytest.raises(SignInTooOften):
        await codes.check("lan", shown(secret, started), address=HERE)


async def test_neither_secret_nor_recovery_codes_stand_in_the_database(
    codes: SecondStep, started: ScriptClock, database: Database, seal: Seal
) -> None:
    secret, recovery = await switched_on(codes, started)
    async with database.read() as connection:
        kept = [*(await connection.execute(select(ACCOUNT_CODE))), *(await connection.execute(select(ACCOUNT_RECOVERY)))]
    assert not [word for word in (secret, *recovery, *(each.replace("-", "") for each in recovery)) if word in str(kept)]
    sealed = next(row.secret for row in kept if hasattr(row, "secret"))
    assert seal.open("second step", "sonla", "lan", sealed=sealed) == {"secret": secret}
    assert seal.open("second step", "sonla", "binh", sealed=sealed) is None  # another's row opens nothing


async def test_an_administrator_resets_it_and_nobody_s_is_refused(
    codes: SecondStep, accounts: Accounts, started: ScriptClock
) -> None:
    await accounts.create("lan", person="tchcqt-02", post=HUB)
    await switched_on(codes, started)
    assert await codes.reset("lan")
    assert not await codes.is_on("lan")
    assert await codes.left("lan") == 0
    assert not await codes.reset("lan")
    with pytest.raises(Unknown):
        await codes.reset("nobody")


async def test_a_person_switches_it_on_signs_in_with_it_and_switches_it_off(
    door: Door, accounts: Accounts, trail: Trail, started: ScriptClock
) -> None:
    first = await accounts.create("lan", person="tchcqt-02", post=HUB)
    await accounts.change("lan", before=first, password=CHOSEN, address=HERE)
    app = served(door)
    async with browsing(app) as browser:
        await browser.sign_in("lan", CHOSEN)
        assert (await browser.send("/account", "/account/code", before="sai")).status_code == 422
        asked = (await browser.send("/account", "/account/code", before=CHOSEN)).text
        assert "<svg" in asked
        found = re.search(r"<code>([A-Z2-7]{32})</code>", asked)
        assert found is not None
        secret = found[1]
        wrong = await browser.send("/account", "/account/code/on", code="abcdef")
        assert (wrong.status_code, secret in wrong.text) == (422, False)
        on = (await browser.send("/account", "/account/code/on", code=shown(secret, started))).text
        recovery = re.findall(r"<code>([0-9a-z]{5}-[0-9a-z]{5})</code>", on)
        assert len(recovery) == RECOVERY_CODES
        page = (await browser.open("/account")).text
        assert not [each for each in (secret, *recovery) if each in page]

    later(started)
    async with browsing(app) as browser:
        asked_for = await browser.sign_in("lan", CHOSEN, next="/keys")
        assert asked_for.headers["Location"] == "/sign-in/code"
        assert not [each for each in asked_for.headers.get_list("set-cookie") if each.startswith("__Host-doithoai=")]
        assert (await browser.open("/account")).status_code == 303  # halfway is not in
        assert (await browser.send("/sign-in/code", "/sign-in/code", code="abcdef")).status_code == 422
        let_in = await browser.send("/sign-in/code", "/sign-in/code", code=shown(secret, started))
        assert let_in.headers["Location"] == "/keys"
        assert (await browser.open("/account")).status_code == 200
        told = [(each.how, each.outcome) for each in await trail.of("lan")]
        assert sorted(told) == sorted(
            [
                (How.PASSWORD, Outcome.LET_IN),
                (How.PASSWORD, Outcome.HALFWAY),
                (How.CODE, Outcome.REFUSED),
                (How.CODE, Outcome.LET_IN),
            ]
        )
        later(started)
        code = shown(secret, started)
        assert (await browser.send("/account", "/account/code/off", before="sai", code=code)).status_code == 422
        assert (await browser.send("/account", "/account/code/off", before=CHOSEN, code="abcdef")).status_code == 422
        off = await browser.send("/account", "/account/code/off", before=CHOSEN, code=code)
        assert off.headers["Location"] == "/account?done=code-off"
        assert not await door.codes.is_on("lan")


async def test_what_is_carried_halfway_is_of_one_browser_for_minutes_and_until_the_password_changes(
    door: Door, codes: SecondStep, accounts: Accounts, started: ScriptClock
) -> None:
    first = await accounts.create("lan", person="tchcqt-02", post=HUB)
    secret, _ = await switched_on(codes, started)
    app: FastAPI = served(door)
    async with browsing(app) as browser, browsing(app) as other:
        await browser.sign_in("lan", first)
        stolen = browser.client.cookies["__Host-doithoai-step"]
        await other.open("/sign-in")
        other.client.cookies.set("__Host-doithoai-step", stolen, domain="house", path="/")
        assert (await other.open("/sign-in/code")).headers["Location"] == "/sign-in"
        assert (await browser.open("/sign-in/code")).status_code == 200
        later(started)
        await accounts.reset("lan")
        gone = await browser.send("/sign-in/code", "/sign-in/code", code=shown(secret, started))
        assert gone.headers["Location"] == "/sign-in"
    account = await accounts.find("lan")
    assert account is not None
    kept = codes.wait_for_code(account, "/", "b")
    assert codes.halfway(kept, "b") is not None
    later(started, 11)
    assert codes.halfway(kept, "b") is None
