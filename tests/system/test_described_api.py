"""Every API route asked what its description allows and forbids: it answers as described, and never fails (Schemathesis)."""

import re
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, Final

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.config import SchemathesisConfig
from schemathesis.schemas import APIOperation
from starlette.types import Receive, Scope, Send

from deploy.application import application
from deploy.ground import ground_of
from deploy.house import writing
from shared.contracts.roles import Role
from shared.web import api as web
from tests.shared.blobs.files import PDF
from tests.support.granted import routes

pytestmark = pytest.mark.timeout(600)

SERVICES: Final = ("intake", "assignment", "reporting")
EVERYTHING: Final = [role for role in Role if role is not Role.SYSTEM]
FEW: Final = settings(
    max_examples=2,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
# A rule of the domain may say no to what is well formed: that something is not there, stands otherwise, or cannot be together.
ANSWERED_TO_GOOD: Final = ["2xx", "400", "401", "403", "404", "406", "409", "412", "413", "422", "428", "429", "503"]


class Hosted:
    """A house whose application lives in the event loop of whoever sends it requests, from its first to the last of them."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._app: Any = None
        self._house: Any = None
        self.token = ""
        self.real: dict[str, str] = {"unit": "TH", "office": "VPUB", "person": "th-01", "post": "CVP", "field": "giao-thong"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        else:
            await self._app(scope, receive, send)
            if scope.get("method") == "POST":
                await self._house.drain()  # what came of it is read by whoever asks next

    async def _live(self, receive: Receive, send: Send) -> None:
        async with AsyncExitStack() as stack:
            await receive()
            self._house = house = await stack.enter_async_context(writing(ground_of(self._data, None), "serve"))
            self._app = application(house, "s" * 64, {})
            tokens = house.stores.access.tokens
            self.token = await tokens.create(person="tchcqt-02", office="VPUB", unit="TCHCQT", capacities=EVERYTHING)
            for log in house.logs.values():
                for record in (await log.read(0, 5_000)).records:
                    self.real.setdefault(record.stream.partition("-")[0], record.stream)
            await send({"type": "lifespan.startup.complete"})
            await receive()
        await send({"type": "lifespan.shutdown.complete"})


@pytest.fixture(scope="module")
def hosted(played: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hosted]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(web, "WAIT_SECONDS", 0.01)
        yield Hosted(Path(shutil.copytree(played, tmp_path_factory.mktemp("described") / "data")))


@pytest.fixture(scope="module")
def described(hosted: Hosted) -> Any:
    config = SchemathesisConfig.from_dict({"checks": {"positive_data_acceptance": {"expected-statuses": ANSWERED_TO_GOOD}}})
    return schemathesis.openapi.from_asgi("/openapi.json", hosted, config=config)


class Asked:
    """What was asked of a service's operations, and what was not as described."""

    def __init__(self) -> None:
        self.operations = 0
        self.statuses: Counter[int] = Counter()
        self.wrong: dict[str, str] = {}


def ask_each(described: Any, hosted: Hosted, service: str, mode: GenerationMode) -> Asked:
    """Ask every operation of a service a few times, about something that there is where its path names such."""
    told, headers = Asked(), {"Authorization": f"Bearer {hosted.token}"}
    for found in described.get_all_operations():
        operation: APIOperation[Any, Any, Any, Any] = found.ok()
        if not operation.path.startswith(f"/{service}/api/"):
            continue
        told.operations += 1
        places = {name: thing for name, thing in hosted.real.items() if f"{{{name}}}" in operation.path}

        @FEW
        @given(case=operation.as_strategy(mode, path_parameters=places if mode.is_positive else None))
        def ask(case: Case[Any]) -> None:
            answer = case.call(headers=headers)
            told.statuses[answer.status_code] += 1
            case.validate_response(answer, headers=headers)

        try:
            ask()
        except Exception as error:  # noqa: BLE001 - what the house raised, or what a check found; all are told together
            told.wrong[operation.label] = f"{type(error).__name__}: {error}"[:1_500]
    return told


@pytest.mark.parametrize("service", SERVICES)
def test_what_is_described_is_answered_as_described(described: Any, hosted: Hosted, service: str) -> None:
    told = ask_each(described, hosted, service, GenerationMode.POSITIVE)
    assert told.wrong == {}
    assert told.operations > 40
    assert told.statuses[200] > 5
    assert told.statuses[404] + told.statuses[409] > 10


@pytest.mark.parametrize("service", SERVICES)
def test_what_the_description_forbids_is_refused_as_described(described: Any, hosted: Hosted, service: str) -> None:
    told = ask_each(described, hosted, service, GenerationMode.NEGATIVE)
    assert told.wrong == {}
    assert told.operations > 40
    assert told.statuses[422] > 20


def test_a_file_is_given_in_a_form_that_is_described(described: Any, hosted: Hosted) -> None:
    headers = {"Authorization": f"Bearer {hosted.token}"}
    handed = described["/assignment/api/attachments"]["POST"].Case(query={"about": hosted.real["case"]}, body=PDF)
    handed.media_type = "application/octet-stream"
    named = {**headers, "Idempotency-Key": "k-file", "Content-Disposition": "attachment; filename=don.pdf"}
    answer = handed.call(headers=named)
    assert answer.status_code == 201, answer.text
    handed.validate_response(answer, headers=named)
    address = re.findall(r"[0-9a-f]{64}", answer.text)[0]
    read = described["/assignment/api/attachments/{file}"]["GET"].Case(path_parameters={"file": address})
    given = read.call(headers={**headers, "After-Position": answer.headers["position"][0]})
    assert given.content == PDF
    read.validate_response(given, headers=headers)


def test_every_route_of_the_apis_is_described(described: Any) -> None:
    """What is asked above is all there is: the table of routes names no API route that the description lacks."""
    operations = {(found.ok().method.upper(), found.ok().path) for found in described.get_all_operations()}
    asked = {each for each in routes() if re.match(r"/(intake|assignment|reporting)/api/", each[1])}
    assert len(asked) > 80
    assert asked <= operations
