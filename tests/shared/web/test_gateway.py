"""Whom a request comes from: an address, a line of IPv6, and what only a gateway that is believed may say."""

from types import SimpleNamespace
from typing import Any, cast

import pytest
from fastapi import Request
from starlette.datastructures import URL
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from shared.web.gateway import address_of, origin_of


def came_from(host: str | None, origin: str = "") -> Request:
    client = SimpleNamespace(host=host) if host is not None else None
    app = SimpleNamespace(state=SimpleNamespace(public_origin=origin))
    return cast(Request, SimpleNamespace(client=client, app=app, url=URL("http://inside:8001/submit")))


@pytest.mark.parametrize(
    ("host", "counted"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("gateway", "-"),
        ("", "-"),
        (None, "-"),
    ],
)
def test_bounds_count_an_address_or_a_line_of_ipv6(host: str | None, counted: str) -> None:
    assert address_of(came_from(host)) == counted


def test_the_house_is_where_the_setting_says_else_where_the_request_came() -> None:
    assert origin_of(came_from("192.0.2.1")) == "http://inside:8001"
    assert origin_of(came_from("192.0.2.1", "https://doithoai.example.vn")) == "https://doithoai.example.vn"


@pytest.mark.parametrize(
    ("peer", "seen"),
    [("10.0.0.5", ("203.0.113.9", "https")), ("198.51.100.1", ("198.51.100.1", "http"))],
    ids=["gateway", "anybody"],
)
async def test_forwarded_headers_are_a_gateway_s_word_alone(peer: str, seen: tuple[str, str]) -> None:
    found: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        found.append((scope["client"][0], scope["scheme"]))

    headers = [(b"x-forwarded-for", b"1.1.1.1, 203.0.113.9, 10.0.0.7"), (b"x-forwarded-proto", b"https")]
    scope: Any = {"type": "http", "client": (peer, 1), "scheme": "http", "headers": headers}
    await ProxyHeadersMiddleware(app, trusted_hosts="10.0.0.0/8")(scope, cast(Any, None), cast(Any, None))
    assert found == [seen]
