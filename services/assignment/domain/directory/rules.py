"""Streams `rules-<office>` and `rules-every`: the deadlines in force, each version under its name for good."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from services.assignment.domain.calendar import decider as calendars
from services.assignment.domain.directory.commands import PublishRules
from services.assignment.domain.directory.refusals import (
    OutOfDateOrder,
    RuleOutOfBounds,
    RulesIncomplete,
    RulesVersionStands,
    RuleUnknown,
)
from services.assignment.domain.directory.units import refuse_unless_office
from shared.calendar import RULES, Deadline, Rules, rules_on
from shared.contracts.due import Due
from shared.contracts.rules import RulesPublished

EVERY_OFFICE: Final = "rules-every"  # unit keys are upper case, so no office's stream is called so
CODES: Final = frozenset(RULES[0].deadlines)
MOST_DAYS: Final = 366


@dataclass(frozen=True, slots=True)
class Published:
    """Every version published, oldest first."""

    versions: tuple[RulesPublished, ...] = ()


NO_RULES: Final = Published()


def rules_stream(office: str | None) -> str:
    """The stream of an office's rules, or of those for every office."""
    return EVERY_OFFICE if office is None else f"rules-{office}"


def evolve_rules(state: Published, event: RulesPublished) -> Published:
    """The rules after `event`."""
    return Published((*state.versions, event))


def rules_among(states: Mapping[str, Any], office: str) -> tuple[Rules, ...]:
    """Every version that `office` may count by, as `rules_on` takes them: its own stand before every office's.

    `states` holds the streams of `rules_stream` as far as a command loaded them.
    """
    streams = (EVERY_OFFICE, rules_stream(office))
    return tuple(_rules(each) for stream in streams for each in states.get(stream, NO_RULES).versions)


def due_by(states: Mapping[str, Any], office: str, rule: str, start: date) -> Due:
    """When `rule` falls due at `office`, counted from `start` by the calendar among the states and the rules of that day.

    Raises:
        NoCalendarYet, OutsideCalendar

    """
    return rules_on(start, rules_among(states, office)).due(calendars.among(states), rule, start)


def decide_rules(command: PublishRules, states: Mapping[str, Any]) -> Sequence[RulesPublished]:
    """The rules as published, in the order of their codes.

    Raises:
        UnknownUnit, NotAnOffice, RuleUnknown, RulesIncomplete, RuleOutOfBounds, RulesVersionStands, OutOfDateOrder

    """
    if command.office is not None:
        refuse_unless_office(states, command.office)
    _refuse_wrong_codes(command)
    published = RulesPublished(
        office=command.office,
        version=command.version,
        rules=tuple(sorted(command.rules, key=lambda rule: rule.rule)),
        valid_from=command.valid_from,
    )
    versions = states[rules_stream(command.office)].versions
    known = next((each for each in versions if each.version == command.version), None)
    if known == published:
        return []
    if known is not None or command.version in {rules.version for rules in RULES}:
        raise RulesVersionStands("version", version=command.version)
    if versions and command.valid_from < versions[-1].valid_from:
        raise OutOfDateOrder("valid_from", earliest=versions[-1].valid_from.isoformat())
    return [published]


def _refuse_wrong_codes(command: PublishRules) -> None:
    named = Counter(rule.rule for rule in command.rules)
    for rule in command.rules:
        if rule.rule not in CODES:
            raise RuleUnknown("rules", rule=rule.rule, known=", ".join(sorted(CODES)))
        if not 0 <= rule.days <= MOST_DAYS:
            raise RuleOutOfBounds("rules", rule=rule.rule, most=MOST_DAYS)
    wrong = sorted({code for code, times in named.items() if times > 1} | (CODES - named.keys()))
    if wrong:
        raise RulesIncomplete("rules", rules=", ".join(wrong))


def _rules(published: RulesPublished) -> Rules:
    return Rules(
        version=published.version,
        valid_from=published.valid_from,
        deadlines={rule.rule: Deadline(rule.days, rule.counting) for rule in published.rules},
    )
