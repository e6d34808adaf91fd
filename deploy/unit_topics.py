"""Units' own topics on a cluster: each with a user that reads it, in groups of its own, and nothing else."""

import secrets
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, Final

from confluent_kafka import KafkaException
from confluent_kafka.admin import (
    AclBinding,
    AclBindingFilter,
    AclOperation,
    AclPermissionType,
    AdminClient,
    ConfigResource,
    NewTopic,
    ResourcePatternType,
    ResourceType,
    ScramCredentialInfo,
    ScramMechanism,
    UserScramCredentialDeletion,
    UserScramCredentialUpsertion,
)

from deploy.topics import DAY_MS, WrongTopics
from shared.feeds.outlet import topic_of_unit

SECONDS: Final = 30.0
ITERATIONS: Final = 8_192
MECHANISM: Final = ScramMechanism.SCRAM_SHA_512
RETENTION_DAYS: Final = 400  # a unit that comes back after a year still reads what it missed; all of it is in the log


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A new user of a unit. The password is shown this once."""

    unit: str
    user: str
    password: str = field(repr=False)
    topic: str


@dataclass(slots=True)
class Applied:
    """What `apply` did and found, one sentence each."""

    changed: list[str] = field(default_factory=list)
    differs: list[str] = field(default_factory=list)


def user_of(tenant: str, unit: str) -> str:
    """The name under which a unit's systems sign in."""
    return f"{tenant}.{unit}"


def apply(
    bootstrap: str, tenant: str, units: Iterable[str], *, opened: Callable[[Opened], None], renew: Iterable[str] = ()
) -> Applied:
    """Make the topic, user and rights of each unit that are not there; a second time changes nothing.

    `opened` is told each new password before it opens anything.

    Users of units that are none any more lose their rights and cannot sign in; their topics stay. `renew`: units that are
    given a new password.

    Raises:
        WrongTopics: the brokers are away, refuse, or keep no rights at all.

    """
    admin = AdminClient({"bootstrap.servers": bootstrap, "socket.timeout.ms": 10_000})
    applied = Applied()
    wanted = {user_of(tenant, unit): unit for unit in units}
    try:
        present = _rights(admin, tenant)
        _make_topics(admin, [topic_of_unit(tenant, unit) for unit in wanted.values()], applied)
        _grant(admin, tenant, wanted, present, applied)
        _take_back(admin, present, present.keys() - wanted.keys(), applied)
        _let_in(admin, tenant, wanted, set(renew), opened, applied)
    except KafkaException as error:
        code = error.args[0].name()
        if code == "SECURITY_DISABLED":
            said = "the brokers keep no rights: set authorizer.class.name and a SASL listener for units"
        else:
            said = f"Kafka at {bootstrap} did not do it ({code}): is it running and are we allowed?"
        raise WrongTopics(said) from error
    return applied


def _rights(admin: AdminClient, tenant: str) -> Mapping[str, set[AclBinding]]:
    """The rights of this tenant's users, by user."""
    anything = AclBindingFilter(
        ResourceType.ANY, None, ResourcePatternType.ANY, None, None, AclOperation.ANY, AclPermissionType.ANY
    )
    found: dict[str, set[AclBinding]] = {}
    for each in admin.describe_acls(anything, request_timeout=SECONDS).result(SECONDS):
        user = each.principal.removeprefix("User:")
        if user.startswith(f"{tenant}."):
            found.setdefault(user, set()).add(each)
    return found


