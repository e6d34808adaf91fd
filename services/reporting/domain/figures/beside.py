"""What a report counts beside its forms: requests, proposals, dissemination, urging of answers (R21, R25-R29, R39)."""

from collections.abc import Callable, Iterable
from datetime import datetime

from services.reporting.domain.figures.conclusions import ENDS
from services.reporting.domain.figures.steps import Step, by_stream, first, within
from services.reporting.domain.figures.window import Window, moment
from shared.contracts.case import Authority


def requests(steps: Iterable[Step], window: Window) -> dict[str, int]:
    """Requests for dialogue: what was done in the window, and what waits for its decision at the end of it."""
    n = dict.fromkeys(("received", "accepted", "refused", "withdrawn", "met", "waiting"), 0)
    for told in by_stream(steps).values():
        n["received"] += _received(told, window, "request.opened")
        for column in ("accepted", "refused", "withdrawn", "met"):
            n[column] += bool(within(told, window, f"request.{column}"))
        decided = first(told, "request.accepted", "request.refused", "request.withdrawn")
        n["waiting"] += first(told, "request.opened") is not None and decided is None
    return n


def proposals(steps: Iterable[Step], window: Window) -> dict[str, int]:
    """Content proposed for the Chairman's dialogue; appraised is what the leader concluded in the window."""
    n = dict.fromkeys(("proposals", "appraised", "agreed", "refused", "deferred"), 0)
    for told in by_stream(steps).values():
        n["proposals"] += _received(told, window, "proposal.opened")
        n["appraised"] += bool(within(told, window, "proposal.appraisal_concluded"))
        n["agreed"] += bool(within(told, window, "proposal.approved"))
        n["refused"] += bool(within(told, window, "proposal.refused"))
        n["deferred"] += bool(within(told, window, "proposal.deferred"))
    return n


def dissemination(tasks: Iterable[Step], window: Window) -> dict[str, int]:
    """How the plan was made known: tasks given and done in the window, heads reached by those done in it."""
    n = dict.fromkeys(("given", "done", "reached", "open"), 0)
    for told in by_stream(tasks).values():
        given, done = first(told, "task.assigned"), first(told, "task.completed")
        n["given"] += bool(within(told, window, "task.assigned"))
        n["open"] += given is not None and first(told, *ENDS) is None
        if done is not None and window.begin <= done.at < window.end:
            n["done"] += 1
            n["reached"] += sum(step.said["reached"] for step in told if step.kind == "task.proof_added")
    return n


def urging(tasks: Iterable[Step], window: Window, is_chairmans: Callable[[str], bool]) -> dict[str, int]:
    """Letters that urged an answer in the window, Track B's apart, and of how many answers."""
    n = dict.fromkeys(("letters", "answers"), 0)
    for told in by_stream(tasks).values():
        given = first(told, "task.assigned")
        if given is None or given.said["authority"] == Authority.CHAIRMAN or is_chairmans(given.said["episode"] or ""):
            continue
        letters = len(within(told, window, "task.urged"))
        n["letters"] += letters
        n["answers"] += letters > 0
    return n


def _received(steps: list[Step], window: Window, kind: str) -> bool:
    opened = first(steps, kind)
    return opened is not None and window.begin <= moment(datetime.fromisoformat(opened.said["received"])) < window.end
