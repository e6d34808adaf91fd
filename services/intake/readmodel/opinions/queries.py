"""Answers questions about opinions from the read side; asks permission first and never writes."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, func, select, true

from services.intake.readmodel import access, feeds
from services.intake.readmodel.feeds import FeedItem
from services.intake.readmodel.opening import SPEAKER, opened
from services.intake.readmodel.opinions.projections import Stage
from services.intake.readmodel.opinions.similar import LEAST_SCORE, MOST_OPENED, Similar, likeness, windows
from services.intake.readmodel.opinions.tables import opinions_case, opinions_opinion, opinions_speaker
from services.intake.readmodel.paging import Page, beyond, paged
from shared.asof import Moment
from shared.calendar import CLASSIFY, local_day
from shared.clock import Clock, instant
from shared.contracts.opinion import HIDDEN_SPEAKER, Channel, RejectionReason, SourceGroup
from shared.contracts.refusals import Forbidden, Unknown
from shared.contracts.roles import Action, Role
from shared.database import Database
from shared.derivation import Derivation, after
from shared.directory.queries import Directories
from shared.directory.snapshot import Directory
from shared.keys import KeyedHash
from shared.permit import Resource, Subject, permit
from shared.timeline import Timeline, Timelines
from shared.vault.port import Erased, Vault

PER_QUERY: Final = 500  # references of one IN
SIMILAR: Final = "similar_opinions"  # what words are opened for
TAKES_IN: Final = [stage.value for stage in (Stage.RECEIVED, Stage.AWAITING, Stage.CLASSIFIED, Stage.REFERRED)]
# An opinion with its case, if it has one: that one's due date is then in force.
_SHOWN: Final = (
    opinions_opinion,
    opinions_case.c.case_id,
    opinions_case.c.stage.label("case_stage"),
    func.coalesce(opinions_case.c.due_day, opinions_opinion.c.due_day).label("due"),
    func.coalesce(opinions_case.c.field, opinions_opinion.c.field).label("field_now"),
    opinions_case.c.concerns_units.label("case_concerns_units"),
    opinions_case.c.concerns_posts.label("case_concerns_posts"),
    func.coalesce(opinions_speaker.c.hidden, true()).label("hidden"),
    opinions_speaker.c.name_ref,
    opinions_speaker.c.contact_ref,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionView:
    """An opinion as listed: everything but its words; of what was diverted, a pointer for all but the head (R16, R47)."""

    id: str
    office: str
    unit: str | None
    unit_label: str | None  # of today, with what it was called when it took the opinion in
    local_id: str | None
    parent: str | None
    stage: str
    case: str | None
    case_stage: str | None
    channel: str | None
    source_group: str | None
    locality: str | None
    kind: str | None
    field: str | None
    flags: tuple[str, ...]
    due: date | None
    received_at: str
    hidden: bool
    speaker: str | None  # what stands in place of the name, where the speaker asked not to be shown
    result: str | None
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionDetail(OpinionView):
    """An opinion with the day by which it is classified, while nobody has, and how that day was counted."""

    classify_by: Derivation | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeakerView:
    """Who spoke, as opened; None where nobody said so, or where it was erased."""

    hidden: bool
    name: str | None
    contact: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a list is narrowed to."""

    stage: Stage | None = None
    field: str | None = None
    source_group: SourceGroup | None = None


