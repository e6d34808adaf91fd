"""The intake service as built: its log, assignment's log with the directory beside it, the vault, and who comes to it."""

import base64
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any, Final

import orjson

from services.intake.app import build
from services.intake.entrypoints.consumers import TOPIC, TYPE, signature
from services.intake.handlers.opinions import case_of
from shared.contracts.calendar import CalendarPublished, DayOff
from shared.contracts.case import CaseOpened, CaseSplit, CaseSplitOff
from shared.contracts.directory import FieldRegistered, UnitDissolved, UnitKind, UnitRegistered
from shared.contracts.opinion import OpinionReferred
from shared.contracts.roles import Role
from shared.desk import Done
from shared.eventlog import codec
from shared.feeds.foreign import ForeignRecord, ForeignTopic
from shared.permit import Subject
from tests.intake.stage import CALENDAR
from tests.support.hosting import Hosted, on_postgres, on_sqlite, subject

HUB: Final = subject("p-hub", "TCHCQT", Role.HUB)
CHIEF: Final = subject("p-chief", "CVP", Role.CHIEF)
DEPUTY: Final = subject("p-deputy", "CVP", Role.DEPUTY)
REGISTRY: Final = subject("p-registry", "VT", Role.REGISTRY)
SECRETARY: Final = subject("p-secretary", "TH", Role.SECRETARY)
FEEDER: Final = subject("p-feeder", "BTCD", Role.FEEDER)
CONTENT: Final = subject("p-content", "TH", Role.CONTENT_DIVISION)
PROPOSER: Final = subject("p-proposer", "SGTVT", Role.PROPOSER, office="SGTVT")
OTHER_UNIT: Final = subject("p-other", "TH", Role.SPECIALIST)
OTHER_OFFICE: Final = subject("p-mso", "MSO-VP", Role.HUB, Role.FEEDER, office="UBND-MSO")
AUDITOR: Final = subject("p-auditor", "VPUB", Role.AUDITOR)
ADMIN: Final = subject("p-admin", "VPUB", Role.ADMINISTRATOR)
DISSOLVED: Final = subject("p-former", "CU", Role.FEEDER)
PEOPLE: Final = {
    each.person: each
    for each in (
        *(HUB, CHIEF, DEPUTY, REGISTRY, SECRETARY, FEEDER, CONTENT, PROPOSER),
        *(OTHER_UNIT, OTHER_OFFICE, AUDITOR, ADMIN, DISSOLVED),
    )
}

WORDS: Final = "Đường vào bản bị sạt lở, xe cấp cứu không vào được, đề nghị tỉnh sớm sửa."
FORM: Final = {"office": "VPUB", "channel": "truc_tiep", "source_group": "nhan_dan", "words": WORDS}
SINCE: Final = date(2021, 1, 1)


@dataclass
class House(Hosted):
    """One intake service, running."""

    async def receive(self, by: Subject = FEEDER, **changed: Any) -> Done:
        """An opinion is handed in."""
        asked = {name: changed.pop(name) for name in ("at", "command_id") if name in changed}
        return await self.ask("receive_opinion", by, **asked, **{**FORM, **changed})

    async def classified(self, **changed: Any) -> str:
        """An opinion that is handed in and classified; its id."""
        opinion = (await self.receive(**changed)).stream
        await self.ask("classify_opinion", HUB, opinion=opinion, kind="kien_nghi", field="giao-thong")
        return opinion

    async def referred(self, **changed: Any) -> str:
        """An opinion that is handed over, and whose case is open; its id."""
        opinion = await self.classified(**changed)
        await self.refer(opinion)
        return opinion

    async def refer(self, opinion: str) -> None:
        """A classified opinion is handed over, and the assignment service opens its case."""
        await self.ask("refer_opinion", HUB, opinion=opinion)
        event = codec.read((await self.log.read_stream(opinion))[-1]).event
        assert isinstance(event, OpinionReferred)
        carried = {field.name: getattr(event, field.name) for field in fields(event) if field.name not in ("into", "merged")}
        await self.become(opinion, CaseOpened(**carried, opinion=opinion, session=None))

    async def become(self, opinion: str, *facts: Any) -> None:
        """What the assignment service records of the opinion's case."""
        await self.happen("assignment", {case_of(opinion): facts})

    async def split(self, opinion: str, *parts: str) -> None:
        """The assignment service splits the opinion's case into these."""
        opened = codec.read((await self.logs["assignment"].read_stream(case_of(opinion)))[0]).event
        assert isinstance(opened, CaseOpened)
        carried = {field.name: getattr(opened, field.name) for field in fields(opened)}
        await self.become(opinion, CaseSplit(episode=opened.episode, children=parts))
        for part in parts:
            own = {"parent": case_of(opinion), "episode": f"{part.removeprefix('case-')}/1", "dialogue": None}
            await self.happen("assignment", {part: [CaseSplitOff(**{**carried, **own})]})

    async def types(self, stream: str) -> list[str]:
        return [record.type for record in await self.log.read_stream(stream)]

    @property
    def topic(self) -> ForeignTopic:
        """What units' systems write to, and what is done with it."""
        (topic,) = self.service.topics
        return topic

    async def feed(self, *records: ForeignRecord) -> None:
        """The records come from the broker, in one batch whose outcome is committed."""
        # Not by `write`, whose lock on SQLite the log queues for too. A broker comes with PostgreSQL, where there is none.
        async with self.database.engine.connect() as connection, connection.begin():
            await self.topic.handle(records, connection)

    async def fed(self, by: Subject = FEEDER, after: int = 0) -> list[dict[str, Any]]:
        """What a unit is told of its feed."""
        async with self.client(by) as client:
            answer = await client.get(f"/intake/api/feed/{by.unit}", params={"after": after})
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["items"]
        return found

    async def parked_bodies(self) -> list[bytes]:
        """What was set aside of the feed, as it came, opened in the vault."""
        refs = [each["ref"] for each in await self.sealed() if each["purpose"] == "feed.parked"]
        opened = await self.vault.open_many(refs, reader="p-operator", purpose="look at what was parked")
        return [base64.b64decode(str(opened[ref])) for ref in refs]

    async def record(
        self, offset: int, value: bytes | None, *, unit: str = "BTCD", signed: str = "", **how: Any
    ) -> ForeignRecord:
        """A record of a unit's system, signed with the unit's key (or with that of `signed`)."""
        key = await self.service.queries.opinions.feed_key(signed or unit)
        headers: Sequence[tuple[str, bytes | None]] = (
            ("ce_type", how.pop("type", TYPE).encode()),
            ("ce_signature", signature(key, value or b"").encode()),
            *how.pop("more", ()),
        )
        return ForeignRecord(TOPIC, how.pop("partition", 0), offset, 0, how.pop("key", unit.encode()), value, tuple(headers))

    async def opinion_fed(self, offset: int, unit: str = "BTCD", *, how: Any = None, **changed: Any) -> ForeignRecord:
        """A record that holds an opinion."""
        sent = {**FORM, "channel": "he_thong", "local_id": f"{unit}-{offset}", **changed}
        return await self.record(offset, orjson.dumps(sent), unit=unit, **(how or {}))


