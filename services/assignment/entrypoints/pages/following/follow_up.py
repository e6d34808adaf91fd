"""The page of following: whom to remind, urge or put before a higher leader today, what comes next, who has how much."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import Response

from services.assignment.domain.task import commands as of_task
from services.assignment.entrypoints.pages.following.sheet import sheet
from services.assignment.entrypoints.pages.papers.views import may_draft
from services.assignment.entrypoints.pages.work.then import asked_moment
from services.assignment.readmodel.deadlines.views import Board, Followed, Step
from services.assignment.readmodel.queries import Queries
from shared.contracts.refusals import Unknown
from shared.contracts.task import TaskType
from shared.identity.pages import Working
from shared.identity.sessions import Session
from shared.nearness import Nearness
from shared.text import brief
from shared.web.acting import ON, Acting, new_key
from shared.web.acts import Act, Counted
from shared.web.forms import read_form
from shared.web.pages import Pages

PATH: Final = "/follow-up"
AT_ONCE: Final = 50  # rows of the form; what is left comes up once these are done
MOST_SHOWN: Final = 100  # of each other list
PURPOSE: Final = "follow_up"
STEPS: Final = {
    act.slug: act
    for act in (
        Act(command=of_task.RemindTask, on="task"),
        Act(command=of_task.UrgeTask, on="task"),
        Act(command=of_task.EscalateTask, on="task"),
    )
}
ESCALATE: Final = "escalate-task"


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What the board is narrowed to, as in its address."""

    unit: str | None = None
    step: Step | None = None
    type: TaskType | None = None
    as_of: str | None = None

    def keeps(self, work: Followed) -> bool:
        """Whether a piece of work is shown."""
        steps = self.step is None or self.step in work.steps
        return self.unit in (None, work.unit) and self.type in (None, work.type) and steps

    def link(self, path: str = PATH, **changed: Any) -> str:
        """The page with other values."""
        known = {"unit": self.unit, "step": self.step, "type": self.type, "as_of": self.as_of} | changed
        named = {name: str(value) for name, value in known.items() if value}
        return f"{path}?{urlencode(named)}" if named else path


async def _narrowed(
    unit: Annotated[str | None, Query(max_length=32)] = None,
    step: Annotated[str | None, Query(max_length=20)] = None,
    type: Annotated[str | None, Query(max_length=40)] = None,
    as_of: Annotated[str | None, Query(max_length=100)] = None,
) -> Narrowed:
    return Narrowed(
        unit=unit or None,
        step=Step(step) if step in set(Step) else None,
        type=TaskType(type) if type in set(TaskType) else None,
        as_of=(as_of or "").strip() or None,
    )


Asked = Annotated[Narrowed, Depends(_narrowed)]


def routes(router: APIRouter, pages: Pages, queries: Queries, acting: Acting) -> None:
    """Show, do many, save."""
    page = _Page(pages, queries, acting)

    @router.get(PATH)
    async def follow_up(request: Request, session: Working, narrowed: Asked) -> Response:
        """What is due of the ladder today, what comes next, and each unit's load; now, or as it was known then."""
        return await page.show(request, session, narrowed)

    @router.get(f"{PATH}.csv")
    async def saved(session: Working, narrowed: Asked) -> Response:
        """What is shown, as a file for a spreadsheet."""
        return await page.save(session, narrowed)

    @router.post(f"{PATH}/{{slug}}")
    async def step(request: Request, slug: Annotated[str, Path(max_length=40)], session: Working, narrowed: Asked) -> Response:
        """Remind, urge or escalate whatever was ticked, each by itself."""
        act = STEPS.get(slug)
        if act is None:
            raise Unknown
        return await page.do(request, session, narrowed, act)


