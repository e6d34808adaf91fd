"""Biểu 05 says what each task is, in words that are the same for every reader: what may not be said is a rule of the matter."""

from datetime import date
from typing import Any

from services.reporting.entrypoints.paper import composition
from services.reporting.readmodel.asof import Basis
from services.reporting.readmodel.locking import digest
from shared.contracts.opinion import Kind, OpinionClassified
from shared.documents.layout.composition import Table
from shared.vault.port import ERASED
from tests.reporting.dialogues import Dialogues
from tests.reporting.story import at
from tests.reporting.test_composition import LETTERHEAD, LIST
from tests.reporting.world import HUB, World

DAYS = (date(2023, 2, 1), date(2023, 2, 28))
DUE, LOCK = date(2023, 2, 20), at(date(2023, 3, 2))
RESTRICTED = "trach-nhiem-cong-vu"


def february(day: int, hour: int = 8) -> Any:
    return at(date(2023, 2, day), hour)


def matters(story: Dialogues) -> None:
    """Plain; of a restricted field; once of one; about a unit; diverted afterwards; erased."""
    for n, name in enumerate(("plain", "restricted", "once", "about", "diverted", "erased")):
        story.received(name, february(1, 8 + n))
        area = {"restricted": RESTRICTED, "once": RESTRICTED}.get(name, "hanh-chinh-van-phong")
        if name == "about":
            told = OpinionClassified(
                kind=Kind.REPORT, field=area, flags=(), concerns_units=("TTHCC",), concerns_posts=(), due=story.due(DUE)
            )
            story.tell(f"opinion-{name}", told, february(2))
        else:
            story.classified(name, february(2), DUE, area=area)
    story.classified("once", february(3), DUE)
    story.session("S", february(3), date(2023, 2, 6))
    story.held("S", february(6), 9)
    names = ("plain", "restricted", "once", "about", "diverted", "erased")
    story.notice("N", february(8), dict.fromkeys(names, DUE), of="S", texts=tuple(f"{name:0>32}" for name in names))
    story.diverted("diverted", february(9))


async def task_words(world: World, story: Dialogues) -> list[str]:
    await world.play(story)
    await world.reorganise(("letterhead-VPUB", LETTERHEAD), ("recipients-VPUB", LIST))
    positions = await world.lock(story, DAYS, LOCK)
    counted = digest(await world.locking.figures("VPUB", *DAYS, Basis(positions, None)))
    await world.lock(story, DAYS, LOCK, counted)
    paper = composition(await world.readable.readable(HUB, "report-VPUB-2023"))
    [form] = [block for block in paper.appendices[4].body if isinstance(block, Table)]
    return [row.cells[2].text for row in form.rows[:-1]]


async def test_what_is_restricted_about_somebody_or_a_complaint_is_never_said_and_never_opened(
    world: World, dialogues: Dialogues
) -> None:
    matters(dialogues)
    plain, erased = f"{'plain':0>32}", f"{'erased':0>32}"
    world.vault.texts = {plain: "Rà soát chế độ làm thêm giờ.", erased: ERASED}
    kept_back = "Theo Thông báo"
    assert await task_words(world, dialogues) == [
        "Rà soát chế độ làm thêm giờ.",
        *[kept_back] * 4,
        "(đã xóa theo quy định)",
    ]
    assert {refs for _, refs in world.vault.opened if refs} == {(plain, erased)}


async def test_the_words_are_those_of_the_draft_that_was_issued(world: World, dialogues: Dialogues) -> None:
    dialogues.received("A", february(1))
    dialogues.classified("A", february(2), DUE)
    dialogues.session("S", february(3), date(2023, 2, 6))
    dialogues.held("S", february(6), 9)
    former, last = "a" * 32, "b" * 32
    for ref in (former, last):
        dialogues.notice("N", february(8), {"A": DUE}, of="S", texts=(ref,))
    issued = [each for each in dialogues.told if type(each.event).__name__ == "NoticeIssued"]
    dialogues.told.remove(issued[0])
    world.vault.texts = {former: "Cũ.", last: "Mới."}
    assert await task_words(world, dialogues) == ["Mới."]
