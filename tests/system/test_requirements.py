"""The table of requirements in `services/README.md` leads somewhere: every row, to tests that there are."""

import re
from pathlib import Path
from typing import Final

TESTS: Final = Path(__file__).parents[1]
TABLE: Final = TESTS.parent / "services" / "README.md"
REQUIREMENTS: Final = range(1, 51)


def rows() -> dict[str, str]:
    """The last column of each row, by the numbers that its first names."""
    found = re.findall(r"^\| (R[\d–R]+) \|.*\| ([^|]+) \|$", TABLE.read_text(encoding="utf-8"), re.MULTILINE)
    return {number: tests for numbers, tests in found for number in _numbers(numbers)}


def _numbers(cell: str) -> list[str]:
    first, *last = [int(number) for number in re.findall(r"\d+", cell)]
    return [f"R{n}" for n in range(first, (last or [first])[0] + 1)]


def test_every_requirement_has_its_row() -> None:
    assert list(rows()) == [f"R{n}" for n in REQUIREMENTS]


def test_every_row_names_tests_that_there_are() -> None:
    named = {number: re.findall(r"`([a-z]+/test_[a-z0-9_]+\.py)`", tests) for number, tests in rows().items()}
    assert [number for number, files in named.items() if not files] == []
    missing = {file for files in named.values() for file in files if not (TESTS / file).is_file()}
    assert missing == set()
