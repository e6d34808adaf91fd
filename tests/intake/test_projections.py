"""Opinions and what became of them as the read side holds them: the same whether followed one by one or rebuilt."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import MetaData, select

from services.intake.readmodel.batches.tables import BATCHES
from services.intake.readmodel.consolidations.tables import CONSOLIDATIONS
from services.intake.readmodel.feeds import FEED_TABLES
from services.intake.readmodel.opinions.tables import OPINIONS
from services.intake.readmodel.submissions.tables import SUBMISSIONS
from shared.contracts.meeting import MeetingCancelled
from shared.contracts.registry import all_events
from shared.database import Database
from shared.eventlog import codec
from shared.subscriptions.declared import Projection
from shared.subscriptions.rows import RowBuffer
from tests.intake.files import two_files
from tests.intake.house import House, house, house_on_postgres
from tests.intake.lives import of_the_case, whole_lives
from tests.intake.rounds import CONFERENCE, both_rounds
from tests.intake.submissions import every_life
from tests.support.scenario import sealed


@pytest.fixture(name="either", params=["sqlite", pytest.param("postgres", marks=pytest.mark.servers)])
async def on_either(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[House]:
    """The house on SQLite, and on PostgreSQL as the application's role."""
    if request.param == "sqlite":
        async with house(tmp_path) as made:
            yield made
    else:
        address, name = request.getfixturevalue("postgres"), request.getfixturevalue("database_name")
        async with house_on_postgres(address, name) as made:
            yield made


async def rows(database: Database, tables: MetaData = OPINIONS) -> list[dict[str, Any]]:
    async with database.read() as connection:
        return [
            dict(row)
            for table in tables.sorted_tables
            for row in (await connection.execute(select(table).order_by(*table.primary_key))).mappings()
        ]


async def rounds_and_a_cancelled_meeting(house: House) -> None:
    await both_rounds(house)
    await house.happen("assignment", {CONFERENCE: [MeetingCancelled(reason=sealed(1))]})
    await house.follow()


async def test_a_rebuild_gives_what_was_followed_one_by_one(either: House) -> None:
    await whole_lives(either)
    followed = await rows(either.database)
    # Opinions with the two parts, who spoke, receipts, one case, two to tell, four that ended so, one into which another went.
    assert len(followed) == 10 + 10 + 8 + 1 + 2 + 5
    assert (await either.following.rebuild("opinions", check=True)).equal
    assert (await either.following.rebuild("opinions")).swapped
    assert await rows(either.database) == followed


@pytest.mark.parametrize(
    ("tables", "name", "count", "live"),
    [
        (CONSOLIDATIONS, "consolidations", 4 + 2 + 1 + 1, rounds_and_a_cancelled_meeting),
        (SUBMISSIONS, "submissions", 9 + 5 + 9, every_life),  # received, what became of those handed on, receipts
        (BATCHES, "batches", 2 + 3 + 1, two_files),
    ],
    ids=["consolidations", "submissions", "batches"],
)
async def test_a_rebuild_of_what_came_beside_opinions_gives_what_was_followed_one_by_one(
    either: House, tables: MetaData, name: str, count: int, live: Callable[[House], Awaitable[Any]]
) -> None:
    await live(either)
    followed = await rows(either.database, tables)
    assert len(followed) == count
    assert (await either.following.rebuild(name, check=True)).equal
    assert (await either.following.rebuild(name)).swapped
    assert await rows(either.database, tables) == followed


@pytest.mark.parametrize(
    ("name", "live"),
    [("opinions", whole_lives), ("submissions", every_life), ("consolidations", rounds_and_a_cancelled_meeting)],
    ids=["opinions", "submissions", "consolidations"],
)
async def test_which_of_the_two_logs_arrives_first_is_of_no_account(
    house: House, tmp_path: Path, name: str, live: Callable[[House], Awaitable[Any]]
) -> None:
    await live(house)
    projection = declared_in(house)[name]
    other = Database(f"sqlite+aiosqlite:///{tmp_path / 'other.db'}")
    async with other.write() as connection:
        await connection.run_sync(projection.tables.create_all)
        buffer = RowBuffer(connection)
        for log in (house.logs["assignment"], house.log):
            for record in (await log.read(0, 1_000)).records:
                if record.type in projection.events:
                    await projection.apply(codec.read(record), buffer)
        await buffer.flush()
    assert await rows(other, projection.tables) == await rows(house.database, projection.tables)
    await other.close()


def declared_in(house: House) -> dict[str, Projection]:
    """The service's own projections, by name."""
    return {
        each.name: each
        for each in house.service.subscriptions
        if isinstance(each, Projection) and each.name != "intake_directory"
    }


async def test_a_referred_opinion_shows_where_its_case_stands_and_the_due_date_in_force(house: House) -> None:
    receipt = (await house.receive(local_id="BTCD-1")).answer["receipt"]
    opinion = await house.referred(local_id="BTCD-1")
    seen = []
    for fact in (None, *of_the_case(opinion).values()):
        if fact is not None:
            await house.become(opinion, fact)
        async with house.client() as client:
            answer = await client.get(f"/intake/api/receipts/{receipt}", headers={"After-Position": "intake=1"})
        assert answer.json()["stage"] == "da_chuyen"
        seen.append((answer.json()["case_stage"], answer.json()["due"]))
    assert seen == [
        ("cho_phan_cong", "2023-01-30"),
        ("da_phan_cong", "2023-01-30"),
        ("cho_phan_cong", "2023-01-30"),
        ("da_phan_cong", "2023-01-30"),
        ("da_tra_loi", "2023-01-30"),
        ("da_giai_quyet", "2023-01-30"),
        ("dong", "2023-01-30"),
        ("mo_lai", "2023-02-15"),
    ]


async def test_a_projection_reads_every_event_of_its_streams(house: House) -> None:
    projections = declared_in(house)
    for name, kinds in (
        ("opinions", {"opinion"}),
        ("consolidations", {"consolidation"}),
        ("batches", {"batch"}),
        ("submissions", {"request_receipt", "proposal_receipt"}),
    ):
        named = {declared.name for declared in all_events() if declared.stream_kind in kinds}
        assert named == {event for event in projections[name].events if event.partition(".")[0] in kinds}


async def test_tables_begin_with_their_projection_s_name_and_what_is_kept_is_none_of_them(house: House) -> None:
    projections = {name: each for name, each in declared_in(house).items() if name != "opinion_dues"}
    for name, projection in projections.items():
        assert all(table.startswith(f"{name}_") for table in projection.tables.tables)
        assert not set(projection.tables.tables) & set(FEED_TABLES.tables)
