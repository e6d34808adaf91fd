"""Answers everybody what an office made public: its papers, and the dialogues whose day was announced (R7, R8)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import orjson
from sqlalchemy import select

from services.assignment.domain.session import states as session
from services.assignment.domain.session.states import Stage
from services.assignment.readmodel.dialogue.tables import dialogue_thing
from shared.calendar import local_day
from shared.clock import Clock, instant
from shared.contracts.directory import UnitKind
from shared.contracts.document import DocumentKind, Form
from shared.contracts.refusals import Unknown
from shared.contracts.session import Mode, Track
from shared.database import Database
from shared.decider import Fold, load
from shared.directory.queries import Directories
from shared.documents.states import LABELS, Recalled, Superseded
from shared.eventlog.port import EventLog
from shared.papers.composing import house_reader
from shared.papers.keeping import PaperFiles
from shared.papers.places import ON_THE_WEB, public_place
from shared.papers.queries import Kept, PaperQueries
from shared.papers.streams import KEPT
from shared.papers.tables import documents_document, documents_step
from shared.vault.port import Erased, Vault

READER: Final = "published"
PURPOSE: Final = "show what was published"
PUBLISHED: Final = "document.published"
MOST: Final = 200
MOST_AHEAD: Final = 20  # dialogues ahead of which the room is looked up
OUT_OF_FORCE: Final = (LABELS[Recalled], LABELS[Superseded])
AHEAD: Final = (Stage.ANNOUNCED, Stage.READY)
SESSION: Final = Fold("session", session.INITIAL, session.evolve)
KNOWN: Final = (*AHEAD, Stage.IN_PROGRESS, Stage.HELD, Stage.CONCLUDED, Stage.CLOSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A paper that was made public; `file`: what is public is the very file that was issued, so that it can be had here."""

    id: str
    kind: DocumentKind
    number: str | None
    issued_on: date | None
    published_on: date
    summary: str | None
    file: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialogue:
    """A dialogue whose day was announced; it names nobody who speaks there."""

    id: str
    on: date
    track: Track
    ahead: bool
    place: str | None
    mode: Mode | None


@dataclass(frozen=True, slots=True)
class Office:
    """An office that holds dialogues, as it is called today."""

    key: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """What an office made public of one year, the latest papers ahead; dialogues ahead by day, past ones the latest ahead."""

    office: Office
    year: int
    today: date
    plans: tuple[Paper, ...]
    papers: tuple[Paper, ...]
    ahead: tuple[Dialogue, ...]
    past: tuple[Dialogue, ...]


