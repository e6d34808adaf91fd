"""The page of what somebody delegates: the posts he holds, to whom he gave what they may, and for how long."""

from typing import Annotated, Final

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response

from services.assignment.entrypoints.pages.behind import Behind
from services.assignment.entrypoints.pages.directory.acts import GRANT_DELEGATION, PAPER, REVOKE_DELEGATION
from services.assignment.readmodel.people import by_given_name
from shared.contracts.refusals import Unknown
from shared.desk import Done
from shared.directory.snapshot import Directory
from shared.identity.pages import Working
from shared.identity.sessions import Session
from shared.web.acting import new_key
from shared.web.acts import Act, Asks, Field, Option, Tried
from shared.web.pages import Pages

PATH: Final = "/delegations"
PURPOSE: Final = "delegations"  # for which names of staff are opened
OWN_GRANT: Final = Act(
    command=GRANT_DELEGATION.command,
    fields=tuple(Field("to", Asks.ONE) if each.name == "to" else each for each in GRANT_DELEGATION.fields if each is not PAPER),
)
OWN_REVOKE: Final = Act(
    command=REVOKE_DELEGATION.command,
    fields=tuple(each for each in REVOKE_DELEGATION.fields if each is not PAPER),
    apart=True,
)
BY_SLUG: Final = {act.slug: act for act in (OWN_GRANT, OWN_REVOKE)}


def routes(router: APIRouter, pages: Pages, behind: Behind) -> None:
    """Show, grant, revoke."""
    queries, acting = behind.queries, behind.acting

    async def show(request: Request, session: Session, refused: Tried | None = None) -> Response:
        directory = await queries.directories.at(acting.today)
        history = await queries.directories.history()
        subject, done = session.subject, request.query_params.get("done", "")
        held = directory.posts_of(subject.person)
        keys = {post.key for post in held}
        given = [each for each in history.delegations if each.post in keys]
        office = {person for person in directory.people if directory.people[person] in _units(directory, subject.office)}
        people = sorted((office - {subject.person}) | {each.to for each in given})
        names = await queries.people.names(subject, directory, people, purpose=PURPOSE) if held else {}
        return pages.show(
            request,
            "assignment/directory/delegations.html",
            status=refused.status if refused else 200,
            session=session,
            held=held,
            given=sorted(given, key=lambda each: each.first, reverse=True),
            in_force={each.key for each in directory.delegations},
            today=acting.today,
            names=names,
            label=directory.label,
            acts=BY_SLUG,
            options={
                "post": [Option(post.key, f"{post.name} · {directory.label(post.unit)}") for post in held],
                "to": [
                    Option(person, f"{names.get(person, person)} · {directory.label(directory.people[person])}")
                    for person in sorted(office - {subject.person}, key=lambda each: by_given_name(str(names.get(each, each))))
                ],
                "delegation": [
                    Option(each.key, f"{names.get(each.to, each.to)} ({each.first:%d/%m/%Y}–{each.last:%d/%m/%Y})")
                    for each in given
                    if each.revoked_from is None and each.last >= acting.today
                ],
            },
            chosen={"post": held[0].key if len(held) == 1 else "", "valid_from": f"{acting.today:%d/%m/%Y}"},
            tried=refused,
            done=done if refused is None and done in BY_SLUG else None,
            late="late" in request.query_params,
            key=new_key(),
        )

    @router.get(PATH)
    async def delegations(request: Request, session: Working) -> Response:
        """What he delegates; whoever holds no post is told so."""
        return await show(request, session)

    @router.post(PATH + "/{slug}")
    async def act(request: Request, session: Working, slug: Annotated[str, Path(max_length=40)]) -> Response:
        """Grant or revoke."""
        chosen = BY_SLUG.get(slug)
        if chosen is None or not acting.may_ever(chosen, session.subject):
            raise Unknown

        async def again(refused: Tried) -> Response:
            return await show(request, session, refused)

        async def onward(done: Done) -> str:
            return PATH

        return await acting.ask(request, session, chosen, "", again=again, onward=onward)


def _units(directory: Directory, office: str) -> frozenset[str]:
    """The units of an office, itself among them."""
    return frozenset(key for key, unit in directory.units.items() if office in (unit.office, key))
