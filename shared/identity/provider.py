"""Signing in at the province's provider: OpenID Connect, code flow with PKCE, state and nonce."""

import asyncio
import hmac
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode, urlsplit

import httpx2
import structlog

from shared.clock import Clock, SystemClock
from shared.identity.once import Once
from shared.identity.refusals import ProviderAway, ProviderRefused
from shared.identity.sealing import Seal

if TYPE_CHECKING:
    # A tenth of what every verb loads, for the few installations that have a provider: loaded where one is asked.
    from authlib.integrations.httpx_client import AsyncOAuth2Client
    from joserfc.jwk import KeySet

ALGORITHMS: Final = ("ES256", "RS256")
LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
ANSWER_SECONDS: Final = 5.0
MOST_BYTES: Final = 262_144  # of an answer
MOST_KEYS: Final = 50
KEPT_SECONDS: Final = 3_600.0  # what the provider says of itself, and its keys
AGAIN_SECONDS: Final = 60.0  # before keys are asked for again because one is not among them
LEEWAY_SECONDS: Final = 60  # that clocks may differ
WITHIN: Final = timedelta(minutes=10)  # from going there to coming back
PURPOSE: Final = "provider"
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the provider says of itself (OpenID Connect Discovery 1.0)."""

    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    end_session_endpoint: str = ""
    secret_in_body: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """Whom it named, where he wanted to go, and the account that he is linking, if any."""

    subject: str
    onward: str
    linking: str


class Provider:
    """One provider. Its tokens are held against `wall`, as its clock is no script's."""

    def __init__(
        self, issuer: str, client_id: str, client_secret: str, *, seal: Seal, once: Once, wall: Clock | None = None
    ) -> None:
        self.issuer = issuer
        self._client_id, self._client_secret = client_id, client_secret
        self._seal, self._once, self._wall = seal, once, wall or SystemClock()
        self._looking = asyncio.Lock()
        self._told: tuple[float, Told] | None = None
        self._keys: tuple[float, KeySet] | None = None

    async def begin(self, back: str, onward: str, browser: str, *, linking: str = "") -> tuple[str, str]:
        """Where to send a browser, and what it carries until it comes `back`.

        Raises:
            ProviderAway

        """
        told = await self._about()
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        async with self._client(told, back) as client:
            url, _ = client.create_authorization_url(
                told.authorization_endpoint, state=state, nonce=nonce, code_verifier=verifier
            )
        kept = {
            "state": state, "nonce": nonce, "verifier": verifier, "onward": onward, "linking": linking, "at": self._seconds(),
        }  # fmt: skip
        return url, self._seal.close(PURPOSE, browser, kept=kept)

    async def finish(self, query: Mapping[str, str], sealed: str, browser: str, back: str) -> Returned:
        """Whom the provider names to this browser; each answer is taken once.

        Raises:
            ProviderRefused, ProviderAway

        """
        kept = self._seal.open(PURPOSE, browser, sealed=sealed) if sealed else None
        if kept is None or not 0 <= self._seconds() - kept["at"] <= WITHIN.total_seconds():
            raise _refused("nothing-asked")
        if not hmac.compare_digest(kept["state"].encode(), query.get("state", "").encode()):
            raise _refused("state")
        if not await self._once.use(kept["state"], within=WITHIN):
            raise _refused("state-used")
        if query.get("iss", self.issuer) != self.issuer:  # RFC 9207
            raise _refused("issuer")
        if "error" in query or not query.get("code"):
            raise _refused("declined")
        token = await self._token(query["code"], kept["verifier"], back)
        claims = await self._claims(token, kept["nonce"])
        subject = claims.get("sub")
        if not isinstance(subject, str) or not subject:
            raise _refused("subject")
        return Returned(subject=subject, onward=kept["onward"], linking=kept["linking"])

    async def way_out(self, back: str) -> str | None:
        """Where a browser signs out there, if that is offered; it comes `back` where the provider knows that address.

        Raises:
            ProviderAway

        """
        told = await self._about()
        if not told.end_session_endpoint:
            return None
        asked = urlencode({"client_id": self._client_id, "post_logout_redirect_uri": back})
        return f"{told.end_session_endpoint}{'&' if '?' in told.end_session_endpoint else '?'}{asked}"

    async def _token(self, code: str, verifier: str, back: str) -> Mapping[str, Any]:
        from authlib.integrations.base_client import OAuthError

        told = await self._about()
        try:
            async with self._client(told, back) as client:
                found: Mapping[str, Any] = await client.fetch_token(told.token_endpoint, code=code, code_verifier=verifier)
        except OAuthError as error:
            raise _refused("code") from error
        except (httpx2.HTTPError, ValueError) as error:
            raise _away(error) from error
        return found

    async def _claims(self, token: Mapping[str, Any], nonce: str) -> Mapping[str, Any]:
        """The claims of the ID token, checked (OpenID Connect Core 1.0, 3.1.3.7)."""
        from authlib.oidc.core import CodeIDToken
        from joserfc import jwt
        from joserfc.errors import InvalidKeyIdError, JoseError

        written, access = token.get("id_token"), token.get("access_token")
        if not isinstance(written, str):
            raise _refused("no-id-token")
        try:
            try:
                decoded = jwt.decode(written, await self._key_set(), algorithms=list(ALGORITHMS))
            except InvalidKeyIdError:
                decoded = jwt.decode(written, await self._key_set(anew=True), algorithms=list(ALGORITHMS))
            asked = {
                "iss": {"essential": True, "value": self.issuer},
                "aud": {"essential": True, "value": self._client_id},
            }
            given = {"nonce": nonce, "client_id": self._client_id, "access_token": access}
            claims = CodeIDToken(decoded.claims, decoded.header, asked, given)
            claims.validate(now=self._seconds(), leeway=LEEWAY_SECONDS)
        except (JoseError, ValueError) as error:
            raise _refused(f"id-token {type(error).__name__} {getattr(error, 'claim', '')}".strip()) from error
        found: Mapping[str, Any] = claims
        return found

    async def _about(self) -> Told:
        async with self._looking:
            if self._told is None or self._told[0] + KEPT_SECONDS < time.monotonic():
                self._told = (time.monotonic(), _told(await self._fetch(f"{self.issuer.rstrip('/')}{WELL_KNOWN}"), self.issuer))
            return self._told[1]

    async def _key_set(self, *, anew: bool = False) -> "KeySet":
        told = await self._about()
        async with self._looking:
            age = None if self._keys is None else time.monotonic() - self._keys[0]
            if self._keys is None or age is None or age > (AGAIN_SECONDS if anew else KEPT_SECONDS):
                self._keys = (time.monotonic(), _key_set(await self._fetch(told.jwks_uri)))
            return self._keys[1]

    async def _fetch(self, url: str) -> Mapping[str, Any]:
        try:
            async with httpx2.AsyncClient(transport=_Bounded(), timeout=ANSWER_SECONDS, headers=PLAIN) as client:
                found = (await client.get(url)).raise_for_status().json()
        except (httpx2.HTTPError, ValueError) as error:
            raise _away(error) from error
        if not isinstance(found, dict):
            raise _away("no-object")
        return found

    def _client(self, told: Told, back: str) -> "AsyncOAuth2Client":
        from authlib.integrations.httpx_client import AsyncOAuth2Client

        return AsyncOAuth2Client(
            self._client_id,
            self._client_secret,
            token_endpoint_auth_method="client_secret_post" if told.secret_in_body else "client_secret_basic",
            scope="openid",
            redirect_uri=back,
            code_challenge_method="S256",
            transport=_Bounded(),
            timeout=ANSWER_SECONDS,
            headers=PLAIN,
        )

    def _seconds(self) -> int:
        return int(self._wall.now().timestamp())


