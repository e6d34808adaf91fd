"""Topics as data: what `topics.yaml` says is made true on a cluster, and what cannot be changed is said."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import yaml
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import KafkaError, TopicAlreadyExistsError, for_code
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

FILE: Final = Path(__file__).with_name("topics.yaml")
DAY_MS: Final = 24 * 60 * 60 * 1_000
SET_ON_THE_TOPIC: Final = 1  # the source of a setting that was given for this topic


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


@dataclass(slots=True)
class Applied:
    """What `apply` did and found, one sentence each."""

    changed: list[str] = field(default_factory=list)
    differs: list[str] = field(default_factory=list)


def read(file: Path = FILE) -> Topics:
    """The declared topics.

    Raises:
        WrongTopics

    """
    try:
        return Topics.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
    except (OSError, yaml.YAMLError, ValidationError) as error:
        raise WrongTopics(f"{file.name}: {error}") from error


async def apply(bootstrap: str, file: Path = FILE) -> Applied:
    """Make the topics of `file` exist with their settings; a second time changes nothing.

    Raises:
        WrongTopics: the file is wrong, the brokers are away or refuse.

    """
    declared = read(file)
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    try:
        await admin.start()
        return await _apply(admin, declared)
    except KafkaError as error:
        raise WrongTopics(
            f"Kafka at {bootstrap} did not do it ({type(error).__name__}): is it running and are we allowed?"
        ) from error
    finally:
        await admin.close()


async def _apply(admin: AIOKafkaAdminClient, declared: Topics) -> Applied:
    applied = Applied()
    there = set(await admin.list_topics())
    missing = [name for name in declared.topics if name not in there]
    if missing:
        await _create(admin, declared, missing, applied)
    old = [name for name in declared.topics if name in there]
    if old:
        await _compare_partitions(admin, declared, old, applied)
        await _configure(admin, declared, old, applied)
    return applied


async def _create(admin: AIOKafkaAdminClient, declared: Topics, names: list[str], applied: Applied) -> None:
    # Empty assignments beside a -1 are how this client lets the cluster choose.
    wanted = [
        NewTopic(
            name,
            declared.topics[name].partitions,
            declared.replication(name),
            *_assignments(declared, name),
            declared.configs(name),
        )
        for name in names
    ]
    answer = await admin.create_topics(wanted)
    for name, code, *_ in answer.topic_errors:
        if for_code(code) is TopicAlreadyExistsError:  # made by someone else meanwhile
            continue
        _unless(code, f"{name} could not be created")
        applied.changed.append(f"{name}: created with {declared.topics[name].partitions} partitions")


def _assignments(declared: Topics, name: str) -> tuple[dict[int, list[int]] | None]:
    return ({},) if declared.replication(name) == -1 else (None,)


async def _compare_partitions(admin: AIOKafkaAdminClient, declared: Topics, names: list[str], applied: Applied) -> None:
    for described in await admin.describe_topics(names):
        name, partitions = described["topic"], described["partitions"]
        wanted, copies = declared.topics[name].partitions, declared.replication(name)
        if len(partitions) != wanted:
            found = f"{name}: {len(partitions)} partitions, {wanted} declared"
            applied.differs.append(f"{found}; a change moves logs to other partitions, so it is left to you")
        if copies != -1 and any(len(partition["replicas"]) != copies for partition in partitions):
            applied.differs.append(f"{name}: not every partition has {copies} copies; reassign its replicas")


async def _configure(admin: AIOKafkaAdminClient, declared: Topics, names: list[str], applied: Applied) -> None:
    for name in names:
        present, given = await _present(admin, name)
        wrong = {key: value for key, value in declared.configs(name).items() if present.get(key) != value}
        if wrong:
            # The request replaces all settings of the topic: those given by others go along.
            settings = {**given, **wrong}
            answers = await admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, name, settings)])
            for answer in answers:
                for code, *_ in answer.resources:
                    _unless(code, f"{name} could not be changed")
            applied.changed += [f"{name}: {key} {present.get(key)} -> {value}" for key, value in wrong.items()]
        strange = {key: value for key, value in given.items() if key not in declared.configs(name)}
        applied.differs += [f"{name}: {key}={value} is set on the cluster and not declared" for key, value in strange.items()]


async def _present(admin: AIOKafkaAdminClient, name: str) -> tuple[dict[str, str], dict[str, str]]:
    """All settings of a topic, and those that were given for it."""
    answers = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, name)])
    present: dict[str, str] = {}
    given: dict[str, str] = {}
    for answer in answers:
        for code, _message, _type, _name, entries in answer.resources:
            _unless(code, f"{name} could not be read")
            for key, value, _read_only, source, *_ in entries:
                present[key] = value
                if source == SET_ON_THE_TOPIC:
                    given[key] = value
    return present, given


def _unless(code: int, what: str) -> None:
    error: Any = for_code(code)
    if code:
        raise WrongTopics(f"{what}: {error.__name__}")
