"""Commands through the desk onto a SQLite log and a real vault: permission, resubmission, replays, stale versions, words."""

import re
import unicodedata
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from services.intake.domain.opinion.commands import ReceiveOpinion
from services.intake.domain.opinion.refusals import (
    AlreadyEnded,
    AlreadyReferred,
    BeforeReceipt,
    LocalIdTaken,
    NotAnOffice,
    OtherOffice,
    UnknownField,
    UnknownUnit,
)
from services.intake.handlers import FOLDS, handlers
from services.intake.readmodel.receipts.codes import receipt_key
from shared.clock import micros
from shared.commands import model_of
from shared.contracts.refusals import Forbidden, KeyReused, Refused, Stale, Unknown
from shared.contracts.roles import Role
from shared.desk import OccurredAhead
from shared.directory.queries import DirectoryNotYet
from shared.directory.snapshot import NoCalendar
from shared.eventlog import codec
from shared.permit import Subject
from tests.intake.house import (
    ADMIN,
    AUDITOR,
    CHIEF,
    DISSOLVED,
    FEEDER,
    FORM,
    HUB,
    OTHER_OFFICE,
    OTHER_UNIT,
    REGISTRY,
    WORDS,
    House,
    bare_house,
    furnish,
)
from tests.support.hosting import START, subject

DATA: dict[str, dict[str, Any]] = {
    "request_completion": {"asked": "Xin cho biết tên bản."},
    "complete_opinion": {"words": "Đường vào bản Co Mạ bị sạt lở."},
    "classify_opinion": {"kind": "kien_nghi", "field": "giao-thong"},
    "reject_opinion": {"reason": "NAC_DANH"},
    "forward_opinion": {"to": "SGTVT"},
    "divert_opinion": {"kind": "khieu_nai", "to": "BTCD"},
    "merge_opinion": {"into": "opinion-NEVER0000000000000"},
    "split_opinion": {"parts": [{"words": "Một."}, {"words": "Hai."}]},
    "withdraw_opinion": {},
    "refer_opinion": {},
}


async def untouched(house: House) -> Any:
    """What a refusal must leave as it was: the log's end and what the vault holds."""
    return await house.log.head(), await house.sealed()


def files_of(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.iterdir())


async def test_an_opinion_from_its_receipt_to_its_referral(house: House) -> None:
    received = await house.receive()
    opinion = received.stream
    await house.ask("request_completion", HUB, opinion=opinion, **DATA["request_completion"])
    await house.ask("complete_opinion", FEEDER, opinion=opinion, **DATA["complete_opinion"])
    await house.ask("classify_opinion", HUB, opinion=opinion, **DATA["classify_opinion"])
    referred = await house.ask("refer_opinion", HUB, opinion=opinion)
    assert await house.types(opinion) == [
        "opinion.received",
        "opinion.completion_requested",
        "opinion.completed",
        "opinion.classified",
        "opinion.referred",
    ]
    assert referred.answer == {"case": opinion.replace("opinion-", "case-")}


async def test_a_receipt_is_a_code_that_nobody_can_guess_and_that_opens_the_way_to_it(house: House) -> None:
    one, two = await house.receive(), await house.receive()
    assert one.stream != two.stream
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{5}", one.answer["receipt"])
    assert one.answer["receipt"] != two.answer["receipt"]
    (record,) = await house.log.read_stream(one.stream)
    assert codec.read(record).event.receipt_key == receipt_key(house.service.kernel.keyed, "sonla", one.answer["receipt"])


async def test_what_is_handed_in_again_meets_its_first_copy_and_gets_the_receipt_of_then(house: House) -> None:
    first = await house.receive(local_id="BTCD-1")
    before = await untouched(house)
    again = await house.receive(local_id="BTCD-1")
    assert (again.stream, again.answer, again.position) == (first.stream, first.answer, 0)
    assert await untouched(house) == before


async def test_the_same_local_id_of_two_units_names_two_opinions(house: House) -> None:
    one = await house.receive(local_id="1")
    two = await house.receive(OTHER_UNIT, local_id="1")
    assert one.stream != two.stream


@pytest.mark.parametrize(
    "changed",
    [
        {"words": WORDS + " "},
        {"words": unicodedata.normalize("NFD", WORDS)},
        {"office": "UBND-MSO"},
        {"channel": "van_ban"},
        {"source_group": "to_chuc"},
        {"locality": "MLA"},
        {"speaker_name": "Lò Văn B"},
        {"speaker_contact": "0912 000 000"},
        {"hidden": True},
    ],
)
async def test_other_content_under_a_local_id_is_refused_whatever_differs(house: House, changed: dict[str, Any]) -> None:
    first = await house.receive(local_id="BTCD-1")
    before = await untouched(house)
    with pytest.raises(LocalIdTaken):
        await house.receive(local_id="BTCD-1", **changed)
    assert await untouched(house) == before
    assert await house.types(first.stream) == ["opinion.received"]


