"""Verbs over local accounts: who signs in to the pages, from which posts, and where he is signed in."""

import asyncio
from typing import Annotated

import typer

from deploy.commands.options import AsJson, Data, Tenant, refuse_no_person
from deploy.commands.output import err, facts, listing, shown_instant
from deploy.commands.tokens import refuse_of_others
from deploy.ground import Ground, ground_of
from deploy.house import access_on, reading, refuse_unknown_units
from shared.contracts.refusals import Unknown
from shared.contracts.roles import Role
from shared.identity.accounts import Post
from shared.identity.trail import NOBODY

Name = Annotated[str, typer.Argument(help="What is typed to sign in, such as th-01: an id, not the name of a person.")]
Office = Annotated[str, typer.Option(help="Key of the office.")]
Unit = Annotated[str, typer.Option(help="Key of the unit.")]
Capacity = Annotated[list[Role], typer.Option(help="One or more; give the option several times.")]


def register(app: typer.Typer) -> None:
    """Add the verbs to the command line."""
    accounts = typer.Typer(no_args_is_help=True, help="Accounts of people who sign in to the pages.")
    accounts.callback()(_accounts)
    accounts.command("create")(create)
    accounts.command("post")(post)
    accounts.command("take")(take)
    accounts.command("reset")(reset)
    accounts.command("reset-code")(reset_code)
    accounts.command("lock")(lock)
    accounts.command("list")(list_)
    accounts.command("sessions")(sessions)
    accounts.command("sign-out")(sign_out)
    accounts.command("trail")(trail)
    accounts.command("link")(link)
    accounts.command("unlink")(unlink)
    app.add_typer(accounts, name="account")


def _accounts() -> None:
    """An account belongs to a person, who may act from several posts: a unit of an office, and the capacities held there."""


def create(
    name: Name,
    person: Annotated[str, typer.Option(help="Id of the person, such as th-01.")],
    office: Office,
    unit: Unit,
    capacity: Capacity,
    data: Data = None,
    tenant: Tenant = None,
    as_json: AsJson = False,
) -> None:
    """Make an account; its first password is shown once and is changed at the first sign-in."""
    refuse_no_person(person, "--person")
    acting = _post(office, unit, capacity)

    async def run() -> str:
        ground = ground_of(data, tenant, make=True)
        async with access_on(ground, make=True) as access:
            async with reading(ground) as house:
                await refuse_unknown_units(house, office=office, unit=unit)
                await refuse_of_others(house, person, office, unit, capacity)
            return await access.accounts.create(name, person=person, post=acting)

    _tell(name, asyncio.run(run()), as_json=as_json)


def post(name: Name, office: Office, unit: Unit, capacity: Capacity, data: Data = None, tenant: Tenant = None) -> None:
    """Let an account act from one more post, or in other capacities from one it has."""
    acting = _post(office, unit, capacity)

    async def run() -> None:
        ground = ground_of(data, tenant)
        async with access_on(ground) as access:
            account = await access.accounts.find(name)
            if account is None:
                raise Unknown("name")
            async with reading(ground) as house:
                await refuse_unknown_units(house, office=office, unit=unit)
                await refuse_of_others(house, account.person, office, unit, capacity)
            await access.accounts.add_post(name, acting)

    asyncio.run(run())


def take(name: Name, office: Office, unit: Unit, data: Data = None, tenant: Tenant = None) -> None:
    """Let an account act from a post no more, and sign out whoever acts from it."""

    async def run() -> None:
        async with access_on(ground_of(data, tenant)) as access:
            await access.accounts.take_post(name, office=office, unit=unit)

    asyncio.run(run())


def reset(name: Name, data: Data = None, tenant: Tenant = None, as_json: AsJson = False) -> None:
    """Give a new first password, shown once; whoever is signed in is signed out, and a locked account opens again."""

    async def run() -> str:
        async with access_on(ground_of(data, tenant)) as access:
            return await access.accounts.reset(name)

    _tell(name, asyncio.run(run()), as_json=as_json)


def reset_code(name: Name, data: Data = None, tenant: Tenant = None, as_json: AsJson = False) -> None:
    """Ask for no second step any more, of somebody who lost both phone and recovery codes and proved who he is."""

    async def run() -> bool:
        async with access_on(ground_of(data, tenant)) as access:
            was = await access.codes.reset(name)
            await access.sessions.end_all(name)
            return was

    facts({"name": name, "was_on": asyncio.run(run())}, as_json=as_json)


def lock(name: Name, data: Data = None, tenant: Tenant = None) -> None:
    """Let nobody sign in with it any more, and sign out whoever is; `reset` opens it again."""

    async def run() -> None:
        async with access_on(ground_of(data, tenant)) as access:
            await access.accounts.lock(name)

    asyncio.run(run())


