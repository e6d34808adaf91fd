"""Words that must go are destroyed in the vault, not only left out: by redaction and quarantine, whenever the house dies."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from services.intake.app import build
from services.intake.handlers import FOLDS
from shared.contracts.case import CaseQuarantined
from shared.decider import load
from shared.eventlog import codec
from shared.eventlog.verify import verify
from shared.subscriptions.following import Following
from shared.vault.port import ERASED, VaultUnavailable
from tests.intake.house import FEEDER, HUB, WORDS, House, bare_house, furnish

CLEAN = "Cần gặp lãnh đạo về hộ nghèo."
TELEPHONE = "Số điện thoại của tôi là 0912 xxx 123, cần gặp lãnh đạo về hộ nghèo."
REASON = "Có dữ liệu cá nhân."


async def former(house: House, opinion: str) -> Sequence[str]:
    """What the last redaction or quarantine of an opinion names as to be erased."""
    named = [codec.read(record).event for record in await house.log.read_stream(opinion)]
    found: Sequence[str] = next(event.former for event in reversed(named) if hasattr(event, "former"))
    return found


async def opened(house: House, refs: Sequence[str]) -> set[Any]:
    return set((await house.vault.open_many(refs, reader="p-test", purpose="test")).values())


async def holds_together(house: House, opinion: str) -> Any:
    """The log verifies, and its events fold as before; the state of an opinion."""
    assert (await verify(house.log, house.database)).sound
    return (await load(house.log, {opinion: FOLDS["opinion"]}))[opinion].state


async def test_after_a_redaction_the_former_words_open_nowhere_and_are_found_by_nothing(house: House) -> None:
    opinion = (await house.receive(words=TELEPHONE)).stream
    assert len(await house.vault.search("số điện thoại")) == 1
    await house.ask("redact_opinion", HUB, opinion=opinion, words=CLEAN, reason=REASON)
    await house.follow()
    (ref,) = await former(house, opinion)
    assert await opened(house, [ref]) == {ERASED}
    assert await house.vault.search("số điện thoại") == []
    (row,) = [row for row in await house.sealed() if row["ref"] == ref]
    assert (row["sealed"], row["wrapped_key"], row["tokens"]) == (None, None, None)
    (certificate,) = await house.vault.erasures(ref)
    assert (certificate.subject, certificate.records) == (ref, 1)
    assert (await holds_together(house, opinion)).receipt.words.ref != ref
    async with house.client(HUB) as client:
        assert (await client.get(f"/intake/api/opinions/{opinion}/words")).json() == {"words": CLEAN}


async def test_what_a_correction_and_a_completion_replaced_goes_with_a_redaction_and_not_before(house: House) -> None:
    opinion = (await house.receive(words=TELEPHONE)).stream
    await house.ask("correct_opinion", FEEDER, opinion=opinion, words=f"{TELEPHONE} Xã Mường La.", reason="Thiếu xã.")
    await house.ask("request_completion", HUB, opinion=opinion, asked="Bản nào?")
    await house.ask("complete_opinion", FEEDER, opinion=opinion, words=f"{TELEPHONE} Bản Co Mạ.")
    await house.follow()
    assert len(await house.vault.search("số điện thoại")) == 3  # what was put right stays to be seen
    await house.ask("redact_opinion", HUB, opinion=opinion, words=CLEAN, reason=REASON)
    await house.follow()
    refs = await former(house, opinion)
    assert (len(refs), await opened(house, refs), await house.vault.search("số điện thoại")) == (3, {ERASED}, [])
    await house.ask("redact_opinion", HUB, opinion=opinion, words="Xin gặp lãnh đạo.", reason=REASON)
    assert len(await former(house, opinion)) == 1  # the others are gone already


async def test_a_part_of_a_split_opinion_takes_the_whole_that_it_came_from_with_it(house: House) -> None:
    whole = (await house.receive(words=f"{TELEPHONE} {WORDS}")).stream
    parts = [{"words": TELEPHONE}, {"words": WORDS}]
    personal, other = (await house.ask("split_opinion", HUB, opinion=whole, parts=parts)).answer["children"]
    await house.ask("redact_opinion", HUB, opinion=personal, words=CLEAN, reason=REASON)
    await house.follow()
    assert await house.vault.search("số điện thoại") == []
    async with house.client(HUB) as client:
        said = [(await client.get(f"/intake/api/opinions/{each}/words")).json()["words"] for each in (whole, personal, other)]
    assert said == [None, CLEAN, WORDS]


async def test_of_a_suspected_state_secret_only_the_number_of_its_paper_is_kept(house: House) -> None:
    opinion = (await house.receive()).stream
    await house.ask("quarantine_opinion", FEEDER, opinion=opinion, paper="125/CV-M")
    await house.follow()
    async with house.client(HUB) as client:
        assert (await client.get(f"/intake/api/opinions/{opinion}/words")).json() == {"words": None}
    assert await opened(house, await former(house, opinion)) == {ERASED}
    assert await house.vault.search("sạt lở") == []
    assert not any(WORDS.encode() in record.data for record in await house.log.read_stream(opinion))
    assert (await holds_together(house, opinion)).how == "rejected"
    again = await house.receive(local_id="BTCD-1", words=WORDS)
    await house.ask("quarantine_opinion", FEEDER, opinion=again.stream, paper="126/CV-M")
    await house.follow()
    assert (await house.receive(local_id="BTCD-1", words=WORDS)).stream == again.stream
    assert await house.vault.search("sạt lở") == []  # handed in again, it meets its copy and brings no words


async def test_words_to_be_erased_are_not_answered_before_they_are(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    opinion = (await house.receive()).stream
    await house.ask("quarantine_opinion", FEEDER, opinion=opinion, paper="125/CV-M")

    async def away(ref: str) -> Any:
        raise VaultUnavailable("away")

    monkeypatch.setattr(house.vault, "erase_record", away)
    for follower in house.following.followers:
        if follower.subscription == "opinions":
            await follower.catch_up()
    assert await opened(house, await former(house, opinion)) == {WORDS}
    assert await house.service.queries.opinions.words(HUB, opinion) is None


async def come_back(house: House) -> Following:
    """The service as it stands up again on the same databases; it catches up with its logs."""
    following = Following(build(house.service.kernel))
    await following.drain()
    return following


async def test_a_house_that_died_before_it_erased_erases_when_it_comes_back(house: House) -> None:
    opinion = (await house.receive(words=TELEPHONE)).stream
    await house.ask("redact_opinion", HUB, opinion=opinion, words=CLEAN, reason=REASON)
    refs = await former(house, opinion)
    assert await opened(house, refs) == {TELEPHONE}
    await come_back(house)
    assert await opened(house, refs) == {ERASED}
    assert len(await house.vault.erasures(refs[0])) == 1
    await holds_together(house, opinion)


async def test_a_house_that_died_after_it_erased_does_it_again_and_nothing_changes(house: House) -> None:
    opinion = (await house.receive(words=TELEPHONE)).stream
    await house.ask("redact_opinion", HUB, opinion=opinion, words=CLEAN, reason=REASON)
    (ref,) = await former(house, opinion)
    certificate = await house.vault.erase_record(ref)
    following = await come_back(house)
    assert await house.vault.erasures(ref) == [certificate]
    assert {(status.state, status.parked) for status in following.status()} == {("running", 0)}


async def test_a_vault_that_is_away_is_waited_for(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    opinion = (await house.receive(words=TELEPHONE)).stream
    await house.ask("redact_opinion", HUB, opinion=opinion, words=CLEAN, reason=REASON)
    real, refused = house.vault.erase_record, 0

    async def back_after_two(ref: str) -> Any:
        nonlocal refused
        refused += 1
        if refused <= 2:
            raise VaultUnavailable("away")
        return await real(ref)

    async def at_once(seconds: float) -> None:
        return

    monkeypatch.setattr(house.vault, "erase_record", back_after_two)
    await Following(house.service, sleep=at_once).drain()
    assert (refused, await opened(house, await former(house, opinion))) == (3, {ERASED})


async def test_a_new_house_with_nothing_to_erase_erases_nothing(tmp_path: Path) -> None:
    async with bare_house(tmp_path) as empty:
        await furnish(empty)
        await empty.receive()
        await empty.follow()
        assert await empty.vault.erasures() == []


async def test_when_its_case_is_quarantined_after_referral_its_words_go_here_too_with_all_that_they_replaced(
    house: House,
) -> None:
    opinion = await house.classified(words=TELEPHONE)
    await house.ask("correct_opinion", FEEDER, opinion=opinion, words=f"{TELEPHONE} Xã Mường La.", reason="Thiếu xã.")
    await house.refer(opinion)
    episode = f"{opinion.removeprefix('opinion-')}/1"
    await house.become(opinion, CaseQuarantined(episode=episode, office="VPUB", opinion=opinion, paper="125/CV-M"))
    await house.follow()
    refs = await former(house, opinion)
    assert (len(refs), await opened(house, refs), await house.vault.search("số điện thoại")) == (2, {ERASED}, [])
    assert type(await holds_together(house, opinion)).__name__ == "Referred"  # assignment says how it ended
    async with house.client(HUB) as client:
        assert (await client.get(f"/intake/api/opinions/{opinion}/words")).json() == {"words": None}


async def test_what_was_merged_into_it_says_the_same_and_its_words_go_too(house: House) -> None:
    for referred in (False, True):
        opinion, same = await house.classified(words=TELEPHONE), (await house.receive(words=f"{TELEPHONE} Đã báo.")).stream
        await house.ask("merge_opinion", HUB, opinion=same, into=opinion)
        if referred:
            await house.refer(opinion)
            episode = f"{opinion.removeprefix('opinion-')}/1"
            await house.become(opinion, CaseQuarantined(episode=episode, office="VPUB", opinion=opinion, paper="125/CV-M"))
        else:
            await house.ask("quarantine_opinion", FEEDER, opinion=opinion, paper="125/CV-M")
        await house.follow()
        assert await opened(house, [*await former(house, opinion), *await former(house, same)]) == {ERASED}
        assert await house.vault.search("số điện thoại") == []
        assert (await holds_together(house, same)).how == "merged"


async def test_of_what_was_raised_in_a_session_intake_has_no_words_to_erase(house: House) -> None:
    nothing = "opinion-7Q2K9FXA3MBTW0000009"
    quarantined = CaseQuarantined(episode="7Q2K9FXA3MBTW0000009/1", office="VPUB", opinion=nothing, paper="125/CV-M")
    await house.become(nothing, quarantined)
    await house.follow()
    assert await house.types(nothing) == []
