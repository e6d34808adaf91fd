"""The HTTP application over a house: its services' routes, the internal ones, health; and uvicorn around it."""

import asyncio
import signal
import socket
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from types import FrameType
from typing import Any, Final, Protocol

import uvicorn
from fastapi import FastAPI

from deploy import docs, internal, operating
from deploy.collector import spare_what_stands
from deploy.house import House
from deploy.pages import finding
from deploy.pages import rooms as own_rooms
from shared.feeds.remote import log_routes
from shared.identity import routes as identity
from shared.identity.pages import Door
from shared.subscriptions.following import Following
from shared.web.app import create_app
from shared.web.live import Live, Source
from shared.web.live import routes as live_routes
from shared.web.pages import Pages, static
from shared.web.surroundings import Surroundings

STOP_SECONDS: Final = 10
PUBLIC: Final = "/welcome"  # where whoever is not signed in begins


class Part(Protocol):
    """Something that works beside the API and can be degraded, such as the relay."""

    @property
    def state(self) -> str: ...


class Positions:
    """Waits until the read models of every service of this process hold a position vector."""

    def __init__(self, followings: Sequence[Following]) -> None:
        self._followings = followings

    async def wait(self, vector: Mapping[str, int], timeout: float) -> bool:
        reached = await asyncio.gather(*(following.wait(vector, timeout) for following in self._followings))
        return all(reached)


def application(house: House, token: str, parts: Mapping[str, Part]) -> FastAPI:
    """The application; `parts` are told of in its health."""
    logs = {log.name: log for log in house.logs.values()}

    async def health() -> dict[str, Any]:
        states: dict[str, str] = {f"{name} subscriptions": following.state for name, following in house.followings.items()}
        states |= {name: part.state for name, part in parts.items()}
        unreachable = [name for name in house.services if not await _answers(house, name)]
        return {
            "ready": not unreachable,
            "state": "unready" if unreachable else "degraded" if set(states.values()) - {"ok"} else "ok",
            "clock": house.clock_kind,
            "tenant": house.tenant,
            "parts": states | dict.fromkeys(unreachable, "away"),
        }

    async def measure() -> None:
        await asyncio.gather(*(following.measure() for following in house.followings.values()))

    inside = internal.router(house, token)
    inside.include_router(operating.routes(house))
    of_services = (room for service in house.services.values() for room in service.rooms())
    rooms = [*of_services, *own_rooms(house, health), docs.room()]
    rooms = [finding.room(rooms), *rooms]
    access, pages = house.stores.access, Pages(rooms)
    live = Live([_told(house, name) for name in house.services], access.sessions)
    door = Door(
        accounts=access.accounts,
        sessions=access.sessions,
        codes=access.codes,
        links=access.links,
        trail=access.trail,
        attempts=access.attempts,
        provider=access.provider,
        left=live.forget,
    )
    a_service = next(iter(house.services.values()))  # each has the whole directory
    served = [*(service.routes() for service in house.services.values()), inside, log_routes(logs.get, token)]
    app = create_app(
        [
            *served,
            static(),
            *(room.routes(pages) for room in rooms if room.routes),
            identity.routes(pages, door, outside=PUBLIC if "intake" in house.services else ""),
            live_routes(live),
        ],
        tokens=access.tokens,
        positions=Positions(tuple(house.followings.values())),
        health=health,
        measure=measure,
        acting_for=a_service.desk.acting_for,
        page=pages.refusal,
        body_limit=house.ground.settings.body_limit_bytes,
        public_origin=house.ground.settings.public_origin,
    )
    app.state.door, app.state.live = door, live
    app.state.surroundings = Surroundings(
        directories=a_service.directories,
        vault=a_service.kernel.vault,
        clock=a_service.kernel.clock,
        stands={name: following.stand for name, following in house.followings.items()},
        rooms=rooms,
    )
    return app


def _told(house: House, name: str) -> Source:
    service = house.services[name]
    topics = [topic for room in service.rooms() for topic in room.topics]
    return Source(log=house.logs[name], topics=topics, beyond=house.followings[name].beyond)


class _Server(uvicorn.Server):
    """Does not send a signal on once it has stopped, as its parent does: the house is still to be closed."""

    def __init__(self, config: uvicorn.Config, leaving: Callable[[], object]) -> None:
        super().__init__(config)
        self._leaving = leaving

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self.force_exit = self.should_exit and sig == signal.SIGINT
        self.should_exit = True
        self._leaving()


async def serve(app: FastAPI, listener: socket.socket, *, trusted_proxies: str) -> None:
    """Answer on `listener` until the process is told to stop; requests in hand are finished.

    Who asks, and whether over TLS, is what `trusted_proxies` say in X-Forwarded-For and -Proto; of anybody else they are ignored.
    """
    spare_what_stands()  # the routes as well, which are made when they are served
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        lifespan="off",
        timeout_graceful_shutdown=STOP_SECONDS,
        forwarded_allow_ips=trusted_proxies,
        proxy_headers=bool(trusted_proxies),
    )
    live, loop = app.state.live, asyncio.get_running_loop()
    try:
        # Pages that listen would keep the server from ending: they come again, to whoever serves then.
        await _Server(config, partial(loop.call_soon_threadsafe, live.leave)).serve([listener])
    finally:
        await live.stop()


async def _answers(house: House, service: str) -> bool:
    try:
        await asyncio.wait_for(house.logs[service].head(), 2)
    except Exception:  # noqa: BLE001  whatever it is, the store does not answer
        return False
    return True
