"""In which capacity somebody may sign (NĐ 30/2020 Đ.13; R6), by what he holds at the office on the day."""

from collections.abc import Collection, Iterable
from typing import Final

from shared.contracts.document import SigningCapacity
from shared.contracts.roles import Role

# What is signed by the order of whoever stands above, by the one ordered himself or in his place.
BY_ORDER: Final = frozenset({SigningCapacity.BY_ORDER, SigningCapacity.BY_ORDER_FOR_THE_HEAD})
# The head signs himself, on behalf of the collective he heads, and by order of whoever stands above him. A deputy signs for
# the head, and in his place what he signs by order; the Chairman's role is his deputies' too. The leader of a unit signs by
# order of the head, and may let his deputy sign that for him.
BY_POST: Final = {
    Role.CHAIRMAN: frozenset({SigningCapacity.IN_PERSON, SigningCapacity.ON_BEHALF, SigningCapacity.FOR_THE_HEAD}),
    Role.CHIEF: frozenset({SigningCapacity.IN_PERSON, SigningCapacity.ON_BEHALF, SigningCapacity.BY_ORDER}),
    Role.DEPUTY: frozenset({SigningCapacity.FOR_THE_HEAD, SigningCapacity.BY_ORDER_FOR_THE_HEAD}),
    Role.UNIT_LEADER: frozenset({SigningCapacity.BY_ORDER}),
    Role.UNIT_DEPUTY: frozenset({SigningCapacity.BY_ORDER_FOR_THE_HEAD}),
}


def capacities(held: Iterable[Role], *, acting: Collection[Role] = (), delegated: bool = False) -> frozenset[SigningCapacity]:
    """What posts of these roles allow; `acting` ones are held as quyền (Q.); `delegated`: authorised with dates (TUQ.)."""
    allowed = {capacity for role in held for capacity in BY_POST.get(role, ())}
    if acting:
        allowed |= {SigningCapacity.ACTING}
    if delegated:
        allowed |= {SigningCapacity.BY_AUTHORISATION}
    return frozenset(allowed)
