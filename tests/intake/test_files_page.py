"""Files on the page of an opinion: a clerk adds the scan of a letter, whoever reads the words saves what came with them."""

from tests.intake.desk_pages import Clerks, form_of, text_of
from tests.intake.house import AUDITOR, FEEDER, HUB, OTHER_OFFICE, OTHER_UNIT, House
from tests.shared.identity.browser import HOUSE

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


async def received(house: House) -> str:
    opinion = (await house.receive()).stream
    await house.follow()
    return opinion


async def test_a_clerk_adds_a_scan_and_saves_it_again(house: House, clerks: Clerks) -> None:
    page = f"/opinions/{await received(house)}"
    hub = await clerks.of(HUB)
    added = await hub.attach(page, "đơn số 412.pdf", PDF)
    shown = (await hub.follow(added)).text
    assert "Đã thêm tệp." in text_of(shown)
    assert "đơn số 412.pdf 1 KB" in text_of(shown)
    saved = await hub.open(f"{page}/files/1")
    assert (saved.content, saved.headers["Content-Type"]) == (PDF, "application/pdf")
    assert saved.headers["Content-Disposition"] == "attachment; filename*=UTF-8''%C4%91%C6%A1n%20s%E1%BB%91%20412.pdf"
    assert (await hub.open(f"{page}/files/2")).status_code == 404


async def test_the_same_file_is_added_once_and_others_up_to_five(house: House, clerks: Clerks) -> None:
    opinion = await received(house)
    page, hub = f"/opinions/{opinion}", await clerks.of(HUB)
    for name in ("1.pdf", "lại.pdf"):
        assert (await hub.attach(page, name, PDF)).status_code == 303
    assert text_of((await hub.open(page)).text).count(".pdf") == 1
    for number in range(2, 6):
        assert (await hub.attach(page, f"{number}.pdf", PDF + b"%" * number)).status_code == 303
    shown = (await hub.open(page)).text
    assert "5.pdf" in text_of(shown)
    assert "attach-to-submission" not in shown


async def test_what_cannot_be_a_file_is_refused_on_the_page_and_nothing_is_kept(house: House, clerks: Clerks) -> None:
    page = f"/opinions/{await received(house)}"
    hub = await clerks.of(HUB)
    refused = await hub.attach(page, "virus.exe", b"MZ" + b"\0" * 200)
    assert refused.status_code == 422
    assert "Chưa ghi" in text_of(refused.text)
    empty = await hub.attach(page, "trống.pdf", b"")
    assert "Tệp rỗng" in text_of(empty.text)
    assert "Thêm bản chụp" in text_of(empty.text)
    assert ".pdf" not in text_of((await hub.open(page)).text)


async def test_a_form_attaches_the_file_it_brings_and_no_other_that_it_names(house: House, clerks: Clerks) -> None:
    first, second = f"/opinions/{await received(house)}", f"/opinions/{await received(house)}"
    hub = await clerks.of(HUB)
    await hub.attach(first, "của người khác.pdf", PDF)
    named = house.service.kernel.files.address(PDF)
    where, hidden = form_of((await hub.open(second)).text, "attach-to-submission")
    own = PDF + b"%"
    await hub.client.post(where, data={**hidden, "file": named}, files={"file": ("đơn.pdf", own)}, headers={"Origin": HOUSE})
    assert (await hub.open(f"{second}/files/1")).content == own


async def test_files_are_no_more_to_see_than_the_words(house: House, clerks: Clerks) -> None:
    page = f"/opinions/{await received(house)}"
    await (await clerks.of(HUB)).attach(page, "đơn.pdf", PDF)
    for stranger in (OTHER_UNIT, OTHER_OFFICE):
        assert (await (await clerks.of(stranger)).open(f"{page}/files/1")).status_code == 404
    auditor = await clerks.of(AUDITOR)
    assert (await auditor.open(f"{page}/files/1")).status_code == 403
    assert "đơn.pdf" not in (await auditor.open(page)).text


async def test_a_letter_of_somebody_hidden_is_added_by_who_took_it_in_and_opened_by_who_may_know_him(
    house: House, clerks: Clerks
) -> None:
    opinion = (await house.receive(by=FEEDER, hidden=True)).stream
    await house.follow()
    page = f"/opinions/{opinion}"
    feeder, hub = await clerks.of(FEEDER), await clerks.of(HUB)
    added = await feeder.follow(await feeder.attach(page, "đơn.pdf", PDF))
    assert "Đã thêm tệp." in text_of(added.text)
    assert "đơn.pdf" not in added.text
    assert (await feeder.open(f"{page}/files/1")).status_code == 403
    assert (await hub.open(f"{page}/files/1")).content == PDF


async def test_once_it_was_handed_on_files_are_saved_and_none_is_added(house: House, clerks: Clerks) -> None:
    opinion = await received(house)
    page, hub = f"/opinions/{opinion}", await clerks.of(HUB)
    await hub.attach(page, "đơn.pdf", PDF)
    await hub.press("/intake", "classify-opinion", kind="kien_nghi", field="giao-thong", refer="1", then="stay")
    shown = (await hub.open(page)).text
    assert "đơn.pdf" in text_of(shown)
    assert "attach-to-submission" not in shown
