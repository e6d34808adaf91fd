"""Forms that bring a file along: every byte of it arrives, and what is no such form is refused."""

import asyncio
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI, Request
from fastapi.responses import PlainTextResponse, Response

from shared.contracts.refusals import Refused
from shared.web.forms import FORM, token_of
from shared.web.parts import MOST_PARTS, read_form_with_file

HOUSE, SECRET = "https://house", "s" * 43
TOKEN = token_of(SECRET)
MARKED = "multipart/form-data; boundary=XX"
BROKEN = b'--XX\r\nContent-Disposition: form-data; name="token"\r\n\r\nab'
BODY = b"\x00--XX\r\n\r\n\xff" * 20_000


def taken(*, origin: str = HOUSE, content: bytes | None = None, kind: str | None = None, **sent: Any) -> httpx2.Response:
    """What a form was read as, or the code of what refused it."""
    app = FastAPI()

    @app.post("/")
    async def read(request: Request) -> Response:
        try:
            found = await read_form_with_file(request)
        except Refused as refused:
            return PlainTextResponse(refused.code, 400)
        return Response(found.content, headers={"name": found.name.encode().hex(), "n": str(len(found.fields))})

    async def asked() -> httpx2.Response:
        transport = httpx2.ASGITransport(app=app)
        async with httpx2.AsyncClient(transport=transport, base_url=HOUSE) as client:
            client.cookies.set(f"__Host-{FORM}", SECRET)
            headers = {"Origin": origin} | ({"Content-Type": kind} if kind else {})
            return await client.post("/", headers=headers, content=content, **sent)

    return asyncio.run(asked())


def test_every_byte_arrives_with_its_name() -> None:
    answer = taken(data={"token": TOKEN, "why": "Lý do"}, files={"file": ("C:\\cũ\\Đơn.pdf", BODY, "application/pdf")})
    assert (answer.status_code, answer.content == BODY, answer.headers["n"]) == (200, True, "2")
    assert bytes.fromhex(answer.headers["name"]).decode() == "Đơn.pdf"


def test_no_file_chosen_is_no_file() -> None:
    answer = taken(data={"token": TOKEN}, files={"file": ("", b"", "application/octet-stream")})
    assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({"data": {"token": "0" * 64}, "files": {"file": ("a", b"x")}}, "foreign-form"),
        ({"data": {"token": TOKEN}, "files": {"file": ("a", b"x")}, "origin": "https://elsewhere"}, "foreign-form"),
        ({"data": {"token": TOKEN}}, "unreadable"),
        ({"data": {"token": TOKEN}, "files": [("file", ("a", b"x")), ("file", ("b", b"y"))]}, "unreadable"),
        ({"data": {"token": TOKEN, **{str(n): "x" for n in range(MOST_PARTS)}}, "files": {"file": ("a", b"x")}}, "unreadable"),
        (
            {
                "content": b'--XX\r\nContent-Disposition: form-data; name="token"\r\n\r\nab',
                "kind": "multipart/form-data; boundary=XX",
            },
            "unreadable",
        ),
        ({"content": b"no form", "kind": MARKED}, "unreadable"),
        ({"content": b"", "kind": "multipart/form-data"}, "unreadable"),
    ],
)
def test_what_is_no_such_form_of_ours_is_refused(sent: dict[str, Any], code: str) -> None:
    answer = taken(**sent)
    assert (answer.status_code, answer.text) == (400, code)
