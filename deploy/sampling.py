"""Sign-ins to a sample: one for each capacity that somebody acted in, made anew whenever it is served on this machine."""

from collections.abc import Mapping
from typing import Final

from deploy.ground import Ground
from deploy.house import House
from shared.contracts.roles import Role
from shared.eventlog import codec
from shared.identity.accounts import OF_SAMPLES, Accounts, Post
from shared.web.forms import LOOPBACK

LATEST: Final = 20_000  # facts of each log that are looked through
PAGE: Final = 1_000
AUDITOR: Final = ("kiem-tra", "VPUB", "VPUB")  # whoever only reads stands behind no fact
Seats = Mapping[Role, tuple[str, Post]]


def is_sample(ground: Ground) -> bool:
    """Whether it can be nothing else: no office works by a clock that stands still until a script moves it.

    Nobody is let in by a printed password from another machine either.
    """
    return ground.home is not None and ground.clock == "script" and ground.settings.host in LOOPBACK


async def seats(house: House) -> Seats:
    """For each capacity whoever acted in it last, and from where."""
    found: dict[Role, tuple[str, Post]] = {}
    for log in house.logs.values():
        head = (await log.head()).position
        position = max(0, head - LATEST)
        while records := (await log.read(position, PAGE)).records:
            for record in records:
                position = record.position
                told = codec.read(record).metadata
                role, person = told.get("capacity"), told.get("actor")
                if role is None or role == Role.SYSTEM or person is None or told.get("delegation"):
                    continue
                found[Role(role)] = (person, _post(told["office"], told["unit"], Role(role)))
    if found:
        person, office, unit = AUDITOR
        found.setdefault(Role.AUDITOR, (person, _post(office, unit, Role.AUDITOR)))
    return {role: found[role] for role in Role if role in found}


async def sign_ins(house: House, accounts: Accounts) -> tuple[str, Seats]:
    """The password of this time, and who signs in with it as `sample-<capacity>`; nobody and none where nothing happened yet."""
    taken = await seats(house)
    if not taken:
        return "", {}
    return await accounts.set_up({name_of(role): seat for role, seat in taken.items()}), taken


def name_of(role: Role) -> str:
    """What is typed to sign in."""
    return f"{OF_SAMPLES}{role.value.replace('_', '-')}"


def _post(office: str, unit: str, role: Role) -> Post:
    return Post(office=office, unit=unit, capacities=frozenset({role}))
