"""Topics as data, applied to a real broker."""

from pathlib import Path

import pytest
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from deploy.servers.kafka import Broker
from deploy.topics import WrongTopics, read
from deploy.topics_applied import apply
from shared.eventlog.port import MAX_EVENT_BYTES
from tests.support.kafka_fixtures import MakeTopic


def test_the_topics_of_an_installation_are_declared() -> None:
    declared = read()
    assert set(declared.topics) == {"intake.log", "assignment.log", "reporting.log", "feed.opinions"}


def test_a_logs_topic_keeps_everything_and_is_never_compacted() -> None:
    declared = read()
    for name in declared.topics:
        configs = declared.configs(name)
        assert configs["cleanup.policy"] == "delete"
        assert int(configs["max.message.bytes"]) > 2 * MAX_EVENT_BYTES
        if name.endswith(".log"):
            assert (configs["retention.ms"], configs["retention.bytes"]) == ("-1", "-1")


@pytest.mark.parametrize(
    "content",
    ["topics: [", "topics: {a.log: {partitions: 4}}", "topics: {a.log: {partitions: 0, retention: forever}}", "topic: {}"],
)
def test_a_wrong_file_is_refused(tmp_path: Path, content: str) -> None:
    file = tmp_path / "topics.yaml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(WrongTopics, match=r"topics\.yaml"):
        read(file)


@pytest.fixture
def declared(tmp_path: Path, unique: str) -> Path:
    file = tmp_path / "topics.yaml"
    lines = [
        "topics:",
        f"  {unique}.log: {{partitions: 3, retention: forever}}",
        f"  {unique}.feed: {{partitions: 2, retention_days: 30}}",
    ]
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


@pytest.mark.servers
async def test_applying_twice_changes_nothing_the_second_time(kafka: Broker, declared: Path, unique: str) -> None:
    first = await apply(kafka.bootstrap, declared)
    assert sorted(first.changed) == [
        f"{unique}.feed: created with 2 partitions",
        f"{unique}.log: created with 3 partitions",
    ]
    second = await apply(kafka.bootstrap, declared)
    assert (second.changed, second.differs) == ([], [])


@pytest.mark.servers
async def test_what_differs_is_mended_or_said(kafka: Broker, declared: Path, unique: str, make_topic: MakeTopic) -> None:
    await make_topic(f"{unique}.log", 5)
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka.bootstrap)
    await admin.start()
    strange = {"retention.ms": "1000", "segment.ms": "60000"}
    await admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, f"{unique}.log", strange)])
    await admin.close()
    applied = await apply(kafka.bootstrap, declared)
    assert f"{unique}.log: retention.ms 1000 -> -1" in applied.changed
    assert any("5 partitions, 3 declared" in line for line in applied.differs)
    assert f"{unique}.log: segment.ms=60000 is set on the cluster and not declared" in applied.differs
    again = await apply(kafka.bootstrap, declared)
    assert again.changed == []
    assert again.differs == applied.differs


async def test_an_absent_cluster_is_said() -> None:
    with pytest.raises(WrongTopics, match="KafkaConnectionError"):
        await apply("127.0.0.1:1")
