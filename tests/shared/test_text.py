"""Vietnamese text folded for search: however it was typed, it is found."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.text import fold, syllables


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Đề nghị", "de nghi"),
        ("ĐỀ NGHỊ", "de nghi"),
        ("đề nghị", "de nghi"),
        ("Đường vào bản Lướt bị sạt lở", "duong vao ban luot bi sat lo"),
        ("Nghị quyết số 12/NQ-HĐND", "nghi quyet so 12/nq-hdnd"),
        ("ăâêôơưĂÂÊÔƠƯ", "aaeoouaaeoou"),
        ("ở Ở ợ Ợ ử Ử ữ Ữ", "o o o o u u u u"),
        ("", ""),
        (" \t\n", " \t\n"),
        ("plain ASCII stays", "plain ascii stays"),
    ],
)
@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_case_and_marks_go_in_whichever_form_they_came(typed: str, folded: str, form: str) -> None:
    assert fold(unicodedata.normalize(form, typed)) == folded  # type: ignore[arg-type]


@pytest.mark.parametrize("letter", ["đ", "Đ", "ð", "Ð"])
def test_every_letter_that_is_typed_for_the_stroked_d_is_a_d(letter: str) -> None:
    assert fold(f"{letter}ường") == "duong"


def test_marks_that_stand_apart_or_in_another_order_make_no_difference() -> None:
    horn_then_tone, tone_then_horn = "o\u031b\u0301", "o\u0301\u031b"
    assert fold(horn_then_tone) == fold(tone_then_horn) == fold("ớ") == "o"
    assert fold("\u0301") == ""
    assert fold("e\u0302\u0323 e\u0323\u0302 ệ") == "e e e"
    assert fold("vie\u0323\u0302t") == fold("việt") == "viet"


def test_letters_whose_case_brings_a_mark_of_its_own_leave_none() -> None:
    assert fold("İ") == fold("i") == "i"
    assert fold("ẞ") == "ss"


def test_text_of_another_encoding_is_folded_as_the_letters_that_it_is() -> None:
    assert fold("§Ò nghÞ") == "§o nghþ"  # TCVN 5712 read as Latin-1: not understood, not lost
    assert syllables("§Ò nghÞ gi¶i quyÕt") == ["o", "nghþ", "gi", "i", "quyot"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Đề nghị: sửa đường, cầu.", ["de", "nghi", "sua", "duong", "cau"]),
        ("Quốc lộ 6, km 302+500", ["quoc", "lo", "6", "km", "302", "500"]),
        ("12/NQ-HĐND", ["12", "nq", "hdnd"]),
        ("một_hai", ["mot", "hai"]),
        ("GIẤY-TỜ", ["giay", "to"]),
        ("số ٣ và ３", ["so", "٣", "va", "３"]),
        ("--- … \u0301", []),
        ("", []),
    ],
)
def test_syllables_are_runs_of_letters_and_digits_in_their_order(text: str, found: list[str]) -> None:
    assert syllables(text) == found
    assert syllables(unicodedata.normalize("NFD", text)) == found


@given(st.text())
def test_folding_twice_is_folding_once_and_every_form_folds_alike(text: str) -> None:
    once = fold(text)
    assert fold(once) == once
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text)) == once
    assert not any(unicodedata.combining(char) for char in once)


@given(st.text())
def test_a_syllable_is_found_again_by_itself(text: str) -> None:
    assert all(syllables(syllable) == [syllable] for syllable in syllables(text))
