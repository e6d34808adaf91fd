"""Topics as data: what `topics.yaml` declares."""

from pathlib import Path
from typing import Annotated, Final, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

FILE: Final = Path(__file__).with_name("topics.yaml")
DAY_MS: Final = 24 * 60 * 60 * 1_000


class WrongTopics(Exception):
    """The file cannot be used, or the cluster refused; the message says what and what to do."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Defaults(_Strict):
    """What holds for a topic that does not say otherwise. `replication` -1: the cluster's default."""

    replication: int = -1
    max_message_bytes: Annotated[int, Field(ge=1_024)] = 1_048_588


class Topic(_Strict):
    """One topic. Either `retention: forever` or `retention_days`; never compacted."""

    partitions: Annotated[int, Field(ge=1, le=1_000)]
    retention: Literal["forever"] | None = None
    retention_days: Annotated[int, Field(ge=1)] | None = None
    replication: int | None = None
    max_message_bytes: int | None = None

    @model_validator(mode="after")
    def _one_retention(self) -> "Topic":
        if (self.retention is None) == (self.retention_days is None):
            raise ValueError("give either `retention: forever` or `retention_days`")
        return self


class Topics(_Strict):
    """The whole file."""

    defaults: Defaults = Defaults()
    topics: dict[str, Topic]

    def configs(self, name: str) -> dict[str, str]:
        """The settings of one topic as Kafka names them."""
        topic = self.topics[name]
        kept = -1 if topic.retention_days is None else topic.retention_days * DAY_MS
        return {
            "cleanup.policy": "delete",
            "retention.ms": str(kept),
            "retention.bytes": "-1",
            "max.message.bytes": str(topic.max_message_bytes or self.defaults.max_message_bytes),
        }

    def replication(self, name: str) -> int:
        """The wanted number of copies, -1 for the cluster's default."""
        return self.topics[name].replication or self.defaults.replication


def read(file: Path = FILE) -> Topics:
    """The declared topics.

    Raises:
        WrongTopics

    """
    try:
        return Topics.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
    except (OSError, yaml.YAMLError, ValidationError) as error:
        raise WrongTopics(f"{file.name}: {error}") from error
