"""A session holds for whoever carries its secret, as long as it is used, not longer than a day's work."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from shared.clock import ScriptClock
from shared.contracts.refusals import Unknown
from shared.contracts.roles import Role
from shared.database import Database
from shared.identity.accounts import Account, Accounts, Post
from shared.identity.refusals import SignInRefused
from shared.identity.schema import WEB_SESSION
from shared.identity.sessions import Sessions
from shared.permit import Subject
from tests.shared.identity.conftest import HUB

UNION = Post(office="VPUB", unit="CD", capacities=frozenset({Role.MASS_ORGANISATION}))


@pytest.fixture
async def lan(accounts: Accounts) -> Account:
    await accounts.create("lan", person="tchcqt-02", post=HUB)
    found = await accounts.find("lan")
    assert found is not None
    return found


async def test_whoever_carries_the_secret_acts_as_the_account_s_person(sessions: Sessions, lan: Account) -> None:
    found = await sessions.find(await sessions.begin(lan))
    assert found is not None
    assert (found.subject.person, found.subject.unit, found.subject.capacities) == ("tchcqt-02", "TCHCQT", HUB.capacities)
    assert await sessions.find("guessed") is None
    assert await sessions.find(found.id) is None


async def test_the_secret_stands_in_no_table(sessions: Sessions, lan: Account, database: Database) -> None:
    secret = await sessions.begin(lan)
    async with database.read() as connection:
        row = (await connection.execute(select(WEB_SESSION))).one()
    assert not any(secret in str(value) for value in row)


async def test_signing_in_again_makes_another_secret_and_ends_the_one_before(sessions: Sessions, lan: Account) -> None:
    before = await sessions.begin(lan)
    after = await sessions.begin(lan, instead_of=before)
    assert await sessions.find(before) is None
    assert await sessions.find(after) is not None


async def test_a_password_that_was_reset_in_the_meantime_lets_nobody_in(
    accounts: Accounts, sessions: Sessions, lan: Account, clock: ScriptClock
) -> None:
    clock.move_to(clock.now() + timedelta(seconds=1))
    await accounts.reset("lan")
    with pytest.raises(SignInRefused):
        await sessions.begin(lan)
    await accounts.lock("lan")
    locked = await accounts.find("lan")
    assert locked is not None
    with pytest.raises(SignInRefused):
        await sessions.begin(locked)


async def test_a_session_begun_anew_goes_on_from_the_post_acted_from(
    accounts: Accounts, sessions: Sessions, lan: Account
) -> None:
    await accounts.add_post("lan", UNION)
    account = await accounts.find("lan")
    assert account is not None
    first = await sessions.find(await sessions.begin(account))
    assert first is not None
    acting = Subject(person="tchcqt-02", tenant="sonla", office="VPUB", unit="TCHCQT", capacities=HUB.capacities)
    again = await sessions.find(await sessions.begin(account, acting=acting))
    assert (first.subject.unit, again and again.subject.unit) == ("CD", "TCHCQT")


async def test_half_an_hour_alone_ends_it_and_use_keeps_it(sessions: Sessions, lan: Account, clock: ScriptClock) -> None:
    secret = await sessions.begin(lan)
    for _ in range(3):
        clock.move_to(clock.now() + timedelta(minutes=29))
        assert await sessions.find(secret) is not None
    clock.move_to(clock.now() + timedelta(minutes=31))
    assert await sessions.find(secret) is None


async def test_after_twelve_hours_it_ends_however_much_it_is_used(sessions: Sessions, lan: Account, clock: ScriptClock) -> None:
    secret = await sessions.begin(lan)
    held = 0
    while await sessions.find(secret) is not None:
        clock.move_to(clock.now() + timedelta(minutes=20))
        held += 20
    assert held == 740


async def test_signing_out_ends_one_and_signing_out_everywhere_all(sessions: Sessions, lan: Account) -> None:
    one, two, three = [await sessions.begin(lan) for _ in range(3)]
    found = await sessions.find(one)
    assert found is not None
    assert not await sessions.end(found.id, name="hoa")
    assert await sessions.end(found.id, name="lan")
    assert await sessions.find(one) is None
    here = await sessions.find(two)
    assert here is not None
    assert await sessions.end_all("lan", but=here.id) == 1
    assert await sessions.find(three) is None
    assert [each.id for each in await sessions.list("lan")] == [here.id]
    assert await sessions.end_all("lan") == 1
    assert await sessions.list() == []


async def test_a_lock_a_reset_and_a_new_password_end_every_session(sessions: Sessions, accounts: Accounts, lan: Account) -> None:
    secret = await sessions.begin(lan)
    await accounts.lock("lan")
    assert await sessions.find(secret) is None
    first = await accounts.reset("lan")
    secret = await sessions.begin(lan)
    await accounts.change("lan", before=first, password="chiều nay họp giao ban", address="10.0.0.1")
    assert await sessions.find(secret) is None


async def test_a_session_goes_on_from_another_post_of_its_account_only(
    sessions: Sessions, accounts: Accounts, lan: Account
) -> None:
    await accounts.add_post("lan", UNION)
    secret = await sessions.begin(lan)
    before = await sessions.find(secret)
    assert before is not None
    await sessions.act_from(before, UNION)
    after = await sessions.find(secret)
    assert after is not None
    assert (after.subject.unit, after.subject.capacities) == ("CD", UNION.capacities)
    with pytest.raises(Unknown):
        await sessions.act_from(after, Post(office="VPUB", unit="TH", capacities=frozenset({Role.CHIEF})))
