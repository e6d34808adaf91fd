"""What a browser holds the receipt of: a pointer in a cookie, vouched for by us, so that no code stands in any address."""

import hmac
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from fastapi import Request
from fastapi.responses import Response

from services.intake.entrypoints.pages.behind import SERVICE
from services.intake.handlers.opinions import speaker_of
from shared.clock import Clock, micros
from shared.contracts.roles import Role
from shared.identity.sessions import Session
from shared.keys import KeyedHash
from shared.permit import Subject
from shared.web.api import WAIT_SECONDS
from shared.web.forms import carried, carry, drop
from shared.web.problems import NotYet

COOKIE: Final = "doithoai-receipt"
LASTS: Final = timedelta(minutes=30)
MOST_STREAMS: Final = 2
LONGEST: Final = 500


@dataclass(frozen=True, slots=True)
class Held:
    """Submissions whose receipt somebody holds, as they are known from `position` of the log on.

    `fresh`: he has just handed them in and may see the code. `files_lost`: not all files that he sent along were kept.
    """

    streams: tuple[str, ...]
    fresh: bool = False
    position: int = 0
    files_lost: bool = False


class Holding:
    """Gives such pointers, and believes none but its own, for half an hour."""

    def __init__(self, keyed: KeyedHash, tenant: str, clock: Clock) -> None:
        self._keyed, self._tenant, self._clock = keyed, tenant, clock

    def give(self, response: Response, request: Request, held: Held) -> None:
        """Let the browser hold it, until it is closed or half an hour has passed."""
        until = str(micros(self._clock.now() + LASTS))
        marks = f"{held.fresh:d}{held.files_lost:d}"
        told = ".".join((marks, until, str(held.position), *held.streams[:MOST_STREAMS]))
        carry(response, request, f"{told}.{self._seal(told)}", COOKIE)

    def held(self, request: Request) -> Held | None:
        """What the browser holds the receipt of, if it still does."""
        told, _, seal = carried(request, COOKIE)[:LONGEST].rpartition(".")
        if not told or not hmac.compare_digest(self._seal(told).encode(), seal.encode()):
            return None
        marks, until, position, *streams = told.split(".")
        if int(until) < micros(self._clock.now()):
            return None
        return Held(tuple(streams), marks[:1] == "1", int(position), marks[1:] == "1")

    async def standing(self, request: Request) -> Held | None:
        """The same, once the pages can show it.

        Raises:
            NotYet: they cannot yet.

        """
        held = self.held(request)
        if held is not None and not await request.app.state.positions.wait({SERVICE: held.position}, WAIT_SECONDS):
            raise NotYet
        return held

    def forget(self, response: Response, request: Request) -> None:
        """Take it back: the next to use the browser holds nothing."""
        drop(response, request, COOKIE)

    def session(self, stream: str, office: str) -> Session:
        """Whoever holds a receipt, as he asks commands about what he handed in with `office`."""
        return Session(id="", name="", subject=self.subject(stream, office), must_change=False, begun_at=0, seen_at=0)

    def subject(self, stream: str, office: str) -> Subject:
        """The speaker of a submission, known by its receipt alone; it counts as taken in by the office itself."""
        return Subject(
            person=speaker_of(self._keyed, stream),
            tenant=self._tenant,
            office=office,
            unit=office,
            capacities=frozenset({Role.CITIZEN}),
        )

    def _seal(self, told: str) -> str:
        return self._keyed.hex("held-receipt", self._tenant, told)[:32]
