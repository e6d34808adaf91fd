"""A proposal put together for its page: what is proposed, who appraised it how, what is prepared, what he can do now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from services.assignment.entrypoints.pages.behind import Behind
from services.assignment.entrypoints.pages.proposals.acts import ACTS, CHECK, FILE, SUBMIT, TOLD, OnProposal
from services.assignment.entrypoints.pages.proposals.views import Owed, content_of, leaders_of, owed
from services.assignment.readmodel.dialogue.proposals import Proposed
from services.assignment.readmodel.people import by_given_name
from services.assignment.readmodel.words.queries import Word
from shared.asof import Moment
from shared.calendar import local_day
from shared.contracts.document import DocumentKind
from shared.contracts.refusals import Refused
from shared.contracts.roles import Role
from shared.directory.snapshot import Directory
from shared.nearness import left_until
from shared.papers.views import DocumentFilters, DocumentRow
from shared.permit import Subject
from shared.timeline import Timeline
from shared.web.acting import Acting
from shared.web.acts import Offer, Option
from shared.web.reading import or_none

MOST: Final = 100
NOW: Final[Moment] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A proposal as its page shows it. `content` is what is proposed now, None where that is not his to read."""

    line: Proposed
    whole: Mapping[str, Any]
    directory: Directory
    content: str | None
    words: Sequence[Word]
    files: Sequence[Mapping[str, Any]]
    papers: Sequence[DocumentRow]  # drafted about it
    owed: tuple[Owed, ...]
    names: Mapping[str, str]
    history: Timeline | None
    offers: tuple[Offer, ...]
    options: Mapping[str, Mapping[str, Sequence[Option]]]
    checks: Offer | None
    adds_files: Offer | None
    held_in: str | None  # the dialogue about it, None where it is not his to see

    def said(self, fact: str, part: str, unit: str | None = None) -> Sequence[Word]:
        """What was said in facts of that kind, oldest first; of one appraiser where a unit is named."""
        return [each for each in self.words if (each.fact, each.part) == (fact, part) and unit in (None, each.unit)]

    def offer(self, name: str) -> Offer | None:
        """The act of that name, if he can do it or it waits for a condition."""
        return next((each for each in self.offers if each.act.name == name), None)

    def chosen_in(self, offer: Offer) -> Mapping[str, Any]:
        """What the form of an act begins with: whatever there is no choice about."""
        named = self.options.get(offer.act.name, {})
        only = {name: given[0].value for name, given in named.items() if len(given) == 1 and name != "document"}
        if offer.act.name == "complete_proposal":
            only["content"] = self.content or ""
        if offer.act.name == "submit_proposal":
            only["to_chairman"] = offer.act.fields[0].choices[0]
        return only


