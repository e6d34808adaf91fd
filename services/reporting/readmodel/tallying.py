"""Reads dialogues, notices, requests, proposals and tasks, and says what each adds to the tables beside the opinions."""

from collections.abc import Callable

from services.reporting.domain.figures import beside, conclusions, dialogues, gathering
from services.reporting.domain.figures.episodes import latest
from services.reporting.domain.figures.tallies import Tally
from services.reporting.domain.figures.window import Window
from services.reporting.readmodel import steps
from services.reporting.readmodel.places import Dimension, first_episode, matter_of
from services.reporting.readmodel.reading import Reading
from shared.contracts.task import TaskType

Tallies = Callable[[], list[Tally]]  # counts what was read: no longer needs the database


async def form_01(reading: Reading, window: Window) -> Callable[[], dialogues.Form]:
    """Biểu 01."""
    found = await reading.dialogues()
    before = await reading.before.dialogues() if reading.before else None
    notices, _ = conclusions.notices_of(await reading.steps(steps.NOTICE), frozenset())
    return lambda: dialogues.form_01(found, notices, window, before)


async def items_of(reading: Reading) -> list[conclusions.Item]:
    """The items of Track A's notices that direct work."""
    return conclusions.notices_of(await reading.steps(steps.NOTICE), await reading.chairmans())[1]


async def form_05(reading: Reading, window: Window) -> Callable[[], list[conclusions.Line]]:
    """Biểu 05, line by line."""
    items, tasks = await items_of(reading), await reading.steps(TaskType.CARRY_OUT.value)
    return lambda: conclusions.form_05(items, tasks, window)


async def proposals(reading: Reading, window: Window) -> Tallies:
    """What was proposed for the Chairman's dialogue."""
    told = await reading.steps(steps.PROPOSAL)
    return lambda: beside.proposals(told, window)


async def requests(reading: Reading, window: Window) -> Tallies:
    """Requests for dialogue."""
    told = await reading.steps(steps.REQUEST)
    return lambda: beside.requests(told, window)


async def dissemination(reading: Reading, window: Window) -> Tallies:
    """How the plan was made known."""
    told = await reading.steps(TaskType.DISSEMINATE.value)
    return lambda: beside.dissemination(told, window)


async def rounds(reading: Reading, window: Window) -> Callable[[], list[gathering.Round]]:
    """How units gathered opinions, round by round."""
    told = await reading.steps(steps.GATHERING)
    left_out = reading.basis.definitions not in gathering.SILENT_THOUGH_ENDED
    ended = gathering.ended(await reading.steps(steps.UNIT)) if left_out else frozenset()
    return lambda: gathering.rounds(told, window, ended)


async def urging(reading: Reading, window: Window) -> Tallies:
    """Letters that urged an answer."""
    told = await reading.steps(TaskType.ANSWER.value, of_those="task.urged")
    about = {matter_of(step.said["episode"]) for step in told if step.said.get("episode")}
    sessions = latest(await reading.values_of(Dimension.SESSION, about))
    chairmans = await reading.chairmans()

    def is_chairmans(episode: str) -> bool:
        first = first_episode(f"case-{matter_of(episode)}")
        return sessions.get(episode, sessions.get(first)) in chairmans

    return lambda: beside.urging(told, window, is_chairmans)
