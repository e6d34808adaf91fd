"""The application over a whole house: what an operator's monitoring reads of it, what a verb leaves behind."""

from pathlib import Path

import httpx2
import pytest
from prometheus_client.parser import text_string_to_metric_families

from deploy import keeping
from deploy.application import application
from deploy.ground import ground_of
from deploy.house import reading, writing
from shared.commands import model_of
from shared.contracts.refusals import Refused
from shared.contracts.roles import Role
from shared.desk import Asked
from shared.permit import Subject
from shared.web.routes import OnDemand


async def test_a_verb_that_is_refused_half_way_leaves_nothing_unread(tmp_path: Path) -> None:
    ground = ground_of(tmp_path / "data", None, make=True)
    clerk = Subject(person="th-01", tenant="sonla", office="VPUB", unit="TH", capacities=frozenset({Role.SPECIALIST}))
    handed_in = {"office": "VPUB", "channel": "truc_tiep", "source_group": "noi_bo", "words": "Đề nghị mở lớp."}

    async def refused_half_way() -> None:
        async with writing(ground, "import") as house:
            desk = house.desks["intake"]
            body = model_of(desk.handlers["receive_opinion"].command).model_validate(handed_in)
            await desk.handle(Asked(command="receive_opinion", body=body, subject=clerk, command_id="c-1"))
            raise Refused

    with pytest.raises(Refused):
        await refused_half_way()
    async with reading(ground) as house:
        standing = await house.standing()
        roots = await keeping.verify_all(house)
    behind = [each for each in standing["subscriptions"] if each["position"] != standing["heads"][each["source"]]]
    assert (standing["heads"]["intake/sonla"], behind) == (1, [])
    assert [report.roots_compared for report in roots.values() if report.events] == [1, 1]


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


async def test_every_route_can_be_learned_though_none_is_before_it_is_asked_for(tmp_path: Path) -> None:
    async with writing(ground_of(tmp_path / "data", None, make=True), "serve") as house:
        app = application(house, "secret", {})
        routes = [each for each in app.routes if isinstance(each, OnDemand)]
        late = [each for each in routes if not each.learned]
        for each in routes:
            assert each.dependant.call is each.endpoint
        assert (len(routes) > 400, len(late) > 400) == (True, True)
        assert all(each.learned for each in routes)
