"""Every text that any command takes, wherever it stands in the body, is bounded and refuses what no text can be."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import pytest
from pydantic import ValidationError

from deploy.catalogue import all_commands
from shared.commands import model_of

Path = tuple[str | int, ...]
NO_TEXT: Final = ("a\x00b", "\x07", "\ud800", "x" * 100_000)


def texts_of(schema: Mapping[str, Any], named: Mapping[str, Any], path: Path = ()) -> Iterator[Path]:
    """The place of every text in a body; `0` stands for any item of a list."""
    if "$ref" in schema:
        schema = named[schema["$ref"].rpartition("/")[2]]
    for either in schema.get("anyOf", ()):
        yield from texts_of(either, named, path)
    match schema.get("type"):
        case "string":
            yield path
        case "array":
            yield from texts_of(schema.get("items") or schema["prefixItems"][0], named, (*path, 0))
        case "object":
            for name, each in schema.get("properties", {}).items():
                yield from texts_of(each, named, (*path, name))


def holding(path: Path, value: str) -> Any:
    """A body that holds nothing but `value` at `path`."""
    if not path:
        return value
    first, rest = path[0], holding(path[1:], value)
    return [rest] if first == 0 else {first: rest}


@pytest.mark.parametrize("command", sorted(all_commands()))
def test_no_command_takes_what_is_no_text_at_any_place(command: str) -> None:
    model = model_of(all_commands()[command])
    schema = model.model_json_schema()
    places = set(texts_of(schema, schema.get("$defs", {})))
    assert places  # whatever is asked names something
    for path in places:
        for value in NO_TEXT:
            with pytest.raises(ValidationError) as refused:
                model.model_validate(holding(path, value))
            wrong = [error["loc"][: len(path)] for error in refused.value.errors(include_input=False)]
            assert path in wrong, (path, value[:10])
