"""A report is locked while opinions go on being handed in: with a source away, with an event parked, with services killed."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest

from deploy.servers.kafka_jars import KafkaAbsent
from deploy.servers.postgres import PostgresAbsent, temporary_directory
from tests.support.absent import absent
from tests.support.hub import Hub, at_work, held_back, refusing
from tests.support.installation import installation

pytestmark = [pytest.mark.servers, pytest.mark.faults, pytest.mark.timeout(600)]


async def test_under_load_a_report_is_locked_once_with_all_below_its_fences_whatever_is_parked_away_or_killed() -> None:
    async with _served() as hub:
        await _parked(hub, await hub.opened(2020))
        hub.day += timedelta(days=1)
        await _killed_at_every_step(hub, await hub.opened(2021))
        assert hub.house.ended() == []


async def _parked(hub: Hub, report: str) -> None:
    """What is parked at or below the fence opens the report again, until it is released."""
    async with refusing(hub.house, "reporting", "milestone_fact", "kind = 'withdrawn'"):
        await hub.withdraw(await hub.receive())
        await hub.request(report)
        one = await hub.until(report, lambda one: one["state"] == "open" and one["blocks"])
        assert [(each["code"], each["where"], each["count"]) for each in one["blocks"]] == [("parked", "intake", 1)]
        assert await hub.recorded("reporting", "report.data_locked") == []
    assert await hub.requeue("milestone") == 1
    await hub.request(report)
    assert (await _locked_once(hub, report, attempts=2))["F"] == 1


async def _killed_at_every_step(hub: Hub, report: str) -> None:
    """The house is stopped wherever it can stop between request and lock, because a source or the store is away."""
    house = hub.house
    house.kill("intake")
    await hub.request(report)
    await _awaited(hub, report, "intake")  # nobody has fenced
    await hub.once_published("reporting", await hub.once_recorded("reporting", "report.lock_requested", report))
    _kill(hub, "assignment", "reporting")

    await house.start("intake")
    await hub.once_recorded("intake", "log.fenced", _fence(report))  # which nobody has taken note of
    _kill(hub, "intake")

    await house.start("intake", "reporting")
    await _awaited(hub, report, "assignment")  # the first fence is taken, the second not put up
    await hub.once_published("reporting", await hub.once_recorded("reporting", "report.source_fenced", report))
    _kill(hub, "intake", "reporting")

    await house.start("assignment")
    fence = await hub.once_recorded("assignment", "log.fenced", _fence(report))  # which nobody has taken note of
    await hub.once_published("assignment", fence)
    _kill(hub, "assignment")

    async with held_back(house, "reporting", "report.data_locked"):
        await house.start("reporting")
        await hub.once_recorded("reporting", "report.source_fenced", report, count=2)
        await hub.until(report, lambda one: [each["code"] for each in one["blocks"]] == ["counting"])
        _kill(hub, "reporting")  # the second fence is taken, the figures are not locked

    await house.start()
    await _locked_once(hub, report)


def _kill(hub: Hub, *services: str) -> None:
    for service in services:
        hub.house.kill(service)


async def _awaited(hub: Hub, report: str, source: str) -> None:
    """The lock waits for that source, and says so."""
    await hub.until(
        report, lambda one: [(each["code"], each.get("source")) for each in one["blocks"]] == [("source-behind", source)]
    )


def _fence(report: str) -> str:
    return report.replace("report-", "fence-", 1)


async def _locked_once(hub: Hub, report: str, *, attempts: int = 1) -> Any:
    """It is locked by itself, once, at one fence in each log, with all below and nothing beyond; its Biểu 02 in total."""
    lock = (await hub.until(report, lambda one: one["state"] == "locked"))["lock"]
    for source in ("intake", "assignment"):
        fences = await hub.recorded(source, "log.fenced", _fence(report))
        assert len(fences) == attempts
        assert {"source": source, "position": fences[-1]} in lock["positions"]
    await hub.hand_in()  # what comes later is of the same day and changes nothing
    recounted = await hub.read(f"/reporting/api/reports/{report}/figures")
    assert (recounted["agrees"], recounted["figures"], recounted["differs"]) == (True, lock["figures"], {})
    fence = next(each["position"] for each in lock["positions"] if each["source"] == "intake")
    below = await hub.received(hub.day, fence)
    total = recounted["tables"]["bieu-02"]["total"]
    assert total["B1"] == below > 0
    assert await hub.received(hub.day) > below
    assert len(await hub.recorded("reporting", "report.data_locked", report)) == 1
    assert len(await hub.recorded("reporting", "report.lock_requested", report)) == attempts
    return total


@asynccontextmanager
async def _served() -> AsyncIterator[Hub]:
    """A hub at work in an installation of three services."""
    try:
        async with installation(temporary_directory()) as house:
            await house.start()
            await house.directory_known()
            async with at_work(house) as hub:
                yield hub
    except (KafkaAbsent, PostgresAbsent) as reason:
        absent(reason)
