"""The verbs of a report's text and paper: written, drafted, commented, signed, numbered, sent, acknowledged, corrected."""

import asyncio
import hashlib
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from deploy.commands.look import operator
from deploy.commands.options import Actor, AsJson, Data, Tenant, installation
from deploy.commands.output import listing
from deploy.commands.papers import SignedFile, attached
from deploy.commands.report_asking import At, By, Office, OfUnit, Period, ask, stream_of
from deploy.house import reading
from shared.contracts.document import DispatchMeans, SigningCapacity
from shared.contracts.report import Section
from shared.contracts.roles import Role

Content = Annotated[str, typer.Option(help="SHA-256 of its text, hex.")]
Of = Annotated[Path | None, typer.Option("--file", help="The text itself: its SHA-256 is taken.", exists=True, dir_okay=False)]
Said = Annotated[str, typer.Option("--text", help="What is said.")]
Reason = Annotated[str, typer.Option(help="Why.")]
Book = Annotated[str, typer.Option(help="Register, such as BC-VPUB.")]
InBook = Annotated[int | None, typer.Option("--number", help="Number in an external register; an internal one gives it.")]
Means = Annotated[DispatchMeans, typer.Option(help="How it is sent.")]
Recipient = Annotated[str, typer.Option(help="Key of the recipient.")]


def register(report: typer.Typer) -> None:
    """Add the verbs to those of a report."""
    for verb in (write, draft, comment, submit, sign, book, registers, number, issue, dispatch, ack, publish, recall, supersede):
        report.command()(verb)
    report.command("return")(give_back)
    report.command("attach-signed")(attach_signed)


def write(
    office: Office,
    period: Period,
    section: Annotated[Section, typer.Option(help="I, II.6, III.1 strengths, III.2 limits, III.3 causes, IV, V.")],
    text: Said,
    by: By = "TCHCQT",
    data: Data = None,
    tenant: Tenant = None,
    actor: Actor = None,
    at: At = "",
) -> None:
    """Write the free text of a section; its figures come from the lock."""
    asked = {"report": stream_of(office, period), "section": section.value, "words": text}
    ask(data, tenant, office, by, actor, at, Role.HUB, "write_section", asked)


def draft(
    office: Office,
    period: Period,
    content: Content = "",
    file: Of = None,
    summary: Annotated[str, typer.Option(help="Trích yếu, naming nobody.")] = "",
    by: By = "TCHCQT",
    data: Data = None,
    tenant: Tenant = None,
    actor: Actor = None,
    at: At = "",
) -> None:
    """Draft the paper of a locked report, or draft it again; it goes to the office's list for reports.

    It says what `report render` writes: the text from its figures and what people wrote. With `--content` or `--file` it is
    refused where that is not what was read.
    """
    asked = {"report": stream_of(office, period), "content": _digest(content, file) or None, "summary": summary or None}
    ask(data, tenant, office, by, actor, at, Role.HUB, "draft_report", asked)


def comment(
    office: Office,
    period: Period,
    unit: OfUnit,
    text: Said,
    data: Data = None,
    tenant: Tenant = None,
    actor: Actor = None,
    at: At = "",
    capacity: Annotated[Role, typer.Option(help="In which capacity.")] = Role.UNIT_LEADER,
) -> None:
    """Say what a unit thinks of the draft."""
    asked = {"report": stream_of(office, period), "comment": text}
    ask(data, tenant, office, unit, actor, at, capacity, "comment_on_report", asked)


def submit(
    office: Office,
    period: Period,
    by: By = "TCHCQT",
    data: Data = None,
    tenant: Tenant = None,
    actor: Actor = None,
    at: At = "",
) -> None:
    """Put it before whoever signs."""
    ask(data, tenant, office, by, actor, at, Role.HUB, "submit_report", {"report": stream_of(office, period)})


