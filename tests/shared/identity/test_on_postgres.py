"""Accounts and sessions on PostgreSQL, by the role that the application has there."""

from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from deploy.servers.postgres import app_url, make_database, owner_url
from shared import migrations
from shared.clock import ScriptClock
from shared.database import Database
from shared.identity.accounts import Accounts
from shared.identity.attempts import Attempts
from shared.identity.links import Links
from shared.identity.once import Once
from shared.identity.refusals import AlreadyLinked
from shared.identity.sealing import Seal
from shared.identity.second_step import SecondStep
from shared.identity.sessions import Sessions
from shared.identity.trail import How, Outcome, Trail
from shared.keys import KeyedHash
from tests.shared.identity.conftest import HUB

pytestmark = pytest.mark.servers


async def test_an_account_signs_in_and_out_with_the_rights_of_the_application(postgres: str, clock: ScriptClock) -> None:
    await make_database(postgres, "access")
    owner = Database(owner_url(postgres, "access"), pool_size=1)
    application = Database(app_url(postgres, "access"), tenant="sonla", pool_size=4)
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
        trail, links = Trail("sonla", application, clock=clock), Links("sonla", application, clock=clock)
        await trail.note("lan", "10.0.0.1", How.PASSWORD, Outcome.LET_IN)
        assert [each.place for each in await trail.of("lan")] == ["10.0.0.0/24"]
        await links.link("lan", issuer="https://sso", subject="1")
        with pytest.raises(AlreadyLinked):
            await links.link("lan", issuer="https://sso", subject="2")
        once = Once("sonla", application, clock=clock)
        assert [await once.use("state", within=timedelta(minutes=1)) for _ in range(2)] == [True, False]
        clock.move_to(datetime(2023, 1, 9, 8, tzinfo=UTC))
        seal, attempts = Seal(KeyedHash(bytes(32))), Attempts()
        codes = SecondStep("sonla", application, seal=seal, clock=clock, attempts=attempts, wall=clock)
        asked = await codes.begin("lan")
        recovery = await codes.confirm("lan", pyotp.TOTP(asked.secret).at(int(clock.now().timestamp())), address="10.0.0.1")
        assert await codes.check("lan", recovery[0], address="10.0.0.1") is How.RECOVERY
        assert await codes.reset("lan")
        await migrations.downgrade(owner, "access", "0001")
        assert not await migrations.is_current(owner, "access")
    finally:
        await application.close()
        await owner.close()
