"""The application over a whole house: what an operator's monitoring reads of it."""

from pathlib import Path

import httpx2
from prometheus_client.parser import text_string_to_metric_families

from deploy.application import application
from deploy.ground import ground_of
from deploy.house import writing


async def test_every_subscription_s_lag_and_parked_events_are_to_be_scraped(tmp_path: Path) -> None:
    async with writing(ground_of(tmp_path / "data", None, make=True), "serve") as house:
        transport = httpx2.ASGITransport(app=application(house, "secret", {}))
        async with httpx2.AsyncClient(transport=transport, base_url="http://house") as client:
            scraped = (await client.get("/metrics")).text
        statuses = {(name, each) for name, following in house.followings.items() for each in following.status()}
    samples = [sample for family in text_string_to_metric_families(scraped) for sample in family.samples]
    lags = {tuple(sorted(s.labels.items())): s.value for s in samples if s.name == "doithoai_subscription_lag_events"}
    parked = {(s.labels["service"], s.labels["subscription"]): s.value for s in samples if s.name == "doithoai_parked_events"}
    for service, status in statuses:
        labels = {"service": service, "subscription": status.subscription, "source": status.source}
        assert lags[tuple(sorted(labels.items()))] == 0
        assert parked[service, status.subscription] == 0
