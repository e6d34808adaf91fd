"""Whoever names a thing of one kind where another belongs is told that there is none, whatever command and place it is."""

import itertools
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from deploy.catalogue import all_commands
from deploy.ground import ground_of
from deploy.house import House, writing
from shared.commands import model_of
from shared.contracts.refusals import Refused
from shared.contracts.registry import stream_kinds
from shared.contracts.roles import Role
from shared.desk import Asked
from shared.permit import Subject
from tests.support.plausible import body_for

pytestmark = pytest.mark.asyncio(loop_scope="module")
EVERYTHING = frozenset(role for role in Role if role is not Role.SYSTEM)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(played: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    data = Path(shutil.copytree(played, tmp_path_factory.mktemp("confused") / "data"))
    async with writing(ground_of(data, None), "serve") as made:
        yield made


async def one_of_each(house: House) -> dict[str, str]:
    """A stream of every kind that the logs hold."""
    found: dict[str, str] = {}
    for log in house.logs.values():
        for record in (await log.read(0, 5_000)).records:
            found.setdefault(record.stream.partition("-")[0], record.stream)
    return found


async def test_every_place_refuses_what_is_of_another_kind(house: House) -> None:
    subject = Subject(person="tchcqt-02", tenant=house.tenant, office="VPUB", unit="TCHCQT", capacities=EVERYTHING)
    streams, kinds = await one_of_each(house), stream_kinds()
    assert {"opinion", "case", "task", "calendar", "unit"} <= set(streams)
    broken: dict[tuple[str, str], str] = {}
    tried = itertools.count()
    for name in all_commands():
        desk = next(desk for desk in house.desks.values() if name in desk.handlers)
        command: Any = desk.handlers[name].command
        places = kinds & set(model_of(command).model_fields)
        for kind, stream in {**streams, "nothing": "x"}.items() if places else ():
            body = model_of(command).model_validate(body_for(command, dict.fromkeys(places, stream)))
            try:
                await desk.rehearse(Asked(command=name, body=body, subject=subject, command_id=f"{name}/{kind}"))
            except Refused:
                pass
            except Exception as error:  # noqa: BLE001 - every command is tried, and all that broke is told
                broken[name, kind] = f"{type(error).__name__}: {error}"
            next(tried)
    assert broken == {}
    assert next(tried) > 1_000
