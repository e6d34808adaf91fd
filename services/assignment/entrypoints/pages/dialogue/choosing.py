"""What the forms of dialogues, meetings and requests are filled from: units, people, fields, papers, cases, other dialogues."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from services.assignment.domain.session.states import BEFORE, Stage
from services.assignment.entrypoints.pages.dialogue.acts import GROUPS
from services.assignment.entrypoints.pages.dialogue.doing import Ways
from services.assignment.entrypoints.pages.dialogue.shown import Row, SessionShown
from services.assignment.readmodel.dialogue.puts import Opinion
from services.assignment.readmodel.dialogue.queries import MEETING, SESSION, Thing
from services.assignment.readmodel.people import by_given_name
from services.assignment.readmodel.queries import Queries
from shared.contracts.document import DocumentKind
from shared.contracts.session import Track, Trigger
from shared.directory.snapshot import Directory
from shared.permit import Subject
from shared.text import brief, fold
from shared.web.acts import Option

LENGTH: Final = 110


def short(text: str, length: int = LENGTH) -> str:
    """The beginning of a text, as lists of dialogues say it."""
    return brief(text, length)


def units(directory: Directory, office: str) -> list[Option]:
    """The units of an office in force, as office people order names."""
    own = [unit.key for unit in directory.units.values() if unit.office == office and unit.key != office]
    return [Option(key, directory.label(key)) for key in sorted(own, key=lambda key: fold(directory.label(key)))]


def bodies(directory: Directory, office: str) -> list[Option]:
    """The other bodies that something may be passed on to: whatever is in force and not of the office."""
    others = [unit.key for unit in directory.units.values() if office not in (unit.office, unit.key)]
    return [Option(key, directory.label(key)) for key in sorted(others, key=lambda key: fold(directory.label(key)))]


def fields(directory: Directory) -> list[Option]:
    """The fields in force."""
    return [Option(key, directory.label(key)) for key in sorted(directory.fields, key=lambda key: fold(directory.label(key)))]


class Choosing:
    """What there is to choose from, asked in the name of whoever chooses."""

    def __init__(self, queries: Queries) -> None:
        self._queries = queries

    async def people(self, subject: Subject, directory: Directory, office: str, *, purpose: str) -> list[Option]:
        """The people of an office with their unit, by given name."""
        own = {unit.key for unit in directory.units.values() if office in (unit.office, unit.key)}
        found = [person for person, unit in directory.people.items() if unit in own]
        names = await self._queries.people.names(subject, directory, found, purpose=purpose)
        named = sorted(((person, names.get(person, person)) for person in found), key=lambda one: by_given_name(one[1]))
        return [Option(person, f"{name}, {directory.label(directory.people[person])}") for person, name in named]

    async def of_session(self, subject: Subject, shown: SessionShown, tab: str, picked: Row | None = None) -> Ways:
        """For the acts on one page of a dialogue."""
        match tab:
            case "programme":
                return await self._programme(subject, shown)
            case "people":
                return await self._attendance(subject, shown)
            case "papers":
                return Ways(options={"sign_minutes": {"document": papers(shown, DocumentKind.MINUTES)}})
            case "room":
                return await self._room(subject, shown, picked)
        track, field = shown.thing.track or Track.STAFF, shown.whole["field"]
        loose = await self._queries.puts.to_put(subject, subject.office, track, field) if shown.before else ()
        return Ways(
            options={
                "link_case": {"case": [Option(each.case, named(each)) for each in loose]},
                "unlink_case": {
                    "case": [Option(row.put["case"], named(row.opinion, row.n)) for row in shown.rows if not row.put["raised"]]
                },
            }
        )

    async def _programme(self, subject: Subject, shown: SessionShown) -> Ways:
        whole = shown.whole
        people = await self.people(subject, shown.directory, subject.office, purpose=f"arrange {shown.thing.id}")
        return Ways(
            options={
                "approve_programme": {"document": papers(shown, DocumentKind.PROGRAMME)},
                "announce_session": {"invitation": papers(shown, DocumentKind.INVITATION)},
                "arrange_session": {"secretary": people},
            },
            chosen={"arrange_session": {"place": whole["place"] or "", "secretary": whole["secretary"] or ""}},
            sample={"arrange_session": {"place": f"{whole['place'] or ''}-"}},  # with another place than it has
        )

    async def _attendance(self, subject: Subject, shown: SessionShown) -> Ways:
        directory, office = shown.directory, subject.office
        people = await self.people(subject, directory, office, purpose=f"attend {shown.thing.id}")
        # At the Chairman's dialogue other bodies attend too, which name their people themselves.
        others = bodies(directory, office) if shown.thing.track is Track.CHAIRMAN else []
        return Ways(options={"assign_attendance": {"unit": [*units(directory, office), *others], "people": people}})

    async def _room(self, subject: Subject, shown: SessionShown, picked: Row | None) -> Ways:
        directory, office = shown.directory, subject.office
        track = shown.thing.track or Track.STAFF
        own, others = units(directory, office), bodies(directory, office)
        attending = {each["unit"]: "" for each in shown.whole["attendance"]} or {each.value: "" for each in own}
        heads = {each["group"]: str(each["heads"]) for each in shown.whole["present"]}
        of_units = {**attending, **{each["unit"]: str(each["heads"]) for each in shown.whole["present_of"]}}
        chosen: dict[str, Mapping[str, Any]] = {
            "raise_item": {"source_group": GROUPS[track][0].value, "kind": "kien_nghi", "field": shown.whole["field"] or ""},
            "record_attendance": {
                "present": [{"group": group.value, "heads": heads.get(group.value, "")} for group in GROUPS[track]],
                "units": [{"unit": unit, "heads": count} for unit, count in of_units.items()],
            },
        }
        if picked is not None:
            put = picked.put
            chosen["record_outcome"] = {
                "case": put["case"],
                "outcome": put["outcome"] or "",
                "answer": picked.answer or "",
                "direction": picked.direction or "",
                "reason": put["reason"] or "",
                "to": put["to"] or "",
                "into": put["into"] or "",
            }
        beside = [row for row in shown.rows if picked is None or row.n != picked.n]
        return Ways(
            options={
                "raise_item": {"field": fields(directory), "concerns_units": own, "locality": others},
                "record_outcome": {
                    "case": [Option(row.put["case"], "") for row in shown.rows],
                    "to": [*others, *own],
                    "into": [Option(row.put["case"], named(row.opinion, row.n)) for row in beside],
                },
                "record_attendance": {
                    "units.unit": [Option(unit, directory.label(unit)) for unit in of_units],
                },
                "sign_minutes": {"document": papers(shown, DocumentKind.MINUTES)},
            },
            chosen=chosen,
            sample={"raise_item": {"source_group": GROUPS[track][0].value}},
        )

    async def sessions_on_request(self, subject: Subject, office: str) -> list[Thing]:
        """The dialogues on request that have not begun: another request can be met there too."""
        found = await self._queries.dialogues.of_office(subject, office, SESSION)
        return [each for each in found if each.label == Trigger.ON_REQUEST and Stage(each.stage) in BEFORE]

    async def meetings_ahead(self, subject: Subject, office: str, directory: Directory) -> list[Thing]:
        """The meetings that a dialogue can still be tied to."""
        found = await self._queries.dialogues.of_office(subject, office, MEETING, first=directory.day)
        return [each for each in found if each.stage in ("du_kien", "doi_lich")]


def named(opinion: Opinion, n: int | None = None) -> str:
    """An opinion in a list to choose from."""
    number = f"{n}. " if n is not None else ""
    if opinion.said is not None:
        return f"{number}{short(opinion.said, 90)}"
    return f"{number}{opinion.field_label or opinion.case}"


def papers(shown: SessionShown, kind: DocumentKind) -> list[Option]:
    """The papers about a dialogue of one kind, by number or state."""
    return options_of(
        (each.id, each.number or each.drafted_at.strftime("%d/%m/%Y")) for each in shown.papers if each.kind == kind
    )


def options_of(pairs: Iterable[tuple[str, str]]) -> list[Option]:
    """Values with what they are called."""
    return [Option(value, label) for value, label in pairs]
