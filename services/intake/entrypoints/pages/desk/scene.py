"""All that the page of an opinion shows, asked of the API's queries in the name of whoever is signed in."""

from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeVar

from services.intake.entrypoints.pages.behind import Behind
from services.intake.entrypoints.pages.desk import choosing
from services.intake.entrypoints.pages.desk.acts import BY_HAND, CLASSIFY, CORRECT, OPINION_ACTS, TOLD
from services.intake.readmodel.opinions.inbox import Sheet
from services.intake.readmodel.opinions.projections import Stage
from services.intake.readmodel.opinions.rows import OpinionDetail
from services.intake.readmodel.opinions.similar import Similar
from shared.contracts.directory import PLACES
from shared.contracts.opinion import Kind
from shared.contracts.refusals import Forbidden, Unknown
from shared.directory.snapshot import Directory
from shared.permit import Subject
from shared.timeline import MOST, Entry
from shared.web.acting import Acting
from shared.web.acts import Act, Offer, Options

T = TypeVar("T")
OPEN: Final = frozenset({Stage.RECEIVED, Stage.AWAITING, Stage.CLASSIFIED})
LIKE: Final = 5  # how many likely duplicates are shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """An opinion as its page shows it. `said` is None where its words are not his to read, or are there no more (`erased`)."""

    view: OpinionDetail
    sheet: Sheet
    directory: Directory
    said: str | None
    erased: bool
    similar: Sequence[Similar]
    titles: Mapping[str, str]  # of those alike and those merged into it
    suggested: choosing.Suggested | None
    history: Sequence[Entry]  # latest first
    offers: Sequence[Offer]
    options: Options
    days_off: Mapping[date, str]

    @property
    def open(self) -> bool:
        """Whether intake still decides about it."""
        return self.view.stage in OPEN

    def offer(self, slug: str) -> Offer | None:
        """The act of this name, where it is offered."""
        return next((each for each in self.offers if each.act.slug == slug), None)


class Shows:
    """Puts the pages of opinions together."""

    def __init__(self, behind: Behind, acting: Acting) -> None:
        self._queries, self._directories, self._acting = behind.queries, behind.directories, acting

    async def opinion(self, subject: Subject, opinion: str, *, beside: bool = False) -> Shown:
        """An opinion with what can be done about it; `beside` a list it is shown without its history.

        Raises:
            Unknown: it is not there, or not his to see.

        """
        opinions, inbox = self._queries.opinions, self._queries.inbox
        view = await opinions.opinion(subject, opinion)
        sheet = await inbox.sheet(subject, opinion)
        directory = await self._directories.at(self._acting.today)
        readable, said = await _readable(opinions.words(subject, opinion))
        alike: Sequence[Similar] = ()
        if said and view.stage in OPEN:
            alike = (await _readable(opinions.similar(subject, opinion, limit=LIKE)))[1] or ()
        told = None
        if not beside:
            told = (await _readable(opinions.timeline(subject, opinion, as_of=None, after=0, limit=MOST)))[1]
        published = directory.published
        return Shown(
            view=view,
            sheet=sheet,
            directory=directory,
            said=said,
            erased=readable and said is None,
            similar=alike,
            titles=await inbox.titles(subject, {*(each.id for each in alike), *sheet.merged}),
            suggested=choosing.suggested(directory, view.office, said, alike, [key for key, _ in sheet.concerns])
            if view.stage in OPEN
            else None,
            history=tuple(reversed(told.items)) if told is not None else (),
            offers=await self._offers(subject, view, alike, directory),
            options=options_of(directory, view.office),
            days_off=published.days_off if published is not None else {},
        )

    async def _offers(
        self, subject: Subject, view: OpinionDetail, alike: Sequence[Similar], directory: Directory
    ) -> tuple[Offer, ...]:
        """What he can do now. Each is decided by the desk as it would be, with nothing written."""
        first = {
            "field": next(iter(directory.fields), None),
            "to": next((each.value for each in choosing.units(directory, view.office, inside=False)), None),
            "into": next((each.id for each in alike if each.stage in OPEN), view.id),
        }
        found = []
        for act in OPINION_ACTS:
            offer = await self._acting.offer(act, view.id, view.version, subject, first=first, told=TOLD, **_otherwise(act, view))
            if offer is not None:
                found.append(offer)
        return tuple(found)


def _otherwise(act: Act, view: OpinionDetail) -> Mapping[str, Any]:
    """Values other than what stands: what changes nothing would not be offered."""
    if act is CORRECT:
        return {"channel": next(each for each in BY_HAND if each != view.channel)}
    if act is CLASSIFY:
        return {"kind": next(each for each in Kind if each != view.kind)}
    return {}


def options_of(directory: Directory, office: str) -> Options:
    """What there is to choose from in the forms about an opinion of the office."""
    return {
        "field": choosing.fields(directory, office),
        "to": choosing.units(directory, office, inside=False),
        "locality": choosing.units(directory, office, inside=False, kinds=PLACES),
        "concerns_units": choosing.units(directory, office, kinds=()),
        "concerns_outside": choosing.units(directory, office, inside=False),
        "concerns_posts": choosing.posts(directory, office),
    }


async def _readable(asked: Awaitable[T]) -> tuple[bool, T | None]:
    """Whether what is asked for is his to read, and what it is."""
    try:
        return True, await asked
    except (Unknown, Forbidden):
        return False, None
