"""An opinion over HTTP: from its receipt to its referral, and each ending before it."""

from datetime import date
from typing import Any

import pytest

from shared.calendar import RULES
from shared.contracts.rules import DeadlineRule, RulesPublished
from tests.intake.asking import get, hand_in, post
from tests.intake.house import FEEDER, HUB, House


async def test_an_opinion_travels_over_http_from_its_receipt_to_its_referral(house: House) -> None:
    received = await hand_in(house, local_id="BTCD-1", locality="MLA")
    assert (received.status_code, received.headers["ETag"], received.headers["Position"]) == (201, '"1"', "intake=1")
    opinion = received.json()["id"]
    path = f"/opinions/{opinion}"
    assert (await post(house, HUB, f"{path}/completion-request", 1, asked="Xin cho biết tên bản.")).status_code == 200
    assert (await post(house, FEEDER, f"{path}/completion", 2, words="Đường vào bản Co Mạ.")).status_code == 200
    classified = await post(house, HUB, f"{path}/classification", 3, kind="kien_nghi", field="giao-thong", flags=["buc_xuc"])
    assert classified.headers["ETag"] == '"4"'
    referred = await post(house, HUB, f"{path}/referral", 4)
    assert referred.json()["case"] == opinion.replace("opinion-", "case-")
    found = await get(house, FEEDER, path)
    assert found.headers["ETag"] == '"5"'
    assert found.json() == {
        "id": opinion,
        "office": "VPUB",
        "unit": "BTCD",
        "unit_label": "Đơn vị BTCD",
        "local_id": "BTCD-1",
        "parent": None,
        "stage": "da_chuyen",
        "case": None,
        "case_stage": None,
        "channel": "truc_tiep",
        "source_group": "nhan_dan",
        "locality": "MLA",
        "kind": "kien_nghi",
        "field": "giao-thong",
        "flags": ["buc_xuc"],
        "due": "2023-01-30",
        "received_at": "2023-01-09T02:00:00+00:00",
        "hidden": False,
        "speaker": None,
        "result": None,
        "version": 5,
        "classify_by": None,
    }


@pytest.mark.parametrize(
    ("path", "body", "stage", "result"),
    [
        ("rejection", {"reason": "NAC_DANH", "note": "Không rõ người gửi."}, "khong_du_dieu_kien", "NAC_DANH"),
        ("forwarding", {"to": "SGTVT", "note": "Thuộc thẩm quyền của Sở."}, "chuyen_ngoai", "SGTVT"),
        ("diversion", {"kind": "to_cao", "to": "BTCD"}, "chuyen_kntc", None),  # a pointer: whether it accuses is nobody's to read
        ("split", {"parts": [{"words": "Một."}, {"words": "Hai."}]}, "tach", None),
        ("withdrawal", {}, "rut", None),
    ],
)
async def test_each_ending_before_referral_is_shown_with_where_it_went(
    house: House, path: str, body: dict[str, Any], stage: str, result: str | None
) -> None:
    opinion = (await house.receive()).stream
    assert (await post(house, HUB, f"/opinions/{opinion}/{path}", 1, **body)).status_code == 200
    found = (await get(house, HUB, f"/opinions/{opinion}")).json()
    assert (found["stage"], found["result"], found["version"]) == (stage, result, 2)


async def test_a_merged_opinion_names_the_other_and_moves_its_version(house: House) -> None:
    opinion, survivor = (await house.receive()).stream, (await house.receive()).stream
    assert (await post(house, HUB, f"/opinions/{opinion}/merge", 1, into=survivor)).status_code == 200
    merged, kept = [(await get(house, HUB, f"/opinions/{each}")).json() for each in (opinion, survivor)]
    assert (merged["stage"], merged["result"]) == ("gop", survivor)
    assert (kept["stage"], kept["version"]) == ("tiep_nhan", 2)


async def test_a_part_of_a_split_opinion_names_its_parent(house: House) -> None:
    opinion = (await house.receive(local_id="BTCD-1")).stream
    split = await post(house, HUB, f"/opinions/{opinion}/split", 1, parts=[{"words": "Một."}, {"words": "Hai."}])
    first, second = split.json()["children"]
    found = (await get(house, FEEDER, f"/opinions/{second}")).json()
    assert (found["parent"], found["local_id"], found["stage"]) == (opinion, None, "tiep_nhan")
    assert (await get(house, FEEDER, f"/opinions/{second}/words")).json() == {"words": "Hai."}
    assert (await get(house, FEEDER, f"/opinions/{first}/words")).json() == {"words": "Một."}


async def test_a_read_waits_for_what_its_asker_wrote(house: House) -> None:
    received = await hand_in(house)
    async with house.client(FEEDER) as client:
        path = f"/intake/api/opinions/{received.json()['id']}"
        assert (await client.get(path)).status_code == 404
        assert (await client.get(path, headers={"After-Position": received.headers["Position"]})).status_code == 200


async def test_until_when_an_opinion_is_classified_is_shown_until_it_is_and_follows_the_rules_of_its_day(house: House) -> None:
    opinion = (await house.receive()).stream
    by = (await get(house, HUB, f"/opinions/{opinion}")).json()["classify_by"]
    assert (by["due"]["rule"], by["due"]["days"], by["due"]["rules"]) == ("classify", 2, "2023.1")
    assert by["due"]["day"] == by["counted"][-1]
    rules = tuple(
        DeadlineRule(rule=code, days=each.days + (code == "classify"), counting=each.counting)
        for code, each in RULES[0].deadlines.items()
    )
    published = RulesPublished(office="VPUB", version="VPUB.1", rules=rules, valid_from=date(2023, 1, 1))
    await house.happen("assignment", {"rules-VPUB": [published]})
    later = (await get(house, HUB, f"/opinions/{opinion}")).json()["classify_by"]
    assert (later["due"]["days"], later["due"]["rules"], later["counted"][:2]) == (3, "VPUB.1", by["counted"])
    await house.ask("classify_opinion", HUB, opinion=opinion, kind="kien_nghi", field="giao-thong")
    assert (await get(house, HUB, f"/opinions/{opinion}")).json()["classify_by"] is None
