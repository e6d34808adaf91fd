"""What stands at the head and foot of an office's papers: dated data, set by command (NĐ 30/2020, Phụ lục I)."""

from dataclasses import replace
from datetime import date

from services.assignment.domain.directory.commands import SetLetterhead
from services.assignment.domain.directory.refusals import NotAnOffice, OutOfDateOrder, UnknownUnit
from shared.contracts.directory import LetterheadSet
from tests.assignment.stage import given, unit

JANUARY, JULY = date(2023, 1, 1), date(2023, 7, 1)
STREAM = "letterhead-VPUB"
WORDS = {
    "parent": "UBND TỈNH SƠN LA",
    "issuer": "VĂN PHÒNG",
    "above": "UBND tỉnh",
    "called": "Văn phòng UBND tỉnh",
    "place": "Sơn La",
    "head": "Chánh Văn phòng",
}
ASKED = SetLetterhead(office="VPUB", **WORDS, valid_from=JULY)
SET = LetterheadSet(office="VPUB", **WORDS, valid_from=JULY)


def test_a_letterhead_holds_from_its_day_until_another_is_set() -> None:
    given().when(ASKED).then({STREAM: [SET]})
    stood = {STREAM: [SET]}
    given(more=stood).when(replace(ASKED, valid_from=date(2024, 1, 1))).nothing()
    moved = replace(ASKED, place="Mộc Châu", valid_from=date(2024, 1, 1))
    given(more=stood).when(moved).then({STREAM: [replace(SET, place="Mộc Châu", valid_from=date(2024, 1, 1))]})


def test_only_an_office_has_one_and_one_follows_the_other_in_time() -> None:
    given(more={"unit-TH": [unit("TH")]}).when(replace(ASKED, office="TH")).refuses(NotAnOffice, "office")
    given().when(replace(ASKED, office="NOWHERE")).refuses(UnknownUnit, "office")
    earlier = replace(ASKED, place="Mộc Châu", valid_from=JANUARY)
    given(more={STREAM: [SET]}).when(earlier).refuses(OutOfDateOrder, "valid_from")
