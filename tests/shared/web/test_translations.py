"""Every sentence of the templates is there in English, and none that is no longer said."""

from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable

from babel.messages.extract import extract
from babel.messages.pofile import read_po

from services.assignment.entrypoints import pages as assignment
from shared.web.pages import ROOMS

PACKAGES = (*(room.package for room in ROOMS), assignment.__name__)


def templates(folder: Traversable) -> Iterator[Traversable]:
    for each in folder.iterdir():
        if each.is_dir():
            yield from templates(each)
        else:
            yield each


def test_every_sentence_of_the_templates_has_its_english() -> None:
    said: set[str] = set()
    known: dict[str, str] = {}
    for package in PACKAGES:
        for template in templates(files(package) / "templates"):
            with template.open("rb") as source:
                options = {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}
                said |= {str(message) for _, message, _, _ in extract("jinja2.ext:babel_extract", source, options=options)}
        written = files(package) / "translations" / "en.po"
        if written.is_file():
            with written.open("rb") as catalogue:
                found = {str(message.id): str(message.string) for message in read_po(catalogue) if message.id}
            assert not set(found) & set(known), f"{package} says again what another room says"
            known |= found
    assert len(said) > 300
    assert said == set(known)
    assert all(known.values())
