"""Commands that break a rule, or come out of order, are problems with a code over HTTP, and change nothing."""

from typing import Any

import pytest

from shared.permit import Subject
from tests.intake.asking import is_problem, post, untouched
from tests.intake.house import CHIEF, FEEDER, HUB, OTHER_OFFICE, House

NEVER = "opinion-NEVER0000000000000"
DECIDED_THERE = ("design decision 14",)
ENDED_ONCE = ("R9", "design decision 14")


@pytest.mark.parametrize(
    ("by", "path", "body", "status", "code", "field"),
    [
        (HUB, "referral", {}, 409, "not-classified", None),
        (FEEDER, "completion", {"words": "Đầy đủ."}, 409, "nothing-asked", None),
        (HUB, "merge", {"into": NEVER}, 404, "unknown", "into"),
        (HUB, "merge", {"into": "{opinion}"}, 422, "merged-into-itself", "into"),
        (HUB, "split", {"parts": [{"words": "Một."}]}, 422, "too-few-parts", "parts"),
        (HUB, "split", {"parts": [{"words": "x"}] * 201}, 422, "invalid", "parts"),
        (HUB, "split", {"parts": [{"words": "Một."}, {"words": ""}]}, 422, "invalid", "parts.1.words"),
        (HUB, "classification", {"kind": "kien_nghi", "field": "nong-nghiep"}, 422, "unknown-field", "field"),
        (HUB, "classification", {"kind": "khieu_nai", "field": "giao-thong"}, 422, "invalid", "kind"),
        (HUB, "forwarding", {"to": "NOWHERE"}, 422, "unknown-unit", "to"),
        (HUB, "forwarding", {"to": "TH"}, 422, "forwarded-inside", "to"),
        (HUB, "forwarding", {"to": "VPUB"}, 422, "forwarded-inside", "to"),
        (HUB, "rejection", {"reason": "KHONG_THICH"}, 422, "invalid", "reason"),
        (HUB, "rejection", {"reason": "TRUNG", "opinion": NEVER}, 422, "invalid", "opinion"),
        (FEEDER, "referral", {}, 403, "forbidden", None),
        (OTHER_OFFICE, "withdrawal", {}, 404, "unknown", "opinion"),
    ],
)
async def test_commands_that_break_a_rule_are_problems_with_a_code(
    house: House, by: Subject, path: str, body: dict[str, Any], status: int, code: str, field: str | None
) -> None:
    opinion = (await house.receive()).stream
    before = await untouched(house)
    filled = {name: opinion if value == "{opinion}" else value for name, value in body.items()}
    is_problem(await post(house, by, f"/opinions/{opinion}/{path}", 1, **filled), status, code, field)
    assert await untouched(house) == before


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("completion-request", {"asked": "Xin cho biết."}),
        ("completion", {"words": "Đầy đủ."}),
        ("classification", {"kind": "gop_y", "field": "khac"}),
        ("rejection", {"reason": "TRUNG"}),
        ("forwarding", {"to": "SGTVT"}),
        ("diversion", {"kind": "khieu_nai", "to": "BTCD"}),
        ("split", {"parts": [{"words": "Một."}, {"words": "Hai."}]}),
    ],
)
async def test_commands_out_of_order_are_conflicts_and_change_nothing(house: House, path: str, body: dict[str, Any]) -> None:
    referred = await house.classified()
    await house.ask("refer_opinion", HUB, opinion=referred)
    withdrawn = (await house.receive()).stream
    await house.ask("withdraw_opinion", HUB, opinion=withdrawn)
    before = await untouched(house)
    is_problem(await post(house, HUB, f"/opinions/{referred}/{path}", 3, **body), 409, "already-referred", rule=DECIDED_THERE)
    is_problem(await post(house, HUB, f"/opinions/{withdrawn}/{path}", 2, **body), 409, "already-ended", rule=ENDED_ONCE)
    assert await untouched(house) == before


async def test_a_merge_in_a_circle_is_refused_by_its_rule_and_leaves_no_trace(house: House) -> None:
    first, second = await house.classified(), await house.classified(local_id="O-2")
    assert (await post(house, HUB, f"/opinions/{second}/merge", 2, into=first)).status_code == 200
    before, circle = await untouched(house), ("invariant 3",)
    answer = await post(house, HUB, f"/opinions/{first}/merge", 3, into=second)
    is_problem(answer, 409, "survivor-not-open", "into", rule=circle)
    answer = await post(house, HUB, f"/opinions/{first}/merge", 3, into=first)
    is_problem(answer, 422, "merged-into-itself", "into", rule=circle)
    assert await untouched(house) == before


@pytest.mark.parametrize("opinion", ["x", "case-7Q2K", "opinion-" + "A" * 81, "opinion-%00", "opinion-%F0%9F%9A%91"])
async def test_an_id_that_cannot_be_is_refused(house: House, opinion: str) -> None:
    answer = await post(house, HUB, f"/opinions/{opinion}/withdrawal", 1)
    assert answer.status_code in (404, 422)
    assert (await house.log.head()).position == 0


async def test_whom_it_is_about_neither_calls_it_otherwise_nor_puts_it_away(house: House) -> None:
    opinion = (await house.receive()).stream
    about: dict[str, Any] = {"kind": "phan_anh", "field": "giao-thong", "concerns_units": ["TCHCQT"]}
    assert (await post(house, HUB, f"/opinions/{opinion}/classification", 1, **about)).status_code == 200
    before, conflict = await untouched(house), ("R16", "R18", "invariant 7")
    for path, body in (
        ("classification", {**about, "concerns_units": []}),
        ("rejection", {"reason": "TRUNG"}),
        ("forwarding", {"to": "SGTVT"}),
        ("diversion", {"kind": "to_cao", "to": "BTCD"}),
        ("withdrawal", {}),
        ("quarantine", {"paper": "12/M"}),
    ):
        is_problem(await post(house, HUB, f"/opinions/{opinion}/{path}", 2, **body), 403, "about-that-unit", rule=conflict)
    assert await untouched(house) == before
    assert (await post(house, CHIEF, f"/opinions/{opinion}/rejection", 2, reason="TRUNG")).status_code == 200
