"""Row security on a real PostgreSQL: whatever is asked over a connection of one tenant, no row of another is seen or written."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import md5

import pytest
from sqlalchemy import Column, MetaData, Table, Text, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from deploy.servers.postgres import app_url, owner_url
from shared import migrations, row_security
from shared.database import Database
from shared.eventlog import schema as log_schema
from shared.eventlog.schema import APP_ROLE
from shared.migrations import PACKAGES
from shared.vault.schema import OPEN_TO_ALL_TENANTS

pytestmark = pytest.mark.servers

OPINIONS = MetaData()
OPINION = Table("opinion", OPINIONS, Column("tenant", Text, primary_key=True), Column("n", Text, primary_key=True))
HELD = (
    "select c.relname from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')"
    " and not c.relispartition and not c.relrowsecurity and exists"
    " (select from pg_attribute a where a.attrelid = c.oid and a.attname in ('tenant', 'log'))"
)


@asynccontextmanager
async def opened(address: str, name: str, tenant: str) -> AsyncIterator[Database]:
    database = Database(app_url(address, name), tenant=tenant, pool_size=2)
    yield database
    await database.close()


@pytest.fixture
async def owner(postgres: str, database_name: str) -> AsyncIterator[Database]:
    """A migrated database of the assignment service, in which two provinces have their logs and an opinion each."""
    made = Database(owner_url(postgres, database_name))
    await migrations.upgrade(made, "assignment")
    async with made.write() as connection:
        for tenant in ("sonla", "dienbien"):
            await connection.run_sync(log_schema.open_log, f"assignment/{tenant}", "first")
    async with opened(postgres, database_name, "sonla") as sonla, sonla.write() as connection:
        await connection.run_sync(row_security.make_read_models, OPINIONS)
        await connection.execute(insert(OPINION).values(tenant="sonla", n="1"))
    async with opened(postgres, database_name, "dienbien") as dienbien, dienbien.write() as connection:
        await connection.execute(insert(OPINION).values(tenant="dienbien", n="2"))
    yield made
    await made.close()


@pytest.mark.parametrize(("tenant", "seen"), [("sonla", ["1"]), ("dienbien", ["2"]), ("", []), ("hoabinh", [])])
async def test_a_question_that_forgot_its_tenant_finds_nothing_of_another(
    owner: Database, postgres: str, database_name: str, tenant: str, seen: list[str]
) -> None:
    async with opened(postgres, database_name, tenant) as database, database.read() as connection:
        assert list(await connection.scalars(select(OPINION.c.n))) == seen
        logs = list(await connection.scalars(text("select name from log")))
        assert logs == ([f"assignment/{tenant}"] if seen else [])
    async with owner.read() as connection:
        assert await connection.scalar(select(func.count()).select_from(OPINION)) == 2
        assert not await connection.run_sync(row_security.is_held)


async def test_nothing_is_written_for_another_tenant_or_moved_to_one(owner: Database, postgres: str, database_name: str) -> None:
    async with opened(postgres, database_name, "sonla") as database:
        for statement in (insert(OPINION).values(tenant="dienbien", n="3"), update(OPINION).values(tenant="dienbien")):
            with pytest.raises(DBAPIError, match="row-level security"):
                async with database.write() as connection:
                    await connection.execute(statement)
        async with database.write() as connection:
            assert (await connection.execute(update(OPINION).values(n="9").where(OPINION.c.tenant == "dienbien"))).rowcount == 0
            assert (await connection.execute(OPINION.delete())).rowcount == 1
    async with owner.read() as connection:
        assert list(await connection.scalars(select(OPINION.c.tenant))) == ["dienbien"]


async def test_nothing_is_appended_to_the_log_of_another_tenant(owner: Database, postgres: str, database_name: str) -> None:
    none = "array[]::new_command[], array[]::stream_check[], array[]::new_event[]"
    async with opened(postgres, database_name, "sonla") as database:
        with pytest.raises(DBAPIError, match="assignment/dienbien is the log of another tenant"):
            async with database.write() as connection:
                await connection.execute(text(f"select * from append_events('assignment/dienbien', 0, {none})"))
    async with opened(postgres, database_name, "") as nobodys:
        with pytest.raises(DBAPIError, match="assignment/sonla is the log of another tenant"):
            async with nobodys.write() as connection:
                await connection.execute(text(f"select * from append_events('assignment/sonla', 0, {none})"))
    async with opened(postgres, database_name, "sonla") as database, database.write() as connection:
        await connection.execute(text(f"select * from append_events('assignment/sonla', 0, {none})"))


async def test_the_application_owns_nothing_and_takes_no_policy_off(owner: Database, postgres: str, database_name: str) -> None:
    async with opened(postgres, database_name, "sonla") as database:
        async with database.read() as connection:
            rights = await connection.execute(
                text("select rolsuper, rolbypassrls, rolcreaterole from pg_roles where rolname = current_user")
            )
            assert tuple(rights.one()) == (False, False, False)
            assert await connection.run_sync(row_security.is_held)
            owned = await connection.scalars(text(f"select tablename from pg_tables where tableowner = '{APP_ROLE}'"))
            assert list(owned) == []
        for statement in (
            "alter table opinion disable row level security",
            "drop policy read_model on opinion",
            "drop table opinion",
            "alter table event disable row level security",
            "select drop_read_models(array['event'])",
            f"select * from event_{md5(b'assignment/dienbien').hexdigest()}",
            "select rename_read_models(array['checkpoint'], array['opinion_of_old'])",
            "select keep_read_models(array['event'])",
            "set session authorization doithoai_owner",
        ):
            with pytest.raises(DBAPIError):
                async with database.write() as connection:
                    await connection.execute(text(statement))
        async with database.write() as connection:
            await connection.execute(text("set local row_security = off"))  # asks for an error instead of a part
            with pytest.raises(DBAPIError, match="row-level security"):
                await connection.execute(select(OPINION))
        async with database.read() as connection:
            assert list(await connection.scalars(select(OPINION.c.n))) == ["1"]


async def test_a_read_model_is_held_from_its_making_through_its_swap(owner: Database, postgres: str, database_name: str) -> None:
    async with opened(postgres, database_name, "sonla") as database:
        beside = MetaData()
        OPINION.to_metadata(beside, name="opinion__12345678")
        async with database.write() as connection:
            await connection.run_sync(row_security.make_read_models, beside)
            await connection.run_sync(row_security.drop_read_models, ["opinion", "never_there"])
            await connection.run_sync(row_security.rename_read_models, {"opinion__12345678": "opinion"})
        with pytest.raises(DBAPIError, match="row-level security"):
            async with database.write() as connection:
                await connection.execute(insert(OPINION).values(tenant="dienbien", n="3"))


async def test_a_version_that_knows_nothing_of_it_gets_its_read_models_back(
    owner: Database, postgres: str, database_name: str
) -> None:
    await migrations.downgrade(owner, "assignment", "0002")
    async with opened(postgres, database_name, "") as database, database.write() as connection:
        assert await connection.scalar(select(func.count()).select_from(OPINION)) == 2
        await connection.execute(text("alter table opinion rename to opinion_of_old"))
        await connection.execute(text("drop table opinion_of_old"))
    await migrations.upgrade(owner, "assignment")


async def test_a_table_of_an_older_version_that_the_application_made_is_taken_over(
    owner: Database, postgres: str, database_name: str
) -> None:
    async with opened(postgres, database_name, "sonla") as database, database.write() as connection:
        await connection.execute(text("create table older (tenant text primary key)"))
        await connection.execute(text("insert into older values ('dienbien')"))
    async with owner.write() as connection:
        await connection.run_sync(row_security.take_over)
    async with opened(postgres, database_name, "sonla") as database, database.read() as connection:
        assert list(await connection.scalars(text("select tenant from older"))) == []


@pytest.mark.parametrize(
    "more",
    [
        "create rule wipes as on insert to odd do instead delete from event",
        "create index odd_lower on odd (lower(tenant))",
        "create index odd_some on odd (tenant) where tenant <> ''",
    ],
)
async def test_what_would_act_with_the_owners_rights_is_not_taken_over(
    owner: Database, postgres: str, database_name: str, more: str
) -> None:
    async with opened(postgres, database_name, "sonla") as database:
        async with database.write() as connection:
            await connection.execute(text("create table odd (tenant text primary key)"))
            await connection.execute(text(more))
        with pytest.raises(DBAPIError, match="odd has more than columns"):
            async with database.write() as connection:
                await connection.execute(text("select keep_read_models(array['odd'])"))


@pytest.mark.parametrize("name", PACKAGES)
async def test_no_table_with_a_tenant_is_left_out(postgres: str, database_name: str, name: str) -> None:
    owner = Database(owner_url(postgres, database_name))
    await migrations.upgrade(owner, name)
    async with owner.read() as connection:
        assert set(await connection.scalars(text(HELD))) <= {"relay_cursor", *OPEN_TO_ALL_TENANTS}  # the first: positions alone
    await owner.close()


async def test_the_application_is_told_that_it_must_not_own_the_tables(postgres: str, database_name: str) -> None:
    async with opened(postgres, database_name, "sonla") as database, database.write() as connection:
        with pytest.raises(row_security.WrongOwner, match="set DOITHOAI_POSTGRES_OWNER"):
            await connection.run_sync(row_security.install)


async def test_an_owner_who_cannot_take_tables_over_is_told_what_to_grant(postgres: str, database_name: str) -> None:
    above = Database(f"postgresql+asyncpg://postgres@{postgres}/{database_name}")
    async with above.write() as connection:
        await connection.execute(text("create role stranger"))
        await connection.execute(text("set local role stranger"))
        with pytest.raises(row_security.WrongOwner, match=f"grant {APP_ROLE} to stranger with inherit true"):
            await connection.run_sync(row_security.install)
        await connection.rollback()
    await above.close()
