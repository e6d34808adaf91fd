"""What the pages of dialogues work out, and that every command, code and fact has its form and its words."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Any

import pytest

from services.assignment.domain.meeting import commands as of_meeting
from services.assignment.domain.notice import commands as of_notice
from services.assignment.domain.plan import commands as of_plan
from services.assignment.domain.request import commands as of_request
from services.assignment.domain.session import commands as of_session
from services.assignment.domain.session.states import Stage
from services.assignment.entrypoints.pages import dialogue, plans
from services.assignment.entrypoints.pages.dialogue.acts import (
    MEETING_ACTS,
    PROPOSE,
    REQUEST_ACTS,
    SCHEDULE,
    SCHEDULE_SERIES,
    SESSION_ACTS,
    raising,
)
from services.assignment.entrypoints.pages.dialogue.listed import Tab, listed, tab_of_meeting, tab_of_request, tab_of_session
from services.assignment.entrypoints.pages.plans.acts import (
    AMEND_PLAN,
    DRAFT,
    DRAFT_PLAN,
    NOTICE_ACTS,
    PLAN_ACTS,
    REDRAFT,
)
from services.assignment.readmodel.cases.projections import CaseStage
from services.assignment.readmodel.dialogue.naming import Found, identities_in
from services.assignment.readmodel.dialogue.projections import STAGES
from services.assignment.readmodel.dialogue.queries import DONE, Thing
from services.assignment.readmodel.tasks.projections import TaskStage
from shared.contracts import meeting, notice, request, session
from shared.contracts import plan as plan_facts
from shared.contracts.case import Authority
from shared.contracts.document import DispatchMeans, DocumentKind
from shared.contracts.meeting import MeetingBody, MeetingKind
from shared.contracts.notice import ConclusionKind
from shared.contracts.opinion import DivertedKind, Flag, Kind, RejectionReason, SourceGroup
from shared.contracts.registry import all_events
from shared.contracts.session import AgendaKind, Mode, Origin, Outcome, Track, Trigger
from shared.documents.states import LABELS
from shared.web.acts import Act, Asks, Field
from shared.web.pages import LANGUAGES, Pages
from shared.web.rooms import Room

TALKS = (PROPOSE, *SESSION_ACTS, raising(Track.PEOPLE), SCHEDULE, SCHEDULE_SERIES, *MEETING_ACTS, *REQUEST_ACTS)
PLANS = (DRAFT, REDRAFT, *NOTICE_ACTS, DRAFT_PLAN, AMEND_PLAN, *PLAN_ACTS)


def thing(id: str, stage: str, day: date | None, track: Track | None = Track.STAFF) -> Thing:
    values: dict[str, Any] = dict.fromkeys(Thing.__dataclass_fields__)
    return Thing(**{**values, "id": id, "stage": stage, "day": day, "track": track})


def test_a_year_is_shown_by_month_and_what_has_no_day_last() -> None:
    things = [
        thing("b", Stage.PROPOSED, date(2023, 2, 10)),
        thing("c", Stage.POSTPONED, None),
        thing("a", Stage.CLOSED, date(2023, 1, 9)),
        thing("d", Stage.HELD, date(2023, 2, 1), Track.PEOPLE),
    ]
    found = listed(things, tab_of_session, year=2023, tab=Tab.ALL, today=date(2023, 2, 5))
    assert [(month.first, [each.id for each in month.things]) for month in found.months] == [
        (date(2023, 1, 1), ["a"]),
        (date(2023, 2, 1), ["d", "b"]),
        (None, ["c"]),
    ]
    assert [(each.tab, each.count) for each in found.tabs] == [(Tab.ALL, 4), (Tab.AHEAD, 2), (Tab.FOLLOW, 1), (Tab.OVER, 1)]
    assert found.next is not None
    assert found.next.id == "b"
    people = listed(things, tab_of_session, year=2023, tab=Tab.FOLLOW, today=date(2023, 2, 5), track="A2")
    assert ([each.id for month in people.months for each in month.things], people.total) == (["d"], 1)


def test_every_stage_of_a_dialogue_a_meeting_and_a_request_stands_in_a_view() -> None:
    kinds = {meeting: tab_of_meeting, session: tab_of_session, request: tab_of_request}
    for module, of in kinds.items():
        for stage in (stage for fact, stage in STAGES.items() if fact.__module__ == module.__name__):
            assert of(thing("x", stage, None)) in Tab


@pytest.mark.parametrize(
    ("text", "names", "found"),
    [
        ("Giao Phòng TCHCQT sửa nhà để xe.", ["Lò Văn Ân"], []),
        ("Theo ý của lò văn ân, sửa nhà để xe.", ["Lò Văn Ân"], [("lò văn ân", True)]),
        ("Ông Lò Văn Ân đề nghị.", ["Lò Văn Ân"], [("Lò Văn Ân", True)]),
        ("Cây hoa trước cổng.", ["Hoa"], []),
        ("Chị Hoa ở Phòng Tổng hợp.", ["Hoa"], [("Hoa", True)]),
        ("Liên hệ 0912 345 678 hoặc a.b@sonla.gov.vn, số 014203001234.", [], None),
        ("Bà con trong bản, ông bà cao tuổi; chị em phụ nữ.", [], []),
        ("Văn bản số 1037-CV/BDVTU ngày 16/07/2019, kinh phí 12.345.678 đồng.", [], []),
    ],
)
def test_what_says_who_spoke_is_found_word_for_word(text: str, names: list[str], found: list[tuple[str, bool]] | None) -> None:
    told = identities_in({1: text}, names)
    if found is None:
        assert {each.words for each in told} == {"0912 345 678", "a.b@sonla.gov.vn", "014203001234"}
    else:
        assert sorted(told) == sorted(Found(1, words, known=known) for words, known in found)


def commands_of(*modules: Any) -> set[type]:
    return {
        each
        for module in modules
        for each in vars(module).values()
        if isinstance(each, type) and each.__module__ == module.__name__ and not issubclass(each, StrEnum)
    }


def test_every_command_about_dialogues_has_a_form() -> None:
    asked = commands_of(of_session, of_meeting, of_request, of_notice, of_plan)
    house_own = {of_request.OpenRequest, of_notice.Conclusion}  # the house asks the one itself; the other is a line of a command
    assert {act.command for act in (*TALKS, *PLANS)} == asked - house_own


@pytest.fixture(scope="module", params=LANGUAGES)
def template(request: pytest.FixtureRequest) -> Any:
    environment = Pages([Room(package=dialogue.__name__), Room(package=plans.__name__)]).environments[request.param]
    return lambda name: environment.get_template(name).module


def fields_of(acts: Iterable[Act]) -> Iterable[tuple[Act, Field]]:
    for act in acts:
        for field in act.fields:
            yield act, field
            if field.asks is Asks.TABLE:
                yield from ((act, part) for part in field.row(0) if part.asks is not Asks.FIXED)


@pytest.mark.parametrize(
    ("room", "acts"),
    [("assignment/dialogue/labels.html", TALKS), ("assignment/plans/labels.html", PLANS)],
    ids=["dialogue", "plans"],
)
def test_every_act_field_and_choice_has_its_words(template: Any, room: str, acts: tuple[Act, ...]) -> None:
    say = template(room)
    for act in acts:
        assert say.act(act.name).strip()
        assert say.button(act.name).strip()
        assert say.done_words(act.slug).strip(), act.slug
    for act, field in fields_of(acts):
        assert say.field(act.name, field.label).strip()
        say.hint(act.name, field.label)
        assert all(say.choice(field.label, code).strip() for code in field.choices)


def test_every_code_has_its_words(template: Any) -> None:
    say, plan = template("assignment/dialogue/labels.html"), template("assignment/plans/labels.html")
    worded: list[tuple[Any, Iterable[Any]]] = [
        (say.track, Track),
        (say.trigger, [*Trigger, None]),
        (say.origin, Origin),
        (say.mode, Mode),
        (say.stage, Stage),
        (say.tab, Tab),
        (say.request_tab, Tab),
        (say.kind, Kind),
        (say.source, SourceGroup),
        (say.flag, Flag),
        (say.case_stage, CaseStage),
        (say.task_stage, TaskStage),
        (say.outcome, Outcome),
        (say.outcome_words, Outcome),
        (say.reason, RejectionReason),
        (say.diverted, DivertedKind),
        (say.agenda, AgendaKind),
        (say.meeting, MeetingKind),
        (say.body, MeetingBody),
        (say.every, of_meeting.Every),
        (say.paper, DocumentKind),
        (say.paper_state, [code for code in LABELS.values() if code]),
        (say.rule, DONE),
        (say.note, [*MeetingKind, *Trigger, *Track]),
        (say.meeting_stage, _stages(meeting)),
        (say.request_stage, _stages(request)),
        (plan.notice_stage, _stages(notice)),
        (plan.plan_stage, _stages(plan_facts)),
        (plan.task_stage, TaskStage),
        (plan.conclusion, ConclusionKind),
        (plan.means, DispatchMeans),
        (plan.authority, Authority),
        (say.event, [declared.name for declared in all_events() if declared.stream_kind == "session"]),
    ]
    for macro, codes in worded:
        for code in codes:
            assert macro(str(code) if code is not None else None).strip(), code
    for track in Track:
        assert say.title(track.value, None).strip()


def _stages(module: Any) -> set[str]:
    return {stage for fact, stage in STAGES.items() if fact.__module__ == module.__name__}
