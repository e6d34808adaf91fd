"""A person's calendar for programs that read iCalendar, at a secret address: days and links, no words."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import Response

from services.assignment.entrypoints.mailing import path_of
from services.assignment.entrypoints.pages.behind import Behind
from services.assignment.readmodel.notifications.agenda import Entry, EntryKind
from shared.calendar import DAY
from shared.contracts.refusals import Unknown
from shared.web.limits import limited

PATH: Final = "/calendars"
OftenEnough = Depends(limited("calendar", "60/minute"))
Secret = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{43}$")]
SAID: Final[Mapping[EntryKind, str]] = {
    EntryKind.DUE: "Hạn xử lý công việc",
    EntryKind.ATTEND: "Dự cuộc đối thoại",
    EntryKind.SESSION: "Cuộc đối thoại",
    EntryKind.MEETING: "Cuộc họp",
}
MEDIA: Final = "text/calendar; charset=utf-8"


def routes(router: APIRouter, behind: Behind) -> None:
    """Show it to whoever has the address."""
    reaching, agenda = behind.queries.reaching, behind.queries.agenda

    @router.get(PATH + "/{secret}.ics", dependencies=[OftenEnough])
    async def shown(request: Request, secret: Secret) -> Response:
        """The days of the person whose address it is, as his posts are today."""
        posts = await behind.posts.of(await reaching.behind(secret))
        if not posts:  # nobody's account opens any more
            raise Unknown("calendar")
        content = written(await agenda.of(posts), base_of(request), behind.clock.now())
        return Response(content, media_type=MEDIA, headers={"Content-Disposition": 'attachment; filename="doithoai.ics"'})


def written(entries: Sequence[Entry], base: str, now: datetime) -> bytes:
    """The calendar as RFC 5545 has it, every entry a whole day that blocks nothing."""
    from icalendar import Calendar, Event  # it takes long to load and few ask for it

    calendar = Calendar()
    calendar.add("prodid", "-//doithoai//VI")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "Đối thoại")
    for each in entries:
        event = Event()
        event.add("uid", f"{each.id}@doithoai")
        event.add("dtstamp", now)
        event.add("dtstart", each.day)
        event.add("dtend", each.day + DAY)
        event.add("summary", SAID[each.kind])
        event.add("url", base + path_of(each.opens))
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def address_of_calendar(request: Request, secret: str) -> str:
    """Where the calendar with this secret is read."""
    return f"{base_of(request)}{PATH}/{secret}.ics"


def base_of(request: Request) -> str:
    """The address of the house, as people know it."""
    return str(getattr(request.app.state, "public_origin", "") or str(request.base_url).rstrip("/"))
