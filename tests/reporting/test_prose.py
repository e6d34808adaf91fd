"""The sections of a report say what its figures say: nothing, one and many worded rightly (reference of documents, §6)."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from services.reporting.domain.figures.dues import Due, first_day
from services.reporting.domain.text.sections import opening, sections
from services.reporting.domain.text.told import (
    AddedUp,
    BroughtLine,
    BroughtPaper,
    Cited,
    Flagged,
    Held,
    LastYear,
    Notice,
    PutOff,
    Sent,
    Told,
    Work,
)
from services.reporting.domain.text.wording import change, out_of, per_cent
from services.reporting.entrypoints.appendices import conclusions as conclusions_of
from services.reporting.readmodel import headings
from shared.contracts.report import ReportKind, Section
from shared.documents.citing import cited_in_full
from shared.documents.days import full_day, short_day
from shared.documents.numbers import count, number
from tests.reporting.prose import opinions, told


def said(of: Told, title: str) -> str:
    """What stands under the section whose title begins so."""
    [section] = [each for each in sections(of) if each.title.startswith(title)]
    return " ".join(section.drafted)


def test_counts_have_two_digits_before_a_noun_and_nothing_is_said_as_such() -> None:
    assert [count(n) for n in (0, 1, 9, 10, 1234)] == ["không", "01", "09", "10", "1.234"]
    assert [number(n) for n in (0, 1_234_567, -3)] == ["0", "1.234.567", "−3"]
    assert [change(n) for n in (0, 1, -12)] == ["0", "+01", "−12"]
    assert per_cent("76.3") == "76,3%"


def test_days_are_written_as_the_decree_has_them() -> None:
    assert [short_day(date(2023, 1, 9)), short_day(date(2023, 3, 21)), short_day(date(2023, 11, 7))] == [
        "09/01/2023",
        "21/3/2023",
        "07/11/2023",
    ]
    assert full_day(date(2023, 2, 27)) == "ngày 27 tháng 02 năm 2023"
    assert full_day(date(2023, 6, 9)) == "ngày 09 tháng 6 năm 2023"


def test_the_first_paragraph_names_plan_and_days_and_the_first_year() -> None:
    first = opening(told())
    assert first.startswith("Thực hiện Kế hoạch số 01/KH-VPUB ngày 04 tháng 01 năm 2023 của Văn phòng UBND tỉnh")
    assert "(số liệu tính từ ngày 04/01/2023 đến hết ngày 31/5/2023; năm 2023 là năm đầu thực hiện" in first
    assert "năm đầu thực hiện nên kỳ báo cáo tính từ ngày ban hành Kế hoạch)" in first
    assert "năm đầu thực hiện nên không có báo cáo kỳ trước)" in opening(told(first=date(2022, 11, 1)))
    assert "năm đầu" not in opening(told(carries_on=True))
    assert opening(told(plan=None)).startswith("Văn phòng UBND tỉnh báo cáo kết quả")


def test_a_period_without_anything_says_so_and_speaks_of_no_rate() -> None:
    nothing = told()
    text = " ".join(" ".join(each.drafted) for each in sections(nothing))
    assert "Trong kỳ không tiếp nhận ý kiến; không có ý kiến kỳ trước chuyển sang." in text
    assert "chưa phát sinh cuộc đối thoại của Chủ tịch UBND tỉnh với Nhân dân" in text
    assert "không phát sinh vụ việc phức tạp" in text
    assert "không có nhiệm vụ giao tại Thông báo kết luận" in text
    for never in ("%", " 00 ", "None", "KN", "ĐX", "đạt không"):
        assert never not in text
    assert (
        said(nothing, "2. Tồn tại")
        == "Không có ý kiến giải quyết quá hạn; không có cuộc đối thoại của Văn phòng UBND tỉnh phải hoãn."
    )


def test_opinions_are_told_from_their_sum_to_their_rates() -> None:
    n = opinions(D=1, E=2, G=1, I1=6, I2=1, J1=1, J2=1)
    assert said(told(n, subtotals=(6, 7)), "4. Tiếp nhận") == (
        "Tổng số ý kiến phải xử lý trong kỳ là 13 (tính theo lượt xử lý), đều là ý kiến tiếp nhận mới: nội bộ 06, "
        "Nhân dân, tổ chức 07; không có ý kiến kỳ trước chuyển sang, không có ý kiến mở lại. Trong đó, không thuộc diện "
        "phải giải quyết 04 lượt: không đủ điều kiện 01, chuyển, hướng dẫn đến cơ quan có thẩm quyền 02, gộp trùng 01. "
        "Số phải giải quyết là 09; đã giải quyết 07, đạt 77,8%, trong đó đúng hạn 06 (85,7% số đã giải quyết), quá hạn 01. "
        "Đang giải quyết 02: trong hạn 01, quá hạn 01. Tỷ lệ đúng hạn tính cả việc quá hạn chưa xong là 75,0%. "
        "Năm 2023 là năm đầu tiên tổng hợp theo hệ thống chỉ tiêu này nên chưa có số liệu cùng kỳ để so sánh."
    )


@pytest.mark.parametrize(
    ("figures", "wanted", "never"),
    [
        ({"I1": 5}, "đã giải quyết xong toàn bộ 05 ý kiến, đạt 100,0%", "Đang giải quyết"),
        ({"I1": 5}, "không có ý kiến giải quyết quá hạn. Không còn ý kiến đang giải quyết.", "quá hạn không"),
        ({"J1": 2}, "chưa có ý kiến giải quyết xong. Đang giải quyết 02: trong hạn 02, không có ý kiến quá hạn.", "đạt"),
        ({"D": 2}, "Trong kỳ không có ý kiến thuộc diện phải giải quyết.", "%"),
        ({"A": 2, "A1": 1, "B2": 1, "I1": 7, "A1_late": 1}, "kỳ trước chuyển sang 02, điều chỉnh +01 do ghi nhận muộn", "đều là"),
        ({"A": 2, "A1": -1, "I1": 7, "A1_late": 1}, "điều chỉnh −01, tiếp nhận mới", "do ghi nhận muộn"),
    ],
)
def test_what_is_all_or_nothing_is_worded_as_such(figures: dict[str, int], wanted: str, never: str) -> None:
    handled = said(told(opinions(**figures)), "4. Tiếp nhận")
    assert wanted in handled
    assert never not in handled


def test_dialogues_are_named_with_their_day_and_heads_and_those_put_off_with_both_days() -> None:
    staff = {"1": 3, "3": 2, "4": 1, "6": 140, "7": 5, "8": 2, "9": 3, "11": 1}
    of = told(
        dialogues={"A1": staff},
        held=(
            Held("A1", "dinh_ky", date(2023, 1, 9), 22, None),
            Held("A1", "dinh_ky", date(2023, 2, 10), 118, None),
            Held("A2", "dot_xuat", date(2023, 5, 11), 31, "thủ tục hành chính"),
        ),
        put_off=(PutOff("A1", date(2023, 5, 25), date(2023, 7, 20)),),
        notices=(Notice("A1", Cited("03/TB-VPUB", date(2023, 2, 17))), Notice("A2", Cited("07/TB-VPUB", date(2023, 3, 28)))),
    )
    assert said(of, "2. Đối thoại với công chức") == (
        "Theo Kế hoạch, trong kỳ phải tổ chức 03 cuộc đối thoại; đã tổ chức 02 cuộc với 140 lượt người dự: "
        "cuộc định kỳ ngày 09/01/2023 (22 người dự); cuộc định kỳ ngày 10/02/2023 (118 người dự). "
        "Hoãn sang kỳ sau 01 cuộc (từ ngày 25/5/2023 sang ngày 20/7/2023); không có cuộc đối thoại bị hủy. "
        "Có 05 ý kiến nêu tại các cuộc đối thoại: trả lời, tiếp thu tại chỗ 02, giao giải quyết 03. "
        "Đã ban hành 01 Thông báo kết luận (số 03/TB-VPUB ngày 17/02/2023)."
    )
    people = said(of, "3. Đối thoại với Nhân dân")
    assert "Trong kỳ không phát sinh cuộc đối thoại với Nhân dân" in people
    one = told(dialogues={"A2": {"2": 1, "3": 1, "6": 31}}, held=(Held("A2", "dot_xuat", date(2023, 5, 11), 31, "đất đai"),))
    assert "cuộc đột xuất ngày 11/5/2023 về lĩnh vực đất đai (31 người dự)" in said(one, "3. Đối thoại với Nhân dân")
    assert "Không có ý kiến nêu tại cuộc đối thoại." in said(one, "3. Đối thoại với Nhân dân")
    assert "Trong kỳ phát sinh 01 cuộc đối thoại; đã tổ chức 01 cuộc với 31" in said(one, "3. Đối thoại với Nhân dân")
    both = said(told(dialogues={"A2": {"1": 1, "2": 1, "3": 2}}), "3. Đối thoại với Nhân dân")
    assert "Trong kỳ phải tổ chức 02 cuộc đối thoại (theo Kế hoạch 01, phát sinh 01); đã tổ chức 02 cuộc." in both
    assert "Không có ý kiến nêu tại các cuộc đối thoại." in both


def test_a_dialogue_without_a_new_day_and_a_cancelled_one_are_said() -> None:
    of = told(dialogues={"A1": {"1": 2, "4": 1, "5": 1}}, put_off=(PutOff("A1", date(2023, 5, 25), None),))
    text = said(of, "2. Đối thoại với công chức")
    assert "đã tổ chức" not in text
    assert "chưa tổ chức cuộc nào" in text
    assert "Hoãn sang kỳ sau 01 cuộc (từ ngày 25/5/2023, chưa ấn định ngày); hủy 01 cuộc." in text


def test_requests_are_told_with_why_they_were_refused() -> None:
    of = told(beside={"requests": {"received": 2, "accepted": 1, "refused": 1}}, refusals=("nặc danh",))
    assert said(of, "3. Đối thoại với Nhân dân").startswith(
        "Tiếp nhận 02 yêu cầu đối thoại trực tiếp của công dân: chấp nhận 01, từ chối 01 (nặc danh)."
    )
    assert "không tiếp nhận yêu cầu đối thoại" in said(told(), "3. Đối thoại với Nhân dân")


def test_the_chairmans_dialogue_is_told_from_proposal_to_notice() -> None:
    of = told(
        dialogues={"B": {"2": 1, "3": 1, "6": 64, "7": 3, "8": 1, "9": 2, "11": 1}},
        beside={"track-b": {"proposals": 3, "appraised": 3, "agreed": 2, "refused": 1}},
    )
    text = said(of, "1. Tham mưu tổ chức đối thoại")
    assert text.startswith(
        "Trong kỳ, tiếp nhận 03 đề xuất nội dung đối thoại; đã thẩm định 03; Chủ tịch UBND tỉnh đồng ý 02, không"
    )
    assert "đã tổ chức 01 cuộc đối thoại với 64 lượt người dự." in text
    waiting = said(told(beside={"track-b": {"proposals": 1}}), "1. Tham mưu tổ chức đối thoại")
    assert "tiếp nhận 01 đề xuất nội dung đối thoại; chưa thẩm định xong đề xuất nào" in waiting
    assert "chưa phát sinh cuộc đối thoại" in waiting


def test_work_under_conclusions_denies_what_is_not_overdue() -> None:
    work = {"given": 4, "done_in_time": 2, "done_late": 1, "open_in_time": 1, "urged": 1, "extended": 1}
    of = told(work=work, directing=3, beside={"urging": {"letters": 2, "answers": 1}})
    assert said(of, "5. Thực hiện") == (
        "Từ 03 Thông báo kết luận, Chánh Văn phòng giao 04 nhiệm vụ: hoàn thành đúng hạn 02, hoàn thành quá hạn 01, "
        "đang thực hiện trong hạn 01, không có nhiệm vụ quá hạn chưa hoàn thành. Đã đôn đốc bằng văn bản 01 lần, "
        "gia hạn 01 lần. Ngoài ra, đôn đốc 02 lần việc tham mưu trả lời 01 ý kiến."
    )


@pytest.mark.parametrize(
    ("outcome", "worded"),
    [
        ("done_in_time", "đã hoàn thành đúng hạn"),
        ("done_late", "đã hoàn thành nhưng quá hạn"),
        ("open_in_time", "đang thực hiện trong hạn"),
        ("open_late", "đã quá hạn, chưa hoàn thành"),
        ("dropped", "nay thôi giao"),
    ],
)
def test_one_task_is_not_broken_down_but_said_to_be_what_it_is(outcome: str, worded: str) -> None:
    of = told(work={"given": 1, outcome: 1})
    assert said(of, "5. Thực hiện") == f"Từ 01 Thông báo kết luận, Chánh Văn phòng giao 01 nhiệm vụ, {worded}."


def test_tasks_are_of_as_many_notices_as_their_lines_name() -> None:
    several = told(work={"given": 3, "done_in_time": 3}, directing=1)
    assert said(several, "5. Thực hiện").startswith("Từ 01 Thông báo kết luận, Chánh Văn phòng giao 03 nhiệm vụ: hoàn")
    assert said(told(), "5. Thực hiện") == "Trong kỳ không có nhiệm vụ giao tại Thông báo kết luận."


def test_marked_matters_are_told_by_mark_and_whether_they_are_settled() -> None:
    of = told(flagged=(Flagged("bức xúc", 2, 1), Flagged("tồn đọng", 1, 0)))
    assert said(of, "6. Vụ việc").endswith("bức xúc 02 (đang giải quyết 01); tồn đọng 01 (đã giải quyết xong).")


def test_units_that_have_not_made_the_plan_known_are_named() -> None:
    of = told(beside={"dissemination": {"given": 12, "done": 11, "reached": 98}}, silent=("Phòng Kinh tế",))
    assert "11/12 phòng, ban, đơn vị" in said(of, "2. Quán triệt")
    assert "98 lượt công chức, viên chức, người lao động, đạt 91,7%; còn" in said(of, "2. Quán triệt")
    assert "còn 01 đơn vị chưa báo cáo kết quả (Phòng Kinh tế)." in said(of, "2. Quán triệt")


@pytest.mark.parametrize(
    ("former", "wanted"),
    [
        (
            (20, 20),
            "số ý kiến tiếp nhận mới tăng 02 (10,0%); số ý kiến đã giải quyết tăng 02 (10,0%); tỷ lệ đúng hạn bằng cùng kỳ.",
        ),
        ((4, 2), "số ý kiến tiếp nhận mới tăng 18; số ý kiến đã giải quyết tăng 18; tỷ lệ đúng hạn tăng 50,0 điểm phần trăm."),
        ((22, 22), "số ý kiến tiếp nhận mới bằng cùng kỳ"),
        ((0, 0), "số ý kiến tiếp nhận mới là 22, cùng kỳ năm trước không phát sinh"),
        ((44, 44), "số ý kiến tiếp nhận mới giảm 22 (50,0%)"),
    ],
)
def test_last_years_days_are_compared_with_a_per_cent_only_of_what_is_not_small(former: tuple[int, int], wanted: str) -> None:
    resolved, in_time = former
    before = opinions(I1=in_time, I2=resolved - in_time)
    last = LastYear(date(2022, 1, 4), date(2022, 5, 31), before)
    assert wanted in said(told(opinions(I1=22), last_year=last), "4. Tiếp nhận")


def test_a_window_of_another_length_is_not_compared() -> None:
    last = LastYear(date(2022, 3, 1), date(2022, 5, 31), opinions(I1=3))
    text = said(told(opinions(I1=22), last_year=last), "4. Tiếp nhận")
    assert "từ ngày 01/3/2022 đến hết ngày 31/5/2022, khác độ dài kỳ báo cáo này nên không so sánh" in text


def test_what_has_added_up_since_the_first_report_is_told_beside_it() -> None:
    since = AddedUp(date(2022, 1, 4), opinions(I1=40, J1=2))
    text = said(told(opinions(I1=22), added_up=since), "4. Tiếp nhận")
    assert "Lũy kế từ ngày 04/01/2022 đến hết ngày 31/5/2023: tiếp nhận mới 42, đã giải quyết 40." in text
    assert "Lũy kế" not in said(told(opinions(I1=22)), "4. Tiếp nhận")


def test_a_part_of_a_whole_has_two_digits_on_both_sides() -> None:
    assert [out_of(7, 9), out_of(11, 12), out_of(0, 12)] == ["07/09", "11/12", "0/12"]
    assert "giải quyết 03/04 ý kiến, đạt 75,0%" in said(told(opinions(I1=3, J1=1)), "1. Ưu điểm")


def test_each_line_of_the_conclusions_names_its_notice_and_says_when_its_work_was_done() -> None:
    rows = [
        {"key": f"n/{n}", "label": "", "due": "2023-03-20", **dict.fromkeys(headings.CONCLUSIONS, 0), "given": 1}
        for n in (1, 2, 3)
    ]
    notice = Cited("03/TB-VPUB", date(2023, 2, 17))
    done, open_, dropped = (
        Work(notice, n, "Phòng Kinh tế", on, dropped=gone)
        for n, on, gone in ((1, date(2023, 3, 17), False), (2, None, False), (3, date(2023, 3, 1), True))
    )
    of = told()
    form = {**of.tables["bieu-05"], "rows": rows}
    named = replace(of, tables={**of.tables, "bieu-05": form}, work={"n/1": done, "n/2": open_, "n/3": dropped})
    table, _ = conclusions_of(named)
    shown = [[cell.text for cell in row.cells[1:6]] for row in table.rows[:3]]
    given = "Số 03/TB-VPUB ngày 17/02/2023, mục 1"
    assert shown[0] == [given, "Theo Thông báo", "Phòng Kinh tế", "20/3/2023", "17/3/2023"]
    assert [row[4] for row in shown] == ["17/3/2023", "Đang thực hiện", "Thôi giao"]
    assert len({sum(cell.columns for cell in row.cells) for row in table.rows} | {len(table.columns)}) == 1


def test_what_a_task_is_stands_in_its_line_in_one_paragraph_no_longer_than_its_row_has_room_for() -> None:
    row = {"key": "n/1", "label": "", "due": "2023-03-20", **dict.fromkeys(headings.CONCLUSIONS, 0), "given": 1}
    work = Work(Cited("03/TB-VPUB", date(2023, 2, 17)), 1, "Phòng Kinh tế", None, False)
    of = told()
    of = replace(of, tables={**of.tables, "bieu-05": {**of.tables["bieu-05"], "rows": [row]}})
    shown = [
        conclusions_of(replace(of, work={"n/1": replace(work, words=words)}))[0].rows[0].cells[2].text
        for words in ("Rà soát chế độ\nlàm thêm giờ.", "rà soát " * 100, None)
    ]
    assert shown[0] == "Rà soát chế độ làm thêm giờ."
    assert len(shown[1]) <= 300
    assert shown[1].endswith(" …")
    assert shown[1].startswith("rà soát rà soát")
    assert shown[2] == "Theo Thông báo"


def test_a_line_that_was_extended_names_the_day_that_was_moved() -> None:
    row = {"key": "n/1", "label": "", "due": "2023-03-20", **dict.fromkeys(headings.CONCLUSIONS, 0), "given": 1}
    moved = Work(Cited("03/TB-VPUB", date(2023, 2, 17)), 1, "Phòng Kinh tế", None, False, date(2023, 3, 6))
    of = told()
    of = replace(of, tables={**of.tables, "bieu-05": {**of.tables["bieu-05"], "rows": [row]}}, work={"n/1": moved})
    assert conclusions_of(of)[0].rows[0].cells[4].text == "20/3/2023 (gia hạn từ 06/3/2023)"


def test_the_day_that_the_first_extension_moved_is_kept_whatever_follows() -> None:
    dues = [Due((1, 0, 1), "2023-03-01"), Due((2, 0, 2), "2023-03-06"), Due((3, 0, 3), "2023-03-20", extension=True)]
    assert first_day(dues) == "2023-03-06"
    assert first_day([*dues, Due((4, 0, 4), "2023-04-01", extension=True)]) == "2023-03-06"
    assert first_day(dues, (2, 0, 9)) is None


def test_the_first_section_cites_what_the_plan_rests_on_in_full_its_day_and_when_it_was_made_public() -> None:
    basis = cited_in_full("12-QĐi/TU", kind="Quy định", on=date(2019, 2, 27), issuer="Ban Thường vụ Tỉnh ủy")
    assert basis == "Quy định số 12-QĐi/TU ngày 27 tháng 02 năm 2019 của Ban Thường vụ Tỉnh ủy"
    assert cited_in_full("4639/UBND-NC") == "văn bản số 4639/UBND-NC"
    shown = "đăng công khai trên Trang Thông tin điện tử Văn phòng"
    of = told(bases=(basis,), published=Sent(shown, date(2023, 1, 4)))
    assert said(of, "1. Ban hành") == (
        f"Căn cứ {basis}, Văn phòng UBND tỉnh đã ban hành Kế hoạch số 01/KH-VPUB ngày 04 tháng 01 năm 2023; "
        f"{shown} ngay trong ngày ban hành."
    )
    assert said(told(published=Sent(shown, date(2023, 1, 6))), "1. Ban hành").endswith(f"năm 2023; {shown} ngày 06/01/2023.")
    sent = (
        Sent("Ban Dân vận Tỉnh ủy", date(2023, 1, 4)),
        Sent("Sở Nội vụ", date(2023, 1, 4)),
        Sent("Thanh tra", date(2023, 1, 9)),
    )
    assert said(told(sent=sent, published=Sent(shown, date(2023, 1, 4))), "1. Ban hành").endswith(
        f"năm 2023; gửi Ban Dân vận Tỉnh ủy, Sở Nội vụ và {shown} ngay trong ngày ban hành; gửi Thanh tra ngày 09/01/2023."
    )
    assert "chưa ban hành Kế hoạch" in said(told(plan=None), "1. Ban hành")


def test_limits_and_tasks_restate_what_is_late_or_open() -> None:
    of = told(
        opinions(I1=3, I2=1, J1=1, J2=1),
        dialogues={"A1": {"1": 1, "4": 1}},
        work={"given": 2, "open_late": 1, "open_in_time": 1},
        put_off=(PutOff("A1", date(2023, 5, 25), date(2023, 7, 20)),),
    )
    assert said(of, "2. Tồn tại") == (
        "Còn 01 ý kiến giải quyết quá hạn, 01 ý kiến đang quá hạn chưa giải quyết xong, 01 nhiệm vụ theo Thông báo kết luận "
        "quá hạn chưa hoàn thành, 01 cuộc đối thoại phải hoãn."
    )
    tasks = said(of, "IV.")
    assert "1. Tổ chức 01 cuộc đối thoại hoãn từ kỳ này (ngày 20/7/2023)." in tasks
    assert "2. Giải quyết dứt điểm 02 ý kiến đang giải quyết, trong đó tập trung 01 ý kiến quá hạn." in tasks
    assert "3. Hoàn thành 02 nhiệm vụ" in tasks


def test_the_report_of_a_year_looks_to_the_next_one() -> None:
    year = told(kind=ReportKind.ANNUAL)
    titles = [each.title for each in sections(year)]
    assert "IV. NHIỆM VỤ TRỌNG TÂM NĂM 2024" in titles
    assert "báo cáo kết quả thực hiện năm 2023" not in said(year, "IV.")


def test_a_stock_that_turns_out_to_have_been_none_is_told_and_not_denied() -> None:
    handled = said(told(opinions(A=1, A1=-1)), "4. Tiếp nhận")
    assert "kỳ trước chuyển sang 01, điều chỉnh −01" in handled
    assert "không có ý kiến kỳ trước chuyển sang" not in handled


def test_a_notice_of_a_dialogue_held_before_the_window_is_told() -> None:
    text = said(told(dialogues={"A1": {"11": 1}, "B": {"11": 1}}), "2. Đối thoại với công chức")
    assert "Đã ban hành 01 Thông báo kết luận." in text
    assert "không có cuộc đối thoại bị hoãn" not in text
    assert "Đã ban hành 01 Thông báo kết luận." in said(told(dialogues={"B": {"11": 1}}), "1. Tham mưu")
    moved = said(told(dialogues={"A1": {"0": 1, "0'": -1}}), "2. Đối thoại với công chức")
    assert (
        "không phải tổ chức cuộc đối thoại với công chức, viên chức, người lao động (kỳ trước hoãn sang 01, điều chỉnh" in moved
    )


@pytest.mark.parametrize(
    ("counted", "wanted"),
    [
        ({"agreed": 1}, "Trong kỳ, Chủ tịch UBND tỉnh đồng ý 01; chưa phát sinh cuộc đối thoại"),
        ({"appraised": 1}, "Trong kỳ, đã thẩm định 01; chưa phát sinh cuộc đối thoại"),
    ],
)
def test_what_was_proposed_before_and_decided_now_is_told_without_a_count_of_nothing(
    counted: dict[str, int], wanted: str
) -> None:
    assert said(told(beside={"track-b": counted}), "1. Tham mưu").startswith(wanted)


@pytest.mark.parametrize(("counted", "wanted"), [({"accepted": 1}, "chấp nhận 01"), ({"waiting": 1}, "đang xem xét 01")])
def test_requests_of_before_are_told_as_such(counted: dict[str, int], wanted: str) -> None:
    people = said(told(beside={"requests": counted}), "3. Đối thoại với Nhân dân")
    assert people.startswith(f"Yêu cầu đối thoại trực tiếp của công dân tiếp nhận từ trước: {wanted}.")


def test_the_chairmans_dialogues_are_neither_counted_nor_denied_among_the_offices_own() -> None:
    of = told(
        dialogues={"B": {"2": 2, "3": 1, "4": 1}, "A1": {"1": 1, "3": 1}},
        put_off=(PutOff("B", date(2023, 5, 1), date(2023, 7, 1)),),
    )
    assert "đã tổ chức 01 cuộc đối thoại" in said(of, "1. Ưu điểm")
    assert "của Văn phòng UBND tỉnh phải hoãn" in said(of, "2. Tồn tại")
    assert "01/7/2023" not in said(of, "IV.")


def test_nobody_is_counted_where_nobody_was_recorded_and_no_list_is_empty() -> None:
    of = told(dialogues={"A1": {"1": 1, "3": 1, "7": 1}}, held=(Held("A1", "dinh_ky", date(2023, 1, 9), 0, None),))
    text = said(of, "2. Đối thoại với công chức")
    assert "đã tổ chức 01 cuộc: cuộc định kỳ ngày 09/01/2023." in text
    assert "Có 01 ý kiến nêu tại cuộc đối thoại." in text
    assert "đều là ý kiến tiếp nhận mới; không" in said(told(opinions(I1=1)), "4. Tiếp nhận")
    assert "trong đó không có ý kiến giải quyết đúng hạn, quá hạn 02" in said(told(opinions(I2=2)), "4. Tiếp nhận")


def test_a_year_after_the_first_without_a_report_of_the_same_days_says_so() -> None:
    text = said(told(opinions(I1=1), carries_on=True), "4. Tiếp nhận")
    assert "Không có báo cáo cùng kỳ năm 2022" in text
    assert "năm đầu tiên" not in text


def test_urging_is_told_though_no_work_was_given_and_the_head_has_his_title() -> None:
    assert said(told(work={"urged": 2}), "5. Thực hiện").endswith("Đã đôn đốc bằng văn bản 02 lần.")
    assert said(told(work={"given": 1, "done_in_time": 1}, head="Giám đốc Sở"), "5. Thực hiện").startswith(
        "Từ 01 Thông báo kết luận, Giám đốc Sở giao 01"
    )


def test_people_write_beside_seven_parts_and_each_has_its_place() -> None:
    parts: list[Any] = [each.part for each in sections(told()) if each.part is not None]
    assert sorted(parts) == sorted(Section)


def test_what_is_taken_from_documents_is_told_by_document_and_what_turned_out_to_be_none_is_not() -> None:
    paper = BroughtPaper("120/BC-VPUB", date(2022, 12, 30), "Báo cáo đối thoại năm 2022", "Văn phòng UBND tỉnh")
    older = BroughtPaper("7/TB", date(2022, 3, 1), "Thông báo", None)
    rows = ("Đất đai", "Phòng Tổng hợp", "Không xác định", "Không rõ", None)
    lines = (BroughtLine(1, 5, 5, 3, *rows, paper), BroughtLine(2, 2, 2, 0, *rows, paper), BroughtLine(3, 4, 0, 0, *rows, older))
    found = said(told(opinions(A=7, J1=7), brought=lines), "4. Tiếp nhận")
    named = "07 lượt theo Báo cáo đối thoại năm 2022 số 120/BC-VPUB ngày 30/12/2022 của Văn phòng UBND tỉnh"
    assert f"Trong số phải xử lý có 07 lượt chuyển kỳ lấy theo số liệu của văn bản: {named}." in found
    assert "7/TB" not in found
    assert "văn bản" not in said(told(opinions(A=7, J1=7)), "4. Tiếp nhận")
