"""The main path of a year through pages alone: plan, opinion, answer, dialogue, notice, task, report, each by who does it.

Nobody types an address: everybody signs in, follows links by their words and presses buttons by theirs.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from deploy.sample import YEAR
from shared.contracts.roles import Role
from tests.intake.browsing import CODE
from tests.support.chromium import Look, chromium
from tests.support.commandline import done, serving
from tests.support.walking import Fields, Office, accounts

pytestmark = [pytest.mark.servers, pytest.mark.timeout(600)]

FURNISHED: Final = 45  # lines of the sample in which its people, posts, charges and registers are entered
UNITS: Final = {  # besides those whose people do more
    "tiep-cong-dan": ("btcd-01", "BTCD"),
    "khoa-giao": ("kgvx-01", "KGVX"),
    "kiem-soat": ("kstthc-01", "KSTTHC"),
    "noi-chinh": ("nc-01", "NC"),
    "hanh-chinh-cong": ("tthcc-01", "TTHCC"),
    "thong-tin": ("tttt-01", "TTTT"),
    "bo-phan-van-thu": ("vt-02", "VT"),
}
SEATS: Final = {
    "dau-moi": ("tchcqt-02", "TCHCQT", Role.HUB),
    "chanh": ("cvp-01", "CVP", Role.CHIEF),
    "pho": ("cvp-02", "CVP", Role.DEPUTY),
    "thu-ky": ("cvp-03", "CVP", Role.SECRETARY),
    "truong-phong": ("tchcqt-01", "TCHCQT", Role.UNIT_LEADER),
    "chuyen-vien": ("tchcqt-03", "TCHCQT", Role.SPECIALIST),
    "tong-hop": ("th-01", "TH", Role.UNIT_LEADER),
    "kinh-te": ("kt-01", "KT", Role.UNIT_LEADER),
    "cong-doan": ("cd-01", "CD", Role.MASS_ORGANISATION),
    "chi-doan": ("dtn-vp-01", "DTN-VP", Role.MASS_ORGANISATION),
    "cap-uy": ("du-01", "DU", Role.PARTY_COMMITTEE),
    "van-thu": ("vt-01", "VT", Role.REGISTRY),
    "dan-van": ("bdvtu-01", "BDVTU", Role.RECIPIENT),
    **{name: (person, unit, Role.UNIT_LEADER) for name, (person, unit) in UNITS.items()},
}
OPINION: Final = "Đề nghị bố trí ghế ngồi chờ và mái che chỗ để xe cho người dân đến liên hệ công việc tại trụ sở."
ASKED: Final = "Đề nghị bố trí ghế ngồi chờ"
ANSWER: Final = "Văn phòng bố trí 20 ghế ngồi chờ và mái che chỗ để xe, xong trước 15/02/2023."
COLLECTED: Final = "Đề nghị công khai tiêu chí đánh giá, xếp loại công chức ngay từ đầu năm."
RAISED: Final = "Đề nghị thay máy tính đã dùng 8 năm của các phòng chuyên môn, xử lý văn bản rất chậm."
PLAN: Final = "Kế hoạch thực hiện công tác đối thoại năm 2023"
NOTICE: Final = "Ý kiến kết luận của Chánh Văn phòng tại hội nghị công chức, viên chức"
HUB_DIVISION: Final = "Phòng Tổ chức - Hành chính - Quản trị"
CONFERENCE: Final = "Hội nghị công chức, viên chức"
DIALOGUE: Final = "Đối thoại định kỳ"
REPORTS: Final = "Báo cáo 6 tháng, năm"
REPORT: Final = "Báo cáo 6 tháng đầu năm 2023"
TO_ME: Final = "Chờ tôi xử lý"
MINE: Final = "Việc của tôi"
ROUNDS: Final = "Tổng hợp của đơn vị"


@pytest.fixture
def office(made: Path, tmp_path: Path) -> Iterator[Office]:
    """The office on the first working day of the year: its people are entered, nothing else happened."""
    data = Path(shutil.copytree(made, tmp_path / "data"))
    lines = YEAR.path.read_text(encoding="utf-8").splitlines()[:FURNISHED]
    done("do", "-", data=data, stdin="\n".join(lines))
    with serving(data) as running:
        password = accounts(data, SEATS)
        with chromium() as browser:
            yield Office(running, password, browser, Look(1280), "year")


def test_a_year_from_its_plan_to_the_receipt_of_its_report(office: Office) -> None:
    the_plan_is_issued(office)
    the_plan_is_made_known(office)
    code = a_citizen_hands_in(office)
    the_opinion_is_answered(office)
    the_citizen_reads_the_answer(office, code)
    a_dialogue_is_proposed_and_units_are_asked(office)
    its_answers_are_prepared(office)
    it_is_held(office)
    its_conclusions_are_issued(office)
    what_was_directed_is_done(office)
    the_report_is_locked(office)
    the_report_is_written_and_signed(office)
    the_report_is_sent_and_received(office)


def the_plan_is_issued(office: Office) -> None:
    office.until("2023-01-03T08:30")
    with office.at("dau-moi") as hub:
        hub.go("Kế hoạch năm")
        hub.follow("Dự thảo kế hoạch")
        dialogue = {"Số thứ tự": "1", "Với ai": "với công chức", "Loại (không bắt buộc)": "Định kỳ", "Gắn với": CONFERENCE}
        hub.do("Ghi dự thảo", {"Số, ký hiệu": "12-QĐi/TU", **dialogue, "Ngày dự kiến": "10/02/2023"}, says="20/11/2023")
        hub.follow("Soạn văn bản kế hoạch")
        hub.do("Lưu bản thảo", {"Trích yếu": PLAN}, says="Đã lưu bản thảo.")
        hub.do("Trình ký", says="Đã trình ký.")
    office.until("2023-01-04T08:00")
    with office.at("pho") as deputy:
        deputy.go("Văn bản")
        deputy.follow(PLAN)
        deputy.do("Ký", {"KT.": True}, says="Đã ký.")
    with office.at("van-thu") as registry:
        registry.go("Văn bản")
        registry.follow(PLAN)
        registry.look("plan-to-issue")
        registry.follow("Mở kế hoạch")
        numbered = {"Sổ văn bản": "KH-VPUB", "Số trong sổ": "1", "Cách gửi": "Trục liên thông"}
        registry.do("Ban hành", numbered, says="Đã ban hành kế hoạch.")
        registry.look("plan-issued")


def the_plan_is_made_known(office: Office) -> None:
    office.until("2023-01-06T09:00")
    with office.at("cong-doan") as organisation:
        organisation.go(MINE)
        organisation.follow("Tuyên truyền, phổ biến kế hoạch")
        organisation.do("Nhận việc", says="Đã nhận việc.")
        told = {"Kết quả đã thực hiện": "Phổ biến tại họp đơn vị.", "Số người đã được phổ biến": "21"}
        organisation.do("Báo kết quả", {**told, "Ngày thực hiện": "06/01/2023"}, says="Đã ghi kết quả.")
        organisation.do("Trình kết quả", says="Đã trình kết quả.")
        organisation.look("made-known")
    with office.at("dau-moi") as hub:
        hub.go(MINE)
        hub.follow("Chờ xác nhận kết quả")
        hub.follow("Tuyên truyền, phổ biến kế hoạch")
        hub.do("Xác nhận hoàn thành", says="Đã xác nhận hoàn thành.")


def a_citizen_hands_in(office: Office) -> str:
    """The code on the receipt."""
    office.until("2023-01-09T08:00")
    with office.visitor() as citizen:
        citizen.window.open("/")
        citizen.follow("Gửi ý kiến")
        who: Fields = {"Họ và tên": "Lò Văn Thử", "Số điện thoại": "0912 345 678", "Tôi đồng ý": True}
        typed: Fields = {"Ý kiến của bạn": OPINION, "Cơ quan nhận": "Văn phòng Ủy ban nhân dân tỉnh", **who}
        citizen.do("Gửi và nhận mã tra cứu", typed, says="Đã nhận, cảm ơn bạn")
        found = CODE.search(citizen.page.inner_text(".code"))
    assert found is not None
    return found[0]


def the_opinion_is_answered(office: Office) -> None:
    with office.at("dau-moi") as hub:
        hub.go("Hộp tiếp nhận")
        sorted_as: Fields = {"Kiến nghị": True, "Lĩnh vực": "Công tác hành chính", "Chuyển xử lý luôn": True}
        hub.do("Lưu phân loại", sorted_as, says="Đã phân loại.")
        hub.go("Đề xuất phân công")
        hub.do("Đề xuất các việc đã chọn", {f"Chọn: {ASKED}": True, f"Đơn vị chủ trì: {ASKED}": HUB_DIVISION})
    with office.at("chanh") as chief:
        chief.go(TO_ME)
        chief.do("Giao việc", within=ASKED, says="Đã giao việc.")
    with office.at("truong-phong") as leader:
        leader.go(MINE)
        leader.follow(ASKED)
        leader.do("Nhận việc", says="Đã nhận việc.")
        leader.do("Phân công", {"Người thực hiện": "Chuyên viên 2"}, says="Đã phân công trong đơn vị.")
    with office.at("chuyen-vien") as specialist:
        specialist.go(MINE)
        specialist.follow(ASKED)
        draft = {"Nội dung trả lời": ANSWER, "Căn cứ pháp lý": "Dự toán năm 2023."}
        specialist.do("Trình duyệt", draft, says="Đã trình duyệt.")
    with office.at("truong-phong") as leader:
        leader.go(MINE)
        leader.follow("Đã trình, chờ duyệt")
        leader.follow(ASKED)
        assert ANSWER in leader.said
    office.until("2023-01-10T09:00")
    with office.at("pho") as deputy:
        deputy.go(TO_ME)
        deputy.do("Duyệt", within=ASKED, says="Đã duyệt nội dung trả lời.")
    with office.at("dau-moi") as hub:
        hub.go(MINE)
        hub.follow("Chờ gửi trả lời")
        hub.follow(ASKED)
        hub.do("Ghi đã gửi", {"Trực tuyến": True}, says="Đã ghi việc gửi trả lời.")


def the_citizen_reads_the_answer(office: Office, code: str) -> None:
    with office.visitor() as citizen:
        citizen.window.open("/")
        citizen.follow("Tra cứu ý kiến đã gửi")
        citizen.do("Tra cứu", {"Mã tra cứu": code}, says=ANSWER)
        citizen.look("answer")


def a_dialogue_is_proposed_and_units_are_asked(office: Office) -> None:
    office.until("2023-01-12T08:00")
    with office.at("dau-moi") as hub:
        hub.go("Kế hoạch năm")
        hub.follow("Đề xuất")
        hub.look("no-meeting-yet")
        hub.follow("Lên lịch một cuộc họp")
        hub.do("Lên lịch", {CONFERENCE: True, "Ngày họp": "10/02/2023"}, says="Đã lên lịch cuộc họp.")
        hub.go("Kế hoạch năm")
        hub.follow("Đề xuất")
        hub.do("Đề xuất", says="Đã đề xuất cuộc đối thoại.")  # what the plan says is filled in
        hub.look("proposed")
        hub.follow("Yêu cầu các đơn vị tổng hợp ý kiến")
        hub.do("Gửi yêu cầu", {"Hạn nộp": "31/01/2023"}, says="Đã gửi yêu cầu tới các đơn vị.")
    office.until("2023-01-31T09:00")
    with office.at("tong-hop") as unit:
        unit.go(ROUNDS)
        unit.follow("Tổng hợp trước cuộc đối thoại")
        unit.do("Nộp bản tổng hợp", {"Ý kiến ghi thêm": COLLECTED}, says="Đã nộp.")
    for seat in ("kinh-te", "cong-doan"):
        with office.at(seat) as unit:
            unit.go(ROUNDS)
            unit.follow("Tổng hợp trước cuộc đối thoại")
            unit.do("Báo không có ý kiến", says="Đã báo không có ý kiến.")


def its_answers_are_prepared(office: Office) -> None:
    office.until("2023-02-01T08:30")
    with office.at("dau-moi") as hub:
        hub.go("Hộp tiếp nhận")
        hub.do("Lưu phân loại", {"Góp ý": True, "Lĩnh vực": "Đánh giá cán bộ", "Chuyển xử lý luôn": True}, says="Đã phân loại.")
        hub.go("Cuộc đối thoại")
        hub.follow(DIALOGUE)
        hub.do("Đưa vào", {"Hồ sơ ý kiến": COLLECTED[:40]}, says="Đã đưa hồ sơ vào cuộc đối thoại.")
        hub.go("Đề xuất phân công")
        given: Fields = {f"Chọn: {COLLECTED[:40]}": True, f"Đơn vị chủ trì: {COLLECTED[:40]}": HUB_DIVISION}
        hub.do("Đề xuất các việc đã chọn", given, says="Đã đề xuất phân công.")
    with office.at("chanh") as chief:
        chief.go(TO_ME)
        chief.do("Giao việc", within=COLLECTED[:40], says="Đã giao việc.")
        chief.go("Cuộc đối thoại")
        chief.follow(DIALOGUE)
        chief.follow("Chương trình")
        chief.do("Duyệt chương trình", says="Đã duyệt chương trình.")
        chief.do("Ghi", {"Địa điểm": "Hội trường", "Thư ký": "Thư ký cuộc họp"}, says="Đã ghi địa điểm, thư ký.")
    with office.at("van-thu") as registry:
        registry.go("Cuộc đối thoại")
        registry.follow(DIALOGUE)
        registry.follow("Chương trình")
        registry.do("Ghi đã thông báo", says="Đã ghi việc thông báo.")
    office.until("2023-02-06T10:00")
    with office.at("truong-phong") as leader:
        leader.go(MINE)
        leader.follow(COLLECTED[:40])
        leader.do("Trình duyệt", {"Nội dung trả lời": "Tiếp thu: niêm yết tiêu chí từ đầu năm."}, says="Đã trình duyệt.")
    with office.at("cap-uy") as committee:
        committee.go(MINE)
        committee.follow("Chờ ý kiến cấp ủy")
        committee.follow(COLLECTED[:40])
        committee.do("Ghi ý kiến cấp ủy", {"Ý kiến của cấp ủy": "Nhất trí."}, says="Đã ghi ý kiến cấp ủy.")
    with office.at("chanh") as chief:
        chief.go(TO_ME)
        chief.do("Duyệt", within=COLLECTED[:40], says="Đã duyệt nội dung trả lời.")
    with office.at("dau-moi") as hub:
        hub.go("Cuộc đối thoại")
        hub.follow(DIALOGUE)
        hub.do("Chuyển sang Sẵn sàng", says="Cuộc đối thoại đã sẵn sàng.")
        hub.look("ready")


def it_is_held(office: Office) -> None:
    office.until("2023-02-10T08:00")
    with office.at("chanh") as chief:
        chief.go("Cuộc đối thoại")
        chief.follow(DIALOGUE)
        chief.do("Mở cuộc đối thoại", says="Cuộc đối thoại đã mở.")
    with office.at("thu-ky") as secretary:
        secretary.go("Cuộc đối thoại")
        secretary.follow(DIALOGUE)
        secretary.follow("Tại phòng")
        raised: Fields = {"Nội dung": RAISED, "Kiến nghị": True, "Lĩnh vực": "Công tác hành chính"}
        secretary.do("Ghi và nhập tiếp", raised, says=RAISED[:40])
        secretary.follow("Ghi kết quả")
        secretary.do("Ghi kết quả", {"Tiếp thu": True}, says="Đã ghi kết quả.")
        secretary.follow("Ghi kết quả")
        secretary.do("Ghi kết quả", {"Giao giải quyết": True, "Ý kiến chỉ đạo": "Thay máy trong quý I."}, says="Đã ghi kết quả.")
        secretary.do("Ghi điểm danh", {"Số người": "118"}, says="có mặt 118")
    with office.at("chanh") as chief:
        chief.go("Cuộc đối thoại")
        chief.follow(DIALOGUE)
        chief.follow("Tại phòng")
        chief.do("Kết thúc", says="Cuộc đối thoại đã kết thúc")
    with office.at("thu-ky") as secretary:
        secretary.go("Hội nghị, cuộc họp")
        secretary.follow(CONFERENCE)
        secretary.do("Ghi đã họp", says="Đã ghi cuộc họp đã tổ chức.")


def its_conclusions_are_issued(office: Office) -> None:
    office.until("2023-02-13T09:00")
    with office.at("chanh") as chief:
        chief.go("Cuộc đối thoại")
        chief.follow(DIALOGUE)
        chief.follow("Giấy tờ")
        chief.do("Ký biên bản", says="Đã ký biên bản.")
    with office.at("dau-moi") as hub:
        hub.go("Cuộc đối thoại")
        hub.follow(DIALOGUE)
        hub.follow("Giấy tờ")
        hub.follow("Dự thảo thông báo ý kiến kết luận")
        hub.do("Ghi dự thảo", {"Mục kết luận 2 > Đơn vị chủ trì": HUB_DIVISION}, says="Đã ghi dự thảo thông báo.")
        hub.follow("Soạn văn bản thông báo")
        hub.do("Lưu bản thảo", {"Trích yếu": NOTICE}, says="Chưa có nơi nhận")
        hub.look("no-recipient-yet")
        to = {"Nơi nhận 1": HUB_DIVISION, "Mục đích 1": "Thực hiện"}
        hub.do("Lưu bản thảo", to, says="Đã lưu bản thảo mới.")
        hub.do("Trình ký", says="Đã trình ký.")
    office.until("2023-02-17T08:30")
    with office.at("chanh") as chief:
        chief.go("Văn bản")
        chief.follow(NOTICE)
        chief.do("Ký", {"trực tiếp": True}, says="Đã ký.")
    with office.at("van-thu") as registry:
        registry.go("Văn bản")
        registry.follow(NOTICE)
        registry.follow("Mở thông báo")
        numbered = {"Sổ văn bản": "TB-VPUB", "Số trong sổ": "3", "Cách gửi": "Bản giấy"}
        registry.do("Ban hành", numbered, says="Đã ban hành thông báo; các nhiệm vụ đã giao.")
        registry.look("notice-issued")


def what_was_directed_is_done(office: Office) -> None:
    office.until("2023-03-02T09:00")
    with office.at("truong-phong") as leader:
        leader.go(MINE)
        leader.follow(RAISED[:40])
        leader.do("Nhận việc", says="Đã nhận việc.")
        leader.do("Trình duyệt", {"Nội dung trả lời": "Văn phòng đã thay 12 máy tính."}, says="Đã trình duyệt.")
        leader.do("Báo kết quả", {"Kết quả đã thực hiện": "Đã thay 12 máy tính."}, says="Đã ghi kết quả.")
        leader.do("Trình kết quả", says="Đã trình kết quả.")
    with office.at("chanh") as chief:
        chief.go(TO_ME)
        chief.do("Duyệt", within=RAISED[:40], says="Đã duyệt nội dung trả lời.")
    with office.at("dau-moi") as hub:
        hub.go(MINE)
        hub.follow("Chờ xác nhận kết quả")
        hub.follow(RAISED[:40])
        hub.do("Xác nhận hoàn thành", says="Đã xác nhận hoàn thành.")
        hub.do("Ghi đã gửi", {"Bằng văn bản": True}, says="Đã ghi việc gửi trả lời.")
        hub.go("Cuộc đối thoại")
        hub.follow(DIALOGUE)
        hub.follow("Giấy tờ")
        hub.do("Đóng cuộc đối thoại", says="Đã đóng cuộc đối thoại.")


def the_report_is_locked(office: Office) -> None:
    office.until("2023-06-01T08:00")
    with office.at("dau-moi") as hub:
        hub.go(REPORTS)
        hub.do("Mở kỳ báo cáo", {"6 tháng": True}, says="Đã mở kỳ báo cáo.")
    office.until("2023-06-02T08:00")
    for seat in ("truong-phong", "tong-hop", "kinh-te", "cong-doan", "chi-doan", *UNITS):
        with office.at(seat) as unit:
            unit.go(REPORTS)
            unit.follow(REPORT)
            unit.do("Xác nhận hết số liệu", says="Đã xác nhận")
    with office.at("dau-moi") as hub:
        hub.go(REPORTS)
        hub.follow(REPORT)
        waived = {"Đơn vị": "Chánh Văn phòng", "Lý do": "Không nhập số liệu riêng."}
        hub.do("Bỏ qua đơn vị", waived, says="Không còn gì chặn")
        hub.do("Chốt số liệu")
        hub.page.wait_for_selector("text=Số liệu đã chốt", timeout=30_000)
        hub.follow("Số liệu")
        hub.look("figures")


def the_report_is_written_and_signed(office: Office) -> None:
    office.until("2023-06-05T08:00")
    with office.at("dau-moi") as hub:
        hub.go(REPORTS)
        hub.follow(REPORT)
        hub.follow("Lời văn")
        hub.do("Dự thảo báo cáo", says="Đã dự thảo báo cáo.")
    office.until("2023-06-06T08:30")
    with office.at("tong-hop") as unit:
        unit.go(REPORTS)
        unit.follow(REPORT)
        unit.follow("Lời văn")
        unit.do("Gửi góp ý", {"Nội dung góp ý": "Nhất trí với dự thảo."}, says="Đã gửi góp ý.")
    office.until("2023-06-07T09:00")
    with office.at("dau-moi") as hub:
        hub.go(REPORTS)
        hub.follow(REPORT)
        hub.follow("Lời văn")
        assert "Nhất trí với dự thảo." in hub.said
        hub.do("Trình ký", says="Đã trình ký.")
    office.until("2023-06-08T09:00")
    with office.at("pho") as deputy:
        deputy.go(REPORTS)
        deputy.follow(REPORT)
        deputy.follow("Ký, gửi")
        deputy.do("Ký", {"KT.": True}, says="Đã ký báo cáo.")


def the_report_is_sent_and_received(office: Office) -> None:
    office.until("2023-06-09T08:00")
    with office.at("van-thu") as registry:
        registry.go(REPORTS)
        registry.follow(REPORT)
        registry.follow("Ký, gửi")
        registry.do("Cấp số", {"Sổ": "BC-VPUB", "Số": "45"}, says="Đã cấp số.")
        registry.do("Phát hành", says="Đã phát hành.")
        for recipient in ("Ủy ban nhân dân tỉnh", "Ban Dân vận"):
            sent = {"Nơi nhận": recipient, "Gửi để": "Kính gửi", "Trục liên thông": True}
            registry.do("Ghi đã gửi", sent, says="Đã ghi gửi cho nơi nhận.")
        assert "Gửi đúng hạn" in registry.said
        registry.look("report-sent")
    with office.at("dan-van") as reader:
        reader.go(REPORTS)
        reader.follow(REPORT)
        reader.do("Xác nhận đã nhận", says="Đã xác nhận nhận báo cáo.")
        reader.look("report-received")
    with office.at("dau-moi") as hub:
        hub.go(REPORTS)
        hub.follow(REPORT)
        assert "Đã gửi" in hub.said
