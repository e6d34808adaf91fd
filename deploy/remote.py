"""A house in other processes, reached through its internal routes: where `do` sends its lines beside a running owner."""

import asyncio
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

import httpx2
import orjson

from deploy.catalogue import all_commands
from deploy.directory import Owner
from deploy.ground import Ground
from deploy.performing import LineRefused, Outcome
from deploy.script import Line
from deploy.timekeeping import Due
from shared import commands
from shared.config import SERVICES
from shared.progress import Stand
from shared.vault.port import Stored

LOOPBACK: Final = "127.0.0.1"
ANSWER_SECONDS: Final = 60.0
DRAIN_SECONDS: Final = 120.0
FIND_AT_ONCE: Final = 1_000
LOOK_SECONDS: Final = 0.5  # between looks at how far long work has come


class Unreachable(Exception):
    """A service did not answer, or did not catch up; the message says which."""


class Remote:
    """The services at `urls` (one process may serve several), opened by the service token."""

    def __init__(self, urls: Sequence[str], token: str) -> None:
        self._clients = [
            httpx2.AsyncClient(base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=ANSWER_SECONDS)
            for url in dict.fromkeys(urls)
        ]
        self._by_command: dict[str, httpx2.AsyncClient] = {}
        self._by_service: dict[str, httpx2.AsyncClient] = {}
        self._now: datetime | None = None  # of a script's clock, which nobody moves but us

    @classmethod
    def of(cls, ground: Ground, owner: Owner | None) -> "Remote":
        """The processes of an installation: whoever serves its data directory, or its three services."""
        if owner is not None:
            return cls([f"http://{LOOPBACK}:{owner.port}"], owner.token)
        return cls([ground.settings.url_of(name) for name in SERVICES], ground.service_token)

    async def close(self) -> None:
        for client in self._clients:
            await client.aclose()

    async def post(self, path: str, asked: Mapping[str, Any]) -> Any:
        """One question to the first process.

        Raises:
            Unreachable: no answer, or a refusal.

        """
        return await _call(self._clients[0], "POST", path, asked)

    async def long(self, path: str, asked: Mapping[str, Any], look: Mapping[str, str], stand: Stand) -> Any:
        """The same for work that takes as long as it takes; `look` at the same path says how far it is, and `stand` hears it.

        Raises:
            Unreachable: no answer, or a refusal.

        """
        client = self._clients[0]
        work = asyncio.create_task(_call(client, "POST", path, asked, timeout=None))
        try:
            while not (await asyncio.wait({work}, timeout=LOOK_SECONDS))[0]:
                at = await _call(client, "GET", f"{path}?{urlencode(look)}")
                if at["total"]:
                    stand(at["done"], at["total"])
            return await work
        finally:
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)

    async def known(self) -> Mapping[str, type]:
        for client in self._clients:
            for service, names in (await _call(client, "GET", "/internal/commands")).items():
                self._by_service[service] = client
                self._by_command |= dict.fromkeys(names, client)
        return {name: command for name, command in all_commands().items() if name in self._by_command}

    async def script_clock(self) -> bool:
        kinds = {(await _call(client, "POST", "/internal/clock", {}))["kind"] for client in self._clients}
        if len(kinds) > 1:
            raise Unreachable("the services do not have the same clock: set DOITHOAI_CLOCK alike and start them again")
        return kinds == {"script"}

    async def now(self) -> datetime:
        if self._now is not None:
            return self._now
        clocks = [await _call(client, "POST", "/internal/clock", {}) for client in self._clients]
        return max(datetime.fromisoformat(clock["now"]) for clock in clocks)

    async def move(self, instant: datetime) -> None:
        await asyncio.gather(*(_call(client, "POST", "/internal/clock", {"to": instant}) for client in self._clients))
        self._now = instant

    async def due(self) -> list[Due]:
        waiting = await asyncio.gather(*(_call(client, "GET", "/internal/jobs") for client in self._clients))
        return [
            Due(at=datetime.fromisoformat(job["at"]), service=job["service"], name=job["name"])
            for jobs in waiting
            for job in jobs
        ]

    async def run(self, job: Due) -> int:
        asked = {"service": job.service, "name": job.name, "at": job.at}
        return int((await _call(self._by_service[job.service], "POST", "/internal/jobs", asked))["done"])

    async def performed(self, command_ids: Sequence[str]) -> AbstractSet[str]:
        found: set[str] = set()
        for start in range(0, len(command_ids), FIND_AT_ONCE):
            asked = {"ids": list(command_ids[start : start + FIND_AT_ONCE])}
            for client in self._clients:
                found |= set((await _call(client, "POST", "/internal/commands/found", asked))["found"])
        return found

    async def referred(self, stored: Sequence[Stored]) -> AbstractSet[str]:
        """Those of some texts in the vault that a log refers to.

        Raises:
            Unreachable: a service did not answer, so nothing can be said of any text.

        """
        asked = {"texts": [{"ref": each.ref, "command_id": each.command_id} for each in stored]}
        answers = [await _call(client, "POST", "/internal/vault/referred", asked) for client in self._clients]
        return {ref for answer in answers for ref in answer["found"]}

    async def standings(self) -> list[dict[str, Any]]:
        """What stands where, of every process."""
        return list(await asyncio.gather(*(_call(client, "GET", "/internal/subscriptions") for client in self._clients)))

    async def halted(self) -> list[str]:
        return [
            f"{at['service']}/{at['name']} on {at['source']} is halted ({at['reason']})"
            for standing in await self.standings()
            for at in standing["subscriptions"]
            if at["state"] == "halted"
        ]

    async def drain(self) -> None:
        """Wait until every subscription of every process stands at the head of every log it follows.

        Raises:
            Unreachable: one is halted, or has not caught up in time.

        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + DRAIN_SECONDS
        standings = await self.standings()
        while behind := _behind(standings):
            if loop.time() > deadline:
                raise Unreachable(
                    f"not caught up after {DRAIN_SECONDS:.0f} s: {', '.join(sorted(behind))}; see `doithoai doctor`"
                )
            asked = {"heads": _heads(standings)}
            answers = [_call(client, "POST", "/internal/subscriptions/reached", asked) for client in self._clients]
            standings = list(await asyncio.gather(*answers))

    async def register_rows(self, asked: Mapping[str, Any]) -> list[Any]:
        """What became of rows of a register, in their order: a word, or the rejection as a mapping.

        Raises:
            Unreachable: no answer, or a refusal of all of them.

        """
        await self.known()
        client = self._by_service["intake"]
        return list(await _call(client, "POST", "/internal/register-rows", asked))

    async def ask(self, line: Line, body: commands.Body) -> Outcome:
        order = {
            "command": line.command,
            "body": body.model_dump(mode="json"),
            "office": line.office,
            "unit": line.unit,
            "actor": line.actor,
            "capacity": line.capacity,
            "command_id": line.command_id,
            "occurred_at": line.occurred_at,
        }
        try:
            done = await _call(self._by_command[line.command], "POST", "/internal/commands", order)
        except _Problem as problem:
            raise LineRefused(line, problem.details) from None
        return Outcome(stream=done["stream"], version=done["version"], replayed=done["replayed"], answer=done["answer"])


class _Problem(Unreachable):
    """A service answered with a problem."""

    def __init__(self, url: str, details: Mapping[str, Any]) -> None:
        self.details = details
        super().__init__(f"{url}: {details.get('code')}: {details.get('titles', {}).get('en', details.get('title'))}")


async def _call(
    client: httpx2.AsyncClient, method: str, path: str, body: Any = None, *, timeout: float | None = ANSWER_SECONDS
) -> Any:
    content = None if body is None else orjson.dumps(body)
    headers = {"Content-Type": "application/json"}
    try:
        answer = await client.request(method, path, content=content, headers=headers, timeout=timeout)
    except httpx2.HTTPError as error:
        raise Unreachable(f"{client.base_url}: no answer ({type(error).__name__}): is it running?") from error
    parsed = orjson.loads(answer.content)
    if answer.status_code >= 400:
        raise _Problem(str(client.base_url), parsed)
    return parsed


def _heads(standings: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Where every log ends, by log."""
    return {log: head for standing in standings for log, head in standing["heads"].items()}


def _behind(standings: Sequence[Mapping[str, Any]]) -> list[str]:
    """The subscriptions that have not reached the heads of their sources; those that are halted count as behind."""
    heads = _heads(standings)
    return [
        f"{at['service']}/{at['name']} on {at['source']} ({at['position']} of {heads[at['source']]})"
        for standing in standings
        for at in standing["subscriptions"]
        if at["position"] < heads.get(at["source"], 0)
    ]
