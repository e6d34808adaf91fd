"""The page of the proposals that are somebody's to see: who owes each what by when."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from services.assignment.entrypoints.api.bounds import Cursor
from services.assignment.entrypoints.pages.behind import Behind
from services.assignment.entrypoints.pages.proposals.views import PROPOSING, Group, content_of, groups_of, owed, stages_of
from services.assignment.readmodel.dialogue.proposals import Proposed
from shared.contracts.refusals import Unknown
from shared.identity.pages import Working
from shared.nearness import left_until
from shared.permit import Subject
from shared.text import brief
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
            titles=await _titles(subject, page.proposals),
            owed={each.id: owed(each, lambda due: left_until(directory.calendar, directory.day, due)) for each in page.proposals},
            directory=directory,
            field=field,
            cursor=cursor,
            after=page.cursor,
            link=lambda **changed: _link({"group": chosen, "field": field, **changed}),
        )

    async def _titles(subject: Subject, shown: Sequence[Proposed]) -> dict[str, str]:
        """The beginning of what each proposes, for whoever may read it; opened, and logged, in one access."""
        said = await queries.words.begun(subject, "proposal", [each.id for each in shown], PROPOSING, purpose="proposals")
        contents = {
            proposal: content_of([(each.fact, each.part, each.text) for each in words]) for proposal, words in said.items()
        }
        return {proposal: brief(content) for proposal, content in contents.items() if content}


def _link(wanted: Mapping[str, Any]) -> str:
    named = {name: str(value) for name, value in wanted.items() if value is not None}
    return f"{PATH}?{urlencode(named)}" if named else PATH
