"""Verbs that make, upgrade, copy and put back an installation."""

import asyncio
import csv
import os
from pathlib import Path
from typing import Annotated, Any, Literal, TextIO

import httpx2
import typer

from deploy import backup as copies
from deploy import directory, migrating, unit_topics
from deploy.commands.options import AsJson, Data, Tenant
from deploy.commands.output import err, facts, listing, out, progress
from deploy.directory import DATABASES
from deploy.ground import Ground, ground_of, settings_of
from deploy.house import open_house, reading, seed, writing
from deploy.owners import owners
from shared.calendar import local_day
from shared.directory.queries import DirectoryNotYet


def register(app: typer.Typer) -> None:
    """Add the verbs to the command line."""
    app.command("init")(init)
    app.command("migrate")(migrate)
    app.command("backup")(backup)
    app.command("restore")(restore)
    topics = typer.Typer(no_args_is_help=True, help="Kafka's topics.")
    topics.callback()(_topics)
    topics.command("apply")(topics_apply)
    app.add_typer(topics, name="topics")


def _topics() -> None:
    """Kafka's topics, as `topics.yaml` declares them."""


def init(
    data: Data = None,
    tenant: Tenant = None,
    clock: Annotated[Literal["real", "script"], typer.Option(help="Fixed for good: real, or moved by scripts.")] = "real",
    seed_word: Annotated[str, typer.Option("--seed", help="Any word; only with --clock script.")] = "",
    as_json: AsJson = False,
) -> None:
    """Make a data directory with the directory and calendar of Sơn La (on PostgreSQL: fill what `migrate` made)."""
    if (clock == "script") != bool(seed_word):
        raise typer.BadParameter("a script clock needs a seed, and only a script clock takes one", param_hint="--seed")
    settings = settings_of(data, tenant)
    if settings.distributed and data is None:
        if clock == "script":
            raise typer.BadParameter(
                "on PostgreSQL DOITHOAI_CLOCK and DOITHOAI_SEED say it, to all services", param_hint="--clock"
            )
        ground = ground_of(None, tenant)
        made = asyncio.run(seeded(ground))
    else:
        directory.make(settings.data, tenant=settings.tenant, clock=clock, seed=seed_word)
        ground = ground_of(settings.data, None)
        made = asyncio.run(_made(ground))
    facts({"where": ground.where, "tenant": ground.tenant, "clock": ground.clock, **made}, as_json=as_json)


def migrate(data: Data = None, tenant: Tenant = None, as_json: AsJson = False) -> None:
    """Bring every database to the newest schema of this version; what is new enough is left alone."""
    ground = ground_of(data, tenant, make=True)

    async def run() -> list[str]:
        with progress("databases", len(DATABASES)) as bar:
            return await migrating.migrate(ground, lambda _name: bar.advance())

    if ground.home is None:
        changed = asyncio.run(run())
    else:
        with ground.home.held("migrate"):
            changed = asyncio.run(run())
    facts({"where": ground.where, "upgraded": changed or "nothing was behind"}, as_json=as_json)


def topics_apply(
    data: Data = None,
    tenant: Tenant = None,
    units: Annotated[bool, typer.Option("--units", help="Each unit's own topic too, with a user that reads it.")] = False,
    passwords: Annotated[
        Path | None, typer.Option(help="A new file for the passwords of new users, which are told this once.")
    ] = None,
    renew: Annotated[list[str] | None, typer.Option(help="A unit that is given a new password.")] = None,
    as_json: AsJson = False,
) -> None:
    """Make Kafka's topics as they are declared; exit 1 where something differs that is not changed without a person.

    They are the cluster's, shared by all its tenants; units' topics are those of one tenant. A unit that is none any more
    loses its rights.
    """
    settings = settings_of(data, tenant)
    if not settings.kafka:
        raise typer.BadParameter("DOITHOAI_KAFKA is not set: name the brokers as host:port")
    if units != (passwords is not None):
        raise typer.BadParameter("--units goes with --passwords: new users are told their passwords there", param_hint="--units")
    from deploy import topics_applied  # Kafka's own clients are for those who have one

    applied = asyncio.run(topics_applied.apply(settings.kafka))
    if passwords is not None:
        of_units = _apply_to_units(ground_of(data, tenant), passwords, renew or [])
        applied.changed += of_units.changed
        applied.differs += of_units.differs
    rows = [{"what": "changed", "topic": each} for each in applied.changed]
    rows += [{"what": "differs", "topic": each} for each in applied.differs]
    listing(rows, {"what": "", "topic": "topic"}, as_json=as_json, empty="Everything is as declared.")
    if applied.differs:
        raise typer.Exit(1)