class Shows:
    """Puts the pages of proposals together."""

    def __init__(self, behind: Behind) -> None:
        self._queries, self._files, self._acting = behind.queries, behind.files, behind.acting

    @property
    def acting(self) -> Acting:
        return self._acting

    async def proposal(self, subject: Subject, proposal: str) -> Shown:
        """A proposal as far as it is his to see.

        Raises:
            Unknown: it is not there, or not his to see.

        """
        queries = self._queries
        line, _, _ = await queries.dialogues.one(subject, "proposal", proposal)
        proposed = await queries.proposals.one(subject, proposal)
        whole = await queries.dialogues.whole(subject, "proposal", proposal, line.version)
        directory = await queries.directories.at(self._acting.today)
        page = await or_none(queries.words.of(subject, "proposal", proposal, limit=MOST))
        words = page.words if page is not None else ()
        papers = await self._papers(subject, proposed)
        names = await self._names(subject, proposed, directory)
        options = self._options(subject, proposed, directory, names, papers)
        return Shown(
            line=proposed,
            whole=whole,
            directory=directory,
            content=content_of([(each.fact, each.part, each.text) for each in words]),
            words=words,
            files=await or_none(self._files.attached(subject, proposal)) or (),
            papers=papers,
            owed=owed(proposed, lambda due: left_until(directory.calendar, directory.day, due)),
            names=names,
            history=await or_none(queries.dialogues.timeline(subject, "proposal", proposal, as_of=NOW, after=0, limit=MOST)),
            offers=await self._offers(subject, proposed, options),
            options=options,
            checks=await self._checks(subject, proposed, whole),
            adds_files=await self._adds_files(subject, proposed),
            held_in=await self._held_in(subject, whole["session"]),
        )

    async def _held_in(self, subject: Subject, session: str | None) -> str | None:
        """The dialogue about it, where it is his to see."""
        seen = session is not None and await or_none(self._queries.dialogues.one(subject, "session", session)) is not None
        return session if seen else None

    async def _papers(self, subject: Subject, proposed: Proposed) -> Sequence[DocumentRow]:
        page = await or_none(self._queries.papers.documents(subject, proposed.office, DocumentFilters(about=proposed.id)))
        return page.documents if page is not None else ()

    async def _names(self, subject: Subject, proposed: Proposed, directory: Directory) -> Mapping[str, str]:
        """Of those who may lead the appraisal, opened for the office's own people alone."""
        if subject.office != proposed.office:
            return {}
        people = {*leaders_of(directory, proposed), *((proposed.leader,) if proposed.leader else ())}
        return await self._queries.people.names(subject, directory, people, purpose=f"show {proposed.id}")

    def _options(
        self,
        subject: Subject,
        proposed: Proposed,
        directory: Directory,
        names: Mapping[str, str],
        papers: Sequence[DocumentRow],
    ) -> Mapping[str, Mapping[str, Sequence[Option]]]:
        """What can be chosen in each act's fields, of those that are not closed lists."""
        leaders = leaders_of(directory, proposed)
        if not leaders and subject.capacities & {Role.CHIEF, Role.DEPUTY}:
            leaders = (subject.person,)  # no post says who leads: his credential does
        missing = [each for each in proposed.appraisers if each.verdict is None and not each.gone_without]
        asked_first = [*missing, *(each for each in proposed.appraisers if each not in missing)]
        own = [each for each in asked_first if subject.unit in directory.in_places_of({each.unit})]
        appraisers = own if Role.APPRAISER in subject.capacities else asked_first
        slips = [each for each in papers if each.kind == DocumentKind.SUBMISSION_SLIP and each.signer is not None]
        called = sorted(((each, names.get(each, each)) for each in leaders), key=lambda one: by_given_name(one[1]))
        return {
            "request_appraisal": {"leader": [Option(value=each, label=name) for each, name in called]},
            "give_appraisal": {"appraiser": [Option(value=each.unit, label=each.label) for each in appraisers]},
            "override_appraisal": {"appraiser": [Option(value=each.unit, label=each.label) for each in missing]},
            "submit_proposal": {"document": [Option(value=each.id, label=_called(each)) for each in slips]},
        }

    async def _offers(
        self, subject: Subject, proposed: Proposed, options: Mapping[str, Mapping[str, Sequence[Option]]]
    ) -> tuple[Offer, ...]:
        found = [await self._offer(act, subject, proposed, options.get(act.name, {})) for act in ACTS]
        return tuple(each for each in found if each is not None)

    async def _offer(
        self, act: OnProposal, subject: Subject, proposed: Proposed, options: Mapping[str, Sequence[Option]]
    ) -> Offer | None:
        first = {name: next((each.value for each in given), None) for name, given in options.items()}
        if act is not SUBMIT:
            return await self._acting.offer(act, proposed.id, proposed.version, subject, first=first, told=TOLD)
        before = [
            choice
            for choice in act.fields[0].choices
            if await self._acting.offer(act, proposed.id, proposed.version, subject, to_chairman=choice) is not None
        ]
        if not before:
            return None
        named = replace(act, fields=(replace(act.fields[0], choices=tuple(before)), *act.fields[1:]))
        return Offer(act=named, thing=proposed.id, version=proposed.version)

    async def _checks(self, subject: Subject, proposed: Proposed, whole: Mapping[str, Any]) -> Offer | None:
        """Whether he ticks what is prepared: rehearsed with the first line that is not ticked."""
        open_lines = [each["line"] for each in whole["checklist"]["lines"] if each["ticked_on"] is None]
        if not open_lines:
            return None
        return await self._acting.offer(CHECK, proposed.id, proposed.version, subject, first={"line": str(open_lines[0])})

    async def _adds_files(self, subject: Subject, proposed: Proposed) -> Offer | None:
        try:
            await self._files.may_add(subject, proposed.id, "rehearsed")
        except Refused:
            return None
        return Offer(act=FILE, thing=proposed.id, version=proposed.version)


def _called(paper: DocumentRow) -> str:
    return paper.number or f"{local_day(paper.drafted_at):%d/%m/%Y}"
