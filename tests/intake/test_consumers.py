"""What units' systems feed: opinions are taken in, and what is not fit is parked where its sender alone sees why."""

from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import select

from services.intake.entrypoints.consumers import MAX_BYTES, TYPE, Unfit, read, signature, unit_of
from services.intake.readmodel.feeds import feed_item
from services.intake.readmodel.reasons import REASONS
from shared.directory.queries import DirectoryNotYet
from shared.feeds.foreign import ForeignRecord
from tests.intake.feeding import outcomes, poison
from tests.intake.house import (
    ADMIN,
    CHIEF,
    FEEDER,
    FORM,
    HUB,
    OTHER_OFFICE,
    OTHER_UNIT,
    House,
    bare_house,
)

KEY = b"k" * 32
FED = {**FORM, "channel": "he_thong", "local_id": "BTCD-1"}


def told(value: bytes | None, *headers: tuple[str, bytes | None], signed: bytes | None = None, type: str = TYPE) -> ForeignRecord:
    """A record of BTCD signed with KEY; further headers follow."""
    signing = ("ce_signature", signature(KEY, value or b"" if signed is None else signed).encode())
    return ForeignRecord("feed", 0, 0, 0, b"BTCD", value, (("ce_type", type.encode()), signing, *headers))


def said(**changed: Any) -> bytes:
    return orjson.dumps({**FED, **changed})


def without(name: str) -> bytes:
    return orjson.dumps({key: value for key, value in FED.items() if key != name})


def test_a_record_is_read_into_the_opinion_that_its_unit_hands_in() -> None:
    fed = read(told(said(locality="MLA", speaker_name="Lò Văn Bình")), KEY)
    assert (fed.unit, fed.local_id, fed.occurred_at) == ("BTCD", "BTCD-1", None)
    assert fed.body.model_dump(mode="json", exclude_defaults=True) == {**FED, "locality": "MLA", "speaker_name": "Lò Văn Bình"}


def test_headers_of_other_makers_are_passed_over_whatever_they_hold() -> None:
    strange = [("traceparent", b"\xff"), ("reply_to", b"x"), ("reply_to", b"y"), ("", None), ("ce_id", b"1")]
    assert read(told(said(), *strange), KEY).local_id == "BTCD-1"


UNFIT: dict[str, tuple[ForeignRecord, str, str | None]] = {
    "nothing": (told(b""), "empty", None),
    "a tombstone": (told(None), "empty", None),
    "more than the bound": (told(b'{"words":"' + b"x" * MAX_BYTES + b'"}'), "too-large", None),
    "signed over other bytes": (told(said(), signed=said(words="Khác.")), "bad-signature", "ce_signature"),
    "not signed": (
        ForeignRecord("feed", 0, 0, 0, b"BTCD", said(), (("ce_type", TYPE.encode()),)),
        "bad-signature",
        "ce_signature",
    ),
    "signed in another script": (
        ForeignRecord("feed", 0, 0, 0, b"BTCD", said(), (("ce_signature", "chữ ký".encode()),)),
        *("bad-signature", "ce_signature"),
    ),
    "a header twice": (told(said(), ("ce_type", TYPE.encode())), "bad-header", "ce_type"),
    "a signature twice": (told(said(), ("ce_signature", b"x")), "bad-header", "ce_signature"),
    "a header without a value": (told(said(), ("ce_id", None)), "bad-header", None),
    "a header that is no text": (told(said(), ("ce_id", b"\xff\xfe")), "bad-header", None),
    "another type": (told(said(), type="opinion.fed.v2"), "unknown-type", "ce_type"),
    "no json": (told(b"{not json"), "not-json", None),
    "bytes that are no text": (told(b'{"words": "\xff\xfe"}'), "not-json", None),
    "deep json": (told(b"[" * 10_000), "not-json", None),
    "a key that stands twice": (told(b'{"local_id": "BTCD-1", "local_id": "BTCD-2"}'), "not-json", None),
    "json that is no object": (told(b"[1, 2]"), "not-json", None),
    "no local id": (told(without("local_id")), "local-id-missing", "local_id"),
    "an empty local id": (told(said(local_id="")), "local-id-missing", "local_id"),
    "a local id that cannot be": (told(said(local_id="1\x00")), "invalid", "local_id"),
    "no words": (told(without("words")), "invalid", "words"),
    "words over the bound": (told(said(words="x" * 20_001)), "invalid", "words"),
    "a control character": (told(said(words="a\x00b")), "invalid", "words"),
    "words that are a list": (told(said(words=["a"])), "invalid", "words"),
    "a channel that is none": (told(said(channel="chim_bo_cau")), "invalid", "channel"),
    "a field that the form does not have": (told(said(**{"Lò Văn Bình\x00": 1})), "invalid", None),
    "a time without its zone": (told(said(occurred_at="2023-01-09T09:00:00")), "invalid", "occurred_at"),
    "a time that is none": (told(said(occurred_at=7)), "invalid", "occurred_at"),
}


