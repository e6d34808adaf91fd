"""Pages: templates in two languages, the files they need, and refusals as a page where a browser asks."""

import gettext
import hashlib
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Final
from urllib.parse import urlencode

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from shared.calendar import local_day
from shared.clock import VIETNAM, instant
from shared.contracts.refusals import Refused, Unknown
from shared.contracts.roles import Role
from shared.permit import Subject
from shared.web import problems
from shared.web.forms import FORM, carried, carry, form_secret, secure, token_of
from shared.web.rooms import Group, Room
from shared.web.routes import OnDemand
from shared.web.surroundings import plain

ROOMS: Final = (Room(package="shared.web"), Room(package="shared.identity"))  # of the frame itself
LANGUAGES: Final = ("vi", "en")
LANGUAGE: Final = "doithoai-lang"
HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; "
        "form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # with none at all a browser hides its own Origin from us
    "Cross-Origin-Opener-Policy": "same-origin",
}
YEAR_SECONDS: Final = 31_536_000
MOST_SENTENCES: Final = 10_000  # of a language, kept ready
MEDIA_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".txt": "text/plain; charset=utf-8",
}


class Pages:
    """The templates of the frame and of `rooms`, in Vietnamese and, for whoever chose it, in English."""

    def __init__(self, rooms: Sequence[Room] = ()) -> None:
        self._rooms = (*ROOMS, *rooms)
        having = [room for room in self._rooms if room.menu is not None]
        self._headers = [room.header for room in self._rooms if room.header is not None]
        self._menus = {group.value: [room.menu for room in having if room.group is group] for group in Group}
        self.environments: Mapping[str, Environment] = _Environments(self._rooms)

    def show(self, request: Request, template: str, *, status: int = 200, **facts: Any) -> Response:
        """A page of `template`; its forms carry a token that only whoever is shown it can send."""
        language, held = language_of(request), form_secret(request)
        session = facts.get("session")
        known = {
            "session": None,
            "language": language,
            "other": _in_the_other(request, language),
            "path": request.url.path,
            "here": _here(request),
            "token": token_of(held),
            "menus": self._menus,
            "headers": self._headers,
            "reached": frozenset[str]() if session is None else self._reached(session.subject),
            "daily": frozenset[str]() if session is None else self.daily(session.subject),
            "around": None if session is None else getattr(request.state, "around", None) or plain(session),
        }
        text = self.environments[language].get_template(template).render(known | facts)
        response = HTMLResponse(text, status_code=status, headers=HEADERS)
        if secure(request):
            response.headers["Strict-Transport-Security"] = f"max-age={YEAR_SECONDS}"
        if held not in (carried(request), carried(request, FORM)):
            carry(response, request, held, FORM)
        if request.query_params.get("lang") in LANGUAGES:
            response.set_cookie(LANGUAGE, language, path="/", secure=secure(request), httponly=True, samesite="lax")
        return response

    def first(self, subject: Subject) -> str | None:
        """The page that somebody's work begins with, by his own capacities and then by those he acts in for others."""
        delegated = {each.role for each in subject.delegated}
        for role in (*(each for each in Role if each in subject.capacities), *(each for each in Role if each in delegated)):
            for room in self._rooms:
                if role in room.first:
                    return room.first[role]
        reached = self._reached(subject)
        return next((room.otherwise for room in self._rooms if room.otherwise in reached), None)

    def daily(self, subject: Subject) -> frozenset[str]:
        """The pages that somebody's capacities reach and that are his daily work, his own or of those he acts in for others."""
        roles = {*subject.capacities, *(each.role for each in subject.delegated)}
        return frozenset(
            path
            for room in self._rooms
            for path in room.reached(subject)
            if path not in room.works or not roles.isdisjoint(room.works[path])
        )

    def _reached(self, subject: Subject) -> frozenset[str]:
        return frozenset[str]().union(*(room.reached(subject) for room in self._rooms))

    def refusal(self, request: Request, refused: Refused) -> Response | None:
        """A refusal as a page, where a browser asks for one; whoever is not signed in is sent to do so, and back."""
        if "/api/" in request.url.path or "text/html" not in request.headers.get("accept", ""):
            return None
        if isinstance(refused, problems.NotSignedIn):
            back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            return RedirectResponse(f"/sign-in?{urlencode({'next': back})}" if request.method == "GET" else "/sign-in", 303)
        if isinstance(refused, problems.PasswordToChange):
            return RedirectResponse("/account", 303)
        told = problems.body_of(refused, language=language_of(request))
        session = getattr(request.state, "session", None)
        return self.show(request, "refused.html", status=problems.status_of(refused), told=told, session=session)


def language_of(request: Request) -> str:
    """Vietnamese, unless whoever asks has chosen English."""
    for chosen in (request.query_params.get("lang"), request.cookies.get(LANGUAGE)):
        if chosen in LANGUAGES:
            return str(chosen)
    return LANGUAGES[0]


def _in_the_other(request: Request, language: str) -> str | None:
    """This page in the other language, as its address has it; what a form was answered with cannot be asked for again."""
    if request.method != "GET":
        return None
    others = [(name, value) for name, value in request.query_params.multi_items() if name != "lang"]
    return f"?{urlencode([*others, ('lang', next(each for each in LANGUAGES if each != language))])}"


