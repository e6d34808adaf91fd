"""The arithmetic of Biểu 02 at its edges: windows, due days, rates, and episodes told two ways."""

from datetime import UTC, date, datetime

import pytest

from services.reporting.domain.figures.columns import columns_of, count, rate
from services.reporting.domain.figures.dues import Due, Standing, standing
from services.reporting.domain.figures.episodes import Episode, Happened, Milestone, Status, episodes_of, status_at
from services.reporting.domain.figures.window import Window, WindowBackwards, begins, window

FEBRUARY = window(date(2023, 2, 1), date(2023, 2, 28))
HOUR = 3_600_000_000
DAY = 24 * HOUR


def episode(*happened: tuple[Milestone, int], since: int | None = None, due: str | None = None) -> Episode:
    told = [Happened("X/1", kind, at, since=since if kind is Milestone.RECEIVED else None, due=due) for kind, at in happened]
    return episodes_of(told)["X/1"]


def counted(*episodes: Episode, within: Window = FEBRUARY, due: str | None = None) -> dict[str, object]:
    return count(episodes, within, key=lambda _: "-", due=lambda _: due).total.columns()


def test_a_window_begins_and_ends_at_midnight_in_vietnam() -> None:
    assert FEBRUARY.begin == int(datetime(2023, 1, 31, 17, tzinfo=UTC).timestamp() * 1_000_000)
    assert FEBRUARY.end == int(datetime(2023, 2, 28, 17, tzinfo=UTC).timestamp() * 1_000_000)


@pytest.mark.parametrize(
    ("first", "last"),
    [(date(2023, 2, 2), date(2023, 2, 1)), (date.min, date(2023, 2, 1)), (date(2023, 2, 1), date.max)],
)
def test_a_window_that_ends_before_it_begins_or_leaves_time_is_refused(first: date, last: date) -> None:
    with pytest.raises(WindowBackwards):
        window(first, last)


@pytest.mark.parametrize(
    ("at", "columns"),
    [
        (FEBRUARY.begin - 1, {"A", "C", "J", "J1"}),
        (FEBRUARY.begin, {"B1", "C", "J", "J1"}),
        (FEBRUARY.end - 1, {"B1", "C", "J", "J1"}),
        (FEBRUARY.end, set()),
    ],
)
def test_what_happens_at_the_first_midnight_falls_in_and_at_the_last_out(at: int, columns: set[str]) -> None:
    assert columns_of(episode((Milestone.RECEIVED, at)), FEBRUARY, None) == columns


def test_what_ended_before_the_window_is_in_no_column() -> None:
    ended = episode((Milestone.RECEIVED, FEBRUARY.begin - DAY), (Milestone.RESOLVED, FEBRUARY.begin - 1))
    assert columns_of(ended, FEBRUARY, None) == frozenset()


def test_an_ending_after_the_window_leaves_it_open_in_it() -> None:
    later = episode((Milestone.RECEIVED, FEBRUARY.begin), (Milestone.REJECTED, FEBRUARY.end))
    assert columns_of(later, FEBRUARY, None) == {"B1", "C", "J", "J1"}


def test_resolved_in_the_last_moment_of_the_due_day_is_in_time() -> None:
    midnight = begins(date(2023, 2, 11))
    just = episode((Milestone.RECEIVED, FEBRUARY.begin), (Milestone.RESOLVED, midnight - 1), due="2023-02-10")
    over = episode((Milestone.RECEIVED, FEBRUARY.begin), (Milestone.RESOLVED, midnight), due="2023-02-10")
    assert "I1" in columns_of(just, FEBRUARY, None)
    assert "I2" in columns_of(over, FEBRUARY, None)


def test_resolved_without_a_due_day_is_in_time() -> None:
    settled = episode((Milestone.RECEIVED, FEBRUARY.begin), (Milestone.RESOLVED, FEBRUARY.end - 1))
    assert "I1" in columns_of(settled, FEBRUARY, None)


@pytest.mark.parametrize(("due", "column"), [(None, "J1"), ("2023-02-27", "J2"), ("2023-02-28", "J1"), ("2023-03-01", "J1")])
def test_open_is_overdue_when_due_before_the_last_day(due: str | None, column: str) -> None:
    assert column in columns_of(episode((Milestone.RECEIVED, FEBRUARY.begin)), FEBRUARY, due)


def test_a_split_parent_is_counted_nowhere_and_a_child_from_its_receipt() -> None:
    parent = episode((Milestone.RECEIVED, FEBRUARY.begin - DAY), (Milestone.SPLIT, FEBRUARY.begin + DAY))
    child = episode((Milestone.RECEIVED, FEBRUARY.begin + DAY), since=FEBRUARY.begin - DAY)
    assert columns_of(parent, FEBRUARY, None) == frozenset()
    assert columns_of(child, FEBRUARY, None) == {"A", "C", "J", "J1"}


