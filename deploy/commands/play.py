"""The verb `do`: a dated script, performed where the installation stands."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated, Final

import typer

from deploy.catalogue import all_commands
from deploy.commands.options import AsJson, Data, Tenant
from deploy.commands.output import err, facts, progress
from deploy.ground import Ground, clock_of, ground_of
from deploy.house import writing
from deploy.performing import Tally, perform
from deploy.remote import Remote
from deploy.script import Line, check, parse
from shared.config import Installation, load

SHOWN: Final = 20


def register(app: typer.Typer) -> None:
    """Add the verb to the command line."""
    app.command("do")(do)


def do(
    file: Annotated[str, typer.Argument(help="JSON Lines, one command a line; `-` reads standard input.")],
    data: Data = None,
    tenant: Tenant = None,
    name: Annotated[str, typer.Option(help="Name of the script (default: the file's); lines are known by it.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check every line and perform none.")] = False,
    as_json: AsJson = False,
) -> None:
    """Perform a dated script; performing it again changes nothing.

    A line is known by its `id`, else by what it says and which of its like it is: lines may be put in above it, and a line
    that is changed is another one, unless it has an `id`; then it is refused.
    """
    lines = parse(_read(file), name or Path(file).name)
    clock = clock_of(data, tenant)
    if dry_run:
        scripted = clock == "script" if clock else any(line.at for line in lines)
        check(lines, all_commands(), script_clock=scripted)
        facts({"lines": len(lines), "checked": True}, as_json=as_json)
        return
    if clock is None:  # else a directory is made that the script can never be performed in: its clock is fixed
        check(lines, all_commands(), script_clock=load(Installation).clock == "script")
    ground = ground_of(data, tenant, make=True)
    tally = asyncio.run(performed(ground, lines))
    unchanged = len(tally.unchanged)
    facts(
        {"lines": len(lines), "performed": tally.done, "found": tally.found, "unchanged": unchanged, "clock": ground.clock},
        as_json=as_json,
    )
    if unchanged:
        err().print(
            f"Passed over as having changed nothing in their time: lines {_numbers(tally.unchanged)}. "
            "Whichever of them was written or changed since must be given a later time.",
            style="yellow",
        )


async def performed(ground: Ground, lines: list[Line]) -> Tally:
    """Perform checked lines by this process, or by the server that holds the installation."""
    with progress("lines", len(lines)) as bar:
        owner = ground.home.owner() if ground.home else None
        if ground.home is None or (owner is not None and owner.serves):
            remote = Remote.of(ground, owner)
            try:
                return await perform(lines, remote, advance=lambda _line: bar.advance())
            finally:
                await remote.close()
        async with writing(ground, "do") as house:
            return await perform(lines, house, advance=lambda _line: bar.advance())


def _read(file: str) -> bytes:
    if file == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise typer.BadParameter(f"{file} cannot be read: {error.strerror}", param_hint="FILE") from None


def _numbers(lines: list[int]) -> str:
    return ", ".join(map(str, lines[:SHOWN])) + (f" and {len(lines) - SHOWN} more" if len(lines) > SHOWN else "")
