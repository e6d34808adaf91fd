"""Whoever holds a receipt code sees where his submission stands, in plain words, and nothing of anybody else (R8)."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from services.intake.readmodel.opinions.projections import CaseStage, Stage
from services.intake.readmodel.receipts.codes import of_a_proposal_without, receipt_key
from services.intake.readmodel.receipts.statuses import Submitted, status_of
from services.intake.readmodel.submissions.projections import FurtherStage, ReceiptStage
from shared.contracts.case import CaseRejected
from shared.contracts.opinion import RejectionReason
from shared.contracts.submission import ProposalReceived
from shared.eventlog import codec
from tests.intake.asking import get, hand_in
from tests.intake.house import CONTENT, FEEDER, HUB, PROPOSER, House
from tests.intake.submissions import (
    NOT_APPROVED,
    OF_THE_PROPOSAL,
    OF_THE_REQUEST,
    REFUSED,
    become,
    proposal_in,
    proposal_on,
    request_in,
    request_on,
)


async def shown(house: House, code: str) -> dict[str, Any]:
    answer = await get(house, None, f"/receipts/{code}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_whoever_holds_a_receipt_sees_where_it_stands_and_nothing_else(house: House) -> None:
    received = await hand_in(house, speaker_name="Lò Văn Bình", locality="MLA")
    code = received.json()["receipt"]
    for written in (code, code.lower(), code.replace("-", ""), f" {code.replace('-', ' ')} "):
        assert await shown(house, written) == {
            "submitted": "opinion",
            "status": {"vi": "Đã tiếp nhận, chờ phân loại", "en": "Received, waiting to be sorted"},
            "stage": "tiep_nhan",
            "case_stage": None,
            "office": "VPUB",
            "due": None,
            "received_on": "2023-01-09",
            "parts": [],
        }
    opinion = received.json()["id"]
    await house.ask("classify_opinion", HUB, opinion=opinion, kind="kien_nghi", field="giao-thong")
    sorted_out = await shown(house, code)
    assert (sorted_out["stage"], sorted_out["due"]) == ("phan_loai", "2023-01-30")


async def test_one_code_shows_every_part_of_what_was_split_at_its_receipt(house: House) -> None:
    received = await hand_in(house)
    matters = [{"words": "Sửa đường vào bản."}, {"words": "Cấp sổ đỏ."}, {"words": "Mở lớp học."}]
    done = await house.ask("split_opinion", HUB, opinion=received.json()["id"], parts=matters)
    first, second, third = done.answer["children"]
    await house.ask("reject_opinion", HUB, opinion=second, reason="KHONG_RO_NOI_DUNG")
    await house.ask("classify_opinion", HUB, opinion=third, kind="kien_nghi", field="giao-thong")
    await house.refer(third)
    await house.ask("split_opinion", HUB, opinion=first, parts=[{"words": "Sửa đường."}, {"words": "Làm cầu."}])
    found = await shown(house, received.json()["receipt"])
    assert found["status"]["vi"] == "Đã tách thành nhiều ý kiến"
    assert [(each["part"], each["status"]["vi"], each["due"]) for each in found["parts"]] == [
        ("1", "Đã tách thành nhiều ý kiến", None),
        ("1.1", "Đã tiếp nhận, chờ phân loại", None),
        ("1.2", "Đã tiếp nhận, chờ phân loại", None),
        ("2", "Không đủ điều kiện giải quyết", None),
        ("3", "Chờ phân công đơn vị giải quyết", "2023-01-30"),
    ]
    assert not {first, second, third, "Sửa đường vào bản."} & set(str(found).split("'"))


async def test_one_code_shows_every_part_of_what_was_split_after_referral(house: House) -> None:
    code = (received := await hand_in(house)).json()["receipt"]
    opinion = received.json()["id"]
    await house.ask("classify_opinion", HUB, opinion=opinion, kind="kien_nghi", field="giao-thong")
    await house.refer(opinion)
    await house.split(opinion, "case-00000000000000000001", "case-00000000000000000002")
    rejected = CaseRejected(episode="00000000000000000002/1", reason=RejectionReason.FINAL_DECISION, note=None)
    await house.happen("assignment", {"case-00000000000000000002": [rejected]})
    found = await shown(house, code)
    assert (found["case_stage"], found["status"]["vi"]) == ("tach", "Đã tách thành nhiều ý kiến")
    assert [(each["part"], each["stage"], each["case_stage"], each["due"]) for each in found["parts"]] == [
        ("1", "da_chuyen", "cho_phan_cong", "2023-01-30"),
        ("2", "da_chuyen", "khong_du_dieu_kien", "2023-01-30"),
    ]
    await house.following.rebuild("opinions")
    assert await shown(house, code) == found
    (line,) = (await get(house, HUB, "/offices/VPUB/opinions")).json()["items"]
    assert (line["id"], line["case_stage"]) == (opinion, "tach")


async def test_a_request_for_dialogue_is_followed_from_its_receipt_to_the_dialogue(house: House) -> None:
    done = await request_in(house)
    code, seen = done.answer["receipt"], []
    seen.append(await shown(house, code))
    await house.ask("refer_request", HUB, request_receipt=done.stream)
    seen.append(await shown(house, code))
    for fact in OF_THE_REQUEST.values():
        if len(seen) == 2:
            await request_on(house, done.stream)
            seen.append(await shown(house, code))
        await become(house, done.stream, fact)
        seen.append(await shown(house, code))
    assert [(each["stage"], each["case_stage"], each["due"], each["status"]["vi"]) for each in seen] == [
        ("tiep_nhan", None, None, "Đã tiếp nhận"),
        ("da_chuyen", None, None, "Đã chuyển để xem xét"),
        ("da_chuyen", "da_tiep_nhan", "2023-01-30", "Đang được xem xét"),
        ("da_chuyen", "chap_nhan", "2023-01-30", "Đã chấp nhận, sẽ tổ chức đối thoại"),
        ("da_chuyen", "da_dap_ung", "2023-01-30", "Đã đối thoại"),
    ]
    assert {each["submitted"] for each in seen} == {"request"}


async def test_a_request_that_is_refused_or_taken_back_says_so(house: House) -> None:
    refused, back = await request_in(house), await request_in(house)
    await request_on(house, refused.stream)
    await become(house, refused.stream, REFUSED)
    assert (await shown(house, refused.answer["receipt"]))["status"]["vi"] == "Không tổ chức đối thoại"
    await request_on(house, back.stream)
    await house.ask("withdraw_request_receipt", FEEDER, request_receipt=back.stream)
    assert (await shown(house, back.answer["receipt"]))["status"]["vi"] == "Đã rút"


async def test_a_proposal_has_a_code_of_its_own_and_is_followed_to_the_chairman_s_decision(house: House) -> None:
    done = await proposal_in(house)
    code = done.answer["receipt"]
    assert (await shown(house, code))["status"]["vi"] == "Đã tiếp nhận"
    await proposal_on(house, done.stream)
    seen = [(await shown(house, code))["case_stage"]]
    for fact in OF_THE_PROPOSAL.values():
        await become(house, done.stream, fact)
        found = await shown(house, code)
        assert (found["submitted"], found["stage"], found["due"]) == ("proposal", "da_chuyen", None)
        seen.append(found["case_stage"])
    assert seen == [
        *("da_tiep_nhan", "yeu_cau_bo_sung", "da_tiep_nhan", "dang_tham_dinh", "da_tham_dinh", "trinh"),
        *("de_ky_sau", "dong_y", "dong_y"),
    ]
    await become(house, done.stream, NOT_APPROVED)
    assert (await shown(house, code))["status"]["vi"] == "Không đồng ý tổ chức đối thoại"


async def test_a_proposal_handed_in_again_gets_the_code_of_then_and_another_one_another(house: House) -> None:
    first, again = [await proposal_in(house, by, local_id="DX-1") for by in (CONTENT, CONTENT)]
    other, theirs = await proposal_in(house, local_id="DX-2"), await proposal_in(house, PROPOSER, local_id="DX-1")
    codes = [each.answer["receipt"] for each in (first, again, other, theirs)]
    assert codes[0] == codes[1]
    assert len(set(codes)) == 3
    assert all(len(code.replace("-", "")) == 13 for code in codes)


async def test_the_code_of_a_proposal_is_drawn_for_its_command_and_sealed_not_computed_from_what_it_is(house: House) -> None:
    done, keyed = await proposal_in(house, local_id="DX-1"), house.service.kernel.keyed
    code = done.answer["receipt"]
    assert code != of_a_proposal_without(keyed, "sonla", done.stream)
    received = codec.read((await house.log.read_stream(done.stream))[0]).event
    assert isinstance(received, ProposalReceived)
    assert received.receipt is not None
    assert received.receipt_key == receipt_key(keyed, "sonla", code)
    assert await house.vault.open(received.receipt.ref, reader="p-auditor", purpose="test") == code


async def test_a_proposal_of_before_codes_were_drawn_is_found_by_the_one_it_was_given_then(house: House) -> None:
    stream = (await proposal_in(house, local_id="DX-1")).stream
    with_code = codec.read((await house.log.read_stream(stream))[0]).event
    assert isinstance(with_code, ProposalReceived)
    former = "proposal_receipt-0000000000000000FRMR"
    await house.happen("intake", {former: [replace(with_code, local_id="DX-0", receipt=None, receipt_key=None)]})
    code = of_a_proposal_without(house.service.kernel.keyed, "sonla", former)
    assert (await shown(house, code))["status"]["vi"] == "Đã tiếp nhận"


async def test_a_receipt_says_no_name_no_unit_and_no_word(house: House) -> None:
    asked, brought = await request_in(house), await proposal_in(house)
    for done in (asked, brought):
        text = (await get(house, None, f"/receipts/{done.answer['receipt']}")).text
        for hidden in ("Mẫu", "0912", "đường vào bản", "nông dân", "BTCD", "SGTVT", "TH", done.stream):
            assert hidden not in text


@pytest.mark.parametrize("code", ["7Q2K-9FXA-3MBTW", "x", "-", "%00", "x" * 100, "🚑"])
async def test_a_receipt_that_nobody_got_is_unknown(house: House, code: str) -> None:
    await house.receive()
    await request_in(house)
    answer = await get(house, None, f"/receipts/{code}")
    assert (answer.status_code, answer.json()["code"]) in ((404, "unknown"), (422, "invalid"))
    assert "nhan_dan" not in answer.text


async def test_a_receipt_names_the_local_day_on_which_it_was_given(house: House) -> None:
    early = datetime(2023, 1, 8, 23, 30, tzinfo=UTC)  # half past six on the 9th
    code = (await house.receive(at=early)).answer["receipt"]
    assert (await shown(house, code))["received_on"] == "2023-01-09"


def test_there_are_words_for_every_stage_in_both_languages() -> None:
    for submitted in Submitted:
        here, there = (Stage, CaseStage) if submitted is Submitted.OPINION else (ReceiptStage, FurtherStage)
        for stage in here:
            assert all(vars_of(status_of(submitted, stage.value, None)))
        for further in there:
            assert all(vars_of(status_of(submitted, "da_chuyen", further.value)))


def vars_of(status: Any) -> tuple[str, str]:
    return status.vi, status.en


def test_what_was_taken_back_at_the_receipt_is_so_whatever_became_of_it() -> None:
    assert status_of(Submitted.REQUEST, "rut", "chap_nhan").vi == "Đã rút"
