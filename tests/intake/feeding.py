"""What may come over the feed, and what its sender is told of it."""

from services.intake.entrypoints.consumers import MAX_BYTES
from shared.feeds.foreign import ForeignRecord
from tests.intake.house import House


async def outcomes(house: House) -> list[tuple[str, str | None, str | None]]:
    return [(item["outcome"], item["local_id"], item["reason"]) for item in await house.fed()]


async def poison(house: House, offset: int) -> dict[str, ForeignRecord]:
    """One record for each reason to set one aside, by reason, from `offset` on."""
    first = await house.opinion_fed(0)
    assert first.value is not None
    bad = {
        "empty": await house.record(0, b""),
        "too-large": await house.record(0, b'{"words":"' + b"x" * MAX_BYTES + b'"}'),
        "bad-signature": await house.record(0, first.value, signed="TH"),
        "bad-header": await house.record(0, first.value, more=[("ce_type", b"x")]),
        "unknown-type": await house.record(0, first.value, type="opinion.fed.v2"),
        "not-json": await house.record(0, b"\xff\xfe\x00{"),
        "local-id-missing": await house.opinion_fed(0, local_id=None),
        "invalid": await house.opinion_fed(0, words="  "),
        "not-an-office": await house.opinion_fed(0, office="TCHCQT"),
        "unknown-unit": await house.opinion_fed(0, locality="NOWHERE"),
        "occurred-ahead": await house.opinion_fed(0, occurred_at="2023-01-09T09:05:01+07:00"),
        "local-id-taken": await house.opinion_fed(0, local_id="BTCD-1", words="Một ý kiến khác."),
    }
    return {reason: record._replace(offset=offset + n) for n, (reason, record) in enumerate(bad.items())}
