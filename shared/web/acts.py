"""Commands as forms: which values each asks for, what people type into it, and how it is asked of the desk."""

import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError

from shared.calendar import local_day
from shared.clock import Clock
from shared.commands import Body, model_of
from shared.contracts.refusals import Forbidden, Invalid, Refused, Stale, Unknown
from shared.desk import Asked, Desk, Done, name_of
from shared.identity.sessions import Session
from shared.permit import Subject
from shared.telemetry import COMMANDS, current_trace
from shared.web import problems
from shared.web.api import WAIT_SECONDS, keyed_id
from shared.web.forms import read_form
from shared.web.pages import language_of
from shared.web.typed import DayUnclear, day_of, moment_of

ANYTHING: Final = "…"
AHEAD: Final = timedelta(days=7)
REHEARSED: Final = "rehearsed"
BOXES: Final = 8  # of several texts
SHORT: Final = 3  # so many values of an item stand on one line
ON: Final = "on."  # names the check box of each thing of a list

Form = Mapping[str, str]


class Asks(StrEnum):
    """What kind of value a field takes."""

    TEXT = "text"
    LINE = "line"
    DAY = "day"
    MOMENT = "moment"
    NUMBER = "number"
    YES = "yes"  # a tick
    CHOICE = "choice"  # one of the codes that the field names
    ONE = "one"  # one of the options that the page gives, or of the codes that the field names
    MANY = "many"  # any of them
    SEVERAL = "several"  # texts, each in a box of its own: `parts.0`, `parts.1`, …
    LINES = "lines"  # texts, one a line
    DAYS = "days"  # days, one a line; where the field has an `each`, what stands behind a day is that value of its item
    TABLE = "table"  # some items of more than a line: `of` says which value each of them has
    FIXED = "fixed"  # the value that the page gives it, shown by the label of its option
    FILE = "file"  # which the route reads and puts away: the command is given its address


@dataclass(frozen=True, slots=True)
class Field:
    """One value of a form, named as in the command; `speaker.name` lies within `speaker`.

    `each`: the name of the only value of each item, where a command takes items instead of keys or texts. `whole`: what was
    ticked replaces what stood there, so that nothing ticked is an answer too. `sealed`: what is typed is not kept as a draft
    in the browser, as long words otherwise are. `of`: what each item of a table holds; its values are named `items.0.text`
    within `items`, and one in which nothing was typed or only ticked is none.
    """

    name: str
    asks: Asks
    required: bool = True
    choices: tuple[str, ...] = ()
    longest: int = 4_000
    each: str = ""
    whole: bool = False
    sealed: bool = False
    of: tuple["Field", ...] = ()

    def has(self, name: str) -> bool:
        """Whether a refusal about `name` is about this field."""
        return name == self.name or name.startswith(f"{self.name}.")

    @property
    def label(self) -> str:
        """By which the labels of a room word it: `items.text` of `items.0.text`."""
        return ".".join(part for part in self.name.split(".") if not part.isdigit())

    def row(self, n: int) -> tuple["Field", ...]:
        """The fields of one row of a table."""
        return tuple(replace(each, name=f"{self.name}.{n}.{each.name}") for each in self.of)

    @property
    def short(self) -> bool:
        """Whether each item of a table fits on one line."""
        plain = (Asks.ONE, Asks.LINE, Asks.DAY, Asks.NUMBER, Asks.YES)
        return len(self.of) <= SHORT and all(each.asks in plain for each in self.of)

    def rows(self, form: Form) -> list[int]:
        """The rows of a table that a form has anything of, in their order."""
        found = {name[len(self.name) + 1 :].partition(".")[0] for name in form if name.startswith(f"{self.name}.")}
        return sorted(int(n) for n in found if n.isascii() and n.isdigit() and len(n) < 4)


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose from; `note` is a code that the room's labels word. `barred`: shown, but not to be chosen."""

    value: str
    label: str
    note: str = ""
    barred: bool = False


