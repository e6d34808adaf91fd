"""The list of an office's cases: found by words without marks, in either order, and as it was known then."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from services.assignment.readmodel import folding
from services.assignment.readmodel.cases import lists
from services.assignment.readmodel.cases.views import CaseOrder, CasePage, Filters, View
from shared.asof import AsOfAhead, NotAsOf
from shared.contracts.opinion import Flag, SourceGroup
from shared.contracts.refusals import Invalid, Unknown
from shared.permit import Subject
from tests.assignment.browsing import SAID
from tests.assignment.house import ADMIN, AUDITOR, CHIEF, DEPUTY, FEEDER, HUB, LEADER, OTHER_OFFICE, REGISTRY, House

FILTERS: list[Filters] = [
    Filters(),
    Filters(open=True),
    Filters(open=False),
    Filters(overdue=True),
    Filters(overdue=False),
    Filters(flagged=True),
    Filters(flagged=False),
    Filters(resolved=True),
    Filters(resolved=False),
    Filters(stage="da_phan_cong"),
    Filters(lead="TCHCQT"),
    Filters(unit="BTCD"),
    Filters(field="dao-duc-loi-song"),
    Filters(source=SourceGroup.PEOPLE),
    Filters(source=SourceGroup.INTERNAL),
    Filters(due_by=date(2023, 1, 20)),
    Filters(older_than=1),
]


async def several(house: House) -> list[str]:
    """One of each: waiting, with a unit, restricted, flagged, rejected; the last days later than the others."""
    found = [await house.refer(f"7Q2K9FXA3MBTW00000{n:02}", flags=()) for n in range(10, 13)]
    await house.ask("assign_case", CHIEF, case=found[0], lead="TCHCQT")
    await house.ask("reject_case", HUB, case=found[1], reason="TRUNG")
    found.append(await house.refer("7Q2K9FXA3MBTW0000020", field="dao-duc-loi-song", flags=(Flag.COMPLEX,)))
    house.clock.move_to(datetime(2023, 2, 20, 2, tzinfo=UTC))
    found.append(await house.refer("7Q2K9FXA3MBTW0000030", source_group=SourceGroup.PEOPLE, flags=()))
    await house.ask("set_case_due", CHIEF, case=found[4], until="2023-03-10")
    await house.follow()
    return found


def ids(page: CasePage) -> list[str]:
    return [each.id for each in page.cases]


@pytest.mark.parametrize("order", CaseOrder)
async def test_what_is_known_as_of_now_is_what_is_listed_now_however_it_is_narrowed(house: House, order: CaseOrder) -> None:
    await several(house)
    asked = house.service.queries.lists
    head = (await house.log.head()).position
    counts = set()
    for filters in FILTERS:
        now = await asked.office_cases(HUB, "VPUB", filters, order=order)
        then, until = await asked.known_as_of(HUB, "VPUB", head, filters, order=order)
        assert (then, until) == (now, head), filters
        counts.add(len(now.cases))
        paged: list[str] = []
        cursor = None
        while True:
            page, _ = await asked.known_as_of(HUB, "VPUB", head, filters, order=order, cursor=cursor, limit=2)
            alike = await asked.office_cases(HUB, "VPUB", filters, order=order, cursor=cursor, limit=2)
            assert page == alike
            paged, cursor = [*paged, *ids(page)], page.cursor
            if cursor is None:
                break
        assert paged == ids(now)
    assert counts >= {1, 4, 5}


async def test_as_of_then_a_case_stands_where_it_stood_and_is_late_by_that_day(house: House) -> None:
    cases = await several(house)
    asked = house.service.queries.lists
    records = (await house.log.read(0, 500)).records
    assigned = next(each.position for each in records if each.type == "case.assigned")
    before, _ = await asked.known_as_of(HUB, "VPUB", assigned - 1)
    after, _ = await asked.known_as_of(HUB, "VPUB", assigned)
    assert {each.id: each.stage for each in before.cases}[cases[0]] == "cho_phan_cong"
    assert {each.id: each.stage for each in after.cases}[cases[0]] == "da_phan_cong"
    assert cases[4] not in ids(after)
    assert not any(each.overdue for each in after.cases)
    assert any(each.overdue for each in (await asked.office_cases(HUB, "VPUB")).cases)
    instant, _ = await asked.known_as_of(HUB, "VPUB", datetime(2023, 1, 18, tzinfo=UTC))
    assert cases[4] not in ids(instant)


async def test_what_is_not_there_yet_is_told_by_no_list_and_words_only_as_they_stand(house: House) -> None:
    await several(house)
    asked = house.service.queries.lists
    for filters in (Filters(words="lop"), Filters(wished=True)):
        with pytest.raises(NotAsOf):
            await asked.known_as_of(HUB, "VPUB", 1, filters)
    with pytest.raises(AsOfAhead):
        await asked.known_as_of(HUB, "VPUB", 10_000)
    with pytest.raises(Unknown):
        await asked.known_as_of(OTHER_OFFICE, "VPUB", 1)


async def test_of_more_cases_than_anybody_waits_for_no_list_as_of_then_is_folded(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await several(house)
    monkeypatch.setattr(folding, "MOST_FOLDED", 4)
    with pytest.raises(folding.TooManyToFold):
        await house.service.queries.lists.known_as_of(HUB, "VPUB", 1)


async def test_words_are_found_without_their_marks_and_only_by_whoever_may_read_them(house: House) -> None:
    cases = await several(house)
    asked = house.service.queries.lists
    assert "lớp bồi dưỡng" in SAID
    for words in ("lop boi duong", "LỚP bồi", "dưỡng"):
        found = await asked.office_cases(HUB, "VPUB", Filters(words=words))
        assert sorted(ids(found)) == sorted(set(cases) - {cases[3]}), words  # that one is of a restricted field
    assert len((await asked.office_cases(CHIEF, "VPUB", Filters(words="boi duong"))).cases) == 5
    assert (await asked.office_cases(CHIEF, "VPUB", Filters(words="xe buýt"))).cases == ()
    first = await asked.office_cases(CHIEF, "VPUB", Filters(words="boi duong", open=True), limit=3)
    rest = await asked.office_cases(CHIEF, "VPUB", Filters(words="boi duong", open=True), cursor=first.cursor, limit=3)
    assert len({*ids(first), *ids(rest)}) == 4
    with pytest.raises(Unknown):
        await asked.office_cases(LEADER, "VPUB", Filters(words="lop"))


async def test_a_case_about_somebody_is_not_found_by_his_search(house: House) -> None:
    for key in ("PCVP", "PCVP2"):
        await house.ask("create_post", ADMIN, post=key, unit="CVP", name="Phó", role="deputy", valid_from="2021-01-01")
    await house.ask("register_person", ADMIN, person="p-deputy", name="Lò Văn B", unit="CVP", valid_from="2021-01-01")
    await house.ask("hold_post", ADMIN, post="PCVP", person="p-deputy", valid_from="2021-01-01")
    about = await house.refer("7Q2K9FXA3MBTW0000040", flags=(), concerns_posts=("PCVP",))
    other = await house.refer("7Q2K9FXA3MBTW0000041", flags=())
    asked = house.service.queries.lists
    assert ids(await asked.office_cases(DEPUTY, "VPUB", Filters(words="boi duong"))) == [other]
    assert sorted(ids(await asked.office_cases(CHIEF, "VPUB", Filters(words="boi duong")))) == sorted([about, other])


async def test_each_view_says_how_much_lies_in_it(house: House) -> None:
    await several(house)
    asked = house.service.queries.lists
    counts = {each.view: each.all for each in await asked.views(HUB, "VPUB")}
    assert counts == {View.OPEN: 4, View.OVERDUE: 3, View.FLAGGED: 1, View.WISHED: 0, View.OVER: 1, View.ALL: 5}
    for view, filters in lists.VIEWS.items():
        assert len((await asked.office_cases(HUB, "VPUB", filters)).cases) == counts[view]
    with pytest.raises(Unknown):
        await asked.views(FEEDER, "VPUB")


async def test_a_cursor_of_another_order_is_refused(house: House) -> None:
    await several(house)
    asked = house.service.queries.lists
    page = await asked.office_cases(HUB, "VPUB", limit=1)
    for order, cursor in ((CaseOrder.NEWEST, page.cursor), (CaseOrder.DUE, "WzFd")):
        with pytest.raises(Invalid):
            await asked.office_cases(HUB, "VPUB", replace(Filters(), open=True), order=order, cursor=cursor)


async def test_the_list_is_asked_over_http_as_of_then(house: House) -> None:
    cases = await several(house)
    async with house.client(HUB) as client:
        path = "/assignment/api/offices/VPUB/cases"
        now = (await client.get(path, params={"sort": "newest"})).json()
        assert now["items"][0]["id"] == cases[4]
        then = (await client.get(path, params={"as_of": "2023-01-18T00:00:00+07:00"})).json()
        assert cases[4] not in [each["id"] for each in then["items"]]
        again = (await client.get(path, params={"as_of": f"assignment={then['as_of']['assignment']}"})).json()
        assert [each["id"] for each in again["items"]] == [each["id"] for each in then["items"]]
        refused = await client.get(path, params={"as_of": "2023-01-18T00:00:00+07:00", "words": "lop"})
        assert (refused.status_code, refused.json()["rule"] if "rule" in refused.json() else refused.json()["code"])[0] == 422


@pytest.mark.parametrize("by", [HUB, REGISTRY, AUDITOR], ids=lambda each: str(each.person))
async def test_of_a_diverted_case_all_but_the_head_are_shown_a_pointer(house: House, by: Subject) -> None:
    case = await house.refer("7Q2K9FXA3MBTW0000050", flags=())
    before = (await house.log.head()).position
    await house.ask("divert_case", CHIEF, case=case, kind="to_cao", to="BTCD")
    await house.follow()
    asked = house.service.queries.lists
    (row,) = (await asked.office_cases(by, "VPUB")).cases
    (then,) = (await asked.known_as_of(by, "VPUB", before))[0].cases
    for each in (row, then):
        assert (each.id, each.stage, each.due, each.lead) == (case, "chuyen_kntc", None, None)
        assert {each.field, each.unit, each.unit_label, each.kind, each.source_group, each.channel} == {""}
    for filters in (Filters(field="dao-tao-boi-duong"), Filters(unit="BTCD"), Filters(source=SourceGroup.INTERNAL)):
        assert (await asked.office_cases(by, "VPUB", filters)).cases == ()
        assert (await asked.known_as_of(by, "VPUB", before, filters))[0].cases == ()
    (whole,) = (await asked.office_cases(CHIEF, "VPUB", Filters(field="dao-tao-boi-duong"))).cases
    assert (whole.field, whole.unit) == ("dao-tao-boi-duong", "BTCD")


async def test_what_is_about_his_unit_is_neither_listed_to_him_nor_counted(house: House) -> None:
    about = await house.refer("7Q2K9FXA3MBTW0000060", flags=(), concerns_units=("TCHCQT",))
    asked, head = house.service.queries.lists, (await house.log.head()).position
    assert (await asked.office_cases(HUB, "VPUB")).cases == ()
    assert (await asked.known_as_of(HUB, "VPUB", head))[0].cases == ()
    assert {each.all for each in await asked.views(HUB, "VPUB")} == {0}
    assert (await house.service.queries.cases.case(HUB, about)).concerns_units == ()
    assert ids(await asked.office_cases(CHIEF, "VPUB")) == [about]
    assert (await house.service.queries.cases.case(CHIEF, about)).concerns_units == ("TCHCQT",)
