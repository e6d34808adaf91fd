"""Verbs over bearer tokens: made, listed, revoked."""

import asyncio
from collections.abc import Iterable
from datetime import timedelta
from typing import Annotated

import typer

from deploy import seats
from deploy.commands.options import AsJson, Data, Tenant, refuse_no_person
from deploy.commands.output import err, facts, listing, shown_instant
from deploy.ground import ground_of
from deploy.house import House, access_on, reading, refuse_unknown_units
from services.assignment.app import DIRECTORY
from shared.calendar import local_day
from shared.contracts.roles import Role
from shared.directory.queries import Directories
from shared.identity.accounts import Post


def register(app: typer.Typer) -> None:
    """Add the verbs to the command line."""
    tokens = typer.Typer(no_args_is_help=True, help="Bearer tokens.")
    tokens.callback()(_tokens)
    tokens.command("create")(create)
    tokens.command("list")(list_)
    tokens.command("revoke")(revoke)
    app.add_typer(tokens, name="token")


def _tokens() -> None:
    """Bearer tokens name a person, the unit the person acts for, and in which capacities."""


def create(
    person: Annotated[str, typer.Option(help="Id of the person, such as th-01.")],
    office: Annotated[str, typer.Option(help="Key of the office.")],
    unit: Annotated[str, typer.Option(help="Key of the unit.")],
    capacity: Annotated[list[Role], typer.Option(help="One or more; give the option several times.")],
    data: Data = None,
    tenant: Tenant = None,
    days: Annotated[int, typer.Option(min=1, max=3_660, help="How long it holds.")] = 90,
    as_json: AsJson = False,
) -> None:
    """Make a token; it is shown once."""
    if Role.SYSTEM in capacity:
        raise typer.BadParameter("no person acts as the house itself", param_hint="--capacity")
    refuse_no_person(person, "--person")

    async def run() -> str:
        async with access_on(ground_of(data, tenant, make=True), make=True) as access:
            async with reading(ground_of(data, tenant)) as house:
                await refuse_unknown_units(house, office=office, unit=unit)
                await refuse_of_others(house, person, office, unit, capacity)
            return await access.tokens.create(
                person=person, office=office, unit=unit, capacities=capacity, life=timedelta(days=days)
            )

    token = asyncio.run(run())
    facts({"token": token, "person": person, "unit": unit, "capacities": sorted(capacity), "days": days}, as_json=as_json)
    err().print("It is not shown again. Send it as `Authorization: Bearer <token>`.", markup=False)


def list_(data: Data = None, tenant: Tenant = None, as_json: AsJson = False) -> None:
    """List tokens without their secrets."""

    async def run() -> list[dict[str, object]]:
        async with access_on(ground_of(data, tenant)) as access:
            return [
                {
                    "id": token.id,
                    "person": token.person,
                    "office": token.office,
                    "unit": token.unit,
                    "capacities": sorted(token.capacities),
                    "created_at": _shown(token.created_at),
                    "expires_at": _shown(token.expires_at),
                    "revoked_at": _shown(token.revoked_at),
                    "used_at": _shown(token.used_at),
                }
                for token in await access.tokens.list()
            ]

    columns = ("id", "person", "office", "unit", "capacities", "expires_at", "revoked_at", "used_at")
    listing(asyncio.run(run()), {name: name for name in columns}, as_json=as_json, empty="There are no tokens.")


def revoke(id: Annotated[str, typer.Argument(help="Id, as listed.")], data: Data = None, tenant: Tenant = None) -> None:
    """End a token; it passes for two seconds more at most."""

    async def run() -> bool:
        async with access_on(ground_of(data, tenant)) as access:
            return await access.tokens.revoke(id)

    if not asyncio.run(run()):
        err().print(f"There is no such token, or it is revoked already: {id}", markup=False)
        raise typer.Exit(1)


async def refuse_of_others(house: House, person: str, office: str, unit: str, capacities: Iterable[Role]) -> None:
    """Refuse what only a post gives today, where this person holds none (see `seats.refuse_of_others`)."""
    directories = Directories(house.stores.databases["assignment"], DIRECTORY, house.tenant)
    directory = await directories.at(local_day(house.stores.clock.now()))
    seats.refuse_of_others(directory, person, Post(office=office, unit=unit, capacities=frozenset(capacities)))


def _shown(at: int | None) -> str | None:
    return None if at is None else shown_instant(at)
