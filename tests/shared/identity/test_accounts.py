"""An account opens by its name and password alone, is told apart from no other, and is not to be guessed."""

import time

import pytest
from sqlalchemy import select

from shared.clock import ScriptClock
from shared.contracts.refusals import Invalid, Unknown
from shared.contracts.roles import Role
from shared.database import Database
from shared.identity.accounts import Accounts, Post
from shared.identity.passwords import PasswordTooWeak
from shared.identity.refusals import NameTaken, SignInRefused, SignInTooOften, WrongPassword
from shared.identity.schema import ACCOUNT
from shared.identity.sessions import Sessions
from tests.shared.identity.conftest import HUB

HERE = "10.0.0.1"
BETTER = "chiều nay họp giao ban"


async def test_a_first_password_opens_the_account_and_is_to_be_changed(accounts: Accounts) -> None:
    first = await accounts.create("lan", person="tchcqt-02", post=HUB)
    opened = await accounts.check(" LAN ", first, address=HERE)
    assert (opened.person, opened.posts, opened.must_change) == ("tchcqt-02", (HUB,), True)
    await accounts.change("lan", before=first, password=BETTER, address=HERE)
    assert not (await accounts.check("lan", BETTER, address=HERE)).must_change
    with pytest.raises(SignInRefused):
        await accounts.check("lan", first, address=HERE)


async def test_of_a_password_only_its_argon2id_is_kept(accounts: Accounts, database: Database) -> None:
    first = await accounts.create("lan", person="tchcqt-02", post=HUB)
    async with database.read() as connection:
        kept = (await connection.execute(select(ACCOUNT.c.password))).scalar_one()
    assert kept.startswith("$argon2id$v=19$m=65536,")
    assert first not in kept


async def test_letters_composed_otherwise_are_the_same_password(accounts: Accounts) -> None:
    first = await accounts.create("lan", person="tchcqt-02", post=HUB)
    await accounts.change("lan", before=first, password="chi\u00ea\u0300u nay họp giao ban", address=HERE)
    assert (await accounts.check("lan", "chiều nay họp giao ban", address=HERE)).name == "lan"


async def test_unknown_wrong_and_locked_are_refused_in_the_same_words(accounts: Accounts) -> None:
    first = await accounts.create("lan", person="tchcqt-02", post=HUB)
    locked = await accounts.create("hoa", person="tchcqt-03", post=HUB)
    await accounts.lock("hoa")
    said = []
    for name, password in (("lan", "wrong"), ("nobody", first), ("hoa", locked), ("", "")):
        with pytest.raises(SignInRefused) as refused:
            await accounts.check(name, password, address=HERE)
        said.append((str(refused.value), refused.value.facts, refused.value.field))
    assert len({repr(each) for each in said}) == 1


async def test_a_post_that_is_taken_away_ends_the_sessions_that_acted_from_it_alone(
    accounts: Accounts, sessions: Sessions
) -> None:
    other = Post(office="VPUB", unit="TH", capacities=frozenset({Role.SPECIALIST}))
    first = await accounts.create("lan", person="tchcqt-02", post=HUB)
    await accounts.add_post("lan", other)
    account = await accounts.check("lan", first, address=HERE)
    secrets = [await sessions.begin(account), await sessions.begin(account)]
    acting = [await sessions.find(secret) for secret in secrets]
    assert acting[0] is not None
    gone = Post(office=acting[0].subject.office, unit=acting[0].subject.unit, capacities=frozenset())
    [left] = [post for post in (HUB, other) if post.unit != gone.unit]
    assert acting[1] is not None
    await sessions.act_from(acting[1], left)
    await accounts.take_post("lan", office=gone.office, unit=gone.unit)
    assert await sessions.find(secrets[0]) is None
    assert await sessions.find(secrets[1]) is not None
    with pytest.raises(Unknown):
        await accounts.take_post("lan", office=gone.office, unit=gone.unit)
    await accounts.take_post("lan", office=left.office, unit=left.unit)
    with pytest.raises(SignInRefused):
        await accounts.check("lan", first, address=HERE)


async def test_a_name_that_nobody_has_costs_the_work_of_a_wrong_password(accounts: Accounts) -> None:
    await accounts.create("lan", person="tchcqt-02", post=HUB)

    async def took(name: str) -> float:
        spent = []
        for n in range(3):
            begun = time.process_time()
            with pytest.raises(SignInRefused):
                await accounts.check(name, "wrong", address=f"{HERE}{n}")
            spent.append(time.process_time() - begun)
        return min(spent)

    await took("warming")  # the hash that nobody's password is checked against is made once
    assert await took("nobody") > 0.5 * await took("lan")


