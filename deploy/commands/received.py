"""Verbs that list what intake holds beside opinions: rounds, who has not handed in, requests, proposals, files, tellings."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import typer

from deploy.commands.look import operator, plain
from deploy.commands.options import AsJson, Data, Tenant, installation
from deploy.commands.output import json_value, listing, named
from deploy.ground import Ground
from deploy.house import reading, refuse_unknown_units
from services.intake.readmodel.batches.queries import RowView
from services.intake.readmodel.consolidations.projections import Stage as Round
from services.intake.readmodel.consolidations.views import ENDED, MISSING, Filters, RoundView
from services.intake.readmodel.opinions.tellings import TellingView
from services.intake.readmodel.paging import MAX_PAGE, Page
from services.intake.readmodel.queries import Queries
from services.intake.readmodel.submissions.projections import ReceiptStage
from services.intake.readmodel.submissions.views import Filters as Submitted
from shared.contracts.roles import Role
from shared.permit import Subject

Office = Annotated[str, typer.Option(help="Key of the office, such as VPUB.")]
Ask = Callable[[Queries, Subject, str | None], Awaitable[Page[Any]]]
Unit = Annotated[str, typer.Option(help="Only this unit, by its key.")]


def register(app: typer.Typer) -> None:
    """Add the verbs to the command line."""
    app.command("consolidations")(consolidations)
    app.command("rounds")(rounds)
    app.command("requests")(requests)
    app.command("proposals")(proposals)
    app.command("batches")(batches)
    app.command("tellings")(tellings)


def consolidations(
    office: Office,
    data: Data = None,
    tenant: Tenant = None,
    unit: Unit = "",
    about: Annotated[str, typer.Option(help="Only before this meeting or session, by its id.")] = "",
    stage: Annotated[Round | None, typer.Option(help="Only those that stand there.")] = None,
    missing: Annotated[
        bool | None, typer.Option("--missing/--handed-in", help="Only units that have yet to hand in, or that have.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List what units were asked for before meetings and sessions, and what they handed in, the latest date first."""
    filters = Filters(about=about or None, stage=stage, missing=missing)

    def ask(queries: Queries, asker: Subject, cursor: str | None) -> Awaitable[Page[Any]]:
        asked = queries.consolidations.asked
        return asked(asker, filters, office=office, unit=unit or None, cursor=cursor, limit=MAX_PAGE)

    found = asyncio.run(every(installation(data, tenant), office, unit, ask))
    columns = {
        "due": "due",
        "unit": "unit",
        "label": "state",
        "days_over": "days over",
        "returned": "returned",
        "about": "about",
        "id": "id",
    }
    listing(plain(found), columns, as_json=as_json, empty=f"{office} asked no unit.")


def rounds(office: Office, data: Data = None, tenant: Tenant = None, as_json: AsJson = False) -> None:
    """List rounds by meeting or session, the latest date first, with the units that have not handed in."""

    def ask(queries: Queries, asker: Subject, cursor: str | None) -> Awaitable[Page[Any]]:
        return queries.consolidations.rounds(asker, office=office, cursor=cursor, limit=MAX_PAGE)

    found: list[RoundView] = asyncio.run(every(installation(data, tenant), office, "", ask))
    if as_json:
        json_value(plain(found))
        return
    columns = {"due": "due", "about": "about", "asked": "asked", "with_opinions": "with opinions", "nil": "nil"}
    listing(
        [{**row, "missing": _missing(each), "ended": _ended(each)} for row, each in zip(plain(found), found, strict=True)],
        {**columns, "reported": "reported", "missing": MISSING, "ended": ENDED},
        as_json=False,
        empty=f"{office} opened no round.",
    )


Stage = Annotated[ReceiptStage | None, typer.Option(help="Only those that intake left there.")]


def requests(
    office: Office, data: Data = None, tenant: Tenant = None, unit: Unit = "", stage: Stage = None, as_json: AsJson = False
) -> None:
    """List requests for dialogue as they came in and what became of them, the latest first; nobody's name."""

    def ask(queries: Queries, asker: Subject, cursor: str | None) -> Awaitable[Page[Any]]:
        narrowed = Submitted(stage=stage)
        return queries.requests.of_office(asker, narrowed, office=office, unit=unit or None, cursor=cursor, limit=MAX_PAGE)

    found = asyncio.run(every(installation(data, tenant), office, unit, ask))
    columns = {
        "received_at": "received",
        "unit": "unit",
        "stage": "stage",
        "request_stage": "request",
        "reason": "reason",
        "due": "due",
        "session": "session",
        "id": "id",
    }
    listing(plain(found), columns, as_json=as_json, empty=f"{office} got no request.")


