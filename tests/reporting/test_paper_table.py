"""The state table of a report's text and paper in the service's README says what the decider does.

`python -m tests.reporting.test_paper_table` prints it.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from services.reporting.domain.document import commands as asked
from shared.contracts.document import (
    DispatchMeans,
    DocumentCommented,
    DocumentPublished,
    DocumentRecalled,
    DocumentReturned,
    DocumentSuperseded,
    SigningCapacity,
)
from shared.contracts.report import ReportDrafted, Section
from shared.contracts.roles import Role
from shared.documents.states import label
from tests.reporting import papers
from tests.reporting.papers import CORRECTED, PAPER, REPORT, paper, told
from tests.shared.documents.papers import ATTACHED
from tests.support.scenario import sealed
from tests.support.signatures import by_key
from tests.support.state_tables import Table, outcome, show, written

README: Final = (Path(__file__).parents[2] / "services" / "reporting" / "README.md").read_text(encoding="utf-8")
HEADING: Final = "Its text and paper"
STAGES: Final[Mapping[str, tuple[Any, ...]]] = {
    "(chốt số liệu, chưa dự thảo)": (),
    "du_thao": (papers.DRAFTED,),
    "lay_y_kien": (papers.DRAFTED, DocumentCommented(unit="TH", comment=sealed())),
    "trinh_ky": papers.SUBMITTED,
    "tra_lai": (*papers.SUBMITTED, DocumentReturned(by="cvp-01", reason=sealed())),
    "da_ky": papers.SIGNED,
    "da_cap_so": (*papers.SIGNED, papers.NUMBERED),
    "da_phat_hanh": papers.ISSUED,
    "da_gui": papers.SENT,
    "da_cong_khai": (*papers.SENT, DocumentPublished(place="TTDT", content=papers.TEXT, redacted=False)),
    "thu_hoi": (*papers.SENT, DocumentRecalled(reason=sealed())),
    "thay_the": (*papers.SENT, DocumentSuperseded(by=CORRECTED, reason=None)),
}
COMMANDS: Final[Mapping[str, Any]] = {
    "write_section": asked.WriteSection(report=REPORT, section=Section.TASKS, words=sealed()),
    "draft_report": asked.DraftReport(report=REPORT, summary=sealed()),
    "comment_on_report": asked.CommentOnReport(report=REPORT, comment=sealed()),
    "submit_report": asked.SubmitReport(report=REPORT),
    "return_report": asked.ReturnReport(report=REPORT, reason=sealed()),
    "sign_report": asked.SignReport(report=REPORT, capacity=SigningCapacity.IN_PERSON),
    "attach_signed_report": asked.AttachSignedReport(report=REPORT, file=ATTACHED.copy.file),
    "number_report": asked.NumberReport(report=REPORT, book="BC-VPUB", number=45),
    "issue_report": asked.IssueReport(report=REPORT),
    "dispatch_report": asked.DispatchReport(report=REPORT, recipient="SNV", purpose="Báo cáo", means=DispatchMeans.PAPER),
    "acknowledge_report": asked.AcknowledgeReport(report=REPORT, recipient="UBND-T"),
    "publish_report": asked.PublishReport(report=REPORT, place="BAO_SONLA", content=papers.TEXT, redacted=False),
    "recall_report": asked.RecallReport(report=REPORT, reason=sealed()),
    "supersede_report": asked.SupersedeReport(report=REPORT, reason=sealed()),
}
FACTS: Final = replace(
    told(capacity=Role.REGISTRY, unit="VT"),
    person="cvp-01",
    may_sign={"VPUB": frozenset({SigningCapacity.IN_PERSON})},
    by_key=by_key(PAPER, "cvp-01", SigningCapacity.IN_PERSON, papers.TEXT),
    attached=ATTACHED,
)


def table() -> Table:
    """Every command at every stage of the paper."""
    head = ["its paper", *(f"`{name}`" for name in COMMANDS)]
    return [head, *(_row(name, events) for name, events in STAGES.items())]


def _row(name: str, events: tuple[Any, ...]) -> list[str]:
    history = paper(*events, report=() if not events else (ReportDrafted(document=PAPER),))
    return [name, *(outcome(history, command, PAPER, FACTS, label) for command in COMMANDS.values())]


def test_the_table_in_the_readme_is_what_the_decider_does() -> None:
    assert written(README, HEADING) == table()


if __name__ == "__main__":
    show({HEADING: table})