def test_the_status_of_an_episode_follows_its_milestones() -> None:
    answered = episode((Milestone.RECEIVED, 10 * DAY), (Milestone.RESOLVED, 20 * DAY))
    assert [status_at(answered, n * DAY) for n in (10, 11, 20, 21)] == [Status.ABSENT, Status.OPEN, Status.OPEN, Status.ENDED]


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [
        (61, 80, "76.3"),
        (0, 7, "0.0"),
        (7, 7, "100.0"),
        (1, 3, "33.3"),
        (2, 3, "66.7"),
        (1, 2000, "0.1"),
        (1, 2001, "0.0"),
        (0, 0, None),
    ],
)
def test_rates_round_half_up_to_one_decimal(part: int, whole: int, shown: str | None) -> None:
    assert rate(part, whole) == shown


def test_the_annex_of_the_brief_adds_up() -> None:
    assert (rate(61, 80), rate(54, 61), rate(54, 61 + 4)) == ("76.3", "88.5", "83.1")
    assert (rate(131, 141), rate(117, 131), rate(117, 131 + 1)) == ("92.9", "89.3", "88.6")


def test_an_episode_told_two_ways_breaks_the_identities_and_is_named() -> None:
    twice = episode(
        (Milestone.RECEIVED, FEBRUARY.begin),
        (Milestone.WITHDRAWN, FEBRUARY.begin + HOUR),
        (Milestone.RESOLVED, FEBRUARY.begin + 2 * HOUR),
    )
    broken = count([twice], FEBRUARY, key=lambda _: "TH", due=lambda _: None).broken()
    assert {(each.key, each.episodes) for each in broken} == {("TH", ("X/1",)), ("total", ("X/1",))}
    assert "H = I + J" in broken[0].identities


def test_an_ending_without_a_beginning_is_named_too() -> None:
    orphan = episode((Milestone.RESOLVED, FEBRUARY.begin + HOUR))
    assert count([orphan], FEBRUARY, key=lambda _: "TH", due=lambda _: None).broken()[0].episodes == ("X/1",)


def test_resolved_and_reopened_in_one_window_are_two_turns_of_handling() -> None:
    told = [
        Happened("X/1", Milestone.RECEIVED, FEBRUARY.begin),
        Happened("X/1", Milestone.RESOLVED, FEBRUARY.begin + DAY),
        Happened("X/2", Milestone.REOPENED, FEBRUARY.begin + 2 * DAY, previous="X/1"),
    ]
    total = counted(*episodes_of(told).values())
    assert [total[column] for column in ("B1", "B2", "C", "I", "J")] == [1, 1, 2, 1, 1]


def test_a_merge_that_was_undone_is_as_if_it_had_never_been() -> None:
    again = episode(
        (Milestone.RECEIVED, FEBRUARY.begin - DAY),
        (Milestone.MERGED, FEBRUARY.begin - HOUR),
        (Milestone.UNMERGED, FEBRUARY.begin + HOUR),
    )
    assert columns_of(again, FEBRUARY, None) == {"A", "C", "J", "J1"}


def test_a_merge_after_one_that_was_undone_stands() -> None:
    twice = episode(
        (Milestone.RECEIVED, FEBRUARY.begin),
        (Milestone.MERGED, FEBRUARY.begin + HOUR),
        (Milestone.UNMERGED, FEBRUARY.begin + 2 * HOUR),
        (Milestone.MERGED, FEBRUARY.begin + 3 * HOUR),
    )
    assert columns_of(twice, FEBRUARY, None) == {"B1", "C", "G"}


def due(at: int, day: str, *, extension: bool = False) -> Due:
    return Due((at, 2, at // HOUR), day, extension)


def test_an_extension_approved_on_the_due_day_counts_and_on_the_next_does_not() -> None:
    set_ = due(FEBRUARY.begin, "2023-02-10")
    over = begins(date(2023, 2, 11))
    assert standing([set_, due(over - 1, "2023-02-20", extension=True)]) == Standing("2023-02-20", "2023-02-20")
    assert standing([set_, due(over, "2023-02-20", extension=True)]) == Standing("2023-02-20", "2023-02-10")


def test_a_second_extension_does_not_make_good_a_first_that_came_too_late() -> None:
    dues = [
        due(FEBRUARY.begin, "2023-02-10"),
        due(begins(date(2023, 2, 12)), "2023-02-20", extension=True),
        due(begins(date(2023, 2, 15)), "2023-02-25", extension=True),
    ]
    assert standing(dues) == Standing("2023-02-25", "2023-02-10")


def test_a_due_day_set_by_rule_replaces_whatever_was_extended() -> None:
    dues = [
        due(FEBRUARY.begin, "2023-02-10"),
        due(begins(date(2023, 2, 12)), "2023-02-20", extension=True),
        due(begins(date(2023, 2, 13)), "2023-02-28"),
    ]
    assert standing(dues) == Standing("2023-02-28", "2023-02-28")
    assert standing(dues, until=dues[1].order) == Standing("2023-02-20", "2023-02-10")
