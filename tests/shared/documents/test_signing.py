"""In which capacity who signs (NĐ 30/2020 Đ.13)."""

import pytest

from shared.contracts.document import SigningCapacity
from shared.contracts.roles import Role
from shared.documents.signing import capacities


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        (Role.CHIEF, {"truc_tiep", "TM", "TL"}),
        (Role.DEPUTY, {"KT", "TL_KT"}),
        (Role.CHAIRMAN, {"truc_tiep", "TM", "KT"}),
        (Role.UNIT_LEADER, {"TL"}),
        (Role.UNIT_DEPUTY, {"TL_KT"}),
        (Role.SPECIALIST, set()),
        (Role.REGISTRY, set()),
    ],
)
def test_a_post_allows_what_the_decree_says(role: Role, allowed: set[str]) -> None:
    assert {capacity.value for capacity in capacities([role])} == allowed


def test_an_acting_head_signs_as_acting_and_a_delegate_by_authorisation() -> None:
    assert capacities([], acting=[Role.CHIEF]) == {SigningCapacity.ACTING}
    assert capacities([Role.SPECIALIST], delegated=True) == {SigningCapacity.BY_AUTHORISATION}


def test_several_posts_add_up() -> None:
    assert {each.value for each in capacities([Role.DEPUTY, Role.UNIT_LEADER])} == {"KT", "TL", "TL_KT"}
