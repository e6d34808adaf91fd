"""Log lines hold codes, never words."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from shared.logs import MASK, NUMBERS, SHAPES, configure, redact


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


@pytest.fixture(autouse=True)
def _restore() -> Iterator[None]:
    yield
    structlog.reset_defaults()
    logging.getLogger().handlers[:] = []


def shown(**line: object) -> dict[str, object]:
    return dict(redact(None, "info", dict(line)))


def test_ids_numbers_instants_and_codes_pass_under_the_keys_that_are_declared_for_them() -> None:
    line: dict[str, object] = {
        "event": "subscription.halted",
        "timestamp": "2023-01-09T02:00:00.000001Z",
        "trace_id": "0af7651916cd43dd8448eb211c80319c",
        "service": "assignment",
        "subscription": "open-cases",
        "source": "intake/sonla",
        "stream": "opinion-7Q2K9FXA3MBTW0000001",
        "unit": "MSO-BTCD",
        "route": "/intake/api/receipts/{code}",
        "error": "LogUnavailable",
        "reason": "intake/sonla ends or differs after position 12",
        "stack": ["handle:12", "<lambda>:3"],
        "position": 12,
        "offset": None,
    }
    assert shown(**line) == line


@pytest.mark.parametrize("key", sorted(SHAPES))
@pytest.mark.parametrize("words", ["Lò Văn A", "0912345678", "0912 345 678", "+84 912.345.678", "lan@example.vn", "Bản Lướt"])
def test_no_key_shows_a_name_or_a_telephone_number(key: str, words: str) -> None:
    assert shown(**{key: words}) == {key: MASK}
    assert shown(**{key: [words]}) == {key: [MASK]}


@pytest.mark.parametrize("key", sorted(SHAPES.keys() - {"error", "exception", "reason", "logger"}))
def test_no_key_but_those_of_python_s_own_names_shows_a_bare_word(key: str) -> None:
    assert shown(**{key: "Lan"}) == {key: MASK}


@pytest.mark.parametrize("value", ["Lan", "0912345678", 912345678, "opinion-7Q2K", ["Lan"], {"name": "Lan"}, {"Lan"}, object()])
def test_what_nobody_declared_is_masked_whatever_it_looks_like(value: object) -> None:
    masked = [MASK] if isinstance(value, list) else MASK
    assert shown(who=value, ready=True) == {"who": masked, "ready": True}


@pytest.mark.parametrize("key", sorted(NUMBERS))
def test_a_number_is_a_number_and_no_text(key: str) -> None:
    assert shown(**{key: 912}) == {key: 912}
    assert shown(**{key: "0912345678"}) == {key: MASK}


def test_a_line_is_json_with_its_level_and_time(capsys: pytest.CaptureFixture[str]) -> None:
    configure()
    structlog.get_logger().info("case.assigned", unit="TH")
    (line,) = lines(capsys)
    assert line["event"] == "case.assigned"
    assert line["unit"] == "TH"
    assert line["level"] == "info"
    assert str(line["timestamp"]).endswith("Z")


def test_an_exception_shows_its_kind_and_place_but_not_its_message(capsys: pytest.CaptureFixture[str]) -> None:
    configure()
    try:
        raise ValueError("Đường vào bản bị sạt lở")
    except ValueError:
        structlog.get_logger().exception("handler.failed")
    text = capsys.readouterr().err
    assert "sạt lở" not in text
    assert "s\\u1ea1t" not in text
    assert json.loads(text)["exception"] == "ValueError"


def test_a_library_that_quotes_its_input_is_not_repeated(capsys: pytest.CaptureFixture[str]) -> None:
    configure()
    logging.getLogger("some.library").warning("could not parse %s", "Đường vào bản")
    (line,) = lines(capsys)
    assert "bản" not in json.dumps(line, ensure_ascii=False)
    assert line["logger"] == "some.library"


def test_a_library_s_word_is_not_taken_for_the_name_of_an_event(capsys: pytest.CaptureFixture[str]) -> None:
    configure()
    logging.getLogger("some.library").warning("Lan")
    structlog.get_logger().info("Lan")
    foreign, own = lines(capsys)
    place = test_a_library_s_word_is_not_taken_for_the_name_of_an_event.__name__
    assert (foreign["event"], own["event"]) == (f"some.library.{place}", MASK)
