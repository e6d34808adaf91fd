"""An office signs with one key at a time: made, replaced and retired by whoever keeps the directory or leads the office."""

from datetime import UTC, date, datetime, timedelta
from functools import reduce
from typing import Any

import pytest

from services.assignment.domain.directory import signing_keys
from services.assignment.domain.directory.commands import MakeSigningKey, RetireSigningKey
from services.assignment.domain.directory.refusals import NotAnOffice, UnknownSigningKey, UnknownUnit
from services.assignment.domain.directory.signing_keys import Making, SigningKeys, signing_key_stream
from services.assignment.domain.directory.units import unit_stream
from services.assignment.domain.document.refusals import SigningKeyNotInUse
from services.assignment.handlers.streams import SIGNING_KEYS, UNIT
from shared.contracts.directory import SigningKeyMade, SigningKeyRetired
from shared.contracts.roles import Role
from shared.documents.refusals import SigningKeyMissing
from tests.assignment.house import ADMIN, CHIEF, HUB, OTHER_OFFICE, House
from tests.assignment.stage import DIRECTORY
from tests.support.scenario import sealed

NOW = datetime(2024, 5, 6, 2, tzinfo=UTC)
TEXT = "5e" * 32
FIRST, SECOND = "1a" * 16, "2b" * 16
MADE = SigningKeyMade(office="VPUB", key=FIRST, public="3c" * 32, private=sealed(1), valid_from=date(2021, 1, 1))
RETIRED = SigningKeyRetired(office="VPUB", key=FIRST, last=date(2024, 5, 6))
FRESH = Making(
    at=datetime(2023, 1, 1, tzinfo=UTC),
    now=NOW,
    person="p-admin",
    office="VPUB",
    unit="VPUB",
    capacity=Role.ADMINISTRATOR,
    key=SECOND,
    public="4d" * 32,
    private=sealed(2),
)
FRESH_MADE = SigningKeyMade(office="VPUB", key=SECOND, public="4d" * 32, private=sealed(2), valid_from=date(2024, 5, 6))


def decided(command: Any, *history: Any, office: str = "VPUB") -> list[Any]:
    states: dict[str, Any] = {stream: UNIT.over([]) for stream in (unit_stream("VPUB"), unit_stream("TH"), unit_stream("KHONG"))}
    for stream, events in DIRECTORY.items():
        if stream.startswith("unit-"):
            states[stream] = reduce(UNIT.evolve, events, UNIT.initial)
    states[signing_key_stream(office)] = reduce(signing_keys.evolve_signing_keys, history, SigningKeys())
    return list(signing_keys.decide_signing_key(command, states, FRESH))


def test_a_key_is_of_the_day_on_which_it_is_made_whatever_day_is_claimed() -> None:
    assert decided(MakeSigningKey(office="VPUB")) == [FRESH_MADE]


def test_an_office_that_has_a_key_keeps_it_unless_it_is_the_one_to_be_replaced() -> None:
    assert decided(MakeSigningKey(office="VPUB"), MADE) == []
    assert decided(MakeSigningKey(office="VPUB", replacing=FIRST), MADE) == [RETIRED, FRESH_MADE]
    assert decided(MakeSigningKey(office="VPUB", replacing=FIRST), MADE, RETIRED, FRESH_MADE) == []


def test_a_retired_key_leaves_room_for_another() -> None:
    assert decided(RetireSigningKey(office="VPUB", key=FIRST), MADE) == [RETIRED]
    assert decided(RetireSigningKey(office="VPUB", key=FIRST), MADE, RETIRED) == []
    assert decided(MakeSigningKey(office="VPUB"), MADE, RETIRED) == [FRESH_MADE]


def test_only_a_key_that_the_office_had_is_replaced_or_retired() -> None:
    for command, field in (
        (RetireSigningKey(office="VPUB", key=SECOND), "key"),
        (MakeSigningKey(office="VPUB", replacing=SECOND), "replacing"),
    ):
        with pytest.raises(UnknownSigningKey) as refused:
            decided(command, MADE)
        assert (refused.value.field, refused.value.facts) == (field, {"key": SECOND})


def test_only_an_office_has_keys() -> None:
    with pytest.raises(NotAnOffice):
        decided(MakeSigningKey(office="TH"), office="TH")
    with pytest.raises(UnknownUnit):
        decided(MakeSigningKey(office="KHONG"), office="KHONG")


