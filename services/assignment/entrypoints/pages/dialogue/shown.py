"""All that the page of a dialogue and its room show, asked of the queries in the name of whoever is signed in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from services.assignment.domain.session.states import BEFORE, Stage
from services.assignment.readmodel.cases.projections import CaseStage
from services.assignment.readmodel.dialogue.puts import Opinion
from services.assignment.readmodel.dialogue.queries import MEETING, SESSION, SessionDate, Standing, Thing
from services.assignment.readmodel.queries import Queries
from services.assignment.readmodel.words.queries import MOST, Word
from shared.asof import Moment
from shared.calendar import local_day
from shared.clock import Clock
from shared.contracts.session import Track, Trigger
from shared.directory.snapshot import Directory
from shared.nearness import Left, left_until
from shared.papers.views import DocumentFilters, DocumentRow
from shared.permit import Subject
from shared.timeline import Timeline
from shared.web.reading import or_none

# What an opinion lacks that has no answer before the head yet (R36).
UNANSWERED: Final = frozenset({CaseStage.WAITING, CaseStage.ASSIGNED, CaseStage.RETURNED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An opinion of a dialogue's table: its number there, what the dialogue says of it, and the case as far as it is his."""

    n: int
    opinion: Opinion
    put: Mapping[str, Any]
    answer: str | None  # what was said on the spot
    direction: str | None  # what the head directed
    missing: bool  # it has no answer before the head


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One thing that the opening of a dialogue hangs on; `met` is None where it is not asked of this one."""

    code: str
    met: bool | None
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """A date that the dialogue sets, and how near it is; `runs` while it is still to be kept."""

    rule: str
    left: Left
    runs: bool
    met_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionShown:
    """A dialogue as its pages show it, now or as it was known at `as_of`."""

    thing: Thing
    whole: Mapping[str, Any]
    rows: tuple[Row, ...]
    dates: tuple[Dated, ...]
    conditions: tuple[Condition, ...]
    topic: str | None
    notes: Mapping[str, Sequence[Word]]  # words by fact
    names: Mapping[str, str]  # of the people it names
    papers: Sequence[DocumentRow]
    meeting: Thing | None  # that it is tied to
    directory: Directory
    today: date
    as_of: str | None = None

    @property
    def before(self) -> bool:
        """Whether it has not begun."""
        return Stage(self.thing.stage) in BEFORE

    @property
    def going_on(self) -> bool:
        return self.thing.stage == Stage.IN_PROGRESS

    @property
    def present(self) -> int | None:
        """How many were there, once that is recorded."""
        return sum(each["heads"] for each in self.whole["present"]) if self.whole["present"] else None

    @property
    def open_rows(self) -> tuple[Row, ...]:
        """Those that have no outcome yet."""
        return tuple(row for row in self.rows if row.put["outcome"] is None)


class Sessions:
    """Puts the pages of a dialogue together."""

    def __init__(self, queries: Queries, clock: Clock) -> None:
        self._queries, self._clock = queries, clock

    @property
    def today(self) -> date:
        return local_day(self._clock.now())

    async def session(self, subject: Subject, session: str) -> SessionShown:
        """A dialogue as it stands.

        Raises:
            Unknown: it is not there, or not his to see.

        """
        thing, _, dates = await self._queries.dialogues.one(subject, SESSION, session)
        whole = await self._queries.dialogues.whole(subject, SESSION, session, thing.version)
        shown = await self._shown(subject, thing, whole)
        calendar = shown.directory.calendar
        return replace(
            shown,
            dates=tuple(_dated(each, left_until(calendar, self.today, each.due.day)) for each in dates),
            conditions=_conditions(shown, dates),
        )

    async def known(self, subject: Subject, session: str, as_of: Moment) -> SessionShown:
        """The same as it was known then, without what is worked out for today.

        Raises:
            Unknown: it is not there, or was not then, or is not his to see.
            AsOfAhead

        """
        thing, _, whole, until = await self._queries.past.one(subject, SESSION, session, as_of)
        return replace(await self._shown(subject, thing, whole, then=True), as_of=str(until))

    async def timeline(self, subject: Subject, session: str, as_of: Moment) -> Timeline:
        """What happened to it, the last of it as far as one page holds.

        Raises:
            Unknown

        """
        return await self._queries.dialogues.timeline(subject, SESSION, session, as_of=as_of, after=0, limit=MOST)

    async def _shown(self, subject: Subject, thing: Thing, whole: Mapping[str, Any], *, then: bool = False) -> SessionShown:
        queries, track = self._queries, thing.track or Track.STAFF
        cases = sorted(whole["cases"], key=lambda each: each["raised"])  # those put to it before stand first, as they came
        opinions = await queries.puts.table(subject, track, [each["case"] for each in cases], purpose=f"show {thing.id}")
        page = await or_none(queries.words.of(subject, SESSION, thing.id, limit=MOST)) if not then else None
        words = page.words if page is not None else ()
        directory = await queries.directories.at(self.today)
        people = {each["by"] for each in whole["programme"]} | {
            person for unit in whole["attendance"] for person in unit["people"]
        }
        people |= {each for each in (whole["secretary"], (whole["waived"] or {}).get("by")) if each}
        said = {(word.case, word.part): word.text for word in words if word.fact == "session.outcome_recorded"}
        return SessionShown(
            thing=thing,
            whole=whole,
            rows=tuple(
                Row(
                    n=n,
                    opinion=replace(opinion, draft=None, answer=None) if then else opinion,
                    put=put,
                    answer=said.get((put["case"], "answer")),
                    direction=said.get((put["case"], "direction")),
                    missing=not put["raised"] and opinion.stage in UNANSWERED,
                )
                for n, (put, opinion) in enumerate(zip(cases, opinions, strict=True), start=1)
            ),
            dates=(),
            conditions=(),
            topic=next((word.text for word in words if (word.fact, word.part) == ("session.proposed", "topic")), None),
            notes={fact: [word for word in words if word.fact == fact] for fact in {word.fact for word in words}},
            names=await queries.people.names(subject, directory, people, purpose=f"show {thing.id}"),
            papers=await self._papers(subject, subject.office, thing.id) if not then else (),
            meeting=await self._meeting(subject, whole["meeting"]),
            directory=directory,
            today=self.today,
        )

    async def _meeting(self, subject: Subject, meeting: str | None) -> Thing | None:
        found = await or_none(self._queries.dialogues.one(subject, MEETING, meeting)) if meeting is not None else None
        return found[0] if found is not None else None

    async def _papers(self, subject: Subject, office: str, about: str) -> Sequence[DocumentRow]:
        page = await or_none(self._queries.papers.documents(subject, office, DocumentFilters(about=about)))
        return page.documents if page is not None else ()


def _dated(each: SessionDate, left: Left) -> Dated:
    return Dated(rule=each.due.rule, left=left, runs=each.standing is Standing.RUNS, met_on=each.met_on)


def _conditions(shown: SessionShown, dates: Sequence[SessionDate]) -> tuple[Condition, ...]:
    """What its opening hangs on, each met or not, by the rules that would refuse it (R28, R36)."""
    if not shown.before:
        return ()
    whole, thing = shown.whole, shown.thing
    blocking = {each["code"] for each in whole["blocks"]}
    before = [row for row in shown.rows if not row.put["raised"]]
    missing = tuple(row for row in before if row.missing)
    programme, announced = whole["programme"][-1:], whole["announcement"]
    called = thing.label != Trigger.AD_HOC and not whole["short_form"]
    answered = "answers-missing" not in blocking and not (whole["waived"] and missing)
    found = [
        Condition(code="day", met="day-unknown" not in blocking and "meeting-fell-away" not in blocking, facts={"on": thing.day}),
    ]
    if not whole["short_form"]:
        found += [
            Condition(code="programme", met=bool(programme), facts={"on": programme[0]["on"] if programme else None}),
            Condition(
                code="announced",
                met=None if not called and not announced else bool(announced),
                facts={"on": announced["on"] if announced else None},
            ),
            Condition(
                code="waived" if whole["waived"] and missing else "answers",
                met=answered or bool(whole["waived"]),
                facts={"all": len(before), "missing": missing, "waived": whole["waived"]},
            ),
        ]
    if "party-opinions-missing" in blocking:
        title = next(each["titles"] for each in whole["blocks"] if each["code"] == "party-opinions-missing")
        found.append(Condition(code="party", met=False, facts={"titles": title}))
    return tuple(found)
