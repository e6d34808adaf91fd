"""Dated data is changed by whoever keeps it and by nobody else: each route, asked by others (R49)."""

from typing import Any

import pytest

from services.assignment.entrypoints.api.directory import COMMANDS
from shared.permit import Subject
from tests.assignment.house import CHIEF, HUB, OTHER_OFFICE, REGISTRY, SPECIALIST, House

FROM: dict[str, Any] = {"valid_from": "2023-02-01"}
UNIT: dict[str, Any] = {"unit": "KT", "code": "KT", "name": "Phòng Kinh tế", "kind": "phong", "office": "VPUB", **FROM}
LINE: dict[str, Any] = {"role": "thuong_truc", "unit": "TH", "purpose": "Báo cáo", "mandatory": True}
HEAD: dict[str, Any] = {
    "parent": "UBND TỈNH SƠN LA",
    "issuer": "VĂN PHÒNG",
    "above": "UBND tỉnh",
    "called": "Văn phòng UBND tỉnh",
    "place": "Sơn La",
    "head": "Chánh Văn phòng",
}
# What is about a thing that must be there first is asked where that is made: `test_routes`, `test_jobs`.
ELSEWHERE = {"/delegations/{delegation}/revocation", "/transfers/{about}/settlement"}
# Each change by its route: with what it is asked, and who may not though he may other things.
CHANGES: dict[str, tuple[dict[str, Any], tuple[Subject, ...]]] = {
    "/units": (UNIT, (CHIEF, HUB, SPECIALIST)),
    "/units/{unit}/name": ({"code": "TH", "name": "Phòng Tổng hợp", **FROM}, (CHIEF, HUB, SPECIALIST)),
    "/units/{unit}/dissolution": (FROM, (CHIEF, HUB, SPECIALIST)),
    "/units/{unit}/aliases": ({"alias": "Tổng hợp"}, (CHIEF, HUB, SPECIALIST)),
    "/units/{unit}/succession": ({"successions": [{"field": None, "to": "TCHCQT"}], "basis": "03/NQ", **FROM}, (CHIEF, HUB)),
    "/fields": ({"field": "moi", "name": "Lĩnh vực mới", **FROM}, (CHIEF, HUB, SPECIALIST)),
    "/fields/{field}/leads": ({"office": "VPUB", "lead": "TH", **FROM}, (CHIEF, HUB, SPECIALIST)),
    "/fields/{field}/further-leads": ({"office": "VPUB", "leads": ["TH"], **FROM}, (CHIEF, HUB, SPECIALIST)),
    "/persons": ({"person": "p-new", "name": "Lò Thị B", "unit": "TH", **FROM}, (CHIEF, HUB, SPECIALIST)),
    "/persons/{person}/unit": ({"unit": "TCHCQT", **FROM}, (CHIEF, HUB, SPECIALIST)),
    "/persons/{person}/further-units": ({"unit": "TCHCQT", **FROM}, (CHIEF, HUB, SPECIALIST)),
    "/persons/{person}/further-units/{unit}/end": (FROM, (CHIEF, HUB, SPECIALIST)),
    "/posts": ({"post": "TP-TH", "unit": "TH", "name": "Trưởng phòng", "role": "unit_leader", **FROM}, (CHIEF, HUB)),
    "/posts/{post}/holder": ({"person": "p-other", **FROM}, (CHIEF, HUB, SPECIALIST)),
    "/posts/{post}/vacancy": (FROM, (CHIEF, HUB, SPECIALIST)),
    "/delegations": ({"post": "CVP", "to": "p-deputy", "valid_to": "2023-02-28", **FROM}, (HUB, SPECIALIST)),
    "/offices/{office}/recipients": ({"kind": "bao_cao", "recipients": [LINE], **FROM}, (CHIEF, SPECIALIST)),
    "/offices/{office}/charges": ({"post": "PCVP", "fields": [], "units": [], **FROM}, (REGISTRY, SPECIALIST)),
    "/offices/{office}/letterhead": ({**HEAD, **FROM}, (CHIEF, SPECIALIST)),
    "/offices/{office}/signing-keys": ({}, (HUB, REGISTRY, SPECIALIST)),
    "/offices/{office}/signing-keys/{key}/retirement": ({}, (HUB, REGISTRY, SPECIALIST)),
    "/rules": ({"version": "X.1", "office": "VPUB", "rules": [], **FROM}, (CHIEF, HUB, SPECIALIST)),
    "/party-fields": ({"fields": [], **FROM}, (CHIEF, HUB, SPECIALIST)),
    "/checklists": ({"version": "2", "lines": ["Nội dung"], **FROM}, (CHIEF, HUB, SPECIALIST)),
    "/calendars": ({"version": "2", "first": "2023-01-01", "last": "2023-12-31", "days_off": []}, (CHIEF, HUB, SPECIALIST)),
}
NAMED = {
    "unit": "TH",
    "field": "dao-tao-boi-duong",
    "person": "p-other",
    "post": "CVP",
    "office": "VPUB",
    "key": "7a" * 16,
}


def test_every_change_of_the_directory_is_asked_here() -> None:
    assert CHANGES.keys() | ELSEWHERE == {path for path, _, _ in COMMANDS}


@pytest.mark.parametrize("path", CHANGES)
async def test_nobody_changes_the_directory_who_does_not_keep_it(house: House, path: str) -> None:
    body, others = CHANGES[path]
    for by in (*others, OTHER_OFFICE):
        before = (await house.log.head()).position, await house.sealed()
        async with house.client(by) as client:
            headers = {"Idempotency-Key": "once", "If-Match": '"1"'}
            answer = await client.post(f"/assignment/api{path.format(**NAMED)}", json=body, headers=headers)
        # That it is there at all is not said to another office.
        said = {(403, "forbidden"), (404, "unknown")} if by is OTHER_OFFICE else {(403, "forbidden")}
        assert (answer.status_code, answer.json()["code"]) in said, (by.person, answer.json())
        assert ((await house.log.head()).position, await house.sealed()) == before
