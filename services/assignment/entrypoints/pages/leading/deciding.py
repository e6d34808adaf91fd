"""What waits for a decision, with all that the decision rests on: the words, the proposal or draft, what happened so far."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from services.assignment.entrypoints.pages.leading.acts import AS_PROPOSED, AT_ONCE, DECISIONS
from services.assignment.entrypoints.pages.work.acts import TOLD
from services.assignment.entrypoints.pages.work.views import Told, timeline
from services.assignment.readmodel.cases.history import Happened
from services.assignment.readmodel.cases.projections import CaseStage
from services.assignment.readmodel.cases.views import Draft, Opened
from services.assignment.readmodel.dialogue.queries import Thing
from services.assignment.readmodel.queries import Queries
from services.assignment.readmodel.words.queries import MOST, Word
from services.assignment.readmodel.work.piles import Pile, piles_of
from services.assignment.readmodel.work.views import Count, Waiting
from shared.contracts.refusals import Unknown
from shared.directory.snapshot import Directory
from shared.permit import Subject
from shared.web.acting import AHEAD, Acting
from shared.web.acts import Act, Offer
from shared.web.reading import or_none

BESIDE: Final = 10  # of a kind among others
ALONE: Final = 30  # of a kind by itself
HAPPENED: Final = 6  # facts of the history that are shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing to be decided. `proposed`: names of the lead, then of those to co-ordinate, that the hub proposes."""

    pile: Pile
    waiting: Waiting
    offers: tuple[Offer, ...]
    proposed: tuple[str, ...]
    draft: tuple[Draft, Opened] | None
    drafter: str | None
    words: tuple[Word, ...]
    history: tuple[Told, ...]

    @property
    def proposal(self) -> str:
        """Whom the hub proposes, by key, as a form carries it: what is read is what is decided on."""
        return " ".join(self.waiting.proposed)

    @property
    def ready(self) -> bool:
        """Whether the usual decision can be made on it now, among many."""
        return any(offer.act.slug == AT_ONCE[self.pile].slug and offer.waits is None for offer in self.offers)

    @property
    def thing(self) -> str:
        """What it is decided on."""
        return self.waiting.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """The things of one kind, of how many, and where the others are."""

    pile: Pile
    count: Count
    items: tuple[Item, ...]
    cursor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """Somebody who may decide instead: the person's name, of which post, until when."""

    name: str
    post: str
    until: date


class Deciding:
    """Puts what waits for a decision together, asked of the API's queries in the name of whoever decides."""

    def __init__(self, queries: Queries, acting: Acting) -> None:
        self._queries, self._acting = queries, acting

    async def all(self, subject: Subject, chosen: Pile | None = None, cursor: str | None = None) -> tuple[Kind, ...]:
        """Every kind that he decides on with some of what waits, or one kind with more of it.

        Raises:
            Unknown: a kind that is not his to decide on; no kind is.
            Invalid: the cursor was not made here.

        """
        his = [pile for pile in DECISIONS if pile in piles_of(subject)]
        if not his or chosen not in (None, *his):
            raise Unknown("kind")
        directory = await self._queries.directories.at(self._acting.today)
        return tuple(
            [await self._kind(subject, pile, directory, pile is chosen, cursor) for pile in his if chosen in (None, pile)]
        )

    async def counts(self, subject: Subject) -> tuple[Count, ...]:
        """How much of each kind waits."""
        found = await self._queries.work.waiting(subject, limit=1)
        return tuple(each for each in found.counts if each.pile in DECISIONS)

    async def programmes(self, subject: Subject) -> Sequence[Thing]:
        """Dialogues whose programme he is to approve, on their own pages."""
        return await self._queries.dialogues.to_approve(subject)

    async def stands(self, subject: Subject) -> tuple[Stand, ...]:
        """Who may decide for the posts that he holds today."""
        directory = await self._queries.directories.at(self._acting.today)
        posts = {post.key: post.name for post in directory.posts_of(subject.person)}
        held = [each for each in directory.delegations if each.post in posts]
        names = await self._queries.people.names(subject, directory, {each.to for each in held}, purpose="awaiting_me")
        return tuple(Stand(name=names.get(each.to, each.to), post=posts[each.post], until=each.last) for each in held)

    async def _kind(self, subject: Subject, pile: Pile, directory: Directory, alone: bool, cursor: str | None) -> Kind:
        limit = ALONE if alone else BESIDE
        found = await self._queries.work.waiting(subject, pile, cursor=cursor if alone else None, limit=limit)
        drafts: Mapping[str, tuple[Draft, Opened]] = {}
        if pile is Pile.CLEAR:
            cases = [each.id for each in found.waiting]
            drafts = await self._queries.cases.replies(subject, cases, purpose="awaiting_me", outcome=CaseStage.SUBMITTED)
        drafters = {draft.drafter for draft, _ in drafts.values()}
        names = await self._queries.people.names(subject, directory, drafters, purpose="awaiting_me")
        items = [await self._item(subject, pile, each, directory, drafts.get(each.id), names) for each in found.waiting]
        count = next(each for each in found.counts if each.pile is pile)
        return Kind(pile=pile, count=count, items=tuple(items), cursor=found.cursor)

    async def _item(
        self,
        subject: Subject,
        pile: Pile,
        waiting: Waiting,
        directory: Directory,
        draft: tuple[Draft, Opened] | None,
        names: Mapping[str, str],
    ) -> Item:
        words: tuple[Word, ...] = ()
        if waiting.task is not None:
            page = await or_none(self._queries.words.of(subject, "task", waiting.task, limit=MOST))
            words = page.words if page is not None else ()
        about = waiting.case or waiting.id
        history: tuple[Happened, ...] = await or_none(self._queries.histories.of(subject, about)) or ()
        return Item(
            pile=pile,
            waiting=waiting,
            offers=await self._offers(subject, pile, waiting, directory),
            proposed=tuple(directory.label(unit) for unit in waiting.proposed),
            draft=draft,
            drafter=names.get(draft[0].drafter, draft[0].drafter) if draft is not None else None,
            words=words,
            history=timeline(history[-HAPPENED:], ()),
        )

    async def _offers(self, subject: Subject, pile: Pile, waiting: Waiting, directory: Directory) -> tuple[Offer, ...]:
        day = max(waiting.left.due, directory.day) + AHEAD
        found = [
            await self._acting.offer(act, waiting.id, waiting.version, subject, day=day, told=TOLD, **_values(act, waiting))
            for act in DECISIONS[pile]
            if act is not AS_PROPOSED or waiting.proposed
        ]
        return tuple(offer for offer in found if offer is not None)


def as_proposed(proposed: Sequence[str]) -> Mapping[str, Any]:
    """The values of an assignment to whom the hub proposes: the lead, then those to co-ordinate; none without a proposal."""
    if not proposed:
        return {}
    lead, *coordinating = proposed
    return {"lead": lead, "coordinating": [{"unit": unit} for unit in coordinating]}


def _values(act: Act, waiting: Waiting) -> Mapping[str, Any]:
    return as_proposed(waiting.proposed) if act is AS_PROPOSED else {}
