"""A report's paper over HTTP: who may do and see what, and what must not happen, each refused by its rule without a trace."""

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from services.reporting.domain.report.states import Locked, Period, corrected_by
from services.reporting.handlers.streams import before
from shared.contracts.directory import LetterheadSet
from shared.contracts.report import CorrectionOpened, ReportKind
from shared.permit import Subject
from tests.reporting.house import (
    AT,
    AUDITOR,
    BDV,
    CHIEF,
    DEPUTY,
    FEEDER,
    HUB,
    LEADER,
    REGISTRY,
    SNV,
    STRANGER,
    House,
    house,
)
from tests.reporting.papers import CORRECTION, LOCKED, OPENED, OTHER_TEXT, REPORT
from tests.support.scenario import sealed

OTHER_HEAD = LetterheadSet(
    office="VPUB",
    parent="UBND TỈNH SƠN LA",
    issuer="VĂN PHÒNG",
    above="UBND tỉnh Sơn La",
    called="Văn phòng UBND tỉnh Sơn La",
    place="Sơn La",
    head="Chánh Văn phòng",
    valid_from=date(2023, 1, 1),
)
DRAFT = {"summary": "Kết quả công tác đối thoại."}
BOOK = {"office": "VPUB", "book": "BC-VPUB", "year": 2023, "external": True, "pattern": "{number}/BC-VPUB"}
TO = {"recipient": "BDVTU", "purpose": "Kính gửi", "means": "giay"}
# Who asks in vain for what is another's: the act, its body, and everybody whose it is not.
NOT_THEIRS: list[tuple[str, dict[str, Any], tuple[Subject, ...]]] = [
    ("/sections/III.2", {"words": "Hạn chế."}, (LEADER, CHIEF, REGISTRY, AUDITOR)),
    ("/draft", DRAFT, (LEADER, CHIEF, REGISTRY, FEEDER)),
    ("/comments", {"comment": "Nhất trí."}, (FEEDER, AUDITOR)),
    ("/submission", {}, (LEADER, DEPUTY, REGISTRY)),
    ("/return", {"reason": "Sửa."}, (HUB, LEADER, REGISTRY)),
    ("/signature", {"capacity": "TL"}, (HUB, LEADER, REGISTRY)),
    ("/number", {"book": "BC-VPUB", "number": 45}, (HUB, CHIEF)),
    ("/issue", {}, (HUB, CHIEF)),
    ("/dispatches", TO, (HUB, CHIEF, LEADER)),
    ("/acknowledgements", {"recipient": "BDVTU"}, (HUB, CHIEF, FEEDER)),
    ("/publications", {"place": "TTDT", "content": "5e" * 32, "redacted": True}, (LEADER, CHIEF, FEEDER)),
    ("/recall", {"reason": "Sai."}, (HUB, LEADER, FEEDER)),
    ("/supersession", {"reason": "Sai."}, (LEADER, REGISTRY, FEEDER)),
]


@pytest.fixture
async def locked(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path) as made:
        yield made


async def test_each_act_is_for_those_whose_it_is(locked: House) -> None:
    for path, body, people in NOT_THEIRS:
        for person in people:
            await locked.refused(person, f"{AT}{path}", "forbidden", 403, **body)
        await locked.refused(STRANGER, f"{AT}{path}", "unknown", 404, **body)
    await locked.refused(LEADER, "/registers", "forbidden", 403, **BOOK)
    await locked.refused(STRANGER, "/registers", "unknown", 404, **BOOK)


async def test_nobody_signs_as_what_he_is_not_or_another_text_than_he_saw(locked: House) -> None:
    await locked.submitted()
    await locked.refused(DEPUTY, f"{AT}/signature", "capacity-not-held", 403, capacity="truc_tiep")
    await locked.refused(CHIEF, f"{AT}/signature", "capacity-not-held", 403, capacity="TL")
    await locked.refused(CHIEF, f"{AT}/signature", "other-content", 422, capacity="truc_tiep", content=OTHER_TEXT)
    read = (await locked.get(CHIEF, f"{AT}/paper")).json()["content"]
    file = await locked.get(CHIEF, f"{AT}/paper/file")
    assert file.headers["Paper-Content"] == read
    assert (await locked.post(CHIEF, f"{AT}/signature", capacity="truc_tiep", content=read)).status_code == 200
    await locked.refused(HUB, f"{AT}/draft", "signed-stands", 409, **DRAFT)
    await locked.refused(HUB, f"{AT}/sections/III.2", "signed-stands", 409, words="Thêm.")


async def test_a_text_that_names_change_is_drafted_again_before_it_is_signed(locked: House) -> None:
    await locked.ask("draft_report", HUB, report=REPORT)
    await locked.happen("assignment", {"letterhead-VPUB": [OTHER_HEAD]})
    await locked.refused(HUB, f"{AT}/submission", "text-differs", 409)
    await locked.ask("draft_report", HUB, report=REPORT)
    assert (await locked.post(HUB, f"{AT}/submission")).status_code == 200


