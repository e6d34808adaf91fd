"""What must not happen to cases and tasks, asked over HTTP: each is refused by a named rule and leaves no trace."""

from typing import Any

import httpx2

from shared.permit import Subject
from tests.assignment.house import (
    ADMIN,
    CHAIRMAN,
    CHIEF,
    DEPUTY,
    HUB,
    LEADER,
    OTHER_UNIT,
    PARTY,
    REGISTRY,
    SPECIALIST,
    House,
)

FIRST, SECOND = "7Q2K9FXA3MBTW0000001", "7Q2K9FXA3MBTW0000002"
ABOUT_UNIT = ("R16", "R18", "invariant 7")
ABOUT_POST = ("R16", "invariant 7", "brief, corrections")
OWN_OFFICE = ("R35", "brief, corrections")


async def post(house: House, by: Subject, path: str, **body: Any) -> httpx2.Response:
    """Ask on the version in force, as a caller that has just read it does; what is made anew has none."""
    headers = {"Idempotency-Key": f"{path}/{(await house.log.head()).position}"}
    _, _, *stream = path.split("/")
    if stream:
        headers["If-Match"] = f'"{len(await house.log.read_stream(stream[0]))}"'
    async with house.client(by) as client:
        return await client.post(f"/assignment/api{path}", json=body, headers=headers)


async def get(house: House, by: Subject, path: str) -> httpx2.Response:
    async with house.client(by) as client:
        return await client.get(f"/assignment/api{path}", headers={"After-Position": "assignment=1"})


async def refused(
    house: House, by: Subject, path: str, code: str, status: int, rule: tuple[str, ...] | None = None, /, **body: Any
) -> dict[str, Any]:
    """The problem that asking comes to; log and vault are as they were, and both languages say what would make it possible."""
    before = (await house.log.head()).position, await house.sealed()
    answer = await post(house, by, path, **body)
    problem: dict[str, Any] = answer.json()
    assert (answer.status_code, problem["code"]) == (status, code), problem
    assert all(problem["advice"][language] for language in ("vi", "en"))
    assert "{" not in problem["title"] + problem["advice"]["vi"] + problem["advice"]["en"]
    assert rule is None or problem["rule"] == list(rule)
    assert ((await house.log.head()).position, await house.sealed()) == before
    return problem


async def register(house: House, unit: str, kind: str = "phong", office: str | None = "VPUB") -> None:
    await house.ask("register_unit", ADMIN, unit=unit, code=unit, name=unit, kind=kind, office=office, valid_from="2021-01-01")


async def drafted(house: House, **about: Any) -> tuple[str, str]:
    """A case whose unit put its answer forward."""
    case = await house.refer(FIRST, **about)
    task = (await house.ask("assign_case", CHIEF, case=case, lead="TCHCQT")).answer["task"]
    await house.ask("submit_answer", SPECIALIST, case=case, answer="Sẽ tổ chức trong quý II.")
    return case, task


async def concluded(house: House, case: str, unit: str = "TH") -> str:
    """A notice orders a unit to carry something out for the case. Returns its task."""
    item = {"kind": "chi_dao_giai_quyet", "text": "Thực hiện.", "case": case, "unit": unit, "days": 15}
    notice = (await house.ask("draft_notice", HUB, office="VPUB", items=[item])).stream
    await house.issue(notice)
    return next(
        record.stream
        for record in (await house.log.read(0, 1_000)).records
        if record.type == "task.assigned" and notice.encode() in record.data
    )


async def test_a_unit_is_not_given_an_opinion_about_itself(house: House) -> None:
    case = await house.refer(FIRST, concerns_units=("TCHCQT",))
    problem = await refused(house, CHIEF, f"/cases/{case}/assignment", "about-that-unit", 403, ABOUT_UNIT, lead="TCHCQT")
    assert (problem["field"], "TCHCQT" in problem["title"]) == ("lead", True)
    beside = {"lead": "TH", "coordinating": [{"unit": "TCHCQT"}]}
    await refused(house, CHIEF, f"/cases/{case}/assignment", "about-that-unit", 403, **beside)


