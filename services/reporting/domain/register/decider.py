"""Stream `register-<office>-<key>-<year>`: the book in which an office's reports are numbered."""

from collections.abc import Mapping
from typing import Any

from services.reporting.domain.register.commands import OpenReportRegister, VoidReportNumber
from shared.contracts.facts import Facts
from shared.documents import acts
from shared.documents.acts import Decided


def decide(command: OpenReportRegister | VoidReportNumber, states: Mapping[str, Any], facts: Facts) -> Decided:
    """What a command does to the register.

    Raises:
        PatternWithoutNumber, YearOutOfRange, RegisterStands
        NoSuchRegister, NumberOutOfRange, NotTheNextNumber, NumberTaken

    """
    if isinstance(command, VoidReportNumber):
        return acts.void(command, states)
    return acts.open_book(command, states)
