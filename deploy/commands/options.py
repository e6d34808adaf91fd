"""Options that many verbs share."""

import getpass
import inspect
import os
import re
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Final, get_args

import typer

from deploy.commands.output import err
from deploy.ground import Ground, ground_of
from shared.contracts.roles import Role
from shared.contracts.types import PersonId, UnitKey
from shared.permit import Subject
from shared.text import fold

Data = Annotated[
    Path | None,
    typer.Option("--data", help="Data directory (default: DOITHOAI_DATA, else ./data).", show_default=False),
]
Tenant = Annotated[str | None, typer.Option("--tenant", help="Tenant (default: the directory's).", show_default=False)]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Actor = Annotated[
    str | None,
    typer.Option("--actor", help="Id of whoever decides, such as th-01 (default: the user of this machine).", show_default=False),
]
Reader = Annotated[Role, typer.Option("--capacity", help="In which capacity it is read.")]
ReaderUnit = Annotated[str, typer.Option("--by", help="Key of the unit of whoever reads it.")]
Marked = Annotated[bool, typer.Option("--marked", help="A copy that says what became of it since it was issued.")]
Day = Annotated[str, typer.Option(help="ISO date, such as 2023-05-31.")]
_PERSON: Final = re.compile(get_args(PersonId)[1].pattern)
_UNIT: Final = re.compile(get_args(UnitKey)[1].pattern)


def option(name: str, kind: Any, *default: Any) -> inspect.Parameter:
    """An option of a verb that is put together, of the type and help that `kind` states; without a default it is required."""
    given = default[0] if default else inspect.Parameter.empty
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=kind, default=given)


def taking(verb: Callable[..., None], options: Sequence[inspect.Parameter]) -> Callable[..., None]:
    """The verb with these options, in this order, as typer reads them."""
    verb.__signature__ = inspect.Signature(options, return_annotation=None)  # type: ignore[attr-defined]
    verb.__annotations__ = {each.name: each.annotation for each in options}
    return verb


def day_of(text: str, option: str) -> date:
    """The day that an option gives.

    Raises:
        typer.BadParameter: it is no ISO date.

    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter("is an ISO date such as 2023-05-31", param_hint=option) from None


def installation(data: Path | None, tenant: str | None) -> Ground:
    """The installation that the options name; a script's clock is said, lest what is shown be taken for real.

    Raises:
        WrongSettings, WrongDirectory

    """
    ground = ground_of(data, tenant)
    if ground.clock == "script":
        err().print(f"{ground.where}: script clock", style="dim", markup=False)
    return ground


def refuse_no_person(given: str, hint: str) -> None:
    """Refuse what is no person's id: it will stand in events or certificates, where no name may."""
    if not _PERSON.fullmatch(given):
        raise typer.BadParameter("is an id of small letters, digits and hyphens, such as th-01", param_hint=hint)


def refuse_no_unit(given: str, hint: str) -> None:
    """Refuse what cannot be the key of a unit."""
    if not _UNIT.fullmatch(given):
        raise typer.BadParameter("is the key of a unit in capital letters, such as VPUB", param_hint=hint)


def reader_of(tenant: str, office: str, unit: str, capacity: Role, actor: str | None) -> Subject:
    """Whoever reads words here, under whose name the vault logs the reading."""
    who = actor_of(actor)
    refuse_no_person(who, "--actor")
    refuse_no_unit(office, "--office")
    refuse_no_unit(unit, "--by")
    return Subject(person=who, tenant=tenant, office=office, unit=unit, capacities=frozenset({capacity}))


def actor_of(given: str | None) -> str:
    """The id under which a decision is kept: the one given, else this machine's user's, in the letters that ids have."""
    if given is not None:
        return given
    try:
        user = getpass.getuser()
    except (KeyError, OSError):  # a container may run as a number that has no name
        user = f"uid-{os.getuid()}"
    return re.sub(r"[^a-z0-9]+", "-", fold(user))[:40].strip("-") or "operator"
