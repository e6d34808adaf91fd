"""Commands asked of the desk by forms: rehearsed, to know what can be done; once for each press; told again where refused."""

import secrets
from collections.abc import Awaitable, Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from shared.calendar import local_day
from shared.clock import Clock
from shared.commands import Body
from shared.contracts.refusals import Forbidden, Invalid, Refused, Unknown
from shared.decider import Seen
from shared.desk import Asked, Desk, Done
from shared.identity.sessions import Session
from shared.permit import Subject
from shared.telemetry import COMMANDS, current_trace
from shared.web import problems
from shared.web.acts import Act, Again, Counted, Form, Offer, Onward, Tried
from shared.web.api import WAIT_SECONDS, keyed_id
from shared.web.filling import as_if, as_typed, body_of, kept
from shared.web.forms import read_form
from shared.web.pages import language_of

AHEAD: Final = timedelta(days=7)
REHEARSED: Final = "rehearsed"
ON: Final = "on."  # names the check box of each thing of a list


class Acting:
    """The commands of one service and tenant, for its pages."""

    def __init__(self, desk: Desk, clock: Clock, service: str) -> None:
        self._desk, self._clock, self._service = desk, clock, service

    @property
    def today(self) -> date:
        return local_day(self._clock.now())

    def additive(self, act: Act) -> bool:
        """Whether it adds and overwrites nothing."""
        return self._desk.handlers[act.name].additive

    def may_ever(self, act: Act, subject: Subject) -> bool:
        """Whether some capacity of his is among those that may do it to anything at all."""
        roles = {*subject.capacities, *(each.role for each in subject.delegated)}
        return any(grant.role in roles for grant in self._desk.handlers[act.name].action.grants)

    async def offer(
        self,
        act: Act,
        thing: str,
        version: int,
        subject: Subject,
        /,
        *,
        first: Mapping[str, str | None] | None = None,
        day: date | None = None,
        told: tuple[type[Refused], ...] = (),
        seen: Seen | None = None,
        **values: Any,
    ) -> Offer | None:
        """The act, if it could be done now: decided by the desk as it would be, with nothing written.

        `first`: a value that each field of options could have; `values`: those that no field asks for. A refusal of a kind
        that is `told` leaves the act shown, waiting for its condition; any other means that it is not for now or not for him.
        Of a page that offers many, `seen` is what one of them read already.
        """
        if not self.may_ever(act, subject):
            return None
        body = as_if(act, thing, first or {}, day or self.today + AHEAD, values)
        if body is None:
            return None
        try:
            done = await self._desk.rehearse(self._asked(act, body, subject, REHEARSED), seen)
        except Refused as refused:
            if isinstance(refused, told):
                return Offer(act=act, thing=thing, version=version, waits=refused)
            if not act.is_about(refused):
                return None
        else:
            if not done.changes:
                return None
        return Offer(act=act, thing=thing, version=version)

    async def ask(
        self,
        request: Request,
        session: Session,
        act: Act,
        thing: str,
        /,  # values may be called as these are
        *,
        again: Again,
        onward: str | Onward,
        form: Form | None = None,
        occurred_at: datetime | None = None,
        **values: Any,
    ) -> Response:
        """Ask what the form of a page asks, then go `onward`; where it is refused, `again` with what was typed and why.

        `values`: those that no field asks for. The form carries a `key`, by which a second press is the first again, and,
        unless the act only adds, the `version` of the thing that it was shown with.

        Raises:
            Unknown: the thing is not there, or not his to see.
            OpenLine, ForeignForm, Unreadable, Invalid: it is no form of ours.

        """
        form = await read_form(request) if form is None else form
        try:
            body = body_of(act, thing, form, self.today, values)
            done = await self.do(
                act,
                body,
                session.subject,
                command_id=self._id(request, session, form),
                expected=self.expected(act, form),
                occurred_at=occurred_at,
            )
        except Refused as refused:
            if isinstance(refused, Unknown) and refused.field is None:
                raise
            return await again(tried(request, act, thing, form, refused))
        reached = await self._wait(request, done.position)
        return _gone(onward if isinstance(onward, str) else await onward(done), reached, done=act.slug)

    async def ask_each(
        self,
        request: Request,
        session: Session,
        act: Act,
        /,
        *,
        again: Callable[[Counted], Awaitable[Response]],
        onward: str,
        form: Form | None = None,
        own: Mapping[str, Mapping[str, Any]] | None = None,
        **values: Any,
    ) -> Response:
        """Ask the act of each thing that was ticked, each a command of its own; what was refused is told `again`.

        The form names each thing by `on.<thing>`, and its version by `version.<thing>`. `values`: those that no field asks
        for; `own`: those of one thing alone.
        """
        form = await read_form(request) if form is None else form
        things = [name.removeprefix(ON) for name in form if name.startswith(ON)]
        finished: list[str] = []
        refusals: dict[str, Mapping[str, Any]] = {}
        position = 0
        for thing in things:
            try:
                body = body_of(act, thing, form, self.today, {**values, **((own or {}).get(thing, {}))})
                done = await self.do(
                    act,
                    body,
                    session.subject,
                    command_id=self._id(request, session, form, thing),
                    expected=self.expected(act, form, f"version.{thing}"),
                )
            except Refused as refused:
                refusals[thing] = tried(request, act, thing, form, refused).told
            else:
                finished.append(thing)
                position = max(position, done.position)
        reached = await self._wait(request, position)
        if not things or refusals:
            return await again(Counted(act=act, done=tuple(finished), refused=refusals))
        return _gone(onward, reached, done=act.slug, n=str(len(finished)))

    async def do(
        self,
        act: Act,
        body: Body,
        subject: Subject,
        *,
        command_id: str,
        expected: int | None,
        occurred_at: datetime | None = None,
    ) -> Done:
        """Ask it.

        Raises:
            Refused: as over the API.

        """
        done = await self._desk.handle(self._asked(act, body, subject, command_id, expected, occurred_at))
        COMMANDS.labels(self._service, act.name, "replayed" if done.replayed else "done").inc()
        return done

    async def rehearse(self, act: Act, body: Body, subject: Subject, *, expected: int | None = None) -> None:
        """Have it decided as it would be, with nothing written.

        Raises:
            Refused: as it would be.

        """
        await self._desk.rehearse(self._asked(act, body, subject, REHEARSED, expected))

    async def known(self, command_id: str) -> bool:
        """Whether it was done under this id already: a second press."""
        return await self._desk.known(command_id)

    def _asked(
        self,
        act: Act,
        body: Body,
        subject: Subject,
        command_id: str,
        expected: int | None = None,
        occurred_at: datetime | None = None,
    ) -> Asked:
        return Asked(
            command=act.name,
            body=body,
            subject=subject,
            command_id=command_id,
            occurred_at=occurred_at,
            expected=expected,
            trace=current_trace(),
        )

    def _id(self, request: Request, session: Session, form: Form, thing: str = "") -> str:
        key = form.get("key", "")
        return keyed_id(request, session.subject, f"{key}.{thing}" if key and thing else key)

    def expected(self, act: Act, form: Form, name: str = "version") -> int | None:
        """The version of the thing that the form was shown with; none is needed of what adds or begins something."""
        if self.additive(act) or not act.on:
            return None
        return version_of(form, name)

    async def _wait(self, request: Request, position: int) -> bool:
        """Until the pages can show what was written."""
        if not position:
            return True
        reached: bool = await request.app.state.positions.wait({self._service: position}, WAIT_SECONDS)
        return reached


