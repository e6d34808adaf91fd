"""In which lines somebody signs (Nghị định 30/2020/NĐ-CP, Điều 13; Phụ lục I, II.7)."""

from typing import Final

from shared.contracts.document import SigningCapacity
from shared.documents.layout.composition import Signature

LONG: Final = 28  # letters above which a post is broken at a hyphen: two lines at most


def signature(capacity: SigningCapacity, *, head: str, post: str, name: str, above: str | None = None) -> Signature:
    """The lines of a signer: `head` is the title of who heads the office, `post` the signer's own.

    `above` is the title of who stands above that head and orders: above the office, where its head signs by that one's order
    (Track B); above a unit, whose leader is the `head` that a deputy signs for.
    """
    title, own = head.upper(), lines_of(post.upper())
    match capacity:
        case SigningCapacity.IN_PERSON:
            return Signature(None, lines_of(title), name)
        case SigningCapacity.FOR_THE_HEAD:
            return Signature(f"KT. {title}", lines_of(f"PHÓ {title}"), name)
        case SigningCapacity.ACTING:
            return Signature(f"Q. {title}", (), name)
        case SigningCapacity.BY_ORDER:
            return Signature(f"TL. {(above or head).upper()}", own, name)
        case SigningCapacity.BY_ORDER_FOR_THE_HEAD:
            return Signature(f"TL. {(above or head).upper()}", (*lines_of(f"KT. {title}"), *own), name)
        case SigningCapacity.BY_AUTHORISATION:
            return Signature(f"TUQ. {title}", own, name)
        case SigningCapacity.ON_BEHALF:
            return Signature("TM. ỦY BAN NHÂN DÂN", own, name)


def lines_of(post: str) -> tuple[str, ...]:
    """A post on a line, or on two where it is long: TRƯỞNG PHÒNG TỔ CHỨC - ⏎ HÀNH CHÍNH - QUẢN TRỊ."""
    if len(post) <= LONG or " - " not in post:
        return (post,)
    first, _, rest = post.partition(" - ")
    return f"{first} -", rest