@pytest.mark.parametrize("kind", UNFIT)
def test_what_no_opinion_can_be_made_of_is_unfit_for_one_reason(kind: str) -> None:
    record, reason, field = UNFIT[kind]
    with pytest.raises(Unfit) as unfit:
        read(record, KEY)
    assert (unfit.value.reason, unfit.value.field) == (reason, field)


def test_nothing_is_believed_of_a_record_before_its_signature() -> None:
    record = told(b"{not json", signed=b"something else", type="whatever")
    with pytest.raises(Unfit) as unfit:
        read(record, KEY)
    assert unfit.value.reason == "bad-signature"


@pytest.mark.parametrize("key", [None, b"", b"-", b"\xff\xfe", "phòng".encode(), b"A B", b"A\x00", b"X" * 33, b"../etc"])
def test_a_key_that_names_no_unit_names_nobody(key: bytes | None) -> None:
    assert unit_of(ForeignRecord("feed", 0, 0, 0, key, b"", ())) == "-"


async def items(house: House) -> list[dict[str, Any]]:
    """Everything that stands in the feeds, whosever it is."""
    async with house.database.read() as connection:
        rows = await connection.execute(select(feed_item).order_by(feed_item.c.unit, feed_item.c.n))
        return [dict(row) for row in rows.mappings()]


async def test_an_opinion_that_is_fed_is_received_in_the_name_of_its_unit(house: House) -> None:
    await house.feed(await house.opinion_fed(7, locality="MLA", occurred_at="2023-01-08T09:00:00+07:00"))
    (item,) = await house.fed()
    assert item == {
        "n": 1,
        "previous": 0,
        "at": "2023-01-09T02:00:00+00:00",
        "outcome": "accepted",
        "local_id": "BTCD-7",
        "opinion": item["opinion"],
        "reason": None,
        "field": None,
        "titles": None,
        "advice": None,
        "place": "0/7",
    }
    async with house.client(FEEDER) as client:
        path = f"/intake/api/opinions/{item['opinion']}"
        seen = (await client.get(path, headers={"After-Position": "intake=1"})).json()
    assert (seen["unit"], seen["office"], seen["local_id"], seen["channel"]) == ("BTCD", "VPUB", "BTCD-7", "he_thong")
    assert seen["received_at"] == "2023-01-08T02:00:00+00:00"
    (record,) = await house.log.read_stream(item["opinion"])
    metadata = orjson.loads(record.metadata)
    assert (metadata["actor"], metadata["capacity"], metadata["unit"]) == ("feed-btcd", "feeder", "BTCD")


async def test_a_provincial_body_feeds_opinions_for_an_office(house: House) -> None:
    await house.feed(await house.opinion_fed(1, "SGTVT", office="UBND-MSO"))
    async with house.client(OTHER_OFFICE) as client:
        listed = await client.get("/intake/api/offices/UBND-MSO/opinions", headers={"After-Position": "intake=1"})
    assert [item["unit"] for item in listed.json()["items"]] == ["SGTVT"]


async def test_what_is_not_fit_is_parked_with_its_reason_and_everything_else_flows_on(house: House) -> None:
    await house.feed(await house.opinion_fed(1))
    bad = await poison(house, 2)
    batch = [each for record in bad.values() for each in (record, await house.opinion_fed(100 + record.offset))]
    await house.feed(*batch)
    found = await house.fed()
    assert [item["n"] for item in found] == list(range(1, 2 * len(bad) + 2))
    assert [item["reason"] for item in found if item["outcome"] == "parked"] == list(bad)
    assert [item["local_id"] for item in found if item["outcome"] == "accepted"] == [
        "BTCD-1",
        *(f"BTCD-{100 + record.offset}" for record in bad.values()),
    ]
    assert (await house.log.head()).position == len(bad) + 1
    assert await house.parked_bodies() == [(record.value or b"")[:MAX_BYTES] or b"" for record in bad.values()]


