"""Accounts and sessions on PostgreSQL, by the role that the application has there."""

import pytest

from deploy.servers.postgres import app_url, make_database, owner_url
from shared import migrations
from shared.clock import ScriptClock
from shared.database import Database
from shared.identity.accounts import Accounts
from shared.identity.sessions import Sessions
from tests.shared.identity.conftest import HUB

pytestmark = pytest.mark.servers


async def test_an_account_signs_in_and_out_with_the_rights_of_the_application(postgres: str, clock: ScriptClock) -> None:
    await make_database(postgres, "access")
    owner = Database(owner_url(postgres, "access"), pool_size=1)
    application = Database(app_url(postgres, "access"), pool_size=4)
    try:
        await migrations.upgrade(owner, "access")
        accounts, sessions = Accounts("sonla", application, clock=clock), Sessions("sonla", application, clock=clock)
        first = await accounts.create("lan", person="tchcqt-02", post=HUB)
        await accounts.add_post("lan", HUB)
        account = await accounts.check("lan", first, address="10.0.0.1")
        before = await sessions.begin(account)
        after = await sessions.begin(account, instead_of=before)
        found = await sessions.find(after)
        assert found is not None
        assert (found.subject.capacities, await sessions.find(before)) == (HUB.capacities, None)
        assert await sessions.end_all("lan") == 1
        assert await accounts.reset("lan") != first
        await migrations.downgrade(owner, "access", "0001")
        assert not await migrations.is_current(owner, "access")
    finally:
        await application.close()
        await owner.close()