Options = Mapping[str, Sequence[Option]]  # by field


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """A command as a form. `on`: which value of it names what it is about. `apart`: never the first thing to do.

    `key`: the letter that leads to its form.
    """

    command: type
    on: str = ""
    fields: tuple[Field, ...] = ()
    apart: bool = False
    key: str = ""

    @property
    def name(self) -> str:
        return name_of(self.command)

    @property
    def slug(self) -> str:
        """Its name in an address."""
        return self.name.replace("_", "-")

    def is_about(self, refused: Refused) -> bool:
        """Whether a refusal is about a value of the form, so that another value may do."""
        named = isinstance(refused, Invalid | Forbidden | Unknown) and refused.field
        return bool(named) and any(each.has(str(named)) for each in self.fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """An act that somebody can do on a thing as it stands at `version`, or (`waits`) that a condition keeps from him."""

    act: Act
    thing: str
    version: int
    waits: Refused | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What was asked and refused: shown again with what was typed. `told`: the refusal in the reader's language."""

    act: Act
    thing: str
    kept: Form
    refused: Refused
    told: Mapping[str, Any]
    status: int

    @property
    def stale(self) -> bool:
        """Whether somebody else changed the thing meanwhile."""
        return isinstance(self.refused, Stale)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What became of an act asked of many things: those that were done, and what each other was refused for."""

    act: Act
    done: tuple[str, ...]
    refused: Mapping[str, Mapping[str, Any]]


Again = Callable[[Tried], Awaitable[Response]]
Onward = Callable[[Done], Awaitable[str]]


class Acting:
    """The commands of one service and tenant, for its pages."""

    def __init__(self, desk: Desk, clock: Clock, service: str) -> None:
        self._desk, self._clock, self._service = desk, clock, service

    @property
    def today(self) -> date:
        return local_day(self._clock.now())

    def additive(self, act: Act) -> bool:
        """Whether it adds and overwrites nothing."""
        return self._desk.handlers[act.name].additive

    def may_ever(self, act: Act, subject: Subject) -> bool:
        """Whether some capacity of his is among those that may do it to anything at all."""
        roles = {*subject.capacities, *(each.role for each in subject.delegated)}
        return any(grant.role in roles for grant in self._desk.handlers[act.name].action.grants)

    async def offer(
        self,
        act: Act,
        thing: str,
        version: int,
        subject: Subject,
        /,
        *,
        first: Mapping[str, str | None] | None = None,
        day: date | None = None,
        told: tuple[type[Refused], ...] = (),
        **values: Any,
    ) -> Offer | None:
        """The act, if it could be done now: decided by the desk as it would be, with nothing written.

        `first`: a value that each field of options could have; `values`: those that no field asks for. A refusal of a kind
        that is `told` leaves the act shown, waiting for its condition; any other means that it is not for now or not for him.
        """
        if not self.may_ever(act, subject):
            return None
        body = as_if(act, thing, first or {}, day or self.today + AHEAD, values)
        if body is None:
            return None
        try:
            done = await self._desk.handle(self._asked(act, body, subject, REHEARSED), rehearsed=True)
        except Refused as refused:
            if isinstance(refused, told):
                return Offer(act=act, thing=thing, version=version, waits=refused)
            if not act.is_about(refused):
                return None
        else:
            if not done.changes:
                return None
        return Offer(act=act, thing=thing, version=version)

    async def ask(
        self,
        request: Request,
        session: Session,
        act: Act,
        thing: str,
        /,  # values may be called as these are
        *,
        again: Again,
        onward: Onward,
        form: Form | None = None,
        occurred_at: datetime | None = None,
        **values: Any,
    ) -> Response:
        """Ask what the form of a page asks, then go `onward`; where it is refused, `again` with what was typed and why.

        `values`: those that no field asks for. The form carries a `key`, by which a second press is the first again, and,
        unless the act only adds, the `version` of the thing that it was shown with.

        Raises:
            Unknown: the thing is not there, or not his to see.
            OpenLine, ForeignForm, Unreadable, Invalid: it is no form of ours.

        """
        form = await read_form(request) if form is None else form
        try:
            body = body_of(act, thing, form, self.today, values)
            done = await self.do(
                act,
                body,
                session.subject,
                command_id=self._id(request, session, form),
                expected=self._expected(act, form),
                occurred_at=occurred_at,
            )
        except Refused as refused:
            if isinstance(refused, Unknown) and refused.field is None:
                raise
            return await again(tried(request, act, thing, form, refused))
        reached = await self._wait(request, done.position)
        return _gone(await onward(done), reached, done=act.slug)

    async def ask_each(
        self,
        request: Request,
        session: Session,
        act: Act,
        /,
        *,
        again: Callable[[Counted], Awaitable[Response]],
        onward: str,
        form: Form | None = None,
        own: Mapping[str, Mapping[str, Any]] | None = None,
        **values: Any,
    ) -> Response:
        """Ask the act of each thing that was ticked, each a command of its own; what was refused is told `again`.

        The form names each thing by `on.<thing>`, and its version by `version.<thing>`. `values`: those that no field asks
        for; `own`: those of one thing alone.
        """
        form = await read_form(request) if form is None else form
        things = [name.removeprefix(ON) for name in form if name.startswith(ON)]
        finished: list[str] = []
        refusals: dict[str, Mapping[str, Any]] = {}
        position = 0
        for thing in things:
            try:
                body = body_of(act, thing, form, self.today, {**values, **((own or {}).get(thing, {}))})
                done = await self.do(
                    act,
                    body,
                    session.subject,
                    command_id=self._id(request, session, form, thing),
                    expected=self._expected(act, form, f"version.{thing}"),
                )
            except Refused as refused:
                refusals[thing] = tried(request, act, thing, form, refused).told
            else:
                finished.append(thing)
                position = max(position, done.position)
        reached = await self._wait(request, position)
        if not things or refusals:
            return await again(Counted(act=act, done=tuple(finished), refused=refusals))
        return _gone(onward, reached, done=act.slug, n=str(len(finished)))

    async def do(
        self,
        act: Act,
        body: Body,
        subject: Subject,
        *,
        command_id: str,
        expected: int | None,
        occurred_at: datetime | None = None,
    ) -> Done:
        """Ask it.

        Raises:
            Refused: as over the API.

        """
        done = await self._desk.handle(self._asked(act, body, subject, command_id, expected, occurred_at))
        COMMANDS.labels(self._service, act.name, "replayed" if done.replayed else "done").inc()
        return done

    async def rehearse(self, act: Act, body: Body, subject: Subject) -> None:
        """Have it decided as it would be, with nothing written.

        Raises:
            Refused: as it would be.

        """
        await self._desk.handle(self._asked(act, body, subject, REHEARSED), rehearsed=True)

    def _asked(
        self,
        act: Act,
        body: Body,
        subject: Subject,
        command_id: str,
        expected: int | None = None,
        occurred_at: datetime | None = None,
    ) -> Asked:
        return Asked(
            command=act.name,
            body=body,
            subject=subject,
            command_id=command_id,
            occurred_at=occurred_at,
            expected=expected,
            trace=current_trace(),
        )

    def _id(self, request: Request, session: Session, form: Form, thing: str = "") -> str:
        key = form.get("key", "")
        return keyed_id(request, session.subject, f"{key}.{thing}" if key and thing else key)

    def _expected(self, act: Act, form: Form, name: str = "version") -> int | None:
        """The version of the thing that the form was shown with; none is needed of what adds or begins something."""
        if self.additive(act) or not act.on:
            return None
        return version_of(form, name)

    async def _wait(self, request: Request, position: int) -> bool:
        """Until the pages can show what was written."""
        if not position:
            return True
        reached: bool = await request.app.state.positions.wait({self._service: position}, WAIT_SECONDS)
        return reached


def _gone(where: str, reached: bool, **told: str) -> Response:
    """On to a page that says what was done, and whether it can show it yet."""
    path, mark, part = where.partition("#")
    joined = "&" if "?" in path else "?"
    return RedirectResponse(f"{path}{joined}{urlencode(told | ({} if reached else {'late': '1'}))}{mark}{part}", 303)


def new_key() -> str:
    """A key for a form: whoever presses twice asks once."""
    return secrets.token_urlsafe(12)


def version_of(form: Form, name: str = "version") -> int:
    """The version of a thing that its form was shown with.

    Raises:
        PreconditionMissing, Invalid

    """
    stated = form.get(name)
    if stated is None:
        raise problems.PreconditionMissing(name)
    if not (stated.isascii() and stated.isdigit() and len(stated) < 10):
        raise Invalid(name)
    return int(stated)


def tried(request: Request, act: Act, thing: str, form: Form, refused: Refused) -> Tried:
    """A refusal, with what was typed."""
    told = {"field": None, "errors": [], **problems.body_of(refused, language=language_of(request))}
    told["field"] = _as_typed(act, form, told["field"])
    told["errors"] = [{**each, "field": _as_typed(act, form, each["field"])} for each in told["errors"]]
    return Tried(
        act=act,
        thing=thing,
        kept=kept(act, form),
        refused=refused,
        told={**told, "forbidden": isinstance(refused, Forbidden)},
        status=problems.status_of(refused),
    )


def _as_typed(act: Act, form: Form, name: str | None) -> str | None:
    """Where a value of a table stands in the form: rows in which nothing was typed are counted there, and not in the command."""
    each = next((each for each in act.fields if each.asks is Asks.TABLE and name and each.has(name)), None)
    if each is None or name is None:
        return name
    n, dot, rest = name[len(each.name) + 1 :].partition(".")
    typed = [row for row in each.rows(form) if _is_typed(each, row, form)]
    return f"{each.name}.{typed[int(n)]}{dot}{rest}" if n.isdigit() and int(n) < len(typed) else name


def as_if(act: Act, thing: str, first: Mapping[str, str | None], day: date, values: Mapping[str, Any]) -> Body | None:
    """The command with values as somebody might choose them; None where there is nothing to choose from."""
    sent: dict[str, Any] = {**values, **({act.on: thing} if act.on else {})}
    for each in act.fields:
        if not each.required or each.name in sent:
            continue
        value = _possible(each, first, day)
        if value is None:
            return None
        _put(sent, each.name, value)
    try:
        return model_of(act.command).model_validate(sent)
    except ValidationError:
        return None


def _possible(each: Field, first: Mapping[str, str | None], day: date) -> Any:
    chosen = first.get(each.name)
    match each.asks:
        case Asks.DAY:
            return day.isoformat()
        case Asks.MOMENT:
            return f"{day.isoformat()}T08:00:00+07:00"
        case Asks.NUMBER:
            return chosen or 1
        case Asks.YES:
            return True
        case Asks.CHOICE:
            return each.choices[0]
        case Asks.ONE | Asks.FIXED:
            return chosen or next(iter(each.choices), None)
        case Asks.MANY:
            return None if chosen is None else _listed(each, [chosen])
        case Asks.TABLE:
            return _possible_rows(each, first, day)
        case Asks.SEVERAL:
            return _listed(each, [ANYTHING, ANYTHING])
        case Asks.LINES:
            return [ANYTHING]
        case Asks.DAYS:
            return [{"day": day.isoformat(), each.each: ANYTHING} if each.each else day.isoformat()]
    return chosen or ANYTHING


def _possible_rows(each: Field, first: Mapping[str, str | None], day: date) -> list[dict[str, Any]] | None:
    row: dict[str, Any] = {}
    for field in each.of:
        value = _possible(replace(field, name=f"{each.name}.{field.name}"), first, day) if field.required else None
        if field.required and value is None:
            return None
        if value is not None or field.asks not in (Asks.MANY, Asks.TABLE, Asks.YES):
            _put(row, field.name, value)
    return [row]


def body_of(act: Act, thing: str, form: Form, today: date, values: Mapping[str, Any] | None = None) -> Body:
    """The command that a form asks for, of the thing it stands on; what was left empty is left out.

    Raises:
        DayUnclear, MomentUnclear
        InvalidBody: each field that is wrong is named.

    """
    sent: dict[str, Any] = {**(values or {}), **({act.on: thing} if act.on else {})}
    for each in act.fields:
        value = _typed(each, form, today)
        if value or (each.whole and each.name in form):
            _put(sent, each.name, value)
    try:
        return model_of(act.command).model_validate(sent)
    except ValidationError as error:
        raise problems.InvalidBody.of(error) from None


def _typed(each: Field, form: Form, today: date) -> Any:
    text = form.get(each.name, "").replace("\r\n", "\n").strip()
    match each.asks:
        case Asks.DAY:
            try:
                day = day_of(text, today)
            except ValueError:
                raise DayUnclear(each.name) from None
            return day.isoformat() if day is not None else None
        case Asks.MOMENT:
            return moment_of(each.name, text, today)
        case Asks.YES:
            return bool(text)
        case Asks.MANY:
            return _listed(each, sorted(name.removeprefix(f"{each.name}.") for name in form if name.startswith(f"{each.name}.")))
        case Asks.LINES:
            return [line.strip() for line in text.splitlines() if line.strip()]
        case Asks.DAYS:
            return [_day_line(each, line, today) for line in text.splitlines() if line.strip()]
        case Asks.TABLE:
            return [row for n in each.rows(form) if (row := _typed_row(each, n, form, today)) is not None]
        case Asks.SEVERAL:
            typed = (form.get(f"{each.name}.{n}", "").replace("\r\n", "\n").strip() for n in range(BOXES))
            return _listed(each, [words for words in typed if words])
    return text


def _day_line(each: Field, line: str, today: date) -> Any:
    """A day, or an item of a day and what is typed behind it."""
    typed, _, behind = line.strip().partition(" ")
    try:
        day = day_of(typed, today)
    except ValueError:
        day = None
    if day is None or (behind.strip() and not each.each):
        raise DayUnclear(each.name)
    return {"day": day.isoformat(), each.each: behind.strip()} if each.each else day.isoformat()


def _typed_row(each: Field, n: int, form: Form, today: date) -> dict[str, Any] | None:
    """What was typed into one row; None where that is nothing."""
    if not _is_typed(each, n, form):
        return None
    row: dict[str, Any] = {}
    for field, named in zip(each.of, each.row(n), strict=True):
        value = _typed(named, form, today)
        if value or field.asks is Asks.YES:
            _put(row, field.name, value)
        elif not field.required and field.asks not in (Asks.MANY, Asks.TABLE):
            _put(row, field.name, None)  # what a row may leave open it says so of
    return row


def _is_typed(each: Field, n: int, form: Form) -> bool:
    """Whether a row holds more than what the page gave it and ticks."""
    given = [field for field in each.row(n) if field.asks not in (Asks.FIXED, Asks.YES)]
    return any(text.strip() for name, text in form.items() if any(field.has(name) for field in given))


def _listed(each: Field, chosen: Sequence[str]) -> list[Any]:
    return [{each.each: key} for key in chosen] if each.each else list(chosen)


def _put(sent: dict[str, Any], name: str, value: Any) -> None:
    *outer, last = name.split(".")
    for part in outer:
        sent = sent.setdefault(part, {})
    sent[last] = value


def kept(act: Act, form: Form) -> dict[str, str]:
    """What was typed, to be shown again."""
    return {name: value for name, value in form.items() if any(each.has(name) for each in act.fields)}
