"""What a page leaves out where it is not for whoever looks."""

from collections.abc import Awaitable
from typing import TypeVar

from shared.contracts.refusals import Unknown

T = TypeVar("T")


async def or_none(asked: Awaitable[T]) -> T | None:
    """None where what is asked for is not his to read: the page shows the rest."""
    try:
        return await asked
    except Unknown:
        return None