async def test_nobody_answers_approves_or_opens_an_opinion_about_his_own_unit(house: House) -> None:
    case, _ = await drafted(house)
    await house.ask("recall_case", CHIEF, case=case, reason="Ý kiến phản ánh chính đơn vị này.")
    await house.ask("reclassify_case", CHIEF, case=case, concerns_units=["TCHCQT"])
    await house.ask("assign_case", CHIEF, case=case, lead="TH")
    await house.ask("submit_answer", OTHER_UNIT, case=case, answer="Đã xem xét.")
    await refused(house, HUB, f"/cases/{case}/rejection", "about-that-unit", 403, ABOUT_UNIT, reason="KHONG_RO_NOI_DUNG")
    await refused(house, HUB, f"/cases/{case}/classification", "about-that-unit", 403, concerns_units=[])
    await house.follow()
    assert (await get(house, HUB, f"/cases/{case}/words")).status_code == 404
    assert (await get(house, HUB, f"/cases/{case}/answers/1")).status_code == 404
    assert (await get(house, OTHER_UNIT, f"/cases/{case}/words")).status_code == 200
    assert (await get(house, HUB, f"/cases/{case}")).json()["concerns_units"] == []  # he is not told that it is about them
    assert (await get(house, CHIEF, f"/cases/{case}")).json()["concerns_units"] == ["TCHCQT"]


async def test_nobody_answers_an_opinion_about_the_post_he_holds_though_his_unit_has_the_case(house: House) -> None:
    await hold_post(house, "TP-TCHCQT", "p-leader", "unit_leader", "TCHCQT")
    case = await house.refer(FIRST, concerns_posts=("TP-TCHCQT",))
    await house.ask("assign_case", CHIEF, case=case, lead="TCHCQT")
    answers = f"/cases/{case}/answers"
    problem = await refused(house, LEADER, answers, "about-that-post", 403, ABOUT_POST, answer="Tôi làm đúng.")
    assert "TP-TCHCQT" in problem["title"]
    assert (await post(house, SPECIALIST, answers, answer="Đã xem xét.")).status_code == 200


async def test_nobody_answers_an_opinion_about_his_own_unit_in_the_name_of_the_unit_that_has_it(house: House) -> None:
    await hold_post(house, "TP-TH", "p-other", "unit_leader", "TH")
    case = await house.refer(FIRST, concerns_units=("TCHCQT",))
    await house.ask("assign_case", CHIEF, case=case, lead="TH")
    answers = f"/cases/{case}/answers"
    await refused(house, SPECIALIST, answers, "unknown", 404, answer="Chúng tôi làm đúng.")
    in_his_name: dict[str, Any] = {
        "post": "TP-TH",
        "to": "p-specialist",
        "valid_from": "2023-01-09",
        "valid_to": "2023-01-31",
        "basis": "01/GUQ",
    }
    await house.ask("grant_delegation", OTHER_UNIT, **in_his_name)
    await house.follow()
    await refused(house, SPECIALIST, answers, "about-that-unit", 403, ABOUT_UNIT, answer="Chúng tôi làm đúng.")
    assert (await post(house, OTHER_UNIT, answers, answer="Đã xem xét.")).status_code == 200


async def hold_post(house: House, post: str, person: str, role: str, unit: str = "CVP") -> None:
    if (await house.log.read_stream(f"person-{person}")) == []:
        await house.ask("register_person", ADMIN, person=person, name="Nguyễn Văn A", unit=unit, valid_from="2021-01-01")
    await house.ask("create_post", ADMIN, post=post, unit=unit, name=post, role=role, valid_from="2021-01-01")
    await house.ask("hold_post", ADMIN, post=post, person=person, valid_from="2021-01-01")
    await house.follow()


async def test_whoever_holds_the_post_it_is_about_neither_decides_on_it_nor_reads_it(house: House) -> None:
    await hold_post(house, "PCVP", "p-deputy", "deputy")
    case, _ = await drafted(house, concerns_posts=("PCVP",))
    problem = await refused(house, DEPUTY, f"/cases/{case}/approval", "about-that-post", 403, ABOUT_POST)
    assert "PCVP" in problem["title"]
    await refused(house, DEPUTY, f"/cases/{case}/return", "about-that-post", 403, reason="Sửa.")
    await house.follow()
    assert (await get(house, DEPUTY, f"/cases/{case}/words")).status_code == 404
    assert (await post(house, CHIEF, f"/cases/{case}/approval")).status_code == 200


