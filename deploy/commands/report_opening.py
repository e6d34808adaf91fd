"""The verbs of an opening balance: what an office brings along into its first report, and how it ends."""

from typing import Annotated, Any

import typer

from deploy.commands.look import answered
from deploy.commands.options import AsJson, Data, Tenant, installation
from deploy.commands.output import json_value, listing, out
from deploy.commands.report_asking import Asked, Office, Period, asks, stream_of
from shared.contracts.opening import Outcome
from shared.contracts.opinion import SourceGroup
from shared.contracts.roles import Role

LineNumber = Annotated[int, typer.Option(help="Number of the line, 1 to 500.")]
Count = Annotated[int, typer.Option(help="How many matters.")]


def register(report: typer.Typer) -> None:
    """Add the verbs to those of reports."""
    report.command()(bring)
    report.command()(unbring)
    report.command()(settle)
    report.command()(unsettle)
    report.command()(opening)


@asks(by="TCHCQT")
def bring(
    office: Office,
    period: Period,
    line: LineNumber,
    count: Count,
    document: Annotated[str, typer.Option(help="Number and symbol of the document that the count comes from.")],
    dated: Annotated[str, typer.Option(help="Its day (ISO).")],
    name: Annotated[str, typer.Option(help="What it is called.")],
    issuer: Annotated[str, typer.Option(help="Whose document it is: the body that issued it.")],
    field: Annotated[str, typer.Option(help="Key of the field; left out where it is not classified.")] = "",
    unit: Annotated[str, typer.Option(help="Key of the lead unit; left out where none has it.")] = "",
    locality: Annotated[str, typer.Option(help="Key of the locality; left out where it is not known.")] = "",
    source: Annotated[SourceGroup | None, typer.Option(help="The source group; left out where it is not known.")] = None,
    due: Annotated[str, typer.Option(help="By which day they are due (ISO); left out where no day is stated.")] = "",
) -> Asked:
    """Say how many matters of one row were open when the office's first report begins, and by which document."""
    asked = {
        "office": office,
        "report": stream_of(office, period),
        "line": line,
        "count": count,
        "document": {"number": document, "dated": dated, "name": name, "issuer": issuer},
        "field": field or None,
        "unit": unit or None,
        "locality": locality or None,
        "source": source.value if source else None,
        "due": due or None,
    }
    return Asked(office, "record_opening_line", asked, Role.HUB)


@asks(by="TCHCQT")
def unbring(
    office: Office,
    line: LineNumber,
    reason: Annotated[str, typer.Option(help="Why it is withdrawn.")],
) -> Asked:
    """Withdraw a line of the opening balance while its report, or the correction of it, is open."""
    asked = {"office": office, "line": line, "reason": reason}
    return Asked(office, "withdraw_opening_line", asked, Role.HUB)


@asks(by="TCHCQT")
def settle(
    office: Office,
    line: LineNumber,
    count: Count,
    outcome: Annotated[Outcome, typer.Option(help="How they ended; `recorded` where opinions of their own tell of them now.")],
    on: Annotated[str, typer.Option(help="On which day (ISO).")],
    reason: Annotated[str, typer.Option(help="By what this is known.")],
    document: Annotated[str, typer.Option(help="Number and symbol of the document that says so, if there is one.")] = "",
) -> Asked:
    """Say that so many matters of a line ended."""
    asked: dict[str, Any] = {"office": office, "line": line, "count": count, "outcome": outcome.value, "on": on}
    asked |= {"reason": reason, "document": document or None}
    return Asked(office, "settle_opening_line", asked, Role.HUB)


@asks(by="TCHCQT")
def unsettle(
    office: Office,
    line: LineNumber,
    settlement: Annotated[int, typer.Option(help="Which of the line's settlements, as `doithoai report opening` numbers them.")],
    reason: Annotated[str, typer.Option(help="Why it is withdrawn.")],
) -> Asked:
    """Withdraw a settlement that was wrong: its matters are open as before. A report locked since stands; the next adjusts."""
    asked = {"office": office, "line": line, "settlement": settlement, "reason": reason}
    return Asked(office, "withdraw_opening_settlement", asked, Role.HUB)


def opening(office: Office, data: Data = None, tenant: Tenant = None, as_json: AsJson = False) -> None:
    """List what an office brought along into its first report, and how much of each line is left."""
    found = answered(installation(data, tenant), office, lambda queries, asker: queries.openings.opening(asker, office))
    if as_json:
        json_value(found)
        return
    rows = [{**line, "document": line["document"]["number"], "settled": _settled(line["settled"])} for line in found["lines"]]
    columns = {
        "line": "dòng",
        "field": "lĩnh vực",
        "unit": "đơn vị",
        "locality": "địa bàn",
        "source": "nguồn",
        "due": "hạn",
        "count": "chuyển kỳ",
        "remain": "còn lại",
        "settled": "đã kết thúc",
        "document": "theo",
    }
    listing(rows, columns, as_json=False, empty=f"{office} brought nothing along: `doithoai report bring` records it.")
    if rows:
        out().print(f"{found['report']}: {found['total']}, còn lại {found['remain']}", markup=False)


def _settled(settlements: list[dict[str, Any]]) -> str:
    """`1: 2 resolved 2023-02-10; 3: 1 forwarded 2023-03-01`: what stands of what ended, by its number."""
    standing = (each for each in settlements if each["withdrawn"] is None)
    return "; ".join(f"{each['settlement']}: {each['count']} {each['outcome']} {each['on']}" for each in standing)
