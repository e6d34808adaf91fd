"""What a report's paper says of how far it has come: whom it reached and when, and which steps of the ladder were taken."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import orjson

from services.reporting.domain.document.stage import Circulation, must_have
from services.reporting.domain.report.ladder import Step
from shared.calendar import local_day
from shared.clock import instant
from shared.papers.projections import lines_of
from shared.papers.queries import Kept, delivered_to

NOBODY: Final = Circulation((), {}, ())
# The fact that takes a step; of comments and submissions the last one counts, because a paper can be returned.
TAKEN: Final[Mapping[str, Step]] = {
    "document.drafted": Step.DRAFT,
    "document.commented": Step.COMMENT,
    "document.submitted": Step.SUBMIT,
    "document.signed": Step.SIGN,
}


def circulation(paper: Kept | None) -> Circulation:
    """Whom it must reach, whom it was sent to, and who has it."""
    if paper is None:
        return NOBODY
    sent: dict[str, date] = {}
    for step in paper.steps:
        if step["type"] == "document.dispatched":
            sent.setdefault(orjson.loads(step["detail"])["recipient"], _day(step))
    return Circulation(must_have(lines_of(paper.row)), sent, delivered_to(paper.steps))


def taken(paper: Kept | None) -> dict[Step, date]:
    """On which day each step was taken, by the office's word; comments and submission as they were last."""
    if paper is None:
        return {}
    days: dict[Step, date] = {}
    for row in paper.steps:
        step = TAKEN.get(row["type"])
        if step is not None and not (step is Step.DRAFT and step in days):
            days[step] = _day(row)
    sent_on = circulation(paper).sent_on
    return days if sent_on is None else {**days, Step.DISPATCH: sent_on}


def told(paper: Kept | None, known: Circulation) -> dict[str, Any] | None:
    """The paper as a report shows it: stage, number, signer, recipients, steps; words as references."""
    if paper is None:
        return None
    row = paper.row
    return {
        "document": row["document_id"],
        "state": row["state"],
        "version": row["version"],
        "content": row["content"],
        "number": row["symbol"],
        "issued_on": row["issued_on"],
        "signer": row["signer"],
        "capacity": row["capacity"],
        "recipients": [
            {
                "recipient": line.recipient,
                "purpose": line.purpose,
                "mandatory": line.mandatory,
                "sent_on": known.sent[line.recipient].isoformat() if line.recipient in known.sent else None,
                "delivered": line.recipient in known.delivered,
            }
            for line in lines_of(row)
        ],
        "steps": [_step(each) for each in paper.steps],
    }


def _step(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": row["type"],
        "at": instant(row["at"]).isoformat(),
        "person": row["person"],
        "unit": row["unit"],
        "capacity": row["role"],
        "detail": orjson.loads(row["detail"]),
        "words": row["words_ref"],
    }


def _day(row: Mapping[str, Any]) -> date:
    return local_day(instant(row["at"]))