def give_back(
    office: Office,
    period: Period,
    reason: Reason,
    by: By = "CVP",
    data: Data = None,
    tenant: Tenant = None,
    actor: Actor = None,
    at: At = "",
    role: Annotated[Role, typer.Option(help="chief or deputy.")] = Role.CHIEF,
) -> None:
    """Send it back, before signing, with what is to be changed."""
    asked = {"report": stream_of(office, period), "reason": reason}
    ask(data, tenant, office, by, actor, at, role, "return_report", asked)


def sign(
    office: Office,
    period: Period,
    capacity: Annotated[SigningCapacity, typer.Option(help="truc_tiep by the head, KT by a deputy, Q, TUQ.")],
    content: Content = "",
    file: Of = None,
    by: By = "CVP",
    data: Data = None,
    tenant: Tenant = None,
    actor: Actor = None,
    at: At = "",
    role: Annotated[Role | None, typer.Option(help="chief or deputy (default: by the capacity).")] = None,
) -> None:
    """Sign it, while its figures stand as they were locked."""
    asked = {"report": stream_of(office, period), "capacity": capacity.value, "content": _digest(content, file) or None}
    acts_as = role or (Role.DEPUTY if capacity is SigningCapacity.FOR_THE_HEAD else Role.CHIEF)
    ask(data, tenant, office, by, actor, at, acts_as, "sign_report", asked)


def attach_signed(
    office: Office,
    period: Period,
    file: SignedFile,
    by: By = "VT",
    data: Data = None,
    tenant: Tenant = None,
    actor: Actor = None,
) -> None:
    """Let a PDF that was signed outside, as by the State's CA, stand for a report: it is what is kept as issued.

    Its signature must hold and its text be the report's; whether its certificate is to be trusted is not checked.
    """
    asked = {"report": stream_of(office, period)}
    attached(file, office, by, actor, data, tenant, service="reporting", command="attach_signed_report", asked=asked)


def book(
    office: Office,
    book: Book,
    year: Annotated[int, typer.Option(help="The year of its numbers.")],
    pattern: Annotated[str, typer.Option(help="The symbol, such as {number}/BC-VPUB.")],
    internal: Annotated[bool, typer.Option("--internal", help="Consecutive, numbered at issue; else typed in.")] = False,
    by: By = "VT",
    data: Data = None,
    tenant: Tenant = None,
    actor: Actor = None,
    at: At = "",
) -> None:
    """Open the register that an office's reports are numbered in, for a year."""
    asked = {"office": office, "book": book, "year": year, "external": not internal, "pattern": pattern}
    ask(data, tenant, office, by, actor, at, Role.REGISTRY, "open_report_register", asked)


def registers(
    office: Office,
    year: Annotated[int, typer.Option(help="Only of this year.", show_default=False)] = 0,
    data: Data = None,
    tenant: Tenant = None,
    as_json: AsJson = False,
) -> None:
    """List the registers that an office's reports are numbered in, the latest year ahead."""
    at = installation(data, tenant)

    async def run() -> list[Any]:
        async with reading(at) as house:
            queries = house.services["reporting"].queries
            return [asdict(each) for each in await queries.papers.registers(operator(house, office), office, year or None)]

    columns = {"year": "year", "book": "book", "external": "external", "pattern": "pattern", "taken": "taken"}
    columns |= {"voided": "voided", "last": "last", "next": "next"}
    listing(asyncio.run(run()), columns, as_json=as_json, empty=f"{office} has opened no such book: `doithoai report book` does.")


def number(
    office: Office,
    period: Period,
    book: Book,
    number: InBook = None,
    by: By = "VT",
    data: Data = None,
    tenant: Tenant = None,
    actor: Actor = None,
    at: At = "",
) -> None:
    """Give it its number; an internal register issues it with it."""
    asked = {"report": stream_of(office, period), "book": book, "number": number}
    ask(data, tenant, office, by, actor, at, Role.REGISTRY, "number_report", asked)


