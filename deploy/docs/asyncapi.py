"""The AsyncAPI 3.0 document of an installation: its logs' topics, the feed that units write, and each unit's stream."""

from functools import cache
from importlib.metadata import version
from typing import Any, Final

from pydantic import TypeAdapter

from deploy import topics
from services.assignment.readmodel.tasks.views import TaskItem
from services.intake.domain.opinion.commands import ReceiveOpinion
from services.intake.entrypoints.consumers import MAX_BYTES, TOPIC, TYPE
from shared.commands import model_of
from shared.contracts.registry import EventType, all_events
from shared.feeds.headers import REQUIRED
from shared.feeds.outlet import topic_of_unit

ASYNCAPI: Final = "3.0.0"
MEDIA_TYPE: Final = "application/vnd.aai.asyncapi+json;version=3.0.0"
# The kinds of streams in a service's log; what stands in none of these is the assignment service's alone.
_KINDS: Final = {
    "intake": frozenset(
        {"opinion", "request_receipt", "proposal_receipt", "consolidation", "batch", "telling", "attachment", "log"}
    ),
    "reporting": frozenset({"report", "opening", "document", "register", "log"}),
}
_SHARED: Final = frozenset({"attachment", "document", "register", "log"})
_TEXT: Final = {"type": "string"}
_UNIT: Final = {"tenant": {"description": "The installation, such as sonla."}, "unit": {"description": "The key of the unit."}}
_SAID: Final = {
    "log": "Every fact of one service in the order of its log; key: the log's name; `ce_hash` follows from what arrived.",
    "feed": "Opinions that units' own systems hand in; key: the unit; what became of each: GET /intake/api/feed/{unit}.",
    "unit": "What one unit is asked, item by item; `previous` names the item before it, so nothing is missed unseen.",
}


@cache
def document() -> dict[str, Any]:
    """The document; nothing in it depends on what the installation holds."""
    schemas: dict[str, Any] = {}
    messages = {each.name: _message(each, schemas) for each in all_events()}
    messages["unit.item"] = _item(schemas)
    messages["opinion.fed"] = _fed(schemas)
    channels = {name: _channel(name, messages) for name in topics.read().topics}
    channels["unit.stream"] = {
        "address": topic_of_unit("{tenant}", "{unit}"),
        "description": _SAID["unit"],
        "parameters": _UNIT,
        "messages": {"unit.item": {"$ref": "#/components/messages/unit.item"}},
        "servers": [{"$ref": "#/servers/units"}],
        "bindings": {"kafka": {"partitions": 1}},
    }
    return {
        "asyncapi": ASYNCAPI,
        "info": {
            "title": "doithoai",
            "version": version("doithoai"),
            "description": "CloudEvents 1.0 in binary mode. No event and no item holds a word of what was said, nor a name.",
        },
        "defaultContentType": "application/json",
        "servers": _servers(),
        "channels": channels,
        "operations": {_operation(name): _done(name) for name in channels},
        "components": {"messages": messages, "schemas": schemas, "securitySchemes": {"scram": _SCRAM}},
    }


_SCRAM: Final = {"type": "scramSha512", "description": "A user of each unit, made by `doithoai topics apply --units`."}


def _servers() -> dict[str, Any]:
    house = "Within the house: its own processes."
    units = "For units' systems: a user reads its unit's topic, in consumer groups that begin with the topic's name."
    return {
        "house": {"host": "{bootstrap}", "protocol": "kafka", "description": house, "variables": _BOOTSTRAP},
        "units": {
            "host": "{bootstrap}",
            "protocol": "kafka-secure",
            "description": units,
            "variables": _BOOTSTRAP,
            "security": [{"$ref": "#/components/securitySchemes/scram"}],
        },
    }


_BOOTSTRAP: Final = {"bootstrap": {"description": "Host and port that the operator names.", "default": "127.0.0.1:9092"}}


