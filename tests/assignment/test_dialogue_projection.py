"""An office's dialogue work as the read side holds it: a line for each thing, and what is put to a session."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select

from services.assignment.domain.session.states import INITIAL, evolve
from services.assignment.readmodel.dialogue.projections import DIALOGUE_PROJECTION, EVENTS, STAGES
from services.assignment.readmodel.dialogue.tables import dialogue_home, dialogue_put, dialogue_thing
from shared.contracts.case import Authority
from shared.contracts.meeting import MeetingCancelled, MeetingHeld, MeetingMoved
from shared.contracts.notice import NoticeCommented, NoticeDrafted, NoticeIssued
from shared.contracts.opinion import RejectionReason
from shared.contracts.plan import PlanAmended, PlanClosed, PlanDrafted, PlanIssued, PlannedDialogueUsed
from shared.contracts.proposal import (
    ChecklistItemChecked,
    ProposalCompleted,
    ProposalDeferred,
    ProposalLinked,
    ProposalRefused,
    ProposalReturned,
    ProposalSubmitted,
)
from shared.contracts.registry import all_events
from shared.contracts.request import RequestMet, RequestWithdrawn
from shared.contracts.roles import Role
from shared.contracts.session import (
    AgendaKind,
    AgendaPresented,
    AnswersReported,
    AttendanceAssigned,
    MinutesSigned,
    Outcome,
    ReadinessWaived,
    SessionCancelled,
    SessionCaseUnlinked,
    SessionClosed,
    SessionConcluded,
    SessionItemSplit,
    SessionPostponed,
    SessionRequestLinked,
)
from tests.assignment.house import AUDITOR, CHIEF, FEEDER, HUB, OTHER_OFFICE, OTHER_UNIT, PARTY, House
from tests.assignment.sittings import (
    AD_HOC,
    APPRAISAL,
    ASKED,
    AT_BRIEFING,
    ATTENDING,
    BEFORE_CHAIRMAN,
    BEGUN,
    BROUGHT,
    CHAIRMANS,
    CONCLUDED,
    CONFERENCE_DAY,
    DENIED,
    GRANTED,
    HELD,
    IN_FORCE,
    MEETING,
    NOTICE,
    PERIODIC,
    PLAN,
    PRESENT,
    PROGRAMME,
    PROPOSAL,
    REQUEST,
    SCHEDULED,
    TO_BE_HELD,
    agreed,
    announced,
    became,
    case,
    episode,
    linked,
    raised,
)
from tests.assignment.stage import SESSION
from tests.assignment.test_misuse import get
from tests.contracts.examples import example
from tests.support.scenario import sealed

LATER = SessionPostponed(to=date(2023, 7, 20), reason=sealed(1))
Steps = Sequence[tuple[Any, dict[str, Any]]]

OF_MEETINGS: Steps = (
    (SCHEDULED, {"stage": "du_kien", "day": "2023-02-10", "label": "hoi_nghi_ccvc"}),
    (MeetingMoved(on=date(2023, 2, 17), reason=None), {"stage": "doi_lich", "day": "2023-02-17"}),
    (MeetingHeld(), {"stage": "da_to_chuc"}),
)
MEETING_CANCELLED: Steps = (OF_MEETINGS[0], (MeetingCancelled(reason=sealed(1)), {"stage": "huy"}))
OF_SESSIONS: Steps = (
    (PERIODIC, {"stage": "de_xuat", "day": "2023-02-10", "label": "dinh_ky", "track": "A1", "about": MEETING}),
    (PROGRAMME, {"stage": "duyet_chuong_trinh"}),
    (announced(CONFERENCE_DAY), {"stage": "da_thong_bao"}),
    (replace(PROGRAMME, version=2), {}),
    (AttendanceAssigned(unit="TH", people=(), task=ATTENDING), {}),
    (SessionRequestLinked(request=REQUEST), {}),
    (AnswersReported(cases=()), {"stage": "san_sang"}),
    (ReadinessWaived(by="p-chief", reason=sealed(1)), {}),
    (BEGUN, {"stage": "dang_dien_ra"}),
    (AgendaPresented(kind=AgendaKind.POLICY, content=sealed(1)), {}),
    (PRESENT, {}),
    (HELD, {"stage": "da_to_chuc"}),
    (MinutesSigned(document=None, cases=()), {}),
    (SessionConcluded(notice=NOTICE, meeting=None), {"stage": "da_ket_luan"}),
    (SessionClosed(), {"stage": "ket_thuc"}),
)
SESSION_POSTPONED: Steps = (
    *OF_SESSIONS[:1],
    (SessionPostponed(to=None, reason=sealed(1)), {"stage": "hoan", "day": None}),
    (LATER, {"day": "2023-07-20"}),
    (PROGRAMME, {}),
    (announced(date(2023, 7, 20)), {"stage": "da_thong_bao"}),
    (SessionCancelled(reason=sealed(1)), {"stage": "huy"}),
)
SESSION_AD_HOC: Steps = (
    (AD_HOC, {"stage": "de_xuat", "day": "2023-05-11", "label": "dot_xuat", "track": "A2"}),
    (PROGRAMME, {"stage": "duyet_chuong_trinh"}),
    (AnswersReported(cases=()), {"stage": "san_sang"}),
    (announced(AD_HOC.scheduled), {}),
)
SESSION_CHAIRMANS: Steps = ((CHAIRMANS, {"stage": "de_xuat", "day": "2023-08-15", "track": "B"}),)
OF_REQUESTS: Steps = (
    (ASKED, {"stage": "da_tiep_nhan", "day": "2023-03-20", "label": "nhan_dan", "unit": "TH"}),
    (GRANTED, {"stage": "chap_nhan", "about": SESSION}),
    (RequestMet(session=SESSION), {"stage": "da_dap_ung"}),
)
REQUEST_REFUSED: Steps = (OF_REQUESTS[0], (DENIED, {"stage": "tu_choi"}))
REQUEST_WITHDRAWN: Steps = (OF_REQUESTS[0], (RequestWithdrawn(note=None), {"stage": "rut"}))
OF_PROPOSALS: Steps = (
    (BROUGHT, {"stage": "da_tiep_nhan", "unit": "SNNPTNT", "label": "nong-nghiep", "track": "B"}),
    (ProposalReturned(reason=sealed(1)), {"stage": "yeu_cau_bo_sung"}),
    (ProposalCompleted(content=sealed(2), attachments=()), {"stage": "da_tiep_nhan"}),
    (APPRAISAL, {"stage": "dang_tham_dinh", "day": "2023-06-19"}),
    (agreed("BDVTU"), {}),
    (agreed("MTTQ"), {}),
    (CONCLUDED, {"stage": "da_tham_dinh"}),
    (ProposalSubmitted(to_chairman=False, document=None), {"stage": "trinh_lanh_dao"}),
    (BEFORE_CHAIRMAN, {"stage": "trinh_chu_tich"}),
    (ProposalDeferred(reason=None), {"stage": "de_ky_sau"}),
    (TO_BE_HELD, {"stage": "dong_y"}),
    (ProposalLinked(session=SESSION), {"about": SESSION}),
    (ChecklistItemChecked(line=1), {}),
)
PROPOSAL_REFUSED: Steps = (OF_PROPOSALS[0], (ProposalRefused(reason=sealed(1)), {"stage": "khong_dong_y"}))
DRAFT = NoticeDrafted(office="VPUB", authority=Authority.HEAD, session=SESSION, meeting=None, document=None, items=())
OF_NOTICES: Steps = (
    (DRAFT, {"stage": "du_thao", "about": SESSION, "label": "CVP"}),
    (NoticeCommented(unit="TH", comment=sealed(1)), {"stage": "lay_y_kien"}),
    (DRAFT, {"stage": "du_thao"}),
    (
        replace(example(NoticeIssued), number="03/TB-VPUB", on=date(2023, 2, 17), items=()),
        {"stage": "da_phat_hanh", "number": "03/TB-VPUB", "day": "2023-02-17"},
    ),
)
PLANNED = PlanDrafted(
    office="VPUB", year=2023, bases=(), dialogues=(), windows=(), recipients=(), copied_from=None, document=None
)
OF_PLANS: Steps = (
    (PLANNED, {"stage": "du_thao", "label": "2023"}),
    (
        replace(example(PlanIssued), number="01/KH-VPUB", on=date(2023, 1, 4), disseminations=()),
        {"stage": "da_ban_hanh", "number": "01/KH-VPUB", "day": "2023-01-04"},
    ),
    (replace(example(PlanAmended), reason=sealed(1)), {}),
    (PlanClosed(), {"stage": "ket_thuc"}),
)
LIVES = {
    "meetings": (MEETING, OF_MEETINGS),
    "meetings, cancelled": (MEETING, MEETING_CANCELLED),
    "sessions": (SESSION, OF_SESSIONS),
    "sessions, postponed": (SESSION, SESSION_POSTPONED),
    "sessions, ad hoc": (SESSION, SESSION_AD_HOC),
    "sessions, the Chairman's": (SESSION, SESSION_CHAIRMANS),
    "requests": (REQUEST, OF_REQUESTS),
    "requests, refused": (REQUEST, REQUEST_REFUSED),
    "requests, withdrawn": (REQUEST, REQUEST_WITHDRAWN),
    "proposals": (PROPOSAL, OF_PROPOSALS),
    "proposals, refused": (PROPOSAL, PROPOSAL_REFUSED),
    "notices": (NOTICE, OF_NOTICES),
    "plans": (PLAN, OF_PLANS),
}


async def happen(house: House, stream: str, *events: Any) -> None:
    await house.happen("assignment", {stream: events})
    await house.follow()


async def listed(house: House, kind: str, narrowed: str = "") -> list[dict[str, Any]]:
    """What the hub sees in a list."""
    answer = await get(house, HUB, f"/offices/VPUB/dialogue/{kind}{narrowed}")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


@pytest.mark.parametrize("life", list(LIVES))
async def test_after_each_fact_the_list_says_where_it_stands(house: House, life: str) -> None:
    stream, steps = LIVES[life]
    kind = life.partition(",")[0]
    line: dict[str, Any] = dict.fromkeys(("day", "label", "track", "unit", "about", "number"))
    line |= {"id": stream, "kind": kind.removesuffix("s")}
    for version, (event, changed) in enumerate(steps, start=1):
        await happen(house, stream, event)
        line |= {**changed, "version": version}
        line["unit_label"] = line["unit"]  # units are named by their keys here
        (found,) = await listed(house, kind)
        assert {name: value for name, value in found.items() if name != "at"} == line, event
        alone = (await get(house, HUB, f"/{kind}/{stream}")).json()
        assert (alone["line"], alone["puts"]) == (found, [])


@pytest.mark.parametrize("steps", [OF_SESSIONS, SESSION_POSTPONED, SESSION_AD_HOC])
async def test_a_session_stands_in_the_list_where_it_stands_for_its_rules(house: House, steps: Steps) -> None:
    state: Any = INITIAL
    for event, _ in steps:
        state = evolve(state, event)
        await happen(house, SESSION, event)
        (found,) = await listed(house, "sessions")
        assert (found["stage"], found["day"]) == (state.stage.value, state.on.isoformat() if state.on else None), event


def test_every_stage_that_a_fact_leads_to_is_seen_in_a_list() -> None:
    seen = {type(event) for _, steps in LIVES.values() for event, _ in steps}
    assert STAGES.keys() <= seen


async def puts(house: House) -> list[tuple[str, bool, str | None]]:
    """What is put to the session, as the hub sees it."""
    found = (await get(house, HUB, f"/sessions/{SESSION}")).json()["puts"]
    return [(put["case"], put["raised"], put["outcome"]) for put in found]


async def test_a_session_shows_what_is_put_to_it_and_what_became_of_it(house: House) -> None:
    await happen(house, SESSION, PERIODIC, linked(1), linked(2))
    assert await puts(house) == [(case(1), False, None), (case(2), False, None)]
    await happen(house, SESSION, SessionCaseUnlinked(case=case(2), episode=episode(2)), PROGRAMME, BEGUN, raised(3))
    assert await puts(house) == [(case(1), False, None), (case(3), True, None)]
    await happen(house, SESSION, became(1, Outcome.DIRECTED, direction=sealed(3)))
    await happen(house, SESSION, SessionItemSplit(case=case(3), children=(case(4), case(5))))
    assert await puts(house) == [(case(1), False, "giao_giai_quyet"), (case(4), True, None), (case(5), True, None)]
    await happen(house, SESSION, became(4, Outcome.ANSWERED, answer=sealed(4)), became(1, Outcome.TAKEN_ON_BOARD))
    await happen(house, SESSION, became(5, Outcome.NOT_ACCEPTED, reason=RejectionReason.SESSION_RULES), HELD)
    assert await puts(house) == [
        (case(1), False, "tiep_thu"),
        (case(4), True, "tra_loi_tai_cho"),
        (case(5), True, "khong_tiep_nhan"),
    ]


async def test_what_the_chairman_is_to_answer_was_not_raised_in_the_room_nor_were_its_parts(house: House) -> None:
    await happen(house, SESSION, CHAIRMANS, raised(1), raised(2), SessionItemSplit(case=case(2), children=(case(3),)))
    await happen(house, SESSION, PROGRAMME, BEGUN, raised(4))
    assert await puts(house) == [(case(1), False, None), (case(3), False, None), (case(4), True, None)]


async def test_a_list_goes_by_day_what_has_none_stands_last_and_days_narrow_it(house: House) -> None:
    days = {1: date(2023, 5, 25), 2: None, 3: date(2023, 2, 10), 4: date(2023, 2, 10)}
    for n, day in days.items():
        put_off = SessionPostponed(to=day, reason=sealed(1))
        await house.happen("assignment", {f"session-0000000000000000000{n}": [PERIODIC, put_off]})
    await house.follow()
    assert [found["id"][-1] for found in await listed(house, "sessions")] == ["3", "4", "1", "2"]
    assert [found["id"][-1] for found in await listed(house, "sessions", "?from=2023-02-11")] == ["1"]
    assert [found["id"][-1] for found in await listed(house, "sessions", "?to=2023-05-24")] == ["3", "4"]
    assert await listed(house, "meetings") == []


async def test_another_office_sees_nothing_and_is_not_told_that_it_is_there(house: House) -> None:
    await happen(house, SESSION, PERIODIC)
    await happen(house, MEETING, SCHEDULED)
    for path in ("/offices/VPUB/dialogue/sessions", f"/sessions/{SESSION}", f"/meetings/{MEETING}"):
        answer = await get(house, OTHER_OFFICE, path)
        assert (answer.status_code, answer.json()["code"]) == (404, "unknown")
    own = await get(house, OTHER_OFFICE, "/offices/UBND-MSO/dialogue/sessions")
    assert (own.status_code, own.json()["items"]) == (200, [])
    for path in ("/sessions/session-00000000000000000099", f"/notices/{SESSION}"):
        missing = await get(house, HUB, path)
        assert (missing.status_code, missing.json()["code"]) == (404, "unknown")


async def test_the_office_s_people_see_it_and_whoever_only_feeds_it_does_not(house: House) -> None:
    await happen(house, SESSION, PERIODIC)
    for reader in (CHIEF, HUB, OTHER_UNIT, PARTY, AUDITOR):
        assert (await get(house, reader, f"/sessions/{SESSION}")).status_code == 200
    refused = await get(house, FEEDER, "/offices/VPUB/dialogue/sessions")
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    assert (await get(house, FEEDER, f"/sessions/{SESSION}")).status_code == 404
    assert Role.FEEDER in FEEDER.capacities


async def rows(house: House) -> list[dict[str, Any]]:
    """Every line of the projection's tables."""
    async with house.database.read() as connection:
        return [
            dict(row)
            for table in (dialogue_home, dialogue_thing, dialogue_put)
            for row in (await connection.execute(select(table).order_by(*table.primary_key))).mappings()
        ]


