"""Two files that units handed in: one of three rows, one of them refused, and one of a single row that was refused."""

from datetime import timedelta
from typing import Any, Final

from tests.intake.house import FEEDER, OTHER_UNIT, House
from tests.support.hosting import START

FILE: Final = "5e" * 32
REFUSED: Final[dict[str, Any]] = {"row": 3, "code": "local-id-taken", "field": "local_id"}


async def two_files(house: House) -> list[str]:
    """The batches of BTCD and of TH, recorded a day apart."""
    one, two = [(await house.receive(local_id=f"TEP-{n}")).stream for n in (1, 2)]
    rows = [{"row": 2, "opinion": one}, REFUSED, {"row": 4, "opinion": two}]
    first = await house.ask("record_batch", FEEDER, at=START - timedelta(days=1), **_file(rows, known=1))
    second = await house.ask("record_batch", OTHER_UNIT, **_file([{"row": 2, "code": "invalid", "field": "words"}]))
    await house.follow()
    return [first.stream, second.stream]


def _file(rows: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    return {"office": "VPUB", "source": "bang_tinh", "file": FILE, "rows": rows, **more}
