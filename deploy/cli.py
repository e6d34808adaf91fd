"""The command line `doithoai`: exit 0 good, 1 refused or a failed check, 2 usage."""

from typing import Any

import typer
from typer.core import TyperGroup

from deploy.backup import WrongBackup
from deploy.commands import care, install, look, play, reference, serving, tokens
from deploy.commands.output import err
from deploy.directory import WrongDirectory
from deploy.performing import LineRefused
from deploy.remote import Unreachable
from deploy.script import WrongScript
from shared.config import WrongSettings
from shared.contracts.refusals import Refused
from shared.eventlog.port import LogUnavailable
from shared.vault.port import VaultUnavailable

REFUSALS = (WrongDirectory, WrongScript, WrongBackup, LineRefused, Unreachable, LogUnavailable, VaultUnavailable)


class _Told(TyperGroup):
    """Tells what went wrong in a sentence instead of a traceback, and what to do."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except WrongSettings as error:
            err().print(f"[red]Wrong setting:[/] {error}", markup=True)
            raise typer.Exit(2) from None
        except Refused as error:
            named = f" ({error.field})" if error.field else ""
            err().print(f"Refused: {error}{named}. {error.advice_en}".rstrip(), markup=False)
            raise typer.Exit(1) from None
        except REFUSALS as error:
            err().print(f"Refused: {error}", markup=False)
            raise typer.Exit(1) from None


app = typer.Typer(
    name="doithoai",
    cls=_Told,
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,  # a traceback must not print words or keys
    help="Event-sourced services for dialogue between provincial offices, civil servants and citizens.",
)
for module in (install, serving, play, look, care, tokens, reference):
    module.register(app)


def main() -> None:
    """The console script."""
    app()
