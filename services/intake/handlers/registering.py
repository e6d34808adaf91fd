"""The command of a register's row: which streams it reads, what the directory makes of its names, who may ask it."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from services.intake.domain.opinion import commands as asked
from services.intake.domain.opinion import registering
from services.intake.domain.opinion.registering import FIRST_YEAR, Booked, Named
from services.intake.handlers.naming import names_of
from shared.calendar import local_day
from shared.contracts.facts import Facts
from shared.decider import Fold
from shared.desk import Asking, Handler, States
from shared.directory.queries import Directories
from shared.ids import base32
from shared.permit import Resource

BOOKED: Final = Fold("opinion", registering.INITIAL, registering.evolve)


def handler(tenant: str, directories: Directories) -> Handler:
    """The handler of one tenant."""
    return Handler(
        command=asked.RecordRegisterRow,
        action=asked.RECORD_REGISTER_ROW,
        streams=_row_and_survivor,
        further=_survivors_of_other_years,
        resource=lambda asking, _states: Resource(tenant, asking.body.office, units=frozenset({asking.subject.unit})),
        decide=registering.decide,
        facts=_registering(directories),
        person=_speaker,
        additive=True,
    )


def number_of(written: str, year: int) -> tuple[str, int]:
    """A row's number and its year, `year` where none is stated: `15` of `015/2023`."""
    number, _, stated = written.partition("/")
    bare = str(int(number)) if number.isdigit() and number.isascii() else number.upper()
    return bare, int(stated) if stated else year


def opinion_of(asking: Asking, number: str, year: int) -> str:
    """The stream of a row: the same for the same office, number and year, so that a row read again meets its first reading."""
    key = asking.keyed.digest("opinion-register", asking.subject.tenant, asking.body.office, number, str(year))
    return f"opinion-{base32(key, 20)}"


def _row(asking: Asking) -> str:
    return opinion_of(asking, *number_of(asking.body.number, asking.body.received.year))


def _into(asking: Asking) -> dict[int, str]:
    """By year, the streams that the row may be merged into."""
    written = asking.body.into
    if written is None:
        return {}
    number, year = number_of(written, asking.body.received.year)
    years = [year] if "/" in written else range(FIRST_YEAR, local_day(asking.now).year + 1)
    return {each: opinion_of(asking, number, each) for each in years}


def _row_and_survivor(asking: Asking) -> dict[str, Fold[Any]]:
    into = _into(asking)
    of_its_year = into.get(asking.body.received.year)
    named = list(into.values()) if len(into) == 1 else [of_its_year] if of_its_year is not None else []
    return dict.fromkeys([_row(asking), *named], BOOKED)


def _survivors_of_other_years(asking: Asking, found: States) -> Mapping[str, Fold[Any]]:
    """Where its own year has no such number, those of the others."""
    into = _into(asking)
    own: Booked | None = found.get(into.get(asking.body.received.year, ""))
    if len(into) < 2 or (own is not None and own.entry is not None):
        return {}
    return dict.fromkeys(into.values(), BOOKED)


def _speaker(asking: Asking) -> str | None:
    body = asking.body
    if body.speaker_name is None and body.speaker_contact is None:
        return None
    # Another name is another person: the row was put right, and what hung on the former one is erased by itself.
    return f"s-{asking.keyed.hex('register-speaker', _row(asking), body.speaker_name or '', body.speaker_contact or '')[:32]}"


def _registering(directories: Directories) -> Callable[[Asking, Facts], Awaitable[Facts]]:
    async def facts(asking: Asking, common: Facts) -> Facts:
        body, keyed = asking.body, asking.keyed
        day, today = await directories.at(body.received), await directories.at(local_day(asking.now))
        then, now = names_of(day), names_of(today)

        def named(kind: str, written: str | None) -> Named:
            """As it was called then, or as it is called now."""
            found: Named = getattr(then, kind)(written)
            if written is None or found.key is not None or day is today:
                return found
            since: Named = getattr(now, kind)(written)
            return since if since.key is not None else found if found.near else since

        number, year = number_of(body.number, body.received.year)
        return registering.Registering(
            at=common.at,
            now=common.now,
            person=common.person,
            office=common.office,
            unit=common.unit,
            capacity=common.capacity,
            is_office=day.office(body.office) is not None or today.office(body.office) is not None,
            is_unit=today.unit(asking.subject.unit) is not None,
            field=named("field", body.field),
            lead=named("unit", body.lead),
            locality=named("unit", body.locality),
            opinion=opinion_of(asking, number, year),
            number=f"{number}/{year}",
            year=year,
            into=_into(asking),
            words_key=keyed.hex("register-words", body.words),
            speaker_key=keyed.hex("register-speaker", body.speaker_name or "", body.speaker_contact or ""),
            note_key=keyed.hex("register-note", body.note or ""),
            speaker=_speaker(asking),
        )

    return facts