class Opinions:
    """The questions of one tenant. `Unknown` is raised for what is not there and for what is not the asker's to see."""

    def __init__(
        self,
        *,
        database: Database,
        tenant: str,
        vault: Vault,
        keyed: KeyedHash,
        clock: Clock,
        directories: Directories,
        timelines: Timelines,
    ) -> None:
        self._database, self._tenant, self._vault, self._keyed = database, tenant, vault, keyed
        self._clock, self._directories, self._timelines = clock, directories, timelines

    async def opinion(self, subject: Subject, opinion: str) -> OpinionDetail:
        """One opinion."""
        row = await self._row(opinion)
        access.refuse_unless_seen(subject, access.SEE_OPINION, access.opinion_resource(self._tenant, row["office"], row["unit"]))
        shown = _view(subject, row, await self._directory())
        by = await self._classify_by(row) if row["stage"] == Stage.RECEIVED else None
        return OpinionDetail(**{name: getattr(shown, name) for name in shown.__slots__}, classify_by=by)

    async def timeline(self, subject: Subject, opinion: str, *, as_of: Moment, after: int, limit: int) -> Timeline:
        """What happened to an opinion here, and who did it.

        Raises:
            Unknown: not there, not the asker's to see, about him or his unit, or diverted: of that only the head is told more.

        """
        row, directory = await self._row(opinion), await self._directory()
        access.refuse_unless_seen(subject, access.SEE_OPINION, access.opinion_resource(self._tenant, row["office"], row["unit"]))
        if Role.CHIEF not in subject.capacities and (_is_diverted(row) or _is_about(subject, row, directory)):
            raise Unknown("timeline")
        return await self._timelines.of(subject, opinion, directory.day, as_of=as_of, after=after, limit=limit)

    async def _classify_by(self, row: Mapping[Any, Any]) -> Derivation | None:
        """Counted from receipt, by the rules of that day."""
        directory = await self._directories.at(local_day(self._clock.now()))
        day = local_day(instant(row["received_at"]))
        return after(directory.rules_of(row["office"], day), directory.published, CLASSIFY, day)

    async def words(self, subject: Subject, opinion: str) -> str | None:
        """The words of an opinion, opened in the vault in the asker's name; None once they are to be erased."""
        return await self._words(subject, await self._row(opinion), access.READ_WORDS.name)

    async def refuse_unless_read(self, subject: Subject, opinion: str) -> None:
        """Ask permission for what came with the words of an opinion.

        Raises:
            Unknown, Forbidden: as for its words.

        """
        await self._refuse_unless_read(subject, await self._row(opinion))

    async def speaker(self, subject: Subject, opinion: str) -> SpeakerView:
        """Who spoke, opened in the vault in the asker's name (R12).

        Raises:
            Unknown: not there, or about the asker, his unit or whoever he acts for: nobody sees who spoke of him (invariant 7).
            Forbidden: not his to know.

        """
        row = await self._row(opinion)
        resource = access.opinion_resource(self._tenant, row["office"], row["unit"])
        access.refuse_unless_seen(subject, access.SEE_OPINION, resource)
        directory = await self._directory()
        asked = self._opening_speaker(row, directory)
        decision = permit(subject, asked, resource)
        if not decision.allowed:
            raise Forbidden(rule=asked.name)
        under = decision.under
        if _is_about(subject, row, directory) or (under and _names(row, directory.stands_for(under.unit), {under.post})):
            raise Unknown("speaker")
        texts = await opened(self._vault, subject, f"{asked.name} {opinion}", row, SPEAKER)
        return SpeakerView(hidden=row["hidden"], name=texts["name"], contact=texts["contact"])

    async def similar(self, subject: Subject, opinion: str, *, limit: int) -> list[Similar]:
        """Opinions of the same office that are open or referred and may be the same matter, the likest first.

        Only those whose words the asker may read are compared with. Its own words are opened in his name, and theirs in
        one more access that names all of them.
        """
        row = await self._row(opinion)
        words = await self._words(subject, row, SIMILAR)
        if words is None:
            return []
        found: Counter[str] = Counter()
        for window in windows(words):
            found.update(await self._vault.search(window))
        del found[row["words_ref"]]
        others = await self._candidates(subject, row, [ref for ref, _ in found.most_common()])
        texts = await self._vault.open_many([each["words_ref"] for each in others], reader=subject.person, purpose=SIMILAR)
        scored = [(likeness(words, text), each) for each in others if isinstance(text := texts.get(each["words_ref"]), str)]
        scored.sort(key=lambda pair: (-pair[0], -pair[1]["received_at"], pair[1]["opinion"]))
        return [_similar(each, score) for score, each in scored[:limit] if score >= LEAST_SCORE]

    async def of_office(
        self, subject: Subject, office: str, filters: Filters, *, cursor: str | None, limit: int
    ) -> Page[OpinionView]:
        """The opinions of an office, latest first."""
        access.refuse_unless_seen(subject, access.LIST_OFFICE, Resource(tenant=self._tenant, office=office))
        return await self._list(subject, opinions_opinion.c.office == office, filters, cursor, limit)

    async def of_unit(
        self, subject: Subject, unit: str, filters: Filters, *, cursor: str | None, limit: int
    ) -> Page[OpinionView]:
        """The opinions that a unit took in, latest first."""
        access.refuse_unless_seen(subject, access.LIST_UNIT, access.unit_resource(self._tenant, unit))
        return await self._list(subject, opinions_opinion.c.unit == unit, filters, cursor, limit)

    async def feed(self, subject: Subject, unit: str, *, after: int, limit: int) -> list[FeedItem]:
        """What became of what a unit's system fed."""
        access.refuse_unless_seen(subject, access.FOLLOW_FEED, access.unit_resource(self._tenant, unit))
        async with self._database.read() as connection:
            return await feeds.items(connection, self._tenant, unit, after, limit)

    async def feed_key(self, unit: str) -> bytes:
        """The key that a unit signs its feed with: it follows from the installation's hash key and is kept nowhere."""
        async with self._database.read() as connection:
            version = await feeds.key_version(connection, self._tenant, unit)
        return self._feed_key(unit, version)

    async def shown_feed_key(self, subject: Subject, unit: str) -> str:
        """A unit's feed key in hex, for whoever sets its system up."""
        access.refuse_unless_seen(subject, access.SET_FEED_KEY, access.unit_resource(self._tenant, unit))
        return (await self.feed_key(unit)).hex()

    async def new_feed_key(self, subject: Subject, unit: str, command_id: str) -> str:
        """Put another feed key in force, once for each command id; the key that it made, in hex."""
        access.refuse_unless_seen(subject, access.SET_FEED_KEY, access.unit_resource(self._tenant, unit))
        async with self._database.write() as connection:
            version = await feeds.renew_key(connection, self._tenant, unit, command_id)
        return self._feed_key(unit, version).hex()

    def _feed_key(self, unit: str, version: int) -> bytes:
        return self._keyed.digest("feed-key", self._tenant, unit, str(version))

    async def _refuse_unless_read(self, subject: Subject, row: Mapping[Any, Any]) -> None:
        resource = access.opinion_resource(self._tenant, row["office"], row["unit"])
        access.refuse_unless_seen(subject, access.SEE_OPINION, resource)
        access.refuse_unless_read(subject, access.READ_WORDS, resource)
        if self._is_barred(subject, row, await self._directory()):
            raise Unknown("words")

    async def _words(self, subject: Subject, row: Mapping[Any, Any], purpose: str) -> str | None:
        await self._refuse_unless_read(subject, row)
        if not row["words_ref"]:
            if row["channel"] == Channel.SESSION and row["result"] != RejectionReason.STATE_SECRET:
                raise Unknown("words")  # raised there: they are its case's
            return None
        words = await self._vault.open(row["words_ref"], reader=subject.person, purpose=purpose)
        return None if isinstance(words, Erased) else words

    async def _directory(self) -> Directory:
        return await self._directories.at(local_day(self._clock.now()))

    def _is_barred(self, subject: Subject, row: Mapping[Any, Any], directory: Directory) -> bool:
        """Whether the asker may not open words that his role would let him open.

        Nobody opens an opinion about himself or his unit, and of what was diverted only a pointer stays (R16, R47,
        invariants 7 and 13); a referred one of a restricted field is its case's (R18). The head answers for his house.
        """
        if Role.CHIEF in subject.capacities:
            return False
        return _is_about(subject, row, directory) or self._is_guarded(row, directory)

    def _opening_speaker(self, row: Mapping[Any, Any], directory: Directory) -> Action:
        """What is asked of permission by whoever wants to know who spoke."""
        if self._is_guarded(row, directory):
            return access.READ_GUARDED_SPEAKER
        return access.READ_HIDDEN_SPEAKER if row["hidden"] else access.READ_SPEAKER

    def _is_guarded(self, row: Mapping[Any, Any], directory: Directory) -> bool:
        """Whether it was diverted, or is of a restricted field and referred."""
        if _is_diverted(row):
            return True
        field = directory.field(row["field_now"]) if row["field_now"] and row["stage"] == Stage.REFERRED else None
        return field is not None and field.restricted

    async def _candidates(self, subject: Subject, row: Mapping[Any, Any], refs: Sequence[str]) -> list[Mapping[Any, Any]]:
        """The opinions of these words, in their order, that the asker may read and that could take another one in."""
        table = opinions_opinion.c
        found: dict[str, Mapping[Any, Any]] = {}
        same_office = (table.tenant == self._tenant, table.office == row["office"], table.stage.in_(TAKES_IN))
        async with self._database.read() as connection:
            for start in range(0, len(refs), PER_QUERY):
                asked = (
                    select(*_SHOWN)
                    .select_from(_opinions())
                    .where(*same_office, table.words_ref.in_(refs[start : start + PER_QUERY]))
                )
                found |= {each["words_ref"]: each for each in (await connection.execute(asked)).mappings()}
        directory = await self._directory()
        readable = [
            found[ref]
            for ref in refs
            if ref in found
            and permit(
                subject,
                access.READ_WORDS,
                access.opinion_resource(self._tenant, found[ref]["office"], found[ref]["unit"]),
            ).allowed
            and not self._is_barred(subject, found[ref], directory)
        ]
        return readable[:MOST_OPENED]

    async def _row(self, opinion: str) -> Mapping[Any, Any]:
        query = (
            select(*_SHOWN)
            .select_from(_opinions())
            .where(opinions_opinion.c.tenant == self._tenant, opinions_opinion.c.opinion == opinion)
        )
        async with self._database.read() as connection:
            row = (await connection.execute(query)).mappings().first()
        if row is None:
            raise Unknown
        return row

    async def _list(
        self, subject: Subject, whose: ColumnElement[bool], filters: Filters, cursor: str | None, limit: int
    ) -> Page[OpinionView]:
        table = opinions_opinion.c
        wanted = [table.tenant == self._tenant, whose]
        wanted += [table[name] == getattr(filters, name) for name in ("stage", "field", "source_group") if getattr(filters, name)]
        if (filters.field or filters.source_group) and Role.CHIEF not in subject.capacities:
            # What a pointer does not say is not found out by asking for it either.
            wanted += [func.coalesce(each, "") != Stage.DIVERTED.value for each in (table.stage, opinions_case.c.stage)]
        if cursor is not None:
            wanted.append(beyond(cursor, int, table.received_at, table.opinion))
        query = (
            select(*_SHOWN)
            .select_from(_opinions())
            .where(*wanted)
            .order_by(table.received_at.desc(), table.opinion)
            .limit(limit + 1)
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).mappings().all()
        directory = await self._directory()
        return paged(rows, limit, "received_at", "opinion", lambda row: _view(subject, row, directory))