async def test_a_rebuild_gives_what_was_followed_one_by_one(house: House) -> None:
    for kind in ("meetings", "requests", "proposals", "notices", "plans"):
        stream, steps = LIVES[kind]
        for event, _ in steps:
            await happen(house, stream, event)
    for event in (PERIODIC, linked(1), PROGRAMME, BEGUN, raised(2), became(1, Outcome.WITHDRAWN)):
        await happen(house, SESSION, event)
    followed = await rows(house)
    assert len(followed) == 6 + 6 + 2
    await house.following.rebuild("dialogue")
    assert await rows(house) == followed


async def test_a_plan_shows_the_dialogue_that_was_proposed_as_one_of_its_own(house: House) -> None:
    earlier = "session-00000000000000000009"
    await happen(house, PLAN, *IN_FORCE)
    for session in (earlier, SESSION):
        await happen(house, session, PERIODIC)
    await happen(house, "planned_dialogue-VPUB-2023-2", PlannedDialogueUsed(plan=PLAN, number=2, session=SESSION))
    (line,) = (await get(house, HUB, f"/plans/{PLAN}")).json()["whole"]["dialogues"]
    assert (line["number"], line["session"], line["stage"]) == (2, SESSION, "de_xuat")
    await house.following.rebuild("dialogue")
    assert (await get(house, HUB, f"/plans/{PLAN}")).json()["whole"]["dialogues"] == [line]


