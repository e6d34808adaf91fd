"""What people type into forms, read as the values of a command."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from pydantic import ValidationError

from services.assignment.domain.case.commands import AssignCase
from services.assignment.entrypoints.pages.acts import Act, Asks, Field
from shared.commands import Body, model_of
from shared.contracts.refusals import Invalid
from shared.text import fold
from shared.web.problems import InvalidBody

_DAY: Final = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4}|\d{2})")
_DIGITS: Final = re.compile(r"(\d{2})(\d{2})(\d{4})")
_AHEAD: Final = re.compile(r"\+(\d{1,3})")
TODAY: Final = "hom nay"


class DayUnclear(Invalid):
    """A day is typed as people here write it."""

    code = "day-unclear"
    title_vi = "Chưa đọc được ngày vừa nhập"
    title_en = "The day cannot be read"
    advice_vi = "Nhập ngày/tháng/năm, ví dụ 20/03/2023; “hôm nay”; hoặc +5 là năm ngày nữa."
    advice_en = "Type day/month/year such as 20/03/2023, “hôm nay” for today, or +5 for five days from now."


def day_of(typed: str, today: date) -> date | None:
    """The day in `20/03/2023`, `20/3/23`, `20032023`, `hôm nay` or `+5`; None where nothing was typed.

    Raises:
        ValueError: it is none of these, or no day of the calendar.

    """
    text = fold(typed).strip()
    if not text:
        return None
    if text == TODAY:
        return today
    if found := _AHEAD.fullmatch(text):
        return today + timedelta(days=int(found[1]))
    found = _DAY.fullmatch(text) or _DIGITS.fullmatch(text)
    if found is None:
        raise ValueError(typed)
    day, month, year = (int(each) for each in found.groups())
    return date(year + 2000 if year < 100 else year, month, day)


def body_of(act: Act, thing: str, form: Mapping[str, str], today: date) -> Body:
    """The command that a form asks for, of the case or task it stands on; what was left empty is left out.

    Raises:
        DayUnclear
        InvalidBody: each field that is wrong is named.

    """
    sent: dict[str, Any] = {"task" if act.on_task else "case": thing}
    for each in act.fields:
        value = _value(act, each, form, today)
        if value:
            sent[each.name] = value
    try:
        return model_of(act.command).model_validate(sent)
    except ValidationError as error:
        raise InvalidBody.of(error) from None


def _value(act: Act, field: Field, form: Mapping[str, str], today: date) -> Any:
    typed = form.get(field.name, "").replace("\r\n", "\n").strip()
    match field.asks:
        case Asks.DAY:
            try:
                day = day_of(typed, today)
            except ValueError:
                raise DayUnclear(field.name) from None
            return day.isoformat() if day is not None else None
        case Asks.UNITS:
            chosen = sorted(name.partition(".")[2] for name in form if name.startswith(f"{field.name}."))
            return [{"unit": unit} for unit in chosen] if act.command is AssignCase else chosen
    return typed


def kept(act: Act, form: Mapping[str, str]) -> dict[str, str]:
    """What was typed, to be shown again."""
    names = {each.name for each in act.fields}
    return {name: value for name, value in form.items() if name.partition(".")[0] in names}