async def test_the_head_hears_criticism_of_himself_and_takes_it_on_board(house: House) -> None:
    await hold_post(house, "CVP", "p-chief", "chief")
    await house.ask("register_field", ADMIN, field="lanh-dao-chi-dao", name="Lãnh đạo", restricted=False, valid_from="2021-01-01")
    about = {"concerns_posts": ("CVP",), "kind": "gop_y"}
    elsewhere = await house.refer(FIRST, **about)
    assert (await get(house, CHIEF, f"/cases/{elsewhere}/words")).status_code == 200
    assert (await get(house, DEPUTY, f"/cases/{elsewhere}")).status_code == 200
    case = await house.refer(SECOND, field="lanh-dao-chi-dao", **about)
    assert (await get(house, CHIEF, f"/cases/{case}/words")).status_code == 200
    assert (await post(house, CHIEF, f"/cases/{case}/taking-on-board")).status_code == 200
    assert (await get(house, CHIEF, f"/cases/{case}")).json()["stage"] == "da_giai_quyet"


async def test_nobody_who_acts_for_the_head_accounts_for_criticism_of_him_or_of_himself(house: House) -> None:
    await hold_post(house, "CVP", "p-chief", "chief")
    await hold_post(house, "PCVP", "p-deputy", "deputy")
    period: dict[str, Any] = {"valid_from": "2023-01-09", "valid_to": "2023-01-31"}
    await house.ask("grant_delegation", CHIEF, post="CVP", to="p-deputy", basis="02/GUQ-VPUB", **period)
    await house.follow()
    of_the_head = await house.refer(FIRST, concerns_posts=("CVP",), kind="gop_y")
    await refused(house, DEPUTY, f"/cases/{of_the_head}/taking-on-board", "about-that-post", 403, ABOUT_POST)
    of_himself = await house.refer(SECOND, concerns_posts=("PCVP",))
    await refused(house, DEPUTY, f"/cases/{of_himself}/assignment", "about-that-post", 403, ABOUT_POST, lead="TH")
    await refused(house, DEPUTY, f"/cases/{of_himself}/direction", "about-that-post", 403, direction="Không xem xét.")
    about_the_house = await house.refer("7Q2K9FXA3MBTW0000003", concerns_units=("CVP",), kind="gop_y")
    await refused(house, DEPUTY, f"/cases/{about_the_house}/taking-on-board", "about-that-unit", 403, ABOUT_UNIT)
    about_neither = await house.refer("7Q2K9FXA3MBTW0000004")
    assert (await post(house, DEPUTY, f"/cases/{about_neither}/assignment", lead="TH")).status_code == 200


async def test_not_even_the_head_turns_criticism_of_himself_away(house: House) -> None:
    await hold_post(house, "CVP", "p-chief", "chief")
    case = await house.refer(FIRST, concerns_posts=("CVP",))
    other = await house.refer(SECOND)
    for path, body in (
        ("rejection", {"reason": "KHONG_RO_NOI_DUNG"}),
        ("merge", {"into": other}),
        ("quarantine", {"paper": "12/M"}),
        ("withdrawal", {}),
        ("classification", {"concerns_posts": []}),
    ):
        await refused(house, CHIEF, f"/cases/{case}/{path}", "about-that-post", 403, ABOUT_POST, **body)
    assert (await post(house, DEPUTY, f"/cases/{case}/rejection", reason="KHONG_RO_NOI_DUNG")).status_code == 200


async def test_whom_it_is_about_neither_confirms_nor_prolongs_nor_moves_the_work_on_it(house: House) -> None:
    case = await house.refer(FIRST, concerns_units=("TCHCQT",), flags=())
    task = await concluded(house, case)
    await house.ask("submit_task", OTHER_UNIT, task=task)
    await refused(house, HUB, f"/tasks/{task}/revision", "about-that-unit", 403, ABOUT_UNIT, reason="Chưa đủ.")
    await refused(house, HUB, f"/tasks/{task}/completion", "about-that-unit", 403, ABOUT_UNIT)
    await refused(house, HUB, f"/cases/{case}/withdrawal", "about-that-unit", 403, ABOUT_UNIT)
    assert (await post(house, DEPUTY, f"/tasks/{task}/completion")).status_code == 200


