"""The README says of the service what is so."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import services.intake
from services.intake.domain.opinion import refusals, states
from services.intake.domain.opinion.commands import CorrectOpinion, QuarantineOpinion, RecordWish, RedactOpinion, UnmergeOpinion
from services.intake.entrypoints.api import COMMANDS, opinions
from services.intake.readmodel.consolidations.projections import CONSOLIDATIONS_PROJECTION
from services.intake.readmodel.opinions.projections import OPINIONS_PROJECTION
from services.intake.readmodel.submissions.projections import submissions_projection
from shared.contracts.opinion import Kind, RaisedReceiptRecorded, Wish
from shared.contracts.refusals import Refused
from shared.desk import name_of
from shared.keys import KeyedHash
from tests.intake.stage import (
    ASKED,
    CLASSIFIED,
    CLASSIFY,
    COMPLETE,
    DIVERT,
    DIVERTED,
    EPISODE,
    FORWARD,
    FORWARDED,
    MERGE,
    MERGED,
    OPINION,
    RECEIVE,
    RECEIVED,
    REFER,
    REFERRED,
    REJECT,
    REJECTED,
    REQUEST,
    SPLIT,
    SPLIT_UP,
    WITHDRAW,
    WITHDRAWN,
    given,
    handing_in,
    told,
)
from tests.support.scenario import Given, sealed

UNMERGE = UnmergeOpinion(opinion=OPINION, reason=sealed(6))
QUARANTINE = QuarantineOpinion(opinion=OPINION, paper="125/CV-M")
WISH = RecordWish(opinion=OPINION, wish=Wish.REOPEN)
RAISED = RaisedReceiptRecorded(
    case="case-7Q2K9FXA3MBTW0000001",
    session="session-00000000000000000001",
    episode=EPISODE,
    office="VPUB",
    received_at=RECEIVED.received_at,
    receipt=sealed(3),
    receipt_key="b" * 64,
)

README = (Path(services.intake.__file__).parent / "README.md").read_text(encoding="utf-8")
ENDINGS = (REJECTED, FORWARDED, DIVERTED, MERGED, SPLIT, WITHDRAWN)
HISTORIES: dict[str, list[tuple[Any, ...]]] = {
    "NoOpinion": [()],
    "Received": [(RECEIVED,)],
    "AwaitingCompletion": [(RECEIVED, ASKED), (RECEIVED, CLASSIFIED, ASKED)],
    "Classified": [(RECEIVED, CLASSIFIED)],
    "Referred": [(RECEIVED, CLASSIFIED, REFERRED)],
    "Ended": [(RECEIVED, ending) for ending in ENDINGS],
    "RaisedReceipt": [(RAISED,)],
}
ASKINGS: dict[str, list[tuple[Any, Any]]] = {
    "receive": [(RECEIVE, handing_in()), (RECEIVE, handing_in(content_key="c" * 64))],
    "request completion": [(REQUEST, told(REQUEST))],
    "complete": [(COMPLETE, told(COMPLETE))],
    "classify": [(each, told(each)) for each in (CLASSIFY, replace(CLASSIFY, kind=Kind.REPORT))],
    "reject": [(REJECT, told(REJECT))],
    "forward": [(FORWARD, told(FORWARD))],
    "divert": [(DIVERT, told(DIVERT))],
    "merge": [(MERGE, told(MERGE))],
    "split": [(SPLIT_UP, told(SPLIT_UP))],
    "withdraw": [(WITHDRAW, told(WITHDRAW))],
    "refer": [(REFER, told(REFER))],
    "unmerge": [(UNMERGE, told(UNMERGE))],
    "wish": [(WISH, told(WISH))],
    "quarantine": [(QUARANTINE, told(QUARANTINE))],
}
KNOWN = {"nothing", *HISTORIES, *(name for name in vars(refusals) if name[0].isupper()), "Unknown"}


def table() -> dict[str, dict[str, set[str]]]:
    """What the table says comes of asking: by state and command, the states, refusals and nothings that it names."""
    lines = README.split("## States of an opinion")[1].split("\n\n")[1].strip().splitlines()
    header, _, *rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {row[0]: {header[n]: set(re.findall(r"\w+", row[n])) & KNOWN for n in range(1, len(row))} for row in rows}


def outcome(history: Given, command: Any, facts: Any) -> str:
    try:
        decided = history.when(command, facts).decided()
    except Refused as refused:
        return type(refused).__name__
    if not decided:
        return "nothing"
    return type(given(*history.history[OPINION], *decided[OPINION]).state(OPINION)).__name__


def test_the_state_table_has_every_state_and_every_command() -> None:
    assert {state.__name__ for state in states.Opinion.__args__} == set(HISTORIES) == set(table())
    assert all(set(row) == set(ASKINGS) for row in table().values())
    asked = {type(each) for askings in ASKINGS.values() for each, _ in askings}
    # Those beside change what is written down, not where the opinion stands.
    assert asked | {CorrectOpinion, RedactOpinion} == {command for _, command, _ in opinions.COMMANDS}


@pytest.mark.parametrize("state", HISTORIES)
@pytest.mark.parametrize("command", ASKINGS)
def test_the_state_table_says_what_the_decider_does(state: str, command: str) -> None:
    histories = [given(*history) for history in HISTORIES[state]]
    assert {type(history.state(OPINION)).__name__ for history in histories} == {state}
    found = {outcome(history, asked, facts) for history in histories for asked, facts in ASKINGS[command]}
    assert table()[state][command] == found


def test_the_readme_names_every_refusal_command_and_event() -> None:
    for name, refusal in vars(refusals).items():
        if getattr(refusal, "__module__", "") == refusals.__name__:
            assert name in README
    for _, command, _ in COMMANDS:
        assert f"`{name_of(command)}`" in README
    for projection in (OPINIONS_PROJECTION, CONSOLIDATIONS_PROJECTION, submissions_projection(KeyedHash(bytes(32)))):
        for event in projection.events:
            # What of our own streams goes out is told by the commands that write it.
            assert f"`{event}`" in README or f"`{event.partition('.')[0]}.*`" in README
