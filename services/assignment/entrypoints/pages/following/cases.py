"""The page of an office's cases: narrowed, found by words, sorted, saved; now, or as they were known then."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from services.assignment.entrypoints.api.bounds import Cursor
from services.assignment.entrypoints.pages.following.sheet import sheet
from services.assignment.entrypoints.pages.work.then import asked_moment
from services.assignment.readmodel.cases.lists import VIEWS
from services.assignment.readmodel.cases.projections import ENDINGS, CaseStage
from services.assignment.readmodel.cases.views import CaseOrder, CasePage, CaseRow, Filters, View
from services.assignment.readmodel.queries import Queries
from shared.calendar import local_day
from shared.contracts.opinion import SourceGroup
from shared.directory.snapshot import Directory
from shared.identity.pages import Working
from shared.identity.sessions import Session
from shared.nearness import left_until
from shared.text import brief, fold
from shared.web.acting import Acting
from shared.web.pages import Pages

PATH: Final = "/cases"
PAGE: Final = 50
MOST_SAVED: Final = 2_000
PURPOSE: Final = "cases"
LONGEST: Final = 200
OVER: Final = frozenset({CaseStage.RESOLVED, CaseStage.CLOSED, *ENDINGS.values()})
WITHIN: Final = (0, 5, 15)  # working days are not counted by a query: days ahead
Code = Annotated[str | None, Query(max_length=40)]


@dataclass(frozen=True, slots=True)
class Asking:
    """What the list is asked for, as in its address."""

    view: View = View.OPEN
    stage: CaseStage | None = None
    field: str | None = None
    unit: str | None = None
    source: SourceGroup | None = None
    due: int | None = None
    q: str | None = None
    sort: CaseOrder = CaseOrder.DUE
    as_of: str | None = None

    def filters(self, today: Any) -> Filters:
        """The same as the query takes it."""
        return replace(
            VIEWS[self.view],
            stage=self.stage,
            field=self.field,
            lead=self.unit,
            source=self.source,
            due_by=today + timedelta(days=self.due) if self.due is not None else None,
            words=self.q,
        )

    @property
    def narrowed(self) -> bool:
        """Whether it is narrowed beyond its view."""
        return any(each is not None for each in (self.stage, self.field, self.unit, self.source, self.due, self.q))

    def link(self, path: str = PATH, **changed: Any) -> str:
        """The page with other values; what is usual needs no mention, and the words searched for stand in no link by themselves.

        They may be a name: only the search itself, its file and its other language carry them in their address.
        """
        known = {name: getattr(self, name) for name in self.__slots__ if name != "q"} | changed
        usual = {"view": View.OPEN, "sort": CaseOrder.DUE}
        named = {name: str(value) for name, value in known.items() if value is not None and usual.get(name) != value}
        return f"{path}?{urlencode(named)}" if named else path


async def _asking(
    view: Code = None,
    stage: Code = None,
    field: Code = None,
    unit: Code = None,
    source: Code = None,
    due: Code = None,
    q: Annotated[str | None, Query(max_length=LONGEST)] = None,
    sort: Code = None,
    as_of: Annotated[str | None, Query(max_length=100)] = None,
) -> Asking:
    """What nobody offered is passed over: a filter of an old address shows more, never an error."""
    return Asking(
        view=View(view) if view in set(View) else View.OPEN,
        stage=CaseStage(stage) if stage in set(CaseStage) else None,
        field=field or None,
        unit=unit or None,
        source=SourceGroup(source) if source in set(SourceGroup) else None,
        due=next((days for days in WITHIN if due == str(days)), None),
        q=" ".join((q or "").split()) or None,
        sort=CaseOrder(sort) if sort in set(CaseOrder) else CaseOrder.DUE,
        as_of=(as_of or "").strip() or None,
    )


Asked = Annotated[Asking, Depends(_asking)]


def routes(router: APIRouter, pages: Pages, queries: Queries, acting: Acting) -> None:
    """Show and save."""
    page = _Page(pages, queries, acting)

    @router.get(PATH)
    async def cases(request: Request, session: Working, asking: Asked, cursor: Cursor = None) -> Response:
        """A page of the list, with how many lie in each usual view."""
        return await page.show(request, session, asking, cursor)

    @router.get(f"{PATH}.csv")
    async def saved(session: Working, asking: Asked) -> Response:
        """What is listed, of all its pages, as a file for a spreadsheet."""
        return await page.save(session, asking)


class _Page:
    def __init__(self, pages: Pages, queries: Queries, acting: Acting) -> None:
        self._pages, self._queries, self._acting = pages, queries, acting

    async def _listed(self, session: Session, asking: Asking, cursor: str | None, limit: int) -> tuple[CasePage, int | None]:
        subject, today = session.subject, self._acting.today
        moment = asked_moment(asking.as_of, today)
        filters, asked, order = asking.filters(today), self._queries.lists, asking.sort
        if moment is None:
            return await asked.office_cases(subject, subject.office, filters, order=order, cursor=cursor, limit=limit), None
        return await asked.known_as_of(subject, subject.office, moment, filters, order=order, cursor=cursor, limit=limit)

    async def show(self, request: Request, session: Session, asking: Asking, cursor: str | None) -> Response:
        page, until = await self._listed(session, asking, cursor, PAGE)
        directory = await self._queries.directories.at(self._acting.today)
        said = await self._queries.cases.said(session.subject, [each.id for each in page.cases], purpose=PURPOSE)
        office = session.subject.office
        return self._pages.show(
            request,
            "assignment/following/cases.html",
            session=session,
            rows=page.cases,
            cursor=cursor,
            onward=page.cursor,
            titles={case: brief(text) for case, text in said.items()},
            lefts={
                each.id: left_until(directory.calendar, directory.day, each.due) for each in page.cases if each.due is not None
            },
            over=OVER,
            label=directory.label,
            views=await self._queries.lists.views(session.subject, office),
            stages=tuple(CaseStage),
            fields=_named(directory, directory.fields),
            units=_named(directory, [each.key for each in directory.units.values() if each.office == office]),
            sources=tuple(SourceGroup),
            within=WITHIN,
            asking=asking,
            until=until,
            today=directory.day,
        )

    async def save(self, session: Session, asking: Asking) -> Response:
        rows: list[CaseRow] = []
        cursor: str | None = None
        while len(rows) < MOST_SAVED:
            page, _ = await self._listed(session, asking, cursor, 200)
            rows += page.cases
            if (cursor := page.cursor) is None:
                break
        directory = await self._queries.directories.at(self._acting.today)
        said = await self._queries.cases.said(session.subject, [each.id for each in rows], purpose=PURPOSE)
        head = (
            "Ý kiến",
            "Loại",
            "Lĩnh vực",
            "Nguồn",
            "Đơn vị tiếp nhận",
            "Đơn vị chủ trì",
            "Nhận ngày",
            "Hạn xử lý",
            "Trạng thái",
            "Quá hạn",
            "Mã hồ sơ",
        )
        return sheet(
            f"ho-so-{directory.day:%Y-%m-%d}",
            head,
            [
                (
                    brief(said.get(each.id, "")),
                    KINDS.get(each.kind, each.kind),
                    directory.label(each.field),
                    SOURCES.get(each.source_group, each.source_group),
                    each.unit_label,
                    each.lead_label or "",
                    f"{local_day(each.received_at):%d/%m/%Y}",
                    f"{each.due:%d/%m/%Y}" if each.due is not None else "",
                    STAGES[CaseStage(each.stage)],
                    "có" if each.overdue else "",
                    each.id,
                )
                for each in rows
            ],
        )


def _named(directory: Directory, keys: Any) -> Sequence[tuple[str, str]]:
    return sorted(((key, directory.label(key)) for key in keys), key=lambda each: fold(each[1]))


KINDS: Final = {"kien_nghi": "Kiến nghị", "phan_anh": "Phản ánh", "gop_y": "Góp ý"}
SOURCES: Final = {"noi_bo": "Nội bộ", "nhan_dan": "Nhân dân", "to_chuc": "Tổ chức"}
STAGES: Final = {
    CaseStage.WAITING: "Chờ phân công",
    CaseStage.ASSIGNED: "Đang tham mưu",
    CaseStage.SUBMITTED: "Chờ duyệt",
    CaseStage.RETURNED: "Yêu cầu sửa",
    CaseStage.APPROVED: "Đã duyệt, chờ gửi trả lời",
    CaseStage.IMPLEMENTING: "Đang thực hiện",
    CaseStage.RESOLVED: "Đã giải quyết",
    CaseStage.CLOSED: "Đã đóng",
    CaseStage.REJECTED: "Không đủ điều kiện",
    CaseStage.FORWARDED: "Đã chuyển, hướng dẫn",
    CaseStage.DIVERTED: "Chuyển quy trình khiếu nại, tố cáo",
    CaseStage.MERGED: "Đã gộp",
    CaseStage.SPLIT: "Đã tách",
    CaseStage.WITHDRAWN: "Đã rút",
}
