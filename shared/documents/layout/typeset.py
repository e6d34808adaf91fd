"""Typesets an official paper as PDF/A with tags and embedded fonts, by Typst: the same composition gives the same bytes."""

from dataclasses import asdict, fields
from datetime import UTC
from pathlib import Path
from typing import Any, Final, Literal

import orjson
import typst

from shared.documents.layout.composition import Block, Composition, Heading, Line, Paragraph, Table
from shared.documents.refusals import LetterNotPrintable

MEDIA_TYPE: Final = "application/pdf"
FRAME: Final = Path(__file__).with_name("nd30.typ")
FONTS: Final = Path(__file__).with_name("fonts")
TYPES: Final = {Heading: "heading", Paragraph: "paragraph", Line: "line", Table: "table"}  # as the frame calls them
STANDARDS: Final[list[Literal["a-2a", "ua-1"]]] = ["a-2a", "ua-1"]


def pdf(paper: Composition) -> bytes:
    """The paper as PDF/A-2a and PDF/UA-1.

    Raises:
        LetterNotPrintable: the font does not have a character of it.

    """
    data = orjson.dumps(_told(paper)).decode()
    try:
        made = typst.compile(
            FRAME,
            root=FRAME.parent,
            font_paths=[FONTS],
            ignore_system_fonts=True,  # else what a machine happens to have stands in the file
            format="pdf",
            sys_inputs={"paper": data},
            pdf_standards=[*STANDARDS],
        )
    except typst.TypstError as error:
        raise LetterNotPrintable from error
    assert isinstance(made, bytes)
    return made


def _told(paper: Composition) -> dict[str, Any]:
    told = {each.name: getattr(paper, each.name) for each in fields(paper)}
    at = paper.at.astimezone(UTC)  # the file's date is written as UTC
    return {
        **told,
        "title": paper.title,
        "author": paper.author,
        "at": [at.year, at.month, at.day, at.hour, at.minute, at.second],
        "body": [_block(each) for each in paper.body],
        "signatures": [asdict(each) for each in paper.signatures],
        "appendices": [{**asdict(each), "body": [_block(block) for block in each.body]} for each in paper.appendices],
    }


def _block(block: Block) -> dict[str, Any]:
    return {"type": TYPES[type(block)], **asdict(block)}