async def test_a_command_asked_again_under_its_id_answers_its_first_outcome(house: House) -> None:
    first = await house.receive(command_id="http/1")
    again = await house.receive(command_id="http/1")
    assert (again.stream, again.answer, again.position, again.replayed) == (first.stream, first.answer, first.position, True)
    with pytest.raises(KeyReused):
        await house.receive(command_id="http/1", words="Một ý kiến khác.")
    with pytest.raises(KeyReused):
        await house.receive(command_id="http/1", local_id="BTCD-9")


async def test_a_command_that_is_no_longer_possible_still_answers_its_first_outcome(house: House) -> None:
    opinion = await house.classified()
    first = await house.ask("split_opinion", HUB, command_id="http/2", opinion=opinion, **DATA["split_opinion"])
    again = await house.ask("split_opinion", HUB, command_id="http/2", opinion=opinion, **DATA["split_opinion"])
    assert (again.replayed, again.answer) == (True, first.answer)
    with pytest.raises(AlreadyEnded):
        await house.ask("split_opinion", HUB, opinion=opinion, **DATA["split_opinion"])


async def test_a_merge_writes_both_opinions_in_one_append(house: House) -> None:
    opinion, survivor = (await house.receive()).stream, (await house.receive()).stream
    done = await house.ask("merge_opinion", HUB, opinion=opinion, into=survivor)
    records = (await house.log.read(done.position - 2, 10)).records
    assert [(record.stream, record.type) for record in records] == [
        (opinion, "opinion.merged"),
        (survivor, "opinion.submitter_added"),
    ]


async def test_the_parts_of_a_split_opinion_are_named_in_the_answer_and_go_their_own_ways(house: House) -> None:
    opinion = (await house.receive(local_id="BTCD-1", speaker_name="Lò Văn B")).stream
    parts = (await house.ask("split_opinion", HUB, opinion=opinion, **DATA["split_opinion"])).answer["children"]
    assert len(set(parts)) == 2
    for part in parts:
        await house.ask("classify_opinion", HUB, opinion=part, **DATA["classify_opinion"])
    await house.ask("refer_opinion", HUB, opinion=parts[0])
    await house.ask("withdraw_opinion", FEEDER, opinion=parts[1])
    assert [(await house.types(part))[-1] for part in parts] == ["opinion.referred", "opinion.withdrawn"]
    assert (await house.receive(local_id="BTCD-1", speaker_name="Lò Văn B")).stream == opinion


async def test_what_was_decided_on_an_older_version_is_stale(house: House) -> None:
    opinion = await house.classified()
    before = await untouched(house)
    with pytest.raises(Stale):
        await house.ask("refer_opinion", HUB, expected=1, opinion=opinion)
    assert await untouched(house) == before
    assert (await house.ask("refer_opinion", HUB, expected=2, opinion=opinion)).version == 3


WHO_MAY: dict[str, tuple[list[Subject], list[Subject]]] = {
    "request_completion": ([HUB], [CHIEF, REGISTRY, FEEDER, AUDITOR]),
    "classify_opinion": ([HUB], [CHIEF, REGISTRY, FEEDER, AUDITOR]),
    "reject_opinion": ([HUB, CHIEF], [REGISTRY, FEEDER, AUDITOR]),
    "forward_opinion": ([HUB], [CHIEF, FEEDER]),
    "divert_opinion": ([HUB], [CHIEF, FEEDER]),
    "split_opinion": ([HUB], [CHIEF, FEEDER]),
    "withdraw_opinion": ([HUB, FEEDER], [CHIEF, REGISTRY, AUDITOR]),
}


@pytest.mark.parametrize("command", WHO_MAY)
async def test_only_those_who_may_are_asked_to_decide(house: House, command: str) -> None:
    allowed, only_seeing = WHO_MAY[command]
    opinion = (await house.receive()).stream
    before = await untouched(house)
    for by in only_seeing:
        with pytest.raises(Forbidden):
            await house.ask(command, by, opinion=opinion, **DATA[command])
    assert await untouched(house) == before
    for by in allowed:
        await house.ask(command, by, opinion=(await house.receive()).stream, **DATA[command])


