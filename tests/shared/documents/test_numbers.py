"""Numbers on papers: nothing can be written before one, thousands are parted by points."""

from shared.documents.numbers import count, two_digits


def test_a_number_on_a_paper_has_two_digits_or_its_thousands_parted() -> None:
    assert [two_digits(n) for n in (0, 4, 12, 1_234, 1_234_567)] == ["00", "04", "12", "1.234", "1.234.567"]


def test_nothing_is_said_in_a_word_before_a_noun() -> None:
    assert [count(n) for n in (0, 4, 20_000)] == ["không", "04", "20.000"]
