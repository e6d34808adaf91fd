"""Who is told of what: by which fact, as what, and until when a notice stands; the page, the bell, and what clears it."""

from collections.abc import Iterable
from datetime import date

import pytest

from services.assignment.entrypoints.pages.notifications import reached
from services.assignment.readmodel.notifications import projections
from services.assignment.readmodel.notifications.audiences import audiences_of
from services.assignment.readmodel.notifications.matrix import EDITIONS, Audience, Channel, Kind, WrongMatrix, matrix_on, read
from services.assignment.readmodel.notifications.views import MailState
from shared.contracts.registry import event_type
from shared.contracts.roles import Role
from shared.permit import Delegated, Subject
from shared.web.pages import Pages
from shared.web.rooms import Room
from tests.assignment.browsing import Browsers, form_of, put_forward, text_of, with_a_unit
from tests.assignment.house import CHAIRMAN, CHIEF, HUB, LEADER, OTHER_OFFICE, OTHER_UNIT, SPECIALIST, House
from tests.support.hosting import subject

CASE = "case-7Q2K9FXA3MBTW0000001"
ROOM = "services.assignment.entrypoints.pages.notifications"


async def kinds(house: House, who: Subject) -> dict[str, set[str]]:
    """What somebody has not looked at, by what it opens."""
    await house.follow()
    found: dict[str, set[str]] = {}
    for each in (await house.service.queries.notifications.of(who)).notices:
        found.setdefault(each.opens, set()).add(each.kind.value)
    return found


def test_the_head_belongs_to_those_who_decide_and_the_leader_to_his_unit() -> None:
    assert {"assign/VPUB/CVP", "clear/VPUB/CVP", "extend/VPUB/CVP", "confirm/VPUB/CVP"} <= audiences_of(CHIEF)
    assert {"unit/TCHCQT", "person/p-leader"} <= audiences_of(LEADER)
    assert not any(each.startswith(("assign/", "clear/")) for each in audiences_of(LEADER))


def test_a_specialist_is_told_of_what_was_passed_on_to_him_and_not_of_his_units_work() -> None:
    assert audiences_of(SPECIALIST) == {"person/p-specialist"}


def test_what_is_given_in_the_chairmans_name_is_his_to_decide_and_not_the_heads() -> None:
    assert "clear/VPUB/CT" in audiences_of(CHAIRMAN)
    assert "clear/VPUB/CT" not in audiences_of(CHIEF)
    assert "clear/VPUB/CVP" not in audiences_of(CHAIRMAN)


def test_whoever_acts_for_the_head_is_told_what_the_head_is() -> None:
    for_him = Delegated(delegation="delegation-1", post="cvp", role=Role.CHIEF, office="VPUB", unit="CVP")
    acting = Subject(
        **{
            **{each: getattr(SPECIALIST, each) for each in ("person", "tenant", "office", "unit", "capacities")},
            "delegated": (for_him,),
        }
    )
    assert "assign/VPUB/CVP" in audiences_of(acting)
    assert "person/p-chief" not in audiences_of(acting)


def test_nobody_is_of_another_offices_audiences() -> None:
    assert not any("VPUB" in each for each in audiences_of(OTHER_OFFICE))


def test_every_line_of_the_matrix_is_of_a_fact_there_is_and_reaches_the_page() -> None:
    for edition in EDITIONS:
        for line in edition.lines:
            assert event_type(line.fact) is not None, line.fact
            assert Channel.PAGE in line.channels
        assert {line.kind for line in edition.lines} == set(Kind)


def test_what_only_informs_is_not_mailed() -> None:
    matrix = matrix_on(date(2023, 2, 1))
    assert matrix.by_mail("task.assigned", Kind.GIVEN)
    assert not matrix.by_mail("task.completed", Kind.RESULT)
    assert not matrix.by_mail("task.assigned", Kind.OVERDUE)


HEADED = "valid_from,fact,audience,kind,channels\n"
FIRST = "2021-01-01,task.assigned,unit,given,page mail\n2021-01-01,task.urged,unit,overdue,page\n"
LATER = "2026-07-01,task.assigned,unit,given,page\n"


