"""When a fed opinion happened is its sender's claim, bounded like every other."""

import orjson
import pytest

from services.intake.entrypoints.consumers import TOPIC, TYPE, Unfit, read, signature
from shared.feeds.foreign import ForeignRecord
from tests.intake.house import FORM

KEY = b"k" * 32


def fed(occurred_at: object) -> ForeignRecord:
    value = orjson.dumps({**FORM, "channel": "he_thong", "local_id": "TH-1", "occurred_at": occurred_at})
    headers = (("ce_type", TYPE.encode()), ("ce_signature", signature(KEY, value).encode()))
    return ForeignRecord(TOPIC, 0, 0, 0, b"BTCD", value, headers)


@pytest.mark.parametrize(
    "occurred_at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2023-01-09T09:00:00", 1672800000]
)
def test_an_opinion_from_a_time_that_no_calendar_counts_is_unfit(occurred_at: object) -> None:
    with pytest.raises(Unfit) as unfit:
        read(fed(occurred_at), KEY)
    assert (unfit.value.reason, unfit.value.field) == ("invalid", "occurred_at")


def test_the_time_of_a_fed_opinion_is_read_with_its_zone() -> None:
    occurred = read(fed("2023-01-09T09:00:00+07:00"), KEY).occurred_at
    assert occurred is not None
    assert occurred.isoformat() == "2023-01-09T09:00:00+07:00"