def _similar(row: Mapping[Any, Any], score: int) -> Similar:
    return Similar(
        id=row["opinion"],
        stage=row["stage"],
        case=row["case_id"],
        field=row["field"],
        received_on=local_day(instant(row["received_at"])).isoformat(),
        score=score,
    )


def _is_about(subject: Subject, row: Mapping[Any, Any], directory: Directory) -> bool:
    """Whether it is about the asker's unit, one whose place it has or his post, as classified here or since by the case."""
    return _names(row, directory.stands_for(subject.unit), {post.key for post in directory.posts_of(subject.person)})


def _names(row: Mapping[Any, Any], units: Collection[str], posts: set[str]) -> bool:
    named_units = {*row["concerns_units"].split(), *(row["case_concerns_units"] or "").split()}
    named_posts = {*row["concerns_posts"].split(), *(row["case_concerns_posts"] or "").split()}
    return bool(named_units.intersection(units) or posts & named_posts)


def _opinions() -> Any:
    opinion, case, speaker = opinions_opinion.c, opinions_case.c, opinions_speaker.c
    own = and_(case.tenant == opinion.tenant, case.opinion == opinion.opinion, case.parent.is_(None))
    joined = opinions_opinion.outerjoin(opinions_case, own)
    return joined.outerjoin(opinions_speaker, and_(speaker.tenant == opinion.tenant, speaker.opinion == opinion.opinion))


