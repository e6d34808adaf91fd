"""Papers by pages: from the draft to the receipt, the book they are numbered from, and who sees and does what."""

from typing import Any

import pytest

from shared.contracts.roles import Role
from tests.assignment.browsing import Browsers, ended_well, text_of
from tests.assignment.house import CHIEF, HUB, OTHER_OFFICE, OTHER_UNIT, PEOPLE, REGISTRY, SPECIALIST, House
from tests.assignment.test_document_api import BDV, LINES, furnished, signed
from tests.support.hosting import subject


async def test_smoke(house: House, browsers: Browsers) -> None:
    await furnished(house)
    paper = await signed(house)
    await house.follow()
    for who in (REGISTRY, CHIEF, HUB):
        person = await browsers.of(who)
        for path in ("/papers", f"/papers/{paper}", "/papers/new", "/registers", "/registers/register-VPUB-TB-VPUB-2023"):
            answer = await person.open(path)
            print(who.person, path, answer.status_code, text_of(answer.text)[:600])
            assert answer.status_code == 200, answer.text[-3000:]
