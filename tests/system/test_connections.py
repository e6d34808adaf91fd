"""PostgreSQL has room for every connection the services may keep, or the doctor says which setting to change."""

import pytest

from deploy import doctor
from deploy.ground import on_settings
from deploy.servers.postgres import make_database
from shared.config import Installation, load
from shared.eventlog.schema import APP_ROLE

pytestmark = pytest.mark.servers


@pytest.fixture
async def address(postgres: str) -> str:
    await make_database(postgres, "access")
    return f"postgresql+asyncpg://{APP_ROLE}@{postgres}"


async def test_a_server_with_room_for_all_pools_is_well(address: str) -> None:
    found = await doctor.connections(on_settings(load(Installation, postgres=address, clock="script", seed="một")))
    assert (found.state, found.mend) == ("ok", "")
    assert "156 at most" in found.found


async def test_pools_that_the_server_has_no_room_for_are_said_with_a_size_that_fits(address: str) -> None:
    wide = load(Installation, postgres=address, clock="script", seed="một", pool_size=30)
    found = await doctor.connections(on_settings(wide))
    assert found.state == "warn"
    assert "`max_connections` of PostgreSQL to 292" in found.mend
    fitting = int(found.mend.rpartition(" ")[2])
    fitted = await doctor.connections(on_settings(wide.model_copy(update={"pool_size": fitting})))
    beyond = await doctor.connections(on_settings(wide.model_copy(update={"pool_size": fitting + 1})))
    assert (fitted.state, beyond.state) == ("ok", "warn")


async def test_a_server_that_is_away_is_said_and_nothing_breaks() -> None:
    away = load(Installation, postgres=f"postgresql+asyncpg://{APP_ROLE}@127.0.0.1:1", clock="script", seed="một")
    assert (await doctor.connections(on_settings(away))).state == "fail"
