"""Every route of the API answers as its description says, whatever it is asked: asked by Schemathesis, with all its checks."""

import shutil
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest
import schemathesis
from schemathesis import engine
from schemathesis.engine import events

from shared.contracts.roles import Role
from tests.support.answering import Answering, answering

SEED: Final = 20230104
EXAMPLES: Final = 2
SECONDS: Final = 60
STRONG: Final = ("cvp-01", "CVP", (Role.CHIEF, Role.HUB, Role.UNIT_LEADER, Role.SPECIALIST, Role.REGISTRY))
WEAK: Final = ("th-01", "TH", (Role.SPECIALIST,))
# Values that a sound request may still be refused for: what no schema says, such as a field of work that nobody has.
REFUSED: Final = ["400", "401", "403", "404", "406", "409", "412", "413", "415", "422", "428", "429"]


@pytest.fixture(scope="module")
def house(played: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answering]:
    data = shutil.copytree(played, tmp_path_factory.mktemp("described") / "data")
    with answering(data) as running:
        yield running


def known(data: Path) -> dict[str, list[str]]:
    """The ids that stand in the logs, by kind of thing."""
    found: dict[str, set[str]] = defaultdict(set)
    for service in ("intake", "assignment", "reporting"):
        with closing(sqlite3.connect(data / f"{service}.db")) as connection:
            for (stream,) in connection.execute("select distinct stream from event"):
                found[stream.partition("-")[0]].add(stream)
    return {kind: sorted(each)[:20] for kind, each in found.items()}


def dictionaries(data: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the house knows, and which parameters and fields it is asked for by."""
    ids = known(data)
    values = {
        "office": ["VPUB"],
        "unit": ["TCHCQT", "TH", "VPUB", "CVP"],
        "words": ["Đề nghị mở lớp bồi dưỡng.", "Đường vào bản sạt lở."],
        "field": ["che-do-chinh-sach", "giao-thong", "chat-luong-cong-tac"],
        "version": ["1", "2", "3", '"1"', '"2"'],
        "thing": sorted(each for kind in ids.values() for each in kind)[:60],
        **{
            kind: each
            for kind, each in ids.items()
            if kind in ("opinion", "case", "task", "plan", "session", "meeting", "notice", "document")
        },
    }
    bound = {name: name for name in values if name not in ("words", "version", "thing")} | {"lead": "unit", "to": "unit"}
    bindings = {
        f"{place}.{name}": {"dictionary": held, "probability": 0.8}
        for name, held in bound.items()
        for place in ("path", "query", "body")
    }
    bindings |= {
        "header.If-Match": {"dictionary": "version", "probability": 0.9},
        "path.thing": {"dictionary": "thing", "probability": 0.9},
    }
    return {name: {"values": each} for name, each in values.items()}, bindings


@dataclass(slots=True)
class Told:
    """What came of a run."""

    answers: Counter[tuple[str, int]] = field(default_factory=Counter)
    failures: dict[str, str] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)


def run(house: Answering, token: str | None, *, phases: Sequence[str], seconds: int, mode: str = "all") -> Told:
    held, bindings = dictionaries(house.house.ground.home.path)
    config = schemathesis.Config.from_dict(
        {
            "seed": SEED,
            "max-time": seconds,
            "headers": {"Authorization": f"Bearer {token}"} if token else {},
            "dictionaries": held,
            "parameters": bindings,
            "generation": {
                "mode": mode,
                "max-examples": EXAMPLES,
                "deterministic": True,
                "no-shrink": True,
                "database": "none",
            },
            "checks": {
                "positive_data_acceptance": {"expected-statuses": ["2xx", *REFUSED]},
                "negative_data_rejection": {"expected-statuses": REFUSED},
                "missing_required_header": {"expected-statuses": REFUSED},
            },
            "phases": {each: {"enabled": each in phases} for each in ("examples", "coverage", "fuzzing", "stateful")},
        }
    )
    schema = schemathesis.openapi.from_url(f"{house.base}/openapi.json", config=config)
    schema.config.base_url = house.base
    told = Told()
    for event in engine.from_schema(schema).execute():
        if isinstance(event, events.NonFatalError | events.FatalError):
            told.errors.append(str(event.info.format() if isinstance(event, events.NonFatalError) else event.exception))
        if isinstance(event, events.ScenarioFinished):
            _recorded(event.recorder, told)
    return told


def _recorded(recorder: Any, told: Told) -> None:
    for each in recorder.interactions.values():
        if each.response is not None:
            told.answers[recorder.label, each.response.status_code] += 1
    for case, checks in recorder.checks.items():
        for check in checks:
            if check.failure_info is not None:
                told.failures.setdefault(f"{recorder.label} {check.name}", _complaint(recorder, case, check))


def _complaint(recorder: Any, case: str, check: Any) -> str:
    """What was asked and answered, to be asked again by hand."""
    answer = recorder.interactions[case].response if case in recorder.interactions else None
    came = f"{answer.status_code} {(answer.content or b'')[:300]!r}" if answer else "no answer"
    asked = recorder.cases[case].value.as_curl_command()[:700]
    return f"{recorder.label}: {check.name}: {check.failure_info.failure.message[:300]}\n  {asked}\n  {came}"


def complaints(told: Told) -> list[str]:
    return [*told.errors, *told.failures.values()]


def reached(told: Told, *statuses: int) -> set[str]:
    """The routes that answered so."""
    return {label for label, status in told.answers if status in statuses}


@pytest.mark.timeout(300)
def test_whoever_may_do_much_is_answered_as_described(house: Answering) -> None:
    token = house.token(STRONG[0], STRONG[1], *STRONG[2])
    told = run(house, token, phases=("examples", "coverage"), seconds=SECONDS)
    assert complaints(told) == []
    assert {label for label, _ in told.answers} >= described(house)
    assert len(reached(told, 200, 201)) > 15
    assert len(reached(told, 403, 404, 409, 412)) > 60  # it came as far as the permission or the state of things


@pytest.mark.timeout(300)
def test_sound_requests_are_answered_as_described(house: Answering) -> None:
    token = house.token(STRONG[0], STRONG[1], *STRONG[2])
    told = run(house, token, phases=("fuzzing",), seconds=SECONDS // 2, mode="positive")
    assert complaints(told) == []
    assert told.answers.total() > 50


@pytest.mark.timeout(300)
def test_whoever_may_do_little_is_answered_as_described(house: Answering) -> None:
    token = house.token(WEAK[0], WEAK[1], *WEAK[2])
    told = run(house, token, phases=("fuzzing",), seconds=SECONDS // 2)
    assert complaints(told) == []
    assert told.answers.total() > 50


def described(house: Answering) -> set[str]:
    """Every route of the description, as `POST /intake/api/opinions`."""
    described = house.app.openapi()["paths"]
    return {f"{method.upper()} {path}" for path, item in described.items() for method in item}
