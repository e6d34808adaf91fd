"""Commands as forms: what is typed becomes the command that the API takes, or is refused by name."""

from dataclasses import dataclass
from datetime import date, datetime

import pytest
from fastapi import Request

from shared.web.acting import tried
from shared.web.acts import Act, Asks, Field
from shared.web.filling import as_if, body_of, kept
from shared.web.problems import InvalidBody
from shared.web.typed import MomentUnclear, moment_of

TODAY = date(2023, 3, 20)


@dataclass(frozen=True)
class Speaker:
    name: str
    count: int


@dataclass(frozen=True)
class InviteSpeaker:
    session: str
    speaker: Speaker
    at: datetime
    alone: bool = False
    units: tuple[str, ...] = ()


INVITE = Act(
    command=InviteSpeaker,
    on="session",
    fields=(
        Field("speaker.name", Asks.LINE),
        Field("speaker.count", Asks.NUMBER),
        Field("at", Asks.MOMENT),
        Field("alone", Asks.YES, required=False),
        Field("units", Asks.MANY, required=False),
    ),
)
FORM = {
    "speaker.name": "Lò Văn Ân",
    "speaker.count": "2",
    "at": "21/03/2023 8h30",
    "units.TH": "1",
    "units.KT": "1",
    "token": "t",
}


def test_values_within_values_ticks_and_moments_are_read_from_a_form() -> None:
    sent = body_of(INVITE, "session-1", FORM, TODAY).model_dump(mode="json")
    assert sent == {
        "session": "session-1",
        "speaker": {"name": "Lò Văn Ân", "count": 2},
        "at": "2023-03-21T08:30:00+07:00",
        "alone": False,
        "units": ["KT", "TH"],
    }
    assert body_of(INVITE, "s", {**FORM, "alone": "1"}, TODAY).model_dump()["alone"] is True


def test_what_is_wrong_within_a_value_belongs_to_its_field() -> None:
    with pytest.raises(InvalidBody) as refused:
        body_of(INVITE, "s", {**FORM, "speaker.count": "hai"}, TODAY)
    [wrong] = refused.value.errors
    assert [field.name for field in INVITE.fields if field.has(wrong["field"])] == ["speaker.count"]


def test_what_was_typed_is_kept_and_nothing_else() -> None:
    assert kept(INVITE, FORM) == {name: value for name, value in FORM.items() if name != "token"}


@pytest.mark.parametrize("typed", ["08:30", "8h30", "8g30", "20/03/2023 08:30", "hôm nay 8:30", "+0, 8h30"])
def test_a_moment_is_a_day_and_a_time_and_a_time_alone_is_one_of_today(typed: str) -> None:
    assert moment_of("at", typed, TODAY) == "2023-03-20T08:30:00+07:00"


@pytest.mark.parametrize("typed", ["20/03/2023", "25:00", "8h75", "mai 8h", "<b>8:30"])
def test_what_is_no_moment_is_told_by_its_field(typed: str) -> None:
    with pytest.raises(MomentUnclear) as refused:
        moment_of("at", typed, TODAY)
    assert refused.value.field == "at"


@dataclass(frozen=True)
class Guest:
    name: str
    heads: int | None
    host: bool = False
    units: tuple[str, ...] = ()


@dataclass(frozen=True)
class InviteGuests:
    session: str
    guests: tuple[Guest, ...]


GUESTS = Act(
    command=InviteGuests,
    on="session",
    fields=(
        Field(
            "guests",
            Asks.TABLE,
            of=(
                Field("name", Asks.FIXED),
                Field("heads", Asks.NUMBER, required=False),
                Field("host", Asks.YES, required=False),
                Field("units", Asks.MANY, required=False),
            ),
        ),
    ),
)
TABLE = {
    "guests.0.name": "TH",
    "guests.0.heads": "",
    "guests.2.name": "KT",
    "guests.2.heads": "8",
    "guests.11.name": "NC",
    "guests.11.units.CD": "1",
    "guests.x.heads": "1",
}


def test_a_table_is_read_row_by_row_and_a_row_in_which_nothing_was_typed_is_none() -> None:
    sent = body_of(GUESTS, "session-1", TABLE, TODAY).model_dump(mode="json")
    assert sent["guests"] == [
        {"name": "KT", "heads": 8, "host": False, "units": []},
        {"name": "NC", "heads": None, "host": False, "units": ["CD"]},
    ]
    with pytest.raises(InvalidBody):
        body_of(GUESTS, "session-1", {"guests.0.name": "TH"}, TODAY)


def test_what_is_wrong_in_a_table_is_told_of_the_row_as_it_stands_in_the_form() -> None:
    form = {**TABLE, "guests.11.heads": "tám"}
    with pytest.raises(InvalidBody) as wrong:
        body_of(GUESTS, "session-1", form, TODAY)
    request = Request({"type": "http", "query_string": b"", "headers": []})
    told = tried(request, GUESTS, "session-1", form, wrong.value).told
    assert [each["field"] for each in told["errors"]] == ["guests.11.heads"]
    (table,) = GUESTS.fields
    assert (table.rows(form), [each.label for each in table.row(11)][:2]) == ([0, 2, 11], ["guests.name", "guests.heads"])


def test_a_table_is_rehearsed_with_a_row_of_what_its_page_gives() -> None:
    body = as_if(GUESTS, "session-1", {"guests.name": "TH"}, TODAY, {})
    assert body is not None
    assert body.model_dump()["guests"][0]["name"] == "TH"
    assert as_if(GUESTS, "session-1", {}, TODAY, {}) is None


@dataclass(frozen=True)
class Line:
    recipient: str
    purpose: str
    mandatory: bool


@dataclass(frozen=True)
class SendPaper:
    paper: str
    lines: tuple[Line, ...] = ()


SEND = Act(
    command=SendPaper,
    on="paper",
    fields=(
        Field(
            "lines",
            Asks.TABLE,
            required=False,
            of=(Field("recipient", Asks.ONE), Field("purpose", Asks.LINE), Field("mandatory", Asks.YES, required=False)),
        ),
    ),
)


def test_rows_are_items_in_their_order_and_rows_without_a_word_are_left_out() -> None:
    typed = {
        "lines.10.recipient": "SNV",
        "lines.10.purpose": "Để biết",
        "lines.0.recipient": "TH",
        "lines.0.purpose": " Thực hiện ",
        "lines.0.mandatory": "1",
        "lines.1.mandatory": "1",
        "lines.x.recipient": "KT",
    }
    body = body_of(SEND, "document-1", typed, TODAY)
    assert body.model_dump()["lines"] == (
        {"recipient": "TH", "purpose": "Thực hiện", "mandatory": True},
        {"recipient": "SNV", "purpose": "Để biết", "mandatory": False},
    )
    assert kept(SEND, typed) == typed


def test_a_row_that_lacks_a_value_is_refused_at_its_field() -> None:
    with pytest.raises(InvalidBody) as refused:
        body_of(SEND, "document-1", {"lines.0.recipient": "TH"}, TODAY)
    assert all(SEND.fields[0].has(each["field"]) for each in refused.value.errors)
