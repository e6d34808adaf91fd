"""The pages of accounts: who signs in, from which posts; made, opened again, locked; posts given and taken away."""

from collections.abc import Mapping
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response

from deploy.house import House
from deploy.pages.admin.access import Administering, noted, refuse_own
from deploy.pages.admin.posts import choices, directory_of, person_of, post_of
from shared.contracts.refusals import Refused, Unknown
from shared.identity.accounts import Account, Post
from shared.identity.sessions import Session
from shared.text import fold
from shared.web import problems
from shared.web.forms import read_form
from shared.web.pages import Pages, language_of

PATH: Final = "/admin/accounts"
PAGE: Final = 100
DONE: Final = ("post", "taken", "lock")

Form = Mapping[str, str]


def routes(router: APIRouter, pages: Pages, house: House) -> None:
    accounts = _Accounts(pages, house)
    _to_read(router, accounts)
    _to_act(router, accounts)


def _to_read(router: APIRouter, shown: "_Accounts") -> None:
    @router.get(PATH)
    async def listed(
        request: Request,
        session: Administering,
        q: Annotated[str, Query(max_length=100)] = "",
        after: Annotated[str, Query(max_length=40)] = "",
    ) -> Response:
        """All accounts, or those whose name, person or unit is like what is typed."""
        return await shown.list(request, session, q, after)

    @router.get(f"{PATH}/new")
    async def new(request: Request, session: Administering) -> Response:
        """The form of a new account."""
        return await shown.new(request, session)

    @router.get(PATH + "/of/{name}")
    async def one(request: Request, session: Administering, name: str) -> Response:
        """One account with its posts."""
        return await shown.one(request, session, name)


def _to_act(router: APIRouter, shown: "_Accounts") -> None:
    house = shown.house
    accounts = house.stores.access.accounts

    @router.post(f"{PATH}/new")
    async def create(request: Request, session: Administering) -> Response:
        """Make an account; its first password is seen on the page that answers, and nowhere again."""
        form = await read_form(request)
        name = form.get("name", "").strip().lower()
        try:
            person = person_of(form)
            refuse_own(session.subject, person)
            post = post_of(form, person, await directory_of(house, await house.now()))
            password = await accounts.create(name, person=person, post=post)
        except Refused as refused:
            return await shown.new(request, session, form, refused)
        noted(session, "account.made", name=name, person=person, **_told(post))
        return await shown.one(request, session, name, password=password)

    @router.post(PATH + "/of/{name}/reset")
    async def reset(request: Request, session: Administering, name: str) -> Response:
        """Give a new first password, seen only once; an account that was locked opens again."""
        await read_form(request)
        try:
            refuse_own(session.subject, (await shown.found(name)).person)
            password = await accounts.reset(name)
        except Refused as refused:
            return await shown.one(request, session, name, refused=refused)
        noted(session, "account.reset", name=name)
        return await shown.one(request, session, name, password=password)

    @router.post(PATH + "/of/{name}/lock")
    async def lock(request: Request, session: Administering, name: str) -> Response:
        """Let nobody sign in with it any more, and sign out whoever is."""
        await read_form(request)
        try:
            refuse_own(session.subject, (await shown.found(name)).person)
            await accounts.lock(name)
        except Refused as refused:
            return await shown.one(request, session, name, refused=refused)
        noted(session, "account.locked", name=name)
        return _back(name, "lock")

    @router.post(PATH + "/of/{name}/posts")
    async def give(request: Request, session: Administering, name: str) -> Response:
        """Let it act from one more post, or in other capacities from one it has."""
        form = await read_form(request)
        try:
            person = (await shown.found(name)).person
            refuse_own(session.subject, person)
            post = post_of(form, person, await directory_of(house, await house.now()))
            await accounts.add_post(name, post)
        except Refused as refused:
            return await shown.one(request, session, name, form=form, refused=refused)
        noted(session, "account.post_given", name=name, **_told(post))
        return _back(name, "post")

    @router.post(PATH + "/of/{name}/posts/taken")
    async def take(request: Request, session: Administering, name: str) -> Response:
        """Take a post away from it."""
        form = await read_form(request)
        of = {"office": form.get("office", ""), "unit": form.get("unit", "")}
        try:
            refuse_own(session.subject, (await shown.found(name)).person)
            await accounts.take_post(name, **of)
        except Refused as refused:
            return await shown.one(request, session, name, refused=refused)
        noted(session, "account.post_taken", name=name, **of)
        return _back(name, "taken")


def _back(name: str, done: str) -> Response:
    return RedirectResponse(f"{PATH}/of/{name}?done={done}", 303)


def _told(post: Post) -> dict[str, str]:
    return {"office": post.office, "unit": post.unit, "capacities": " ".join(sorted(post.capacities))}


class _Accounts:
    """What the pages show."""

    def __init__(self, pages: Pages, house: House) -> None:
        self._pages, self.house = pages, house
        self._access = house.stores.access

    async def found(self, name: str) -> Account:
        """An account.

        Raises:
            Unknown

        """
        account = await self._access.accounts.find(name)
        if account is None:
            raise Unknown
        return account

    async def list(self, request: Request, session: Session, q: str, after: str) -> Response:
        directory = await directory_of(self.house, await self.house.now())
        asked = fold(q).strip()
        everyone = await self._access.accounts.list()
        fitting = [
            account
            for account in everyone
            if not asked or asked in fold(f"{account.name} {account.person} {' '.join(map(directory.label, _units(account)))}")
        ]
        shown = [account for account in fitting if account.name > after][: PAGE + 1]
        return self._pages.show(
            request,
            "admin/accounts.html",
            session=session,
            accounts=shown[:PAGE],
            further=shown[PAGE - 1].name if len(shown) > PAGE else None,
            total=len(fitting),
            q=q,
            after=after,
            label=directory.label,
        )

    async def new(self, request: Request, session: Session, form: Form | None = None, refused: Refused | None = None) -> Response:
        told = told_of(request, refused)
        return self._pages.show(
            request,
            "admin/account-new.html",
            status=told["status"] if told else 200,
            session=session,
            kept=form or {},
            refused=told,
            **choices(await directory_of(self.house, await self.house.now())),
        )

    async def one(
        self,
        request: Request,
        session: Session,
        name: str,
        *,
        password: str | None = None,
        form: Form | None = None,
        refused: Refused | None = None,
    ) -> Response:
        account, directory = await self.found(name), await directory_of(self.house, await self.house.now())
        told = told_of(request, refused)
        done = request.query_params.get("done")
        return self._pages.show(
            request,
            "admin/account.html",
            status=told["status"] if told else 200,
            session=session,
            account=account,
            held=[post.name for post in directory.posts_of(account.person)],
            own=account.person == session.subject.person,
            signed_in=await self._access.sessions.list(name),
            password=password,
            kept=form or {},
            refused=told,
            done=done if done in DONE and refused is None else None,
            label=directory.label,
            **choices(directory),
        )


def _units(account: Account) -> list[str]:
    return [post.unit for post in account.posts]


def told_of(request: Request, refused: Refused | None) -> dict[str, Any] | None:
    """A refusal as a page shows it above the form it is about."""
    if refused is None:
        return None
    return {"field": None, **problems.body_of(refused, language=language_of(request)), "status": problems.status_of(refused)}
