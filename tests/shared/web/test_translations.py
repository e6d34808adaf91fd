"""Every sentence of the templates is there in English, and none that is no longer said."""

from importlib.resources import files

from babel.messages.extract import extract
from babel.messages.pofile import read_po

from shared.web.pages import ROOMS


def test_every_sentence_of_the_templates_has_its_english() -> None:
    said = set()
    for room in ROOMS:
        for template in (files(room) / "templates").iterdir():
            with template.open("rb") as source:
                options = {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}
                said |= {message for _, message, _, _ in extract("jinja2.ext:babel_extract", source, options=options)}
    with (files("shared.web") / "translations" / "en.po").open("rb") as catalogue:
        known = {message.id: message.string for message in read_po(catalogue) if message.id}
    assert len(said) > 30
    assert said == set(known)
    assert all(known.values())
