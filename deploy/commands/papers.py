"""The verbs of papers: written as they stand, to sign or to edit; their signatures checked."""

import asyncio
import uuid
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from deploy.commands.look import answered
from deploy.commands.options import Actor, AsJson, Data, Marked, Reader, ReaderUnit, Tenant, installation, reader_of
from deploy.commands.output import json_value, local, out, replaced
from deploy.ground import ground_of
from deploy.house import writing
from services.reporting.domain.report.states import paper_of
from shared.blobs.refusals import FileTooLarge
from shared.commands import model_of
from shared.contracts.document import Form
from shared.contracts.roles import Role
from shared.desk import Asked
from shared.papers.keeping import Made
from shared.papers.verifying import SOUND, Verdict

SignedFile = Annotated[Path, typer.Argument(help="The signed PDF.", exists=True, dir_okay=False)]
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


@document.command()
def verify(
    stream: Annotated[str, typer.Argument(help="A document such as document-…; `doithoai documents` lists them.")],
    office: Annotated[str, typer.Option(help="Key of the office, such as VPUB.")],
    data: Data = None,
    tenant: Tenant = None,
    as_json: AsJson = False,
) -> None:
    """Check the signature on a paper by the key that its office had on the day of signing; exit 1 where it does not hold."""
    checked = answered(
        installation(data, tenant),
        office,
        lambda queries, asker: queries.signatures.check(asker, stream),
        service="assignment",
    )
    found = asdict(checked)
    if as_json:
        json_value(found)
    else:
        out().print(f"{stream}: {told(found)}", markup=False)
    if not holds(found):
        raise typer.Exit(1)


def told(signature: Mapping[str, Any] | None) -> str:
    """What a check of a signature found, in a line."""
    if signature is None:
        return "chưa ký (not signed)"
    who = f"{signature['signer']} ký {signature['capacity'].value}"
    by = f", khóa {signature['key'][:16]}… ngày {local(signature['at'].isoformat())}" if signature["key"] is not None else ""
    known = signature["content"] is not None or signature["verdict"] is Verdict.TEXT_NOT_BOUND  # which says it itself
    fixed = "" if known else "; không kèm mã băm nội dung (no digest of its text)"
    outside = f"; tệp ký số bên ngoài {copy['sha256'][:16]}…: {copy['trust']['vi']}" if (copy := signature["copy"]) else ""
    return f"{who}{by}: {signature['said']['vi']} ({signature['said']['en']}){fixed}{outside}"


def holds(signature: Mapping[str, Any] | None) -> bool:
    """Whether nothing speaks against a signature; what is not signed yet has none to doubt."""
    return signature is None or signature["verdict"] in SOUND


@document.command("attach-signed")
def attach_signed(
    stream: Annotated[str, typer.Argument(help="A document such as document-…; `doithoai documents` lists them.")],
    file: SignedFile,
    office: Annotated[str, typer.Option(help="Key of the office, such as VPUB.")],
    by: Annotated[str, typer.Option("--by", help="Key of the unit of whoever hands it in.")] = "VT",
    actor: Actor = None,
    data: Data = None,
    tenant: Tenant = None,
) -> None:
    """Let a PDF that was signed outside, as by the State's CA, stand for a paper: it is what is kept as issued.

    Its signature must hold and its text be the paper's; whether its certificate is to be trusted is not checked.
    """
    attached(
        file, office, by, actor, data, tenant, service="assignment", command="attach_signed_document", asked={"document": stream}
    )


def attached(
    file: Path,
    office: str,
    unit: str,
    actor: str | None,
    data: Path | None,
    tenant: str | None,
    *,
    service: str,
    command: str,
    asked: Mapping[str, str],
) -> None:
    """Hand a signed copy in for the registry of an office; `asked` names the paper as the command does."""
    ground = ground_of(data, tenant)
    content = read_bounded(file, ground.settings.file_limit_bytes)

    async def run() -> None:
        async with writing(ground, f"{service} attach-signed") as house:
            built = house.services[service]
            registry = reader_of(house.tenant, office, unit, Role.REGISTRY, actor)
            key = f"{command}-{uuid.uuid4().hex}"
            address = await built.queries.copies.take(_paper_of(asked), content, command_id=key)
            body = model_of(built.desk.handlers[command].command).model_validate({**asked, "file": address})
            await built.desk.handle(Asked(command=command, body=body, subject=registry, command_id=key))

    asyncio.run(run())
    out().print(f"{file}: kept as the signed copy; the chain of trust of its certificate was not checked", markup=False)


def _paper_of(asked: Mapping[str, str]) -> str:
    return asked["document"] if "document" in asked else paper_of(asked["report"])


def read_bounded(file: Path, limit_bytes: int) -> bytes:
    """The bytes of a file that is not larger than the house takes.

    Raises:
        FileTooLarge

    """
    if file.stat().st_size > limit_bytes:
        raise FileTooLarge("file", limit_bytes=limit_bytes)
    return file.read_bytes()