def test_the_matrix_of_a_day_is_the_whole_of_the_last_edition_in_force_by_then() -> None:
    editions = read(HEADED + LATER + FIRST)
    assert [each.valid_from for each in editions] == [date(2021, 1, 1), date(2026, 7, 1)]
    for day, mailed, urged in ((date(2020, 1, 1), True, 1), (date(2026, 6, 30), True, 1), (date(2026, 7, 1), False, 0)):
        matrix = matrix_on(day, editions)
        assert matrix.by_mail("task.assigned", Kind.GIVEN) is mailed, day
        assert len(matrix.lines_of("task.urged")) == urged, day


@pytest.mark.parametrize(
    "row",
    [
        "1/7/2026,task.assigned,unit,given,page",
        "2026-07-01,task.assigned,everybody,given,page",
        "2026-07-01,task.assigned,unit,given,pigeon",
        "2026-07-01,task.assigned,unit,given,mail",
        "2026-07-01,task.assigned,unit,given",
        "2026-07-01,task.assigned,unit,given,page\n2026-07-01,task.assigned,unit,result,page",
        "",
    ],
)
def test_a_row_that_cannot_be_is_told_when_the_matrix_is_read(row: str) -> None:
    with pytest.raises(WrongMatrix, match=r"line \d|no line"):
        read(HEADED + row)


