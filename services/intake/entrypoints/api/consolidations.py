"""Consolidation rounds and batches over HTTP."""

from typing import Final

from services.intake.domain.consolidation import commands as asked

COMMANDS: Final[tuple[tuple[str, type, int], ...]] = (
    ("/consolidations", asked.OpenConsolidation, 201),
    ("/consolidations/{consolidation}/submission", asked.SubmitConsolidation, 200),
    ("/consolidations/{consolidation}/amendments", asked.AmendConsolidation, 200),
    ("/consolidations/{consolidation}/return", asked.ReturnConsolidation, 200),
    ("/consolidations/{consolidation}/report", asked.ReportConsolidation, 200),
    ("/batches", asked.RecordBatch, 201),
)