async def test_keys_are_listed_by_their_public_halves_for_whoever_works_here(house: House) -> None:
    await house.follow()
    async with house.client(HUB) as client:
        before = (await client.get("/assignment/api/offices/VPUB/signing-keys")).json()["items"]
        key = {"Idempotency-Key": "rotate"}
        body = {"replacing": before[0]["key"]}
        refused = await client.post("/assignment/api/offices/VPUB/signing-keys", json=body, headers=key)
    assert refused.json()["code"] == "forbidden"
    async with house.client(CHIEF) as client:
        made = await client.post("/assignment/api/offices/VPUB/signing-keys", json=body, headers=key)
        again = await client.post("/assignment/api/offices/VPUB/signing-keys", json=body, headers=key)
    assert (made.status_code, again.json()) == (201, made.json()), made.json()
    await house.follow()
    async with house.client(OTHER_OFFICE) as client:
        after = (await client.get("/assignment/api/offices/VPUB/signing-keys")).json()["items"]
    assert [(each["last"] is None) for each in after] == [False, True]
    assert after[0]["key"] == before[0]["key"]
    assert all(each.keys() == {"key", "public", "first", "last"} for each in after)


async def test_a_paper_that_was_drafted_with_the_digest_of_its_text_is_signed_with_it(house: House) -> None:
    drafted = await house.ask("draft_document", HUB, kind="thong_bao", content=TEXT)
    await house.ask("submit_document", HUB, document=drafted.stream)
    await house.ask("sign_document", CHIEF, document=drafted.stream, capacity="truc_tiep")
    await house.follow()
    async with house.client(HUB) as client:
        found = (await client.get(f"/assignment/api/documents/{drafted.stream}/signature")).json()
    assert (found["verdict"], found["content"]) == ("valid", TEXT)


async def test_a_clock_that_was_ahead_and_is_set_right_spoils_no_signature(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    right = house.clock.now()
    house.clock.move_to(right + timedelta(hours=1))
    drafted = await house.ask("draft_document", HUB, kind="thong_bao", content=TEXT)
    await house.ask("submit_document", HUB, document=drafted.stream)
    monkeypatch.setattr(house.clock, "now", lambda: right + timedelta(minutes=1))
    await house.ask("sign_document", CHIEF, document=drafted.stream, capacity="truc_tiep")
    await house.follow()
    async with house.client(HUB) as client:
        found = (await client.get(f"/assignment/api/documents/{drafted.stream}/signature")).json()
    assert found["verdict"] == "valid"
    assert datetime.fromisoformat(found["at"]) == right + timedelta(minutes=1)


async def test_a_retired_key_signs_nothing_before_the_copy_of_the_directory_hears_of_it_either(house: House) -> None:
    await house.follow()
    drafted = await house.ask("draft_document", HUB, kind="thong_bao")
    await house.ask("submit_document", HUB, document=drafted.stream)
    in_use = SIGNING_KEYS.over(await house.log.read_stream(signing_key_stream("VPUB"))).in_use
    await house.ask("retire_signing_key", ADMIN, office="VPUB", key=in_use)
    for refusal in (SigningKeyNotInUse, SigningKeyMissing):
        with pytest.raises(refusal):
            await house.ask("sign_document", CHIEF, document=drafted.stream, capacity="truc_tiep")
        await house.follow()
    await house.ask("make_signing_key", ADMIN, office="VPUB")
    await house.follow()
    await house.ask("sign_document", CHIEF, document=drafted.stream, capacity="truc_tiep")


async def test_a_paper_is_signed_by_the_key_in_use_and_checked_by_it_after_it_was_replaced(house: House) -> None:
    document = await house.paper("session-7Q2K9FXA3MBTW0000001")
    await house.follow()
    async with house.client(HUB) as client:
        first = (await client.get(f"/assignment/api/documents/{document}/signature")).json()
    assert (first["verdict"], first["signer"], first["content"]) == ("text-not-bound", "p-chief", None)
    await house.ask("make_signing_key", ADMIN, office="VPUB", replacing=first["key"])
    await house.follow()
    later = await house.paper("session-7Q2K9FXA3MBTW0000002")
    await house.follow()
    async with house.client(HUB) as client:
        assert (await client.get(f"/assignment/api/documents/{document}/signature")).json() == first
        second = (await client.get(f"/assignment/api/documents/{later}/signature")).json()
    assert second["verdict"] == "text-not-bound"
    assert second["key"] != first["key"]
