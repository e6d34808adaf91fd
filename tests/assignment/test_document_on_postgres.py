"""Questions about papers, registers and files are answered alike on SQLite and on PostgreSQL."""

from typing import Any

import pytest

from deploy.servers.postgres import owner_url
from services.assignment.readmodel.documents.projections import (
    ATTACHMENTS_PROJECTION,
    DOCUMENTS_PROJECTION,
    REGISTERS_PROJECTION,
)
from services.assignment.readmodel.documents.queries import DocumentQueries
from shared.database import Database
from shared.eventlog import codec
from shared.papers.views import DocumentFilters
from shared.subscriptions.rows import RowBuffer
from tests.assignment.house import HUB, REGISTRY, House
from tests.assignment.test_document_api import drafted, furnished, signed
from tests.assignment.test_document_files import send
from tests.support.hosting import TENANT

pytestmark = pytest.mark.servers


async def answers(queries: DocumentQueries, paper: str, about: str) -> list[Any]:
    first = await queries.documents(HUB, "VPUB", limit=1)
    files = await queries.files(about=about)
    return [
        first,
        await queries.documents(HUB, "VPUB", cursor=first.cursor),
        await queries.documents(HUB, "VPUB", DocumentFilters(kind="ke_hoach", state="du_thao")),
        await queries.document(HUB, paper),
        await queries.words(HUB, paper),
        await queries.registers(REGISTRY, "VPUB"),
        await queries.register(REGISTRY, "VPUB", "TB-VPUB", 2023),
        await queries.register(REGISTRY, "VPUB", "TB-VPUB", 2023, after=3, limit=1),
        files,
        await queries.attached([files[0].file, "ab" * 32]),
    ]


async def test_questions_about_papers_are_answered_alike_on_postgresql(house: House, postgres: str, database_name: str) -> None:
    await furnished(house)
    paper = await signed(house)
    await house.ask("issue_document", REGISTRY, document=paper, book="TB-VPUB", number=3, means="giay")
    await house.ask("void_number", REGISTRY, office="VPUB", book="TB-VPUB", year=2023, number=7, reason="Đánh nhầm.")
    await drafted(house, "ke_hoach")
    assert (await send(house, HUB, paper)).status_code == 201
    await house.follow()
    database = Database(owner_url(postgres, database_name))
    records = (await house.log.read(0, 1_000)).records
    async with database.write() as connection:
        for projection in (DOCUMENTS_PROJECTION, REGISTERS_PROJECTION, ATTACHMENTS_PROJECTION):
            await connection.run_sync(projection.tables.create_all)
            rows = RowBuffer(connection)
            for record in records:
                if record.type in projection.events:
                    await projection.apply(codec.read(record), rows)
            await rows.flush()
    kernel = house.service.kernel
    words = house.service.queries.words
    here = DocumentQueries(database=kernel.database, tenant=TENANT, vault=kernel.vault, words=words)
    there = DocumentQueries(database=database, tenant=TENANT, vault=kernel.vault, words=words)
    assert await answers(there, paper, paper) == await answers(here, paper, paper)
    await database.close()
