"""What a report counts beside its forms: requests, proposals, dissemination, urging of answers (R21, R25-R29, R39).

Each is told by what every request, proposal or task adds; the figures are their sums.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Final

from services.reporting.domain.figures.conclusions import ENDS
from services.reporting.domain.figures.parts import Part
from services.reporting.domain.figures.steps import Step, by_stream, first, within
from services.reporting.domain.figures.window import Window, moment
from shared.contracts.case import Authority

TOTAL: Final = "total"


def requests(steps: Iterable[Step], window: Window) -> list[Part]:
    """Requests for dialogue: what was done in the window, and what waits for its decision at the end of it."""

    def adds(told: list[Step]) -> Mapping[str, int]:
        decided = first(told, "request.accepted", "request.refused", "request.withdrawn")
        return {
            "received": _received(told, window, "request.opened"),
            **{column: bool(within(told, window, f"request.{column}")) for column in ("accepted", "refused", "withdrawn", "met")},
            "waiting": first(told, "request.opened") is not None and decided is None,
        }

    return _parts(steps, adds)


def proposals(steps: Iterable[Step], window: Window) -> list[Part]:
    """Content proposed for the Chairman's dialogue; appraised is what the leader concluded in the window."""

    def adds(told: list[Step]) -> Mapping[str, int]:
        return {
            "proposals": _received(told, window, "proposal.opened"),
            "appraised": bool(within(told, window, "proposal.appraisal_concluded")),
            "agreed": bool(within(told, window, "proposal.approved")),
            "refused": bool(within(told, window, "proposal.refused")),
            "deferred": bool(within(told, window, "proposal.deferred")),
        }

    return _parts(steps, adds)


def dissemination(tasks: Iterable[Step], window: Window) -> list[Part]:
    """How the plan was made known: tasks given and done in the window, heads reached by those done in it."""

    def adds(told: list[Step]) -> Mapping[str, int]:
        given, done = first(told, "task.assigned"), first(told, "task.completed")
        is_done = done is not None and window.begin <= done.at < window.end
        return {
            "given": bool(within(told, window, "task.assigned")),
            "open": given is not None and first(told, *ENDS) is None,
            "done": is_done,
            "reached": sum(step.said["reached"] for step in told if step.kind == "task.proof_added") if is_done else 0,
        }

    return _parts(tasks, adds)


def urging(tasks: Iterable[Step], window: Window, is_chairmans: Callable[[str], bool]) -> list[Part]:
    """Letters that urged an answer in the window, Track B's apart, and of how many answers."""

    def adds(told: list[Step]) -> Mapping[str, int]:
        given = first(told, "task.assigned")
        if given is None or given.said["authority"] == Authority.CHAIRMAN or is_chairmans(given.said["episode"] or ""):
            return {}
        letters = len(within(told, window, "task.urged"))
        return {"letters": letters, "answers": letters > 0}

    return _parts(tasks, adds)


def _parts(steps: Iterable[Step], adds: Callable[[list[Step]], Mapping[str, int]]) -> list[Part]:
    found = ((stream, adds(told)) for stream, told in by_stream(steps).items())
    return [Part(stream, TOTAL, {column: int(n) for column, n in of.items() if n}) for stream, of in found if any(of.values())]


def _received(steps: list[Step], window: Window, kind: str) -> bool:
    opened = first(steps, kind)
    return opened is not None and window.begin <= moment(datetime.fromisoformat(opened.said["received"])) < window.end
