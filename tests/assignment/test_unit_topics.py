"""Each unit's stream on a topic of its own: the same items as over HTTP, in their order, once each."""

from collections.abc import Sequence
from typing import Any

import orjson
import pytest

from services.assignment.entrypoints.consumers import ItemNotYet, unit_streams, units_told
from services.assignment.readmodel.tasks.projections import ITEM_EVENTS
from shared.eventlog import codec
from shared.subscriptions import effects
from shared.subscriptions.schema import LEDGER
from tests.assignment.house import CHIEF, HUB, LEADER, OTHER_UNIT, SPECIALIST, House
from tests.assignment.test_task_stream import given_to, items, joins_up
from tests.support.hosting import TENANT


class Pipe:
    """Keeps what was put out, by topic."""

    def __init__(self) -> None:
        self.put_out: dict[str, list[dict[str, Any]]] = {}
        self.headers: list[dict[str, bytes]] = []

    async def put(self, topic: str, key: bytes, value: bytes, headers: Sequence[tuple[str, bytes]]) -> None:
        item = orjson.loads(value)
        assert key.decode() == item["task"]
        self.put_out.setdefault(topic, []).append(item)
        self.headers.append(dict(headers))


async def lived(house: House) -> None:
    case, task = await given_to(house, "7Q2K9FXA3MBTW0000001", "TCHCQT")
    _, other = await given_to(house, "7Q2K9FXA3MBTW0000002", "TH")
    await house.ask("accept_task", LEADER, task=task)
    await house.ask("submit_answer", SPECIALIST, case=case, answer="Dự thảo một.")
    await house.ask("return_answer", CHIEF, case=case, reason="Thiếu nguồn kinh phí.")
    await house.ask("return_task", OTHER_UNIT, task=other, reason="Không thuộc chức năng.")
    await house.ask("recall_case", CHIEF, case=case, reason="Giao lại.")
    await house.ask("propose_assignment", HUB, case=case, lead="TH", coordinating=[])
    await house.follow()


async def put_out(house: House, pipe: Pipe) -> None:
    """Everything that the log has, as the subscription would, batch by batch."""
    dispatch = unit_streams(house.service.queries.tasks, pipe, TENANT)
    sending = effects.Dispatching(dispatch, house.database, house.clock)
    for record in (await house.log.read(0, 500)).records:
        if record.type in ITEM_EVENTS:
            await sending.again(codec.read(record))


async def test_what_a_unit_reads_on_its_topic_is_what_it_reads_over_http(house: House) -> None:
    await lived(house)
    pipe = Pipe()
    await put_out(house, pipe)
    assert pipe.put_out == {f"tasks.{TENANT}.TCHCQT": await items(house), f"tasks.{TENANT}.TH": await items(house, "TH")}
    assert all(joins_up(found) and found for found in pipe.put_out.values())
    for headers in pipe.headers:
        assert headers["ce_specversion"] == b"1.0"
        assert headers["ce_source"].startswith(f"/assignment/{TENANT}/units/".encode())
    assert len({headers["ce_id"] for headers in pipe.headers}) == len(pipe.headers)


async def test_read_again_nothing_leaves_twice(house: House) -> None:
    await lived(house)
    pipe, again = Pipe(), Pipe()
    await put_out(house, pipe)
    await put_out(house, again)
    assert again.put_out == {}
    async with house.database.read() as connection:
        states = {row.state for row in await connection.execute(LEDGER.select())}
    assert states == {"sent"}


async def test_an_item_that_the_read_model_does_not_have_yet_is_waited_for(house: House) -> None:
    await lived(house)
    record = next(each for each in (await house.log.read(0, 500)).records if each.type == "task.assigned")
    [message] = units_told(codec.read(record))
    ahead = type(message)(recipient="TH", channel="kafka", body={**message.body, "unit": "TH"})
    with pytest.raises(ItemNotYet):
        await unit_streams(house.service.queries.tasks, Pipe(), TENANT).send(ahead)
