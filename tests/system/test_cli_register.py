"""The verb `import` on an office's register: the figures say exactly what its rows say, corrected ones too."""

import csv
import io
import random
import shutil
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from deploy.sample import REGISTER
from services.intake.entrypoints.register.reading import HEADER
from tests.support.commandline import Answer, doithoai, done, serving

BY: Final = ("--office", "VPUB", "--actor", "tchcqt-01")
ENDED: Final = {"khong_du_dieu_kien": "D", "chuyen_ngoai": "E", "chuyen_kntc": "E", "rut": "F", "gop": "G"}
FIRST, LAST, TODAY = date(2023, 1, 1), date(2023, 5, 31), date(2024, 6, 30)
FIELDS: Final = {"": "", "dat-dai": "dat-dai", "Chế độ, chính sách": "che-do-chinh-sach", "quyen-loi-ich": "quyen-loi-ich"}
LEADS: Final = {"": "", "TCHCQT": "TCHCQT", "phong tong hop": "TH", "Nội chính": "NC"}
Row = dict[str, str]


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new installation under the real clock; only to be copied."""
    data = tmp_path_factory.mktemp("register") / "data"
    done("init", data=data)
    return data


@pytest.fixture
def data(seeded: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(seeded, tmp_path / "data"))


def table(rows: Sequence[Row]) -> bytes:
    written = io.StringIO(newline="")
    writer = csv.DictWriter(written, HEADER, delimiter=";")
    writer.writeheader()
    writer.writerows(rows)
    return written.getvalue().encode("utf-8-sig")


def shown(day: date | None) -> str:
    return day.strftime("%d/%m/%Y") if day else ""


def book(seed: int, size: int) -> list[Row]:
    """A register as an office may keep it, of a year and a half."""
    drawn = random.Random(seed)

    def after(day: date, most: int) -> date:
        return min(day + timedelta(days=drawn.randint(0, most)), TODAY)

    rows = []
    numbers: dict[int, int] = {}
    for received in sorted(date(2022, 10, 1) + timedelta(days=drawn.randint(0, 450)) for _ in range(size)):
        number = numbers[received.year] = numbers.get(received.year, 0) + 1
        outcomes = ["dang_giai_quyet", "da_giai_quyet", *ENDED]
        outcome = drawn.choices(outcomes, [6, 12, 1, 1, 1, 1, 1 if number > 10 else 0])[0]
        ended = after(received, 90) if outcome != "dang_giai_quyet" else None
        reopened = after(ended, 60) if ended and outcome == "da_giai_quyet" and drawn.random() < 0.3 else None
        again = after(reopened, 60) if reopened and drawn.random() < 0.6 else None
        rows.append(
            {
                "so": str(number),
                "ngay_nhan": drawn.choice([shown(received), received.isoformat()]),
                "nguon": drawn.choice(["noi_bo", "nhan_dan", "to_chuc"]),
                "noi_dung": f"Việc số {number} của năm {received.year}",
                "linh_vuc": drawn.choice(list(FIELDS)),
                "chu_tri": drawn.choice(list(LEADS)),
                "han": shown(received + timedelta(days=drawn.randint(5, 40))) if drawn.random() < 0.8 else "",
                "ket_qua": outcome,
                "ngay_ket_qua": shown(ended),
                "gop_vao": str(drawn.randint(1, 5)) if outcome == "gop" else "",
                "ngay_mo_lai": shown(reopened),
                "han_mo_lai": shown(reopened + timedelta(days=14)) if reopened else "",
                "ngay_giai_quyet_lai": shown(again),
            }
        )
    standing = {(row["so"], year_of(row)) for row in rows if row["ket_qua"] != "gop"}
    return [row for row in rows if not row["gop_vao"] or (row["gop_vao"], year_of(row)) in standing]


def day(written: str) -> date | None:
    if "/" in written:
        dd, mm, yyyy = map(int, written.split("/"))
        return date(yyyy, mm, dd)
    return date.fromisoformat(written) if written else None


def year_of(row: Row) -> int:
    found = day(row["ngay_nhan"])
    assert found is not None
    return found.year


def episodes(row: Row) -> Iterator[tuple[bool, date, date | None, date | None, str]]:
    """Each turn of a row: whether it was taken up again, when it began, when it ended, until when it should, and how."""
    begun, reopened = day(row["ngay_nhan"]), day(row["ngay_mo_lai"])
    assert begun is not None
    yield False, begun, day(row["ngay_ket_qua"]), day(row["han"]), row["ket_qua"]
    if reopened is not None:
        again = day(row["ngay_giai_quyet_lai"])
        yield True, reopened, again, day(row["han_mo_lai"]), "da_giai_quyet" if again else "dang_giai_quyet"


def recounted(rows: Sequence[Row]) -> dict[str, int]:
    """What Biểu 02 has to say of the rows, counted from what they state and nothing else (year §4)."""
    found = dict.fromkeys(("A", "B1", "B2", "D", "E", "F", "G", "I1", "I2", "J1", "J2"), 0)
    for row in rows:
        for again, begun, ended, due, how in episodes(row):
            if begun > LAST or (ended is not None and ended < FIRST):
                continue
            found["A" if begun < FIRST else "B2" if again else "B1"] += 1
            if ended is None or ended > LAST:
                found["J2" if due is not None and due < LAST else "J1"] += 1
            elif how == "da_giai_quyet":
                found["I2" if due is not None and ended > due else "I1"] += 1
            else:
                found[ENDED[how]] += 1
    return found


def figures(data: Path, *words: str) -> Any:
    window = ("--from", FIRST.isoformat(), "--to", LAST.isoformat())
    return done("figures", "--office", "VPUB", *window, *words, "--json", data=data).json


def agrees(found: dict[str, Any], rows: Sequence[Row]) -> bool:
    expected = recounted(rows)
    return {column: found[column] for column in expected} == expected


def imported(data: Path, rows: Sequence[Row] | bytes, *words: str) -> Answer:
    raw = rows if isinstance(rows, bytes) else table(rows)
    return doithoai("import", "-", *BY, "--json", *words, data=data, stdin=raw)


def heads(data: Path) -> int:
    return len(done("events", "--service", "intake", data=data).lines)


def test_the_figures_say_of_a_register_exactly_what_its_rows_say(data: Path) -> None:
    rows = book(7, 160)
    found = imported(data, rows)
    assert (found.code, found.json["new"], found.json["rejected"]) == (0, len(rows), 0), found.json["refusals"]
    assert agrees(figures(data)["total"], rows)
    for by, column, keys in (("field", "linh_vuc", FIELDS), ("source", "nguon", None)):
        for shown_row in figures(data, "--by", by)["rows"]:
            key = "" if shown_row["label"] == "Chưa phân loại" else shown_row["key"]
            mine = [row for row in rows if (keys[row[column]] if keys else row[column]) == key]
            assert agrees(shown_row, mine), shown_row
    for shown_row in figures(data, "--by", "unit")["rows"]:
        key = "" if shown_row["label"] == "Chưa phân công" else shown_row["key"]
        assert agrees(shown_row, [row for row in rows if LEADS[row["chu_tri"]] == key]), shown_row
    before = heads(data)
    again = imported(data, rows)
    assert (again.code, again.json["unchanged"], heads(data)) == (0, len(rows), before)


def test_the_sample_register_is_taken_whole_and_counted_as_it_reads(data: Path) -> None:
    found = doithoai("import", str(REGISTER), *BY, "--json", data=data)
    assert (found.code, found.json["new"], found.json["rejected"]) == (0, 6, 0), found.out
    total = figures(data)["total"]
    assert agrees(total, list(csv.DictReader(io.StringIO(REGISTER.read_text(encoding="utf-8")), delimiter=";")))
    assert [total[column] for column in ("B1", "B2", "D", "E", "G", "I1", "I2", "J2")] == [6, 1, 1, 1, 1, 2, 1, 1]


def test_a_corrected_register_changes_only_what_changed_and_the_figures_follow(data: Path) -> None:
    rows = book(11, 60)
    imported(data, rows)
    before = heads(data)
    open_ones = [row for row in rows if row["ket_qua"] == "dang_giai_quyet"]
    assert len(open_ones) > 3
    open_ones[0].update(ket_qua="da_giai_quyet", ngay_ket_qua="31/12/2023")
    open_ones[1].update(linh_vuc="dat-dai", chu_tri="TCHCQT")
    open_ones[2].update(ket_qua="rut", ngay_ket_qua="30/12/2023")
    rehearsed = imported(data, rows, "--dry-run")
    assert (rehearsed.json["changed"], rehearsed.json["unchanged"], heads(data)) == (3, len(rows) - 3, before)
    found = imported(data, rows)
    assert (found.code, found.json["changed"], found.json["unchanged"]) == (0, 3, len(rows) - 3)
    assert heads(data) == before + 3
    assert agrees(figures(data)["total"], rows)


def test_rejected_rows_come_back_to_be_mended_and_the_others_stand(data: Path, tmp_path: Path) -> None:
    rows = book(3, 20)
    rows[4]["linh_vuc"] = "đất đia"
    rows[5]["ngay_nhan"] = "31/12/2030"
    out = tmp_path / "loai.csv"
    found = imported(data, rows, "--rejected", str(out))
    assert (found.code, found.json["new"], found.json["rejected"]) == (1, len(rows) - 2, 2)
    assert [(each["line"], each["column"], each["code"]) for each in found.json["refusals"]] == [
        (6, "linh_vuc", "not-in-directory"),
        (7, "ngay_nhan", "day-to-come"),
    ]
    given_back = list(csv.DictReader(io.StringIO(out.read_text(encoding="utf-8-sig")), delimiter=";"))
    assert [(row["dong"], row["cot"], row["ma_loi"]) for row in given_back] == [
        ("6", "linh_vuc", "not-in-directory"),
        ("7", "ngay_nhan", "day-to-come"),
    ]
    given_back[0]["linh_vuc"], rows[4]["linh_vuc"] = "dat-dai", "dat-dai"
    mended = io.StringIO(newline="")
    writer = csv.DictWriter(mended, list(given_back[0]), delimiter=";")
    writer.writeheader()
    writer.writerow(given_back[0])
    assert imported(data, mended.getvalue().encode()).json["new"] == 1
    assert agrees(figures(data)["total"], [row for n, row in enumerate(rows) if n != 5])


def test_broken_off_and_begun_again_it_goes_on(data: Path) -> None:
    rows = book(5, 30)
    half = imported(data, rows[:17]).json
    rest = imported(data, rows).json
    assert (half["new"], rest["new"], rest["unchanged"]) == (17, len(rows) - 17, 17)
    assert agrees(figures(data)["total"], rows)


def test_beside_a_running_house_it_goes_through_it(data: Path) -> None:
    rows = book(9, 25)
    with serving(data):
        assert imported(data, rows, "--dry-run").json["new"] == len(rows)
        assert imported(data, rows).json["new"] == len(rows)
        moved, wrong = (row for n, row in enumerate(rows) if n in (0, 1))
        moved["dia_ban"], wrong["nguon"] = "Thành phố Sơn La", "cong_ty"
        again = imported(data, rows)
        assert (again.json["changed"], again.json["unchanged"]) == (1, len(rows) - 2)
        assert again.json["refusals"][0]["column"] == "nguon"


def test_a_rehearsal_needs_an_installation_and_makes_none(tmp_path: Path) -> None:
    answer = imported(tmp_path / "data", book(1, 3), "--dry-run")
    assert answer.code != 0
    assert list(tmp_path.iterdir()) == []


def test_whatever_would_refuse_every_row_ends_it_with_nothing_done(data: Path) -> None:
    rows = book(1, 3)
    for words, said in (
        (("--office", "SGTVT"), "not-an-office"),
        (("--office", "VPUB", "--unit", "KHONG-CO"), "unknown-unit"),
        (("--office", "VPUB", "--capacity", "auditor"), "forbidden"),
    ):
        answer = doithoai("import", "-", *words, "--actor", "x-1", data=data, stdin=table(rows))
        assert (answer.code, answer.out) == (1, "")
        assert said in answer.err
    broken = doithoai("import", "-", *BY, data=data, stdin=b"PK\x03\x04 bomb")
    assert (broken.code, "cannot be read as XLSX" in broken.err) == (1, True)
    assert heads(data) == 0


def test_nobody_s_name_or_words_are_outside_the_vault(data: Path) -> None:
    rows = [{**book(1, 1)[0], "nguoi_neu": "Lò Văn Bình", "noi_dung": "Bí mật đời tư", "ly_do": "lý do riêng"}]
    imported(data, rows)
    for name in ("intake.db", "assignment.db", "reporting.db", "vault.db"):
        content = b"".join(path.read_bytes() for path in data.glob(f"{name}*"))
        assert not any(said.encode() in content for said in ("Lò Văn Bình", "Bí mật", "lý do riêng"))
