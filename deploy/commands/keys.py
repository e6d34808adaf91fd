"""The verbs of offices' signing keys: made, listed, retired."""

from dataclasses import asdict
from typing import Annotated, Final

import typer

from deploy.commands.look import answered
from deploy.commands.options import AsJson, Data, Tenant, installation
from deploy.commands.output import listing
from deploy.commands.report_asking import Asked, asks
from shared.contracts.roles import Role

keys: Final = typer.Typer(no_args_is_help=True, help="The keys that offices' papers are signed with.")
Office = Annotated[str, typer.Option(help="Key of the office, such as VPUB.")]
NEXT: Final = "`doithoai keys list --office {office}` shows its keys."


def register(app: typer.Typer) -> None:
    """Add the verbs to the command line."""
    app.add_typer(keys, name="keys")


@keys.command()
@asks()
def make(
    office: Office,
    replacing: Annotated[str | None, typer.Option(help="The key in use, by its id: it is retired with this.")] = None,
) -> Asked:
    """Make the key that an office's papers are signed with from today on; one that has a key keeps it unless it is replaced.

    The private half is sealed in the vault and never shown; the public one is recorded for good.
    """
    asked = {"office": office, "replacing": replacing}
    return Asked(office, "make_signing_key", asked, Role.OPERATOR, unit=office, then=NEXT)


@keys.command()
@asks()
def retire(
    key: Annotated[str, typer.Argument(help="Its id, as `keys list` shows it.")],
    office: Office,
) -> Asked:
    """Sign nothing more with a key, such as when others know it; what it signed until today stands."""
    asked = {"office": office, "key": key}
    return Asked(office, "retire_signing_key", asked, Role.OPERATOR, unit=office, then=NEXT)


@keys.command("list")
def list_(office: Office, data: Data = None, tenant: Tenant = None, as_json: AsJson = False) -> None:
    """List the keys of an office, oldest first: id, public half, first and last day."""
    at = installation(data, tenant)
    found = answered(at, office, lambda queries, asker: queries.signatures.keys(asker, office), service="assignment")
    shown = [asdict(each) for each in found]
    columns = {"key": "key", "public": "public", "first": "from", "last": "to"}
    listing(shown, columns, as_json=as_json, empty=f"{office} has no key: `doithoai keys make --office {office}`.")