@asynccontextmanager
async def house(path: Path) -> AsyncIterator[House]:
    """A house in an empty folder, with the directory and the calendar it needs."""
    async with bare_house(path) as made:
        await furnish(made)
        yield made


@asynccontextmanager
async def bare_house(path: Path) -> AsyncIterator[House]:
    """A house in an empty folder that knows nothing yet."""
    async with on_sqlite(House, path, "intake", build, beside="assignment", people=PEOPLE) as made:
        yield made


@asynccontextmanager
async def house_on_postgres(address: str, database: str) -> AsyncIterator[House]:
    """The same house on a real PostgreSQL, as the application's role."""
    async with on_postgres(House, address, database, "intake", build, beside="assignment", people=PEOPLE) as made:
        await furnish(made)
        yield made


async def furnish(made: House, *, calendar: bool = True) -> None:
    """Two offices with units, a provincial body, a district, a unit that is no more, two fields, the calendar."""
    facts: dict[str, list[Any]] = {}
    for key, kind, office in (
        ("VPUB", UnitKind.OFFICE, "VPUB"),
        ("UBND-MSO", UnitKind.OFFICE, "UBND-MSO"),
        ("CVP", UnitKind.DIVISION, "VPUB"),
        ("TCHCQT", UnitKind.DIVISION, "VPUB"),
        ("TH", UnitKind.DIVISION, "VPUB"),
        ("VT", UnitKind.DIVISION, "VPUB"),
        ("BTCD", UnitKind.DIVISION, "VPUB"),
        ("CU", UnitKind.DIVISION, "VPUB"),
        ("MSO-VP", UnitKind.DIVISION, "UBND-MSO"),
        ("SGTVT", UnitKind.PROVINCIAL_BODY, None),
        ("MLA", UnitKind.DISTRICT, None),
    ):
        unit = UnitRegistered(unit=key, code=key, name=f"Đơn vị {key}", kind=kind, office=office, parent=None, valid_from=SINCE)
        facts[f"unit-{key}"] = [unit]
    facts["unit-CU"].append(UnitDissolved(unit="CU", valid_from=date(2023, 1, 1)))
    for field in ("giao-thong", "khac"):
        registered = FieldRegistered(field=field, name=f"Lĩnh vực {field}", restricted=False, valid_from=SINCE)
        facts[f"field-{field}"] = [registered]
    if calendar:
        facts["calendar-VN"] = [published()]
    await made.happen("assignment", facts)
    await made.follow()


def published() -> CalendarPublished:
    """The calendar that opinions are dated by."""
    return CalendarPublished(
        version=CALENDAR.version,
        first=CALENDAR.first,
        last=CALENDAR.last,
        days_off=tuple(DayOff(day=day, name=name) for day, name in sorted(CALENDAR.days_off.items())),
        workdays=tuple(sorted(CALENDAR.workdays)),
    )
