"""An administrator lets people in and shuts them out, gives tokens, and looks after parked events; nobody else does."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import insert

from shared.commands import model_of
from shared.contracts.roles import Role
from shared.desk import Asked
from shared.permit import Subject
from shared.subscriptions.schema import DEAD_LETTER
from tests.assignment.browsing import text_of
from tests.support.over_house import Over, over

PATHS = ("/admin/accounts", "/admin/accounts/new", "/admin/accounts/of/sample-hub", "/admin/tokens", "/admin/health")
WORDS = ("Đường vào bản sạt lở.", "Đề nghị xem lại cách đánh giá.", "Đề nghị trả lời về nhà công vụ.")
NEW = {"name": "lan.th", "person": "th-01", "office": "VPUB", "unit": "TH", "capacity.specialist": "1"}


@pytest.fixture
async def seen(own_played: Path) -> AsyncIterator[Over]:
    async with over(own_played) as opened:
        yield opened


async def test_only_an_administrator_has_the_pages_and_no_case_stands_on_them(seen: Over) -> None:
    for path in PATHS:
        shown = await seen["admin"].open(path)
        assert shown.status_code == 200, path
        assert [each for each in (*WORDS, "case-", "opinion-") if each in shown.text] == [], path
        for other in ("auditor", "hub"):
            assert (await seen[other].open(path)).status_code == 404, path
    for action in ("/admin/accounts/new", "/admin/accounts/of/sample-hub/lock", "/admin/tokens", "/admin/health/requeued"):
        assert (await seen["hub"].send("/account", action, **NEW)).status_code == 404, action
    assert 'href="/admin/accounts"' not in (await seen["hub"].open("/account")).text
    assert (await seen["admin"].open("/")).headers["Location"] == "/admin/accounts"


async def test_an_account_is_made_with_a_password_that_is_seen_once_and_opens_it(seen: Over) -> None:
    admin, accounts = seen["admin"], seen.house.stores.access.accounts
    made = await admin.send("/admin/accounts/new", "/admin/accounts/new", **NEW)
    password = re.search(r'id="secret">([a-z0-9-]+)<', made.text)
    assert (made.status_code, password is not None) == (200, True), text_of(made.text)[:300]
    assert password is not None
    account = await accounts.check("lan.th", password[1], address="-")
    assert (account.person, account.must_change) == ("th-01", True)
    assert [(post.unit, set(post.capacities)) for post in account.posts] == [("TH", {Role.SPECIALIST})]
    again = await admin.open("/admin/accounts/of/lan.th")
    assert password[1] not in again.text
    assert "lan.th" in (await admin.open("/admin/accounts?q=th-01")).text
    taken = await admin.send("/admin/accounts/new", "/admin/accounts/new", **NEW)
    assert taken.status_code in (400, 409, 422)
    assert "Tên đăng nhập đã có người dùng" in taken.text
    assert 'value="lan.th"' in taken.text


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"person": "Nguyễn Thị Lan"}, "Đây không phải mã người"),
        ({"person": "<script>alert(1)</script>"}, "Đây không phải mã người"),
        ({"unit": "KHONGCO"}, "Không tìm thấy"),
        ({"capacity.specialist": ""}, ""),
        ({"name": "x"}, "lan"),
        ({"person": "qt-01"}, "Không tự đổi quyền của chính mình"),
    ],
)
async def test_what_cannot_be_an_account_is_refused_with_what_was_typed(seen: Over, changed: dict[str, str], told: str) -> None:
    sent = {name: value for name, value in {**NEW, **changed}.items() if value or name != "capacity.specialist"}
    answer = await seen["admin"].send("/admin/accounts/new", "/admin/accounts/new", **sent)
    assert 400 <= answer.status_code < 500
    assert told in answer.text
    assert "<script>alert" not in answer.text
    assert await seen.house.stores.access.accounts.find(sent["name"]) is None


async def test_an_account_is_locked_opened_again_and_loses_a_post(seen: Over) -> None:
    admin, of = seen["admin"], "/admin/accounts/of/sample-hub"
    given = {"office": "VPUB", "unit": "TH", "capacity.specialist": "1"}
    assert (await admin.send(of, f"{of}/posts", **given)).headers["Location"] == f"{of}?done=post"
    assert (await seen["hub"].open("/account")).status_code == 200
    took = await admin.send(of, f"{of}/posts/taken", office="VPUB", unit="TCHCQT")
    assert took.headers["Location"] == f"{of}?done=taken"
    assert (await seen["hub"].open("/account")).status_code == 303  # what it acted from is gone, and the session with it
    account = await seen.house.stores.access.accounts.find("sample-hub")
    assert account is not None
    assert [post.unit for post in account.posts] == ["TH"]
    assert (await admin.send(of, f"{of}/posts/taken", office="VPUB", unit="TCHCQT")).status_code == 404
    assert (await admin.send(of, f"{of}/lock")).headers["Location"] == f"{of}?done=lock"
    assert "đã khóa từ" in text_of((await admin.open(of)).text)
    reset = await admin.send(of, f"{of}/reset")
    assert 'id="secret"' in reset.text
    assert "đã khóa từ" not in text_of((await admin.open(of)).text)


async def test_nobody_changes_what_he_himself_may_do(seen: Over) -> None:
    admin, of = seen["admin"], "/admin/accounts/of/sample-admin"
    assert f'action="{of}/lock"' not in (await admin.open(of)).text
    post = {"office": "VPUB", "unit": "VPUB"}
    for action in ("lock", "reset", "posts", "posts/taken"):
        refused = await admin.send(of, f"{of}/{action}", **post, **{"capacity.hub": "1"})
        assert refused.status_code == 403, action
        assert "Không tự đổi quyền của chính mình" in refused.text
    account = await seen.house.stores.access.accounts.find("sample-admin")
    assert account is not None
    assert (account.locked_at, [set(each.capacities) for each in account.posts]) == (None, [{Role.ADMINISTRATOR}])


async def test_a_post_of_somebody_else_gives_no_capacity(seen: Over) -> None:
    desk = seen.house.desks["assignment"]
    keeper = Subject.house("init", tenant=seen.house.tenant, office="VPUB")
    post = {"post": "TP-TH", "unit": "TH", "name": "Trưởng phòng", "role": "unit_leader", "valid_from": "2023-01-01"}
    held = {"post": "TP-TH", "person": "th-01", "valid_from": "2023-01-01"}
    person = {"person": "th-01", "name": "Lò Văn An", "unit": "TH", "valid_from": "2023-01-01"}
    for n, (command, values) in enumerate((("register_person", person), ("create_post", post), ("hold_post", held))):
        body = model_of(desk.handlers[command].command).model_validate(values)
        await desk.handle(Asked(command=command, body=body, subject=keeper, command_id=f"post-{n}"))
    await seen.house.drain()
    sent = {"name": "minh", "office": "VPUB", "unit": "TH", "capacity.unit_leader": "1"}
    refused = await seen["admin"].send("/admin/accounts/new", "/admin/accounts/new", **sent, person="th-09")
    assert refused.status_code in (400, 422)
    assert "th-09 không giữ vị trí TP-TH" in refused.text
    assert (await seen["admin"].send("/admin/accounts/new", "/admin/accounts/new", **sent, person="th-01")).status_code == 200


async def test_a_token_is_seen_once_holds_as_long_as_said_and_is_revoked(seen: Over) -> None:
    admin, tokens = seen["admin"], seen.house.stores.access.tokens
    asked = {"person": "th-01", "office": "VPUB", "unit": "TH", "capacity.feeder": "1", "days": "30"}
    made = await admin.send("/admin/tokens", "/admin/tokens", **asked)
    secret = re.search(r'id="secret">(dt_[a-z0-9]+_[a-z0-9]+)<', made.text)
    assert secret is not None, text_of(made.text)[:300]
    held = await tokens.subject(secret[1])
    assert held is not None
    assert (held.person, held.unit, set(held.capacities)) == ("th-01", "TH", {Role.FEEDER})
    assert secret[1] not in (await admin.open("/admin/tokens")).text
    token = secret[1].split("_")[1]
    assert (await admin.send("/admin/tokens", f"/admin/tokens/{token}/revoked")).headers[
        "Location"
    ] == "/admin/tokens?done=revoked"
    assert await tokens.subject(secret[1]) is None
    assert (await admin.send("/admin/tokens", f"/admin/tokens/{token}/revoked")).status_code == 404
    for days in ("0", "367", "-1", "nhiều", "99999999999999"):
        refused = await admin.send("/admin/tokens", "/admin/tokens", **{**asked, "days": days})
        assert refused.status_code in (400, 422), days
        assert "Số ngày hiệu lực không hợp lệ" in refused.text


async def test_parked_events_are_tried_again_or_given_up_with_a_reason(seen: Over) -> None:
    admin, house = seen["admin"], seen.house
    [record] = (await house.logs["intake"].read(0, 1)).records
    row = {
        "subscription": "opinions", "source": "intake/sonla", "position": 1, "event_id": record.event_id.hex,
        "stream": record.stream, "type": record.type, "keys": record.stream, "error": "ValueError", "attempts": 1,
        "state": "parked", "first_at": 1,
    }  # fmt: skip
    name = house.services["intake"].subscriptions[0].name
    async with house.stores.databases["intake"].write() as connection:
        await connection.execute(insert(DEAD_LETTER), {**row, "subscription": name})
    shown = text_of((await admin.open("/admin/health")).text)
    assert "ValueError" in shown
    at = {"subscription": name, "source": "intake/sonla", "position": "1"}
    refused = await admin.send("/admin/health", "/admin/health/discarded", **at, reason="vì nó hỏng")
    assert refused.status_code in (400, 422)
    assert "Phải là mã, không phải câu chữ" in refused.text
    done = await admin.send("/admin/health", "/admin/health/discarded", **at, reason="trung_so_12")
    assert done.headers["Location"] == "/admin/health?done=discarded"
    after = text_of((await admin.open("/admin/health")).text)
    assert "TRUNG_SO_12" in after
    assert "Không có sự kiện nào bị gác lại." in after
    nothing = await admin.send("/admin/health", "/admin/health/requeued", **at)
    assert 400 <= nothing.status_code < 500
    unknown = await admin.send("/admin/health", "/admin/health/requeued", subscription="<script>", source="x", position="1")
    assert unknown.status_code == 404
