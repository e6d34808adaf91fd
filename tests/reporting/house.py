"""One reporting service running on SQLite, with the directory of Sơn La and a report whose figures are locked."""

from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

import httpx2

from services.reporting.app import build
from services.reporting.readmodel.asof import Basis
from services.reporting.readmodel.definitions import DEFINITIONS
from services.reporting.readmodel.locking import digest
from shared.contracts.directory import RecipientsSet, SigningKeyMade
from shared.contracts.report import DataLocked, LockRequested, Reached
from shared.contracts.roles import Role
from shared.desk import Done
from shared.permit import Subject
from tests.reporting.papers import LISTS, OPENED, REPORT
from tests.reporting.world import directory_of_sonla
from tests.support.hosting import Hosted, on_sqlite, subject
from tests.support.signatures import KEY, PRIVATE, PUBLIC

HUB = subject("p-hub", "TCHCQT", Role.HUB)
CHIEF = subject("p-chief", "CVP", Role.CHIEF)
DEPUTY = subject("p-deputy", "CVP", Role.DEPUTY)
LEADER = subject("p-leader", "TH", Role.UNIT_LEADER)
REGISTRY = subject("p-registry", "VT", Role.REGISTRY)
FEEDER = subject("p-feeder", "TH", Role.FEEDER)
AUDITOR = subject("p-auditor", "VPUB", Role.AUDITOR)
BDV = subject("p-bdv", "BDVTU", Role.RECIPIENT, office="BDVTU")
SNV = subject("p-snv", "SNV", Role.RECIPIENT, office="SNV")
STRANGER = subject("p-stranger", "UBND-MSO", Role.HUB, office="UBND-MSO")
PEOPLE: Final = {each.person: each for each in (HUB, CHIEF, DEPUTY, LEADER, REGISTRY, FEEDER, AUDITOR, BDV, SNV, STRANGER)}
JUNE: Final = datetime(2023, 6, 9, 2, tzinfo=UTC)
SOURCES: Final = ("assignment", "intake")
AT: Final = f"/reports/{REPORT}"


class House(Hosted):
    """The service, and the way over HTTP."""

    async def ask(self, command: str, by: Subject, **more: Any) -> Done:
        """Ask a command through the desk of what was written so far."""
        await self.follow()
        return await super().ask(command, by, **more)

    async def post(self, by: Subject, path: str, **body: Any) -> httpx2.Response:
        """Ask a command."""
        await self.follow()
        key = f"{path}/{(await self.log.head()).position}"
        async with self.client(by) as client:
            return await client.post(f"/reporting/api{path}", json=body, headers={"Idempotency-Key": key})

    async def get(self, by: Subject, path: str) -> httpx2.Response:
        """Ask a question of what was written so far."""
        await self.follow()
        async with self.client(by) as client:
            return await client.get(f"/reporting/api{path}")

    async def refused(self, by: Subject, path: str, code: str, status: int, **body: Any) -> None:
        """It is refused by that rule, in both languages, and leaves no trace in log and vault."""
        before = (await self.log.head()).position, await self.sealed()
        answer = await self.post(by, path, **body)
        problem: dict[str, Any] = answer.json()
        assert (answer.status_code, problem["code"]) == (status, code), problem
        assert "{" not in problem["title"] + problem["advice"]["vi"] + problem["advice"]["en"]
        assert ((await self.log.head()).position, await self.sealed()) == before

    async def submitted(self) -> None:
        """The report lies before whoever signs."""
        await self.ask("write_section", HUB, report=REPORT, section="III.2", words="Hạn chế: còn ý kiến quá hạn.")
        await self.ask("draft_report", HUB, report=REPORT)
        await self.ask("submit_report", HUB, report=REPORT)

    async def issued(self) -> None:
        """It is signed, numbered and issued, and sent to nobody yet."""
        await self.submitted()
        await self.ask("sign_report", DEPUTY, report=REPORT, capacity="KT")
        await self.ask(
            "open_report_register", REGISTRY, office="VPUB", book="BC-VPUB", year=2023, external=True, pattern="{number}/BC-VPUB"
        )
        await self.ask("issue_report", REGISTRY, report=REPORT, book="BC-VPUB", number=45)

    async def sent(self, *recipients: str) -> None:
        """It went to these."""
        for recipient in recipients:
            await self.ask(
                "dispatch_report", REGISTRY, report=REPORT, recipient=recipient, purpose="Kính gửi", means="truc_lien_thong"
            )


@asynccontextmanager
async def house(path: Path) -> AsyncIterator[House]:
    """A house in an empty folder with the directory, the list of recipients, and the six months of 2023 locked."""
    async with on_sqlite(House, path, "reporting", build, beside=SOURCES, people=PEOPLE) as made:
        await furnish(made)
        await lock(made)
        yield made


async def furnish(made: House) -> None:
    """The directory and the list of recipients are known; it is June."""
    facts: dict[str, list[Any]] = defaultdict(list)
    for each in directory_of_sonla():
        facts[each.stream].append(each.event)
    facts["recipients-VPUB"].append(
        RecipientsSet(office="VPUB", kind="bao_cao", recipients=LISTS["VPUB", "bao_cao"], valid_from=date(2021, 1, 1))
    )
    private = made.vault.seal("test/key", "make_signing_key.private", PRIVATE)
    await made.vault.put([private])
    key = SigningKeyMade(office="VPUB", key=KEY, public=PUBLIC, private=private.sealed, valid_from=date(2021, 1, 1))
    facts["signing_key-VPUB"].append(key)
    await made.happen("assignment", facts)
    made.clock.move_to(JUNE)
    await made.follow()


async def lock(made: House) -> None:
    """The figures are locked at what the logs hold: nobody has handed anything in yet."""
    heads = {name: (await made.logs[name].head()).position for name in ("intake", "assignment")}
    figures = await made.service.queries.locking.figures("VPUB", OPENED.first, OPENED.last, Basis(heads, None))
    reached = tuple(Reached(source=name, position=position) for name, position in heads.items())
    locked = DataLocked(
        positions=reached, predecessor=None, directory=1, calendar="VN", definitions=DEFINITIONS, figures=digest(figures)
    )
    await made.happen("reporting", {REPORT: [OPENED, LockRequested(attempt=1), locked]})
    await made.follow()
