"""The page of the proposals that are somebody's to see: who owes each what by when."""

from collections.abc import Mapping
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from services.assignment.entrypoints.api.bounds import Cursor
from services.assignment.entrypoints.pages.behind import Behind
from services.assignment.entrypoints.pages.proposals.views import Group, content_of, groups_of, owed, stages_of
from services.assignment.entrypoints.pages.work.views import brief
from services.assignment.readmodel.dialogue.proposals import Proposed
from shared.contracts.refusals import Unknown
from shared.identity.pages import Working
from shared.nearness import left_until
from shared.permit import Subject
from shared.web.pages import Pages

PATH: Final = "/proposals"
PAGE: Final = 30


def routes(router: APIRouter, pages: Pages, behind: Behind) -> None:
    """The list."""
    queries, acting = behind.queries, behind.acting

    @router.get(PATH)
    async def proposals(
        request: Request,
        session: Working,
        group: Annotated[Group | None, Query()] = None,
        field: Annotated[str | None, Query(max_length=40)] = None,
        cursor: Cursor = None,
    ) -> Response:
        """One view of the list, with how much lies in the others."""
        subject = session.subject
        counts = groups_of(subject, await queries.proposals.counts(subject))
        if group is not None and group not in counts:
            raise Unknown("group")
        chosen = group or (Group.MINE if counts.get(Group.MINE) else Group.ALL)
        page = await queries.proposals.page(subject, stages_of(chosen, subject), field=field, cursor=cursor, limit=PAGE)
        directory = await queries.directories.at(acting.today)
        return pages.show(
            request,
            "assignment/proposals/list.html",
            session=session,
            group=chosen,
            counts=counts,
            proposals=page.proposals,
            titles={each.id: title for each in page.proposals if (title := await _title(subject, each)) is not None},
            owed={each.id: owed(each, lambda due: left_until(directory.calendar, directory.day, due)) for each in page.proposals},
            directory=directory,
            field=field,
            cursor=cursor,
            after=page.cursor,
            link=lambda **changed: _link({"group": chosen, "field": field, **changed}),
        )

    async def _title(subject: Subject, proposed: Proposed) -> str | None:
        """The beginning of what is proposed, for whoever may read it; the opening is logged."""
        try:
            page = await queries.words.of(subject, "proposal", proposed.id, limit=100)
        except Unknown:
            return None
        content = content_of([(each.fact, each.part, each.text) for each in page.words])
        return brief(content) if content else None


def _link(wanted: Mapping[str, Any]) -> str:
    named = {name: str(value) for name, value in wanted.items() if value is not None}
    return f"{PATH}?{urlencode(named)}" if named else PATH