def tellings(
    office: Office,
    data: Data = None,
    tenant: Tenant = None,
    unit: Unit = "",
    untold: Annotated[bool | None, typer.Option("--untold/--told", help="Only who is still to be told, or who was.")] = None,
    as_json: AsJson = False,
) -> None:
    """List whom to tell that his opinion, a part of it or what it was merged into ended without an answer, by when, who was."""

    def ask(queries: Queries, asker: Subject, cursor: str | None) -> Awaitable[Page[Any]]:
        asked = queries.tellings.of_office
        return asked(asker, office=office, unit=unit or None, untold=untold, cursor=cursor, limit=MAX_PAGE)

    found: list[TellingView] = asyncio.run(every(installation(data, tenant), office, unit, ask))
    if as_json:
        json_value(plain(found))
        return
    rows = [
        {**row, "by": each.tell_by.due.day.isoformat() if each.tell_by else None}
        for row, each in zip(plain(found), found, strict=True)
    ]
    columns = {
        "ended_on": "ended",
        "ending": "how",
        "unit": "unit",
        "by": "tell by",
        "told_on": "told",
        "means": "means",
        "late": "late",
        "opinion": "opinion",
        "part": "part",
        "into": "merged into",
    }
    listing(rows, columns, as_json=False, empty=f"{office} has nobody to tell.")


def proposals(
    office: Office, data: Data = None, tenant: Tenant = None, unit: Unit = "", stage: Stage = None, as_json: AsJson = False
) -> None:
    """List proposals for the Chairman's dialogue as they came in and what became of them, the latest first."""

    def ask(queries: Queries, asker: Subject, cursor: str | None) -> Awaitable[Page[Any]]:
        narrowed = Submitted(stage=stage)
        return queries.proposals.of_office(asker, narrowed, office=office, unit=unit or None, cursor=cursor, limit=MAX_PAGE)

    found = asyncio.run(every(installation(data, tenant), office, unit, ask))
    columns = {
        "received_at": "received",
        "proposer": "proposer",
        "division": "division",
        "field": "field",
        "stage": "stage",
        "proposal_stage": "proposal",
        "session": "session",
        "id": "id",
    }
    listing(plain(found), columns, as_json=as_json, empty=f"{office} got no proposal.")


def batches(
    office: Office,
    data: Data = None,
    tenant: Tenant = None,
    unit: Unit = "",
    batch: Annotated[str, typer.Option(help="Instead the rows of this file, by its id.")] = "",
    refused: Annotated[bool, typer.Option("--refused", help="Of its rows only those that were refused.")] = False,
    as_json: AsJson = False,
) -> None:
    """List files that units handed in, the latest first, or what became of the rows of one."""
    if refused and not batch:
        raise typer.BadParameter("is asked of the rows of one file, with --batch", param_hint="--refused")

    def ask(queries: Queries, asker: Subject, cursor: str | None) -> Awaitable[Page[Any]]:
        if batch:
            return _rows(queries, asker, batch, refused=refused, after=int(cursor or 0))
        return queries.batches.of_office(asker, office=office, unit=unit or None, cursor=cursor, limit=MAX_PAGE)

    found = asyncio.run(every(installation(data, tenant), office, unit, ask))
    names = ("row", "opinion", "code", "field") if batch else ("imported_at", "unit", "rows", "taken", "known", "refused", "id")
    listing(
        plain(found),
        {name: name.replace("_", " ") for name in names},
        as_json=as_json,
        empty=f"No row of {batch} is so." if batch else f"{office} got no file.",
    )


async def _rows(queries: Queries, asker: Subject, batch: str, *, refused: bool, after: int) -> Page[RowView]:
    found = await queries.batches.rows(asker, batch, refused=refused or None, after=after, limit=MAX_PAGE)
    return Page(items=tuple(found), cursor=str(found[-1].row) if len(found) == MAX_PAGE else None)


def _missing(shown: RoundView) -> str:
    units = [(named(each.unit, each.unit_label), each.days_over) for each in shown.missing]
    return "; ".join(f"{unit} (+{days_over})" if days_over else unit for unit, days_over in units) or "—"


def _ended(shown: RoundView) -> str:
    return (
        ", ".join(f"{each.unit} → {'/'.join(each.successors)}" if each.successors else each.unit for each in shown.ended) or "—"
    )


async def every(ground: Ground, office: str, unit: str, ask: Ask) -> list[Any]:
    """All pages of a list, asked in the name of the office's hub: whoever holds the data directory reads all of it."""
    async with reading(ground) as house:
        await refuse_unknown_units(house, office=office, **({"unit": unit} if unit else {}))
        asker = operator(house, office, Role.HUB)
        queries: Queries = house.services["intake"].queries
        page = await ask(queries, asker, None)
        found = list(page.items)
        while page.cursor is not None:
            page = await ask(queries, asker, page.cursor)
            found += page.items
        return found
