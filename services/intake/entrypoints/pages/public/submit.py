"""Handing in: words first, identity after; whatever is wrong, what was typed is kept."""

from collections.abc import Mapping
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from limits import parse

from services.intake.entrypoints.pages.public.attaching import MOST_FILES, is_small
from services.intake.entrypoints.pages.public.holding import Holding
from services.intake.entrypoints.pages.public.submitting import TRAP, NotHandedIn, Problem, Submitting, Wants, Wrong
from shared.contracts.types import NAME_LIMIT, WORDS_LIMIT
from shared.web import problems
from shared.web.acting import new_key
from shared.web.forms import refuse_foreign
from shared.web.limits import takes, within
from shared.web.multipart import read_form_and_files
from shared.web.pages import Pages, language_of
from shared.web.problems import TooOften

PATH: Final = "/submit"
# Of one address: a hundred households can share one with their provider, an office its own.
OFTEN: Final = (parse("10/minute"), parse("60/hour"))


def routes(router: APIRouter, pages: Pages, submitting: Submitting, holding: Holding) -> None:
    async def shown(
        request: Request, form: Mapping[str, str], wrong: tuple[Wrong, ...] = (), *, status: int = 200, key: str = ""
    ) -> Response:
        language = language_of(request)
        said = {
            each.field: {
                "problem": each.problem.value,
                "told": problems.body_of(each.said, language=language) if each.said is not None else None,
            }
            for each in reversed(wrong)  # the first of several about one field
        }
        facts: dict[str, Any] = {
            "form": form,
            "wrong": dict(reversed(said.items())),
            "key": key or new_key(),
            "offices": await submitting.offices(),
            "places": await submitting.places(),
            "wants": Wants,
            "trap": TRAP,
            "bounds": {
                "words": WORDS_LIMIT,
                "name": NAME_LIMIT,
                "files": MOST_FILES,
                "megabytes": submitting.attaching.megabytes,
            },
            "takes_files": submitting.attaching.possible,
        }
        return pages.show(request, "intake/public/submit.html", status=status, **facts)

    @router.get(PATH)
    async def submit(request: Request) -> Response:
        """The empty form; `?wants=dialogue` begins with that chosen."""
        chosen = request.query_params.get("wants", "")
        return await shown(request, {"wants": chosen} if chosen in set(Wants) else {})

    @router.post(PATH)
    @takes(submitting.attaching.limit_bytes)
    async def hand_in(request: Request) -> Response:
        """Hand it in, then show the receipt; a second press shows the same."""
        refuse_foreign(request)
        often = not await within(request, "submit", *OFTEN)  # counted before anything is read
        if often and not is_small(request):
            raise TooOften
        sent = await submitting.attaching.read(request, read_form_and_files)
        form = sent.fields
        if often:
            return await shown(request, form, (Wrong("form", Problem.TOO_OFTEN),), status=429, key=form.get("key", ""))
        try:
            held = await submitting.hand_in(request, form, sent.files)
        except NotHandedIn as refused:
            used = any(each.problem is Problem.KEY_USED for each in refused.wrong)
            return await shown(request, form, refused.wrong, status=422, key="" if used else form.get("key", ""))
        response = RedirectResponse("/receipt", 303)
        holding.give(response, request, held)
        return response