async def test_the_item_of_a_refused_opinion_says_which_one_it_is(house: House) -> None:
    await house.feed(await house.opinion_fed(1))
    await house.feed(
        await house.opinion_fed(2, local_id="BTCD-1", words="Một ý kiến khác."), await house.opinion_fed(3, office="TH")
    )
    assert (await outcomes(house))[1:] == [("parked", "BTCD-1", "local-id-taken"), ("parked", "BTCD-3", "not-an-office")]


async def test_whatever_is_parked_is_told_to_its_sender_with_what_to_do_in_both_languages(house: House) -> None:
    bad = await poison(house, 2)
    await house.feed(await house.opinion_fed(1), *bad.values())
    parked = [item for item in await house.fed() if item["outcome"] == "parked"]
    assert [item["reason"] for item in parked] == list(bad)
    for item in parked:
        assert item["titles"].keys() == item["advice"].keys() == {"vi", "en"}
        assert all(item["titles"].values())
        assert all(item["advice"].values())
    assert len({item["titles"]["vi"] for item in parked}) == len(bad)  # each has a sentence of its own
    assert {reason for _, reason, _ in UNFIT.values()} <= REASONS.keys()


async def test_nothing_that_was_sent_stands_beside_the_reason_in_clear(house: House) -> None:
    await house.feed(
        await house.opinion_fed(1, words=" ", speaker_name="Lò Văn Bình"),
        await house.opinion_fed(2, **{"Lò Văn Bình": "sạt lở"}),
        await house.record(3, b"S\xe1t l\xe1t"),
        await house.record(4, b"{}", more=[("ce_Bình", None)]),
    )
    written = repr(await items(house))
    for words in ("Bình", "sạt lở", "lát", "l\\xe1t"):
        assert words not in written


async def test_what_nobody_sent_is_told_to_nobody(house: House) -> None:
    await house.feed(
        await house.opinion_fed(1, "NOWHERE"),
        await house.opinion_fed(2, "CU"),
        await house.opinion_fed(3, how={"key": None}),
        await house.opinion_fed(4, how={"key": b"\xff\xfe"}),
        await house.opinion_fed(5, how={"key": b"btcd"}),
    )
    assert [(item["unit"], item["n"], item["reason"], item["field"]) for item in await items(house)] == [
        ("-", n, "unknown-unit", "key") for n in (1, 2, 3, 4, 5)
    ]
    assert len(await house.parked_bodies()) == 5
    for by in (FEEDER, HUB, OTHER_UNIT, ADMIN):
        async with house.client(by) as client:
            assert (await client.get("/intake/api/feed/-")).status_code == 404
            assert (await client.get("/intake/api/feed/NOWHERE")).status_code == 404


async def test_a_feed_is_told_to_its_own_unit_only(house: House) -> None:
    await house.feed(await house.opinion_fed(1), await house.record(2, b"{"), await house.opinion_fed(3, "TH"))
    assert [item["place"] for item in await house.fed(FEEDER)] == ["0/1", "0/2"]
    assert [item["place"] for item in await house.fed(OTHER_UNIT)] == ["0/3"]
    for by in (OTHER_UNIT, HUB, CHIEF, OTHER_OFFICE, ADMIN):
        async with house.client(by) as client:
            answer = await client.get("/intake/api/feed/BTCD")
        assert (answer.status_code, answer.json()["code"]) == (404, "unknown")
        assert "opinion-" not in answer.text


async def test_the_items_of_a_feed_are_read_on_by_their_number_and_join_up(house: House) -> None:
    await house.feed(*[await house.opinion_fed(n, ("BTCD", "TH")[n % 2]) for n in range(10)])
    seen: list[dict[str, Any]] = []
    after = 0
    async with house.client(FEEDER) as client:
        while page := (await client.get("/intake/api/feed/BTCD", params={"after": after, "limit": 2})).json():
            if not page["items"]:
                break
            assert page["after"] == page["items"][-1]["n"]
            seen += page["items"]
            after = page["after"]
    assert [item["local_id"] for item in seen] == [f"BTCD-{n}" for n in range(0, 10, 2)]
    assert [item["previous"] for item in seen] == [0, *(item["n"] for item in seen)][: len(seen)]
    assert page == {"unit": "BTCD", "items": [], "after": after}


@pytest.mark.parametrize("asked", [{"after": -1}, {"after": "x"}, {"after": 2**63}, {"limit": 0}, {"limit": 201}])
async def test_a_wrong_place_in_the_feed_is_named(house: House, asked: dict[str, Any]) -> None:
    async with house.client(FEEDER) as client:
        answer = await client.get("/intake/api/feed/BTCD", params=asked)
    assert answer.status_code == 422
    assert next(iter(asked)) in answer.json()["errors"][0]["field"]