def _make_topics(admin: AdminClient, topics: list[str], applied: Applied) -> None:
    there = admin.list_topics(timeout=SECONDS).topics
    settings = {"cleanup.policy": "delete", "retention.ms": str(RETENTION_DAYS * DAY_MS), "retention.bytes": "-1"}
    missing = [topic for topic in topics if topic not in there]
    if missing:
        # One partition: a unit's stream is one order.
        _all(admin.create_topics([NewTopic(topic, 1, -1, config=settings) for topic in missing], request_timeout=SECONDS))
        applied.changed += [f"{topic}: created" for topic in missing]
    for topic in topics:
        if topic in there and len(there[topic].partitions) != 1:
            applied.differs.append(f"{topic}: {len(there[topic].partitions)} partitions, one is what keeps its order")
    old = [ConfigResource(ConfigResource.Type.TOPIC, topic) for topic in topics if topic in there]
    for resource, answer in (admin.describe_configs(old, request_timeout=SECONDS) if old else {}).items():
        kept = answer.result(SECONDS)["retention.ms"].value
        if kept != settings["retention.ms"]:
            applied.differs.append(f"{resource.name}: retention.ms {kept}, {settings['retention.ms']} declared")


def _wanted_rights(tenant: str, user: str, unit: str) -> set[AclBinding]:
    topic = topic_of_unit(tenant, unit)

    def allow(kind: ResourceType, name: str, pattern: ResourcePatternType, operation: AclOperation) -> AclBinding:
        return AclBinding(kind, name, pattern, f"User:{user}", "*", operation, AclPermissionType.ALLOW)

    return {
        allow(ResourceType.TOPIC, topic, ResourcePatternType.LITERAL, AclOperation.READ),
        allow(ResourceType.TOPIC, topic, ResourcePatternType.LITERAL, AclOperation.DESCRIBE),
        # The group carries the topic's whole name, so that no unit's name that begins another's reaches it.
        allow(ResourceType.GROUP, topic, ResourcePatternType.LITERAL, AclOperation.READ),
    }


def _grant(
    admin: AdminClient, tenant: str, wanted: Mapping[str, str], present: Mapping[str, set[AclBinding]], applied: Applied
) -> None:
    for user, unit in wanted.items():
        rights = _wanted_rights(tenant, user, unit)
        missing, further = rights - present.get(user, set()), present.get(user, set()) - rights
        if missing:
            _all(admin.create_acls(list(missing), request_timeout=SECONDS))
            applied.changed.append(f"{user}: may read {topic_of_unit(tenant, unit)} in the group of that name")
        applied.differs += [f"{user}: may {each.operation.name} {each.name}, which is not declared" for each in further]


def _take_back(admin: AdminClient, present: Mapping[str, set[AclBinding]], users: Iterable[str], applied: Applied) -> None:
    for user in sorted(users):
        exactly = [
            AclBindingFilter(
                each.restype,
                each.name,
                each.resource_pattern_type,
                each.principal,
                each.host,
                each.operation,
                each.permission_type,
            )
            for each in present[user]
        ]
        _all(admin.delete_acls(exactly, request_timeout=SECONDS))
        _all(admin.alter_user_scram_credentials([UserScramCredentialDeletion(user, MECHANISM)], request_timeout=SECONDS))
        applied.changed.append(f"{user}: lost its rights and cannot sign in any more, for its unit is none any more")


def _let_in(
    admin: AdminClient,
    tenant: str,
    wanted: Mapping[str, str],
    renew: set[str],
    opened: Callable[[Opened], None],
    applied: Applied,
) -> None:
    known = _users(admin, wanted)
    for user, unit in wanted.items():
        if user in known and unit not in renew:
            continue
        password = secrets.token_urlsafe(32)
        opened(Opened(unit=unit, user=user, password=password, topic=topic_of_unit(tenant, unit)))
        credential = UserScramCredentialUpsertion(user, ScramCredentialInfo(MECHANISM, ITERATIONS), password.encode())
        _all(admin.alter_user_scram_credentials([credential], request_timeout=SECONDS))
        applied.changed.append(f"{user}: {'has a new password' if user in known else 'may sign in'}")


def _users(admin: AdminClient, wanted: Iterable[str]) -> set[str]:
    """Those that can sign in already."""
    asked = admin.describe_user_scram_credentials(None, request_timeout=SECONDS).result(SECONDS)
    return set(asked) & set(wanted)


def _all(answers: Mapping[Any, "Future[Any]"]) -> None:
    for answer in answers.values():
        answer.result(SECONDS)