async def test_a_matter_is_not_merged_away_from_whom_it_is_about(house: House) -> None:
    about, survivor = await house.refer(FIRST, concerns_units=("TH",)), await house.refer(SECOND)
    await house.ask("assign_case", CHIEF, case=survivor, lead="TH")
    problem = await refused(house, HUB, f"/cases/{about}/merge", "merged-away-from-conflict", 403, ABOUT_UNIT, into=survivor)
    assert (problem["field"], survivor in problem["advice"]["en"], "TH" in problem["title"]) == ("into", True, True)
    await house.ask("recall_case", CHIEF, case=survivor, reason="Cùng phản ánh Phòng TH.")
    await house.ask("reclassify_case", HUB, case=survivor, concerns_units=["TH"])
    assert (await post(house, HUB, f"/cases/{about}/merge", into=survivor)).status_code == 200


async def test_who_takes_over_from_whom_it_is_about_neither_leads_nor_judges_nor_reads_it(house: House) -> None:
    await register(house, "NC")
    case = await house.refer(FIRST, concerns_units=("NC",))
    await house.ask("assign_case", CHIEF, case=case, lead="TH")
    assert (await get(house, HUB, f"/cases/{case}/words")).status_code == 200
    heirs: dict[str, Any] = {"successions": [{"field": None, "to": "TCHCQT"}], "basis": "03/QĐ-UBND", "valid_from": "2023-01-01"}
    await house.ask("succeed_unit", ADMIN, unit="NC", dissolves=True, **heirs)
    await house.follow()
    task = (await get(house, CHIEF, f"/cases/{case}")).json()["task"]
    await refused(house, CHIEF, f"/tasks/{task}/transfer", "about-that-unit", 403, ABOUT_UNIT, to="TCHCQT")
    await refused(house, HUB, f"/cases/{case}/rejection", "about-that-unit", 403, ABOUT_UNIT, reason="KHONG_RO_NOI_DUNG")
    assert (await get(house, HUB, f"/cases/{case}/words")).status_code == 404
    assert (await get(house, OTHER_UNIT, f"/cases/{case}/words")).status_code == 200


async def test_what_the_head_gave_the_chairman_neither_gives_to_others_nor_the_deputy_moves(house: House) -> None:
    await register(house, "SGTVT", "so_nganh", None)
    case, task = await drafted(house)
    beside = {"coordinating": [{"unit": "SGTVT"}]}
    await refused(house, CHAIRMAN, f"/cases/{case}/coordination", "authority-not-held", 403, OWN_OFFICE, **beside)
    await refused(house, DEPUTY, f"/tasks/{task}/transfer", "forbidden", 403, to="TH")
    given: dict[str, Any] = {"unit": "TH", "office": "VPUB", "type": "tuyen_truyen", "about": "plan-VPUB-2023"}
    given |= {"due": "2023-01-18"}
    await refused(house, CHAIRMAN, "/tasks", "authority-not-held", 403, OWN_OFFICE, **given)
    told = (await house.ask("give_task", CHIEF, **{**given, "unit": "TCHCQT"})).stream
    assert (await post(house, DEPUTY, f"/tasks/{told}/transfer", to="TH")).status_code == 200


async def test_the_head_gives_no_work_to_another_body_by_any_way(house: House) -> None:
    await register(house, "SGTVT", "so_nganh", None)
    case, task = await drafted(house)
    waiting = await house.refer(SECOND)
    await refused(house, CHIEF, f"/cases/{waiting}/assignment", "lead-outside-office", 409, OWN_OFFICE, lead="SGTVT")
    as_chairman = {"lead": "SGTVT", "authority": "CT"}
    await refused(house, CHIEF, f"/cases/{waiting}/assignment", "authority-not-held", 403, OWN_OFFICE, **as_chairman)
    await refused(house, CHIEF, f"/tasks/{task}/transfer", "lead-outside-office", 409, OWN_OFFICE, to="SGTVT")
    asked = {"unit": "SGTVT", "question": "?"}
    await refused(house, SPECIALIST, f"/cases/{case}/consultations", "lead-outside-office", 409, OWN_OFFICE, **asked)
    given = {"unit": "SGTVT", "office": "VPUB", "type": "tuyen_truyen", "about": "plan-VPUB-2023", "due": "2023-01-18"}
    for authority, code, status in (("CVP", "lead-outside-office", 409), ("CT", "authority-not-held", 403)):
        await refused(house, CHIEF, "/tasks", code, status, OWN_OFFICE, **given, authority=authority)


