"""The inbox and the page of an opinion: read, sorted, handed on, put away, as over the API."""

import re
from typing import Any

import pytest

from services.intake.entrypoints.pages.desk.acts import OPINION_ACTS
from shared.permit import Subject
from tests.intake.desk_pages import Clerks, offered, text_of
from tests.intake.house import (
    ADMIN,
    AUDITOR,
    CHIEF,
    FEEDER,
    HUB,
    OTHER_OFFICE,
    OTHER_UNIT,
    REGISTRY,
    SECRETARY,
    WORDS,
    House,
)

OTHER = "Đường vào bản bị sạt lở, xe cấp cứu không vào được, đề nghị huyện sớm sửa."


async def received(house: House, **changed: Any) -> str:
    opinion = (await house.receive(**changed)).stream
    await house.follow()
    return opinion


async def test_the_inbox_shows_the_oldest_with_its_words_and_the_form_to_classify_it(house: House, clerks: Clerks) -> None:
    opinion = await received(house, local_id="412/2023")
    shown = (await (await clerks.of(HUB)).open("/intake")).text
    said = text_of(shown)
    assert "1 ý kiến chưa phân loại" in said
    assert WORDS in said
    assert "số 412/2023" in said
    assert f"/opinions/{opinion}" in shown
    assert {"classify-opinion", "reject-opinion", "split-opinion", "merge-opinion", "request-completion"} <= offered(shown)


async def test_saving_opens_the_next_and_may_hand_on_at_once(house: House, clerks: Clerks) -> None:
    first = await received(house)
    second = await received(house, words="Thiếu nước sạch ở bản Nà Lo.")
    hub = await clerks.of(HUB)
    pressed = await hub.press("/intake", "classify-opinion", kind="kien_nghi", field="giao-thong", refer="1", then="next")
    assert pressed.headers["Location"] == f"/intake?pile=chua_phan_loai&open={second}&done=classify-opinion"
    assert "Đã phân loại." in text_of((await hub.follow(pressed)).text)
    assert await house.types(first) == ["opinion.received", "opinion.classified", "opinion.referred"]
    again = await hub.press("/intake", "classify-opinion", kind="gop_y", field="khac", then="stay")
    assert f"open={second}" in again.headers["Location"]
    assert "Đã phân loại hết." in text_of((await hub.open("/intake?pile=chua_phan_loai")).text)
    assert (await hub.press(f"/intake?pile=cho_chuyen&open={second}", "refer-opinion")).status_code == 303
    assert (await house.types(second))[-1] == "opinion.referred"


async def test_a_field_is_suggested_by_what_is_alike_with_who_answers_for_it(house: House, clerks: Clerks) -> None:
    await house.classified()
    opinion = await received(house, words=OTHER)
    hub = await clerks.of(HUB)
    said = text_of((await hub.open(f"/opinions/{opinion}")).text)
    assert "Gợi ý lĩnh vực: Lĩnh vực giao-thong , 1 ý kiến giống đã xếp vào đây." in said
    assert "Có thể trùng" in said


async def test_what_is_alike_is_merged_by_one_button_and_parted_again(house: House, clerks: Clerks) -> None:
    survivor = await received(house)
    opinion = await received(house, words=OTHER)
    hub = await clerks.of(HUB)
    page = (await hub.open(f"/opinions/{opinion}")).text
    assert f'name="into" value="{survivor}"' in page
    forms = re.findall(r'<form method="post" action="([^"]*merge-opinion)">(.*?)</form>', page, re.DOTALL)
    one = next(fields for _, fields in forms if survivor in fields)
    sent = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', one))
    assert (await hub.post(f"/opinions/{opinion}/merge-opinion", **sent)).status_code == 303
    merged = (await hub.open(f"/opinions/{opinion}")).text
    assert f"/opinions/{survivor}" in merged
    assert (await hub.press(f"/opinions/{opinion}", "unmerge-opinion", reason="Hai bản khác nhau.")).status_code == 303
    assert (await house.types(opinion))[-1] == "opinion.unmerged"


async def test_an_opinion_is_split_into_what_the_boxes_say(house: House, clerks: Clerks) -> None:
    opinion = await received(house)
    hub = await clerks.of(HUB)
    too_few = await hub.press(f"/opinions/{opinion}", "split-opinion", **{"parts.0": "Sửa đường.", "parts.1": " "})
    assert too_few.status_code == 422
    assert "Sửa đường." in too_few.text
    pressed = await hub.press(
        f"/opinions/{opinion}",
        "split-opinion",
        **{"parts.0": "Sửa đường.", "parts.1": "Xem lại tiền điện.", "parts.4": "Cấp sổ đỏ."},
    )
    assert "Đã tách" in text_of((await hub.follow(pressed)).text)
    inbox = text_of((await hub.open("/intake")).text)
    assert all(part in inbox for part in ("Sửa đường.", "Xem lại tiền điện.", "Cấp sổ đỏ."))


