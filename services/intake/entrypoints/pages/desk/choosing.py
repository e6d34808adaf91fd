"""What there is to choose from in the forms of intake, and what is suggested: fields with who answers for them, units, posts."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from services.intake.readmodel.opinions.similar import Similar
from shared.contracts.directory import UnitKind
from shared.directory.snapshot import Directory
from shared.directory.values import Unit
from shared.text import fold, syllables
from shared.web.acts import Option

OUTSIDE: Final = frozenset(
    {
        UnitKind.PROVINCIAL_BODY,
        UnitKind.PARTY_BODY,
        UnitKind.DISTRICT,
        UnitKind.COMMUNE,
        UnitKind.WARD,
        UnitKind.PEOPLES_COMMITTEE,
    }
)
PROPOSERS: Final = frozenset({UnitKind.PROVINCIAL_BODY, UnitKind.DISTRICT, UnitKind.COMMUNE, UnitKind.WARD})
_BETWEEN: Final = (",", " - ", " va ", ";")


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggested:
    """A field that an opinion may belong to, and why: so many alike are in it, or a phrase of its name stands in the words.

    `lead` answers for it at the office unless the head decides otherwise; `barred`: the opinion is about that unit.
    """

    field: str
    label: str
    alike: int
    phrase: str | None
    lead: str | None
    barred: bool


def suggested(
    directory: Directory, office: str, words: str | None, similar: Sequence[Similar], concerns: Collection[str]
) -> Suggested | None:
    """The field that the likest opinions are in, else the one whose name the words say; None where neither tells anything."""
    scores: dict[str, int] = defaultdict(int)
    for each in similar:
        if each.field and each.field in directory.fields:
            scores[each.field] += each.score
    if scores:
        field = max(sorted(scores), key=lambda key: scores[key])
        return _suggested(directory, office, field, concerns, alike=sum(each.field == field for each in similar))
    said = f" {' '.join(syllables(words or ''))} "
    named = [(len(phrase), key, phrase) for key, each in directory.fields.items() for phrase in _phrases(each.name)]
    found = max((each for each in named if f" {each[2]} " in said), default=None)
    return _suggested(directory, office, found[1], concerns, phrase=_as_named(directory, found[1], found[2])) if found else None


def _suggested(
    directory: Directory, office: str, field: str, concerns: Collection[str], *, alike: int = 0, phrase: str | None = None
) -> Suggested:
    lead = directory.lead(field, office)
    return Suggested(
        field=field,
        label=directory.label(field),
        alike=alike,
        phrase=phrase,
        lead=directory.label(lead) if lead else None,
        barred=lead in concerns,
    )


def _phrases(name: str) -> list[str]:
    folded = fold(name)
    for mark in _BETWEEN:
        folded = folded.replace(mark, "|")
    return [phrase for part in folded.split("|") if len((phrase := " ".join(syllables(part))).split()) >= 2]


def _as_named(directory: Directory, field: str, phrase: str) -> str:
    """The phrase as the field's name writes it."""
    parts = directory.fields[field].name.replace(" và ", ",").replace(";", ",").replace(" - ", ",").split(",")
    return next((part.strip().lower() for part in parts if " ".join(syllables(part)) == phrase), phrase)


def fields(directory: Directory, office: str) -> list[Option]:
    """Every field, each with the unit that answers for it."""
    found = sorted(directory.fields.values(), key=lambda each: fold(each.name))
    return [Option(each.key, _with_lead(directory, each.key, each.name, office)) for each in found]


def _with_lead(directory: Directory, field: str, name: str, office: str) -> str:
    lead = directory.lead(field, office)
    return f"{name} · {directory.label(lead)}" if lead else name


def units(directory: Directory, office: str, *, inside: bool = True, kinds: Collection[UnitKind] = OUTSIDE) -> list[Option]:
    """The units of the office, then those outside of these kinds; by name."""
    own = [unit for unit in directory.units.values() if unit.office == office and unit.key != office] if inside else []
    other = [unit for unit in directory.units.values() if unit.office != office and unit.kind in kinds]
    return [
        Option(unit.key, directory.label(unit.key))
        for group in (own, other)
        for unit in sorted(group, key=lambda u: fold(u.name))
    ]


def divisions(directory: Directory, office: str) -> list[Option]:
    """The divisions of the office."""
    own = (unit for unit in directory.units.values() if unit.office == office)
    return _named(directory, (unit for unit in own if unit.kind is UnitKind.DIVISION))


def _named(directory: Directory, units: Iterable[Unit]) -> list[Option]:
    return [Option(unit.key, directory.label(unit.key)) for unit in sorted(units, key=lambda each: fold(each.name))]


def offices(directory: Directory) -> Mapping[str, str]:
    """The offices that hold dialogues."""
    return {unit.key: directory.label(unit.key) for unit in directory.units.values() if unit.kind is UnitKind.OFFICE}


def posts(directory: Directory, office: str) -> list[Option]:
    """The posts of the office's units."""
    own = [
        post for post in directory.posts.values() if post.unit in directory.units and directory.units[post.unit].office == office
    ]
    return [Option(post.key, f"{post.name}, {directory.label(post.unit)}") for post in sorted(own, key=lambda p: fold(p.name))]
