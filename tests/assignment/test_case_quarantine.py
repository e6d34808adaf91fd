"""A suspicion of a state secret after referral: the case ends, all that it says goes, and a pointer to the paper stays."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from services.assignment.domain.case.commands import QuarantineCase, RejectCase
from services.assignment.domain.case.refusals import AboutThatUnit, AlreadyQuarantined, QuarantineInstead
from services.assignment.readmodel.words.said import said_of
from shared.contracts.case import (
    CaseClosed,
    CaseConcluded,
    CaseMerged,
    CaseQuarantined,
    CaseRejected,
    CaseSubmitterAdded,
    CaseWithdrawn,
)
from shared.contracts.opinion import RejectionReason
from shared.contracts.task import TaskCancelled, TaskType
from shared.vault.port import ERASED, VaultUnavailable
from tests.assignment import stage
from tests.assignment.house import CHIEF, FEEDER, HUB, LEADER, OTHER_UNIT, SPECIALIST, House, house
from tests.assignment.stage import ASSIGNED, CASE, EPISODE, OPENED, OPINION, RESOLVED, TASK, WORK, given
from tests.support.scenario import sealed

PAPER = "125/CV-M"
QUARANTINE = QuarantineCase(case=CASE, paper=PAPER)
QUARANTINED = CaseQuarantined(episode=EPISODE, office="VPUB", opinion=OPINION, paper=PAPER)
REJECTED = CaseRejected(episode=EPISODE, reason=RejectionReason.STATE_SECRET, note=None)
SUFFIX = "00000000000000000777"


def test_an_open_case_ends_rejected_and_its_work_with_it() -> None:
    given(OPENED, ASSIGNED, task=[WORK]).when(QUARANTINE, stage.HUB).then(
        {CASE: [QUARANTINED, REJECTED], TASK: [TaskCancelled(unit="TCHCQT", reason=None)]}
    )


def test_what_a_notice_ordered_does_not_keep_the_words() -> None:
    carrying = "task-00000000000000000009"
    ordered = CaseConcluded(episode=EPISODE, notice="notice-1", item=1, unit="TH", task=carrying)
    work = {carrying: [replace(WORK, type=TaskType.CARRY_OUT, unit="TH")]}
    given(OPENED, ordered, more=work).when(QUARANTINE, stage.HUB).then({CASE: [QUARANTINED, REJECTED]})


@pytest.mark.parametrize(
    "ended", [(CaseWithdrawn(episode=EPISODE, note=None),), (RESOLVED,), (RESOLVED, CaseClosed(episode=EPISODE))]
)
def test_what_has_ended_stays_as_it_ended_and_only_its_words_go(ended: tuple[Any, ...]) -> None:
    given(OPENED, *ended).when(QUARANTINE, stage.HUB).then({CASE: [QUARANTINED]})


def test_it_is_not_only_rejected() -> None:
    only = RejectCase(case=CASE, reason=RejectionReason.STATE_SECRET, note=sealed(1))
    given(OPENED).when(only, stage.HUB).refuses(QuarantineInstead)


def test_people_of_a_unit_that_it_is_about_do_not_make_it_disappear() -> None:
    given(replace(OPENED, concerns_units=("TCHCQT",))).when(QUARANTINE, stage.HUB).refuses(AboutThatUnit)


@pytest.mark.parametrize("ended", [(), (RESOLVED,), (RESOLVED, CaseClosed(episode=EPISODE))])
def test_it_is_quarantined_once(ended: tuple[Any, ...]) -> None:
    over = ended or (REJECTED,)
    given(OPENED, *over, QUARANTINED).when(QUARANTINE, stage.HUB).refuses(AlreadyQuarantined)


def test_what_was_merged_into_it_goes_with_it() -> None:
    other = replace(OPENED, opinion="opinion-7Q2K9FXA3MBTW0000002", episode="7Q2K9FXA3MBTW0000002/1")
    merged = "case-7Q2K9FXA3MBTW0000002"
    away = [other, CaseMerged(episode=other.episode, into=CASE)]
    hidden = replace(QUARANTINED, opinion=other.opinion, episode=other.episode)
    history = (OPENED, CaseSubmitterAdded(merged=merged), RESOLVED)
    given(*history, more={merged: away}).when(QUARANTINE, stage.HUB).then({CASE: [QUARANTINED], merged: [hidden]})
    given(*history, more={merged: [*away, hidden]}).when(QUARANTINE, stage.HUB).then({CASE: [QUARANTINED]})


async def spoken_of(made: House) -> str:
    """A case with a draft that was returned, another one, a direction, a unit that was asked, and an extension; its id."""
    case = await made.refer(SUFFIX)
    task = (await made.ask("assign_case", CHIEF, case=case, lead="TCHCQT")).answer["task"]
    await made.ask("direct_case", CHIEF, case=case, direction="Chỉ đạo mật.")
    await made.ask("consult_unit", LEADER, case=case, unit="TH", question="Hỏi ý kiến mật.")
    await made.ask("request_extension", LEADER, task=task, until="2023-03-01", reason="Lý do mật.")
    await made.ask("submit_answer", SPECIALIST, case=case, answer="Dự thảo mật.", solution="Phương án mật.")
    await made.ask("return_answer", CHIEF, case=case, reason="Sửa mật.")
    await made.ask("submit_answer", SPECIALIST, case=case, answer="Dự thảo lần hai.")
    await made.follow()
    return case


async def opened(made: House, case: str) -> set[Any]:
    refs = await said_of(made.log, case)
    return set((await made.vault.open_many(refs, reader="p-test", purpose="test")).values())


async def test_all_that_was_said_of_it_is_destroyed_and_the_number_of_its_paper_stays(tmp_path: Path) -> None:
    async with house(tmp_path) as made:
        case = await spoken_of(made)
        assert len(await said_of(made.log, case)) == 8
        assert ERASED not in await opened(made, case)
        await made.ask("quarantine_case", HUB, case=case, paper=PAPER)
        await made.follow()
        assert await opened(made, case) == {ERASED}
        async with made.client(CHIEF) as client:
            shown = (await client.get(f"/assignment/api/cases/{case}")).json()
            read = [await client.get(f"/assignment/api/cases/{case}/{path}") for path in ("words", "answers/1")]
        assert (shown["stage"], shown["paper"]) == ("khong_du_dieu_kien", PAPER)
        assert [each.status_code for each in read] == [404, 404]


async def test_nobody_reads_it_before_it_is_destroyed_either(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with house(tmp_path) as made:
        case = await spoken_of(made)

        async def away(ref: str) -> Any:
            raise VaultUnavailable("away")

        monkeypatch.setattr(made.vault, "erase_record", away)
        await made.ask("quarantine_case", HUB, case=case, paper=PAPER)
        for follower in made.following.followers:
            if follower.subscription == "cases":
                await follower.catch_up()
        assert ERASED not in await opened(made, case)
        for by in (CHIEF, LEADER, FEEDER):
            made.live = True  # only the cases are followed
            async with made.client(by) as client:
                assert (await client.get(f"/assignment/api/cases/{case}/words")).status_code == 404
                assert (await client.get(f"/assignment/api/cases/{case}/answers/2")).status_code == 404
        made.live = False


async def test_a_part_takes_the_whole_that_it_was_split_off_with_it(tmp_path: Path) -> None:
    async with house(tmp_path) as made:
        whole = await made.refer(SUFFIX)
        split = await made.ask("split_case", HUB, case=whole, parts=[{"words": "Việc mật."}, {"words": "Việc thường."}])
        secret, other = split.answer["children"]
        await made.ask("quarantine_case", HUB, case=secret, paper=PAPER)
        await made.follow()
        assert (await opened(made, secret), await opened(made, whole)) == ({ERASED}, {ERASED})
        assert "Việc thường." in await opened(made, other)


async def test_over_http_it_needs_the_version_that_was_seen(tmp_path: Path) -> None:
    async with house(tmp_path) as made:
        case = await made.refer(SUFFIX)
        path = f"/assignment/api/cases/{case}/quarantine"
        async with made.client(HUB) as client:
            assert (await client.post(path, json={"paper": PAPER})).status_code == 428
            assert (await client.post(path, json={"paper": PAPER}, headers={"If-Match": '"1"'})).status_code == 200
            again = await client.post(path, json={"paper": "126/CV-M"}, headers={"If-Match": '"3"'})
            assert (again.status_code, again.json()["code"]) == (409, "already-quarantined")
        await made.follow()
        assert await opened(made, case) == {ERASED}


async def test_a_notice_about_it_that_was_only_drafted_and_work_beside_its_lead_go_too(tmp_path: Path) -> None:
    async with house(tmp_path) as made:
        case = await made.refer(SUFFIX)
        item = {"kind": "chi_dao_giai_quyet", "case": case, "text": "Kết luận mật.", "unit": "TCHCQT", "days": 15}
        other = {"kind": "ket_luan", "text": "Kết luận thường."}
        issued = (await made.ask("draft_notice", HUB, office="VPUB", items=[{**item, "coordinating": [{"unit": "TH"}]}])).stream
        _, beside = (await made.issue(issued)).answer["tasks"]
        await made.ask("request_extension", OTHER_UNIT, task=beside, until="2023-03-01", reason="Lý do mật.")
        await made.ask("draft_notice", HUB, office="VPUB", items=[{**item, "text": "Dự thảo mật."}, other])
        said = await opened(made, case)
        assert {"Kết luận mật.", "Lý do mật.", "Dự thảo mật."} <= said
        assert "Kết luận thường." not in said
