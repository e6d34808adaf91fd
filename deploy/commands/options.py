"""Options that many verbs share."""

from pathlib import Path
from typing import Annotated

import typer

from deploy.commands.output import err
from deploy.ground import Ground, ground_of

Data = Annotated[
    Path | None,
    typer.Option("--data", help="Data directory (default: DOITHOAI_DATA, else ./data).", show_default=False),
]
Tenant = Annotated[str | None, typer.Option("--tenant", help="Tenant (default: the directory's).", show_default=False)]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Day = Annotated[str, typer.Option(help="ISO date, such as 2023-05-31.")]


def installation(data: Path | None, tenant: str | None) -> Ground:
    """The installation that the options name; a script's clock is said, lest what is shown be taken for real.

    Raises:
        WrongSettings, WrongDirectory

    """
    ground = ground_of(data, tenant)
    if ground.clock == "script":
        err().print(f"{ground.where}: script clock", style="dim", markup=False)
    return ground
