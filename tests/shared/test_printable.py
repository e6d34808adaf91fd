"""Which characters a paper can show: as many as its font has, told where they are written and not when they are printed."""

import unicodedata
from dataclasses import replace

import pytest
from pydantic import ValidationError

from services.assignment.domain.directory.commands import RegisterPerson, RegisterUnit
from services.assignment.domain.document.commands import DraftDocument
from services.assignment.domain.notice.commands import DraftNotice
from services.reporting.domain.document.commands import WriteSection
from shared.commands import model_of
from shared.documents.layout.composition import Paragraph, Style
from shared.documents.layout.typeset import pdf
from shared.documents.refusals import LetterNotPrintable
from shared.printable import GLYPHS, unprintable
from tests.shared.documents.specimen import specimen

ALPHABET = "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ"
MISSING = "\u2713\u3042\ue000\uf04a\U0001f600"  # check mark, kana, private use, what Symbol fonts are typed as, an emoji
UNSEEN = "\ufeff\u00ad\u200b\u2060\ufe0f\n\t"


def test_the_vietnamese_alphabet_is_printed_composed_or_with_its_marks_apart() -> None:
    for text in (ALPHABET, ALPHABET.upper(), "Số 03/TB-VPUB ngày 05/01/2023: 77,8% − đạt “tốt”…"):
        assert unprintable(text) is None
        assert unprintable(unicodedata.normalize("NFD", text)) is None


def test_every_character_that_is_taken_is_in_the_font_in_each_of_its_faces() -> None:
    every = "".join(map(chr, sorted(GLYPHS)))
    assert pdf(specimen(Paragraph(every)))  # upright
    assert pdf(replace(specimen(), summary=(every,)))  # bold
    assert pdf(replace(specimen(), day=every))  # italic
    assert pdf(specimen(Paragraph(every, Style.BASIS)))


@pytest.mark.parametrize("character", MISSING, ids=ascii)
def test_what_the_font_lacks_is_told_with_its_place_as_letters_are_counted(character: str) -> None:
    with pytest.raises(LetterNotPrintable):
        pdf(specimen(Paragraph(character)))
    text = f"Kế hoạch {character} năm"
    for typed in (text, unicodedata.normalize("NFD", text)):
        found = unprintable(typed)
        assert found is not None
        assert (found.character, found.position) == (character, 10)
        assert found.named.startswith(f"U+{ord(character):04X}")


def test_what_is_never_drawn_is_no_letter_that_is_missing() -> None:
    assert unprintable(f"a{UNSEEN}b") is None
    assert pdf(specimen(Paragraph(f"a{UNSEEN}b")))


@pytest.mark.parametrize(
    ("command", "field", "body"),
    [
        (DraftDocument, "summary", {"kind": "cong_van", "summary": "Về việc \u2713"}),
        (WriteSection, "words", {"report": "report-VPUB-2023", "section": "III.1", "words": "Về việc \u2713"}),
        (
            RegisterUnit,
            "name",
            {"unit": "TH", "code": "TH", "name": "Về việc \u2713", "kind": "phong", "valid_from": "2023-01-01"},
        ),
        (RegisterPerson, "name", {"person": "p-1", "name": "Về việc \u2713", "unit": "TH", "valid_from": "2023-01-01"}),
    ],
    ids=lambda each: each.__name__ if isinstance(each, type) else "",
)
def test_the_command_that_takes_it_refuses_it_and_says_where(command: type, field: str, body: dict[str, str]) -> None:
    with pytest.raises(ValidationError) as refused:
        model_of(command).model_validate(body)
    found = {".".join(map(str, each["loc"])): each for each in refused.value.errors()}
    assert (found[field]["type"], found[field]["ctx"]) == (
        "unprintable_character",
        {"character": "U+2713 CHECK MARK", "position": 9},
    )


def test_a_conclusion_is_printed_too() -> None:
    item = {"kind": "ket_luan", "text": "Về việc \u2713"}
    with pytest.raises(ValidationError) as refused:
        model_of(DraftNotice).model_validate({"office": "VPUB", "items": [item]})
    (found,) = refused.value.errors()
    assert (found["loc"], found["type"]) == (("items", 0, "text"), "unprintable_character")


def test_a_separator_of_lines_that_no_keyboard_types_is_told_too() -> None:
    assert unprintable("một\u2028\thai") is not None  # before a tab it cannot be set
    assert unprintable("một\n\thai") is None