@pytest.mark.parametrize("command", DATA)
async def test_someone_else_s_opinion_looks_as_if_it_were_not_there(house: House, command: str) -> None:
    opinion = (await house.receive()).stream
    before = await untouched(house)
    for by in (OTHER_OFFICE, OTHER_UNIT, ADMIN):
        refused = []
        for named in (opinion, "opinion-NEVER0000000000000"):
            with pytest.raises(Unknown) as unknown:
                await house.ask(command, by, opinion=named, **DATA[command])
            refused.append(unknown.value)
        theirs, nothing = refused
        assert (theirs.field, theirs.facts) == (nothing.field, nothing.facts)
    assert await untouched(house) == before


async def test_another_office_s_opinion_is_not_found_by_merging_into_it(house: House) -> None:
    opinion = (await house.receive()).stream
    theirs = (await house.receive(OTHER_OFFICE, office="UBND-MSO")).stream
    for into in (theirs, "opinion-NEVER0000000000000"):
        with pytest.raises(Unknown) as unknown:
            await house.ask("merge_opinion", HUB, opinion=opinion, into=into)
        assert (unknown.value.field, unknown.value.facts) == ("into", {})


async def test_who_took_both_in_is_told_that_two_offices_stay_apart(house: House) -> None:
    opinion = (await house.receive(HUB)).stream
    theirs = (await house.receive(HUB, office="UBND-MSO")).stream
    with pytest.raises(OtherOffice):
        await house.ask("merge_opinion", HUB, opinion=opinion, into=theirs)


@pytest.mark.parametrize("by", [CHIEF, AUDITOR, ADMIN, subject("p-citizen", "NHANDAN", Role.CITIZEN)])
async def test_only_collectors_hand_opinions_in(house: House, by: Subject) -> None:
    with pytest.raises(Forbidden):
        await house.receive(by)


async def test_an_opinion_is_handed_in_at_a_unit_in_force_for_an_office_in_force(house: House) -> None:
    before = await untouched(house)
    with pytest.raises(UnknownUnit) as unit:
        await house.receive(DISSOLVED)
    assert (unit.value.field, unit.value.facts["unit"]) == ("unit", "CU")
    for office in ("TCHCQT", "SGTVT", "NOWHERE"):
        with pytest.raises(NotAnOffice):
            await house.receive(office=office)
    with pytest.raises(UnknownUnit) as locality:
        await house.receive(locality="NOWHERE")
    assert locality.value.field == "locality"
    assert await untouched(house) == before


async def test_the_directory_is_that_of_the_day_on_which_it_happened(house: House) -> None:
    on_its_last_day = START - timedelta(days=9)
    assert (await house.receive(DISSOLVED, at=on_its_last_day)).version == 1


@pytest.mark.parametrize(
    ("command", "changed", "rule"),
    [
        ("classify_opinion", {"field": "nong-nghiep"}, UnknownField),
        ("forward_opinion", {"to": "NOWHERE"}, UnknownUnit),
        ("divert_opinion", {"to": "CU"}, UnknownUnit),
        ("merge_opinion", {}, Unknown),
    ],
)
async def test_what_the_directory_or_the_log_does_not_know_is_refused(
    house: House, command: str, changed: dict[str, Any], rule: type[Refused]
) -> None:
    opinion = (await house.receive()).stream
    before = await untouched(house)
    with pytest.raises(rule):
        await house.ask(command, HUB, opinion=opinion, **{**DATA[command], **changed})
    assert await untouched(house) == before


async def test_before_the_directory_has_arrived_nobody_is_told_that_a_unit_is_unknown(tmp_path: Path) -> None:
    async with bare_house(tmp_path) as house:
        await house.follow()
        with pytest.raises(DirectoryNotYet):
            await house.receive()


async def test_without_a_calendar_nothing_is_classified(tmp_path: Path) -> None:
    async with bare_house(tmp_path) as house:
        await furnish(house, calendar=False)
        opinion = (await house.receive()).stream
        with pytest.raises(NoCalendar):
            await house.ask("classify_opinion", HUB, opinion=opinion, **DATA["classify_opinion"])


