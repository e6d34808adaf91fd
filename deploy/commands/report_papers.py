"""The verbs of a report's text and paper: written, drafted, commented, signed, numbered, sent, acknowledged, corrected."""

import hashlib
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from deploy.commands.look import answered
from deploy.commands.options import Actor, AsJson, Data, Tenant, installation
from deploy.commands.output import listing
from deploy.commands.papers import SignedFile, attached
from deploy.commands.report_asking import Asked, By, Office, OfUnit, Period, asks, stream_of
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


@asks(by="TCHCQT")
def write(
    office: Office,
    period: Period,
    section: Annotated[Section, typer.Option(help="I, II.6, III.1 strengths, III.2 limits, III.3 causes, IV, V.")],
    text: Said,
) -> Asked:
    """Write the free text of a section; its figures come from the lock."""
    asked = {"report": stream_of(office, period), "section": section.value, "words": text}
    return Asked(office, "write_section", asked, Role.HUB)


@asks(by="TCHCQT")
def draft(
    office: Office,
    period: Period,
    content: Content = "",
    file: Of = None,
    summary: Annotated[str, typer.Option(help="Trích yếu, naming nobody.")] = "",
) -> Asked:
    """Draft the paper of a locked report, or draft it again; it goes to the office's list for reports.

    It says what `report render` writes: the text from its figures and what people wrote. With `--content` or `--file` it is
    refused where that is not what was read.
    """
    asked = {"report": stream_of(office, period), "content": _digest(content, file) or None, "summary": summary or None}
    return Asked(office, "draft_report", asked, Role.HUB)


@asks()
def comment(
    office: Office,
    period: Period,
    unit: OfUnit,
    text: Said,
    capacity: Annotated[Role, typer.Option(help="In which capacity.")] = Role.UNIT_LEADER,
) -> Asked:
    """Say what a unit thinks of the draft."""
    asked = {"report": stream_of(office, period), "comment": text}
    return Asked(office, "comment_on_report", asked, capacity, unit=unit)


@asks(by="TCHCQT")
def submit(
    office: Office,
    period: Period,
) -> Asked:
    """Put it before whoever signs."""
    return Asked(office, "submit_report", {"report": stream_of(office, period)}, Role.HUB)


@asks(by="CVP")
def give_back(
    office: Office,
    period: Period,
    reason: Reason,
    role: Annotated[Role, typer.Option(help="chief or deputy.")] = Role.CHIEF,
) -> Asked:
    """Send it back, before signing, with what is to be changed."""
    asked = {"report": stream_of(office, period), "reason": reason}
    return Asked(office, "return_report", asked, role)


@asks(by="CVP")
def sign(
    office: Office,
    period: Period,
    capacity: Annotated[SigningCapacity, typer.Option(help="truc_tiep by the head, KT by a deputy, Q, TUQ.")],
    content: Content = "",
    file: Of = None,
    role: Annotated[Role | None, typer.Option(help="chief or deputy (default: by the capacity).")] = None,
) -> Asked:
    """Sign it, while its figures stand as they were locked."""
    asked = {"report": stream_of(office, period), "capacity": capacity.value, "content": _digest(content, file) or None}
    acts_as = role or (Role.DEPUTY if capacity is SigningCapacity.FOR_THE_HEAD else Role.CHIEF)
    return Asked(office, "sign_report", asked, acts_as)


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


@asks(by="VT")
def book(
    office: Office,
    book: Book,
    year: Annotated[int, typer.Option(help="The year of its numbers.")],
    pattern: Annotated[str, typer.Option(help="The symbol, such as {number}/BC-VPUB.")],
    internal: Annotated[bool, typer.Option("--internal", help="Consecutive, numbered at issue; else typed in.")] = False,
) -> Asked:
    """Open the register that an office's reports are numbered in, for a year."""
    asked = {"office": office, "book": book, "year": year, "external": not internal, "pattern": pattern}
    return Asked(office, "open_report_register", asked, Role.REGISTRY)


