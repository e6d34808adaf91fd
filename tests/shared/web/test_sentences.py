"""What templates say: in the language of the page, with what is put into it escaped, however often it is said."""

import pytest

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