async def test_the_chairman_gives_nothing_that_was_not_put_to_his_dialogue(house: House) -> None:
    await register(house, "SGTVT", "so_nganh", None)
    case = await house.refer(FIRST)
    body = {"lead": "SGTVT", "authority": "CT"}
    await refused(house, CHAIRMAN, f"/cases/{case}/assignment", "not-on-the-chairmans-track", 403, **body)


async def test_a_case_with_open_work_or_a_flag_without_conclusion_is_not_closed(house: House) -> None:
    case, _ = await drafted(house)
    task = await concluded(house, case)
    await house.ask("approve_answer", CHIEF, case=case)
    await house.ask("deliver_answer", SPECIALIST, case=case, means="van_ban")
    done_first = ("invariant 5", "brief, corrections")
    problem = await refused(house, HUB, f"/cases/{case}/closure", "work-still-open", 409, done_first)
    assert "1" in problem["title"]
    await refused(house, HUB, f"/tasks/{task}/completion", "nothing-submitted-yet", 409)
    await house.ask("submit_task", OTHER_UNIT, task=task)
    await house.ask("complete_task", HUB, task=task)
    assert (await post(house, HUB, f"/cases/{case}/closure")).status_code == 200
    second = await house.refer(SECOND)
    await house.ask("assign_case", CHIEF, case=second, lead="TCHCQT")
    await house.ask("submit_answer", SPECIALIST, case=second, answer="Đã giải quyết.")
    await house.ask("approve_answer", CHIEF, case=second)
    await house.ask("deliver_answer", SPECIALIST, case=second, means="van_ban")
    await refused(house, HUB, f"/cases/{second}/closure", "conclusion-missing", 409, ("R5",))


async def test_a_merge_in_a_circle_is_refused(house: House) -> None:
    first, second = await house.refer(FIRST), await house.refer(SECOND)
    assert (await post(house, HUB, f"/cases/{second}/merge", into=first)).status_code == 200
    for into in (second, first):
        await refused(house, HUB, f"/cases/{first}/merge", "case-merged-in-a-circle", 422, ("invariant 3",), into=into)
    assert (await get(house, HUB, f"/cases/{first}")).json()["submitters"] == [second]
    assert (await get(house, HUB, f"/cases/{second}")).json()["into"] == first


async def test_a_longer_circle_is_seen_too(house: House) -> None:
    cases = [await house.refer(f"7Q2K9FXA3MBTW000000{n}") for n in range(4)]
    for n in (1, 2, 3):
        # Each into the one before: the last three hang on the first.
        await house.ask("merge_case", HUB, case=cases[4 - n], into=cases[3 - n])
    await refused(house, HUB, f"/cases/{cases[0]}/merge", "case-merged-in-a-circle", 422, into=cases[3])
    found = (await get(house, HUB, f"/cases/{cases[0]}")).json()
    assert set(found["submitters"]) == set(cases[1:])


async def test_a_transfer_that_would_move_the_due_date_is_refused(house: House) -> None:
    _, task = await drafted(house)
    body, kept = {"to": "TH", "due": "2023-02-28"}, ("invariant 8", "invariant 9")
    problem = await refused(house, CHIEF, f"/tasks/{task}/transfer", "transfer-keeps-the-day", 422, kept, **body)
    assert (problem["field"], "30/01/2023" in problem["title"]) == ("due", True)
    assert (await post(house, CHIEF, f"/tasks/{task}/transfer", to="TH")).status_code == 200
    found = (await get(house, OTHER_UNIT, f"/tasks/{task}")).json()
    assert (found["unit"], found["due"], found["stage"]) == ("TH", "2023-01-30", "trinh_ket_qua")


async def test_an_answer_is_not_approved_before_the_party_committee_has_spoken(house: House) -> None:
    case, _ = await drafted(house, field="dao-duc-loi-song")
    await refused(house, CHIEF, f"/cases/{case}/approval", "party-opinion-missing", 409)
    assert (await get(house, PARTY, f"/cases/{case}/words")).status_code == 200
    assert (await post(house, PARTY, f"/cases/{case}/party-opinion", opinion="Nhất trí.")).status_code == 200
    assert (await post(house, CHIEF, f"/cases/{case}/approval")).status_code == 200


