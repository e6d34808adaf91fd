"""Every sentence of the templates is there in English, and none that is no longer said."""

from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import extract
from babel.messages.pofile import read_po

import deploy
import services
import shared

ROOTS = tuple(Path(root) for package in (deploy, services, shared) for root in package.__path__)


def rooms() -> Iterator[Path]:
    """Every folder with templates."""
    for root in ROOTS:
        yield from sorted(each.parent for each in root.rglob("templates") if each.is_dir())


def test_every_sentence_of_the_templates_has_its_english() -> None:
    said: set[str] = set()
    known: dict[str, str] = {}
    for room in rooms():
        for template in (room / "templates").rglob("*.html"):
            with template.open("rb") as source:
                options = {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}
                said |= {str(message) for _, message, _, _ in extract("jinja2.ext:babel_extract", source, options=options)}
        written = room / "translations" / "en.po"
        if written.is_file():
            with written.open("rb") as catalogue:
                found = {str(message.id): str(message.string) for message in read_po(catalogue) if message.id}
            assert all(known.get(said_here, english) == english for said_here, english in found.items()), (
                f"{room}: what another room says has another English here"
            )
            known |= found
    assert len(said) > 300
    assert said == set(known)
    assert all(known.values())
