"""The command line `doithoai`: exit 0 good, 1 refused or a failed check, 2 usage."""

import sqlite3
from typing import Any, Final

import typer
from sqlalchemy.exc import SQLAlchemyError
from typer.core import TyperGroup

from deploy.backup import WrongBackup
from deploy.collector import spare_what_stands
from deploy.commands import (
    accounts,
    care,
    compare,
    figures,
    install,
    keys,
    look,
    papers,
    play,
    received,
    reference,
    reports,
    serving,
    sheets,
    tokens,
    vault,
    work,
)
from deploy.commands.output import err
from deploy.directory import WrongDirectory
from deploy.listening import PortTaken
from deploy.performing import Halted, LineRefused, by_rule
from deploy.remote import Unreachable
from deploy.script import WrongScript
from deploy.sheet import WrongSheet
from deploy.stores import OlderSchema
from deploy.topics import WrongTopics
from shared import logs
from shared.config import WrongSettings
from shared.contracts.refusals import Refused
from shared.eventlog.port import LogUnavailable
from shared.migrations import NewerSchema
from shared.row_security import WrongOwner
from shared.vault.keyring import KeyringLost, KeyUnknown
from shared.vault.port import VaultDamaged, VaultUnavailable

REFUSALS: Final = (
    WrongDirectory, WrongScript, WrongSheet, WrongBackup, WrongTopics, LineRefused, Halted, Unreachable, PortTaken, NewerSchema,
    OlderSchema, WrongOwner, KeyringLost, KeyUnknown, VaultDamaged,
)  # fmt: skip
AWAY: Final = (LogUnavailable, VaultUnavailable, SQLAlchemyError, sqlite3.Error)


class _Told(TyperGroup):
    """Tells what went wrong in a sentence instead of a traceback, and what to do."""

    def invoke(self, ctx: Any) -> Any:
        logs.configure("warning")  # whoever serves says how much; what is printed as JSON must hold nothing else
        try:
            return super().invoke(ctx)
        except WrongSettings as error:
            err().print(f"Wrong setting: {error}", markup=False)
            raise typer.Exit(2) from None
        except Refused as error:
            named = f" ({error.field})" if error.field else ""
            err().print(f"Refused: {error}{named}. {error.said(error.advice_en)}".rstrip() + by_rule(error.rule), markup=False)
            raise typer.Exit(1) from None
        except REFUSALS as error:
            err().print(f"Refused: {error}", markup=False)
            raise typer.Exit(1) from None
        except AWAY as error:
            # A driver's message may quote what somebody wrote; its kind does not.
            driver = isinstance(error, SQLAlchemyError | sqlite3.Error)
            said = f"a database does not answer ({type(error).__name__})" if driver else str(error)
            err().print(f"Refused: {said}; `doithoai doctor` says more", markup=False)
            raise typer.Exit(1) from None


app = typer.Typer(
    name="doithoai",
    cls=_Told,
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,  # a traceback must not print words or keys
    help="Event-sourced services for dialogue between provincial offices, civil servants and citizens.",
)
for module in (
    install,
    serving,
    play,
    sheets,
    look,
    work,
    figures,
    compare,
    received,
    papers,
    reports,
    care,
    tokens,
    accounts,
    keys,
    vault,
    reference,
):
    module.register(app)


def main() -> None:
    """The console script."""
    spare_what_stands()
    app()