async def test_nobody_confirms_his_own_result_and_nobody_drops_a_conclusion(house: House) -> None:
    case, _ = await drafted(house)
    task = await concluded(house, case, unit="TCHCQT")
    await house.ask("submit_task", HUB, task=task)
    await refused(house, HUB, f"/tasks/{task}/completion", "own-work", 403)
    await refused(house, CHIEF, f"/tasks/{task}/cancellation", "conclusion-stands", 409)
    assert (await post(house, CHIEF, f"/tasks/{task}/completion")).status_code == 200


async def test_more_time_is_asked_for_before_it_is_given_and_urging_waits_for_the_day(house: House) -> None:
    _, task = await drafted(house)
    await refused(house, CHIEF, f"/tasks/{task}/extension/grant", "nothing-asked-for", 409)
    body = {"until": "2023-01-20", "reason": "Cần ý kiến Sở Tài chính."}
    await refused(house, LEADER, f"/tasks/{task}/extension", "not-later", 422, **body)
    await refused(house, HUB, f"/tasks/{task}/urging", "not-overdue", 409)
    await refused(house, HUB, f"/tasks/{task}/escalation", "not-overdue", 409, to="lanh_dao_don_vi")


async def test_a_resolved_matter_is_reopened_and_an_open_one_is_not(house: House) -> None:
    case, _ = await drafted(house)
    await refused(house, HUB, f"/cases/{case}/reopening", "not-resolved", 409, reason="Chưa xong.")
    await post(house, HUB, f"/cases/{case}/withdrawal")
    await refused(house, HUB, f"/cases/{case}/reopening", "not-resolved", 409, reason="Chưa xong.")


async def test_a_notice_directs_no_work_without_a_unit_or_a_day(house: House) -> None:
    order = {"kind": "chi_dao_giai_quyet", "text": "Thực hiện.", "unit": "TH", "days": 15}
    for missing in ("unit", "days"):
        item = {name: value for name, value in order.items() if name != missing}
        body = {"office": "VPUB", "items": [order, item]}
        problem = await refused(house, HUB, "/notices", "unit-or-day-missing", 422, ("R37",), **body)
        assert (problem["field"], "2" in problem["title"]) == ("items.1", True)
    assert (await post(house, HUB, "/notices", office="VPUB", items=[order])).status_code == 201


async def test_a_number_is_not_given_twice_by_any_way(house: House) -> None:
    await house.open_book()
    first, second = [await ordered(house, unit) for unit in ("TH", "TCHCQT")]
    out = {"book": "TB-VPUB", "number": 3, "means": "giay"}
    answer = await post(house, REGISTRY, f"/notices/{first}/issue", document=await house.paper(first), **out)
    assert (answer.status_code, answer.json()["number"]) == (200, "03/TB-VPUB")
    paper = await house.paper(second)
    again = {"document": paper, **out}
    problem = await refused(house, REGISTRY, f"/notices/{second}/issue", "number-taken", 409, ("invariant 11",), **again)
    assert (problem["field"], "3" in problem["title"]) == ("number", True)
    third = {"book": "TB-VPUB", "number": 3}
    await refused(house, REGISTRY, f"/documents/{paper}/number", "number-taken", 409, ("invariant 11",), **third)
    await house.open_book("KH-VPUB")
    window = {"report": "six_month", "first": "2023-01-04", "last": "2023-05-31", "before": "2023-06-10"}
    annual = {"report": "annual", "first": "2023-01-04", "last": "2023-10-31", "before": "2023-11-20"}
    drafted = await post(
        house, HUB, "/plans", office="VPUB", year=2023, bases=[{"number": "12-QĐi/TU"}], windows=[window, annual]
    )
    assert drafted.status_code == 201
    await house.ask(
        "issue_document", REGISTRY, document=await house.paper("plan-VPUB-2022", "ke_hoach"), book="KH-VPUB", number=1
    )
    plan = await house.paper("plan-VPUB-2023", "ke_hoach")
    one = {"document": plan, "book": "KH-VPUB", "number": 1, "means": "giay"}
    await refused(house, REGISTRY, "/plans/plan-VPUB-2023/issue", "dissemination-missing", 422, ("R29",), **one)
    one = {**one, "disseminate": ["TH"]}
    await refused(house, REGISTRY, "/plans/plan-VPUB-2023/issue", "number-taken", 409, ("invariant 11",), **one)
    assert (await post(house, REGISTRY, "/plans/plan-VPUB-2023/issue", **{**one, "number": 2})).status_code == 200
    await refused(house, HUB, "/plans/plan-VPUB-2023/closure", "plan-not-over", 409, ("R1", "R44", "year §2.8"))