def issue(
    office: Office,
    period: Period,
    book: Annotated[str, typer.Option(help="Register, where it has no number yet.")] = "",
    number: InBook = None,
    means: Annotated[DispatchMeans | None, typer.Option(help="Send it to its whole list, so.")] = None,
    by: By = "VT",
    data: Data = None,
    tenant: Tenant = None,
    actor: Actor = None,
    at: At = "",
) -> None:
    """Issue it; with --means it is sent to every line of its list."""
    sent = means.value if means is not None else None
    asked = {"report": stream_of(office, period), "book": book or None, "number": number, "means": sent}
    ask(data, tenant, office, by, actor, at, Role.REGISTRY, "issue_report", asked)


def dispatch(
    office: Office,
    period: Period,
    recipient: Recipient,
    means: Means,
    purpose: Annotated[str, typer.Option(help="For what.")] = "Kính gửi",
    by: By = "VT",
    data: Data = None,
    tenant: Tenant = None,
    actor: Actor = None,
    at: At = "",
) -> None:
    """Record that it was sent to a recipient."""
    asked = {"report": stream_of(office, period), "recipient": recipient, "purpose": purpose, "means": means.value}
    ask(data, tenant, office, by, actor, at, Role.REGISTRY, "dispatch_report", asked)


def ack(
    office: Office,
    period: Period,
    recipient: Recipient,
    by: By = "VT",
    data: Data = None,
    tenant: Tenant = None,
    actor: Actor = None,
    at: At = "",
    capacity: Annotated[Role, typer.Option(help="registry on its behalf, recipient for itself.")] = Role.REGISTRY,
) -> None:
    """Record that a recipient has it: itself, or the registry for one that does not answer here."""
    asked = {"report": stream_of(office, period), "recipient": recipient}
    ask(data, tenant, office, by, actor, at, capacity, "acknowledge_report", asked)


def publish(
    office: Office,
    period: Period,
    place: Annotated[str, typer.Option(help="Where, such as TTDT.")],
    content: Annotated[str, typer.Option(help="SHA-256 of what stands there, hex.")] = "",
    file: Annotated[
        Path | None, typer.Option(help="What stands there: its SHA-256 is taken.", exists=True, dir_okay=False)
    ] = None,
    redacted: Annotated[bool, typer.Option("--redacted", help="Parts of it were taken out.")] = False,
    by: By = "VT",
    data: Data = None,
    tenant: Tenant = None,
    actor: Actor = None,
    at: At = "",
) -> None:
    """Record that it was made public: what `report render` writes of an issued report, or less of it with --redacted."""
    if bool(content) == (file is not None):
        raise typer.BadParameter("is given, or --content is", param_hint="--file")
    asked = {"report": stream_of(office, period), "place": place, "content": _digest(content, file), "redacted": redacted}
    ask(data, tenant, office, by, actor, at, Role.REGISTRY, "publish_report", asked)


def recall(
    office: Office,
    period: Period,
    reason: Reason,
    by: By = "CVP",
    data: Data = None,
    tenant: Tenant = None,
    actor: Actor = None,
    at: At = "",
    role: Annotated[Role, typer.Option(help="chief, deputy or registry.")] = Role.CHIEF,
) -> None:
    """Take it back after it was issued; `report supersede` corrects it."""
    asked = {"report": stream_of(office, period), "reason": reason}
    ask(data, tenant, office, by, actor, at, role, "recall_report", asked)


def supersede(
    office: Office,
    period: Period,
    reason: Reason,
    by: By = "TCHCQT",
    data: Data = None,
    tenant: Tenant = None,
    actor: Actor = None,
    at: At = "",
) -> None:
    """Open a corrected report of the same window, period PERIOD-DC1: it takes this one's place when it is issued."""
    asked = {"report": stream_of(office, period), "reason": reason}
    ask(data, tenant, office, by, actor, at, Role.HUB, "supersede_report", asked)


def _digest(content: str, file: Path | None) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest() if file is not None else content
