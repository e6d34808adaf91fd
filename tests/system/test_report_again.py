"""A locked report years later on another machine: the same bytes in every form, and said what it rests on that is another."""

from pathlib import Path
from typing import Final

from tests.support.commandline import done
from tests.support.spoiling import execute
from tests.support.story import jsonl, line
from tests.system.test_report_lock import OPEN, status
from tests.system.test_report_paper import locked

FORMS: Final = ("json", "xlsx", "docx", "pdf")
PROJECTIONS: Final = ("reporting_directory", "milestone", "reports", "report_papers", "report_registers")
LEADS: Final = ("milestone_fact", "milestone_value", "milestone_span", "reports_report")
ADMINISTRATOR: Final = "quan-tri VPUB administrator"
CALENDAR: Final = {
    "version": "VN-2021-2027.9",
    "first": "2021-01-01",
    "last": "2027-12-31",
    "days_off": [{"day": "2023-12-04", "name": "Nghỉ đột xuất"}],
}
RENAMED: Final = {"unit": "TH", "code": "TH", "name": "Phòng Tổng hợp và Đối ngoại", "valid_from": "2024-01-01"}


def rendered(data: Path, folder: Path) -> dict[str, bytes]:
    """The report in every form, each written without a word more."""
    folder.mkdir()
    for form in FORMS:
        said = done("report", "render", *OPEN, "--format", form, "--out", folder / f"report.{form}", data=data).out
        assert said.replace("\n", "").endswith("written")
    return {form: (folder / f"report.{form}").read_bytes() for form in FORMS}


def test_restored_and_built_anew_from_its_logs_an_installation_writes_the_same_bytes(own_played: Path, tmp_path: Path) -> None:
    locked(own_played)
    before = rendered(own_played, tmp_path / "before")
    done("backup", tmp_path / "backup", "--keys", tmp_path / "keys", data=own_played)
    again = tmp_path / "again"
    done("restore", tmp_path / "backup", "--keys", tmp_path / "keys", data=again)
    assert sum(execute(again, "reporting", f"delete from {table}") for table in LEADS) > 0
    for projection in PROJECTIONS:
        done("rebuild", projection, data=again)
    assert rendered(again, tmp_path / "after") == before
    found = done("report", "verify", *OPEN, "--json", data=again).json
    assert (found["agrees"], found["differs"]) == (True, {})


def test_under_another_calendar_and_directory_it_says_so_and_its_figures_stay(own_played: Path, tmp_path: Path) -> None:
    locked(own_played)
    before = rendered(own_played, tmp_path / "before")
    lock = status(own_played)["lock"]
    later = [
        line("2023-06-05T09:00", "publish_calendar", CALENDAR, by=ADMINISTRATOR),
        line("2023-06-05T09:05", "rename_unit", RENAMED, by=ADMINISTRATOR),
    ]
    done("do", "-", data=own_played, stdin=jsonl(*later))
    found = done("report", "verify", *OPEN, "--json", data=own_played).json
    assert (found["agrees"], found["figures"]) == (True, lock["figures"])
    differs = found["differs"]
    assert differs["calendar"] == {"locked": lock["calendar"], "now": CALENDAR["version"]}
    assert differs["directory"]["locked"] == lock["directory"] < differs["directory"]["now"]
    assert set(differs) == {"calendar", "directory"}
    told = f"calendar: {lock['calendar']} then, {CALENDAR['version']} now; directory: {lock['directory']} then"
    assert told in done("report", "verify", *OPEN, data=own_played).out.replace("\n", " ")
    for form in FORMS:
        target = tmp_path / f"after.{form}"
        assert told in done("report", "render", *OPEN, "--format", form, "--out", target, data=own_played).out.replace("\n", " ")
        assert target.read_bytes() == before[form]
