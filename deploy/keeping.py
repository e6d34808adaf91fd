"""What an operator does to a house at work: rebuild a read model, look after parked events, verify the logs."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from deploy.house import House
from shared.contracts.refusals import Refused, Unknown
from shared.eventlog.records import Record
from shared.eventlog.verify import Report, verify
from shared.progress import Stand, told, unseen
from shared.subscriptions.deadletters import DeadLetter, DeadLetters, NotParked
from shared.subscriptions.declared import Projection
from shared.subscriptions.rebuild import NotRebuilt, Rebuild, state_hash


class CannotRebuild(Refused):
    """It is no projection, or its history fails with today's code; the live tables stand."""

    code = "cannot-rebuild"
    title_vi = "Không dựng lại được"
    title_en = "It cannot be rebuilt: {reason}"
    advice_vi = "Chỉ dựng lại được bảng đọc; xem sự kiện được nêu."
    advice_en = "Only projections are rebuilt; look at the event that is named."


class NothingParked(Refused):
    """Nothing is parked there, or something parked before it goes first."""

    code = "nothing-parked"
    title_vi = "Không có sự kiện nào được gác lại ở đó"
    title_en = "Nothing can be done there: {reason}"
    advice_vi = "Xem danh sách bằng `doithoai dlq list`."
    advice_en = "See `doithoai dlq list`."


def projections(house: House) -> dict[str, str]:
    """Every projection of this process with the service it belongs to."""
    return {
        subscription.name: name
        for name, service in house.services.items()
        for subscription in service.subscriptions
        if isinstance(subscription, Projection)
    }


async def rebuild(house: House, projection: str, *, check: bool, stand: Stand = unseen) -> Rebuild:
    """Build a projection anew and swap it in, or with `check` only compare; `stand` hears of events.

    Raises:
        Unknown, CannotRebuild

    """
    service = service_of(house, projection)
    try:
        return await house.followings[service].rebuild(projection, check=check, stand=stand)
    except NotRebuilt as error:
        raise CannotRebuild(reason=str(error)) from error


async def projection_hashes(house: House) -> dict[str, str]:
    """The hash of every projection's rows, by name."""
    hashes = {}
    for service in house.services.values():
        for subscription in service.subscriptions:
            if isinstance(subscription, Projection):
                hashes[subscription.name] = await state_hash(service.kernel.database, subscription)
    return dict(sorted(hashes.items()))


async def letters(house: House, state: str) -> list[dict[str, Any]]:
    """Parked events of every service in `state`."""
    return [
        {"service": name, **asdict(letter)}
        for name in house.services
        for letter in await dead_letters(house, name).list(state=state)
    ]


async def shown(house: House, service: str, subscription: str, source: str, position: int) -> tuple[DeadLetter, Record]:
    """One parked event with its record.

    Raises:
        NothingParked

    """
    try:
        return await dead_letters(house, service).show(subscription, source, position)
    except NotParked as error:
        raise NothingParked(reason=str(error)) from error


async def requeue(house: House, subscription: str, source: str | None, position: int | None, *, by: str) -> int:
    """Try parked events again, asked by whom; how many succeeded.

    Raises:
        Unknown, NothingParked, NotACode

    """
    try:
        return await dead_letters(house, service_of(house, subscription)).requeue(subscription, source, position, by=by)
    except NotParked as error:
        raise NothingParked(reason=str(error)) from error


async def discard(house: House, subscription: str, source: str, position: int, reason: str, *, by: str) -> None:
    """Give a parked event up for good, decided by whom.

    Raises:
        Unknown, NothingParked, NotACode

    """
    try:
        await dead_letters(house, service_of(house, subscription)).discard(subscription, source, position, reason, by=by)
    except NotParked as error:
        raise NothingParked(reason=str(error)) from error


async def verify_all(house: House, stand: Stand = unseen) -> Mapping[str, Report]:
    """Every log of this process held against itself and everything that remembers it, by service; `stand` hears of events."""
    databases = house.stores.databases
    total = sum([(await house.logs[name].head()).position for name in house.services])
    found: dict[str, Report] = {}
    before = 0
    for name in house.services:
        others = [databases[other] for other in house.services if other != name]
        found[name] = await verify(house.logs[name], databases[name], others, _onward(stand, before, total))
        before += found[name].events
    return found


def _onward(stand: Stand, before: int, total: int) -> Callable[[int], None]:
    """Tells `stand` of positions in one log as places in all that is read, after `before` events of other logs."""
    return lambda at: told(stand, before + at, total)


def service_of(house: House, subscription: str) -> str:
    """The service of this process that has the subscription.

    Raises:
        Unknown

    """
    for name, service in house.services.items():
        if any(each.name == subscription for each in service.subscriptions):
            return name
    raise Unknown("subscription", known=", ".join(sorted(projections(house))))


def dead_letters(house: House, service: str) -> DeadLetters:
    """The parked events of one service."""
    built = house.services[service]
    return DeadLetters(built.subscriptions, built.kernel.database, built.kernel.logs, built.desk, built.kernel.clock)
