"""Log lines hold codes, never words."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from shared.logs import MASK, configure, redact


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


@pytest.fixture(autouse=True)
def _restore() -> Iterator[None]:
    yield
    structlog.reset_defaults()
    logging.getLogger().handlers[:] = []


def test_ids_and_numbers_pass_and_words_are_masked() -> None:
    line = redact(
        None, "info", {"event": "opinion.received", "stream": "opinion-7Q2K", "n": 3, "who": "Lò Văn A", "units": ["TH", "Bà B"]}
    )
    assert line == {"event": "opinion.received", "stream": "opinion-7Q2K", "n": 3, "who": MASK, "units": ["TH", MASK]}


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