async def test_the_same_opinion_twice_over_the_feed_is_one(house: House) -> None:
    record = await house.opinion_fed(1)
    reordered = await house.record(3, orjson.dumps(dict(reversed(orjson.loads(record.value or b"").items()))))
    await house.feed(record, record._replace(offset=2), reordered)
    found = await house.fed()
    assert [item["outcome"] for item in found] == ["accepted"] * 3
    assert len({item["opinion"] for item in found}) == 1
    assert (await house.log.head()).position == 1


async def test_the_same_opinion_over_the_feed_and_over_http_is_one_whichever_comes_first(house: House) -> None:
    async def over_http(n: int) -> str:
        sent = {**FED, "local_id": f"BTCD-{n}"}
        async with house.client(FEEDER) as client:
            answer = await client.post("/intake/api/opinions", json=sent, headers={"Idempotency-Key": f"k-{n}"})
        assert answer.status_code == 201
        return str(answer.json()["id"])

    first = await over_http(1)
    await house.feed(await house.opinion_fed(1), await house.opinion_fed(2))
    second = await over_http(2)
    assert [item["opinion"] for item in await house.fed()] == [first, second]
    assert (await house.log.head()).position == 2


async def test_other_content_under_a_local_id_is_refused_across_the_two_ways_in(house: House) -> None:
    await house.receive(local_id="BTCD-1")
    await house.feed(await house.opinion_fed(1), await house.opinion_fed(2))
    assert await outcomes(house) == [("parked", "BTCD-1", "local-id-taken"), ("accepted", "BTCD-2", None)]
    async with house.client(FEEDER) as client:
        sent = {**FED, "local_id": "BTCD-2", "hidden": True}
        answer = await client.post("/intake/api/opinions", json=sent, headers={"Idempotency-Key": "k-1"})
    assert (answer.status_code, answer.json()["code"]) == (409, "local-id-taken")
    assert (await house.log.head()).position == 2


async def test_a_batch_that_was_rolled_back_and_comes_again_is_done_once(house: House) -> None:
    batch = [await house.opinion_fed(1), await house.record(2, b"{"), await house.opinion_fed(3)]
    async with house.database.engine.connect() as connection, connection.begin() as transaction:
        await house.topic.handle(batch, connection)
        await transaction.rollback()
    assert await house.fed() == []
    await house.feed(*batch)
    assert await outcomes(house) == [("accepted", "BTCD-1", None), ("parked", None, "not-json"), ("accepted", "BTCD-3", None)]
    assert (await house.log.head()).position == 2


async def test_a_new_key_is_in_force_at_once_and_what_the_former_one_signed_is_parked(house: House) -> None:
    before = await house.opinion_fed(1)
    async with house.client(ADMIN) as client:
        await client.post("/intake/api/feed/BTCD/key", headers={"Idempotency-Key": "k-1"})
    await house.feed(before, await house.opinion_fed(2), await house.opinion_fed(3, "TH"))
    assert await outcomes(house) == [("parked", None, "bad-signature"), ("accepted", "BTCD-2", None)]
    assert [item["outcome"] for item in await house.fed(OTHER_UNIT)] == ["accepted"]


async def test_one_that_failed_for_good_is_kept_with_the_kind_of_the_failure(house: House) -> None:
    record = await house.opinion_fed(1)
    async with house.database.engine.connect() as connection, connection.begin():
        await house.topic.park(record, "DataError", connection)
    assert await outcomes(house) == [("parked", None, "failed-DataError")]
    (item,) = await house.fed()
    assert "administrator" in item["advice"]["en"]
    assert await house.parked_bodies() == [record.value]


async def test_what_was_parked_is_not_swept_although_no_event_refers_to_it(house: House) -> None:
    await house.feed(await house.record(1, b"{not json"))

    async def known(stored: Any) -> set[str]:
        return set()

    for _ in range(2):
        assert await house.vault.sweep_orphans(known, 2**62) == 0
    assert await house.parked_bodies() == [b"{not json"]


async def test_before_the_directory_has_arrived_nothing_is_set_aside(tmp_path: Path) -> None:
    async with bare_house(tmp_path) as house:
        await house.follow()
        record = await house.opinion_fed(1)
        with pytest.raises(DirectoryNotYet):
            await house.feed(record)
        with pytest.raises(DirectoryNotYet):
            async with house.database.engine.connect() as connection, connection.begin():
                await house.topic.park(record, "DirectoryNotYet", connection)
        assert await items(house) == []