class Published:
    """The questions of one tenant that anybody may ask. What is not published is not there."""

    def __init__(
        self,
        *,
        database: Database,
        tenant: str,
        log: EventLog,
        vault: Vault,
        clock: Clock,
        directories: Directories,
        papers: PaperQueries,
        files: PaperFiles,
    ) -> None:
        self._database, self._tenant, self._log, self._vault = database, tenant, log, vault
        self._clock, self._directories, self._papers, self._files = clock, directories, papers, files

    async def offices(self) -> tuple[Office, ...]:
        """The offices of today."""
        directory = await self._directories.at(local_day(self._clock.now()))
        keys = [unit.key for unit in directory.units.values() if unit.kind is UnitKind.OFFICE]
        return tuple(Office(key, directory.label(key)) for key in keys)

    async def of_year(self, office: str | None, year: int | None) -> Year:
        """What the office (none: the first there is) made public of a year (none: this one).

        Raises:
            Unknown: there is no such office.

        """
        offices = await self.offices()
        found = next((each for each in offices if office in (None, each.key)), None)
        if found is None:
            raise Unknown("office")
        today = local_day(self._clock.now())
        year = year or today.year
        papers = await self._papers_of(found.key, year)
        dialogues = await self._dialogues_of(found.key, year)
        return Year(
            office=found,
            year=year,
            today=today,
            plans=tuple(each for each in papers if each.kind is DocumentKind.PLAN),
            papers=tuple(each for each in papers if each.kind is not DocumentKind.PLAN),
            ahead=tuple(each for each in dialogues if each.ahead),
            past=tuple(reversed([each for each in dialogues if not each.ahead])),
        )

    async def file(self, document: str) -> tuple[Paper, bytes]:
        """The file of a published paper, as it was issued; the reading is logged in the name of the house.

        Raises:
            Unknown: it was not published on the web, or what is public of it there is another text.
            FileDiffers, FileLost, PlaceUnavailable, VaultUnavailable

        """
        kept = (await self._papers.kept([document])).get(document)
        paper = _paper(kept, {}) if kept is not None else None
        if paper is None or not paper.file:
            raise Unknown("document")
        assert kept is not None
        reader = house_reader(self._tenant, kept.row["office"], name=READER, purpose=f"{PURPOSE} {document}")
        made = await self._files.file(reader, document, Form.PDF)
        if made.issued is None:
            raise Unknown("document")
        return paper, made.file

    async def _papers_of(self, office: str, year: int) -> list[Paper]:
        table, steps = documents_document.c, documents_step.c
        public = select(steps.document_id).where(steps.tenant == self._tenant, steps.type == PUBLISHED)
        asked = (
            select(table.document_id)
            .where(
                table.tenant == self._tenant,
                table.office == office,
                table.document_id.in_(public),
                table.issued_on >= f"{year}-01-01",
                table.issued_on <= f"{year}-12-31",
            )
            .order_by(table.issued_on.desc(), table.position.desc())
            .limit(MOST)
        )
        async with self._database.read() as connection:
            ids = list((await connection.execute(asked)).scalars())
        kept = await self._papers.kept(ids)
        summaries = await self._summaries(office, [each.row for each in kept.values()])
        found = [_paper(kept[each], summaries) for each in ids if each in kept]
        return [each for each in found if each is not None]

    async def _summaries(self, office: str, rows: Sequence[Mapping[str, Any]]) -> Mapping[str, str]:
        """What papers are about, which their office wrote naming nobody: all opened at once, as one access."""
        refs = tuple(dict.fromkeys(row["summary_ref"] for row in rows if row["summary_ref"] is not None))
        if not refs:
            return {}
        reader = house_reader(self._tenant, office, name=READER, purpose=PURPOSE).person
        opened = await self._vault.open_many(refs, reader=reader, purpose=PURPOSE)
        return {ref: text for ref, text in opened.items() if not isinstance(text, Erased)}

    async def _dialogues_of(self, office: str, year: int) -> list[Dialogue]:
        table = dialogue_thing.c
        asked = (
            select(table.thing, table.day, table.track, table.stage)
            .where(
                table.tenant == self._tenant,
                table.office == office,
                table.kind == "session",
                table.stage.in_([each.value for each in KNOWN]),
                table.short_form.is_(False),  # a briefing's own is not announced
                table.day >= f"{year}-01-01",
                table.day <= f"{year}-12-31",
            )
            .order_by(table.day, table.thing)
            .limit(MOST)
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(asked)).all()
        ahead = [row.thing for row in rows if row.stage in AHEAD][:MOST_AHEAD]
        stand = await load(self._log, dict.fromkeys(ahead, SESSION)) if ahead else {}
        found = []
        for row in rows:
            state = stand[row.thing].state if row.thing in stand else None
            if state is not None and not state.announced:
                continue  # postponed, and its new day not announced yet
            arranged = state.arranged if state is not None else None
            found.append(
                Dialogue(
                    id=row.thing,
                    on=date.fromisoformat(row.day),
                    track=Track(row.track),
                    ahead=row.stage in AHEAD,
                    place=arranged.place if arranged is not None else None,
                    mode=state.was.mode if state is not None else None,
                )
            )
        return found


def _paper(kept: Kept, summaries: Mapping[str, str]) -> Paper | None:
    """The paper as everybody may see it; None where it is not public on the web, or not any more."""
    row, steps = kept.row, kept.steps
    told = [(step, orjson.loads(step["detail"])) for step in steps if step["type"] == PUBLISHED]
    published = [(step, said) for step, said in told if public_place(said["place"]) in ON_THE_WEB]
    if not published or row["state"] in OUT_OF_FORCE:
        return None
    forms = [orjson.loads(step["detail"]) for step in steps if step["type"] == KEPT]
    # The last text replaces those before it. Where names were taken out, it may be another than was issued: then its file
    # is not public, or not any more.
    issued = {digest for made in forms for digest in (made["content"], *(form["sha256"] for form in made["forms"]))}
    step, last = published[-1]
    same = not last["redacted"] or last["content"] in issued
    return Paper(
        id=row["document_id"],
        kind=DocumentKind(row["kind"]),
        number=row["symbol"],
        issued_on=date.fromisoformat(row["issued_on"]) if row["issued_on"] else None,
        published_on=local_day(instant(step["at"])),
        summary=summaries.get(row["summary_ref"] or ""),
        file=bool(forms) and same,
    )
