"""The cursor of a page: where the last row stood in the order of its list, as opaque text."""

import base64
import binascii
from typing import Any, Final

import orjson

from shared.contracts.refusals import Invalid

MAX_CURSOR: Final = 400


def encoded(*place: str | int) -> str:
    """The place of a page's last row, its sort key first, as text safe in an address."""
    return base64.urlsafe_b64encode(orjson.dumps(place)).decode().rstrip("=")


def decoded(cursor: str) -> list[Any]:
    """The place a cursor stands for; its parts are yet to be checked, for anyone may have written them.

    Raises:
        Invalid: not made by `encoded`.
    """
    try:
        if len(cursor) > MAX_CURSOR:
            raise ValueError("too long")
        place = orjson.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
    except (ValueError, TypeError, binascii.Error):
        raise Invalid("cursor") from None
    if not isinstance(place, list):
        raise Invalid("cursor")
    return place
