"""Options that many verbs share."""

from pathlib import Path
from typing import Annotated

import typer

Data = Annotated[
    Path | None,
    typer.Option("--data", help="Data directory (default: DOITHOAI_DATA, else ./data).", show_default=False),
]
Tenant = Annotated[str | None, typer.Option("--tenant", help="Tenant (default: the directory's).", show_default=False)]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Day = Annotated[str, typer.Option(help="ISO date, such as 2023-05-31.")]
