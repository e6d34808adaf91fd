"""The verb `import`: an office's register or a sheet of opinions, taken in where the installation stands."""

import asyncio
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from deploy import registers
from deploy.commands.options import Actor, AsJson, Data, Tenant, actor_of, refuse_no_person, refuse_no_unit
from deploy.commands.output import facts, json_value, listing, progress
from deploy.ground import Ground, ground_of
from deploy.house import writing
from deploy.importing import Clerk, Imported, hand_in, refusals, summary
from deploy.registers import Register
from deploy.remote import Remote
from deploy.sheet import COLUMNS, MAX_BYTES, Sheet, WrongSheet, read
from services.intake.entrypoints.register.reading import HEADER, WrongRegister
from services.intake.entrypoints.register.taking import Taken
from shared.contracts.consolidation import BatchSource
from shared.contracts.roles import Role

SHOWN: Final = 200  # rejected rows on a screen; the file of them holds all


def register(app: typer.Typer) -> None:
    """Add the verb to the command line."""
    app.command("import", help=_HELP)(import_)


_HELP = f"""Take in an office's register, or a sheet of a unit's opinions, one a row; importing it again changes nothing.

A register, known by its columns {", ".join(HEADER)}, is CSV (UTF-8) or XLSX: each row becomes dated history, exactly as far as
it is stated. Imported again, only what reads otherwise is recorded. Rejected rows are told with column and reason, and written
to --rejected in the same columns, to be mended and imported; the others are taken.

A sheet is CSV (UTF-8, with a heading) or JSON Lines in the columns {", ".join(COLUMNS)}, with --unit. A row that is refused is
told with what to do, and the others stand; put right, the whole sheet is imported again.
"""


def import_(
    file: Annotated[str, typer.Argument(help="The register or sheet; `-` reads standard input.")],
    office: Annotated[str, typer.Option(help="Key of the office that holds the dialogue, such as VPUB.")],
    unit: Annotated[
        str | None,
        typer.Option(help="Key of the unit that took the opinions in (default of a register: the office).", show_default=False),
    ] = None,
    data: Data = None,
    tenant: Tenant = None,
    actor: Actor = None,
    capacity: Annotated[
        Role | None,
        typer.Option(help="In which capacity (default: TCHCQT for a register, else of a feeder).", show_default=False),
    ] = None,
    source: Annotated[BatchSource, typer.Option(help="What a sheet is: a table, or the book of receipts.")] = (
        BatchSource.SPREADSHEET
    ),
    rejected: Annotated[
        Path | None, typer.Option(help="Where to write the rejected rows of a register, as CSV.", show_default=False)
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell what would become of every row and do nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Take in a register or a sheet of opinions (the help is `_HELP`)."""
    if capacity is Role.SYSTEM:
        raise typer.BadParameter("no person acts as the house itself", param_hint="--capacity")
    by = actor_of(actor)
    refuse_no_person(by, "--actor")
    refuse_no_unit(office, "--office")
    raw = _bytes(file)
    try:
        if registers.is_register(raw):
            clerk = Clerk(office=office, unit=unit or office, actor=by, capacity=capacity or Role.HUB)
            refuse_no_unit(clerk.unit, "--unit")
            register = registers.read(raw, office)
            ground = ground_of(data, tenant, make=not dry_run)
            taken = asyncio.run(_recorded(ground, register, clerk, rehearsed=dry_run))
            _tell_register(register, taken, rejected, dry_run=dry_run, as_json=as_json)
            if taken.rejected:
                raise typer.Exit(1)
            return
        if unit is None:
            raise typer.BadParameter("is needed for a sheet of opinions: the unit that took them in", param_hint="--unit")
        refuse_no_unit(unit, "--unit")
        sheet = read(raw, office=office)
    except (WrongSheet, WrongRegister) as wrong:
        raise WrongSheet(f"{file} {wrong}") from None
    clerk = Clerk(office=office, unit=unit, actor=by, capacity=capacity or Role.FEEDER)
    if dry_run:
        imported = Imported(refused=refusals(sheet))
    else:
        imported = asyncio.run(_imported(ground_of(data, tenant, make=True), sheet, clerk, source))
    _tell(sheet, imported, dry_run=dry_run, as_json=as_json)
    if imported.refused:
        raise typer.Exit(1)


async def _recorded(ground: Ground, register: Register, clerk: Clerk, *, rehearsed: bool) -> Taken:
    with progress("rows", len(register.lines)) as bar:
        return await registers.record(ground, register, clerk, rehearsed=rehearsed, advance=bar.advance)


def _tell_register(register: Register, taken: Taken, rejected: Path | None, *, dry_run: bool, as_json: bool) -> None:
    if rejected is not None and taken.rejected:
        try:
            rejected.write_bytes(register.rejected_file(taken))
        except OSError as error:
            raise typer.BadParameter(f"{rejected} cannot be written: {error.strerror}", param_hint="--rejected") from None
    counts: dict[str, Any] = {**taken.counts(), "dry_run": dry_run}
    if as_json:
        json_value({**counts, "file": register.digest, "refusals": taken.refusals()})
        return
    facts(counts, as_json=False)
    if taken.rejected:
        columns = {"line": "line", "column": "column", "code": "rejected", "reason": "reason", "advice": "what to do"}
        listing(taken.refusals()[:SHOWN], columns, as_json=False, empty="")


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
