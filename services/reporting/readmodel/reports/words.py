"""The words of a report: the sections as they were written one after the other, opened for the office's own people."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from services.reporting.domain.report.states import paper_of
from services.reporting.readmodel.reports.tables import reports_report, reports_section
from shared.clock import instant
from shared.contracts.refusals import Unknown
from shared.database import Database
from shared.papers.access import READ_DOCUMENT
from shared.papers.queries import PaperQueries
from shared.permit import Resource, Subject, permit
from shared.vault.port import Erased, Vault


class Words:
    """The words of one tenant's reports; each reading is logged in the vault under the reader's name."""

    def __init__(self, database: Database, tenant: str, vault: Vault, papers: PaperQueries) -> None:
        self._database, self._tenant, self._vault, self._papers = database, tenant, vault, papers

    async def words(self, subject: Subject, report: str) -> dict[str, Any]:
        """What is written: `{sections: [{section, version, at, person, unit, words}], words: {reference: text}}`.

        Sections come in the order in which they were written, so that the last of each is what stands; `words` holds the
        comments, the reasons of return and the summary of the paper, and why this report corrects another. What was erased
        is None.

        Raises:
            Unknown: no such report, or its words are not the asker's to read.

        """
        head, part = reports_report.c, reports_section.c
        async with self._database.read() as connection:
            found = await connection.execute(select(reports_report).where(head.tenant == self._tenant, head.report == report))
            row = found.mappings().first()
            if row is None or not permit(subject, READ_DOCUMENT, Resource(tenant=self._tenant, office=row["office"])).allowed:
                raise Unknown("report")
            asked = select(reports_section).where(part.tenant == self._tenant, part.report == report).order_by(part.version)
            written = (await connection.execute(asked)).mappings().all()
        paper = (await self._papers.kept([paper_of(report)])).get(paper_of(report))
        others = [row["reason_ref"], *([paper.row["summary_ref"]] if paper else [])]
        others += [step["words_ref"] for step in paper.steps] if paper else []
        refs = dict.fromkeys(ref for ref in [*(each["words_ref"] for each in written), *others] if ref is not None)
        opened = await self._vault.open_many(
            tuple(refs), reader=subject.person, purpose=subject.reads_for(f"read_report {report}")
        )
        texts: Mapping[str, str | None] = {ref: None if isinstance(text, Erased) else text for ref, text in opened.items()}
        return {
            "sections": [
                {
                    "section": each["section"],
                    "version": each["version"],
                    "at": instant(each["at"]).isoformat(),
                    "person": each["person"],
                    "unit": each["unit"],
                    "words": texts[each["words_ref"]],
                }
                for each in written
            ],
            "words": {ref: texts[ref] for ref in dict.fromkeys(others) if ref is not None},
        }
