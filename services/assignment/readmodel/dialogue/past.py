"""One thing of an office's dialogue work as it was known then: folded from what was recorded until a moment."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from services.assignment.readmodel.dialogue.projections import DIALOGUE_PROJECTION
from services.assignment.readmodel.dialogue.queries import DialogueQueries, Put, Thing, thing_of
from services.assignment.readmodel.dialogue.tables import dialogue_put, dialogue_thing
from services.assignment.readmodel.dialogue.whole import WHOLE, lines_with
from shared.asof import Moment, position_at
from shared.calendar import local_day
from shared.clock import Clock
from shared.contracts.refusals import Unknown
from shared.directory.queries import Directories
from shared.eventlog import codec
from shared.eventlog.port import EventLog
from shared.permit import Subject
from shared.subscriptions.folded import folded


class Past:
    """The questions of one tenant."""

    def __init__(self, *, dialogues: DialogueQueries, log: EventLog, clock: Clock, directories: Directories) -> None:
        self._dialogues, self._log, self._clock, self._directories = dialogues, log, clock, directories

    async def one(
        self, subject: Subject, kind: str, thing: str, as_of: Moment
    ) -> tuple[Thing, tuple[Put, ...], Mapping[str, Any], int]:
        """Its line, what was put to it, all that it held but words, and the position up to which; its rights are of today.

        Units are called as on the day of that moment.

        Raises:
            Unknown: not there, not his to see, or not there yet at that moment.
            AsOfAhead

        """
        await self._dialogues.one(subject, kind, thing)
        until = await position_at(self._log, as_of, self._clock.now())
        records = await self._log.read_stream(thing)
        facts = [codec.read(record) for record in records if record.position <= until]
        if not facts:
            raise Unknown("id")
        rows = await folded(DIALOGUE_PROJECTION, facts)
        day = local_day(as_of if isinstance(as_of, datetime) else facts[-1].recorded_at)
        directory = await self._directories.at(day)
        found = WHOLE[kind](facts)
        for key in ("unit", "proposer", "division", "to"):
            for line in list(lines_with(found, key)):
                line[f"{key}_label"] = directory.label_on(line[key], day)
        (row,) = rows.of(dialogue_thing)
        puts = tuple(
            Put(case=each["case_id"], raised=bool(each["raised"]), outcome=each["outcome"]) for each in rows.of(dialogue_put)
        )
        return thing_of(row, directory), puts, found, until
