"""Words and names of people stay in the vault and on the pages of whoever may read them, and run nowhere."""

import asyncio
import csv
import io
import logging
import re
import shutil
import sqlite3
import zipfile
from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest
import structlog
from fastapi import FastAPI

from deploy.application import application
from deploy.directory import read as directory_of
from deploy.ground import ground_of, on_directory
from deploy.house import writing
from deploy.sampling import name_of, sign_ins
from shared import logs
from shared.contracts.roles import Role
from tests.shared.identity.browser import Browser, browsing
from tests.support.commandline import Answer, doithoai, done
from tests.support.marked import MARKS, NAMED, SAID, script, told

pytestmark = pytest.mark.timeout(600)

FIRST: Final = "/"
OF_A_KIND: Final = 2  # pages of one kind that are opened by each
MOST: Final = 60
OUTSIDE: Final = "outside"
OPINIONS: Final = "/intake/api/opinions"
BLIND: Final = (Role.ADMINISTRATOR.value, OUTSIDE)  # they have no business with what was said
VERBS: Final = (
    ("events", "--service", "intake"),
    ("events", "--service", "assignment"),
    ("tasks", "--unit", "TCHCQT"),
    ("cases", "--office", "VPUB"),
    ("sessions", "--office", "VPUB"),
    ("notices", "--office", "VPUB"),
    ("figures", "--office", "VPUB", "--from", "2023-01-04", "--to", "2023-02-20"),
    ("token", "list"),
    ("doctor",),
    ("verify",),
)


@dataclass(frozen=True, slots=True)
class Page:
    """What was shown to somebody at an address."""

    path: str
    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def media(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0]


@dataclass(slots=True)
class Played:
    """A house in which everything is marked, and what came out of it."""

    data: Path
    pages: dict[str, list[Page]] = field(default_factory=dict)
    problems: list[bytes] = field(default_factory=list)
    metrics: bytes = b""
    logged: str = ""


