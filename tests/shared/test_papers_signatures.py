"""A signature binds every fact of its statement: whatever is changed of them, or of the key, the check says so."""

from collections.abc import Collection
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from shared.contracts.document import SigningCapacity
from shared.directory.values import SigningKey
from shared.documents.statement import Signed, stated
from shared.ids import SeededIds
from shared.papers import keys
from shared.papers.verifying import SAID, SOUND, Verdict, verdict
from tests.support.signatures import AT, KEY, PUBLIC, by_key, recorded

DOCUMENT = "document-00000000000000000001"
TEXT = "5e" * 32
SIGNED = by_key(DOCUMENT, "p-chief", SigningCapacity.IN_PERSON, TEXT, post="CVP")
OWN = SigningKey(
    key=KEY,
    office="VPUB",
    public=PUBLIC,
    private_ref="0f" * 16,
    first=date(2021, 1, 1),
    last=None,
    made=datetime(2021, 1, 1, 2, tzinfo=UTC),
    retired=None,
)
OTHERS: dict[str, Any] = {
    "office": "UBND-MSO",
    "document": "document-00000000000000000002",
    "content": "5f" * 32,
    "signer": "p-deputy",
    "post": None,
    "capacity": SigningCapacity.BY_ORDER,
    "at": AT + timedelta(microseconds=1),
    "key": "7a" * 16,
}


def checked(
    signed: Signed | None,
    *held: SigningKey,
    contents: Collection[str] = (),
    after: timedelta = timedelta(),
    stood: bool = False,
) -> Verdict:
    """What a check finds of a signature recorded as it was made, or so long after; `stood`: while the time of the log stood."""
    return verdict(signed, held, AT + after, contents, stood=stood)


def test_a_signature_stands_over_every_fact_of_its_statement() -> None:
    assert {each.name for each in fields(SIGNED.statement)} == OTHERS.keys()
    for name, other in OTHERS.items():
        changed = replace(SIGNED.statement, **{name: other})
        assert not keys.fits(PUBLIC, changed, SIGNED.signature), name
    assert keys.fits(PUBLIC, SIGNED.statement, SIGNED.signature)


def test_what_is_recorded_is_what_is_checked() -> None:
    assert stated("VPUB", DOCUMENT, recorded(SIGNED)) == SIGNED
    assert checked(SIGNED, OWN, contents=[TEXT]) is Verdict.VALID


def test_a_changed_byte_of_the_signature_is_found() -> None:
    for at in (0, 63, 127):
        other = "0" if SIGNED.signature[at] != "0" else "1"
        spoiled = replace(SIGNED, signature=SIGNED.signature[:at] + other + SIGNED.signature[at + 1 :])
        assert checked(spoiled, OWN) is Verdict.ALTERED


def test_a_changed_content_signer_or_capacity_is_found() -> None:
    for changed in ({"content": "6f" * 32}, {"signer": "p-x"}, {"capacity": SigningCapacity.FOR_THE_HEAD}):
        event = replace(recorded(SIGNED), **changed)
        assert checked(stated("VPUB", DOCUMENT, event), OWN) is Verdict.ALTERED


def test_another_public_half_under_the_same_name_does_not_fit() -> None:
    assert checked(SIGNED, replace(OWN, public=keys.public_of("22" * 32))) is Verdict.ALTERED


def test_a_key_that_the_office_never_had_is_unknown() -> None:
    assert checked(SIGNED) is Verdict.UNKNOWN_KEY
    for other in (replace(OWN, key="7a" * 16), replace(OWN, office="UBND-MSO")):
        assert checked(SIGNED, other) is Verdict.UNKNOWN_KEY


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [
        (date(2023, 2, 17), date(2023, 2, 17), Verdict.VALID),
        (date(2023, 2, 18), None, Verdict.KEY_NOT_IN_USE),
        (date(2021, 1, 1), date(2023, 2, 16), Verdict.KEY_NOT_IN_USE),
        (date(2021, 1, 1), date(2024, 1, 1), Verdict.VALID),
    ],
)
def test_a_key_signs_from_its_first_day_to_its_last(first: date, last: date | None, found: Verdict) -> None:
    assert checked(SIGNED, replace(OWN, first=first, last=last)) is found


