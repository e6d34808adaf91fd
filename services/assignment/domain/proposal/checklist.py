"""What is to be prepared for the Chairman's dialogue: dated templates of the checklist (R26).

The text of Điều 8 of Quy định 12-QĐi/TU is not at hand: these lines follow practice and are replaced by a new version
with a later day once the text is known.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final


@dataclass(frozen=True, slots=True)
class Template:
    """A version of the checklist, in force from a day on."""

    version: str
    valid_from: date
    lines: tuple[str, ...]


TEMPLATES: Final = (
    Template(
        version="dieu-8.2019.1",
        valid_from=date(2019, 2, 27),
        lines=(
            "Nội dung, phạm vi đối thoại",
            "Thời gian, địa điểm, hình thức",
            "Thành phần chủ trì, tham dự; đại diện nhân dân",
            "Tổng hợp ý kiến, kiến nghị trước đối thoại",
            "Nội dung trả lời của cơ quan liên quan",
            "Thông báo nội dung, thời gian, địa điểm trước đối thoại",
            "Bảo đảm an ninh, trật tự, điều kiện tổ chức",
        ),
    ),
)


def template_on(day: date) -> Template:
    """The template in force on `day`; the oldest one for days before any."""
    return next((each for each in reversed(TEMPLATES) if each.valid_from <= day), TEMPLATES[0])


def template(version: str) -> Template:
    """The template of that version; the newest where it is not known any more."""
    return next((each for each in TEMPLATES if each.version == version), TEMPLATES[-1])