async def test_what_is_told_follows_the_matrix_of_the_day_on_which_it_was_recorded(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = read(HEADED + "2021-01-01,case.opened,assign,decision,page\n2099-01-01,case.opened,propose,decision,page\n")
    monkeypatch.setattr(projections, "matrix_on", lambda day: matrix_on(day, later))
    case = await house.refer("7Q2K9FXA3MBTW0000001", flags=())
    assert await kinds(house, CHIEF) == {case: {"decision"}}
    assert await kinds(house, HUB) == {}


async def test_a_new_case_waits_for_the_head_and_the_hub_until_it_is_given(house: House) -> None:
    case = await house.refer("7Q2K9FXA3MBTW0000001", flags=())
    assert await kinds(house, CHIEF) == {case: {"decision"}}
    assert await kinds(house, HUB) == {case: {"decision"}}
    assert await kinds(house, LEADER) == await kinds(house, OTHER_OFFICE) == {}
    await house.ask("assign_case", CHIEF, case=case, lead="TCHCQT")
    assert await kinds(house, CHIEF) == {}
    assert await kinds(house, LEADER) == {case: {"given"}}
    assert await kinds(house, OTHER_UNIT) == {}


async def test_delegated_work_is_told_to_the_person(house: House) -> None:
    case = await with_a_unit(house)
    assert await kinds(house, SPECIALIST) == {}
    task = (await house.service.queries.tasks.of_case(CHIEF, case))[0].id
    await house.ask("delegate_task", LEADER, task=task, to="p-specialist")
    assert await kinds(house, SPECIALIST) == {case: {"given"}}


async def test_an_answer_put_forward_waits_for_the_head_and_returned_goes_to_the_unit(house: House) -> None:
    case = await put_forward(house)
    assert await kinds(house, CHIEF) == {case: {"decision"}}
    await house.ask("return_answer", CHIEF, case=case, reason="Nêu rõ thời hạn.")
    assert await kinds(house, CHIEF) == {}
    assert await kinds(house, LEADER) == {case: {"given", "returned"}}
    await house.ask("submit_answer", SPECIALIST, case=case, answer="Sẽ tổ chức trong tháng 6.")
    assert await kinds(house, LEADER) == {case: {"given"}}
    await house.ask("approve_answer", CHIEF, case=case)
    assert await kinds(house, LEADER) == {case: {"given", "result"}}


async def test_work_handed_back_is_told_to_whoever_gives_it(house: House) -> None:
    case = await with_a_unit(house)
    task = (await house.service.queries.tasks.of_case(CHIEF, case))[0].id
    await house.ask("return_task", LEADER, task=task, reason="Không thuộc nhiệm vụ của phòng.")
    assert await kinds(house, CHIEF) == {case: {"returned"}}
    assert await kinds(house, LEADER) == {}


async def test_a_case_about_a_unit_is_not_told_to_its_people(house: House) -> None:
    await house.refer("7Q2K9FXA3MBTW0000001", flags=(), concerns_units=("TCHCQT",))
    assert await kinds(house, HUB) == {}
    assert await kinds(house, CHIEF) == {CASE: {"decision"}}


async def test_a_day_that_passes_is_told_and_no_more_once_the_work_is_over(house: House) -> None:
    case = await with_a_unit(house)
    house.clock.move_to(house.clock.now().replace(month=6))
    for job in house.service.jobs:
        if job.name == "notice-overdue":
            await job.run(house.clock.now())
    assert await kinds(house, LEADER) == {case: {"given", "overdue"}}
    await house.ask("recall_case", CHIEF, case=case, reason="Giao nhầm.")
    assert await kinds(house, LEADER) == {}


async def test_a_rebuilt_read_model_tells_the_same(house: House) -> None:
    case = await put_forward(house)
    before = await kinds(house, LEADER), await kinds(house, CHIEF)
    await house.following.rebuild("notifications")
    assert (await kinds(house, LEADER), await kinds(house, CHIEF)) == before
    assert before == ({case: {"given"}}, {case: {"decision"}})


async def test_opening_a_case_clears_its_notices_for_whoever_opened_it_and_nobody_else(house: House, browsers: Browsers) -> None:
    case = await house.refer("7Q2K9FXA3MBTW0000001", flags=())
    head = await browsers.of(CHIEF)
    shown = (await head.open("/notifications")).text
    assert f'href="/cases/{case}"' in shown
    assert "Cần quyết định" in text_of(shown)
    assert (await head.open(f"/cases/{case}")).status_code == 200
    assert "Không có thông báo nào chưa xem." in text_of((await head.open("/notifications")).text)
    assert f'href="/cases/{case}"' in (await head.open("/notifications?all=1")).text
    assert await kinds(house, HUB) == {case: {"decision"}}


async def test_what_happens_after_he_looked_is_told_anew(house: House, browsers: Browsers) -> None:
    case = await house.refer("7Q2K9FXA3MBTW0000001", flags=())
    await (await browsers.of(CHIEF)).open(f"/cases/{case}")
    assert await kinds(house, CHIEF) == {}
    await house.ask("propose_assignment", HUB, case=case, lead="TCHCQT", coordinating=[])
    assert await kinds(house, CHIEF) == {case: {"decision"}}


async def test_all_can_be_marked_as_seen_at_once(house: House, browsers: Browsers) -> None:
    await house.refer("7Q2K9FXA3MBTW0000001", flags=())
    await house.refer("7Q2K9FXA3MBTW0000002", flags=())
    head = await browsers.of(CHIEF)
    action, hidden = form_of((await head.open("/notifications")).text, "seen")
    answer = await head.post(action, **hidden)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/notifications?done=seen")
    assert await kinds(house, CHIEF) == {}


async def test_a_notice_says_nothing_of_the_matter(house: House, browsers: Browsers) -> None:
    await put_forward(house)
    for who in (CHIEF, LEADER):
        shown = (await (await browsers.of(who)).open("/notifications?all=1")).text
        assert "lớp bồi dưỡng" not in shown
        assert "Sẽ tổ chức" not in shown
    assert await house.service.queries.notifications.unseen(CHIEF) == 1


async def test_the_matrix_is_shown_as_it_is(browsers: Browsers) -> None:
    shown = text_of((await (await browsers.of(LEADER)).open("/notifications/matrix")).text)
    assert "Giao việc Lãnh đạo đơn vị được giao Được giao có có" in shown
    assert "Áp dụng từ ngày 01/01/2021." in shown


def test_every_kind_state_audience_and_fact_has_its_words() -> None:
    pages = Pages((Room(package=ROOM),))
    for environment in pages.environments.values():
        said = environment.get_template("assignment/notifications/labels.html").module
        asked: dict[str, Iterable[str]] = {
            "kind": Kind,
            "mail": MailState,
            "audience": Audience,
            "fact": {line.fact for edition in EDITIONS for line in edition.lines},
        }
        for name, codes in asked.items():
            assert all(str(getattr(said, name)(code)).strip() for code in codes), name


def test_who_has_no_work_here_has_no_bell() -> None:
    assert reached(LEADER)
    assert not reached(subject("p-admin", "VPUB", Role.ADMINISTRATOR))
