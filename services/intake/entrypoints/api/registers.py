"""An office's register over HTTP: posted whole, recorded row by row, and what was rejected given back."""

import asyncio
import secrets
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from services.intake.domain.opinion import commands
from services.intake.entrypoints.api.bounds import Commands
from services.intake.entrypoints.register.reading import MAX_BYTES, WrongRegister, delimiter_of, lines_of
from services.intake.entrypoints.register.refusals import NoRegister
from services.intake.entrypoints.register.rejected import rejected_file
from services.intake.entrypoints.register.rows import rows_of
from services.intake.entrypoints.register.taking import take_all, taking
from shared.contracts.refusals import Forbidden
from shared.desk import Desk
from shared.permit import Resource, permit
from shared.web.api import After, Asker
from shared.web.limits import takes
from shared.web.responses import Json
from shared.web.uploads import body_of

COMMANDS: Final[Commands] = (("/register-rows", commands.RecordRegisterRow, 200),)
REGISTERS_AT_ONCE: Final = 1  # each is held in memory whole, and writes as fast as the log takes it
Office = Annotated[str, Query(pattern=r"^[A-Z][A-Z0-9]*(-[A-Z0-9]+)*$", max_length=32)]


def routes(router: APIRouter, desk: Desk, tenant: str) -> None:
    """Taking a register in."""
    at_once = asyncio.Semaphore(REGISTERS_AT_ONCE)

    @router.post("/registers", name="import_register", openapi_extra=_UPLOAD)
    @takes(MAX_BYTES)
    async def register(
        request: Request, subject: Asker, _at: After, office: Office, dry_run: bool = False, rejected: bool = False
    ) -> Response:
        """Record the rows of an office's register, CSV or XLSX as the body; posted again, only what reads otherwise.

        Answers how many were new, changed or unchanged, and every rejected line with its column and reason; with `rejected`
        also the file of the rejected lines, to be mended and posted. With `dry_run` nothing is recorded.
        """
        decision = permit(subject, commands.RECORD_REGISTER_ROW, Resource(tenant, office, units=frozenset({subject.unit})))
        if not decision.allowed:
            raise Forbidden(rule=decision.rule)
        async with at_once:
            raw = await body_of(request)
            try:
                lines = await asyncio.to_thread(lines_of, raw)
                found = await asyncio.to_thread(rows_of, lines, office)
            except WrongRegister as wrong:
                raise NoRegister.of(wrong) from None
            run = secrets.token_hex(8)
            taken = await take_all(found, taking(desk, subject, run, rehearsed=dry_run), rehearsed=dry_run)
        answer: dict[str, Any] = {"dry_run": dry_run, **taken.counts(), "refusals": taken.refusals()}
        if rejected and taken.rejected:
            answer["rejected_file"] = rejected_file(lines, taken.rejected, delimiter_of(raw)).decode("utf-8-sig")
        return Json(answer)


_FILE: Final = {"schema": {"type": "string", "format": "binary"}}
_UPLOAD: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            "text/csv": _FILE,
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": _FILE,
        },
    },
}
