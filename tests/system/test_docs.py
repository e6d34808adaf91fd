"""The descriptions of the API and of events: whole, standing on their own, on pages that need nothing from elsewhere."""

import asyncio
import re
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx2
import pytest

from deploy import topics
from deploy.application import application
from deploy.docs import asyncapi
from deploy.docs.reading import fields, takes
from deploy.ground import ground_of
from deploy.house import writing
from shared.contracts.registry import all_events


@pytest.fixture(scope="module")
def served(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Any]:
    """What a new house answers to whoever is not signed in, by path."""
    return asyncio.run(_answers(Path(shutil.copytree(made, tmp_path_factory.mktemp("docs") / "data"))))


async def _answers(data: Path) -> Mapping[str, Any]:
    found: dict[str, Any] = {}
    async with writing(ground_of(data, None), "serve") as house:
        transport = httpx2.ASGITransport(app=application(house, "secret", {}))
        async with httpx2.AsyncClient(transport=transport, base_url="http://house") as client:
            for path in ("/openapi.json", "/asyncapi.json", "/docs", "/docs?lang=en", "/docs/events", "/docs/follow_unit.py"):
                found[path] = await client.get(path)
            for path in dict.fromkeys(re.findall(r'href="(/docs/api/[^"#]+)"', found["/docs"].text)):
                found[path] = await client.get(path)
            found["unknown"] = await client.get("/docs/api/intake/nothing")
    return found


