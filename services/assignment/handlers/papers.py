"""The paper that a notice or plan goes out on, and the register of its number: the streams that issuing them reads."""

from services.assignment.handlers.streams import DOCUMENT, REGISTER, Folds
from shared.calendar import local_day
from shared.desk import Asking
from shared.documents.registers import register_stream


def papers(asking: Asking, office: str, drafted: str | None = None) -> Folds:
    """The document that the command names, the one that stands in the draft, and the register of the command's year."""
    documents = {stream: DOCUMENT for stream in (asking.body.document, drafted) if stream is not None}
    if asking.body.book is None:
        return documents
    return {**documents, register_stream(office, asking.body.book, local_day(asking.at).year): REGISTER}