async def test_whom_it_is_about_is_named_where_the_choice_is_made(house: House, clerks: Clerks) -> None:
    opinion = await received(house)
    hub = await clerks.of(HUB)
    fields = {"kind": "phan_anh", "field": "khac", "concerns_units.VT": "1", "flags.buc_xuc": "1"}
    assert (await hub.press(f"/opinions/{opinion}", "classify-opinion", **fields)).status_code == 303
    said = text_of((await hub.open(f"/opinions/{opinion}")).text)
    assert "Ý kiến nói về Đơn vị VT ." in said
    assert "Bức xúc" in said
    assert "Vì sao hạn là" in said


async def test_a_paused_clock_goes_on_with_the_completion(house: House, clerks: Clerks) -> None:
    opinion = await received(house)
    hub = await clerks.of(HUB)
    page = f"/opinions/{opinion}"
    assert (await hub.press(page, "request-completion", asked="Nêu rõ tên bản.")).status_code == 303
    said = text_of((await hub.open(page)).text)
    assert "Hạn dừng tính từ khi yêu cầu bổ sung" in said
    assert (await hub.press(page, "complete-opinion", words=f"{WORDS} Bản Nà Lo.")).status_code == 303
    assert "Bản Nà Lo." in text_of((await hub.open(page)).text)


async def test_why_an_opinion_is_to_be_classified_by_a_day_is_told_day_by_day(house: House, clerks: Clerks) -> None:
    opinion = await received(house)
    said = text_of((await (await clerks.of(HUB)).open(f"/opinions/{opinion}")).text)
    assert "Vì sao phân loại trước hết ngày 11/01/2023" in said
    assert "Tính 2 ngày làm việc kể từ sau ngày 09/01/2023." in said


@pytest.mark.parametrize(
    ("by", "status", "words"),
    [
        (HUB, 200, True),
        (CHIEF, 200, True),
        (FEEDER, 200, True),
        (REGISTRY, 200, False),
        (AUDITOR, 200, False),
        (OTHER_UNIT, 404, False),
        (OTHER_OFFICE, 404, False),
        (SECRETARY, 404, False),
        (ADMIN, 404, False),
    ],
    ids=lambda each: each.person if isinstance(each, Subject) else str(each),
)
async def test_who_sees_an_opinion_and_who_its_words(house: House, clerks: Clerks, by: Subject, status: int, words: bool) -> None:
    opinion = await received(house)
    answer = await (await clerks.of(by)).open(f"/opinions/{opinion}")
    assert answer.status_code == status, text_of(answer.text)[:300]
    assert (WORDS in answer.text) is words
    async with house.client(by) as client:
        assert (await client.get(f"/intake/api/opinions/{opinion}")).status_code == status


async def test_who_spoke_is_opened_by_whoever_may_and_logged(house: House, clerks: Clerks) -> None:
    opinion = await received(house, speaker_name="Lò Thị Mai", speaker_contact="0212 000 000")
    hub = await clerks.of(HUB)
    page = (await hub.open(f"/opinions/{opinion}")).text
    assert "Lò Thị Mai" not in page
    told = await hub.press_on(page, "speaker")
    assert "Lò Thị Mai" in told.text
    assert (HUB.person, f"read_speaker {opinion}") in {(each["reader"], each["purpose"]) for each in await house.vault.accesses()}
    hidden = await received(house, speaker_name="Quàng Văn Sơn", hidden=True)
    registry = await clerks.of(REGISTRY)
    assert (await registry.press(f"/opinions/{hidden}", "speaker")).status_code == 403


async def test_somebody_was_faster(house: House, clerks: Clerks) -> None:
    opinion = await received(house)
    hub = await clerks.of(HUB)
    stale = (await hub.open(f"/opinions/{opinion}")).text
    await house.ask("classify_opinion", HUB, opinion=opinion, kind="gop_y", field="khac")
    answer = await hub.press_on(stale, "classify-opinion", kind="kien_nghi", field="giao-thong")
    assert answer.status_code == 412
    assert "nội dung đã đổi trong lúc bạn làm" in text_of(answer.text)
    assert (await hub.press_on(answer.text, "classify-opinion", kind="kien_nghi", field="giao-thong")).status_code == 303
    on_desk = (await hub.open(f"/intake?pile=cho_chuyen&open={opinion}")).text
    await house.ask("classify_opinion", HUB, opinion=opinion, kind="gop_y", field="khac")
    beside = await hub.press_on(on_desk, "classify-opinion", kind="phan_anh", field="giao-thong", then="next")
    assert beside.status_code == 412
    assert "Hộp tiếp nhận" in text_of(beside.text)


async def test_what_was_typed_is_kept_where_it_is_refused(house: House, clerks: Clerks) -> None:
    opinion = await received(house)
    hub = await clerks.of(HUB)
    answer = await hub.press("/intake", "reject-opinion", note="Đã ghi kỹ lý do.")
    assert answer.status_code == 422
    assert "Đã ghi kỹ lý do." in answer.text
    assert "Chưa ghi: còn 1 mục cần sửa" in text_of(answer.text)
    assert answer.text.count("<title>Lỗi: ") == 1
    assert await house.types(opinion) == ["opinion.received"]


