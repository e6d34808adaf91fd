"""What somebody typed into the public form, checked and handed in: an opinion, a request for dialogue, or both at once."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from fastapi import Request
from pydantic import ValidationError

from services.intake.domain.opinion.commands import ReceiveOpinion
from services.intake.domain.submission.commands import ReceiveRequest
from services.intake.entrypoints.pages.behind import Behind
from services.intake.entrypoints.pages.public.attaching import Attaching
from services.intake.entrypoints.pages.public.holding import Held, Holding
from services.intake.handlers.opinions import opinion_under
from services.intake.handlers.submissions import receipt_under
from services.intake.readmodel.receipts.told import OF_THE_PUBLIC
from shared.calendar import local_day
from shared.commands import model_of
from shared.contracts.directory import PLACES, UnitKind
from shared.contracts.opinion import Channel, SourceGroup
from shared.contracts.refusals import Refused
from shared.contracts.types import NAME_LIMIT, WORDS_LIMIT
from shared.text import fold
from shared.web.acts import Act
from shared.web.forms import form_secret
from shared.web.multipart import SentFile
from shared.web.problems import InvalidBody

OPINION: Final = Act(command=ReceiveOpinion)
REQUEST: Final = Act(command=ReceiveRequest)
TRAP: Final = "website"  # no person sees it; programs fill in whatever there is
LONGEST_KEY: Final = 100


class Wants(StrEnum):
    """What is handed in."""

    OPINION = "opinion"
    BOTH = "both"
    DIALOGUE = "dialogue"


class Problem(StrEnum):
    """What is wrong with a value of the form; the page words each."""

    MISSING = "missing"
    TOO_LONG = "too-long"
    UNREADABLE = "unreadable"
    NEEDED_TO_MEET = "needed-to-meet"
    CONSENT = "consent"
    TRAP = "trap"
    KEY_USED = "key-used"
    TOO_OFTEN = "too-often"
    FILES = "files"


@dataclass(frozen=True, slots=True)
class Wrong:
    """A value of the form that cannot stay as it is; `said`: in words, where the house has some already."""

    field: str
    problem: Problem
    said: Refused | None = None


class NotHandedIn(Exception):
    """Nothing, or not all of it, was handed in; pressed again when mended, what was is not handed in twice."""

    def __init__(self, *wrong: Wrong) -> None:
        super().__init__(", ".join(each.field for each in wrong))
        self.wrong = wrong


@dataclass(frozen=True, slots=True)
class Choice:
    """An office or a place to choose."""

    key: str
    label: str


class Submitting:
    """Hands in for whoever is not signed in. Each submission counts as taken in by the office that it is for."""

    def __init__(self, behind: Behind, holding: Holding) -> None:
        self._behind, self._holding = behind, holding
        self.attaching = Attaching(behind)

    async def offices(self) -> tuple[Choice, ...]:
        """The offices that hold dialogues today."""
        directory = await self._behind.directories.at(local_day(self._behind.clock.now()))
        found = [unit.key for unit in directory.units.values() if unit.kind is UnitKind.OFFICE]
        return tuple(Choice(key, directory.label(key)) for key in found)

    async def places(self) -> tuple[Choice, ...]:
        """Where something can have happened: communes and districts of today, in the order of their names."""
        directory = await self._behind.directories.at(local_day(self._behind.clock.now()))
        found = [Choice(unit.key, directory.label(unit.key)) for unit in directory.units.values() if unit.kind in PLACES]
        return tuple(sorted(found, key=lambda each: fold(each.label)))

    async def hand_in(self, request: Request, form: Mapping[str, str], files: Sequence[SentFile]) -> Held:
        """Hand in what was typed; the same form pressed twice is handed in once. Files that cannot be kept lose it nothing.

        Raises:
            NotHandedIn

        """
        wants, wrong = _checked(form)
        kinds = await self.attaching.recognised(files)
        wrong += [Wrong("files", Problem.FILES, each) for each in kinds if isinstance(each, Refused)]
        if wrong:
            raise NotHandedIn(*wrong)
        local_id = self._local_id(request, form["key"])
        streams: list[str] = []
        position = 0
        if wants is not Wants.DIALOGUE:
            stream = opinion_under(self._behind.keyed, self._behind.tenant, form["office"], local_id)
            body = {**_common(form, local_id), "hidden": "hidden" in form}
            position = await self._ask(OPINION, stream, form["office"], body)
            streams.append(stream)
        if wants is not Wants.OPINION:
            stream = receipt_under(self._behind.keyed, "request_receipt", self._behind.tenant, form["office"], local_id)
            body = {**_common(form, local_id), "opinions": streams}
            position = max(position, await self._ask(REQUEST, stream, form["office"], body))
            streams.append(stream)
        speaker = self._holding.subject(streams[0], form["office"])
        attached, all_kept = await self.attaching.keep(streams[0], speaker, files, kinds)
        return Held(tuple(streams), fresh=True, position=max(position, attached), files_lost=not all_kept)

    def _local_id(self, request: Request, key: str) -> str:
        """The same for the same form of the same browser, and nobody else's."""
        return OF_THE_PUBLIC + self._behind.keyed.hex("public-form", form_secret(request), key)[:32]

    async def _ask(self, act: Act, stream: str, office: str, values: Mapping[str, Any]) -> int:
        try:
            body = model_of(act.command).model_validate(values)
        except ValidationError as error:
            found = InvalidBody.of(error).errors
            raise NotHandedIn(*(Wrong(_field(each["field"]), Problem.UNREADABLE) for each in found)) from None
        subject = self._holding.subject(stream, office)
        command_id = f"public/{hashlib.sha256(f'{act.name} {stream}'.encode()).hexdigest()}"
        try:
            done = await self._behind.acting.do(act, body, subject, command_id=command_id, expected=None)
        except Refused as refused:
            if refused.code in ("key-reused", "local-id-taken"):
                raise NotHandedIn(Wrong("words", Problem.KEY_USED)) from refused
            field = getattr(refused, "field", None)
            raise NotHandedIn(Wrong(_field(field or "words"), Problem.UNREADABLE, refused)) from refused
        return done.position