def _channel(name: str, messages: dict[str, Any]) -> dict[str, Any]:
    declared = topics.read()
    fed = name == TOPIC
    carried = ["opinion.fed"] if fed else sorted(each.name for each in all_events() if name in _logs_of(each))
    return {
        "address": name,
        "description": _SAID["feed" if fed else "log"],
        "messages": {each: {"$ref": f"#/components/messages/{each}"} for each in carried},
        "servers": [{"$ref": "#/servers/house"}],
        "bindings": {"kafka": {"partitions": declared.topics[name].partitions}},
    }


def _logs_of(event: EventType) -> frozenset[str]:
    """The topics whose log holds streams of that kind."""
    kind = event.stream_kind
    services = {service for service, kinds in _KINDS.items() if kind in kinds}
    if not services or kind in _SHARED:
        services.add("assignment")
    return frozenset(f"{service}.log" for service in services)


def _operation(channel: str) -> str:
    return f"{'send' if channel == TOPIC else 'receive'}.{channel}"


def _done(channel: str) -> dict[str, Any]:
    """What those outside do: send what they feed, receive everything else."""
    return {"action": "send" if channel == TOPIC else "receive", "channel": {"$ref": f"#/channels/{channel}"}}


def _message(event: EventType, schemas: dict[str, Any]) -> dict[str, Any]:
    told = (event.cls.__doc__ or "").strip().partition("\n")[0]
    return {
        "name": f"{event.name}.v{event.version}",
        "title": event.cls.__name__,
        "summary": told,
        "contentType": "application/json",
        "headers": _headers(sorted(REQUIRED), {"ce_type": f"{event.name}.v{event.version}"}),
        "payload": _payload(event.name, TypeAdapter(event.cls).json_schema(mode="serialization"), schemas),
    }


def _item(schemas: dict[str, Any]) -> dict[str, Any]:
    names = [*(f"ce_{each}" for each in ("id", "position", "previous", "source", "specversion", "subject", "time", "type"))]
    return {
        "name": "unit.item",
        "title": "TaskItem",
        "summary": "One item of a unit's stream.",
        "contentType": "application/json",
        "headers": _headers([*names, "content-type"], {}),
        "payload": _payload("unit.item", TypeAdapter(TaskItem).json_schema(mode="serialization"), schemas),
    }


def _fed(schemas: dict[str, Any]) -> dict[str, Any]:
    schema = model_of(ReceiveOpinion).model_json_schema()
    needed = sorted({*schema.get("required", ()), "local_id"})
    moment = {"type": "string", "format": "date-time"}
    whole = {**schema, "required": needed, "properties": {**schema["properties"], "occurred_at": moment}}
    headers = _headers(["ce_signature", "ce_type"], {"ce_type": TYPE})
    headers["properties"]["ce_signature"] = {
        "type": "string",
        "description": "HMAC-SHA256 of the value under the unit's feed key, hex.",
    }
    return {
        "name": TYPE,
        "title": "ReceiveOpinion",
        "summary": f"An opinion that a unit feeds, up to {MAX_BYTES} bytes.",
        "contentType": "application/json",
        "headers": headers,
        "payload": _payload("opinion.fed", whole, schemas),
    }


def _headers(names: list[str], fixed: dict[str, str]) -> dict[str, Any]:
    known = {"ce_specversion": "1.0", "content-type": "application/json", **fixed}
    return {
        "type": "object",
        "required": names,
        "properties": {name: {"type": "string", "const": known[name]} if name in known else _TEXT for name in names},
    }


def _payload(name: str, schema: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    """A schema among all others, its own definitions under names of its own."""
    own = {inner: f"{name}.{inner}" for inner in schema.get("$defs", {})}
    for inner, definition in schema.get("$defs", {}).items():
        schemas[own[inner]] = _led(definition, own)
    schemas[name] = _led({key: value for key, value in schema.items() if key != "$defs"}, own)
    return {"$ref": f"#/components/schemas/{name}"}


def _led(value: Any, own: dict[str, str]) -> Any:
    if isinstance(value, list):
        return [_led(each, own) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        key: f"#/components/schemas/{own[each.removeprefix('#/$defs/')]}" if key == "$ref" else _led(each, own)
        for key, each in value.items()
    }