def _is_diverted(row: Mapping[Any, Any]) -> bool:
    return Stage.DIVERTED.value in (row["stage"], row["case_stage"])


def _pointer(row: Mapping[Any, Any]) -> OpinionView:
    """That it was received on that day and diverted, and no more."""
    unsaid = ("unit", "unit_label", "local_id", "parent", "case", "channel", "source_group", "locality", "kind", "field", "due")
    return OpinionView(
        id=row["opinion"],
        office=row["office"],
        stage=row["stage"],
        case_stage=row["case_stage"],
        flags=(),
        received_at=local_day(instant(row["received_at"])).isoformat(),
        hidden=True,
        speaker=HIDDEN_SPEAKER,
        result=None,
        version=row["version"],
        **dict.fromkeys(unsaid),
    )


def _view(subject: Subject, row: Mapping[Any, Any], directory: Directory) -> OpinionView:
    if _is_diverted(row) and Role.CHIEF not in subject.capacities:
        return _pointer(row)
    received = instant(row["received_at"])
    return OpinionView(
        id=row["opinion"],
        office=row["office"],
        unit=row["unit"],
        unit_label=directory.label_today(row["unit"], begun=local_day(received)),
        local_id=row["local_id"],
        parent=row["parent"],
        stage=row["stage"],
        case=row["case_id"],
        case_stage=row["case_stage"],
        channel=row["channel"],
        source_group=row["source_group"],
        locality=row["locality"],
        kind=row["kind"],
        field=row["field"],
        flags=tuple(row["flags"].split()),
        due=date.fromisoformat(row["due"]) if row["due"] else None,
        received_at=received.isoformat(),
        hidden=row["hidden"],
        speaker=HIDDEN_SPEAKER if row["hidden"] else None,
        result=row["result"],
        version=row["version"],
    )
