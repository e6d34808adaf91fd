"""Every opening is written down, and what is written stays."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from shared.database import Database
from shared.vault.port import VaultDamaged
from shared.vault.store import DatabaseVault
from tests.shared.vault.strongroom import keep, read


async def test_a_list_is_one_access_that_names_all(vault: DatabaseVault) -> None:
    refs = [await keep(vault, f"ý kiến {n}", command=f"c-{n}") for n in range(3)]
    await vault.open_many(refs, reader="p-hub", purpose="list of opinions")
    await vault.open(refs[0], reader="p-chief", purpose="assign")
    assert [(line["reader"], line["purpose"], line["refs"]) for line in await vault.accesses()] == [
        ("p-hub", "list of opinions", refs),
        ("p-chief", "assign", refs[:1]),
    ]


async def test_the_log_is_asked_for_one_reader_one_text_and_what_came_after(vault: DatabaseVault) -> None:
    one, two = await keep(vault, command="c-1"), await keep(vault, command="c-2")
    await vault.open_many([one, two], reader="p-hub", purpose="list")
    await vault.open(two, reader="p-chief", purpose="assign")
    await vault.open(one, reader="p-chief", purpose="sign")
    purposes = {
        "of a reader": await vault.accesses(reader="p-chief"),
        "of a text": await vault.accesses(ref=one),
        "of both": await vault.accesses(reader="p-chief", ref=two),
        "of nobody": await vault.accesses(reader="p"),
        "of part of a reference": await vault.accesses(ref=one[:8]),
        "of a pattern": await vault.accesses(ref="%"),
    }
    assert {asked: [line["purpose"] for line in lines] for asked, lines in purposes.items()} == {
        "of a reader": ["assign", "sign"],
        "of a text": ["list", "sign"],
        "of both": ["assign"],
        "of nobody": [],
        "of part of a reference": [],
        "of a pattern": [],
    }
    [first] = await vault.accesses(limit=1)
    assert [line["purpose"] for line in await vault.accesses(after=first["id"])] == ["assign", "sign"]


async def test_an_opening_that_finds_nothing_or_fails_is_written_down_too(database: Database, vault: DatabaseVault) -> None:
    ref = await keep(vault)
    async with database.write() as connection:
        await connection.execute(text("update record set sealed = wrapped_key"))
    with pytest.raises(VaultDamaged):
        await read(vault, ref)
    with pytest.raises(KeyError):
        await read(vault, "0" * 32)
    assert [line["refs"] for line in await vault.accesses()] == [[ref], ["0" * 32]]


@pytest.mark.servers
@pytest.mark.parametrize(
    "statement",
    [
        "update access set reader = 'nobody'",
        "delete from access",
        "truncate access",
        "update erasure set records = 0",
        "delete from erasure",
        "truncate erasure",
        "drop table access",
    ],
)
async def test_the_application_can_neither_change_nor_delete_what_was_written_down(
    on_postgres: Database, vault_on_postgres: DatabaseVault, statement: str
) -> None:
    ref = await keep(vault_on_postgres)
    await read(vault_on_postgres, ref)
    await vault_on_postgres.erase_record(ref)
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
        async with on_postgres.write() as connection:
            await connection.execute(text(statement))
    assert len(await vault_on_postgres.accesses()) == len(await vault_on_postgres.erasures()) == 1
