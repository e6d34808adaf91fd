"""Questions that nobody asks in earnest: every place of every question filled with what cannot stand there."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import quote, quote_plus

import httpx2
from fastapi import APIRouter
from fastapi.routing import APIRoute

# As they stand in a URL.
STRANGE: Final = (
    *("%00", "a%00b", "%FF", "%ED%A0%80", quote("🚑"), quote("chữ có dấu"), "%0A", "+"),
    *("-1", "99999999999999999999", "1e9", "NaN", "null", "[]", "%25", "_", "..%2F..", "x" * 3_000),
    quote_plus("'; drop table event; --"),
)


def urls_of(router: APIRouter, usual_query: Mapping[str, str]) -> Iterator[str]:
    """Every question of a service with one place filled with something strange, the others with what might stand there."""
    for route in router.routes:
        if not isinstance(route, APIRoute) or "GET" not in (route.methods or ()):
            continue
        places = [parameter.name for parameter in route.dependant.path_params]
        usual = dict.fromkeys(places, "VPUB")
        for strange in STRANGE:
            for place in places:
                yield _filled(route.path, {**usual, place: strange})
            for name in _asked(route.dependant):
                query = {**usual_query, name: strange}
                yield f"{_filled(route.path, usual)}?{'&'.join(f'{each}={value}' for each, value in query.items())}"


def _asked(dependant: Any) -> Iterator[str]:
    for parameter in dependant.query_params:
        yield parameter.alias
    for each in dependant.dependencies:
        yield from _asked(each)


def _filled(path: str, places: dict[str, str]) -> str:
    for place, value in places.items():
        path = path.replace(f"{{{place}}}", value).replace(f"{{{place}:path}}", value)
    return path


async def failures(
    client: httpx2.AsyncClient, router: APIRouter, usual_query: Mapping[str, str] = MappingProxyType({})
) -> dict[str, str]:
    """The questions that the service fails at, or whose refusal does not say what to do, with what it answered."""
    found = {}
    asked = list(dict.fromkeys(urls_of(router, usual_query)))
    for url in asked:
        answer = await client.get(url)
        refused = answer.status_code >= 400
        if answer.status_code >= 500 or (refused and not {"code", "titles", "advice"} <= answer.json().keys()):
            found[url[:200]] = f"{answer.status_code} {answer.text[:200]}"
    assert len(asked) > len(STRANGE)
    return found
