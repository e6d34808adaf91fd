"""The service on PostgreSQL as the application's role: it answers as on SQLite, and takes a feed in from any partition."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from services.intake.readmodel.feeds import PARKED, items, record_item
from services.intake.readmodel.opinions.queries import Filters
from shared.eventlog.schema import APP_ROLE
from shared.vault.port import ERASED
from tests.intake.feeding import outcomes, poison
from tests.intake.files import two_files
from tests.intake.house import FEEDER, HUB, OTHER_OFFICE, House, house_on_postgres
from tests.intake.lives import whole_lives
from tests.intake.rounds import both_rounds
from tests.intake.submissions import every_life
from tests.support.strange import failures

pytestmark = pytest.mark.servers


@pytest.fixture
async def there(postgres: str, database_name: str) -> AsyncIterator[House]:
    async with house_on_postgres(postgres, database_name) as made:
        yield made


async def answers(house: House) -> list[Any]:
    """What the service says of whole lives, question by question."""
    taken = await whole_lives(house)
    queries = house.service.queries.opinions
    found: list[Any] = []
    for by, office in ((HUB, "VPUB"), (OTHER_OFFICE, "UBND-MSO")):
        cursor = None
        while True:
            page = await queries.of_office(by, office, Filters(), cursor=cursor, limit=3)
            found += page.items
            if (cursor := page.cursor) is None:
                break
    found += (await queries.of_unit(FEEDER, "BTCD", Filters(field="giao-thong"), cursor=None, limit=9)).items
    for opinion in taken:
        found += [await queries.opinion(HUB, opinion), await queries.words(HUB, opinion)]
    await house.feed(*[await house.opinion_fed(n) for n in (7, 8)], *(await poison(house, 9)).values())
    return [*found, *await house.fed(), *await beside_opinions(house)]


async def beside_opinions(house: House) -> list[Any]:
    """What it says of rounds, requests and proposals; ids follow from commands, which differ in nothing but their number."""
    lives, rounds, files = await every_life(house), await both_rounds(house), await two_files(house)
    asked: dict[str, Any] = {"office": "VPUB", "limit": 2}
    queries = house.service.queries
    found: list[Any] = []
    for question in (
        queries.requests.of_office,
        queries.proposals.of_office,
        queries.consolidations.asked,
        queries.consolidations.rounds,
        queries.batches.of_office,
    ):
        page = await question(HUB, **asked)
        found += page.items
        while page.cursor is not None:
            page = await question(HUB, **asked, cursor=page.cursor)
            found += page.items
    found += [await queries.requests.words(HUB, lives["rejected"]), await queries.requests.speaker(HUB, lives["met"])]
    found += [await queries.consolidations.words(HUB, rounds["BTCD"]), await queries.batches.rows(HUB, files[0])]
    return found


async def test_questions_are_answered_alike_on_both_databases(house: House, there: House) -> None:
    assert await answers(there) == await answers(house)


async def test_what_is_alike_is_found_there_too_and_what_must_go_is_destroyed(there: House) -> None:
    first, again = [(await there.receive()).stream for _ in range(2)]
    await there.follow()
    assert [each.id for each in await there.service.queries.opinions.similar(HUB, again, limit=9)] == [first]
    await there.ask("redact_opinion", HUB, opinion=first, words="Xin gặp lãnh đạo.", reason="Có tên người.")
    await there.follow()
    (certificate,) = await there.vault.erasures()
    assert await there.vault.open(certificate.subject, reader="p-test", purpose="test") is ERASED
    assert await there.service.queries.opinions.similar(HUB, again, limit=9) == []


async def test_the_service_does_its_work_in_the_application_s_role_and_cannot_take_back_what_it_wrote(there: House) -> None:
    await there.feed(await there.record(1, b"{"))
    async with there.database.read() as connection:
        assert await connection.scalar(select(func.current_user())) == APP_ROLE
    for statement in ("delete from feed_item", "delete from event", "update event set type = 'x'", "drop table feed_item"):
        with pytest.raises(DBAPIError):
            async with there.database.write() as connection:
                await connection.execute(text(statement))
    assert await outcomes(there) == [("parked", None, "not-json")]


async def test_numbers_of_one_unit_do_not_meet_though_it_writes_to_many_partitions(there: House) -> None:
    async def note(partition: int) -> None:
        for n in range(5):
            async with there.database.write() as connection:
                values = {"at": 0, "outcome": PARKED, "reason": "empty", "place": f"{partition}/{n}"}
                await record_item(connection, "sonla", "BTCD", values)
                await asyncio.sleep(0.002)

    await asyncio.gather(*map(note, range(4)))
    async with there.database.read() as connection:
        found = await items(connection, "sonla", "BTCD", 0, 100)
    assert [item.n for item in found] == list(range(1, 21))
    assert len({item.place for item in found}) == 20


async def test_batches_of_several_partitions_are_taken_in_at_once(there: House) -> None:
    batches = [
        [await there.opinion_fed(n, how={"partition": partition}, local_id=f"{partition}-{n}") for n in range(5)]
        for partition in range(4)
    ]
    await asyncio.gather(*(there.feed(*batch) for batch in batches))
    found = await there.fed()
    assert [item["outcome"] for item in found] == ["accepted"] * 20
    assert (await there.log.head()).position == 20


@pytest.mark.parametrize(
    "path", ["/opinions/%00", "/opinions/%00/words", "/units/BTCD%00/opinions", "/receipts/%00", "/feed/%00"]
)
async def test_a_path_that_no_database_takes_is_refused_and_fails_nowhere(there: House, path: str) -> None:
    async with there.client(HUB) as client:
        answer = await client.get(f"/intake/api{path}")
    assert answer.status_code == 422


async def test_two_clerks_at_once_hand_the_same_opinion_in_once(there: House) -> None:
    done = await asyncio.gather(*(there.receive(local_id="BTCD-1") for _ in range(8)))
    assert len({each.stream for each in done}) == 1
    assert len({each.answer["receipt"] for each in done}) == 1
    assert (await there.log.head()).position == 1


async def test_two_of_the_hub_at_once_end_an_opinion_by_one_fact(there: House) -> None:
    opinion = (await there.receive()).stream
    asked: list[tuple[str, dict[str, Any]]] = [
        ("reject_opinion", {"reason": "TRUNG"}),
        ("forward_opinion", {"to": "SGTVT"}),
        ("withdraw_opinion", {}),
    ] * 2
    done = await asyncio.gather(*(there.ask(name, HUB, opinion=opinion, **data) for name, data in asked), return_exceptions=True)
    assert len(await there.types(opinion)) == 2
    assert sum(isinstance(each, Exception) for each in done) == 4  # the same ending asked for twice changes nothing


async def test_whatever_is_asked_is_answered_or_refused_and_never_fails(there: House) -> None:
    await there.receive()
    for by in (HUB, FEEDER):
        async with there.client(by) as client:
            assert await failures(client, there.service.routes()) == {}