def registers(
    office: Office,
    year: Annotated[int, typer.Option(help="Only of this year.", show_default=False)] = 0,
    data: Data = None,
    tenant: Tenant = None,
    as_json: AsJson = False,
) -> None:
    """List the registers that an office's reports are numbered in, the latest year ahead."""
    found = answered(
        installation(data, tenant), office, lambda queries, asker: queries.papers.registers(asker, office, year or None)
    )
    columns = {"year": "year", "book": "book", "external": "external", "pattern": "pattern", "taken": "taken"}
    columns |= {"voided": "voided", "last": "last", "next": "next"}
    listing(
        [asdict(each) for each in found],
        columns,
        as_json=as_json,
        empty=f"{office} has opened no such book: `doithoai report book` does.",
    )


@asks(by="VT")
def number(
    office: Office,
    period: Period,
    book: Book,
    number: InBook = None,
) -> Asked:
    """Give it its number; an internal register issues it with it."""
    asked = {"report": stream_of(office, period), "book": book, "number": number}
    return Asked(office, "number_report", asked, Role.REGISTRY)


@asks(by="VT")
def issue(
    office: Office,
    period: Period,
    book: Annotated[str, typer.Option(help="Register, where it has no number yet.")] = "",
    number: InBook = None,
    means: Annotated[DispatchMeans | None, typer.Option(help="Send it to its whole list, so.")] = None,
) -> Asked:
    """Issue it; with --means it is sent to every line of its list."""
    sent = means.value if means is not None else None
    asked = {"report": stream_of(office, period), "book": book or None, "number": number, "means": sent}
    return Asked(office, "issue_report", asked, Role.REGISTRY)


@asks(by="VT")
def dispatch(
    office: Office,
    period: Period,
    recipient: Recipient,
    means: Means,
    purpose: Annotated[str, typer.Option(help="For what.")] = "Kính gửi",
) -> Asked:
    """Record that it was sent to a recipient."""
    asked = {"report": stream_of(office, period), "recipient": recipient, "purpose": purpose, "means": means.value}
    return Asked(office, "dispatch_report", asked, Role.REGISTRY)


@asks(by="VT")
def ack(
    office: Office,
    period: Period,
    recipient: Recipient,
    capacity: Annotated[Role, typer.Option(help="registry on its behalf, recipient for itself.")] = Role.REGISTRY,
) -> Asked:
    """Record that a recipient has it: itself, or the registry for one that does not answer here."""
    asked = {"report": stream_of(office, period), "recipient": recipient}
    return Asked(office, "acknowledge_report", asked, capacity)


@asks(by="VT")
def publish(
    office: Office,
    period: Period,
    place: Annotated[str, typer.Option(help="Where: trang_tin_van_phong, cong_thong_tin, niem_yet_tru_so, or another code.")],
    content: Annotated[str, typer.Option(help="SHA-256 of what stands there, hex.")] = "",
    file: Annotated[
        Path | None, typer.Option(help="What stands there: its SHA-256 is taken.", exists=True, dir_okay=False)
    ] = None,
    redacted: Annotated[bool, typer.Option("--redacted", help="Parts of it were taken out.")] = False,
) -> Asked:
    """Record that it was made public: what `report render` writes of an issued report, or less of it with --redacted."""
    if bool(content) == (file is not None):
        raise typer.BadParameter("is given, or --content is", param_hint="--file")
    asked = {"report": stream_of(office, period), "place": place, "content": _digest(content, file), "redacted": redacted}
    return Asked(office, "publish_report", asked, Role.REGISTRY)


@asks(by="CVP")
def recall(
    office: Office,
    period: Period,
    reason: Reason,
    role: Annotated[Role, typer.Option(help="chief, deputy or registry.")] = Role.CHIEF,
) -> Asked:
    """Take it back after it was issued; `report supersede` corrects it."""
    asked = {"report": stream_of(office, period), "reason": reason}
    return Asked(office, "recall_report", asked, role)


@asks(by="TCHCQT")
def supersede(
    office: Office,
    period: Period,
    reason: Reason,
) -> Asked:
    """Open a corrected report of the same window, period PERIOD-DC1: it takes this one's place when it is issued."""
    asked = {"report": stream_of(office, period), "reason": reason}
    return Asked(office, "supersede_report", asked, Role.HUB)


def _digest(content: str, file: Path | None) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest() if file is not None else content