VALUES = {
    "classify-opinion": {"kind": "kien_nghi", "field": "khac"},
    "request-completion": {"asked": "Bổ sung."},
    "split-opinion": {"parts.0": "Một.", "parts.1": "Hai."},
    "forward-opinion": {"to": "SGTVT"},
    "reject-opinion": {"reason": "NAC_DANH"},
    "divert-opinion": {"kind": "to_cao", "to": "SGTVT"},
    "withdraw-opinion": {},
    "correct-opinion": {"reason": "Ghi nhầm.", "channel": "dien_thoai"},
    "redact-opinion": {"words": "Đã che.", "reason": "Có tên người."},
    "quarantine-opinion": {"paper": "12/MẬT"},
}


@pytest.mark.parametrize("slug", VALUES)
async def test_each_act_is_done_by_its_form(house: House, clerks: Clerks, slug: str) -> None:
    opinion = await received(house)
    hub = await clerks.of(HUB)
    before = len(await house.types(opinion))
    pressed = await hub.press(f"/opinions/{opinion}", slug, **VALUES[slug])
    assert pressed.status_code == 303, text_of(pressed.text)[:400]
    assert f"done={slug}" in pressed.headers["Location"]
    assert len(await house.types(opinion)) > before
    assert (await hub.follow(pressed)).status_code == 200


async def test_whoever_was_rejected_is_told_and_what_was_referred_is_wished_of(house: House, clerks: Clerks) -> None:
    rejected = await received(house)
    await house.ask("reject_opinion", HUB, opinion=rejected, reason="NAC_DANH")
    referred = await house.referred(words="Thiếu nước sạch.")
    await house.follow()
    hub = await clerks.of(HUB)
    assert (await hub.press(f"/opinions/{rejected}", "tell-submitter", means="dien_thoai")).status_code == 303
    assert (await hub.press(f"/opinions/{referred}", "record-wish", wish="bo_sung", note="Thêm ảnh.")).status_code == 303
    said = text_of((await hub.open(f"/opinions/{referred}")).text)
    assert "Mở hồ sơ vụ việc" in said


@pytest.mark.parametrize("by", [CHIEF, REGISTRY, AUDITOR, OTHER_UNIT, OTHER_OFFICE, ADMIN, FEEDER], ids=lambda each: each.person)
async def test_what_a_page_does_not_offer_is_refused_when_it_is_sent_all_the_same(
    house: House, clerks: Clerks, by: Subject
) -> None:
    opinion = await received(house)
    browser = await clerks.of(by)
    shown = (await browser.open(f"/opinions/{opinion}")).text
    token = re.search(r'name="token" value="(\w+)"', shown or (await browser.open("/intake")).text)
    assert token is not None
    may = offered(shown)
    for act in OPINION_ACTS:
        if act.slug in may:
            continue
        before = (await house.log.head()).position
        version = str(len(await house.types(opinion)))
        sent = {"token": token[1], "key": act.slug, "version": version, **VALUES.get(act.slug, {})}
        answer = await browser.post(f"/opinions/{opinion}/{act.slug}", **sent)
        assert answer.status_code >= 400, (by.person, act.slug)
        assert (await house.log.head()).position == before
    assert (await browser.post(f"/opinions/{opinion}/no-such-act", token=token[1])).status_code == 404


async def test_links_are_only_where_somebody_has_work(house: House, clerks: Clerks) -> None:
    links = {
        HUB: {"/intake", "/intake/new", "/intake/requests", "/intake/proposals", "/intake/batch", "/unit-work/consolidation"},
        FEEDER: {"/intake", "/intake/new", "/intake/requests", "/unit-work/consolidation"},
        CHIEF: {"/intake", "/intake/requests", "/unit-work/consolidation"},
        SECRETARY: {"/unit-work/consolidation"},
    }
    await received(house)
    for by, expected in links.items():
        page = (await (await clerks.of(by)).open("/unit-work/consolidation")).text
        nav = page.partition('<nav id="nav"')[2].partition("</nav>")[0]
        assert {link for link in re.findall(r'href="([^"]+)"', nav) if link != "/account"} == expected, by.person
    assert (await (await clerks.of(ADMIN)).open("/intake")).status_code == 404


HOSTILE = ("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7*7 }}", "=1+1")


async def test_what_people_write_is_shown_as_text_wherever_it_stands(house: House, clerks: Clerks) -> None:
    payload = " ".join(HOSTILE)
    opinion = await received(house, words=payload)
    hub = await clerks.of(HUB)
    pages = [await hub.open("/intake"), await hub.open(f"/opinions/{opinion}")]
    pages.append(await hub.press(f"/opinions/{opinion}", "reject-opinion", note=payload))
    pages.append(await hub.press("/intake/new", "/intake/new", words=payload, local_id=payload, then="next"))
    pages.append(await hub.open(f"/intake?done={HOSTILE[1]}&number={HOSTILE[0]}"))
    assert [each.status_code for each in pages] == [200, 200, 422, 422, 200]
    for each in pages:
        assert "<script" not in each.text.partition("<body")[2]
        assert "<img" not in each.text
    assert "&lt;script&gt;" in pages[0].text
    assert "{{ 7*7 }}" in pages[0].text
