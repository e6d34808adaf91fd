"""The whole application of a data directory answering on loopback, in this process beside the test."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fastapi import FastAPI

from deploy.application import application, listen, serve
from deploy.ground import ground_of
from deploy.house import House, writing
from deploy.working import following
from shared.contracts.roles import Role

SECONDS: Final = 60.0
SERVICE_TOKEN: Final = "s" * 64


@dataclass(slots=True)
class Answering:
    """A house that answers at `base`; `asked` runs what it is given within the house."""

    house: House
    app: FastAPI
    base: str
    loop: asyncio.AbstractEventLoop

    def token(self, person: str, unit: str, *capacities: Role, office: str = "VPUB") -> str:
        """A credential."""
        made = self.house.stores.access.tokens.create(person=person, office=office, unit=unit, capacities=capacities)
        return asyncio.run_coroutine_threadsafe(made, self.loop).result(SECONDS)


@contextmanager
def answering(data: Path) -> Iterator[Answering]:
    """Answer within the block; every read model follows what is written."""
    begun: list[Answering] = []
    failed: list[BaseException] = []
    ready = threading.Event()

    async def run() -> None:
        async with writing(ground_of(data, None), "serve") as house:
            with closing(listen("127.0.0.1", 0)) as listener:
                app = application(house, SERVICE_TOKEN, {})
                base = f"http://127.0.0.1:{listener.getsockname()[1]}"
                async with following(house):
                    begun.append(Answering(house, app, base, asyncio.get_running_loop()))
                    server = asyncio.create_task(serve(app, listener, trusted_proxies=""))
                    ready.set()
                    stopping = asyncio.create_task(asyncio.to_thread(stop.wait))
                    await asyncio.wait((server, stopping), return_when=asyncio.FIRST_COMPLETED)
                    stop.set()
                    server.cancel()
                    await asyncio.gather(server, stopping, return_exceptions=True)

    def thread() -> None:
        try:
            asyncio.run(run())
        except BaseException as error:  # noqa: BLE001  told to the test
            failed.append(error)
        finally:
            ready.set()

    stop = threading.Event()
    running = threading.Thread(target=thread, name="answering")
    running.start()
    try:
        assert ready.wait(SECONDS)
        assert begun, failed
        yield begun[0]
    finally:
        stop.set()
        running.join(SECONDS)
    assert not failed, failed
