"""Browsers of people of a whole house, signed in with a sample's accounts over its application."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from deploy.application import application
from deploy.ground import ground_of
from deploy.house import House, writing
from shared.contracts.roles import Role
from shared.identity.accounts import OF_SAMPLES, Post
from tests.shared.identity.browser import Browser, browsing

SEATS: Final = {
    "auditor": ("kt-01", "VPUB", Role.AUDITOR),
    "admin": ("qt-01", "VPUB", Role.ADMINISTRATOR),
    "hub": ("tchcqt-02", "TCHCQT", Role.HUB),
}


@dataclass(slots=True)
class Over:
    """A house with its browsers, by name of a seat."""

    house: House
    browsers: Mapping[str, Browser]

    def __getitem__(self, name: str) -> Browser:
        return self.browsers[name]


@asynccontextmanager
async def over(data: Path, seats: Mapping[str, tuple[str, str, Role]] = SEATS) -> AsyncIterator[Over]:
    """The house of a data directory, and everybody of `seats` signed in to it."""
    async with AsyncExitStack() as stack:
        house = await stack.enter_async_context(writing(ground_of(data, None), "serve"))
        app = application(house, "secret", {})
        given = {
            f"{OF_SAMPLES}{name}": (person, Post(office="VPUB", unit=unit, capacities=frozenset({role})))
            for name, (person, unit, role) in seats.items()
        }
        password = await house.stores.access.accounts.set_up(given)
        browsers = {}
        for name in seats:
            browser = await stack.enter_async_context(browsing(app))
            assert (await browser.sign_in(f"{OF_SAMPLES}{name}", password)).status_code == 303
            browsers[name] = browser
        yield Over(house, browsers)
