"""Answers questions about opinions from the read side; asks permission first and never writes."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, select

from services.intake.readmodel import access, feeds
from services.intake.readmodel.feeds import FeedItem
from services.intake.readmodel.opening import SPEAKER, opened
from services.intake.readmodel.opinions.projections import Stage
from services.intake.readmodel.opinions.rows import (
    SHOWN,
    OpinionDetail,
    OpinionView,
    is_about,
    is_barred,
    is_diverted,
    is_guarded,
    names,
    not_diverted,
    opinion_view,
    opinions_with_cases,
)
from services.intake.readmodel.opinions.similar import LEAST_SCORE, MOST_OPENED, Similar, likeness, windows
from services.intake.readmodel.opinions.tables import opinions_opinion
from services.intake.readmodel.paging import Page, beyond, paged
from shared.asof import Moment
from shared.calendar import CLASSIFY, local_day
from shared.clock import Clock, instant
from shared.contracts.opinion import Channel, RejectionReason, SourceGroup
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
        shown = opinion_view(subject, row, await self._directory())
        by = await self._classify_by(row) if row["stage"] == Stage.RECEIVED else None
        return OpinionDetail(**{name: getattr(shown, name) for name in shown.__slots__}, classify_by=by)

    async def timeline(self, subject: Subject, opinion: str, *, as_of: Moment, after: int, limit: int) -> Timeline:
        """What happened to an opinion here, and who did it.

        Raises:
            Unknown: not there, not the asker's to see, about him or his unit, or diverted: of that only the head is told more.

        """
        row, directory = await self._row(opinion), await self._directory()
        access.refuse_unless_seen(subject, access.SEE_OPINION, access.opinion_resource(self._tenant, row["office"], row["unit"]))
        if Role.CHIEF not in subject.capacities and (is_diverted(row) or is_about(subject, row, directory)):
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

    async def refuse_unless_files_read(self, subject: Subject, opinion: str) -> None:
        """Ask permission for the files that came with an opinion: a letter shows who signed it (R12).

        Raises:
            Unknown, Forbidden: as for its words, or for who spoke.

        """
        row = await self._row(opinion)
        await self._refuse_unless_read(subject, row)
        await self._refuse_unless_told_who(subject, row)

    async def speaker(self, subject: Subject, opinion: str) -> SpeakerView:
        """Who spoke, opened in the vault in the asker's name (R12).

        Raises:
            Unknown: not there, or about the asker, his unit or whoever he acts for: nobody sees who spoke of him (invariant 7).
            Forbidden: not his to know.

        """
        row = await self._row(opinion)
        asked = await self._refuse_unless_told_who(subject, row)
        texts = await opened(self._vault, subject, f"{asked.name} {opinion}", row, SPEAKER)
        return SpeakerView(hidden=row["hidden"], name=texts["name"], contact=texts["contact"])

    async def similar(self, subject: Subject, opinion: str, *, limit: int) -> list[Similar]:
        """Opinions of the same office that are open or referred and may be the same matter, the likest first.

        Only those whose words the asker may read are compared with. Its own words are opened in his name, and theirs in
        one more access that names all of them.
        """
        row = await self._row(opinion)
        words = await self._words(subject, row, SIMILAR)
        return [] if words is None else await self._alike(subject, row["office"], words, row["words_ref"], limit)

    async def alike(self, subject: Subject, office: str, words: str, *, limit: int) -> list[Similar]:
        """The same of words that nobody has handed in yet: whoever writes an opinion down sees whether it is there already."""
        return await self._alike(subject, office, words, None, limit)

    async def _alike(self, subject: Subject, office: str, words: str, own: str | None, limit: int) -> list[Similar]:
        found: Counter[str] = Counter()
        for window in windows(words):
            found.update(await self._vault.search(window))
        found.pop(own or "", None)
        others = await self._candidates(subject, office, [ref for ref, _ in found.most_common()])
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
        if is_barred(subject, row, await self._directory()):
            raise Unknown("words")

    async def _words(self, subject: Subject, row: Mapping[Any, Any], purpose: str) -> str | None:
        await self._refuse_unless_read(subject, row)
        if not row["words_ref"]:
            if row["channel"] == Channel.SESSION and row["result"] != RejectionReason.STATE_SECRET:
                raise Unknown("words")  # raised there: they are its case's
            return None
        words = await self._vault.open(row["words_ref"], reader=subject.person, purpose=purpose)
        return None if isinstance(words, Erased) else words

    async def _refuse_unless_told_who(self, subject: Subject, row: Mapping[Any, Any]) -> Action:
        """Refuse whoever may not know who spoke; the action by which he may."""
        resource = access.opinion_resource(self._tenant, row["office"], row["unit"])
        access.refuse_unless_seen(subject, access.SEE_OPINION, resource)
        directory = await self._directory()
        asked = self._opening_speaker(row, directory)
        decision = permit(subject, asked, resource)
        if not decision.allowed:
            raise Forbidden(rule=asked.name)
        under = decision.under
        if is_about(subject, row, directory) or (under and names(row, directory.stands_for(under.unit), {under.post})):
            raise Unknown("speaker")
        return asked

    async def _directory(self) -> Directory:
        return await self._directories.at(local_day(self._clock.now()))

    def _opening_speaker(self, row: Mapping[Any, Any], directory: Directory) -> Action:
        """What is asked of permission by whoever wants to know who spoke."""
        if is_guarded(row, directory):
            return access.READ_GUARDED_SPEAKER
        return access.READ_HIDDEN_SPEAKER if row["hidden"] else access.READ_SPEAKER

    async def _candidates(self, subject: Subject, office: str, refs: Sequence[str]) -> list[Mapping[Any, Any]]:
        """The opinions of these words, in their order, that the asker may read and that could take another one in."""
        table = opinions_opinion.c
        found: dict[str, Mapping[Any, Any]] = {}
        same_office = (table.tenant == self._tenant, table.office == office, table.stage.in_(TAKES_IN))
        async with self._database.read() as connection:
            for start in range(0, len(refs), PER_QUERY):
                asked = (
                    select(*SHOWN)
                    .select_from(opinions_with_cases())
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
            and not is_barred(subject, found[ref], directory)
        ]
        return readable[:MOST_OPENED]

    async def _row(self, opinion: str) -> Mapping[Any, Any]:
        query = (
            select(*SHOWN)
            .select_from(opinions_with_cases())
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
            wanted += not_diverted()
        if cursor is not None:
            wanted.append(beyond(cursor, int, table.received_at, table.opinion))
        query = (
            select(*SHOWN)
            .select_from(opinions_with_cases())
            .where(*wanted)
            .order_by(table.received_at.desc(), table.opinion)
            .limit(limit + 1)
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).mappings().all()
        directory = await self._directory()
        return paged(rows, limit, "received_at", "opinion", lambda row: opinion_view(subject, row, directory))


def _similar(row: Mapping[Any, Any], score: int) -> Similar:
    return Similar(
        id=row["opinion"],
        stage=row["stage"],
        case=row["case_id"],
        field=row["field"],
        received_on=local_day(instant(row["received_at"])).isoformat(),
        score=score,
    )