async def test_a_fact_may_be_recorded_after_it_happened_but_neither_before_the_receipt_nor_ahead(house: House) -> None:
    opinion = (await house.receive(at=START - timedelta(days=3))).stream
    await house.ask("withdraw_opinion", FEEDER, opinion=opinion, at=START - timedelta(days=2))
    late, withdrawn = await house.log.read_stream(opinion)
    assert (late.occurred, late.recorded) == (micros(START - timedelta(days=3)), micros(START))
    assert codec.read(late).event.received_at == START - timedelta(days=3)
    assert withdrawn.occurred == micros(START - timedelta(days=2))
    with pytest.raises(BeforeReceipt):
        await house.ask("withdraw_opinion", FEEDER, opinion=opinion, at=START - timedelta(days=4))
    with pytest.raises(OccurredAhead):
        await house.receive(at=START + timedelta(minutes=5, microseconds=1))


async def test_a_clock_that_is_five_minutes_ahead_is_set_to_now(house: House) -> None:
    for ahead in (timedelta(microseconds=1), timedelta(minutes=5)):
        (record,) = await house.log.read_stream((await house.receive(at=START + ahead)).stream)
        assert (record.occurred, codec.read(record).event.received_at) == (micros(START), START)


async def test_words_go_to_the_vault_and_not_into_the_log_nor_the_read_side(house: House, tmp_path: Path) -> None:
    opinion = (await house.receive(speaker_name="Lò Văn Bình", speaker_contact="bản Co Mạ")).stream
    await house.ask("request_completion", HUB, opinion=opinion, asked="Xin cho biết cây số.")
    await house.ask("reject_opinion", HUB, opinion=opinion, reason="NAC_DANH", note="Không rõ người gửi.")
    await house.follow()
    at_rest = files_of(tmp_path)
    assert opinion.encode() in at_rest
    for words in ("sạt lở", "Bình", "Co Mạ", "cây số", "người gửi"):
        assert words.encode() not in at_rest


async def test_what_says_who_spoke_hangs_on_a_key_of_the_speaker_s_own(house: House) -> None:
    await house.receive(local_id="1", speaker_name="Lò Văn Bình", speaker_contact="bản Co Mạ")
    await house.receive(local_id="2")
    by_purpose = {each["purpose"]: each["person"] for each in await house.sealed() if each["person"]}
    assert set(by_purpose) == {f"receive_opinion.{each}" for each in ("speaker_name", "speaker_contact", "receipt", "words")}


async def test_words_are_kept_verbatim_and_found_by_folded_search(house: House) -> None:
    decomposed = unicodedata.normalize("NFD", WORDS)  # as some keyboards send it
    (record,) = await house.log.read_stream((await house.receive(words=decomposed)).stream)
    ref = codec.read(record).event.words.ref
    assert await house.vault.open(ref, reader="p-hub", purpose="test") == decomposed
    for asked in ("sat lo", "SẠT LỞ", unicodedata.normalize("NFC", "Đường vào bản"), "duong vao ban"):
        assert await house.vault.search(asked) == [ref]
    assert await house.vault.search("sạt lở cầu treo") == []


async def test_after_the_speaker_is_erased_the_opinion_stands_and_its_receipt_is_gone(house: House) -> None:
    first = await house.receive(local_id="1", speaker_name="Lò Văn Bình")
    (record,) = await house.log.read_stream(first.stream)
    await house.vault.erase_person(codec.read(record).event.speaker)
    again = await house.receive(local_id="1", speaker_name="Lò Văn Bình")
    assert (again.stream, again.answer) == (first.stream, {"receipt": None})
    await house.ask("classify_opinion", HUB, opinion=first.stream, **DATA["classify_opinion"])


async def test_after_referral_intake_decides_nothing_more(house: House) -> None:
    opinion = await house.classified()
    await house.ask("refer_opinion", HUB, opinion=opinion)
    for command in ("withdraw_opinion", "classify_opinion", "reject_opinion"):
        with pytest.raises(AlreadyReferred):
            await house.ask(command, HUB, opinion=opinion, **DATA[command])


def test_every_command_has_one_handler_and_every_stream_a_fold(house: House) -> None:
    assert {"receive_opinion", *DATA} <= set(house.service.desk.handlers)
    assert set(FOLDS) == {
        "opinion",
        "telling",
        "request_receipt",
        "proposal_receipt",
        "consolidation",
        "batch",
        "attachment",
        "fence",
    }
    assert len(handlers("sonla", None, None, None)) == len(house.service.desk.handlers)  # type: ignore[arg-type]


def test_the_form_is_all_that_has_to_be_filled_in() -> None:
    assert model_of(ReceiveOpinion).model_validate(FORM)
    for missing in FORM:
        with pytest.raises(ValueError, match=missing):
            model_of(ReceiveOpinion).model_validate({name: value for name, value in FORM.items() if name != missing})
