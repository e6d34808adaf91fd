"""A dialogue by its pages: proposed, prepared, opened, written down in the room, ended and put away."""

import re

from tests.assignment.browsing import Browsers, form_of, text_of
from tests.assignment.house import CHIEF, HUB, SECRETARY, House
from tests.assignment.test_misuse import FIRST

SAID = "Đề nghị tổ chức thêm lớp bồi dưỡng."


def offered(shown: str) -> set[str]:
    """The acts that a page has forms for."""
    return set(
        re.findall(r'<form method="post" action="/(?:sessions|meetings|requests)/(?:[^"/]+/)?([a-z-]+)(?:\?[^"]*)?">', shown)
    )


async def test_a_dialogue_from_its_proposal_to_its_closing_by_pages_alone(house: House, browsers: Browsers) -> None:
    hub, chief, secretary = [await browsers.of(each) for each in (HUB, CHIEF, SECRETARY)]
    case = await house.refer(FIRST, flags=())
    new = await hub.open("/sessions/propose-session")
    _, hidden = form_of(new.text, "propose-session")
    asked = {"track": "A1", "trigger": "dot_xuat", "mode": "gap_mat", "field": "dao-tao-boi-duong", "scheduled": "09/01/2023"}
    proposed = await hub.post("/sessions/propose-session", **hidden, **asked)
    assert proposed.status_code == 303, text_of(proposed.text)
    page = proposed.headers["Location"].partition("?")[0]
    shown = (await hub.open(page)).text
    assert "Chương trình chưa được duyệt" in text_of(shown)
    await house.follow()
    assert (await hub.press(page, "link-case", case=case)).status_code == 303
    await house.follow()
    shown = (await hub.open(page)).text
    assert SAID in text_of(shown)
    assert "Còn ý kiến 1" in text_of(shown)
    assert (await chief.press(f"{page}?tab=programme", "approve-programme", note="")).headers[
        "Location"
    ] == f"{page}?tab=programme&done=approve-programme"
    await house.follow()
    refused = await chief.press(page, "waive-readiness", reason="  ")
    assert refused.status_code == 422
    assert (await chief.press(page, "waive-readiness", reason="Việc gấp.")).status_code == 303
    await house.follow()
    assert (await chief.press(page, "open-session")).status_code == 303
    await house.follow()
    room = f"{page}/room"
    shown = (await secretary.open(room)).text
    assert SAID in text_of(shown)
    raised = await secretary.press(
        room, "raise-item", words="Nhà để xe dột.", kind="kien_nghi", field="dao-tao-boi-duong", source_group="noi_bo"
    )
    assert raised.status_code == 303, text_of(raised.text)
    await house.follow()
    shown = (await secretary.open(room)).text
    assert "Nhà để xe dột." in text_of(shown)
    for n, outcome in ((1, {"outcome": "tra_loi_tai_cho", "answer": "Mở lớp trong quý II."}), (2, {"outcome": "rut"})):
        recorded = await secretary.press(f"{room}?opinion={n}", "record-outcome", **outcome)
        assert recorded.status_code == 303, text_of(recorded.text)
        await house.follow()
    attended = await secretary.press(room, "record-attendance", **{"present.0.heads": "20", "units.0.heads": "8"})
    assert attended.status_code == 303, text_of(attended.text)
    await house.follow()
    assert (await secretary.press(room, "hold-session")).status_code == 303
    await house.follow()
    assert (await chief.press(f"{page}?tab=papers", "sign-minutes")).status_code == 303
    await house.follow()
    for tab in ("", "programme", "people", "papers", "history"):
        assert (await hub.open(f"{page}?tab={tab}")).status_code == 200, tab
    assert "Trả lời tại chỗ" in text_of((await hub.open(page)).text)
    first = min(int(n) for n in re.findall(r"as_of=(\d+)", (await hub.open(f"{page}?tab=history")).text))
    then = (await hub.open(f"{page}?as_of={first}")).text
    assert "Bạn đang xem như đã biết ở vị trí phân công" in text_of(then)
    assert "Mới đề xuất" in text_of(then)
    assert (offered(then), SAID in then, "Nhà để xe dột." in then) == (set(), False, False)
    assert (await hub.open(f"{page}?as_of={first - 1}")).status_code == 404  # nothing of it was known
    assert (await hub.open(f"{page}?as_of=999999")).status_code == 422
    assert "Đối thoại đột xuất" in text_of((await hub.open("/sessions")).text)