def test_the_projection_reads_every_event_of_an_office_s_dialogue_work() -> None:
    kinds = {"meeting", "session", "notice", "request", "proposal", "plan", "planned_dialogue"}
    assert {declared.name for declared in all_events() if declared.stream_kind in kinds} == EVENTS
    assert all(name.startswith(f"{DIALOGUE_PROJECTION.name}_") for name in DIALOGUE_PROJECTION.tables.tables)


async def dates(house: House, *events: Any, on: date = date(2023, 1, 9)) -> list[tuple[str, str | None]]:
    """After these facts of that day: whether its answers, minutes and notice are awaited still, or when they were done."""
    house.clock.move_to(datetime(on.year, on.month, on.day, 10, tzinfo=UTC))
    await happen(house, SESSION, *events)
    found = (await get(house, HUB, f"/sessions/{SESSION}")).json()["dates"]
    assert [each["due"]["rule"] for each in found] == ["report_answers", "minutes", "notice"]
    return [(each["standing"], each["met_on"]) for each in found]


RUNS, GONE = ("dang_tinh", None), ("khong_con", None)


def met(day: str) -> tuple[str, str]:
    return ("da_thuc_hien", day)


async def test_what_follows_from_a_dialogue_s_day_runs_until_it_was_done(house: House) -> None:
    assert await dates(house, PERIODIC, PROGRAMME, announced(CONFERENCE_DAY)) == [RUNS, RUNS, RUNS]
    answers = met("2023-02-06")
    assert await dates(house, AnswersReported(cases=()), on=date(2023, 2, 6)) == [answers, RUNS, RUNS]
    assert await dates(house, BEGUN, PRESENT, HELD, on=CONFERENCE_DAY) == [answers, RUNS, RUNS]
    minutes = met("2023-02-14")
    assert await dates(house, MinutesSigned(document=None, cases=()), on=date(2023, 2, 14)) == [answers, minutes, RUNS]
    concluded = SessionConcluded(notice=NOTICE, meeting=None)
    done = [answers, minutes, met("2023-02-16")]
    assert await dates(house, concluded, on=date(2023, 2, 16)) == done
    assert await dates(house, SessionClosed(), on=date(2023, 2, 20)) == done


async def test_what_follows_from_the_day_of_a_dialogue_falls_away_with_it(house: House) -> None:
    await dates(house, PERIODIC, PROGRAMME, announced(CONFERENCE_DAY), AnswersReported(cases=()))
    assert await dates(house, SessionPostponed(to=None, reason=sealed(1))) == [GONE, GONE, GONE]
    assert await dates(house, LATER) == [RUNS, RUNS, RUNS]  # of its new day, and the answers are reported anew
    assert await dates(house, SessionCancelled(reason=sealed(1))) == [GONE, GONE, GONE]


async def test_opened_without_the_answers_nobody_reports_them_any_more(house: House) -> None:
    waived = ReadinessWaived(by="p-chief", reason=sealed(1))
    assert await dates(house, PERIODIC, PROGRAMME, announced(CONFERENCE_DAY), waived, BEGUN) == [GONE, RUNS, RUNS]


async def test_the_short_form_is_only_concluded(house: House) -> None:
    assert await dates(house, AT_BRIEFING) == [GONE, GONE, RUNS]
    line = SessionConcluded(notice=None, meeting=MEETING)
    assert await dates(house, BEGUN, PRESENT, HELD, line) == [GONE, GONE, met("2023-01-09")]
