"""The verb `import`: a sheet of opinions, handed in where the installation stands."""

import asyncio
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from deploy.commands.options import Actor, AsJson, Data, Tenant, actor_of, refuse_no_person, refuse_no_unit
from deploy.commands.output import facts, json_value, listing, progress
from deploy.ground import Ground, ground_of
from deploy.house import writing
from deploy.importing import Clerk, Imported, hand_in, refusals, summary
from deploy.remote import Remote
from deploy.sheet import COLUMNS, MAX_BYTES, Sheet, WrongSheet, read
from shared.contracts.consolidation import BatchSource
from shared.contracts.roles import Role


def register(app: typer.Typer) -> None:
    """Add the verb to the command line."""
    app.command("import", help=_HELP)(import_)


_HELP = f"""Hand in a sheet of opinions, one a row; importing it again changes nothing.

CSV (UTF-8, with a heading) or JSON Lines in the columns {", ".join(COLUMNS)}. A row that is refused is told with what to do,
and the others stand; put right, the whole sheet is imported again.
"""


def import_(
    file: Annotated[str, typer.Argument(help="The sheet; `-` reads standard input.")],
    office: Annotated[str, typer.Option(help="Key of the office that holds the dialogue, such as VPUB.")],
    unit: Annotated[str, typer.Option(help="Key of the unit that took the opinions in.")],
    data: Data = None,
    tenant: Tenant = None,
    actor: Actor = None,
    capacity: Annotated[Role, typer.Option(help="In which capacity.")] = Role.FEEDER,
    source: Annotated[BatchSource, typer.Option(help="What the sheet is: a table, or the book of receipts.")] = (
        BatchSource.SPREADSHEET
    ),
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check every row and hand in none.")] = False,
    as_json: AsJson = False,
) -> None:
    """Hand in a sheet of opinions (the help is `_HELP`)."""
    if capacity is Role.SYSTEM:
        raise typer.BadParameter("no person acts as the house itself", param_hint="--capacity")
    clerk = Clerk(office=office, unit=unit, actor=actor_of(actor), capacity=capacity)
    refuse_no_person(clerk.actor, "--actor")
    refuse_no_unit(office, "--office")
    refuse_no_unit(unit, "--unit")
    sheet = _sheet(file, office)
    if dry_run:
        imported = Imported(refused=refusals(sheet))
    else:
        imported = asyncio.run(_imported(ground_of(data, tenant, make=True), sheet, clerk, source))
    _tell(sheet, imported, dry_run=dry_run, as_json=as_json)
    if imported.refused:
        raise typer.Exit(1)


def _sheet(file: str, office: str) -> Sheet:
    try:
        return read(_bytes(file), office=office)
    except WrongSheet as wrong:
        raise WrongSheet(f"{file} {wrong}") from None


async def _imported(ground: Ground, sheet: Sheet, clerk: Clerk, source: BatchSource) -> Imported:
    with progress("rows", len(sheet.rows)) as bar:
        owner = ground.home.owner() if ground.home else None
        if ground.home is None or (owner is not None and owner.serves):
            remote = Remote.of(ground, owner)
            try:
                return await hand_in(sheet, remote, clerk, source=source.value, advance=bar.advance)
            finally:
                await remote.close()
        async with writing(ground, "import") as house:
            return await hand_in(sheet, house, clerk, source=source.value, advance=bar.advance)


def _tell(sheet: Sheet, imported: Imported, *, dry_run: bool, as_json: bool) -> None:
    counts: dict[str, Any] = dict(summary(sheet, imported))
    if dry_run:
        counts = {"rows": counts["rows"], "refused": counts["refused"], "checked": True}
    if as_json:
        opinions = [asdict(each) for each in imported.taken]
        json_value(
            {**counts, "file": sheet.digest, "opinions": opinions, "refusals": [asdict(each) for each in imported.refused]}
        )
        return
    facts(counts, as_json=False)
    if imported.refused:
        columns = {"row": "row", "field": "field", "code": "refused", "rule": "rule", "advice": "what to do"}
        listing([asdict(each) for each in imported.refused], columns, as_json=False, empty="")


def _bytes(file: str) -> bytes:
    # One byte more than is taken tells that there is more, without reading what may never end.
    try:
        if file == "-":
            return sys.stdin.buffer.read(MAX_BYTES + 1)
        with Path(file).open("rb") as opened:
            return opened.read(MAX_BYTES + 1)
    except OSError as error:
        raise typer.BadParameter(f"{file} cannot be read: {error.strerror}", param_hint="FILE") from None
