"""What people type into forms, read as the values of commands; and values as somebody might choose them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

from pydantic import ValidationError

from shared.commands import Body, model_of
from shared.web import problems
from shared.web.acts import Act, Asks, Field, Form
from shared.web.typed import DayUnclear, day_of, moment_of

ANYTHING: Final = "…"
BOXES: Final = 8  # of several texts


def as_typed(act: Act, form: Form, name: str | None) -> str | None:
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
        case Asks.FILE:
            return None  # the route gives it; what a form says under its name is no address that was put away for it
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