@pytest.fixture(scope="module")
def house(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Played:
    data = Path(shutil.copytree(made, tmp_path_factory.mktemp("marked") / "data"))
    done("do", "-", data=data, stdin=script(asyncio.run(_commands(data))))
    played = Played(data)
    captured = io.StringIO()
    handlers, level = logging.root.handlers[:], logging.root.level
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stderr", captured)
        logs.configure("debug")
        try:
            asyncio.run(_walk(played))
        finally:
            structlog.reset_defaults()
            logging.root.handlers[:] = handlers
            logging.root.setLevel(level)
    played.logged = captured.getvalue()
    return played


async def _commands(data: Path) -> Mapping[str, type]:
    async with writing(on_directory(directory_of(data)), "do") as house:
        return {name: handler.command for desk in house.desks.values() for name, handler in desk.handlers.items()}


async def _walk(played: Played) -> None:
    """Everybody opens what his pages lead to; somebody sends what cannot be read; something breaks."""
    async with writing(ground_of(played.data, None), "serve") as house:
        app = application(house, "s" * 64, {})
        password, seats = await sign_ins(house, house.stores.access.accounts)
        for role in seats:
            async with browsing(app) as browser:
                assert (await browser.sign_in(name_of(role), password)).status_code == 303, role
                played.pages[role.value] = await _opened(browser)
        async with browsing(app) as browser:
            played.pages[OUTSIDE] = await _opened(browser)
            played.metrics = (await browser.open("/metrics")).content
        token = await house.stores.access.tokens.create(person="th-01", office="VPUB", unit="TH", capacities=[Role.SPECIALIST])
        played.problems = await _refused(app, token)


async def _opened(browser: Browser) -> list[Page]:
    """What can be reached by links, some of each kind."""
    waiting, seen, found = [FIRST], {FIRST}, list[Page]()
    kinds: Counter[str] = Counter()
    while waiting and len(found) < MOST:
        path = waiting.pop(0)
        kinds[_kind(path)] += 1
        if kinds[_kind(path)] > OF_A_KIND:
            continue
        answer = await browser.open(path)
        found.append(Page(path, answer.status_code, dict(answer.headers), answer.content))
        links = (
            re.findall(r'(?:href|src)="(/[^"#]*)', answer.text) if "text/html" in answer.headers.get("content-type", "") else []
        )
        if "location" in answer.headers:
            links.append(answer.headers["location"])
        for link in links:
            led = link.replace("&amp;", "&")
            if led not in seen and not led.startswith(("/static", "/docs", "//")):
                seen.add(led)
                waiting.append(led)
    return found


def _kind(path: str) -> str:
    """An address without what it is about."""
    return re.sub(r"=[^&]*", "=", re.sub(r"[0-9A-Z]{6,}|\d+", "*", path))


async def _refused(app: FastAPI, token: str) -> list[bytes]:
    """What somebody is told who sends what is wrong, the marks in every place of it."""
    signed_in = {"Authorization": f"Bearer {token}", "Idempotency-Key": "k-1", "Accept": "application/json"}
    bodies: list[Any] = [
        {"office": f"{SAID} là", "channel": "truc_tiep", "source_group": "noi_bo", "words": SAID},
        {"office": "VPUB", "channel": SAID, "source_group": "noi_bo", "words": SAID},
        {"office": "VPUB", "channel": "truc_tiep", "source_group": "noi_bo", "words": f"{SAID}\x00"},
        {"office": "VPUB", "channel": "truc_tiep", "source_group": "noi_bo", "words": SAID, "occurred_at": SAID},
        {
            "office": "VPUB",
            "channel": "truc_tiep",
            "source_group": "noi_bo",
            "words": SAID,
            "locality": SAID,
            "local_id": f" {SAID}",
        },
        {"office": "VPUB", "channel": "truc_tiep", "source_group": "noi_bo", "words": SAID, "speaker_name": [NAMED]},
        [SAID],
        SAID,
    ]
    answered: list[bytes] = []
    async with browsing(app) as browser:
        post, get = browser.client.post, browser.client.get
        answered += [(await post(OPINIONS, json=body, headers=signed_in)).content for body in bodies]
        raw = (SAID.encode(), f'{{"words": "{SAID}", "words": "{SAID}"}}'.encode(), b"\xff" + SAID.encode())
        answered += [(await post(OPINIONS, content=each, headers=signed_in)).content for each in raw]
        asked = (
            f"{OPINIONS}/{SAID}",
            f"/assignment/api/cases/{SAID}?as_of={SAID}",
            f"/{SAID}",
            f"/intake/api/feed/{SAID}?after={SAID}",
        )
        answered += [(await get(path, headers=signed_in)).content for path in asked]
        hostile = {**signed_in, "After-Position": SAID, "If-Match": SAID, "traceparent": SAID, "Last-Event-ID": SAID}
        answered.append((await get("/assignment/api/units/TH/tasks", headers=hostile)).content)

        async def broken(*_: Any, **__: Any) -> None:
            raise ValueError(f"it cannot be: {SAID} of {NAMED}")

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(app.state.tokens, "subject", broken)
            answered.append((await get(f"{OPINIONS}/x", headers=signed_in)).content)
    return answered


def test_the_marks_are_there_to_be_found(house: Played) -> None:
    """Otherwise nothing below would say anything."""
    for role in (Role.UNIT_LEADER, Role.HUB, Role.CHIEF):
        shown = b"".join(page.content for page in house.pages[role.value])
        assert told((SAID,), shown), role
    assert len(house.pages) >= 8
    assert sum(len(pages) for pages in house.pages.values()) > 100


def test_no_database_file_holds_a_word_or_a_name_in_clear(house: Played) -> None:
    files = [file for file in sorted(house.data.rglob("*")) if file.is_file()]
    assert {"intake.db", "assignment.db", "reporting.db", "vault.db", "access.db"} <= {file.name for file in files}
    assert {file.name: told(MARKS, file.read_bytes()) for file in files if told(MARKS, file.read_bytes())} == {}


def test_no_event_and_no_row_holds_a_word_or_a_name(house: Played) -> None:
    looked = 0
    for file in sorted(house.data.glob("*.db")):
        with closing(sqlite3.connect(file)) as connection:
            tables = [name for (name,) in connection.execute("select name from sqlite_master where type = 'table'")]
            for table in tables:
                for row in connection.execute(f'select * from "{table}"'):
                    looked += 1
                    written = b"\0".join(each if isinstance(each, bytes) else str(each).encode() for each in row)
                    assert told(MARKS, written) == [], (file.name, table)
    assert looked > 1_000


def test_no_log_line_metric_or_problem_repeats_them(house: Played) -> None:
    assert "request.failed" in house.logged  # it told that something broke
    assert told(MARKS, house.logged.encode()) == []
    assert b"doithoai_" in house.metrics
    assert told(MARKS, house.metrics) == []
    assert len(house.problems) > 12
    assert [problem for problem in house.problems if told(MARKS, problem)] == []


def test_the_command_line_tells_no_word_that_it_was_not_asked_for(house: Played) -> None:
    for verb in VERBS:
        answer = done(*verb, data=house.data)
        assert told(MARKS, (answer.out + answer.err).encode()) == [], verb


def test_a_wrong_line_of_a_script_is_refused_without_its_words(house: Played) -> None:
    wrong = '{"at": "2023-02-22T08:00:00+07:00", "office": "VPUB", "actor": "th-01", "unit": "TH", "capacity": "specialist", '
    wrong += f'"command": "receive_opinion", "data": {{"office": "VPUB", "words": "{SAID}", "speaker_name": ["{NAMED}"]}}}}\n'
    answer: Answer = doithoai("do", "-", data=house.data, stdin=wrong)
    assert answer.code != 0
    assert told(MARKS, (answer.out + answer.err).encode()) == []


@pytest.mark.parametrize("who", BLIND)
def test_whoever_has_no_business_with_it_is_shown_no_word(house: Played, who: str) -> None:
    assert [page.path for page in house.pages[who] if told((SAID,), _plain(page))] == []
    assert len(house.pages[who]) > 3


def test_no_address_carries_a_word_or_a_name(house: Played) -> None:
    for pages in house.pages.values():
        for page in pages:
            carried = f"{page.path} {page.headers.get('location', '')} {page.headers.get('content-disposition', '')}"
            assert told(MARKS, carried.encode()) == []


def test_no_answer_has_a_header_of_somebody_elses_making(house: Played) -> None:
    for pages in house.pages.values():
        for page in pages:
            assert [name for name, value in page.headers.items() if "\n" in value or "\r" in value] == []
            assert "x-content-type-options" in page.headers


def test_no_cell_of_a_sheet_is_a_formula(house: Played) -> None:
    sheets = 0
    for pages in house.pages.values():
        for page in pages:
            if page.media == "text/csv":
                sheets += 1
                rows = csv.reader(io.StringIO(page.content.decode("utf-8-sig")), delimiter=_delimiter(page.content))
                cells = [cell for row in rows for cell in row]
                assert [cell for cell in cells if cell[:1] in ("=", "+", "@", "\t", "\r") or _runs_as_minus(cell)] == [], (
                    page.path
                )
            if page.media.endswith("spreadsheetml.sheet"):
                sheets += 1
                with zipfile.ZipFile(io.BytesIO(page.content)) as book:
                    inside = {name: book.read(name) for name in book.namelist() if name.startswith("xl/worksheets/")}
                assert [name for name, xml in inside.items() if re.search(rb"<f[ >]|<hyperlink", xml)] == [], page.path
    assert sheets > 0


def test_no_paper_to_edit_has_a_field_or_link_from_what_was_typed(house: Played) -> None:
    for pages in house.pages.values():
        for page in pages:
            if page.media.endswith("wordprocessingml.document"):
                with zipfile.ZipFile(io.BytesIO(page.content)) as paper:
                    body = paper.read("word/document.xml").decode()
                assert "<script" not in body
                assert [
                    each for each in re.findall(r"<w:instrText[^>]*>([^<]*)", body) if "alert" in each or "=2+5" in each
                ] == []


def _plain(page: Page) -> bytes:
    """What a page says; of a packed file, what is packed."""
    if not page.content.startswith(b"PK"):
        return page.content
    with zipfile.ZipFile(io.BytesIO(page.content)) as packed:
        return b"".join(packed.read(name) for name in packed.namelist())


def _delimiter(content: bytes) -> str:
    first = content.decode("utf-8-sig").partition("\n")[0]
    return ";" if first.count(";") > first.count(",") else ","


def _runs_as_minus(cell: str) -> bool:
    return cell.startswith("-") and not re.fullmatch(r"-[\d., ]*%?", cell)
