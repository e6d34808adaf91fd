"""Verbs that list what the assignment service has of an office: cases, dialogue work, papers, books, what is late or waits."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, Final

import typer

from deploy.commands.look import AsOf, moment_asked, operator, plain
from deploy.commands.options import AsJson, Data, Tenant, day_of, installation, option, taking
from deploy.commands.output import listing
from deploy.ground import Ground
from deploy.house import reading, refuse_unknown_units
from services.assignment.readmodel.cases.projections import CaseStage
from services.assignment.readmodel.cases.views import Filters
from services.assignment.readmodel.deadlines import queries as deadlines
from services.assignment.readmodel.dialogue import queries as dialogue
from services.assignment.readmodel.queries import Queries
from shared.contracts.document import DocumentKind
from shared.contracts.roles import Role
from shared.papers.views import DocumentFilters
from shared.permit import Subject

Office = Annotated[str, typer.Option(help="Key of the office, such as VPUB.")]
Options = Mapping[str, Any]
PAGE: Final = 200


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows, and where the next ones begin; `cut`: there are more, which no cursor leads to."""

    rows: Sequence[Any]
    cursor: str | None = None
    cut: bool = False


Ask = Callable[[Queries, Subject, str, Options, str | None], Awaitable[Page]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A list: what is asked, with which options beside those of all lists, and what of a row is printed under which heading."""

    said: str
    ask: Ask
    columns: Mapping[str, str]
    empty: str
    options: Options = field(default_factory=dict)


async def _cases(queries: Queries, asker: Subject, office: str, options: Options, cursor: str | None) -> Page:
    filters = Filters(
        stage=options["stage"],
        field=options["field"] or None,
        lead=options["unit"] or None,
        overdue=options["overdue"] or None,
        flagged=options["flagged"] or None,
    )
    if (moment := moment_asked(options["as_of"])) is None:
        found = await queries.lists.office_cases(asker, office, filters, cursor=cursor, limit=PAGE)
    else:
        found, _ = await queries.lists.known_as_of(asker, office, moment, filters, cursor=cursor, limit=PAGE)
    return Page(found.cases, found.cursor)


async def _documents(queries: Queries, asker: Subject, office: str, options: Options, cursor: str | None) -> Page:
    filters = DocumentFilters(kind=options["kind"], state=options["state"] or None, about=options["about"] or None)
    found = await queries.papers.documents(asker, office, filters, cursor=cursor, limit=PAGE)
    return Page(found.documents, found.cursor)


async def _registers(queries: Queries, asker: Subject, office: str, options: Options, _cursor: str | None) -> Page:
    return Page(await queries.papers.registers(asker, office, options["year"] or None))


async def _urging(queries: Queries, asker: Subject, office: str, _options: Options, _cursor: str | None) -> Page:
    found = await queries.deadlines.urging(asker, office)
    return Page(found, cut=len(found) >= deadlines.MOST)


async def _transfers(queries: Queries, asker: Subject, office: str, _options: Options, _cursor: str | None) -> Page:
    found = await queries.deadlines.queue(asker, office)
    return Page(found, cut=len(found) >= deadlines.MOST)


def _dialogue(kind: str) -> Ask:
    async def ask(queries: Queries, asker: Subject, office: str, options: Options, _cursor: str | None) -> Page:
        first, last = (day_of(text, at) if (text := options[name]) else None for name, at in BOUNDS.items())
        if (moment := moment_asked(options["as_of"])) is None:
            found = await queries.dialogues.of_office(asker, office, kind, first=first, last=last)
        else:
            found, _ = await queries.dialogues.known_as_of(asker, office, kind, moment, first=first, last=last)
        return Page([each for each in found if options["stage"] in ("", each.stage)], cut=len(found) >= dialogue.MOST)

    return ask


BOUNDS: Final = {"first": "--from", "last": "--to"}
DAYS: Final[Options] = {
    "first": Annotated[str, typer.Option("--from", help="Only from this day on (ISO date); what has none is left out.")],
    "last": Annotated[str, typer.Option("--to", help="Only up to this day (ISO date); what has none is left out.")],
    "stage": Annotated[str, typer.Option(help="Only those that stand there.")],
    "as_of": AsOf,
}
LISTS: Final[Mapping[str, Listed]] = {
    "cases": Listed(
        said="List the cases of an office, those due first ahead; no words.",
        ask=_cases,
        options={
            "stage": Annotated[CaseStage | None, typer.Option(help="Only those that stand there.")],
            "field": Annotated[str, typer.Option(help="Only of this field, by its key.")],
            "unit": Annotated[str, typer.Option(help="Only those that this unit leads, by its key.")],
            "overdue": Annotated[bool, typer.Option("--overdue", help="Only those whose day has passed.")],
            "flagged": Annotated[bool, typer.Option("--flagged", help="Only complex, pressing, backlogged or long-drawn ones.")],
            "as_of": AsOf,
        },
        columns={
            "due": "due",
            "overdue": "overdue",
            "stage": "stage",
            "lead": "lead",
            "unit": "from",
            "field": "field",
            "flags": "flags",
            "session": "session",
            "id": "id",
        },
        empty="{office} has no such case.",
    ),
    "sessions": Listed(
        said="List the dialogues of an office by day, those without one last.",
        ask=_dialogue("session"),
        options=DAYS,
        columns={"day": "day", "stage": "stage", "track": "track", "label": "trigger", "about": "meeting", "id": "id"},
        empty="{office} has no such dialogue.",
    ),
    "meetings": Listed(
        said="List the meetings of an office by day.",
        ask=_dialogue("meeting"),
        options=DAYS,
        columns={"day": "day", "stage": "stage", "label": "kind", "id": "id"},
        empty="{office} has no such meeting.",
    ),
    "notices": Listed(
        said="List the notices of conclusions of an office by the day they went out, drafts last.",
        ask=_dialogue("notice"),
        options=DAYS,
        columns={"day": "day", "number": "number", "stage": "stage", "label": "authority", "about": "session", "id": "id"},
        empty="{office} has no such notice.",
    ),
    "plans": Listed(
        said="List the plans of an office by the day they went out, drafts last.",
        ask=_dialogue("plan"),
        options=DAYS,
        columns={"label": "year", "day": "day", "number": "number", "stage": "stage", "id": "id"},
        empty="{office} has no such plan.",
    ),
    "documents": Listed(
        said="List the papers of an office, the latest drafted ahead; no words.",
        ask=_documents,
        options={
            "kind": Annotated[DocumentKind | None, typer.Option(help="Only of this kind.")],
            "state": Annotated[str, typer.Option(help="Only those that stand there.")],
            "about": Annotated[str, typer.Option(help="Only about this thing, by its id.")],
        },
        columns={
            "drafted_at": "drafted",
            "kind": "kind",
            "state": "state",
            "number": "number",
            "issued_on": "issued",
            "about": "about",
            "id": "id",
        },
        empty="{office} has no such paper.",
    ),
    "registers": Listed(
        said="List the books of numbers of an office, the latest year ahead.",
        ask=_registers,
        options={"year": Annotated[int, typer.Option(help="Only of this year.", show_default=False)]},
        columns={
            "year": "year",
            "book": "book",
            "external": "external",
            "pattern": "pattern",
            "taken": "taken",
            "voided": "voided",
            "last": "last",
            "next": "next",
        },
        empty="{office} has opened no such book.",
    ),
    "urging": Listed(
        said="List open tasks of an office whose day has passed, the oldest first, and what is to be done about each now.",
        ask=_urging,
        columns={
            "due": "due",
            "working_days_late": "days late",
            "unit": "unit",
            "type": "type",
            "urged": "urged",
            "rung": "rung",
            "due_now": "due now",
            "case": "case",
            "task": "task",
        },
        empty="{office} has no task whose day has passed.",
    ),
    "transfers": Listed(
        said="List work of an office's units that are no more, for which a person must name who takes it.",
        ask=_transfers,
        columns={"queued_at": "waits since", "unit": "unit", "field": "field", "may_take": "may take it", "about": "about"},
        empty="{office} has no work that waits for somebody to take it.",
    ),
}


def register(app: typer.Typer) -> None:
    """Add the verbs to the command line."""
    for name, listed in LISTS.items():
        app.command(name, help=listed.said)(_verb(listed))


def _verb(listed: Listed) -> Callable[..., None]:
    """The function whose parameters are the options of a list, as typer reads them."""

    def verb(*, office: str, data: Any, tenant: Any, as_json: bool, **options: Any) -> None:
        found, cut = asyncio.run(every(installation(data, tenant), office, listed.ask, options))
        listing(plain(found), listed.columns, as_json=as_json, empty=listed.empty.format(office=office))
        if cut:
            typer.echo("There are more than are listed: narrow the list.", err=True)

    last: Options = {"data": Data, "tenant": Tenant, **listed.options, "as_json": AsJson}
    return taking(verb, [option("office", Office), *(option(name, each, _default(each)) for name, each in last.items())])


def _default(option: Any) -> Any:
    """What an option is that was not given: nothing of its type."""
    kind = option.__origin__
    return kind() if kind in (str, bool, int) else None


async def every(ground: Ground, office: str, ask: Ask, options: Options) -> tuple[list[Any], bool]:
    """All pages of a list, and whether it was cut off at the most that is listed.

    Asked in the name of the office's hub: whoever holds the data directory reads all of it.
    """
    async with reading(ground) as house:
        unit = options.get("unit")
        await refuse_unknown_units(house, office=office, **({"unit": unit} if unit else {}))
        asker, queries = operator(house, office, Role.HUB), house.services["assignment"].queries
        page = await ask(queries, asker, office, options, None)
        found, cut = list(page.rows), page.cut
        while page.cursor is not None:
            page = await ask(queries, asker, office, options, page.cursor)
            found, cut = [*found, *page.rows], cut or page.cut
        return found, cut