def test_a_retired_key_signs_nothing_more_on_its_last_day() -> None:
    instant = timedelta(microseconds=1)
    until = replace(OWN, last=AT.date(), retired=AT)
    assert checked(SIGNED, until) is Verdict.VALID
    assert checked(SIGNED, until, after=instant) is Verdict.KEY_NOT_IN_USE
    assert checked(SIGNED, replace(until, retired=AT - instant)) is Verdict.KEY_NOT_IN_USE
    assert checked(SIGNED, replace(OWN, made=AT + instant)) is Verdict.KEY_NOT_IN_USE


def test_a_key_that_leaked_does_not_date_itself_back_into_its_time() -> None:
    gone = replace(OWN, last=AT.date(), retired=AT + timedelta(hours=1))
    assert checked(SIGNED, gone, after=timedelta(hours=3)) is Verdict.DATED_OTHERWISE
    assert checked(SIGNED, OWN, after=-timedelta(hours=3)) is Verdict.DATED_OTHERWISE
    assert checked(SIGNED, OWN, after=timedelta(minutes=5)) is Verdict.VALID
    assert Verdict.DATED_OTHERWISE not in SOUND


def test_where_the_time_of_the_log_stood_it_was_signed_earlier_and_never_later() -> None:
    three = timedelta(hours=3)
    assert checked(SIGNED, OWN, after=three, stood=True) is Verdict.VALID
    assert checked(SIGNED, OWN, after=-three, stood=True) is Verdict.DATED_OTHERWISE
    for retired in (AT + timedelta(hours=1), AT + three):  # with the signature at the latest, so perhaps before it
        gone = replace(OWN, last=AT.date(), retired=retired)
        assert checked(SIGNED, gone, after=three, stood=True) is Verdict.KEY_NOT_IN_USE


def test_what_is_kept_is_held_against_what_was_signed() -> None:
    assert checked(SIGNED, OWN, contents=["6f" * 32]) is Verdict.OTHER_CONTENT


def test_a_signature_that_binds_no_text_holds_and_is_not_called_valid() -> None:
    bare = by_key(DOCUMENT, "p-chief", SigningCapacity.IN_PERSON, None)
    assert checked(bare, OWN) is Verdict.TEXT_NOT_BOUND
    assert Verdict.TEXT_NOT_BOUND in SOUND
    assert "không gắn với nội dung" in SAID[Verdict.TEXT_NOT_BOUND][0]
    assert checked(bare, OWN, contents=[TEXT]) is Verdict.OTHER_CONTENT
    assert checked(stated("VPUB", DOCUMENT, replace(recorded(bare), content=TEXT)), OWN) is Verdict.ALTERED


def test_what_was_signed_before_there_were_keys_is_said_to_be_so() -> None:
    assert checked(None) is Verdict.BEFORE_KEYS
    assert checked(None, replace(OWN, made=AT + timedelta(microseconds=1))) is Verdict.BEFORE_KEYS
    assert SAID[Verdict.BEFORE_KEYS][0] == "ký trước khi có khóa"
    assert SAID.keys() == set(Verdict)


def test_a_signature_that_its_key_had_no_part_in_is_missing_once_the_office_had_a_key() -> None:
    for key in (OWN, replace(OWN, made=AT), replace(OWN, last=date(2021, 6, 1), retired=datetime(2021, 6, 1, 2, tzinfo=UTC))):
        assert checked(None, key) is Verdict.SIGNATURE_MISSING
    assert Verdict.SIGNATURE_MISSING not in SOUND


def test_keys_of_one_seed_and_command_are_equal_and_others_are_not() -> None:
    ids = SeededIds("son-la-2023")
    one = keys.fresh(ids, "VPUB", "init/7")
    assert keys.fresh(SeededIds("son-la-2023"), "VPUB", "init/7") == one
    others = [
        keys.fresh(ids, "UBND-MSO", "init/7"),
        keys.fresh(ids, "VPUB", "init/8"),
        keys.fresh(SeededIds("x"), "VPUB", "init/7"),
    ]
    assert one not in others
    assert keys.sign(one, SIGNED.statement) == keys.sign(one, SIGNED.statement)


def test_what_is_no_key_or_signature_fits_nothing() -> None:
    assert not keys.fits("00" * 32, SIGNED.statement, SIGNED.signature)
    assert not keys.fits(PUBLIC, SIGNED.statement, "not hex")
