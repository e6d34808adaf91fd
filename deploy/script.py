"""The dated script that `do` performs: one JSON object a line, parsed and checked before anything is done."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, Final

import orjson
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError, field_validator

from shared import commands
from shared.clock import VIETNAM
from shared.contracts.registry import all_events
from shared.contracts.roles import Role
from shared.instants import Instant

MAX_LINE_BYTES: Final = 1_048_576
MAX_LINES: Final = 1_000_000
REF: Final = "ref"
PLACEHOLDER: Final = "opinion-REF"

KINDS: Final = frozenset(declared.stream_kind for declared in all_events())
# Things that carry one suffix, so that each gives the others.
RELATED: Final[Mapping[str, tuple[str, ...]]] = {
    "case": ("opinion",),
    "opinion": ("case",),
    "request": ("request_receipt",),
    "request_receipt": ("request",),
    "proposal": ("proposal_receipt",),
    "proposal_receipt": ("proposal",),
}
MERGING_CASES: Final = frozenset({"merge_case", "record_outcome", "refer_opinion"})


class WrongScript(Exception):
    """A line cannot be performed as it is written; names the line, the field, and what is wrong."""

    def __init__(self, line: int, field: str, message: str) -> None:
        self.line, self.field, self.message = line, field, message
        super().__init__(f"line {line}{f', {field}' if field else ''}: {message}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line as written. `at` is the recorded time, `occurred_at` the office's claim; `name` is the script's `id`."""

    number: int
    at: datetime | None
    name: str | None
    occurred_at: datetime | None
    office: str
    actor: str
    unit: str
    capacity: Role
    command: str
    data: Mapping[str, Any]
    command_id: str


def _instant(value: Any) -> Any:
    """A time without an offset is local time in Vietnam; a day is its first instant."""
    if not isinstance(value, str):
        raise ValueError("is an ISO 8601 date and time in quotes, such as 2023-01-06T09:00:00+07:00")  # noqa: TRY004
    parsed = datetime.fromisoformat(value)
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=VIETNAM)


LocalInstant = Annotated[Instant, BeforeValidator(_instant)]
_Unit = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9]*(-[A-Z0-9]+)*$", max_length=32)]
_Person = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
_Command = Annotated[str, StringConstraints(pattern=r"^[a-z]+(_[a-z]+)*$", max_length=60)]