def _checked(form: Mapping[str, str]) -> tuple[Wants, list[Wrong]]:
    """What is wanted, and what is wrong with the form before anything is asked; in the order of the page."""
    wrong = []
    wants = Wants(form["wants"]) if form.get("wants") in set(Wants) else Wants.OPINION
    if not form.get("words", "").strip():
        wrong.append(Wrong("words", Problem.MISSING))
    elif len(form["words"]) > WORDS_LIMIT:
        wrong.append(Wrong("words", Problem.TOO_LONG))
    if not form.get("office"):
        wrong.append(Wrong("office", Problem.MISSING))
    for field in ("name", "contact"):
        text = form.get(field, "").strip()
        if len(text) > NAME_LIMIT:
            wrong.append(Wrong(field, Problem.TOO_LONG))
        elif wants is not Wants.OPINION and not text:
            wrong.append(Wrong(field, Problem.NEEDED_TO_MEET))
    if "consent" not in form:
        wrong.append(Wrong("consent", Problem.CONSENT))
    if form.get(TRAP, "").strip():
        wrong.append(Wrong(TRAP, Problem.TRAP))
    if not 1 <= len(form.get("key", "")) <= LONGEST_KEY:
        wrong.append(Wrong("words", Problem.KEY_USED))
    return wants, wrong


def _common(form: Mapping[str, str], local_id: str) -> dict[str, Any]:
    organisation = form.get("who") == "organisation"
    return {
        "office": form["office"],
        "channel": Channel.ONLINE.value,
        "source_group": (SourceGroup.ORGANISATION if organisation else SourceGroup.PEOPLE).value,
        "words": form["words"].replace("\r\n", "\n").strip(),
        "local_id": local_id,
        "locality": form.get("place") or None,
        "speaker_name": form.get("name", "").strip() or None,
        "speaker_contact": form.get("contact", "").strip() or None,
    }


def _field(of_the_command: str) -> str:
    """What the form calls a value of a command."""
    name = of_the_command.partition(".")[0]
    return {"speaker_name": "name", "speaker_contact": "contact", "locality": "place"}.get(name, name)
