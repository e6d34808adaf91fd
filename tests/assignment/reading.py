"""Whoever reads what things say, and what he is answered."""

from typing import Any, Final

from shared.contracts.roles import Role
from shared.contracts.types import Sealed
from tests.assignment.house import PEOPLE, House
from tests.assignment.test_misuse import get
from tests.support.hosting import subject

SECRETARY = subject("p-secretary", "VPUB", Role.SECRETARY)
DIVISION = subject("p-division", "TH", Role.CONTENT_DIVISION)
OTHER_DIVISION = subject("p-division-kt", "KT", Role.CONTENT_DIVISION)
THIRD_UNIT = subject("p-third", "BTCD", Role.UNIT_LEADER)
PROPOSER = subject("p-snn", "SNNPTNT", Role.PROPOSER, office="SNNPTNT")
APPRAISER = subject("p-bdv", "BDVTU", Role.APPRAISER, office="BDVTU")
OTHER_APPRAISER = subject("p-mttq", "MTTQ", Role.APPRAISER, office="MTTQ")
# Of bodies that take the places of others.
PROPOSER_NOW = subject("p-snnmt", "SNNMT", Role.PROPOSER, office="SNNMT")
APPRAISER_NOW = subject("p-btgdv", "BTGDVTU", Role.APPRAISER, office="BTGDVTU")
ITS_HEAD = subject("p-gtvt", "SGTVT", Role.CHIEF, office="SGTVT")
BESIDE = (
    SECRETARY,
    DIVISION,
    OTHER_DIVISION,
    THIRD_UNIT,
    PROPOSER,
    APPRAISER,
    OTHER_APPRAISER,
    PROPOSER_NOW,
    APPRAISER_NOW,
    ITS_HEAD,
)
EVERYBODY: Final = {**PEOPLE, **{each.person: each for each in BESIDE}}


async def words(house: House, by: str, thing: str, narrowed: str = "") -> list[str | None] | None:
    """What a thing says to him, in order, None for what was erased; None where it looks as if it were not there."""
    answer = await get(house, EVERYBODY[by], f"/{thing.partition('-')[0]}s/{thing}/words{narrowed}")
    if answer.status_code == 404:
        assert answer.json()["code"] == "unknown"
        return None
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    assert all((item["text"] is None) is item["erased"] for item in items)
    return [item["text"] for item in items]


async def readers(house: House, thing: str) -> dict[str, set[str | None]]:
    """Who reads what of it, of everybody there is; nobody else reads anything."""
    found = {by: await words(house, by, thing) for by in EVERYBODY}
    return {by: set(read) for by, read in found.items() if read}


async def sealed(house: House, text: str) -> Sealed:
    """A text in the vault, as another command sealed it."""
    entry = house.vault.seal(f"elsewhere/{text}", "said", text)
    await house.vault.put([entry])
    return entry.sealed