class _Written(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    at: LocalInstant | None = None
    id: Annotated[str, StringConstraints(pattern=r"^[^\s/][^\s/]{0,79}$")] | None = None
    occurred_at: LocalInstant | None = None
    office: _Unit
    actor: _Person
    unit: _Unit
    capacity: Role
    command: _Command
    data: dict[str, Any] = Field(default_factory=dict)

    @field_validator("capacity")
    @classmethod
    def _a_person(cls, value: Role) -> Role:
        if value is Role.SYSTEM:
            raise ValueError("no person acts as the house itself: name the capacity the person acts in")
        return value


def parse(raw: bytes, name: str) -> list[Line]:
    """The lines of the script called `name`; empty lines are passed over.

    Raises:
        WrongScript: the first line that is not what a line must be, times that go back, a name given twice.

    """
    lines: list[Line] = []
    names: set[str] = set()
    unnamed: Counter[bytes] = Counter()
    latest: datetime | None = None
    for number, content in _lines(raw):
        line = _line(number, content, name, unnamed)
        if line.name is not None and line.name in names:
            raise WrongScript(number, "id", f"{line.name} was given to an earlier line: names are given once")
        if line.at is not None and latest is not None and line.at < latest:
            raise WrongScript(number, "at", f"{line.at.isoformat()} lies before the line above it ({latest.isoformat()})")
        latest = line.at or latest
        names |= {line.name} if line.name is not None else set()
        lines.append(line)
    return lines


def check(lines: Sequence[Line], known: Mapping[str, type], *, script_clock: bool) -> None:
    """Refuse what can be seen without performing: unknown commands, wrong data, names not given yet, times and clock at odds.

    `known` has each command's class by its name on the wire.

    Raises:
        WrongScript: the first line that is wrong.

    """
    names: set[str] = set()
    for line in lines:
        if script_clock and line.at is None:
            raise WrongScript(line.number, "at", "is missing: under a script clock every line says when it is recorded")
        if not script_clock and line.at is not None:
            raise WrongScript(
                line.number,
                "at",
                "is refused: this installation has the real clock, which records when it happens; use occurred_at",
            )
        if line.command not in known:
            raise WrongScript(line.number, "command", f"{line.command} is not known: `doithoai commands` lists them")
        for path, ref in refs_of(line.data):
            if ref.partition("/")[0] not in names:
                raise WrongScript(line.number, f"data.{path}", f"{ref} is not the id of a line above")
        body_of(line, known[line.command], _placeholders(line.data))
        names |= {line.name} if line.name is not None else set()


def body_of(line: Line, command: type, data: Any) -> commands.Body:
    """The command's body from `data`, in which names are resolved.

    Raises:
        WrongScript: with the first field that is wrong.

    """
    at_refs = {path for path, _ in refs_of(line.data)}
    try:
        return commands.model_of(command).model_validate_json(orjson.dumps(data))
    except ValidationError as error:
        for problem in error.errors(include_url=False, include_input=False, include_context=False):
            path = ".".join(str(part) for part in problem["loc"])
            if path not in at_refs or data != _placeholders(line.data):
                raise WrongScript(line.number, f"data.{path}", problem["msg"].removeprefix("Value error, ")) from None
        # Only placeholders were wrong: what they will stand for is judged when it is known.
        return commands.model_of(command).model_construct()


def refs_of(data: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every `{"ref": name}` in `data`, with the path of its place such as `parts.0.into`."""
    if isinstance(data, dict):
        if is_ref(data):
            yield path.removesuffix("."), data[REF]
            return
        for key, value in data.items():
            yield from refs_of(value, f"{path}{key}.")
    elif isinstance(data, list):
        for n, value in enumerate(data):
            yield from refs_of(value, f"{path}{n}.")


def is_ref(value: Any) -> bool:
    """Whether `value` stands for the name of an earlier line."""
    return isinstance(value, dict) and value.keys() == {REF} and isinstance(value[REF], str)


@dataclass(slots=True)
class Names:
    """What the names of a script stand for: by kind, because one name serves for an opinion, its case and its task.

    What a line makes several of, such as the parts of a split opinion, is named `O-23/1`, `O-23/2`, ...
    """

    streams: dict[str, dict[str, str]] = field(default_factory=dict)

    def learn(self, line: Line, stream: str, answer: Mapping[str, Any]) -> None:
        """Take in what a performed line answered: under its own name, and under the names it was about."""
        made = {kind_of(value): value for value in (stream, *answer.values()) if _is_stream(value)}
        about = {ref for _, ref in refs_of(line.data)}
        for ref in about:
            known = self.streams.get(ref, {})
            if known.get(kind_of(stream)) in (None, stream):
                self.streams.setdefault(ref, {}).update(made)
                self._learn_parts(ref, answer)
        if line.name is not None:
            self.streams[line.name] = {"": answer.get("task") or answer.get("case") or stream, **made}
            self._learn_parts(line.name, answer)

    def _learn_parts(self, name: str, answer: Mapping[str, Any]) -> None:
        for value in answer.values():
            for n, item in enumerate(value if isinstance(value, list | tuple) else (), start=1):
                self.streams[f"{name}/{n}"] = {"": item, kind_of(item): item}

    def resolve(self, line: Line) -> Any:
        """The line's data with every name replaced by the stream it stands for at that place.

        Raises:
            WrongScript: a name that stands for nothing there.

        """
        return self._resolved(line, line.data, "")

    def _resolved(self, line: Line, data: Any, path: str) -> Any:
        if is_ref(data):
            return self._stream(line, data[REF], path)
        if isinstance(data, dict):
            return {key: self._resolved(line, value, f"{path}.{key}" if path else key) for key, value in data.items()}
        if isinstance(data, list):
            return [self._resolved(line, value, f"{path}.{n}") for n, value in enumerate(data)]
        return data

    def _stream(self, line: Line, ref: str, path: str) -> str:
        wanted = _wanted(line.command, path)
        known = self.streams.get(ref, {})
        stream = known.get(wanted) or _related(wanted, known)
        if not stream:
            raise WrongScript(line.number, f"data.{path}", f"{ref} stands for no {wanted} yet")
        return stream


def _wanted(command: str, path: str) -> str:
    """The kind of thing that stands at `path`: `opinion` for `opinions.0`, and what a case is merged into is a case."""
    *before, last = path.split(".")
    if last.isdigit() and before:
        return before[-1].removesuffix("s")
    return "case" if last == "into" and command in MERGING_CASES else last


def kind_of(stream: str) -> str:
    """`opinion` of `opinion-7ZK...`."""
    return stream.partition("-")[0]


def _is_stream(value: Any) -> bool:
    return isinstance(value, str) and kind_of(value) in KINDS


def _related(wanted: str, known: Mapping[str, str]) -> str:
    """A case carries its opinion's suffix, so each gives the other; anything else is what the line created."""
    if wanted in RELATED:
        other = next((known[kind] for kind in RELATED[wanted] if kind in known), "")
        return f"{wanted}-{other.partition('-')[2]}" if other else ""
    return "" if wanted == "task" else known.get("", "")


def _placeholders(data: Any) -> Any:
    if is_ref(data):
        return PLACEHOLDER
    if isinstance(data, dict):
        return {key: _placeholders(value) for key, value in data.items()}
    return [_placeholders(value) for value in data] if isinstance(data, list) else data


def _lines(raw: bytes) -> Iterable[tuple[int, bytes]]:
    for number, content in enumerate(raw.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        if number > MAX_LINES:
            raise WrongScript(number, "", f"a script has at most {MAX_LINES} lines: split it")
        if len(content) > MAX_LINE_BYTES:
            raise WrongScript(number, "", f"is longer than {MAX_LINE_BYTES} bytes")
        if content.strip():
            yield number, content


def _line(number: int, content: bytes, script: str, unnamed: Counter[bytes]) -> Line:
    try:
        told = orjson.loads(content)
        written = _Written.model_validate(told)
    except orjson.JSONDecodeError as error:
        raise WrongScript(number, "", f"is not JSON: {error}") from None
    except ValidationError as error:
        problem = error.errors(include_url=False, include_input=False, include_context=False)[0]
        path = ".".join(str(part) for part in problem["loc"])
        raise WrongScript(number, path, problem["msg"].removeprefix("Value error, ")) from None
    if written.id is not None:
        key = "\0".join((script, "id", written.id))
    else:
        # Known by what it says, and which of its like it is: lines put in above it do not make another command of it.
        try:
            said = orjson.dumps(told, option=orjson.OPT_SORT_KEYS)
        except orjson.JSONEncodeError:
            raise WrongScript(number, "data", "is nested too deep") from None
        unnamed[said] += 1
        key = "\0".join((script, "line", hashlib.sha256(said).hexdigest(), str(unnamed[said])))
    return Line(
        number=number,
        at=written.at,
        name=written.id,
        occurred_at=written.occurred_at,
        office=written.office,
        actor=written.actor,
        unit=written.unit,
        capacity=written.capacity,
        command=written.command,
        data=written.data,
        command_id=f"script-{hashlib.sha256(key.encode()).hexdigest()[:40]}",
    )
