"""The tables on a terminal: Vietnamese headings, groups and total, and identities checked once more."""

from typing import Any

import pytest
from rich.console import Console

from deploy import forms
from services.reporting.readmodel.forms import Table
from tests.reporting.dialogues import Dialogues
from tests.reporting.world import World
from tests.reporting.year_2023 import FIRST_LOCK, SIX_MONTHS


async def asked(world: World, year: Dialogues, table: Table) -> dict[str, Any]:
    await world.play(year)
    return await world.table(table, SIX_MONTHS, as_of=FIRST_LOCK)


def printed(found: dict[str, Any], width: int) -> str:
    console = Console(width=width, record=True, quiet=False, file=None, force_terminal=False)
    with console.capture() as captured:
        console.print(forms.table(found, width=width))
    return captured.get()


@pytest.mark.parametrize("table", Table)
async def test_every_word_of_every_heading_stands_whole_where_there_is_room(world: World, year: Dialogues, table: Table) -> None:
    found = await asked(world, year, table)
    shown = printed(found, forms.wide(found))
    assert str(found["title"]) in shown
    for column in found["columns"]:
        assert all(word in shown for word in column["heading"].split())
    assert forms.broken_identities(found) == []


async def test_a_narrow_terminal_shows_codes_and_the_notes_say_what_they_mean(world: World, year: Dialogues) -> None:
    found = await asked(world, year, Table.DIALOGUES)
    shown = printed(found, 120)
    assert "(10a)" in shown
    assert "khai" not in shown
    assert "(10a) Không tiếp nhận, có lý do" in forms.notes(found)[0]


async def test_rows_that_cannot_be_are_printed_x(world: World, year: Dialogues) -> None:
    found = await asked(world, year, Table.DIALOGUES)
    assert printed(found, 200).count(" x ") >= 2


@pytest.mark.parametrize(
    ("table", "column", "name"),
    [(Table.DIALOGUES, "4", "(0) + (0′)"), (Table.OPINIONS, "J", "H = I + J"), (Table.CONCLUSIONS, "done_late", "giao =")],
)
async def test_an_identity_that_fails_is_told(world: World, year: Dialogues, table: Table, column: str, name: str) -> None:
    found = await asked(world, year, table)
    found["total"][column] += 1
    assert any(name in line for line in forms.broken_identities(found))
    assert any(line.startswith("total: the rows of") for line in forms.broken_identities(found))
