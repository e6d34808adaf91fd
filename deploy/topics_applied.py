"""Topics as they are declared, made true on a cluster; what cannot be changed is said."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import KafkaError, TopicAlreadyExistsError, for_code

from deploy.topics import FILE, Topics, WrongTopics, read

SET_ON_THE_TOPIC: Final = 1  # the source of a setting that was given for this topic


@dataclass(slots=True)
class Applied:
    """What `apply` did and found, one sentence each."""

    changed: list[str] = field(default_factory=list)
    differs: list[str] = field(default_factory=list)


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
