"""The state tables of receipts and rounds in the service's README say what the deciders do."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

import pytest

from services.intake.domain.consolidation.commands import (
    AmendConsolidation,
    ReportConsolidation,
    ReturnConsolidation,
    SubmitConsolidation,
)
from services.intake.domain.submission.commands import (
    ReferProposal,
    ReferRequest,
    RejectProposal,
    RejectRequest,
    WithdrawRequestReceipt,
)
from services.intake.entrypoints.api import COMMANDS
from shared.contracts.consolidation import ConsolidationReported
from shared.contracts.submission import ReceiptRejection
from shared.desk import name_of
from tests.intake import test_consolidation_decider as rounds
from tests.intake import test_submission_decider as submissions
from tests.intake.stage import OPINION
from tests.intake.test_readme import README
from tests.support.scenario import Given, sealed
from tests.support.state_tables import by_type, outcome, show, written

# A row is a command, told what it is told; "otherwise" asks with other content.
Rows = Mapping[str, tuple[Any, Any]]

REJECT_REQUEST: Final = RejectRequest(request_receipt=submissions.REQUEST, reason=ReceiptRejection.UNCLEAR)
REFER_REQUEST: Final = ReferRequest(request_receipt=submissions.REQUEST)
WITHDRAW: Final = WithdrawRequestReceipt(request_receipt=submissions.REQUEST)
REQUESTS: Final[Mapping[str, Given]] = {
    "NoReceipt": submissions.NOTHING,
    "Received": submissions.ASKED,
    "Referred": submissions.after(submissions.ASKED, REFER_REQUEST),
    "Rejected": submissions.after(submissions.ASKED, REJECT_REQUEST),
    "Withdrawn": submissions.after(submissions.ASKED, WITHDRAW),
}
ON_REQUESTS: Final[Rows] = {
    "receive_request": (submissions.RECEIVE, submissions.handing_in(submissions.RECEIVE)),
    "receive_request, otherwise": (submissions.RECEIVE, submissions.handing_in(submissions.RECEIVE, content_key="c" * 64)),
    "refer_request": (REFER_REQUEST, submissions.told(REFER_REQUEST)),
    "reject_request": (REJECT_REQUEST, submissions.told(REJECT_REQUEST)),
    "withdraw_request_receipt": (WITHDRAW, submissions.told(WITHDRAW)),
}

REJECT_PROPOSAL: Final = RejectProposal(proposal_receipt=submissions.PROPOSAL, reason=ReceiptRejection.UNCLEAR)
REFER_PROPOSAL: Final = ReferProposal(proposal_receipt=submissions.PROPOSAL)
PROPOSALS: Final[Mapping[str, Given]] = {
    "NoReceipt": submissions.NOTHING,
    "Received": submissions.PROPOSED,
    "Referred": submissions.after(submissions.PROPOSED, REFER_PROPOSAL),
    "Rejected": submissions.after(submissions.PROPOSED, REJECT_PROPOSAL),
}
ON_PROPOSALS: Final[Rows] = {
    "receive_proposal": (submissions.PROPOSE, submissions.handing_in(submissions.PROPOSE)),
    "receive_proposal, otherwise": (submissions.PROPOSE, submissions.handing_in(submissions.PROPOSE, content_key="c" * 64)),
    "refer_proposal": (REFER_PROPOSAL, submissions.told(REFER_PROPOSAL)),
    "reject_proposal": (REJECT_PROPOSAL, submissions.told(REJECT_PROPOSAL)),
}

ROUNDS: Final[Mapping[str, Given]] = {
    "NoConsolidation": rounds.given(),
    "Open": rounds.given(rounds.OPENED),
    "Submitted": rounds.given(rounds.OPENED, rounds.NIL),
    "Reported": rounds.given(rounds.OPENED, rounds.NIL, ConsolidationReported(at=rounds.MEETING)),
}
LISTED: Final = replace(rounds.SUBMIT_NIL, nil=False, opinions=(OPINION,))
ON_ROUNDS: Final[Rows] = {
    name: (command, rounds.told(command))
    for name, command in {
        "open_consolidation": rounds.OPEN,
        "submit_consolidation": SubmitConsolidation(consolidation=rounds.ROUND, nil=True),
        "submit_consolidation, otherwise": LISTED,
        "amend_consolidation": AmendConsolidation(consolidation=rounds.ROUND, opinions=(OPINION,), reason=sealed(5)),
        "return_consolidation": ReturnConsolidation(consolidation=rounds.ROUND, reason=sealed(5)),
        "report_consolidation": ReportConsolidation(consolidation=rounds.ROUND, at=rounds.MEETING),
    }.items()
}


def _table(stream: str, states: Mapping[str, Given], rows: Rows) -> list[list[str]]:
    found = [["command \\ in", *states]]
    for name, (command, facts) in rows.items():
        code, _, how = name.partition(", ")
        assert [by_type(history.state(stream)) for history in states.values()] == list(states)
        cells = [outcome(history, command, stream, facts) for history in states.values()]
        found.append([f"`{code}`" + (f", {how}" if how else ""), *cells])
    return found


TABLES: Final[dict[str, Callable[[], list[list[str]]]]] = {
    "States of a request at its receipt": lambda: _table(submissions.REQUEST, REQUESTS, ON_REQUESTS),
    "States of a proposal at its receipt": lambda: _table(submissions.PROPOSAL, PROPOSALS, ON_PROPOSALS),
    "States of a unit's round": lambda: _table(rounds.ROUND, ROUNDS, ON_ROUNDS),
}


@pytest.mark.parametrize("heading", list(TABLES))
def test_a_state_table_says_what_the_decider_does(heading: str) -> None:
    assert written(README, heading) == TABLES[heading]()


def test_the_tables_have_a_row_for_every_command_that_people_ask() -> None:
    asked = {name_of(command) for _, command, _ in COMMANDS}
    about = {name for name in asked if name.endswith(("_request", "_request_receipt", "_proposal", "_consolidation"))}
    assert about == {row.partition(",")[0] for rows in (ON_REQUESTS, ON_PROPOSALS, ON_ROUNDS) for row in rows}


if __name__ == "__main__":
    show(TABLES)
