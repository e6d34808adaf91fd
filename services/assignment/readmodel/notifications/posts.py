"""Who somebody is today when he is not signed in: his posts, with what others let him do."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace

from shared.directory.queries import DirectoryNotYet
from shared.permit import Delegated, Subject
from shared.service import Holders


@dataclass(frozen=True, slots=True)
class Posts:
    """The people of one tenant; nobody where it is not known who has accounts."""

    holders: Holders | None
    acting_for: Callable[[Subject], Awaitable[tuple[Delegated, ...]]]

    async def of(self, person: str) -> tuple[Subject, ...]:
        """He as he acts from each of his posts; none where no account of his opens."""
        found = []
        for each in await self.holders(person) if self.holders is not None else ():
            held = each
            with suppress(DirectoryNotYet):
                held = replace(each, delegated=await self.acting_for(each))
            found.append(held)
        return tuple(found)