async def test_a_number_is_taken_from_the_book_once(locked: House) -> None:
    await locked.submitted()
    await locked.ask("sign_report", DEPUTY, report=REPORT, capacity="KT")
    await locked.refused(REGISTRY, f"{AT}/number", "no-such-register", 422, book="BC-VPUB", number=45)
    assert (await locked.post(REGISTRY, "/registers", **BOOK)).status_code == 201
    await locked.refused(REGISTRY, f"{AT}/number", "number-missing", 422, book="BC-VPUB")
    assert (await locked.post(REGISTRY, "/registers/VPUB/BC-VPUB/2023/voids", number=44, reason="Hỏng.")).status_code == 200
    await locked.refused(REGISTRY, f"{AT}/number", "number-void", 409, book="BC-VPUB", number=44)
    numbered = await locked.post(REGISTRY, f"{AT}/number", book="BC-VPUB", number=45)
    assert (numbered.status_code, numbered.json()["number"]) == (200, "45/BC-VPUB")
    await locked.refused(REGISTRY, f"{AT}/number", "already-numbered", 409, book="BC-VPUB", number=46)
    page = (await locked.get(REGISTRY, "/registers/VPUB/BC-VPUB/2023")).json()
    assert [(line["number"], line["document"]) for line in page["lines"]] == [(44, None), (45, "document-VPUB-2023-H1")]
    assert [book["book"] for book in (await locked.get(HUB, "/registers?office=VPUB")).json()["items"]] == ["BC-VPUB"]
    assert (await locked.get(STRANGER, "/registers?office=VPUB")).status_code == 404


async def test_whoever_it_was_sent_to_sees_it_and_confirms_for_itself_alone(locked: House) -> None:
    await locked.issued()
    assert (await locked.get(BDV, f"{AT}/paper")).status_code == 404
    await locked.refused(BDV, f"{AT}/acknowledgements", "unknown", 404, recipient="BDVTU")
    await locked.sent("UBND-T", "BDVTU")
    await locked.refused(BDV, f"{AT}/acknowledgements", "not-for-others", 403, recipient="UBND-T")
    await locked.refused(SNV, f"{AT}/acknowledgements", "unknown", 404, recipient="SNV")
    await locked.refused(REGISTRY, f"{AT}/acknowledgements", "not-sent-there", 409, recipient="SNV")
    assert (await locked.post(BDV, f"{AT}/acknowledgements", recipient="BDVTU")).status_code == 200
    assert (await locked.post(REGISTRY, f"{AT}/acknowledgements", recipient="UBND-T")).status_code == 200
    seen = (await locked.get(BDV, f"{AT}/paper")).json()
    assert (seen["number"], {step["type"] for step in seen["history"]}) == (
        "45/BC-VPUB",
        {"document.signed", "document.numbered", "document.issued", "document.kept"},
    )
    assert [line["delivered"] for line in seen["recipients"]] == [True, True, False]
    one = (await locked.get(HUB, AT)).json()
    assert (one["state"], one["in_time"], one["sent_on"]) == ("acknowledged", True, "2023-06-09")
    assert (await locked.get(HUB, "/reports?office=VPUB")).json()[0]["state"] == "acknowledged"


async def test_words_are_read_by_the_office_s_own_people_and_the_reading_is_logged(locked: House) -> None:
    await locked.submitted()
    await locked.ask("return_report", CHIEF, report=REPORT, reason="Nêu rõ nguyên nhân.")
    await locked.ask("write_section", HUB, report=REPORT, section="III.2", words="Nguyên nhân: việc liên ngành.")
    found = (await locked.get(LEADER, f"{AT}/words")).json()
    assert [(each["section"], each["words"], each["person"]) for each in found["sections"]] == [
        ("III.2", "Hạn chế: còn ý kiến quá hạn.", "p-hub"),
        ("III.2", "Nguyên nhân: việc liên ngành.", "p-hub"),
    ]
    assert list(found["words"].values()) == ["Nêu rõ nguyên nhân."]
    for person in (AUDITOR, STRANGER, BDV, FEEDER):
        assert (await locked.get(person, f"{AT}/words")).status_code == 404
    [section] = (await locked.get(HUB, AT)).json()["sections"]
    assert section["version"] == found["sections"][-1]["version"]
    assert (await locked.get(HUB, f"{AT}/differences")).json()["code"] == "no-correction"


async def test_what_is_asked_again_is_done_once(locked: House) -> None:
    await locked.submitted()
    before = (await locked.log.head()).position
    assert (await locked.post(HUB, f"{AT}/submission")).status_code == 200
    assert (await locked.log.head()).position == before


async def test_a_correction_names_what_it_corrects_and_why(locked: House) -> None:
    await locked.issued()
    await locked.sent("UBND-T", "BDVTU")
    answer = await locked.post(HUB, f"{AT}/supersession", reason="Sót ý kiến ghi nhận muộn.")
    assert answer.json()["correction"] == f"{REPORT}-DC1"
    later = (await locked.get(HUB, f"{AT}-DC1")).json()
    assert (later["state"], later["corrects"], later["to"]) == ("open", REPORT, "2023-05-31")
    words = (await locked.get(HUB, f"{AT}-DC1/words")).json()["words"]
    assert words == {later["reason"]: "Sót ý kiến ghi nhận muộn."}
    assert (await locked.get(HUB, f"{AT}-DC1/differences")).json()["code"] == "not-locked"
    await locked.refused(HUB, f"{AT}-DC1/draft", "not-locked", 409, **DRAFT)


async def test_what_comes_after_carries_on_the_last_of_a_window_that_is_locked(locked: House) -> None:
    rest = Period("VPUB", ReportKind.ANNUAL, 2023, date(2023, 6, 1), date(2023, 10, 31), date(2023, 11, 20), None)
    assert (await before(locked.log, rest))[0] == REPORT
    opened = CorrectionOpened(report=REPORT, reason=sealed())
    await locked.happen("reporting", {CORRECTION: [OPENED, opened]})
    assert (await before(locked.log, rest))[0] == REPORT
    await locked.happen("reporting", {CORRECTION: LOCKED[1:]})
    name, state = await before(locked.log, rest)
    assert (name, type(state)) == (CORRECTION, Locked)
    await locked.happen("reporting", {corrected_by(CORRECTION): [OPENED]})
    assert (await before(locked.log, rest))[0] == CORRECTION
