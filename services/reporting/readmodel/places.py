"""Where an event stands, and how it becomes rows: what both sorts of facts share."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

import orjson

from services.reporting.domain.figures.episodes import Milestone
from services.reporting.readmodel.tables import FACT, OFFICE, STEP, STREAM, VALUE
from shared.eventlog.records import Recorded
from shared.subscriptions.declared import Rows

SOURCES: Final = ("intake", "assignment")
OWN: Final = "reporting"  # whose log holds what an office brought along
LOGS: Final = (*SOURCES, OWN)  # by rank


class Dimension(StrEnum):
    """What an episode has a value of, changing with time."""

    FIELD = "field"
    LEAD = "lead"
    CLASSIFIER = "classifier"  # the unit that classified it
    LOCALITY = "locality"
    SOURCE = "source"
    DUE = "due"
    EXTENSION = "extension"  # a due day moved by an approved extension, which may have come too late
    PARENT = "parent"  # the episode it was split from
    SESSION = "session"  # the dialogue it was put to or raised in
    FLAGS = "flags"  # what marks it as a matter to be settled for good, parted by blanks (R5)
    CONCERNS = "concerns"  # that it is about units or posts, where it is (R16)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an event stands, and the rows it becomes."""

    rows: Rows
    tenant: str
    source: str
    position: int
    recorded: int
    occurred: int
    told: list[tuple[str, Milestone, int | None]] = field(default_factory=list)  # episode, milestone, since when it counts
    offices: dict[str, str] = field(default_factory=dict)  # by matter

    def office(self, office: str, episode: str, unit: str) -> None:
        """Whose matter it is."""
        matter = matter_of(episode)
        self.offices[matter] = office
        self.rows.put(OFFICE, {"tenant": self.tenant, "office": office, "matter": matter, "received_by": unit})

    def milestone(self, kind: Milestone, episode: str, **columns: Any) -> None:
        """A dated fact of an episode."""
        self.told.append((episode, kind, columns.get("since")))
        none = {"since": None, "due": None, "previous": None, "unit": None}
        self.rows.put(FACT, {**self._of(episode), "kind": kind.value, **none, **columns})

    def values(self, episode: str, values: Mapping[Dimension, str | None]) -> None:
        """What an episode has from now on."""
        for dimension, value in values.items():
            self.rows.put(VALUE, {**self._of(episode), "dimension": dimension.value, "value": value})

    def stream(self, office: str, family: str, stream: str) -> None:
        """Whose dialogue, notice, request, proposal or task it is."""
        self.rows.put(STREAM, {"tenant": self.tenant, "office": office, "family": family, "stream": stream})

    def step(self, stream: str, kind: str, said: Mapping[str, Any]) -> None:
        """What happened to it."""
        told = orjson.dumps(said, option=orjson.OPT_SORT_KEYS).decode()
        self.rows.put(STEP, {**self._at(), "stream": stream, "kind": kind, "said": told})

    def _of(self, episode: str) -> dict[str, Any]:
        return {**self._at(), "matter": matter_of(episode), "episode": episode}

    def _at(self) -> dict[str, Any]:
        return {
            "tenant": self.tenant,
            "source": self.source,
            "position": self.position,
            "recorded_at": self.recorded,
            "occurred": self.occurred,
        }


def place_of(recorded: Recorded, rows: Rows) -> Place:
    """The place of an event."""
    record = recorded.record
    return Place(rows, record.tenant, record.service, record.position, record.recorded, record.occurred)


def matter_of(episode: str) -> str:
    """What all episodes of one opinion share: `X` of `X/2`."""
    return episode.rpartition("/")[0]


def first_episode(stream: str) -> str:
    """The first episode of an opinion or of its case: `X/1` of `opinion-X` and of `case-X`."""
    return f"{stream.partition('-')[2]}/1"
