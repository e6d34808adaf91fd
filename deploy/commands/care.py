"""Verbs of an operator: rebuild, dead letters, verify, doctor."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Annotated, Any, Literal, TypeVar

import typer

from deploy import doctor as examination
from deploy import keeping
from deploy.commands.look import event_line
from deploy.commands.options import Actor, AsJson, Data, Tenant, actor_of, installation
from deploy.commands.output import facts, json_value, listing, out, progress
from deploy.directory import Owner
from deploy.ground import Ground
from deploy.house import House, reading, writing
from deploy.remote import Remote

T = TypeVar("T")
Subscription = Annotated[str, typer.Argument(help="Name of the subscription, as listed.")]
Source = Annotated[str, typer.Argument(help="Log, such as intake/sonla.")]
Position = Annotated[int, typer.Argument(min=1)]


def register(app: typer.Typer) -> None:
    """Add the verbs to the command line."""
    app.command("rebuild")(rebuild)
    app.command("verify")(verify)
    app.command("doctor")(doctor)
    letters = typer.Typer(no_args_is_help=True, help="Events that were parked because they could not be handled.")
    letters.callback()(_letters)
    letters.command("list")(dlq_list)
    letters.command("show")(dlq_show)
    letters.command("requeue")(dlq_requeue)
    letters.command("discard")(dlq_discard)
    app.add_typer(letters, name="dlq")


def _letters() -> None:
    """Parked events hold back what follows under the same key, and nothing else."""


def rebuild(
    projection: Annotated[str, typer.Argument(help="Name of the projection.")],
    data: Data = None,
    tenant: Tenant = None,
    check: Annotated[bool, typer.Option("--check", help="Only compare with the live one; exit 1 where they differ.")] = False,
    as_json: AsJson = False,
) -> None:
    """Build a read model anew from the logs, beside the live one, and swap it in."""
    ground = installation(data, tenant)

    async def here(house: House) -> dict[str, Any]:
        return asdict(await keeping.rebuild(house, projection, check=check, stand=bar.stand))

    with progress(f"rebuilding {projection}") as bar:
        asked = {"projection": projection, "check": check}

        async def there(remote: Remote) -> dict[str, Any]:
            found: dict[str, Any] = await remote.long("/internal/rebuild", asked, {"projection": projection}, bar.stand)
            return found

        found = asyncio.run(_in_house(ground, "rebuild", here, there))
    facts(found, as_json=as_json)
    if found["equal"] is False:
        raise typer.Exit(1)


def verify(data: Data = None, tenant: Tenant = None, as_json: AsJson = False) -> None:
    """Read every log and hold it against its hashes, roots, heads and readers; exit 1 where something is wrong."""

    async def run() -> list[dict[str, Any]]:
        with progress("events") as bar:
            async with reading(installation(data, tenant)) as house:
                reports = await keeping.verify_all(house, bar.stand)
                return [
                    {**asdict(report), "faults": [fault._asdict() for fault in report.faults], "sound": report.sound}
                    for report in reports.values()
                ]

    found = asyncio.run(run())
    if as_json:
        json_value(found)
    else:
        columns = {"log": "log", "events": "events", "streams": "streams", "root": "root", "sound": "sound"}
        listing(found, columns, as_json=False, empty="There are no logs.")
        for report in found:
            for fault in report["faults"]:
                at = "–".join(dict.fromkeys((str(fault["position"]), str(fault["last"]))))
                out().print(f"{report['log']} {at}: {fault['kind']}: {fault['what']}", markup=False)
    if not all(report["sound"] for report in found):
        raise typer.Exit(1)


def doctor(data: Data = None, tenant: Tenant = None, as_json: AsJson = False) -> None:
    """Say what is wrong and how to mend it; exit 1 where something is."""
    found = asyncio.run(examination.examine(data, tenant))
    rows = [asdict(each) for each in found]
    listing(rows, {"state": "", "what": "what", "found": "found", "mend": "what to do"}, as_json=as_json, empty="")
    if any(each.state == "fail" for each in found):
        raise typer.Exit(1)


def dlq_list(
    data: Data = None,
    tenant: Tenant = None,
    state: Annotated[Literal["parked", "requeued", "discarded"], typer.Option(help="What became of them.")] = "parked",
    as_json: AsJson = False,
) -> None:
    """List parked events: pointers, never words."""

    async def run() -> list[dict[str, Any]]:
        async with reading(installation(data, tenant)) as house:
            return await keeping.letters(house, state)

    columns = ("service", "subscription", "source", "position", "stream", "type", "error", "first_at", "reason", "decided_by")
    listing(asyncio.run(run()), {name: name for name in columns}, as_json=as_json, empty=f"Nothing is {state}.")


def dlq_show(subscription: Subscription, source: Source, position: Position, data: Data = None, tenant: Tenant = None) -> None:
    """Print one parked event as JSON."""

    async def run() -> dict[str, Any]:
        async with reading(installation(data, tenant)) as house:
            service = keeping.service_of(house, subscription)
            letter, record = await keeping.shown(house, service, subscription, source, position)
            return {**asdict(letter), "event": event_line(record)}

    json_value(asyncio.run(run()))


def dlq_requeue(
    subscription: Subscription,
    source: Annotated[str | None, typer.Argument(help="Log; with a position, only that event.")] = None,
    position: Annotated[int | None, typer.Argument(min=1)] = None,
    actor: Actor = None,
    data: Data = None,
    tenant: Tenant = None,
    as_json: AsJson = False,
) -> None:
    """Try parked events again, in their order."""
    by = actor_of(actor)

    async def here(house: House) -> dict[str, Any]:
        return {"succeeded": await keeping.requeue(house, subscription, source, position, by=by)}

    asked = {"subscription": subscription, "source": source, "position": position, "by": by}
    found = asyncio.run(_in_house(installation(data, tenant), "dlq", here, _posted("/internal/dlq/requeue", asked)))
    facts(found, as_json=as_json)


def dlq_discard(
    subscription: Subscription,
    source: Source,
    position: Position,
    reason: Annotated[str, typer.Option(help="A code of your own, such as DUPLICATE_OF_12; kept with it.")],
    actor: Actor = None,
    data: Data = None,
    tenant: Tenant = None,
    as_json: AsJson = False,
) -> None:
    """Give a parked event up for good; rebuilds pass over it too."""
    by = actor_of(actor)

    async def here(house: House) -> dict[str, Any]:
        await keeping.discard(house, subscription, source, position, reason, by=by)
        return {"discarded": position}

    asked = {"subscription": subscription, "source": source, "position": position, "reason": reason, "by": by}
    found = asyncio.run(_in_house(installation(data, tenant), "dlq", here, _posted("/internal/dlq/discard", asked)))
    facts(found, as_json=as_json)


def _posted(path: str, asked: dict[str, Any]) -> Callable[[Remote], Awaitable[dict[str, Any]]]:
    async def there(remote: Remote) -> dict[str, Any]:
        answer: dict[str, Any] = await remote.post(path, asked)
        return answer

    return there


async def _in_house(
    ground: Ground, verb: str, here: Callable[[House], Awaitable[T]], there: Callable[[Remote], Awaitable[T]]
) -> T:
    """Do it in a house of our own, or where somebody serves the data directory, through its internal routes."""
    owner: Owner | None = ground.home.owner() if ground.home else None
    if owner is None or not owner.serves:
        async with writing(ground, verb) as house:
            return await here(house)
    remote = Remote.of(ground, owner)
    try:
        return await there(remote)
    finally:
        await remote.close()
