"""A paper as a file: which forms there are, and what writes each."""

from collections.abc import Callable, Mapping
from typing import Final

from shared.contracts.document import Form
from shared.documents.layout import typeset
from shared.documents.layout.composition import Composition

DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _docx(paper: Composition) -> bytes:
    # What writes it takes long to load, and most that runs writes none.
    from shared.documents.layout import editable

    return editable.docx(paper)


WRITERS: Final[Mapping[Form, Callable[[Composition], bytes]]] = {Form.PDF: typeset.pdf, Form.DOCX: _docx}
MEDIA_TYPES: Final[Mapping[Form, str]] = {Form.PDF: typeset.MEDIA_TYPE, Form.DOCX: DOCX}


def written(paper: Composition, form: Form) -> bytes:
    """The paper as a file; takes about a tenth of a second, so call it beside the event loop.

    Raises:
        LetterNotPrintable: of a PDF, a character that the font does not have.

    """
    return WRITERS[form](paper)