def _gone(where: str, reached: bool, **told: str) -> Response:
    """On to a page that says what was done, and whether it can show it yet."""
    path, mark, part = where.partition("#")
    joined = "&" if "?" in path else "?"
    return RedirectResponse(f"{path}{joined}{urlencode(told | ({} if reached else {'late': '1'}))}{mark}{part}", 303)


def new_key() -> str:
    """A key for a form: whoever presses twice asks once."""
    return secrets.token_urlsafe(12)


def version_of(form: Form, name: str = "version") -> int:
    """The version of a thing that its form was shown with.

    Raises:
        PreconditionMissing, Invalid

    """
    stated = form.get(name)
    if stated is None:
        raise problems.PreconditionMissing(name)
    if not (stated.isascii() and stated.isdigit() and len(stated) < 10):
        raise Invalid(name)
    return int(stated)


def tried(request: Request, act: Act, thing: str, form: Form, refused: Refused) -> Tried:
    """A refusal, with what was typed."""
    told = {"field": None, "errors": [], **problems.body_of(refused, language=language_of(request))}
    told["field"] = as_typed(act, form, told["field"])
    told["errors"] = [{**each, "field": as_typed(act, form, each["field"])} for each in told["errors"]]
    return Tried(
        act=act,
        thing=thing,
        kept=kept(act, form),
        refused=refused,
        told={**told, "forbidden": isinstance(refused, Forbidden)},
        status=problems.status_of(refused),
    )
