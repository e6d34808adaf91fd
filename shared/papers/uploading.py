"""The route on which a copy of a paper that was signed outside is handed in, the same in every service that has papers."""

import asyncio
from collections.abc import Callable
from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import Response

from shared.commands import model_of
from shared.contracts.refusals import Forbidden
from shared.contracts.roles import Action
from shared.desk import Asked, name_of
from shared.papers.access import document_resource
from shared.papers.copies import Copies
from shared.papers.queries import PaperQueries
from shared.permit import Subject, permit
from shared.telemetry import current_trace
from shared.web.api import After, Api, Asker, command_id_of
from shared.web.limits import takes
from shared.web.uploads import UPLOADS_AT_ONCE, body_of, described

Of = Annotated[str, Query(pattern=r"^[a-z_]+-[A-Za-z0-9-]{1,80}$")]


class Uploads:
    """Copies handed in for papers of one service; `command` attaches one, `action` says who may, `field` names the paper in it.

    `document_of` gives the document of what is named: of a report its paper.
    """

    def __init__(
        self,
        api: Api,
        papers: PaperQueries,
        copies: Copies,
        *,
        command: type,
        action: Action,
        field: str,
        document_of: Callable[[str], str] = str,
    ) -> None:
        self._api, self._papers, self._copies = api, papers, copies
        self._command, self._action, self._field, self._document_of = command, action, field, document_of
        self._taking = asyncio.Semaphore(UPLOADS_AT_ONCE)

    def serve(self) -> None:
        """Add the route."""

        @takes(self._copies.limit_bytes)
        async def attach(request: Request, subject: Asker, _at: After, of: Of) -> Response:
            """Hand in a PDF that was signed outside, as by the State's CA: its bytes are the body, `of` names the paper.

            Its signature must hold and its text be the paper's; it is then what is kept and given out as issued. Whether its
            certificate is to be trusted is not checked.
            """
            return await self._attached(request, subject, of)

        self._api.router.post("/signed-copies", status_code=201, name=name_of(self._command), openapi_extra=described())(attach)

    async def _attached(self, request: Request, subject: Subject, of: str) -> Response:
        command_id = command_id_of(request, subject, creating=True)
        document = self._document_of(of)
        await self._refuse_unless_permitted(subject, document)
        async with self._taking:
            address = await self._copies.take(document, await body_of(request), command_id=command_id)
        asked = Asked(
            command=name_of(self._command),
            body=model_of(self._command).model_validate({self._field: of, "file": address}),
            subject=subject,
            command_id=command_id,
            trace=current_trace(),
        )
        return await self._api.handle(asked, 201)

    async def _refuse_unless_permitted(self, subject: Subject, document: str) -> None:
        """Before the file is taken in.

        Raises:
            Unknown, Forbidden

        """
        found = await self._papers.document(subject, document)
        decision = permit(subject, self._action, document_resource(subject.tenant, found.office))
        if not decision.allowed:
            raise Forbidden(rule=decision.rule)
