"""Papers written from the command line, in the name of whoever reads them."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.support.commandline import doithoai, done

READER = ("--office", "VPUB", "--actor", "tchcqt-02")


@pytest.fixture
def own_year(year: Path, tmp_path: Path) -> Path:
    """The played year 2023 to write in."""
    return Path(shutil.copytree(year, tmp_path / "year"))


def the_plan(data: Path) -> str:
    listed: list[dict[str, Any]] = done("documents", "--office", "VPUB", "--json", data=data).json
    [plan] = [each["id"] for each in listed if each["kind"] == "ke_hoach"]
    return str(plan)


def test_a_paper_is_written_to_sign_and_to_edit_and_the_reading_is_logged(own_year: Path) -> None:
    plan = the_plan(own_year)
    for form, begins in (("pdf", b"%PDF"), ("docx", b"PK")):
        target = own_year / f"plan.{form}"
        done("document", "render", plan, *READER, "--format", form, "--out", target, data=own_year)
        assert target.read_bytes().startswith(begins)
    accesses = done("vault", "accesses", "--reader", "tchcqt-02", "--json", data=own_year).json
    assert any(plan in access["purpose"] for access in accesses)


def test_what_is_not_the_readers_is_not_written(own_year: Path) -> None:
    plan, target = the_plan(own_year), own_year / "plan.pdf"
    for words in (("--capacity", "auditor"), ("--capacity", "recipient", "--by", "SNV")):
        refused = doithoai("document", "render", plan, *READER, *words, "--out", target, data=own_year)
        assert (refused.code, "unknown" in refused.err, target.exists()) == (1, True, False)
    nowhere = doithoai("document", "render", plan, *READER, "--out", own_year / "none" / "x.pdf", data=own_year)
    assert (nowhere.code, "--out" in nowhere.err) == (2, True)
