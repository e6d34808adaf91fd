"""In which lines a signer signs, by his capacity (NĐ 30/2020 Đ.13; Phụ lục I, II.7)."""

import pytest

from shared.contracts.document import SigningCapacity
from shared.documents.layout.composition import Signature
from shared.documents.layout.signing import signature

HEAD = "Chánh Văn phòng"
LONG = "Trưởng phòng Tổ chức - Hành chính - Quản trị"


def lines(capacity: SigningCapacity, *, head: str = HEAD, post: str = HEAD, above: str | None = None) -> list[str]:
    found: Signature = signature(capacity, head=head, post=post, name="Cà Thị D", above=above)
    assert found.name == "Cà Thị D"
    return [*((found.authority,) if found.authority else ()), *found.post]


@pytest.mark.parametrize(
    ("capacity", "expected"),
    [
        (SigningCapacity.IN_PERSON, ["CHÁNH VĂN PHÒNG"]),
        (SigningCapacity.FOR_THE_HEAD, ["KT. CHÁNH VĂN PHÒNG", "PHÓ CHÁNH VĂN PHÒNG"]),
        (SigningCapacity.ACTING, ["Q. CHÁNH VĂN PHÒNG"]),
        (SigningCapacity.BY_ORDER, ["TL. CHÁNH VĂN PHÒNG", "CHÁNH VĂN PHÒNG"]),
        (SigningCapacity.BY_AUTHORISATION, ["TUQ. CHÁNH VĂN PHÒNG", "CHÁNH VĂN PHÒNG"]),
        (SigningCapacity.ON_BEHALF, ["TM. ỦY BAN NHÂN DÂN", "CHÁNH VĂN PHÒNG"]),
    ],
)
def test_each_capacity_has_the_lines_of_the_decree(capacity: SigningCapacity, expected: list[str]) -> None:
    assert lines(capacity) == expected


def test_the_deputy_of_a_unit_signs_by_order_of_the_head_for_the_leader_of_his_unit() -> None:
    found = lines(SigningCapacity.BY_ORDER_FOR_THE_HEAD, head="Trưởng phòng", post="Phó Trưởng phòng", above=HEAD)
    assert found == ["TL. CHÁNH VĂN PHÒNG", "KT. TRƯỞNG PHÒNG", "PHÓ TRƯỞNG PHÒNG"]


def test_a_long_post_takes_two_lines_and_no_more() -> None:
    found = lines(SigningCapacity.BY_ORDER_FOR_THE_HEAD, head=LONG, post="Phó Trưởng phòng", above=HEAD)
    assert found[1:] == ["KT. TRƯỞNG PHÒNG TỔ CHỨC -", "HÀNH CHÍNH - QUẢN TRỊ", "PHÓ TRƯỞNG PHÒNG"]


def test_the_office_s_deputy_signs_for_its_head_what_goes_out_by_order_of_the_chairman() -> None:
    found = lines(SigningCapacity.BY_ORDER_FOR_THE_HEAD, post="Phó Chánh Văn phòng", above="Chủ tịch")
    assert found == ["TL. CHỦ TỊCH", "KT. CHÁNH VĂN PHÒNG", "PHÓ CHÁNH VĂN PHÒNG"]
