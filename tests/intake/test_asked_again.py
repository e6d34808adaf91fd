"""What is asked again makes nothing new; another content, another key or an old version is said to be so (R48)."""

from typing import Any

import pytest

from tests.intake.asking import hand_in, is_problem, post, untouched
from tests.intake.house import FEEDER, HUB, OTHER_UNIT, House


async def test_the_same_request_again_makes_nothing_new(house: House) -> None:
    first, again = await hand_in(house), await hand_in(house)
    assert (again.status_code, again.json(), again.headers["Idempotency-Replayed"]) == (201, first.json(), "true")
    assert (await house.log.head()).position == 1


@pytest.mark.parametrize(
    "changed",
    [
        *({"words": "Một ý kiến khác."}, {"local_id": "BTCD-2"}, {"hidden": True}),
        {"occurred_at": "2023-01-08T09:00:00+07:00"},
    ],
)
async def test_another_body_under_one_key_is_refused(house: House, changed: dict[str, Any]) -> None:
    await hand_in(house, local_id="BTCD-1")
    before = (await house.log.head()).position
    is_problem(await hand_in(house, **{"local_id": "BTCD-1", **changed}), 422, "key-reused", "Idempotency-Key")
    assert (await house.log.head()).position == before


async def test_two_people_s_keys_have_nothing_to_do_with_each_other(house: House) -> None:
    one, two = await hand_in(house, FEEDER), await hand_in(house, OTHER_UNIT)
    assert (one.status_code, two.status_code) == (201, 201)
    assert one.json()["id"] != two.json()["id"]


@pytest.mark.parametrize(("key", "code", "status"), [(None, "idempotency-key-missing", 400), ("x" * 201, "invalid", 422)])
async def test_handing_in_needs_a_key_of_the_sender_s_own(house: House, key: str | None, code: str, status: int) -> None:
    is_problem(await hand_in(house, key=key), status, code, "Idempotency-Key")
    assert await untouched(house) == (0, [])


async def test_other_content_under_a_local_id_is_a_conflict_and_the_first_one_stands(house: House) -> None:
    first = await hand_in(house, local_id="BTCD-1")
    before = await untouched(house)
    is_problem(await hand_in(house, key="k-2", local_id="BTCD-1", words="Một ý kiến khác."), 409, "local-id-taken", "local_id")
    assert await untouched(house) == before
    again = await hand_in(house, key="k-3", local_id="BTCD-1")
    assert (again.status_code, again.json()) == (201, first.json())


async def test_a_change_without_its_version_is_refused(house: House) -> None:
    opinion = (await house.receive()).stream
    is_problem(await post(house, HUB, f"/opinions/{opinion}/withdrawal"), 428, "precondition-missing", "If-Match")
    assert (await house.log.head()).position == 1


async def test_a_stale_version_is_refused_and_says_where_it_stands(house: House) -> None:
    opinion = await house.classified()
    stale = await post(house, HUB, f"/opinions/{opinion}/referral", 1)
    is_problem(stale, 412, "stale-version", "If-Match")
    assert stale.json()["facts"] == {"stream": opinion, "expected": 1, "actual": 2}
    assert (await house.log.head()).position == 2


@pytest.mark.parametrize("version", ["*", '"x"', '"-1"', "W/1", '"99999999999"'])
async def test_a_version_that_is_none_is_refused(house: House, version: str) -> None:
    opinion = (await house.receive()).stream
    async with house.client(HUB) as client:
        answer = await client.post(f"/intake/api/opinions/{opinion}/withdrawal", json={}, headers={"If-Match": version})
    is_problem(answer, 422, "invalid", "If-Match")