async def test_guessing_is_stopped_by_name_and_by_address_and_the_right_password_waits_too(accounts: Accounts) -> None:
    first = await accounts.create("lan", person="tchcqt-02", post=HUB)
    for _ in range(10):
        with pytest.raises(SignInRefused):
            await accounts.check("lan", "guess", address=HERE)
    with pytest.raises(SignInTooOften):
        await accounts.check("lan", first, address=HERE)
    assert (await accounts.check("lan", first, address="10.0.0.2")).name == "lan"


async def test_a_new_password_is_long_enough_and_holds_neither_name_nor_the_old_one(accounts: Accounts) -> None:
    first = await accounts.create("lan", person="tchcqt-02", post=HUB)
    for weak in ("ngắn", "aaaaaaaaaaaaaaaa", "Tôi là LÂN ở phòng", first, "x" * 129):
        with pytest.raises(PasswordTooWeak):
            await accounts.change("lan", before=first, password=weak, address=HERE)
        await accounts.check("lan", first, address=HERE)
    with pytest.raises(WrongPassword):
        await accounts.change("lan", before="wrong", password=BETTER, address=HERE)


async def test_a_reset_gives_a_new_first_password_and_opens_what_was_locked(accounts: Accounts, clock: ScriptClock) -> None:
    first = await accounts.create("lan", person="tchcqt-02", post=HUB)
    await accounts.lock("lan")
    again = await accounts.reset("lan")
    assert again != first
    assert (await accounts.check("lan", again, address=HERE)).must_change
    for act in (accounts.reset("nobody"), accounts.lock("nobody"), accounts.add_post("nobody", HUB)):
        with pytest.raises(Unknown):
            await act


async def test_a_person_acts_from_several_posts_in_the_capacities_of_each(accounts: Accounts) -> None:
    first = await accounts.create("lan", person="tchcqt-02", post=HUB)
    union = Post(office="VPUB", unit="CD", capacities=frozenset({Role.MASS_ORGANISATION}))
    await accounts.add_post("lan", union)
    assert (await accounts.check("lan", first, address=HERE)).posts == (union, HUB)
    for post in (
        Post(office="VPUB", unit="CD", capacities=frozenset({Role.SYSTEM})),
        Post(office="V", unit="T", capacities=frozenset()),
    ):
        with pytest.raises(Invalid):
            await accounts.add_post("lan", post)


async def test_two_accounts_do_not_share_a_name_and_a_name_is_an_id(accounts: Accounts) -> None:
    await accounts.create("lan", person="tchcqt-02", post=HUB)
    with pytest.raises(NameTaken):
        await accounts.create("lan", person="th-01", post=HUB)
    for wrong in ("Lan", "lan anh", "l", "-lan", "a" * 41, "lan\n"):
        with pytest.raises(Invalid):
            await accounts.create(wrong, person="th-01", post=HUB)


async def test_the_accounts_of_a_sample_share_a_password_of_this_time_and_are_signed_out_with_the_next(
    accounts: Accounts, sessions: Sessions
) -> None:
    seats = {
        "sample-hub": ("tchcqt-02", HUB),
        "sample-chief": ("cvp-01", Post(office="VPUB", unit="CVP", capacities=frozenset({Role.CHIEF}))),
    }
    first = await accounts.set_up(seats)
    hub = await accounts.check("sample-hub", first, address="a")
    assert (hub.person, hub.must_change, hub.posts) == ("tchcqt-02", False, (HUB,))
    secret = await sessions.begin(hub)
    await accounts.lock("sample-chief")
    moved = {**seats, "sample-chief": ("cvp-02", HUB)}
    second = await accounts.set_up(moved)
    assert second != first
    assert await sessions.find(secret) is None
    with pytest.raises(SignInRefused):
        await accounts.check("sample-hub", first, address="a")
    chief = await accounts.check("sample-chief", second, address="a")
    assert (chief.person, chief.posts) == ("cvp-02", (HUB,))
    with pytest.raises(Invalid):
        await accounts.set_up({"th-01": ("cvp-01", HUB)})
    with pytest.raises(Invalid):
        await accounts.create("sample-other", person="cvp-01", post=HUB)
    secret = await sessions.begin(chief)
    await accounts.take_down()
    assert await sessions.find(secret) is None
    with pytest.raises(SignInRefused):
        await accounts.check("sample-hub", second, address="a")
