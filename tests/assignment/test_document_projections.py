"""The read side of papers tells of each the stage that its history folds to."""

from datetime import UTC, date, datetime
from functools import reduce
from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from shared.clock import micros
from shared.contracts.document import DispatchMeans, DocumentDrafted, DocumentKind, Line
from shared.contracts.refusals import Refused
from shared.database import Database
from shared.documents import lifecycle
from shared.documents.states import INITIAL, LABELS, NoDocument, evolve, label
from shared.eventlog import codec
from shared.eventlog.records import Record, Recorded
from shared.papers.projections import project_document
from shared.papers.tables import DOCUMENTS, documents_document, documents_step
from shared.subscriptions.rows import RowBuffer
from tests.shared.documents import papers
from tests.support.signatures import by_key

AT = datetime(2023, 2, 17, 2, tzinfo=UTC)
LISTS = ((), (papers.ALSO,), (papers.MUST, papers.ALSO), (papers.MUST, Line(recipient="TH", purpose="Thực hiện", mandatory=True)))


def recorded(events: list[Any]) -> list[Recorded]:
    made = []
    for n, event in enumerate(events, start=1):
        name, version, data = codec.encode(event)
        meta = orjson.dumps({"actor": "p-1", "unit": "TH", "capacity": "hub"})
        at = micros(AT)
        record = Record("assignment/sonla", n, papers.DOCUMENT, n, uuid4(), name, version, data, meta, at, at, b"", b"")
        made.append(Recorded(record, event))
    return made


def lives() -> st.SearchStrategy[list[Any]]:
    """Histories of a paper that its life cycle allows."""

    @st.composite
    def life(draw: st.DrawFn) -> list[Any]:
        lines = draw(st.sampled_from(LISTS))
        first = DocumentDrafted(
            kind=DocumentKind.NOTICE, office="VPUB", about=None, summary=papers.WORDS, content=None, recipients=lines
        )
        events: list[Any] = [first]
        for step in draw(st.lists(st.sampled_from(sorted(STEPS)), max_size=14)):
            state = reduce(evolve, events, INITIAL)
            try:
                events += STEPS[step](state)
            except Refused:
                continue
        return events

    return life()


STEPS: dict[str, Any] = {
    "comment": lambda state: lifecycle.comment(state, "TH", papers.WORDS),
    "submit": lambda state: lifecycle.submit(state, "p-hub"),
    "return": lambda state: lifecycle.give_back(state, "p-chief", papers.WORDS),
    "sign": lambda state: lifecycle.sign(
        state,
        document=papers.DOCUMENT,
        signer="p-chief",
        capacity=papers.SIGNED.capacity,
        may_sign=frozenset({papers.SIGNED.capacity}),
        by_key=by_key(papers.DOCUMENT, "p-chief", papers.SIGNED.capacity, None),
    ),
    "number": lambda state: lifecycle.number(state, papers.NUMBERED),
    "issue": lambda state: lifecycle.issue(state, date(2023, 2, 17)),
    "send": lambda state: lifecycle.dispatch(state, "BDVTU", "Báo cáo", DispatchMeans.PAPER),
    "copy": lambda state: lifecycle.dispatch(state, "SNV", "Báo cáo", DispatchMeans.PAPER),
    "pass": lambda state: lifecycle.dispatch(state, "TH", "Thực hiện", DispatchMeans.PAPER),
    "deliver": lambda state: lifecycle.deliver(state, "BDVTU", on_behalf=True),
    "publish": lambda state: lifecycle.publish(state, place="TTDT", content=papers.REDACTED, redacted=True),
    "recall": lambda state: lifecycle.recall(state, papers.WORDS),
    "supersede": lambda state: lifecycle.supersede(
        state, papers.DOCUMENT, by=papers.OTHER, successor=papers.after(*papers.TO_ISSUE)
    ),
}


@pytest.fixture
async def database(tmp_path: Path) -> Any:
    made = Database(f"sqlite+aiosqlite:///{tmp_path / 'read.db'}")
    yield made
    await made.close()


async def shown(database: Database, events: list[Any]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    async with database.write() as connection:
        await connection.run_sync(DOCUMENTS.drop_all)
        await connection.run_sync(DOCUMENTS.create_all)
        rows = RowBuffer(connection)
        for each in recorded(events):
            await project_document(each, rows)
        await rows.flush()
    async with database.read() as connection:
        row = (await connection.execute(select(documents_document))).mappings().one()
        steps = (await connection.execute(select(documents_step).order_by(documents_step.c.version))).mappings()
        return dict(row), [dict(step) for step in steps]


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(life=lives())
async def test_the_row_of_a_paper_and_each_step_of_its_history_say_the_stage_it_folds_to(
    database: Database, life: list[Any]
) -> None:
    row, steps = await shown(database, life)
    stages, state = [], INITIAL
    for event in life:
        state = evolve(state, event)
        stages.append(label(state))
    assert not isinstance(state, NoDocument)
    assert (row["state"], row["version"]) == (label(state), len(life))
    assert [step["state"] for step in steps] == stages
    assert row["symbol"] == state.paper.symbol
    assert set(row["sent_to"].split()) == {sending.recipient for sending in state.paper.sendings}


@pytest.mark.parametrize("stage", [name for name in papers.HISTORIES if name in LABELS.values()])
async def test_every_stage_is_shown(database: Database, stage: str) -> None:
    row, _ = await shown(database, list(papers.HISTORIES[stage]))
    assert row["state"] == stage
