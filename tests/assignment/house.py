"""The assignment service as built, on SQLite: its log, intake's log beside it, the vault, and subscriptions that follow both."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.assignment.app import build
from shared.contracts.opinion import OpinionReferred
from shared.contracts.roles import Role
from shared.contracts.types import Sealed
from shared.desk import Done
from shared.mail.outlet import MailOutlet
from tests.assignment.stage import OPENED, PUBLISHED
from tests.support.hosting import Hosted, on_sqlite, subject

CHIEF = subject("p-chief", "CVP", Role.CHIEF)
DEPUTY = subject("p-deputy", "CVP", Role.DEPUTY)
HUB = subject("p-hub", "TCHCQT", Role.HUB)
LEADER = subject("p-leader", "TCHCQT", Role.UNIT_LEADER)
SPECIALIST = subject("p-specialist", "TCHCQT", Role.SPECIALIST)
OTHER_UNIT = subject("p-other", "TH", Role.UNIT_LEADER)
OTHER_OFFICE = subject("p-mso", "UBND-MSO", Role.CHIEF, office="UBND-MSO")
SECRETARY = subject("p-secretary", "TCHCQT", Role.SECRETARY)
FEEDER = subject("p-feeder", "BTCD", Role.FEEDER)
AUDITOR = subject("p-auditor", "VPUB", Role.AUDITOR)
REGISTRY = subject("p-registry", "VPUB", Role.REGISTRY)
ADMIN = subject("p-admin", "VPUB", Role.ADMINISTRATOR)
CHAIRMAN = subject("p-chairman", "VPUB", Role.CHAIRMAN)
DIVISION = subject("p-kt", "TH", Role.CONTENT_DIVISION)
PARTY = subject("p-party", "DU", Role.PARTY_COMMITTEE)
PEOPLE = {
    each.person: each
    for each in (
        CHIEF,
        DEPUTY,
        HUB,
        LEADER,
        SPECIALIST,
        OTHER_UNIT,
        OTHER_OFFICE,
        SECRETARY,
        FEEDER,
        AUDITOR,
        REGISTRY,
        ADMIN,
        CHAIRMAN,
        PARTY,
    )
}

REFERRAL = {
    name: getattr(OPENED, name)
    for name in (
        "office",
        "unit",
        "source_group",
        "channel",
        "locality",
        "kind",
        "field",
        "flags",
        "due",
        "concerns_units",
        "concerns_posts",
        "received_at",
        "hidden",
    )
} | {"unit": "BTCD", "into": None, "merged": ()}


@dataclass
class House(Hosted):
    """One assignment service, running."""

    async def refer(self, suffix: str, **changed: Any) -> str:
        """An opinion is referred by intake, and its case opened. Returns the case."""
        words = await self._words()
        referred = OpinionReferred(**{**REFERRAL, "episode": f"{suffix}/1", "words": words, **changed})
        await self.happen("intake", {f"opinion-{suffix}": [referred]})
        await self.follow()
        return f"case-{suffix}"

    async def paper(self, about: str, kind: str = "thong_bao") -> str:
        """A paper of the Office about something, signed by the head and waiting for its number. Returns the document."""
        to = [{"recipient": "TH", "purpose": "Thực hiện", "mandatory": True}]
        drafted = await self.ask("draft_document", HUB, kind=kind, about=about, recipients=to)
        await self.ask("submit_document", HUB, document=drafted.stream)
        await self.ask("sign_document", CHIEF, document=drafted.stream, capacity="truc_tiep")
        return drafted.stream

    async def open_book(self, book: str = "TB-VPUB") -> None:
        """The book of the Office that its notices (or plans) of 2023 are numbered from."""
        about: dict[str, Any] = {"office": "VPUB", "book": book, "year": 2023, "external": True, "pattern": f"{{number}}/{book}"}
        await self.ask("open_register", REGISTRY, **about)

    async def issue(self, notice: str, number: int = 3) -> Done:
        """A drafted notice goes out on a paper of its own."""
        await self.open_book()
        document = await self.paper(notice)
        out: dict[str, Any] = {"document": document, "book": "TB-VPUB", "number": number, "means": "giay"}
        return await self.ask("issue_notice", REGISTRY, notice=notice, **out)

    async def _words(self) -> Sealed:
        entry = self.vault.seal(
            f"intake/{self.asked}", "receive_opinion.words", "Đề nghị tổ chức thêm lớp bồi dưỡng.", searchable=True
        )
        await self.vault.put([entry])
        return entry.sealed


@asynccontextmanager
async def house(path: Path, mail: MailOutlet | None = None) -> AsyncIterator[House]:
    """A house in an empty folder, with the directory and the calendar it needs."""
    async with bare_house(path, mail) as made:
        await furnish(made)
        yield made


@asynccontextmanager
async def bare_house(path: Path, mail: MailOutlet | None = None) -> AsyncIterator[House]:
    """A house in an empty folder that knows nothing yet."""
    async with on_sqlite(House, path, "assignment", build, beside="intake", people=PEOPLE, mail=mail) as made:
        yield made


async def furnish(made: House) -> None:
    """Two offices, the units and people of the tests, two fields, a calendar."""
    for key, office in (
        ("VPUB", None),
        ("UBND-MSO", None),
        ("CVP", "VPUB"),
        ("TCHCQT", "VPUB"),
        ("TH", "VPUB"),
        ("BTCD", "VPUB"),
    ):
        kind = "phong" if office else "van_phong"
        await made.ask("register_unit", ADMIN, unit=key, code=key, name=key, kind=kind, office=office, valid_from="2021-01-01")
    for each, restricted in (("dao-tao-boi-duong", False), ("dao-duc-loi-song", True)):
        await made.ask("register_field", ADMIN, field=each, name=each, restricted=restricted, valid_from="2021-01-01")
    for person, unit in (("p-specialist", "TCHCQT"), ("p-other", "TH")):
        await made.ask("register_person", ADMIN, person=person, name="Nguyễn Văn A", unit=unit, valid_from="2021-01-01")
    for office in ("VPUB", "UBND-MSO"):
        await made.ask("make_signing_key", ADMIN, office=office)
    await made.ask(
        "publish_calendar",
        ADMIN,
        version=PUBLISHED.version,
        first="2023-01-01",
        last="2023-12-31",
        days_off=[{"day": off.day.isoformat(), "name": off.name} for off in PUBLISHED.days_off],
    )
    await made.follow()