def list_(data: Data = None, tenant: Tenant = None, as_json: AsJson = False) -> None:
    """List accounts with their posts."""

    async def run() -> list[dict[str, object]]:
        async with access_on(ground_of(data, tenant)) as access:
            return [
                {
                    "name": account.name,
                    "person": account.person,
                    "posts": [f"{post.office}/{post.unit}: {', '.join(sorted(post.capacities))}" for post in account.posts],
                    "first_password": account.must_change,
                    "locked_at": None if account.locked_at is None else shown_instant(account.locked_at),
                }
                for account in await access.accounts.list()
            ]

    columns = ("name", "person", "posts", "first_password", "locked_at")
    listing(asyncio.run(run()), {each: each for each in columns}, as_json=as_json, empty="There are no accounts.")


def sessions(
    name: Annotated[str | None, typer.Argument(help="Only of this account.")] = None,
    data: Data = None,
    tenant: Tenant = None,
    as_json: AsJson = False,
) -> None:
    """List who is signed in."""

    async def run() -> list[dict[str, object]]:
        async with access_on(ground_of(data, tenant)) as access:
            return [
                {
                    "name": found.name,
                    "office": found.office,
                    "unit": found.unit,
                    "begun_at": shown_instant(found.begun_at),
                    "seen_at": shown_instant(found.seen_at),
                }
                for found in await access.sessions.list(name)
            ]

    columns = ("name", "office", "unit", "begun_at", "seen_at")
    listing(asyncio.run(run()), {each: each for each in columns}, as_json=as_json, empty="Nobody is signed in.")


def sign_out(name: Name, data: Data = None, tenant: Tenant = None, as_json: AsJson = False) -> None:
    """End all sessions of an account."""

    async def run() -> int:
        async with access_on(ground_of(data, tenant)) as access:
            return await access.sessions.end_all(name)

    facts({"name": name, "ended": asyncio.run(run())}, as_json=as_json)


def trail(
    name: Annotated[str | None, typer.Argument(help="Of this account; without, attempts with names that nobody has.")] = None,
    most: Annotated[int, typer.Option(min=1, max=5_000, help="How many lines, newest first.")] = 50,
    data: Data = None,
    tenant: Tenant = None,
    as_json: AsJson = False,
) -> None:
    """List who was let in or turned away, when, how and from which network."""

    async def run() -> list[dict[str, object]]:
        async with access_on(ground_of(data, tenant)) as access:
            if name is not None and await access.accounts.find(name) is None:
                raise Unknown("name")
            return [
                {"at": shown_instant(each.at), "outcome": each.outcome.value, "how": each.how.value, "place": each.place}
                for each in await access.trail.of(NOBODY if name is None else name, most=most)
            ]

    columns = ("at", "outcome", "how", "place")
    listing(asyncio.run(run()), {each: each for each in columns}, as_json=as_json, empty="Nobody tried to sign in.")


def link(
    name: Name,
    subject: Annotated[str, typer.Argument(help="How the provider calls the person: its claim sub.")],
    data: Data = None,
    tenant: Tenant = None,
) -> None:
    """Let somebody sign in to an account at the provider of DOITHOAI_OIDC_ISSUER."""
    ground = ground_of(data, tenant)

    async def run() -> None:
        async with access_on(ground) as access:
            await access.links.link(name, issuer=_issuer(ground), subject=subject)

    asyncio.run(run())


def unlink(name: Name, data: Data = None, tenant: Tenant = None, as_json: AsJson = False) -> None:
    """Let the provider open an account no more, and sign out whoever is signed in to it."""
    ground = ground_of(data, tenant)

    async def run() -> bool:
        async with access_on(ground) as access:
            was = await access.links.unlink(name, _issuer(ground))
            await access.sessions.end_all(name)
            return was

    facts({"name": name, "was_linked": asyncio.run(run())}, as_json=as_json)


def _issuer(ground: Ground) -> str:
    if not ground.settings.oidc_issuer:
        raise typer.BadParameter("set DOITHOAI_OIDC_ISSUER, _CLIENT_ID and _CLIENT_SECRET first: there is no provider")
    return ground.settings.oidc_issuer


def _post(office: str, unit: str, capacity: list[Role]) -> Post:
    if Role.SYSTEM in capacity:
        raise typer.BadParameter("no person acts as the house itself", param_hint="--capacity")
    return Post(office=office, unit=unit, capacities=frozenset(capacity))


def _tell(name: str, password: str, *, as_json: bool) -> None:
    facts({"name": name, "password": password}, as_json=as_json)
    err().print("It is not shown again, and is to be changed at the first sign-in.", markup=False)
