"""The page on which an office's register is taken in: the file, its columns, its rows with what is wrong, what became of them."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Request
from fastapi.responses import RedirectResponse, Response

from services.intake.entrypoints.pages.behind import Behind
from services.intake.entrypoints.pages.desk.runs import LARGEST, Run, Runs, Step
from services.intake.entrypoints.register.reading import HEADER, MAX_ROWS, REQUIRED
from services.intake.entrypoints.register.refusals import NoRegister
from shared.blobs.refusals import FileEmpty
from shared.contracts.refusals import Refused, Unknown
from shared.identity.pages import Working
from shared.identity.sessions import Session
from shared.web import problems
from shared.web.forms import read_form
from shared.web.limits import takes
from shared.web.multipart import read_form_and_files
from shared.web.pages import Pages, language_of

PATH: Final = "/intake/batch"
AGAIN_SECONDS: Final = 2  # until a page that shows work in hand asks anew
File = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")]


def routes(router: APIRouter, pages: Pages, behind: Behind, runs: Runs) -> None:
    def show(request: Request, session: Session, run: Run | None = None, refused: Refused | None = None) -> Response:
        failed = run.failed if run is not None else None
        response = pages.show(
            request,
            "intake/desk/batch.html",
            status=problems.status_of(refused) if refused is not None else 200,
            session=session,
            run=run,
            header=HEADER,
            required=REQUIRED,
            most=MAX_ROWS,
            refused=_told(request, refused),
            failed=_told(request, failed),
        )
        if run is not None and run.at_work:
            response.headers["Refresh"] = str(AGAIN_SECONDS)
        return response

    @router.get(PATH)
    async def begin(request: Request, session: Working) -> Response:
        """The first step: which file."""
        runs.refuse_unless_his(session.subject)
        return show(request, session)

    @router.post(PATH)
    @takes(LARGEST)
    async def send(request: Request, session: Working) -> Response:
        """Keep the file, sealed, and look at its rows; nothing is recorded."""
        runs.refuse_unless_his(session.subject)
        sent = await read_form_and_files(request)
        try:
            if len(sent.files) != 1:
                raise FileEmpty("file")
            file = await runs.keep(session.subject, sent.files[0].content, sent.files[0].name)
        except (FileEmpty, NoRegister) as refused:
            return show(request, session, refused=refused)
        return RedirectResponse(f"{PATH}/{file}", 303)

    @router.get(f"{PATH}/{{file}}")
    async def steps(request: Request, file: File, session: Working) -> Response:
        """How far a file is."""
        runs.refuse_unless_his(session.subject)
        return show(request, session, await runs.look(session.subject, file))

    @router.post(f"{PATH}/{{file}}/take")
    async def take(request: Request, file: File, session: Working) -> Response:
        """Take its rows in."""
        runs.refuse_unless_his(session.subject)
        await read_form(request)
        await runs.take(session.subject, file)
        return RedirectResponse(f"{PATH}/{file}", 303)

    @router.get(f"{PATH}/{{file}}/rejected.csv")
    async def rejected(file: File, session: Working) -> Response:
        """The rows that were not taken, each with line, column and reason, to be mended and sent again."""
        runs.refuse_unless_his(session.subject)
        run = runs.of(session.subject, file)
        if run is None or run.step not in (Step.LOOKED, Step.TAKEN) or not run.rejected:
            raise Unknown("file")
        headers = {"Content-Disposition": 'attachment; filename="dong-loi.csv"'}
        return Response(run.rejected_file(), media_type="text/csv; charset=utf-8", headers=headers)


def _told(request: Request, refused: Refused | None) -> dict[str, Any] | None:
    return problems.body_of(refused, language=language_of(request)) if refused is not None else None
