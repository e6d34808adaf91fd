"""The office's key signs a report with its signer; what it signed is checked with the key of that day, whatever came since."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from shared.contracts.directory import SigningKeyMade, SigningKeyRetired
from shared.contracts.refusals import Forbidden
from shared.documents.refusals import SigningKeyMissing
from shared.papers import keys
from shared.papers.copies import Copies
from shared.papers.signing import Signatures
from shared.vault.schema import ACCESS
from tests.reporting.house import AT, AUDITOR, BDV, DEPUTY, FEEDER, HUB, JUNE, STRANGER, House, house
from tests.reporting.papers import PAPER, REPORT
from tests.support.hosting import Hosted
from tests.support.signatures import KEY, PRIVATE, PUBLIC

TODAY = JUNE.date()
OTHER_PRIVATE = "22" * 32


@pytest.fixture(name="house")
async def a_house(tmp_path: Path) -> Any:
    async with house(tmp_path) as made:
        await made.submitted()
        yield made


def written(path: Path) -> bytes:
    """Everything that stands in any file."""
    return b"".join(each.read_bytes() for each in path.rglob("*") if each.is_file())


async def sign(made: House) -> None:
    await made.ask("sign_report", DEPUTY, report=REPORT, capacity="KT")


async def checked(made: House, by: Any = AUDITOR) -> dict[str, Any]:
    answer = await made.get(by, f"{AT}/signature")
    found: dict[str, Any] = answer.json()
    assert answer.status_code == 200, found
    return found


async def another_key(made: House, day: date) -> SigningKeyMade:
    private = made.vault.seal("test/other-key", "make_signing_key.private", OTHER_PRIVATE)
    await made.vault.put([private])
    public = keys.public_of(OTHER_PRIVATE)
    return SigningKeyMade(office="VPUB", key=keys.id_of(public), public=public, private=private.sealed, valid_from=day)


async def test_a_signed_report_carries_the_signature_of_the_office_s_key_and_it_is_valid(house: House) -> None:
    await sign(house)
    found = await checked(house)
    assert (found["verdict"], found["said"]["vi"]) == ("valid", "chữ ký hợp lệ")
    assert (found["key"], found["public"], found["signer"], found["capacity"]) == (KEY, PUBLIC, "p-deputy", "KT")
    await house.ask("sign_report", DEPUTY, report=REPORT, capacity="KT")
    assert await checked(house) == found


async def test_the_use_of_the_private_half_is_logged_under_the_signer_s_name(house: House) -> None:
    await sign(house)
    async with house.texts.read() as connection:
        rows = [dict(row) for row in (await connection.execute(select(ACCESS))).mappings()]
    used = [row for row in rows if row["purpose"] == f"sign_document {PAPER}"]
    assert [row["reader"] for row in used] == ["p-deputy"]


async def test_a_signature_is_checked_by_the_key_of_its_day_after_another_took_its_place(house: House) -> None:
    await sign(house)
    other = await another_key(house, TODAY + timedelta(days=90))
    retired = SigningKeyRetired(office="VPUB", key=KEY, last=other.valid_from)
    await house.happen("assignment", {"signing_key-VPUB": [retired, other]})
    house.clock.move_to(JUNE + timedelta(days=120))
    found = await checked(house)
    assert (found["verdict"], found["key"]) == ("valid", KEY)


async def test_what_was_signed_with_a_key_after_its_last_day_is_told(house: House) -> None:
    await sign(house)
    await house.happen("assignment", {"signing_key-VPUB": [SigningKeyRetired(office="VPUB", key=KEY, last=date(2023, 6, 1))]})
    assert (await checked(house))["verdict"] == "key-not-in-use"


async def test_what_reporting_signs_before_it_hears_that_the_key_is_retired_fails_its_check(house: House) -> None:
    await house.follow()
    await house.happen("assignment", {"signing_key-VPUB": [SigningKeyRetired(office="VPUB", key=KEY, last=TODAY)]})
    house.clock.move_to(JUNE + timedelta(minutes=1))
    await Hosted.ask(house, "sign_report", DEPUTY, report=REPORT, capacity="KT")
    assert (await checked(house))["verdict"] == "key-not-in-use"


async def test_an_office_whose_key_is_retired_signs_nothing_until_it_has_another(house: House) -> None:
    await house.happen("assignment", {"signing_key-VPUB": [SigningKeyRetired(office="VPUB", key=KEY, last=TODAY)]})
    with pytest.raises(SigningKeyMissing) as refused:
        await sign(house)
    assert (refused.value.field, refused.value.facts) == ("report", {"office": "VPUB"})
    other = await another_key(house, TODAY)
    await house.happen("assignment", {"signing_key-VPUB": [other]})
    await sign(house)
    assert (await checked(house))["key"] == other.key


async def test_a_key_whose_private_half_was_erased_signs_nothing(house: House) -> None:
    [held] = [row for row in await house.sealed() if row["purpose"] == "make_signing_key.private"]
    await house.vault.erase_record(held["ref"])
    with pytest.raises(SigningKeyMissing):
        await sign(house)


async def test_neither_key_nor_copy_is_opened_for_whoever_may_not_ask(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []

    async def open_it(_: Any, *_asked: Any, **_how: Any) -> None:
        opened.append(PAPER)

    monkeypatch.setattr(Signatures, "by_key", open_it)
    monkeypatch.setattr(Copies, "attached", open_it)
    for command, more in (("sign_report", {"capacity": "KT"}), ("attach_signed_report", {"file": "1a" * 32})):
        with pytest.raises(Forbidden):
            await house.ask(command, FEEDER, report=REPORT, **more)
    assert opened == []
    with pytest.raises(SigningKeyMissing):
        await sign(house)
    assert opened == [PAPER]


async def test_whom_the_report_was_sent_to_checks_it_too_and_nobody_else(house: House) -> None:
    await sign(house)
    for person in (BDV, STRANGER):
        assert (await house.get(person, f"{AT}/signature")).status_code == 404
    assert (await checked(house, HUB))["verdict"] == "valid"


async def test_of_an_unsigned_report_there_is_no_signature(house: House) -> None:
    answer = await house.get(AUDITOR, f"{AT}/signature")
    assert (answer.status_code, answer.json()["code"]) == (409, "not-signed")


async def test_the_private_half_stands_in_no_file_in_clear(house: House, tmp_path: Path) -> None:
    await sign(house)
    lying = written(tmp_path)
    assert PUBLIC.encode() in lying
    for private in (PRIVATE.encode(), bytes.fromhex(PRIVATE)):
        assert private not in lying