class _Page:
    def __init__(self, pages: Pages, queries: Queries, acting: Acting) -> None:
        self._pages, self._queries, self._acting = pages, queries, acting

    async def _board(self, session: Session, narrowed: Narrowed) -> Board:
        moment = asked_moment(narrowed.as_of, self._acting.today)
        return await self._queries.following.board(session.subject, session.subject.office, as_of=moment)

    async def _titles(self, session: Session, shown: Sequence[Followed]) -> dict[str, str]:
        said = await self._queries.cases.said(session.subject, [each.case for each in shown if each.case], purpose=PURPOSE)
        return {each.task: brief(said[each.case]) for each in shown if each.case in said}

    async def show(self, request: Request, session: Session, narrowed: Narrowed, found: Counted | None = None) -> Response:
        board = await self._board(session, narrowed)
        kept = [each for each in board.work if narrowed.keeps(each)]
        now = [each for each in kept if each.steps]
        soon = [each for each in kept if each.soon and not each.steps]
        late = [each for each in kept if each.left.nearness is Nearness.OVERDUE and not each.steps]
        later = [each for each in kept if not (each.steps or each.soon or each in late)]
        lists = {"now": now[:AT_ONCE], "soon": soon[:MOST_SHOWN], "late": late[:MOST_SHOWN], "later": later[:MOST_SHOWN]}
        titles = await self._titles(session, [each for shown in lists.values() for each in shown])
        directory = await self._queries.directories.at(board.today)
        labels = {load.unit: load.label for load in board.loads}
        return self._pages.show(
            request,
            "assignment/following/follow-up.html",
            status=409 if found is not None else 200,
            session=session,
            board=board,
            lists=lists,
            sizes={"now": len(now), "soon": len(soon), "late": len(late), "later": len(later)},
            titles=titles,
            named={each.task: titles.get(each.task, each.unit_label) for each in board.work},
            labels=labels,
            unit=labels.get(narrowed.unit or "", directory.label(narrowed.unit)) if narrowed.unit else None,
            narrowed=narrowed,
            may={slug: self._acting.may_ever(act, session.subject) for slug, act in STEPS.items()},
            types=tuple(TaskType),
            steps=tuple(Step),
            found=found,
            may_draft=may_draft(session.subject),
            done=request.query_params.get("done") if found is None else None,
            n=request.query_params.get("n", ""),
            behind="late" in request.query_params,
            key=new_key(),
        )

    async def save(self, session: Session, narrowed: Narrowed) -> Response:
        board = await self._board(session, narrowed)
        kept = [each for each in board.work if narrowed.keeps(each)]
        titles = await self._titles(session, kept)
        steps = {Step.REMIND: "Nhắc việc", Step.URGE: "Đôn đốc", Step.ESCALATE: "Báo cáo lãnh đạo phụ trách"}
        head = ("Việc", "Loại", "Đơn vị", "Hạn xử lý", "Ngày làm việc quá hạn", "Đến bước", "Đã đôn đốc", "Mã nhiệm vụ")
        rows = [
            (
                titles.get(each.task, ""),
                TYPES[TaskType(each.type)],
                each.unit_label,
                f"{each.left.due:%d/%m/%Y}",
                each.left.days if each.left.nearness is Nearness.OVERDUE else "",
                ", ".join(steps[step] for step in each.steps),
                each.urged,
                each.task,
            )
            for each in kept
        ]
        return sheet(f"theo-doi-{board.today:%Y-%m-%d}", head, rows)

    async def do(self, request: Request, session: Session, narrowed: Narrowed, act: Act) -> Response:
        """Each is a command of its own; a delay goes to the next rung above the one that knows of it."""
        form = await read_form(request)
        own: dict[str, dict[str, Any]] = {}
        if act.slug == ESCALATE:
            board = await self._queries.following.board(session.subject, session.subject.office)
            own = {each.task: {"to": each.next_rung} for each in board.work if f"{ON}{each.task}" in form}

        async def again(found: Counted) -> Response:
            return await self.show(request, session, narrowed, found)

        onward = narrowed.link()
        return await self._acting.ask_each(request, session, act, again=again, onward=onward, form=form, own=own)


TYPES: Final = {
    TaskType.ANSWER: "Tham mưu trả lời",
    TaskType.CARRY_OUT: "Thực hiện kết luận",
    TaskType.DISSEMINATE: "Tuyên truyền",
    TaskType.CONSOLIDATE: "Tổng hợp ý kiến của đơn vị",
    TaskType.APPRAISE: "Thẩm định",
    TaskType.ATTEND: "Dự cuộc đối thoại",
}
