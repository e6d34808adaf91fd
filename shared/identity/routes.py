"""The routes of the entrance and of the account."""

from fastapi import APIRouter

from shared.identity import account, code, entrance, posts, province
from shared.identity.pages import Door
from shared.web.pages import Pages
from shared.web.routes import undescribed


def routes(pages: Pages, door: Door, *, outside: str = "") -> APIRouter:
    """The routes of sign-in and account, and the entry, which leads everybody to the page that his work begins with.

    `outside`: where whoever is not signed in begins; without it, he is asked to sign in.
    """
    router = undescribed()
    entrance.add(router, pages, door, outside)
    account.add(router, pages, door)
    posts.add(router, door)
    code.add(router, pages, door)
    if door.provider is not None:
        province.add(router, pages, door, door.provider)
    return router
