"""The paper that a notice or plan goes out on: the streams that issuing it reads, and whom papers of its kind go to."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict
from typing import Any

from services.assignment.domain.document.recipients import Listing
from services.assignment.handlers.acting import heirs_kept
from services.assignment.handlers.streams import (
    REGISTER,
    Folds,
)
from shared.calendar import local_day
from shared.contracts.facts import Facts
from shared.contracts.refusals import Unknown
from shared.contracts.roles import Role
from shared.decider import Fold
from shared.desk import Asking
from shared.directory.queries import Directories
from shared.documents.registers import register_stream
from shared.papers.recipients import DaysLists, lists_of
from shared.papers.streams import DOCUMENT


def papers(asking: Asking, office: str, drafted: str | None = None) -> Folds:
    """The document that the command names, the one that stands in the draft, and the register of the command's year."""
    documents = papers_named(asking.body.document, drafted)
    if asking.body.book is None:
        return documents
    return {**documents, register_stream(office, asking.body.book, local_day(asking.at).year): REGISTER}


def papers_named(*documents: str | None) -> dict[str, Fold[Any]]:
    """The papers among these.

    Raises:
        Unknown: one of them names something else, which the command may be about as well.

    """
    if any(stream is not None and not stream.startswith("document-") for stream in documents):
        raise Unknown("document")
    return {stream: DOCUMENT for stream in documents if stream is not None}


def listing(
    directories: Directories | None, kind: type[Listing] = Listing, more: Callable[[Asking], dict[str, Any]] = lambda _: {}
) -> Callable[[Asking, Facts], Awaitable[Facts]]:
    """Looks up the lists of recipients of the day and who is Chairman; what else facts of that `kind` hold is made by `more`."""
    heirs_of = heirs_kept()

    async def look_up(asking: Asking, facts: Facts) -> Facts:
        found, chairmen = DaysLists({}, frozenset()), frozenset[str]()
        heirs: Mapping[str, frozenset[str]] = {}
        if directories is not None:
            directory = await directories.at(local_day(facts.at))
            found = lists_of(directory)
            heirs = heirs_of(directory)
            chairmen = frozenset(
                held.person
                for post, held in directory.holders.items()
                if post in directory.posts and directory.posts[post].role is Role.CHAIRMAN
            )
        return kind(**asdict(facts), lists=found.lists, ended=found.ended, chairmen=chairmen, heirs=heirs, **more(asking))

    return look_up
