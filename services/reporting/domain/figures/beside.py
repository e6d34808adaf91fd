"""What a report counts beside its forms: requests, proposals, dissemination, urging of answers (R21, R25-R29, R39)."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final

from services.reporting.domain.figures.conclusions import ENDS
from services.reporting.domain.figures.steps import Step, by_stream, first, within
from services.reporting.domain.figures.tallies import Tally, Why, of_stream
from services.reporting.domain.figures.window import Window, moment
from shared.contracts.case import Authority

ONLY: Final = "total"  # the one row of each
REQUESTS: Final = ("received", "accepted", "refused", "withdrawn", "met", "waiting")
PROPOSALS: Final = ("proposals", "appraised", "agreed", "refused", "deferred")
DISSEMINATION: Final = ("given", "done", "reached", "open")
URGING: Final = ("letters", "answers")


def requests(steps: Iterable[Step], window: Window) -> list[Tally]:
    """Requests for dialogue: what was done in the window, and what waits for its decision at the end of it."""
    found: list[Tally] = []
    for told in by_stream(steps).values():
        found += _received(told, window, "request.opened", "received")
        for column in ("accepted", "refused", "withdrawn", "met"):
            found += _happened(told, window, f"request.{column}", column)
        opened, decided = first(told, "request.opened"), first(told, "request.accepted", "request.refused", "request.withdrawn")
        if opened is not None and decided is None:
            found.append(of_stream(ONLY, "waiting", Why.WAITING, opened))
    return found


def proposals(steps: Iterable[Step], window: Window) -> list[Tally]:
    """Content proposed for the Chairman's dialogue; appraised is what the leader concluded in the window."""
    found: list[Tally] = []
    for told in by_stream(steps).values():
        found += _received(told, window, "proposal.opened", "proposals")
        found += _happened(told, window, "proposal.appraisal_concluded", "appraised")
        found += _happened(told, window, "proposal.approved", "agreed")
        found += _happened(told, window, "proposal.refused", "refused")
        found += _happened(told, window, "proposal.deferred", "deferred")
    return found


def dissemination(tasks: Iterable[Step], window: Window) -> list[Tally]:
    """How the plan was made known: tasks given and done in the window, heads reached by those done in it."""
    found: list[Tally] = []
    for told in by_stream(tasks).values():
        given, done = first(told, "task.assigned"), first(told, "task.completed")
        found += _happened(told, window, "task.assigned", "given")
        if given is not None and first(told, *ENDS) is None:
            found.append(of_stream(ONLY, "open", Why.WAITING, given))
        if done is not None and window.begin <= done.at < window.end:
            proofs = [step for step in told if step.kind == "task.proof_added"]
            found.append(of_stream(ONLY, "done", Why.DONE, done))
            found += [of_stream(ONLY, "reached", Why.DONE, proof, proof.said["reached"]) for proof in proofs]
    return found


def urging(tasks: Iterable[Step], window: Window, is_chairmans: Callable[[str], bool]) -> list[Tally]:
    """Letters that urged an answer in the window, Track B's apart, and of how many answers."""
    found: list[Tally] = []
    for told in by_stream(tasks).values():
        given = first(told, "task.assigned")
        if given is None or given.said["authority"] == Authority.CHAIRMAN or is_chairmans(given.said["episode"] or ""):
            continue
        letters = within(told, window, "task.urged")
        found += [of_stream(ONLY, "letters", Why.HAPPENED, letter) for letter in letters]
        found += [of_stream(ONLY, "answers", Why.HAPPENED, letter) for letter in letters[:1]]
    return found


def _happened(steps: list[Step], window: Window, kind: str, column: str) -> list[Tally]:
    """Once, however often it happened in the window."""
    return [of_stream(ONLY, column, Why.HAPPENED, step) for step in within(steps, window, kind)[:1]]


def _received(steps: list[Step], window: Window, kind: str, column: str) -> list[Tally]:
    opened = first(steps, kind)
    if opened is None or not window.begin <= moment(datetime.fromisoformat(opened.said["received"])) < window.end:
        return []
    return [of_stream(ONLY, column, Why.HAPPENED, opened)]
