"""Answers what an office brought along into its first report, by line, and how much of each line is left."""

from typing import Any

from services.reporting.readmodel.access import READ_FIGURES, refuse_unless_read
from services.reporting.readmodel.opening import balance_of, line_told, settled_told
from shared.database import Database
from shared.permit import Subject


class Openings:
    """What can be asked about opening balances, by one tenant's people."""

    def __init__(self, database: Database, tenant: str) -> None:
        self._database, self._tenant = database, tenant

    async def opening(self, subject: Subject, office: str) -> dict[str, Any]:
        """The lines that stand: `{office, report, total, remain, lines}`, empty where nothing was brought along.

        A line is `{line, report, from, count, field, unit, locality, source, due, document, position, remain, settled}`; of what
        settled it `{settlement, outcome, count, on, document, reason, position, withdrawn}`.

        Raises:
            Unknown: the office is not the asker's.

        """
        refuse_unless_read(subject, READ_FIGURES, self._tenant, office)
        async with self._database.read() as connection:
            found = await balance_of(connection, self._tenant, office)
        lines = []
        for _, line in sorted(found.lines.items()):
            settled = settled_told(line)
            remain = line.recorded.count - sum(each["count"] for each in settled if each["withdrawn"] is None)
            lines.append({**line_told(line), "remain": remain, "settled": settled})
        return {
            "office": office,
            "report": lines[0]["report"] if lines else None,
            "total": sum(line["count"] for line in lines),
            "remain": sum(line["remain"] for line in lines),
            "lines": lines,
        }
