"""A report's PDF that was signed outside is handed in at its page, and is what everybody is given from then on."""

import re
from pathlib import Path

import httpx2

from tests.assignment.browsing import Browsers, Person, text_of
from tests.reporting.browsing import AT, forms_of, office, went_well
from tests.reporting.house import AUDITOR, BDV, CHIEF, DEPUTY, HUB, LEADER, REGISTRY, House
from tests.reporting.papers import REPORT
from tests.shared.identity.browser import HOUSE
from tests.support.outside import signed_outside

SIGN = f"{AT}/sign"
TO = f"/reports/signed-copies?of={REPORT}"


async def signed(made: House) -> None:
    await made.submitted()
    await made.ask("sign_report", DEPUTY, report=REPORT, capacity="KT")
    await made.follow()


async def hand_in(person: Person, content: bytes, name: str = "ban-ky.pdf") -> httpx2.Response:
    """Choose a file in the form of the page, and press its button."""
    shown = (await person.open(SIGN)).text
    found = re.search(
        rf'<form method="post" action="{re.escape(TO)}" enctype="multipart/form-data">(.*?)</form>', shown, re.DOTALL
    )
    assert found is not None, text_of(shown)[:600]
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', found[1]))
    files = {"file": (name, content, "application/pdf")}
    return await person.client.post(TO, data=hidden, files=files, headers={"Origin": HOUSE})


async def offering(browsers: Browsers) -> set[str]:
    """Who finds the form on the page."""
    everyone = (HUB, CHIEF, DEPUTY, REGISTRY, LEADER, AUDITOR)
    return {by.person for by in everyone if TO in forms_of((await (await browsers.of(by)).open(SIGN)).text)}


async def test_what_the_registry_hands_in_is_what_is_saved_and_sent(tmp_path: Path) -> None:
    async with office(tmp_path) as (made, browsers):
        await signed(made)
        registry = await browsers.of(REGISTRY)
        outside = signed_outside((await registry.open(f"{AT}/file?form=pdf")).content)
        went_well(await hand_in(registry, outside), SIGN, "attach-signed-report")
        assert "Đã đính bản ký" in text_of((await registry.open(f"{SIGN}?done=attach-signed-report")).text)
        await made.ask(
            "open_report_register", REGISTRY, office="VPUB", book="BC-VPUB", year=2023, external=True, pattern="{number}/BC-VPUB"
        )
        await made.ask("issue_report", REGISTRY, report=REPORT, book="BC-VPUB", number=45)
        await made.follow()
        assert (await (await browsers.of(HUB)).open(f"{AT}/file?form=pdf")).content == outside
        shown = text_of((await registry.open(SIGN)).text)
        assert "Đính bản ký ngoài" in shown
        await made.sent("BDVTU")
        await made.follow()
        assert (await (await browsers.of(BDV)).open(f"{AT}/file?form=pdf")).content == outside


async def test_what_is_wrong_with_the_file_is_told_beside_its_field(tmp_path: Path) -> None:
    async with office(tmp_path) as (made, browsers):
        await signed(made)
        registry = await browsers.of(REGISTRY)
        made_here = (await registry.open(f"{AT}/file?form=pdf")).content
        before = (await made.log.head()).position
        for content, words in ((b"", "Tệp rỗng"), (b"khong phai PDF", "không phải PDF"), (made_here, "không có chữ ký số")):
            refused = await hand_in(registry, content)
            assert refused.status_code == 422
            assert words in text_of(refused.text), text_of(refused.text)[:600]
            assert re.search(r"<details[^>]* open[^>]*>\s*<summary>Đính bản đã ký số ngoài", refused.text)
        assert (await made.log.head()).position == before


async def test_it_is_offered_from_the_signature_until_dispatch_to_whoever_may_and_refused_to_others(tmp_path: Path) -> None:
    async with office(tmp_path) as (made, browsers):
        await made.submitted()
        await made.follow()
        assert await offering(browsers) == set()
        await made.ask("sign_report", DEPUTY, report=REPORT, capacity="KT")
        await made.follow()
        assert await offering(browsers) == {each.person for each in (CHIEF, DEPUTY, REGISTRY)}
        for by, status in ((HUB, 403), (LEADER, 403), (AUDITOR, 403), (BDV, 404)):
            person = await browsers.of(by)
            token = re.search(r'name="token" value="(\w+)"', (await person.open("/reports")).text)
            assert token is not None
            sent = {"token": token[1], "key": "k"}
            files = {"file": ("a.pdf", b"%PDF-1.4", "application/pdf")}
            answer = await person.client.post(TO, data=sent, files=files, headers={"Origin": HOUSE})
            assert answer.status_code == status, by.person
        await made.ask(
            "open_report_register", REGISTRY, office="VPUB", book="BC-VPUB", year=2023, external=True, pattern="{number}/BC-VPUB"
        )
        await made.ask("issue_report", REGISTRY, report=REPORT, book="BC-VPUB", number=45)
        await made.sent("UBND-T", "BDVTU")
        await made.follow()
        assert await offering(browsers) == set()
