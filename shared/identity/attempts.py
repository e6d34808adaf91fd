"""How often somebody may try to be let in, counted by name and by address, per process."""

from typing import Final

from limits import parse
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter

from shared.identity.refusals import SignInTooOften

OF_A_NAME_THERE: Final = parse("10/15 minutes")  # from one address
OF_A_NAME: Final = parse("30/15 minutes")  # from all: more, lest anybody shut out a colleague with ten tries
OF_AN_ADDRESS: Final = parse("600/15 minutes")  # an office of hundreds has one address, and all of them begin at seven


class Attempts:
    """Counts them; what is tried with one name may be counted in several ways, as `sign in` and `code`."""

    def __init__(self) -> None:
        self._made = MovingWindowRateLimiter(MemoryStorage())

    async def count(self, name: str, address: str) -> None:
        """One attempt more.

        Raises:
            SignInTooOften: for this name, or from this address.

        """
        await self.count_from(address)
        for window, who in ((OF_A_NAME_THERE, (name, address)), (OF_A_NAME, (name,))):
            if not await self._made.hit(window, *who):
                raise SignInTooOften

    async def count_from(self, address: str) -> None:
        """One attempt more by somebody who has not said his name.

        Raises:
            SignInTooOften

        """
        if not await self._made.hit(OF_AN_ADDRESS, address):
            raise SignInTooOften

    async def forget(self, name: str, address: str) -> None:
        """It went well: what failed before counts no more."""
        await self._made.clear(OF_A_NAME_THERE, name, address)
        await self._made.clear(OF_A_NAME, name)