def _here(request: Request) -> str:
    """Where to lead back to: this page as it was asked for, without what it said of something done."""
    if request.method != "GET":
        return "/"  # what a form was answered with cannot be asked for again
    kept = [(name, value) for name, value in request.query_params.multi_items() if name not in ("lang", "done", "late")]
    return request.url.path + (f"?{urlencode(kept)}" if kept else "")


def static() -> APIRouter:
    """The style sheet, script, fonts and icon, read once; nothing comes from another host."""
    router, kept = APIRouter(route_class=OnDemand), _static()

    @router.get("/static/{name:path}", include_in_schema=False)
    async def file(request: Request, name: str) -> Response:
        found = kept.get(name)
        if found is None:
            raise Unknown
        content, media_type, tag = found
        as_named = request.query_params.get("v") == _short(tag)  # what stands under such an address never changes
        fresh = f"public, max-age={YEAR_SECONDS}, immutable" if as_named else "public, max-age=3600"
        headers = {"Cache-Control": fresh, "ETag": tag}
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers=headers)
        return Response(content, media_type=media_type, headers=headers)

    return router


def _short(tag: str) -> str:
    return tag.strip('"')[:16]


@cache
def _static() -> Mapping[str, tuple[bytes, str, str]]:
    root, kept = files("shared.web") / "static", {}
    for folder in ("", "fonts/", "htmx/"):
        for entry in root.joinpath(folder).iterdir():
            media_type = MEDIA_TYPES.get(f".{entry.name.rpartition('.')[2]}")
            if media_type is not None:
                content = entry.read_bytes()
                kept[f"{folder}{entry.name}"] = (content, media_type, f'"{hashlib.sha256(content).hexdigest()[:32]}"')
    return kept


class _Environments(Mapping[str, Environment]):
    """What renders the templates in each language, made when it is first asked for."""

    def __init__(self, rooms: Sequence[Room]) -> None:
        self._packages = tuple(dict.fromkeys(room.package for room in rooms))

    def __getitem__(self, language: str) -> Environment:
        if language not in LANGUAGES:
            raise KeyError(language)
        return _environment(language, self._packages)

    def __iter__(self) -> Iterator[str]:
        return iter(LANGUAGES)

    def __len__(self) -> int:
        return len(LANGUAGES)


@cache
def _environment(language: str, packages: tuple[str, ...]) -> Environment:
    """What renders the templates of `packages` in a language: each is read and compiled once in a process."""
    made = Environment(
        loader=ChoiceLoader([PackageLoader(package) for package in packages]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,  # they come with the code: to look whether a file has changed was a third of what a page took
        cache_size=-1,
        extensions=["jinja2.ext.i18n"],
    )
    translations = _catalogue(language, packages)
    made.install_gettext_translations(translations, newstyle=True)  # type: ignore[attr-defined]
    said = _saying(translations)
    made.globals.update(_=said, gettext=said, asset=_asset)
    made.filters |= {
        "moment": _moment,
        "day": _day,
        "at_day": _day_of,
        "at_moment": _moment_of,
        "iso_day": _iso_day,
        "field_of": _field_of,
    }
    return made


def _saying(translations: gettext.NullTranslations) -> Callable[..., Markup]:
    """A sentence of a template in its language, with what it names put in, escaped.

    As the extension's own, but that a sentence is looked up once: a page says a thousand and more, for each list of labels
    that it takes one from is said as a whole.
    """

    @lru_cache(maxsize=MOST_SENTENCES)
    def alone(sentence: str) -> Markup:
        return Markup(translations.gettext(sentence)) % {}  # noqa: S704  the templates' own words

    def say(sentence: str, **named: Any) -> Markup:
        if not named:
            return alone(sentence)
        return Markup(translations.gettext(sentence)) % named  # noqa: S704  what is named is escaped

    return say


def _asset(name: str) -> str:
    """Where a browser fetches a file of ours, once and for as long as it does not change."""
    return f"/static/{name}?v={_short(_static()[name][2])}"


def _catalogue(language: str, packages: Sequence[str]) -> gettext.NullTranslations:
    """What Vietnamese sentences of the templates are in another language."""
    known = gettext.NullTranslations()
    if language == LANGUAGES[0]:
        return known
    for package in packages:
        written = files(package) / "translations" / f"{language}.po"
        if not written.is_file():
            continue
        compiled = io.BytesIO()
        write_mo(compiled, read_po(io.BytesIO(written.read_bytes()), locale=language, abort_invalid=True))
        compiled.seek(0)
        translated = gettext.GNUTranslations(compiled)
        translated.add_fallback(known)
        known = translated
    return known


def _moment(at: int) -> str:
    """Microseconds as people here write an instant: `20/03/2023 08:42`."""
    return _moment_of(instant(at))


def _day(day: date) -> str:
    """A day as people here write it: `20/03/2023`."""
    return f"{day:%d/%m/%Y}"


def _day_of(at: datetime) -> str:
    """The day, in Vietnam, of an instant."""
    return _day(local_day(at))


def _moment_of(at: datetime) -> str:
    """An instant as people here write it, with its day and time in Vietnam."""
    return f"{at.astimezone(VIETNAM):%d/%m/%Y %H:%M}"


def _iso_day(day: str) -> str:
    """The same of `2023-03-20`."""
    return _day(date.fromisoformat(day))


def _field_of(fields: Sequence[Any], name: str | None) -> Any:
    """The field of a form that a refusal about `name` is about; None where none is."""
    return next((each for each in fields if name and each.has(name)), None)