WELL_KNOWN: Final = "/.well-known/openid-configuration"
PLAIN: Final = {"Accept": "application/json", "Accept-Encoding": "identity"}  # what is not packed cannot unpack without end


class _Bounded(httpx2.AsyncBaseTransport):
    """Takes no more of an answer than what a provider has to say."""

    def __init__(self) -> None:
        self._inner = httpx2.AsyncHTTPTransport()

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        answer = await self._inner.handle_async_request(request)
        body = b""
        try:
            if answer.headers.get("content-encoding", "identity") != "identity":
                raise httpx2.ReadError("the answer is packed")
            assert isinstance(answer.stream, httpx2.AsyncByteStream)
            async for chunk in answer.stream:
                body += chunk
                if len(body) > MOST_BYTES:
                    raise httpx2.ReadError("the answer is too long")
        finally:
            await answer.aclose()
        kept = [(name, value) for name, value in answer.headers.items() if name not in ("content-length", "transfer-encoding")]
        return httpx2.Response(answer.status_code, headers=kept, content=body)

    async def aclose(self) -> None:
        await self._inner.aclose()


def is_safe(url: object) -> bool:
    """Whether what is asked there is encrypted, or does not leave this machine."""
    parts = urlsplit(url) if isinstance(url, str) else None
    return parts is not None and bool(parts.hostname) and (parts.scheme == "https" or _is_here(parts.scheme, parts.hostname))


def _is_here(scheme: str, host: str | None) -> bool:
    return scheme == "http" and host in LOOPBACK


def _told(said: Mapping[str, Any], issuer: str) -> Told:
    """What it says of itself, where that can be used."""
    needed = {name: said.get(name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")}
    if said.get("issuer") != issuer:
        raise _away("other-issuer")
    if not all(is_safe(url) for url in needed.values()):
        raise _away("unsafe-endpoint")
    out, ways = said.get("end_session_endpoint"), said.get("token_endpoint_auth_methods_supported")
    return Told(
        **{name: str(url) for name, url in needed.items()},
        end_session_endpoint=str(out) if is_safe(out) else "",
        secret_in_body=isinstance(ways, list) and "client_secret_basic" not in ways and "client_secret_post" in ways,
    )


def _key_set(said: Mapping[str, Any]) -> "KeySet":
    from joserfc.errors import JoseError
    from joserfc.jwk import KeySet

    listed = said.get("keys")
    usable = [
        key
        for key in (listed if isinstance(listed, list) else [])
        if isinstance(key, dict) and key.get("kty") in ("EC", "RSA") and key.get("use", "sig") == "sig"
    ]
    try:
        return KeySet.import_key_set({"keys": usable[:MOST_KEYS]})
    except (JoseError, ValueError, LookupError, TypeError) as error:
        raise _away(error) from error


def _refused(why: str) -> ProviderRefused:
    _log.warning("sign_in.provider_refused", why=why)
    return ProviderRefused()


def _away(why: object) -> ProviderAway:
    _log.warning("sign_in.provider_away", why=why if isinstance(why, str) else type(why).__name__)
    return ProviderAway()
