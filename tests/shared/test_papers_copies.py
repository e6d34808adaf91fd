"""A copy signed outside says what the paper says: every figure and every day of it, but for its own number and day."""

from dataclasses import replace

import pytest
from pyhanko.pdf_utils import generic

from shared.contracts.document import Form
from shared.documents.layout.composition import Composition, Paragraph
from shared.documents.layout.head import as_filled_in, cited
from shared.documents.layout.written import written
from shared.documents.refusals import AnnotationsInside, OtherText
from shared.papers.copies import looked_into, refuse_other_text
from tests.shared.documents.specimen import specimen
from tests.support.outside import annotated, signed_outside

DRAFTED = ("       /VPUB-TH", "Sơn La, ngày      tháng 5 năm 2023")
NUMBERED = ("45/VPUB-TCHCQT", "Sơn La, ngày      tháng 5 năm 2023")
DATED = ("45/VPUB-TCHCQT", "Sơn La, ngày 09 tháng 6 năm 2023")


def letter(symbol: str = DATED[0], day: str = DATED[1], said: str = "12 ý kiến trước ngày 20/6/2023") -> Composition:
    """A letter of few words, an urging one: all of it lies within its head."""
    return replace(
        specimen(),
        kind=None,
        regarding="đôn đốc trả lời",
        summary=(),
        symbol=symbol,
        day=day,
        body=(Paragraph(f"Đề nghị Phòng trả lời {said}."),),
        appendices=(),
    )


def report(symbol: str = DATED[0], day: str = DATED[1]) -> Composition:
    """A report whose appendices cite it."""
    drafted = specimen()
    belongs = f"(Kèm theo Báo cáo {cited(symbol, day)} của Văn phòng UBND tỉnh Sơn La)"
    forms = tuple(replace(each, belongs=belongs, landscape=False) for each in drafted.appendices)
    return replace(drafted, symbol=symbol, day=day, appendices=forms)


def words(paper: Composition) -> list[str]:
    found: list[str] = looked_into(written(paper, Form.PDF), "words")["words"]
    return found


@pytest.mark.parametrize("copied", [DRAFTED, NUMBERED, DATED])
@pytest.mark.parametrize("stands", [DRAFTED, DATED])
def test_a_copy_made_before_or_after_its_number_and_day_were_given_says_the_same(
    copied: tuple[str, str], stands: tuple[str, str]
) -> None:
    for paper in (letter, report):
        refuse_other_text(words(paper(*copied)), paper(*stands))


@pytest.mark.parametrize(
    "said",
    ["3 ý kiến trước ngày 31/12/2025", "12 ý kiến không/cần/trả/lời trước ngày 20/6/2023", "12 ý kiến trước ngày 20/6/2024"],
)
@pytest.mark.parametrize("copied", [DRAFTED, DATED])
def test_another_figure_another_deadline_or_a_word_more_in_the_first_lines_is_refused(copied: tuple[str, str], said: str) -> None:
    with pytest.raises(OtherText):
        refuse_other_text(words(letter(*copied, said=said)), letter())


def test_a_figure_anywhere_among_the_words_does_not_make_a_true_copy_another_text() -> None:
    for more in range(3):
        said = f"{'một ' * (16 + more)}12 ý kiến trước ngày 20/6/2023"
        refuse_other_text(words(letter(*DRAFTED, said=said)), letter(said=said))


def test_an_appendix_cites_the_number_and_day_of_its_own_copy() -> None:
    foreign = report(*DATED)
    forms = tuple(replace(each, belongs=each.belongs.replace("45/", "46/")) for each in foreign.appendices)
    with pytest.raises(OtherText) as refused:
        refuse_other_text(words(replace(foreign, appendices=forms)), report(*DRAFTED))
    assert str(refused.value.facts["differs"]).startswith("46/VPUB-TCHCQT")


@pytest.mark.parametrize("symbol", ["không/cần/trả/lời", "45/", "123456/VPUB", "/cần/trả", "45/VPUB/x"])
def test_what_is_no_number_does_not_stand_in_its_place(symbol: str) -> None:
    assert as_filled_in(letter(), ["Số:", symbol]).symbol == DATED[0]


@pytest.mark.parametrize("day", ["ngày 40 tháng 6 năm 2023", "ngày 09 tháng 13 năm 2023", "ngày mai", "ngày 9 tháng 6 năm 2023"])
def test_what_is_no_day_does_not_stand_in_its_place(day: str) -> None:
    assert as_filled_in(letter(), ["Sơn", "La,", *day.split()]).day == DATED[1]


def test_a_number_as_a_register_has_it_and_a_paper_without_number_or_day_are_left_as_they_are() -> None:
    odd = replace(letter(), symbol="Số 45 (VPUB)")
    assert as_filled_in(odd, ["Số:", "Số", "45", "(VPUB)"]).symbol == "Số 45 (VPUB)"
    minutes = replace(letter(), symbol=None, day=None)
    assert as_filled_in(minutes, ["Số:", "45/BB", *DATED[1].split()]) == minutes


@pytest.mark.parametrize("subtype", ["/FreeText", "/Stamp", "/Square", "/Widget"])
def test_what_lies_over_the_pages_besides_signatures_is_refused(subtype: str) -> None:
    field = {"/FT": generic.NameObject("/Tx"), "/T": generic.TextStringObject("Han")} if subtype == "/Widget" else {}
    with pytest.raises(AnnotationsInside):
        looked_into(signed_outside(annotated(written(letter(), Form.PDF), subtype, **field)))


def test_the_fields_of_several_signatures_lie_over_a_page_as_they_must() -> None:
    assert looked_into(signed_outside(written(letter(), Form.PDF), "LanhDao", "VanThu"))["words"] == words(letter())
