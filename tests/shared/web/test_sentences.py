"""What templates say: in the language of the page, with what is put into it escaped, however often it is said."""

import pytest

from shared.contracts.refusals import Invalid
from shared.web import problems
from shared.web.pages import Pages


@pytest.mark.parametrize(("language", "said"), [("vi", "Đăng nhập"), ("en", "Sign in")])
def test_a_sentence_is_said_in_the_language_of_the_page_the_second_time_too(language: str, said: str) -> None:
    template = Pages().environments[language].from_string('{{ _("Đăng nhập") }}|{{ _("Đăng nhập") }}')
    assert template.render() == f"{said}|{said}"


def test_what_is_put_into_a_sentence_is_escaped_and_never_kept() -> None:
    template = Pages().environments["vi"].from_string('{{ _("Của %(name)s", name=name) }}')
    assert template.render(name="<b>") == "Của &lt;b&gt;"
    assert template.render(name="Ban") == "Của Ban"


def test_a_sentence_may_hold_a_sign_of_per_cent() -> None:
    assert Pages().environments["vi"].from_string('{{ _("đạt 50%%") }}').render() == "đạt 50%"


class _DayPassed(Invalid):
    """A refusal that names a day and an id."""

    code = "day-passed"
    title_vi = "Ngày {on} đã qua, ở {thing}"
    title_en = "{on} has passed, of {thing}"


def test_a_refusal_gives_days_in_vietnamese_as_an_office_writes_them() -> None:
    told = problems.body_of(_DayPassed("on", on="2023-03-20", thing="meeting-2023-03-20"))
    assert told["titles"]["vi"] == "Ngày 20/03/2023 đã qua, ở meeting-2023-03-20"
    assert told["titles"]["en"] == "2023-03-20 has passed, of meeting-2023-03-20"
