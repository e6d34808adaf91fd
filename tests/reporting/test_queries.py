"""What figures say to whom: rows and their names, values at the cut-off, as-of positions, permission."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from services.reporting.domain.figures.columns import COUNTS, RATES
from services.reporting.domain.figures.window import WindowBackwards
from services.reporting.readmodel.asof import as_of
from services.reporting.readmodel.breakdown import By
from shared.asof import AsOfAhead, UnreadableAsOf
from shared.contracts import case
from shared.contracts.case import DueBase
from shared.contracts.opinion import DivertedKind, Kind, OpinionCorrected, RejectionReason, SourceGroup
from shared.contracts.refusals import Forbidden, Unknown
from shared.contracts.roles import Role
from tests.reporting.dialogues import Dialogues
from tests.reporting.story import SEALED, Story, at
from tests.reporting.world import HUB, World, row

FEBRUARY = (date(2023, 2, 1), date(2023, 2, 28))
MARCH = (date(2023, 3, 1), date(2023, 3, 31))
DUE = date(2023, 2, 15)


def day(number: int, hour: int = 8) -> datetime:
    return at(date(2023, 2, number), hour)


async def test_the_answer_has_the_shape_that_was_agreed(world: World, story: Story) -> None:
    story.received("A", day(1))
    await world.play(story)
    figures = await world.figures(*FEBRUARY)
    assert list(figures) == ["office", "from", "to", "by", "as_of", "rows", "total"]
    assert (figures["office"], figures["from"], figures["to"], figures["by"]) == ("VPUB", "2023-02-01", "2023-02-28", "total")
    columns = [*COUNTS, *RATES]
    assert [list(each) for each in figures["rows"]] == [["key", "label", *columns]]
    assert row(figures, "total")["B1"] == figures["total"]["B1"] == 1
    assert figures["as_of"] == {"intake": 1, "assignment": 0}


async def test_rows_carry_the_names_of_the_directory_in_its_order(world: World, story: Story) -> None:
    for name, lead in (("A", "KT"), ("B", "TCHCQT"), ("C", "TH")):
        story.received(name, day(1))
        story.classified(name, day(2), DUE)
        story.assigned(name, day(3), DUE, lead=lead)
    await world.play(story)
    rows = (await world.figures(*FEBRUARY, by=By.UNIT))["rows"]
    assert [(each["key"], each["label"]) for each in rows] == [
        ("TCHCQT", "Phòng Tổ chức - Hành chính - Quản trị"),
        ("TH", "Phòng Tổng hợp"),
        ("KT", "Phòng Kinh tế"),
        ("-", "Chưa phân công"),
    ]


async def test_every_breakdown_is_closed_by_what_has_no_place_yet(world: World, story: Story) -> None:
    story.received("A", day(1))
    await world.play(story)
    labels = {by: (await world.figures(*FEBRUARY, by=by))["rows"][-1]["label"] for by in By}
    assert labels == {
        By.TOTAL: "Tổng",
        By.FIELD: "Chưa phân loại",
        By.UNIT: "Chưa phân công",
        By.LOCALITY: "Không xác định địa bàn",
        By.SOURCE: "Nhân dân",
    }


async def test_the_field_and_unit_are_those_of_the_cut_off(world: World, story: Story) -> None:
    story.received("A", day(1))
    story.classified("A", day(2), DUE, area="khac")
    story.classified("A", at(date(2023, 3, 2)), DUE, area="tiep-cong-dan")
    story.assigned("A", day(3), DUE, lead="TH")
    story.handed_back("A", day(4), lead="TH")
    story.assigned("A", at(date(2023, 3, 3)), DUE, lead="KT")
    await world.play(story)
    assert row(await world.figures(*FEBRUARY, by=By.FIELD), "khac")["J"] == 1
    assert row(await world.figures(*FEBRUARY, by=By.UNIT), "-")["J"] == 1
    march = (date(2023, 2, 1), date(2023, 3, 31))
    assert row(await world.figures(*march, by=By.FIELD), "tiep-cong-dan")["J"] == 1
    assert row(await world.figures(*march, by=By.UNIT), "KT")["J"] == 1


async def test_a_value_recorded_late_is_ordered_by_when_it_happened(world: World, story: Story) -> None:
    story.received("A", day(1))
    story.classified("A", day(3), DUE, area="khac")
    story.classified("A", day(2), DUE, area="tiep-cong-dan", recorded=day(9))
    await world.play(story)
    assert row(await world.figures(*FEBRUARY, by=By.FIELD), "khac")["J"] == 1


async def test_what_ends_without_a_lead_goes_to_the_unit_that_classified_it(world: World, story: Story) -> None:
    for name in "ABCDE":
        story.received(name, day(1))
    for name in "AB":
        story.classified(name, day(2), DUE, unit="BTCD")
    story.forwarded("A", day(3), unit="TCHCQT")
    story.withdrawn("B", day(3))
    story.rejected("C", day(3), "TCHCQT")
    story.withdrawn("D", day(3))
    await world.play(story)
    figures = await world.figures(*FEBRUARY, by=By.UNIT)
    assert (row(figures, "BTCD")["E"], row(figures, "BTCD")["F"], row(figures, "TCHCQT")["D"]) == (1, 1, 1)
    assert (row(figures, "-")["F"], row(figures, "-")["J"]) == (1, 1)


async def test_a_reopened_episode_inherits_where_it_comes_from(world: World, story: Story) -> None:
    story.received("A", day(1), source=SourceGroup.ORGANISATION, locality="MSO")
    story.classified("A", day(1), DUE)
    story.assigned("A", day(2), DUE)
    story.resolved("A", day(3), DUE)
    story.reopened("A", day(6), DUE, lead=None)
    await world.play(story)
    assert row(await world.figures(*FEBRUARY, by=By.LOCALITY), "MSO")["B2"] == 1
    assert row(await world.figures(*FEBRUARY, by=By.SOURCE), "to_chuc")["B2"] == 1
    assert row(await world.figures(*FEBRUARY, by=By.UNIT), "-")["J"] == 1


async def test_a_child_is_due_with_its_parent_until_it_is_classified(world: World, story: Story) -> None:
    story.received("P", day(1))
    story.classified("P", day(1, 9), DUE)
    story.split("P", ("PA", "PB"), day(2), received=day(1), source=SourceGroup.PEOPLE)
    story.classified("PB", day(3), date(2023, 3, 20))
    await world.play(story)
    total = (await world.figures(*FEBRUARY))["total"]
    assert (total["B1"], total["J1"], total["J2"]) == (2, 1, 1)


async def test_offices_are_counted_apart(world: World, story: Story) -> None:
    story.received("A", day(1))
    story.received("B", day(1), office="UBND-MSO")
    await world.play(story)
    other = replace(HUB, office="UBND-MSO")
    assert (await world.figures(*FEBRUARY))["total"]["C"] == 1
    assert (await world.figures(*FEBRUARY, office="UBND-MSO", subject=other))["total"]["C"] == 1


async def test_positions_limit_what_is_known(world: World, story: Story) -> None:
    story.received("A", day(1))
    story.received("B", day(2))
    story.rejected("A", day(3))
    await world.play(story)
    known = {n: (await world.figures(*FEBRUARY, as_of={"intake": n, "assignment": 0}))["total"] for n in range(4)}
    assert [(known[n]["C"], known[n]["D"]) for n in range(4)] == [(0, 0), (1, 0), (2, 0), (2, 1)]
    answered = await world.figures(*FEBRUARY, as_of=day(2, 23))
    assert answered["as_of"] == {"intake": 2, "assignment": 0}
    assert answered["total"]["D"] == 0


async def test_figures_of_another_office_look_as_if_there_were_none(world: World) -> None:
    with pytest.raises(Unknown):
        await world.figures(*FEBRUARY, office="UBND-MSO")
    with pytest.raises(Unknown):
        await world.figures(*FEBRUARY, subject=replace(HUB, tenant="laichau"))


async def test_an_unknown_office_is_not_found(world: World) -> None:
    auditor = replace(HUB, capacities=frozenset({Role.AUDITOR}))
    assert (await world.figures(*FEBRUARY, office="UBND-MSO", subject=auditor))["total"]["C"] == 0
    for office in ("NOWHERE", "TCHCQT"):
        with pytest.raises(Unknown):
            await world.figures(*FEBRUARY, office=office, subject=auditor)


@pytest.mark.parametrize("role", [Role.CITIZEN, Role.FEEDER, Role.ADMINISTRATOR])
async def test_who_has_no_part_in_the_office_reads_no_figures(world: World, role: Role) -> None:
    with pytest.raises(Forbidden):
        await world.figures(*FEBRUARY, subject=replace(HUB, capacities=frozenset({role})))


async def test_a_window_backwards_is_refused(world: World) -> None:
    with pytest.raises(WindowBackwards):
        await world.figures(date(2023, 2, 2), date(2023, 2, 1))


async def test_a_contradiction_is_shown_with_its_episodes(world: World, story: Story) -> None:
    story.received("A", day(1))
    story.withdrawn("A", day(2))
    story.resolved("A", day(3), DUE)
    await world.play(story)
    broken = (await world.figures(*FEBRUARY))["broken"]
    assert [(each["key"], each["episodes"]) for each in broken] == [("total", ["A/1"])]


def test_an_instant_or_a_vector_says_as_of_when() -> None:
    assert as_of(None) is None
    assert as_of("intake=12,assignment=7") == {"intake": 12, "assignment": 7}
    instant = datetime(2023, 6, 2, 10, tzinfo=UTC)
    assert as_of("2023-06-02T17:00:00+07:00") == as_of("2023-06-02T17:00:00 07:00") == as_of("2023-06-02T10:00:00Z") == instant


@pytest.mark.parametrize(
    "text",
    [
        "yesterday",
        "2023-06-02",
        "2023-06-02T17:00:00",
        "intake=12",
        "intake=12,assignment=-1",
        "intake=1,assignment=2,vault=3",
        "intake=1,intake=2",
        "=,=",
    ],
)
def test_what_says_no_instant_and_no_vector_is_refused(text: str) -> None:
    with pytest.raises(UnreadableAsOf):
        as_of(text)


async def test_an_extension_that_came_too_late_makes_nothing_in_time(world: World, dialogues: Dialogues) -> None:
    for name, granted in (("A", day(15, 23)), ("B", day(16, 0))):
        dialogues.received(name, day(1))
        dialogues.classified(name, day(2), DUE)
        dialogues.assigned(name, day(3), DUE)
        dialogues.due_set(name, granted, date(2023, 2, 25), DueBase.EXTENSION)
        dialogues.resolved(name, day(20), date(2023, 2, 25))
    await world.play(dialogues)
    total = (await world.figures(*FEBRUARY))["total"]
    assert (total["I1"], total["I2"]) == (1, 1)


async def test_what_ends_after_referral_is_counted_as_before_it(world: World, dialogues: Dialogues) -> None:
    endings = {
        "D": case.CaseRejected(episode="D/1", reason=RejectionReason.REPEATED, note=None),
        "E": case.CaseForwarded(episode="E/1", to="SGTVT", note=None),
        "K": case.CaseDiverted(episode="K/1", kind=DivertedKind.COMPLAINT, to="BTCD"),
        "F": case.CaseWithdrawn(episode="F/1", note=None),
        "G": case.CaseMerged(episode="G/1", into="case-A"),
    }
    for name, ending in endings.items():
        dialogues.received(name, day(1))
        dialogues.classified(name, day(2), DUE)
        dialogues.decided(name, ending, day(4), unit="KT")
    await world.play(dialogues)
    total = (await world.figures(*FEBRUARY))["total"]
    assert [total[column] for column in "DEFG"] == [1, 2, 1, 1]
    assert row(await world.figures(*FEBRUARY, by=By.UNIT), "TCHCQT")["E"] == 2


async def test_a_merge_undone_after_the_cut_off_still_counts_in_it(world: World, dialogues: Dialogues) -> None:
    dialogues.received("A", day(1))
    dialogues.merged("A", "B", day(10))
    dialogues.unmerged("A", "B", at(date(2023, 3, 5)))
    await world.play(dialogues)
    february, march = [(await world.figures(*window))["total"] for window in (FEBRUARY, MARCH)]
    assert (february["G"], february["J"]) == (1, 0)
    assert (march["A"], march["G"], march["J"]) == (1, 0, 1)


async def test_what_was_raised_in_a_session_begins_when_it_was_raised(world: World, dialogues: Dialogues) -> None:
    dialogues.session("S", day(1), date(2023, 2, 10))
    dialogues.raised("A", "S", day(10), recorded=day(12), unit="TH")
    dialogues.decided("A", case.CaseRejected(episode="A/1", reason=RejectionReason.SESSION_RULES, note=None), day(13), unit="KT")
    await world.play(dialogues)
    unit = row(await world.figures(*FEBRUARY, by=By.UNIT), "TH")
    assert (unit["B1"], unit["D"]) == (1, 1)


async def test_a_correction_at_intake_and_a_reclassification_move_the_row(world: World, dialogues: Dialogues) -> None:
    dialogues.received("A", day(1), locality="MSO")
    dialogues.classified("A", day(2), DUE, area="khac")
    corrected = OpinionCorrected(
        corrects=1, channel=None, source_group=SourceGroup.ORGANISATION, locality=None, words=None, reason=SEALED
    )
    dialogues.tell("opinion-A", corrected, day(3))
    anew = case.CaseReclassified(
        episode="A/1", kind=Kind.REPORT, field="tiep-cong-dan", flags=(), concerns_units=(), concerns_posts=()
    )
    dialogues.decided("A", anew, day(4))
    dialogues.assigned("A", day(5), DUE, lead="TH")
    dialogues.decided("A", case.CaseTransferred(episode="A/1", former="TH", lead="KT", basis=None, succession=None), day(6))
    await world.play(dialogues)
    for by, key in ((By.SOURCE, "to_chuc"), (By.LOCALITY, "MSO"), (By.FIELD, "tiep-cong-dan"), (By.UNIT, "KT")):
        assert row(await world.figures(*FEBRUARY, by=by), key)["J"] == 1
    recalled = case.CaseRecalled(episode="A/1", lead="KT", task="task-A", reason=SEALED)
    dialogues.decided("A", recalled, day(7))
    await world.play(dialogues)
    assert row(await world.figures(*FEBRUARY, by=By.UNIT), "-")["J"] == 1


async def test_positions_beyond_what_was_counted_are_refused(world: World, story: Story) -> None:
    """Nobody knows what will stand there: the same question would be answered otherwise later."""
    story.received("A", day(1))
    await world.play(story)
    with pytest.raises(AsOfAhead) as refused:
        await world.figures(*FEBRUARY, as_of={"intake": 2, "assignment": 0})
    assert (refused.value.code, refused.value.field) == ("as-of-ahead", "as_of")
    assert "beyond intake=1," in refused.value.said(refused.value.advice_en)
    with pytest.raises(AsOfAhead):
        await world.figures(*FEBRUARY, as_of={"intake": 1, "assignment": 0, "reporting": 1})


async def test_positions_that_were_passed_without_a_fact_are_counted(world: World, story: Story) -> None:
    story.received("A", day(1))
    await world.play(story)
    await world.passed("assignment", 7)
    assert (await world.figures(*FEBRUARY, as_of={"intake": 1, "assignment": 7}))["total"]["C"] == 1
    with pytest.raises(AsOfAhead):
        await world.figures(*FEBRUARY, as_of={"intake": 1, "assignment": 8})
