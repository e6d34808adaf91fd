"""A provider of OpenID Connect on loopback, which can be told to answer wrongly."""

import asyncio
import base64
import hashlib
import secrets
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

CLIENT_ID, CLIENT_SECRET = "doithoai", "a secret of the client"


def _key() -> ECKey:
    return ECKey.generate_key("P-256", {"kid": secrets.token_hex(4), "use": "sig"}, auto_kid=False)


@dataclass(slots=True)
class Answers:
    """What the provider says: `claims` stand instead of its own in the next ID tokens."""

    issuer: str
    subject: str = "canbo-0042"
    claims: dict[str, Any] = field(default_factory=dict)
    about: dict[str, Any] = field(default_factory=dict)  # instead of what discovery says
    signing: ECKey = field(default_factory=_key)
    published: list[ECKey] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)  # paths
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    now: float | None = None  # the clock of the provider in seconds; the machine's where none

    def __post_init__(self) -> None:
        self.published.append(self.signing)

    def turn_key(self) -> None:
        """Sign with a new key, and publish it beside the old one."""
        self.signing = _key()
        self.published.append(self.signing)

    def seconds(self) -> int:
        return int(time.time() if self.now is None else self.now)


def _application(answers: Answers) -> FastAPI:
    app = FastAPI()

    @app.middleware("http")
    async def note(request: Request, call_next: Any) -> Response:
        answers.asked.append(request.url.path)
        answer: Response = await call_next(request)
        return answer

    @app.get("/.well-known/openid-configuration")
    async def about() -> Response:
        said = {
            "issuer": answers.issuer,
            "authorization_endpoint": f"{answers.issuer}/authorize",
            "token_endpoint": f"{answers.issuer}/token",
            "jwks_uri": f"{answers.issuer}/keys",
            "end_session_endpoint": f"{answers.issuer}/end",
        }
        return JSONResponse(said | answers.about)

    @app.get("/keys")
    async def keys() -> Response:
        return JSONResponse(KeySet(list(answers.published)).as_dict(private=False))

    @app.get("/authorize")
    async def authorize(request: Request) -> Response:
        """Whoever comes is `answers.subject`, and agrees."""
        asked = dict(request.query_params)
        assert (asked["response_type"], asked["client_id"], asked["code_challenge_method"]) == ("code", CLIENT_ID, "S256")
        code = secrets.token_urlsafe(16)
        answers.codes[code] = asked
        return RedirectResponse(f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}", 303)

    @app.post("/token")
    async def token(request: Request) -> Response:
        form = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
        shown = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        asked = answers.codes.pop(form.get("code", ""), None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest()).decode().rstrip("=")
        if request.headers.get("authorization") != f"Basic {shown}" or asked is None or challenge != asked["code_challenge"]:
            return JSONResponse({"error": "invalid_grant"}, 400)
        if form.get("redirect_uri") != asked["redirect_uri"]:
            return JSONResponse({"error": "invalid_grant"}, 400)
        now = answers.seconds()
        claims = {
            "iss": answers.issuer, "aud": CLIENT_ID, "sub": answers.subject, "iat": now, "exp": now + 300,
            "nonce": asked["nonce"], **answers.claims,
        }  # fmt: skip
        claims = {name: value for name, value in claims.items() if value is not None}
        written = jwt.encode({"alg": "ES256", "kid": answers.signing.kid}, claims, answers.signing)
        return JSONResponse({"access_token": secrets.token_hex(8), "token_type": "Bearer", "id_token": written})

    return app


@asynccontextmanager
async def providing() -> AsyncIterator[Answers]:
    """A provider that answers on a port of this machine."""
    listener = socket.create_server(("127.0.0.1", 0))
    answers = Answers(issuer=f"http://127.0.0.1:{listener.getsockname()[1]}")
    config = uvicorn.Config(_application(answers), log_config=None, access_log=False, lifespan="off")
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve([listener]))
    try:
        yield answers  # whoever asks before it has begun waits at its port
    finally:
        server.should_exit = True
        await serving
        listener.close()


def query_of(url: str) -> dict[str, str]:
    """The parameters of an address, each once."""
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
