"""The read side answers alike on SQLite and on PostgreSQL."""

from dataclasses import replace
from typing import Any

import pytest

from deploy.servers.postgres import owner_url
from services.assignment.app import build
from services.assignment.readmodel.cases.lists import CaseLists
from services.assignment.readmodel.cases.queries import Cases
from services.assignment.readmodel.cases.views import CaseOrder, Filters
from services.assignment.readmodel.queries import Queries
from services.assignment.readmodel.tasks.queries import Tasks
from services.assignment.readmodel.words.queries import Words
from services.assignment.readmodel.work.piles import Pile, piles_of
from services.assignment.readmodel.work.queries import Work
from services.assignment.readmodel.work.views import Order
from shared.database import Database
from shared.directory.queries import Directories
from shared.eventlog import codec
from shared.permit import Subject
from shared.subscriptions.declared import Projection
from shared.subscriptions.rows import RowBuffer
from shared.timeline import Timelines
from tests.assignment.house import (
    CHAIRMAN,
    CHIEF,
    DEPUTY,
    FEEDER,
    HUB,
    LEADER,
    PEOPLE,
    REGISTRY,
    SPECIALIST,
    House,
    furnish,
)
from tests.assignment.test_projections import whole_life
from tests.support.hosting import TENANT, on_postgres
from tests.support.strange import failures

pytestmark = pytest.mark.servers


async def answers(queries: Queries, case: str) -> list[Any]:
    pages = []
    cursor = None
    for _ in range(3):
        page = await queries.lists.office_cases(HUB, "VPUB", Filters(overdue=False, resolved=False), cursor=cursor, limit=1)
        pages.append(page)
        cursor = page.cursor
    detail = await queries.cases.case(HUB, case)
    assert detail.task is not None
    return [
        pages,
        detail,
        await queries.lists.unit_cases(FEEDER, "BTCD", office="VPUB", leading=False),
        await queries.lists.office_cases(HUB, "VPUB", Filters(words="boi duong"), order=CaseOrder.NEWEST),
        await queries.lists.views(HUB, "VPUB"),
        await queries.tasks.unit_tasks(LEADER, "TCHCQT"),
        await queries.tasks.task(LEADER, detail.task),
        (await queries.words.of(HUB, "case", case)).words,
        (await queries.words.of(LEADER, "task", detail.task)).words,
        (await queries.cases.answer(HUB, case, 2, "7Q2K9FXA3MBTW0000001/1")).parts,
        await queries.cases.answers(HUB, case),
        await queries.tasks.of_case(LEADER, case),
        [await queries.work.waiting(by, pile, order=order, limit=1) for by, pile, order in _piles()],
    ]


def _piles() -> list[tuple[Subject, Pile, Order]]:
    """Every pile of everybody, in both orders."""
    people = (CHIEF, DEPUTY, HUB, LEADER, SPECIALIST, REGISTRY, CHAIRMAN)
    return [(by, pile, order) for by in people for pile in piles_of(by) for order in Order]


async def test_questions_are_answered_alike_on_postgresql(house: House, postgres: str, database_name: str) -> None:
    case = await whole_life(house)
    for n in (2, 3):
        await house.refer(f"7Q2K9FXA3MBTW000000{n}")
    await house.follow()
    database = Database(owner_url(postgres, database_name))
    records = (await house.log.read(0, 1_000)).records
    async with database.write() as connection:
        for projection in house.service.subscriptions:
            if isinstance(projection, Projection):
                await connection.run_sync(projection.tables.create_all)
                rows = RowBuffer(connection)
                for record in records:
                    if record.type in projection.events:
                        await projection.apply(codec.read(record), rows)
                await rows.flush()
    usual: dict[str, Any] = {"database": database, "tenant": TENANT, "clock": house.clock, "vault": house.service.kernel.vault}
    directories = Directories(database, "assignment_directory", TENANT)
    timelines = Timelines(
        service="assignment", log=house.log, vault=house.service.kernel.vault, directories=directories, clock=house.clock
    )
    there = replace(
        house.service.queries,
        cases=Cases(**usual, directories=directories, timelines=timelines),
        lists=CaseLists(**usual, log=house.log, directories=directories),
        tasks=Tasks(database=database, tenant=TENANT, clock=house.clock, directories=directories),
        work=Work(
            database=database,
            tenant=TENANT,
            clock=house.clock,
            directories=directories,
            cases=Cases(**usual, directories=directories, timelines=timelines),
            people=house.service.queries.people,
        ),
        words=Words(**usual, log=house.log, directories=directories),
    )
    assert await answers(there, case) == await answers(house.service.queries, case)
    await database.close()


async def test_whatever_is_asked_is_answered_or_refused_and_never_fails(postgres: str, database_name: str) -> None:
    async with on_postgres(House, postgres, database_name, "assignment", build, beside="intake", people=PEOPLE) as there:
        await furnish(there)
        await there.refer("7Q2K9FXA3MBTW0000001")
        async with there.client(HUB) as client:
            assert await failures(client, there.service.routes()) == {}
