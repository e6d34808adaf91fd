"""A sheet of opinions is read whole or refused whole, and each of its rows is an opinion or says what is wrong with it."""

import csv
import io
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from deploy.sheet import COLUMNS, MAX_BYTES, REQUIRED, Sheet, WrongSheet, read
from services.intake.domain.consolidation.commands import MAX_ROWS

WORDS = "Đường vào bản bị sạt lở;\nđề nghị tỉnh sớm sửa, bố trí kinh phí."
ROW = {"local_id": "BTCD-1", "channel": "truc_tiep", "source_group": "nhan_dan", "words": WORDS}


def table(*rows: dict[str, Any], delimiter: str = ",", columns: tuple[str, ...] = COLUMNS) -> bytes:
    """The rows as a spreadsheet writes them."""
    written = io.StringIO()
    writer = csv.DictWriter(written, columns, delimiter=delimiter, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return written.getvalue().encode()


def lines(*rows: Any) -> bytes:
    return "\n".join(json.dumps(row, ensure_ascii=False) for row in rows).encode()


def sheet(raw: bytes) -> Sheet:
    return read(raw, office="VPUB")


@pytest.mark.parametrize(
    "raw",
    [
        table(ROW),
        table(ROW, delimiter=";"),
        table(ROW, columns=REQUIRED),
        b"\xef\xbb\xbf" + table(ROW),
        table(ROW).replace(b"local_id,channel", b" Local_ID , CHANNEL "),
        lines(ROW),
        b"\n\n" + lines(ROW) + b"\n",
    ],
)
def test_a_row_is_the_same_opinion_however_the_sheet_was_saved(raw: bytes) -> None:
    (row,) = sheet(raw).rows
    assert row.unfit is None
    assert {name: value for name, value in row.data.items() if value is not None} == {**ROW, "office": "VPUB", "hidden": False}


@pytest.mark.parametrize(("ticked", "hidden"), [("có", True), ("X", True), ("true", True), ("Không", False), ("", False)])
def test_a_box_is_ticked_as_people_tick_it(ticked: str, hidden: bool) -> None:
    (row,) = sheet(table({**ROW, "hidden": ticked})).rows
    assert row.data["hidden"] is hidden


def test_a_day_of_receipt_is_local_and_no_part_of_what_was_said() -> None:
    (row,) = sheet(table({**ROW, "occurred_at": "2023-01-06"})).rows
    assert row.occurred_at == datetime(2023, 1, 5, 17, tzinfo=UTC)
    assert "occurred_at" not in row.data


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"local_id": ""}, "local-id-missing", "local_id"),
        ({"local_id": "số 1"}, "invalid", "local_id"),
        ({"channel": "fax"}, "invalid", "channel"),
        ({"words": " "}, "invalid", "words"),
        ({"words": "a\x00b"}, "invalid", "words"),
        ({"words": "x" * 20_001}, "invalid", "words"),
        ({"locality": "Mường La"}, "invalid", "locality"),
        ({"hidden": "perhaps"}, "invalid", "hidden"),
        ({"occurred_at": "hôm qua"}, "invalid", "occurred_at"),
        ({"occurred_at": "9999-01-01"}, "invalid", "occurred_at"),
    ],
)
def test_a_row_that_is_no_opinion_is_named_by_its_number_and_column(changed: dict[str, str], code: str, field: str) -> None:
    for raw, number in ((table(ROW, {**ROW, **changed}), 3), (lines(ROW, {**ROW, **changed}), 2)):
        fit, unfit = sheet(raw).rows
        assert fit.unfit is None
        assert unfit.unfit is not None
        assert (unfit.number, unfit.unfit.code, unfit.unfit.field) == (number, code, field)
        assert unfit.unfit.advice
        assert not any(value and len(value) > 3 and value in unfit.unfit.advice for value in changed.values())


def test_what_is_no_object_or_has_strange_names_is_a_row_like_others_and_is_not_repeated() -> None:
    found = sheet(
        lines(ROW)
        + b'\n[1]\n{"local_id": \n{"words": "a", "words": "b"}\n'
        + lines({**ROW, "bi mat": "x"}, {**ROW, "office": "UBND-MSO"})
    ).rows
    assert [(row.number, row.unfit.code if row.unfit else "") for row in found][1:5] == [
        (2, "not-json"),
        (3, "not-json"),
        (4, "not-json"),
        (5, "invalid"),
    ]
    assert found[4].unfit is not None
    assert "bi mat" not in found[4].unfit.advice
    assert found[5].data["office"] == "VPUB"  # the sheet is handed in for one office, whatever a row says


def test_a_row_with_a_separator_too_many_is_told_so() -> None:
    _, row = sheet(table(ROW, ROW, columns=REQUIRED).rstrip() + b",more").rows
    assert row.unfit is not None
    assert (row.number, row.unfit.code) == (3, "too-many-cells")


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "holds no rows"),
        (b"\n \n", "holds no rows"),
        (table(), "holds no rows"),
        (b"local_id,channel\nA,truc_tiep", "lacks the columns source_group, words"),
        (table(ROW).replace(b"locality", b"secret-name"), "columns that are not known (1 of 9)"),
        (table(ROW).replace(b"locality", b"words"), "a column twice"),
        (table(ROW).decode().encode("utf-16"), "is not UTF-8 (byte 0)"),
        (table(ROW) + b"\xff", "is not UTF-8"),
        (table(ROW) + b'"never closed', "is not CSV"),
        (b"PK\x03\x04" + b"\x00" * 40, "columns that are not known"),
        (lines(*[ROW] * (MAX_ROWS + 1)), f"more than {MAX_ROWS} rows"),
        (b"x" * (MAX_BYTES + 1), "is larger than"),
    ],
)
def test_a_file_that_is_no_sheet_is_refused_whole(raw: bytes, said: str) -> None:
    with pytest.raises(WrongSheet) as refused:
        sheet(raw)
    assert said in str(refused.value)
    assert "secret-name" not in str(refused.value)


def test_the_largest_sheet_is_read_and_its_bytes_are_its_name() -> None:
    one, other = sheet(lines(*[ROW] * MAX_ROWS)), sheet(lines(*[ROW] * MAX_ROWS) + b"\n")
    assert (len(one.rows), one.digest == other.digest) == (MAX_ROWS, False)
