"""Where a register lies, sealed, from when it was sent until its rows are taken in."""

from typing import Final

from shared.blobs.store import Blobs

ROOM: Final = "imports"


def room_of(blobs: Blobs, office: str) -> Blobs:
    """The files of an office that are being looked at: no other office's pages find them."""
    return blobs.apart(f"{ROOM}-{office}")
