"""What tells who spoke is taken out of the words that a paper quotes; figures, days and symbols stay."""

import unicodedata

import pytest

from services.assignment.entrypoints.papers.nameless import nameless


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("Gọi tôi theo số 0912 345 678 nhé.", "Gọi tôi theo số (…) nhé."),
        ("ĐT: 0912.345.678, thư a.b+c@sonla.gov.vn.", "ĐT: (…), thư (…)."),
        ("Số +84 912-345-678", "Số (…)"),
        ("Căn cước 014099000123 cấp năm 2021", "Căn cước (…) cấp năm 2021"),
        ("Tôi là Lò Văn Nám, ở tổ 3, đề nghị mở lớp.", "Tôi là (…), ở tổ 3, đề nghị mở lớp."),
        ("Em tên là Cà Thị Ơn. Đề nghị", "Em tên là (…). Đề nghị"),
        ("Người viết: Nguyễn Thị Hồng Vân", "Người viết: (…)"),
        ("HỌ VÀ TÊN: ĐỖ VĂN Ý", "HỌ VÀ TÊN: (…)"),
    ],
)
def test_numbers_to_reach_somebody_and_a_name_given_of_oneself_are_taken_out(words: str, said: str) -> None:
    assert nameless(words) == said
    assert nameless(unicodedata.normalize("NFD", words)) == said


@pytest.mark.parametrize(
    "words",
    [
        "Tôi là cán bộ hưu trí, đề nghị công khai.",
        "Kinh phí 1.200.000.000 đồng theo Quyết định số 4639/UBND-NC ngày 30/12/2021.",
        "Theo Nghị định số 90/2020/NĐ-CP, từ ngày 01/11 hằng năm; máy tính dùng trên 5 năm.",
        "Đề nghị UBND tỉnh Sơn La trả lời.",
        "",
    ],
)
def test_what_an_opinion_is_about_stays(words: str) -> None:
    assert nameless(words) == words
