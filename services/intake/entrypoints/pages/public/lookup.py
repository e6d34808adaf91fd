"""Looking up what became of a submission by its code, and what its speaker can do about it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from limits import parse

from services.intake.domain.opinion.commands import CompleteOpinion, RecordWish, WithdrawOpinion
from services.intake.domain.submission.commands import WithdrawRequestReceipt
from services.intake.entrypoints.pages.behind import Behind
from services.intake.entrypoints.pages.public.holding import Held, Holding
from services.intake.entrypoints.pages.public.looking import refuse_too_often
from services.intake.readmodel.opinions.projections import CaseStage
from services.intake.readmodel.receipts.codes import receipt_key
from services.intake.readmodel.receipts.told import Told
from shared.contracts.opinion import Wish
from shared.contracts.refusals import Unknown
from shared.contracts.types import NOTE_LIMIT, WORDS_LIMIT
from shared.desk import Done
from shared.web.acting import new_key
from shared.web.acts import Act, Asks, Field, Offer, Tried
from shared.web.forms import read_form
from shared.web.limits import within
from shared.web.pages import Pages
from shared.web.problems import TooOften

PATH: Final = "/lookup"
RESULT: Final = "/lookup/result"
SCRIPT: Final = "/lookup/code.js"
# The QR of a receipt brings the code behind the #, which no server is sent: it goes into the field, and out of the address.
FROM_THE_ADDRESS: Final = """"use strict";
const take = () => {
  const code = location.hash.slice(1, 41);
  if (!code) return;
  history.replaceState(null, "", location.pathname);
  document.getElementById("code").value = code;
  document.querySelector("main form button").focus();
};
addEventListener("hashchange", take);
take();
"""
OFTEN: Final = (parse("20/minute"), parse("200/hour"))
LONGEST_CODE: Final = 40
# An answer came, or the matter ended: from then on only taking it up again is asked for.
OVER: Final = frozenset({CaseStage.ANSWERED.value, CaseStage.RESOLVED.value, CaseStage.CLOSED.value})
ENDED: Final = (
    frozenset(each.value for each in CaseStage)
    - OVER
    - {
        CaseStage.WAITING.value,
        CaseStage.ASSIGNED.value,
        CaseStage.REOPENED.value,
    }
)

_WHY: Final = (Field("note", Asks.TEXT, required=False, longest=NOTE_LIMIT),)
COMPLETE: Final = Act(command=CompleteOpinion, on="opinion", fields=(Field("words", Asks.TEXT, longest=NOTE_LIMIT),))
WITHDRAW: Final = Act(command=WithdrawOpinion, on="opinion", fields=_WHY, apart=True)
WITHDRAW_REQUEST: Final = Act(command=WithdrawRequestReceipt, on="request_receipt", fields=_WHY, apart=True)
WISH: Final = Act(command=RecordWish, on="opinion", fields=(Field("note", Asks.TEXT, longest=NOTE_LIMIT),), apart=True)


@dataclass(frozen=True, slots=True)
class Can:
    """What the speaker can do: an act, under the word that its address has, with what the form does not ask."""

    word: str
    act: Act
    fixed: Mapping[str, Any]


CAN: Final[Mapping[str, Can]] = {
    each.word: each
    for each in (
        Can("complete", COMPLETE, {}),
        Can("add", WISH, {"wish": Wish.ADD.value}),
        Can("reopen", WISH, {"wish": Wish.REOPEN.value}),
        Can("withdraw", WITHDRAW, {}),
        Can("withdraw-request", WITHDRAW_REQUEST, {}),
        Can("ask-to-withdraw", WISH, {"wish": Wish.WITHDRAW.value}),
    )
}


def routes(router: APIRouter, pages: Pages, behind: Behind, holding: Holding) -> None:
    results = Results(pages, behind, holding)
    _finding(router, results)
    _acts(router, results)


class Results:
    """The page of what became of it, for the browser that showed its code within the last half hour."""

    def __init__(self, pages: Pages, behind: Behind, holding: Holding) -> None:
        self.pages, self.behind, self.holding = pages, behind, holding

    async def told(self, stream: str) -> Told:
        return await self.behind.queries.telling.told(stream, self.holding.subject(stream, "").person)

    async def offered(self, told: Told) -> list[tuple[Can, Offer]]:
        """What can be asked for as things stand: decided by the desk as it would be, with nothing written."""
        session = self.holding.session(told.stream, told.view.office)
        version = await self.behind.queries.telling.version(told.stream)
        offers = []
        for word in _for_now(told):
            can = CAN[word]
            found = await self.behind.acting.offer(can.act, told.stream, version, session.subject, **can.fixed)
            if found is not None:
                offers.append((can, found))
        return offers

    async def page(
        self, request: Request, held: Held, *, tried: Tried | None = None, word: str = "", status: int = 200
    ) -> Response:
        told = [await self.told(each) for each in held.streams]
        directory = await self.behind.directories.at(told[0].today)
        return self.pages.show(
            request,
            "intake/public/result.html",
            status=status,
            told=told,
            offers={each.stream: await self.offered(each) for each in told},
            office=directory.label(told[0].view.office),
            tried=tried,
            tried_word=word,
            key=new_key(),
            done=request.query_params.get("done", "") if tried is None else "",
            late="late" in request.query_params,
        )


def _finding(router: APIRouter, results: Results) -> None:
    pages, behind, holding = results.pages, results.behind, results.holding

    @router.get(PATH)
    async def lookup(request: Request) -> Response:
        """Where the code is typed; it is sent as a form and stands in no address that a server is sent."""
        return pages.show(request, "intake/public/lookup.html", wrong="")

    @router.get(SCRIPT)
    async def script() -> Response:
        """Takes the code of a QR out of the address; without it the code is typed."""
        return Response(FROM_THE_ADDRESS, media_type="text/javascript")

    @router.post(PATH)
    async def find(request: Request) -> Response:
        """The same words for a code that was never given and for one that is no code."""
        form = await read_form(request)
        if not await within(request, "lookup", *OFTEN):
            return pages.show(request, "intake/public/lookup.html", status=429, wrong="too-often")
        key = receipt_key(behind.keyed, behind.tenant, form.get("code", "")[:LONGEST_CODE])
        try:
            streams = await behind.queries.telling.together(await behind.queries.receipts.stream(key))
        except Unknown:
            return pages.show(request, "intake/public/lookup.html", status=404, wrong="unknown")
        response = RedirectResponse(RESULT, 303)
        holding.give(response, request, Held(streams))
        return response

    @router.get(RESULT)
    async def shown(request: Request) -> Response:
        """What became of it."""
        held = await holding.standing(request)
        if held is None:
            return RedirectResponse(PATH, 303)
        await refuse_too_often(request)
        return await results.page(request, held)

    @router.post("/lookup/done")
    async def leave(request: Request) -> Response:
        """Done: whoever uses this browser next types the code anew."""
        await read_form(request)
        response = RedirectResponse(PATH, 303)
        holding.forget(response, request)
        return response


def _acts(router: APIRouter, results: Results) -> None:
    behind, holding = results.behind, results.holding

    @router.post("/lookup/{number}/{word}")
    async def act(request: Request, number: int, word: str) -> Response:
        """Something that the speaker asks for, of the first or second thing that the result tells of."""
        form = await read_form(request)
        held = await holding.standing(request)
        if held is None:
            return RedirectResponse(PATH, 303)
        can = CAN.get(word)
        if can is None or not 1 <= number <= len(held.streams):
            raise Unknown
        if not await within(request, "lookup-act", *OFTEN):
            raise TooOften
        told = await results.told(held.streams[number - 1])
        if can.word not in _for_now(told):
            return RedirectResponse(f"{RESULT}?done=no-more", 303)
        session = holding.session(told.stream, told.view.office)
        sent = dict(form)
        if can.act is COMPLETE and form.get("words", "").strip():
            sent["words"] = await _whole(behind, told, session.subject.person, form["words"])

        async def again(tried: Tried) -> Response:
            return await results.page(request, held, tried=_as_typed(tried, form), word=word, status=tried.status)

        async def onward(done: Done) -> str:
            return RESULT

        return await behind.acting.ask(request, session, can.act, told.stream, again=again, onward=onward, form=sent, **can.fixed)


def _as_typed(tried: Tried, form: Mapping[str, str]) -> Tried:
    """What he typed himself, without what it was added to."""
    return replace(tried, kept={**tried.kept, **({"words": form["words"]} if "words" in form else {})})


def _for_now(told: Told) -> tuple[str, ...]:
    """Which acts make sense where it stands; whether they can be done, the desk says."""
    further = told.view.case_stage
    if told.stream.startswith("request_receipt-"):
        return ("withdraw-request",)
    if told.joined:
        return ()
    if further is None:
        return ("complete", "withdraw")
    if further in OVER:
        return ("reopen",)
    return () if further in ENDED else ("add", "ask-to-withdraw")


async def _whole(behind: Behind, told: Told, reader: str, added: str) -> str:
    """The whole opinion as completed: what was said, and what its speaker adds to it; pressed twice, it is added once."""
    said: Any = await behind.queries.telling.words(told.stream, reader)
    if not said:
        return added.strip()
    whole = f"\n\n[{told.today:%d/%m/%Y}] {added.strip()}"
    return said if said.endswith(whole) else f"{said}{whole}"[: WORDS_LIMIT + 1]