async def test_nothing_goes_out_without_a_signed_paper_of_its_own_and_by_the_registry_alone(house: House) -> None:
    await house.open_book()
    first, second = [await ordered(house, unit) for unit in ("TH", "TCHCQT")]
    out = {"book": "TB-VPUB", "number": 3, "means": "giay"}
    await refused(house, REGISTRY, f"/notices/{first}/issue", "paper-missing", 422, **out)
    unsigned = (await house.ask("draft_document", HUB, kind="thong_bao", about=first)).stream
    await refused(house, REGISTRY, f"/notices/{first}/issue", "not-signed", 409, document=unsigned, **out)
    paper = await house.paper(first)
    await refused(house, REGISTRY, f"/notices/{second}/issue", "other-paper", 422, document=paper, **out)
    await refused(house, CHIEF, f"/notices/{first}/issue", "forbidden", 403, document=paper, **out)
    assert (await post(house, REGISTRY, f"/notices/{first}/issue", document=paper, **out)).status_code == 200


async def test_a_notice_gives_no_unit_work_on_an_opinion_about_itself(house: House) -> None:
    case = await house.refer(FIRST, concerns_units=("TH",))
    await house.open_book()
    for beside in ({"unit": "TH"}, {"unit": "TCHCQT", "coordinating": [{"unit": "TH"}]}):
        item = {"kind": "chi_dao_giai_quyet", "text": "Thực hiện.", "case": case, "days": 15, **beside}
        notice = (await house.ask("draft_notice", HUB, office="VPUB", items=[item])).stream
        paper = await house.paper(notice)
        body = {"document": paper, "book": "TB-VPUB", "number": 3, "means": "giay"}
        await refused(house, REGISTRY, f"/notices/{notice}/issue", "about-that-unit", 403, **body)


async def ordered(house: House, unit: str) -> str:
    """A drafted notice that gives a unit work."""
    item = {"kind": "chi_dao_giai_quyet", "text": "Thực hiện.", "unit": unit, "days": 15}
    return (await house.ask("draft_notice", HUB, office="VPUB", items=[item])).stream


async def test_the_leader_of_a_unit_directs_no_work_by_signing_in_the_place_of_the_head(house: House) -> None:
    case, _ = await drafted(house)
    item = {"kind": "chi_dao_giai_quyet", "text": "Thực hiện.", "case": case, "unit": "TH", "days": 15}
    notice = (await house.ask("draft_notice", HUB, office="VPUB", items=[item])).stream
    to = [{"recipient": "TH", "purpose": "Thực hiện", "mandatory": True}]
    paper = (await house.ask("draft_document", HUB, recipients=to, kind="thong_bao", about=notice)).stream
    await house.ask("submit_document", HUB, document=paper)
    await refused(house, OTHER_UNIT, f"/documents/{paper}/signature", "not-by-order", 403, ("R37", "R41"), capacity="TL")
    await house.ask("sign_document", CHIEF, document=paper, capacity="TL")
    await house.open_book()
    out: dict[str, Any] = {"document": paper, "book": "TB-VPUB", "number": 3, "means": "giay"}
    await refused(house, REGISTRY, f"/notices/{notice}/issue", "signed-by-another", 422, ("R35", "R37", "R41"), **out)


async def test_what_is_named_in_the_place_of_something_else_is_not_there(house: House) -> None:
    request = await post(house, HUB, "/requests/request-1/acceptance", session="request-1")
    proposal = await post(house, CHIEF, "/proposals/proposal-1/submission", document="proposal-1")
    assert (request.status_code, request.json()["field"]) == (404, "session")
    assert (proposal.status_code, proposal.json()["field"]) == (404, "document")
