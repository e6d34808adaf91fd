"""A report on its way to its lock through the service's own commands: what was asked at the request is looked up again."""

from datetime import date
from pathlib import Path
from typing import Any, Final

from shared.contracts.directory import UnitKind, UnitRegistered
from shared.contracts.report import Blocked, Blocker, LockRefused
from shared.permit import Subject
from tests.reporting.house import HUB, House, house

REPORT: Final = "report-VPUB-2023"
LATE: Final = UnitRegistered(
    unit="BTCD2",
    code="BTCD2",
    name="Phòng Tiếp dân",
    kind=UnitKind.DIVISION,
    office="VPUB",
    parent="VPUB",
    valid_from=date(2023, 5, 1),
)


async def test_a_unit_that_came_to_be_known_while_the_fences_were_awaited_is_asked_first(tmp_path: Path) -> None:
    async with house(tmp_path) as made:
        await requested(made)
        await made.happen("assignment", {"unit-BTCD2": [LATE]})
        await fenced(made)
        one = await told(made)
        assert (one["state"], one["attempts"], one["lock"]) == ("open", 1, None)
        assert [(each["code"], each["unit"]) for each in one["blocks"]] == [("unit-silent", "BTCD2")]
        await waived(made)
        assert (await told(made))["blocks"] == []  # what an attempt was refused for is asked again, not remembered
        await made.ask("request_lock", HUB, report=REPORT)
        await fenced(made)
        one = await told(made)
        assert (one["state"], one["attempts"], one["blocks"]) == ("locked", 2, [])


async def test_every_reason_for_which_a_lock_is_refused_is_told_in_both_languages(tmp_path: Path) -> None:
    async with house(tmp_path) as made:
        await requested(made)
        reasons = tuple(Blocked(why=why, where="annual", count=1, episodes=()) for why in Blocker)
        await made.happen("reporting", {REPORT: [LockRefused(blocked=reasons)]})
        blocks = (await told(made))["blocks"]
        # The others are told only while they are so.
        told_on = ["parked", "broken", "later-locked", "windows-overlap", "stock-recorded-both-ways"]
        assert [each["code"] for each in blocks] == told_on
        assert all(each["said"]["vi"] and each["said"]["en"] for each in blocks)


async def requested(made: House) -> None:
    """The lock of a report is asked for when every unit that is known has been waived."""
    window: dict[str, Any] = {"first": "2023-01-04", "last": "2023-05-31", "before": "2023-06-20"}
    await made.ask("open_report", HUB, office="VPUB", year=2023, kind="annual", **window)
    await waived(made)
    await made.ask("request_lock", HUB, report=REPORT)


async def told(made: House, report: str = REPORT) -> Any:
    await made.follow()
    return await made.service.queries.reports.report(HUB, report)


async def waived(made: House, report: str = REPORT) -> None:
    """Nobody is waited for any more who was known."""
    for unit in (await told(made, report))["units"]:
        if unit["word"] is None:
            await made.ask("waive_confirmation", HUB, report=report, unit=unit["unit"], reason="Không có số liệu.")


async def fenced(made: House, report: str = REPORT) -> None:
    """Both sources have put up their fences where their logs end."""
    await made.follow()
    by = Subject.house("lock-reports", tenant=made.service.kernel.tenant, office="VPUB")
    for source in ("intake", "assignment"):
        head = await made.logs[source].head()
        await made.ask("take_fence", by, report=report, source=source, position=head.position)
        await made.ask("lock_data", by, report=report)