def _apply_to_units(ground: Ground, passwords: Path, renew: list[str]) -> unit_topics.Applied:
    async def known() -> list[str]:
        async with reading(ground) as house:
            directory = await house.services["assignment"].queries.directories.at(local_day(await house.now()))
            return sorted(directory.units)

    try:
        units = asyncio.run(known())
    except DirectoryNotYet:
        raise typer.BadParameter("no directory is known yet: run the assignment service first", param_hint="--units") from None
    strange = sorted(set(renew) - set(units))
    if strange:
        raise typer.BadParameter(f"{', '.join(strange)}: no unit of today's directory", param_hint="--renew")
    with _made_for_one(passwords) as file:
        rows = csv.writer(file)
        rows.writerow(("unit", "user", "password", "topic"))

        def opened(each: unit_topics.Opened) -> None:
            rows.writerow((each.unit, each.user, each.password, each.topic))
            file.flush()

        return unit_topics.apply(ground.settings.kafka, ground.tenant, units, opened=opened, renew=renew)


def _made_for_one(path: Path) -> TextIO:
    """A new file that only its owner reads."""
    try:
        return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8", newline="")
    except FileExistsError:
        raise typer.BadParameter(f"{path} is there already: name a new file", param_hint="--passwords") from None


def backup(
    target: Annotated[Path, typer.Argument(help="A folder that does not exist yet.")],
    data: Data = None,
    tenant: Tenant = None,
    keys: Annotated[Path | None, typer.Option(help="Another new folder, for the keys, to be kept elsewhere.")] = None,
    as_json: AsJson = False,
) -> None:
    """Copy all databases as they stood at one quiet moment; others may go on working."""
    home = ground_of(data, tenant).home
    if home is None:
        raise copies.OnServers(copies.HOW_TO_BACK_UP)
    with progress("databases", len(DATABASES)) as bar:
        manifest = copies.back_up(home, target, keys, bar.advance)
    size = sum(file["bytes"] for file in manifest["files"].values())
    facts(
        {"backup": str(target), "taken_at": manifest["taken_at"], "bytes": size, "keys": str(keys) if keys else None},
        as_json=as_json,
    )
    err().print(
        "Keep the keys apart from the backup: whoever holds both can read every word."
        if keys
        else "The keys are NOT in it. Without them no word of the backup can be read: save them once with --keys, elsewhere.",
        style="yellow",
    )


def restore(
    source: Annotated[Path, typer.Argument(help="A folder that `backup` made.")],
    keys: Annotated[Path, typer.Option(help="The folder that holds the keys.")],
    data: Data = None,
    tenant: Tenant = None,
    as_json: AsJson = False,
) -> None:
    """Make a new data directory from a backup and its keys."""
    settings = settings_of(data)
    if settings.distributed and data is None:
        raise copies.OnServers(copies.HOW_TO_RESTORE)
    with progress("files") as bar:
        home = copies.restore(source, keys, settings.data, bar.stand, tenant=tenant)
    facts({"data": str(home.path), "tenant": home.tenant, "clock": home.clock}, as_json=as_json)
    out().print("Run `doithoai verify` next.") if not as_json else None


async def _made(ground: Ground) -> dict[str, Any]:
    async with writing(ground, "init") as house:
        return {"events": (await house.logs["assignment"].head()).position}


async def seeded(ground: Ground) -> dict[str, Any]:
    """The directory and calendar of Sơn La in databases that `migrate` made; how many events that took."""
    async with (
        httpx2.AsyncClient() as client,
        open_house(ground, services=("assignment",), others=owners(ground, client)) as house,
    ):
        await house.followings["assignment"].prepare()  # every command looks up its actor in the directory's tables
        await seed(house)
        return {"events": (await house.logs["assignment"].head()).position}
