"""What ships for Sơn La is accepted by the directory's own rules, and bringing it in twice changes nothing."""

from pathlib import Path

from deploy import sonla
from shared.contracts.roles import Role
from tests.assignment.house import House, bare_house
from tests.support.hosting import subject

HOUSE_ITSELF = subject("house", "VPUB", Role.SYSTEM)


async def bring_in(house: House) -> int:
    changed = 0
    for seed in sonla.commands():
        done = await house.ask(seed["command"], HOUSE_ITSELF, **seed["data"])
        changed += done.position > 0
    return changed


async def test_the_reference_data_passes_the_rules_and_a_second_time_changes_nothing(tmp_path: Path) -> None:
    async with bare_house(tmp_path) as house:
        assert await bring_in(house) == len(sonla.commands())
        assert await bring_in(house) == 0
