"""Units asked before two meetings: one hands in opinions, one none, one is silent, one is asked again."""

from datetime import timedelta
from typing import Any, Final

from shared.permit import Subject
from tests.intake.asking import post
from tests.intake.house import FEEDER, HUB, OTHER_OFFICE, OTHER_UNIT, REGISTRY, House
from tests.support.hosting import START

BRIEFING: Final = "meeting-00000000000000000001"
CONFERENCE: Final = "meeting-00000000000000000002"
DUE: Final = {BRIEFING: "2023-01-13", CONFERENCE: "2023-01-31"}


async def opened(house: House, about: str = BRIEFING, units: tuple[str, ...] = ("BTCD", "TH", "VT", "TCHCQT")) -> list[str]:
    """The rounds of these units before a meeting, in their order."""
    done = await house.ask("open_consolidation", HUB, office="VPUB", about=about, units=list(units), due=DUE[about])
    rounds: list[str] = done.answer["consolidations"]
    return rounds


async def report(house: House, by: Subject, consolidation: str, version: int) -> None:
    """A list is put before the head at the briefing."""
    answer = await post(house, by, f"/consolidations/{consolidation}/report", version, at=BRIEFING)
    assert answer.status_code == 200, answer.text


async def both_rounds(house: House) -> dict[str, str]:
    """Opened on 09/01/2023 and lived through until 16/01; the id of each unit's round before the briefing."""
    listed, nil, again, silent = await opened(house)
    await opened(house, CONFERENCE, ("BTCD", "TH"))
    opinion = (await house.receive()).stream
    await house.ask("submit_consolidation", FEEDER, consolidation=listed, opinions=[opinion], note="Một ý kiến.")
    await house.ask("submit_consolidation", REGISTRY, consolidation=again, nil=True)
    await house.follow()
    await house.ask("return_consolidation", HUB, consolidation=again, reason="Phòng có ý kiến ngày 10/01.")
    house.clock.move_to(START + timedelta(days=7))
    await house.ask("submit_consolidation", OTHER_UNIT, consolidation=nil, nil=True)
    await house.ask("amend_consolidation", FEEDER, consolidation=listed, opinions=[opinion], reason="Sửa ghi chú.")
    await report(house, HUB, listed, 3)
    asked: dict[str, Any] = {"office": "UBND-MSO", "about": BRIEFING, "units": ["MSO-VP"], "due": "2023-01-20"}
    await house.ask("open_consolidation", OTHER_OFFICE, **asked)
    await house.follow()
    return {"BTCD": listed, "TH": nil, "VT": again, "TCHCQT": silent}
