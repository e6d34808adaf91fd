"""The verb of papers: written as they stand, to sign or to edit."""

import asyncio
from pathlib import Path
from typing import Annotated, Final

import typer

from deploy.commands.options import Actor, Data, Marked, Reader, ReaderUnit, Tenant, reader_of
from deploy.commands.output import out, replaced
from deploy.ground import ground_of
from deploy.house import writing
from shared.contracts.document import Form
from shared.contracts.roles import Role
from shared.papers.keeping import Made

document: Final = typer.Typer(no_args_is_help=True, help="Papers of the office: plans, notices, minutes, letters.")


def register(app: typer.Typer) -> None:
    """Add the verbs to the command line."""
    app.add_typer(document, name="document")


@document.command()
def render(
    stream: Annotated[str, typer.Argument(help="A document such as document-…; `doithoai documents` lists them.")],
    office: Annotated[str, typer.Option(help="Key of the office, such as VPUB.")],
    form: Annotated[Form, typer.Option("--format", help="To sign (pdf) or to edit (docx).")] = Form.PDF,
    by: ReaderUnit = "TCHCQT",
    capacity: Reader = Role.HUB,
    actor: Actor = None,
    marked: Marked = False,
    target: Annotated[Path | None, typer.Option("--out", help="Where to (default: the document's name, here).")] = None,
    data: Data = None,
    tenant: Tenant = None,
) -> None:
    """Write a paper as it stands, by the layout of the decree; a draft has room for its number and day.

    It says what its reader may read, and the reading is logged under his name. Once issued it is what was issued; --marked
    writes a copy that says what became of it since.
    """
    at, path = ground_of(data, tenant), target or Path(f"{stream}.{form.value}")

    async def run() -> bytes:
        async with writing(at, "document render") as house:
            queries = house.services["assignment"].queries
            reader = reader_of(house.tenant, office, by, capacity, actor)
            made: Made = await queries.files.file(reader, stream, form, marked=marked)
            return made.file

    replaced(path, lambda: asyncio.run(run()))
    out().print(f"{path}: written", markup=False)