def references(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, each in value.items():
            if key == "$ref":
                yield each
            else:
                yield from references(each)
    elif isinstance(value, list):
        for each in value:
            yield from references(each)


def leads_somewhere(whole: Any, reference: str) -> bool:
    found = whole
    for step in reference.removeprefix("#/").split("/"):
        if step not in found:
            return False
        found = found[step]
    return True


@pytest.mark.parametrize("path", ["/openapi.json", "/asyncapi.json"])
def test_no_reference_of_a_description_leads_nowhere(served: Mapping[str, Any], path: str) -> None:
    whole = served[path].json()
    found = set(references(whole))
    assert len(found) > 50
    assert [each for each in sorted(found) if not leads_somewhere(whole, each)] == []


def test_every_route_tells_every_answer_that_the_frame_gives(served: Mapping[str, Any]) -> None:
    described = served["/openapi.json"].json()
    changing = described["paths"]["/intake/api/opinions/{opinion}/classification"]["post"]["responses"]
    assert set(changing) == {
        *("200", "400", "401", "403", "404", "406", "408", "409", "412", "413", "415", "422", "428", "429", "500", "503"),
    }
    assert {"ETag", "Position"} <= set(changing["200"]["headers"])
    asking = described["paths"]["/intake/api/opinions/{opinion}"]["get"]["responses"]
    assert {"401", "403", "404", "422"} <= set(asking)
    assert {"412", "428", "413"} & set(asking) == set()
    outside = described["paths"]["/intake/api/receipts/{code}"]["get"]["responses"]
    assert "401" not in outside
    assert "429" in outside
    told = described["components"]["responses"]
    assert "`stale-version`" in told["Problem412"]["description"]
    assert "`not-signed-in`" in told["Problem401"]["description"]


def test_a_body_is_described_without_what_its_path_names(served: Mapping[str, Any]) -> None:
    described = served["/openapi.json"].json()
    asked = described["paths"]["/intake/api/opinions/{opinion}/classification"]["post"]
    body = asked["requestBody"]["content"]["application/json"]["schema"]
    assert "opinion" not in body["properties"]
    assert sorted(body["required"]) == ["field", "kind"]
    assert body["properties"]["occurred_at"]["format"] == "date-time"
    named = {each["name"]: each["schema"] for each in asked["parameters"]}
    assert named["opinion"]["maxLength"] == 100
    assert re.search(named["If-Match"]["pattern"], '"3"')


def test_asyncapi_declares_every_event_every_topic_and_each_units_stream(served: Mapping[str, Any]) -> None:
    answer = served["/asyncapi.json"]
    document = answer.json()
    assert answer.headers["content-type"].startswith("application/vnd.aai.asyncapi+json")
    assert document["asyncapi"] == "3.0.0"
    assert {each.name for each in all_events()} < set(document["components"]["messages"])
    addresses = {each["address"] for each in document["channels"].values()}
    assert addresses == {*topics.read().topics, "tasks.{tenant}.{unit}"}
    carried = {name for channel in document["channels"].values() for name in channel["messages"]}
    assert carried == set(document["components"]["messages"])
    stream = document["channels"]["unit.stream"]
    assert stream["servers"] == [{"$ref": "#/servers/units"}]
    assert document["servers"]["units"]["security"] == [{"$ref": "#/components/securitySchemes/scram"}]
    assert document["components"]["securitySchemes"]["scram"]["type"] == "scramSha512"


def test_asyncapi_has_the_structure_that_version_three_asks_for(served: Mapping[str, Any]) -> None:
    document = served["/asyncapi.json"].json()
    assert {"asyncapi", "info", "servers", "channels", "operations", "components"} <= set(document)
    assert {"title", "version"} <= set(document["info"])
    named = [
        *document["channels"],
        *document["operations"],
        *document["components"]["messages"],
        *document["components"]["schemas"],
    ]
    assert [each for each in named if not re.fullmatch(r"[A-Za-z0-9._-]+", each)] == []
    for each in document["servers"].values():
        assert {"host", "protocol"} <= set(each)
    for channel in document["channels"].values():
        assert set(re.findall(r"{(\w+)}", channel["address"])) == set(channel.get("parameters", {}))
    for operation in document["operations"].values():
        assert operation["action"] in ("send", "receive")
        assert operation["channel"]["$ref"].removeprefix("#/channels/") in document["channels"]
    for message in document["components"]["messages"].values():
        assert {"name", "summary", "contentType", "headers", "payload"} <= set(message)


def test_what_stands_in_the_logs_is_declared_for_their_topics(made: Path) -> None:
    document = asyncapi.document()
    for service in ("intake", "assignment", "reporting"):
        with closing(sqlite3.connect(made / f"{service}.db")) as connection:
            written = {name for (name,) in connection.execute("select distinct type from event")}
        assert written <= set(document["channels"][f"{service}.log"]["messages"])


def test_every_route_and_every_message_has_its_place_on_a_page(served: Mapping[str, Any]) -> None:
    described = served["/openapi.json"].json()
    pages = "".join(answer.text for path, answer in served.items() if path.startswith("/docs/api/"))
    for path, item in described["paths"].items():
        for operation in item.values():
            assert f"<code>{path}</code>" in pages
            assert f'id="{operation["operationId"]}"' in pages
    events = served["/docs/events"].text
    for event in all_events():
        assert f"<code>{event.name}.v{event.version}</code>" in events
    assert "tasks.{tenant}.{unit}" in events


def test_the_pages_ask_no_other_host_and_run_no_script_of_their_own(served: Mapping[str, Any]) -> None:
    shown = [
        answer for path, answer in served.items() if path.startswith("/docs") and "text/html" in answer.headers["content-type"]
    ]
    assert len(shown) > 20
    for answer in shown:
        assert answer.status_code == 200
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert re.findall(r'(?:src|href|action)="(?:https?:)?//[^"]*"', answer.text) == []
        assert re.findall(r"<script(?![^>]*\ssrc=)|<style|\son\w+=|\sstyle=", answer.text) == []


def test_the_sample_program_is_there_as_text(served: Mapping[str, Any]) -> None:
    assert 'href="/docs/follow_unit.py"' in served["/docs"].text
    answer = served["/docs/follow_unit.py"]
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert "AIOKafkaConsumer" in answer.text
    compile(answer.text, "follow_unit.py", "exec")


def test_a_group_that_is_not_there_is_not_found(served: Mapping[str, Any]) -> None:
    assert served["unknown"].status_code == 404


def test_the_page_is_in_english_for_whoever_asks(served: Mapping[str, Any]) -> None:
    assert "Programming interface" in served["/docs?lang=en"].text


def test_fields_within_fields_are_shown_by_their_way() -> None:
    inner = {"type": "object", "required": ["words"], "properties": {"words": {"type": "string", "maxLength": 9}}}
    whole = {"components": {"schemas": {"Part": inner}}}
    part = {"$ref": "#/components/schemas/Part"}
    schema = {"properties": {"parts": {"type": "array", "items": part}, "one": {"anyOf": [part, {"type": "null"}]}}}
    found = [(each.name, each.needed, each.takes) for each in fields(schema, whole)]
    assert found == [
        ("parts", False, "list of object"),
        ("parts[].words", True, "string, up to length 9"),
        ("one", False, "object | null"),
        ("one.words", True, "string, up to length 9"),
    ]
    assert takes({"enum": ["a", "b"]}, whole) == "a | b"
