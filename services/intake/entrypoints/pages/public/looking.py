"""How often one address is shown what was handed in: each look opens sealed texts, and writes that it did."""

from typing import Final

from fastapi import Request
from limits import parse

from shared.web.limits import within
from shared.web.problems import TooOften

# Twice as often as codes are typed: after each act the page is shown again.
OFTEN: Final = (parse("40/minute"), parse("400/hour"))


async def refuse_too_often(request: Request) -> None:
    """Count a look of this address, before anything is opened for it.

    Raises:
        TooOften

    """
    if not await within(request, "lookup-shown", *OFTEN):
        raise TooOften
