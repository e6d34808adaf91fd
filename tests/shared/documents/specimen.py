"""Papers put together by hand, to look at how they are typeset."""

from datetime import UTC, datetime

from shared.documents.layout.composition import (
    Align,
    Appendix,
    Block,
    Cell,
    Column,
    Composition,
    Heading,
    Paragraph,
    Row,
    Signature,
    Style,
    Table,
)

AT = datetime(2023, 6, 9, 1, 0, tzinfo=UTC)
HOSTILE = "<b>a</b> & {{ 7*7 }} {% x %} #x *y* _z_ $1$ @k \\n “1.234”"


def table(rows: int, text: str = "Phòng Tổ chức - Hành chính - Quản trị") -> Table:
    """A form of so many rows with a head of two."""
    return Table(
        columns=(Column(8), Column(None, Align.LEFT), Column(20), Column(20)),
        head=(
            (Cell("TT", rows=2), Cell("Đơn vị", rows=2), Cell("Số ý kiến", columns=2)),
            (Cell("Đúng hạn"), Cell("Quá hạn")),
        ),
        numbered=("", "", "(1)", "(2)"),
        rows=(
            *(Row((Cell(str(n)), Cell(text), Cell("12.345"), Cell("0"))) for n in range(1, rows + 1)),
            Row((Cell("", columns=1), Cell("TỔNG"), Cell("12.345"), Cell("0")), strong=True),
        ),
        size=10.5,
        head_size=9.5,
    )


def specimen(*more: Block, rows: int = 3, draft: bool = False, to: tuple[str, ...] | None = None) -> Composition:
    """A report of a page with an appendix."""
    return Composition(
        parent="UBND TỈNH SƠN LA",
        issuer="VĂN PHÒNG",
        symbol="       /BC-VPUB" if draft else "27/BC-VPUB",
        day="Sơn La, ngày      tháng 6 năm 2023" if draft else "Sơn La, ngày 09 tháng 6 năm 2023",
        kind="BÁO CÁO",
        summary=("Kết quả thực hiện công tác đối thoại", "6 tháng đầu năm 2023"),
        to=to if to is not None else ("Ủy ban nhân dân tỉnh", "Ban Dân vận Tỉnh ủy"),
        body=(
            Paragraph("Thực hiện Công văn số 4639/UBND-NC ngày 30 tháng 12 năm 2021 của UBND tỉnh."),
            Heading(1, "I. KẾT QUẢ"),
            Heading(2, "1. Tiếp nhận"),
            Paragraph("Đã tiếp nhận 04 ý kiến."),
            Paragraph("(Chi tiết tại Phụ lục I)", Style.BASIS),
            *more,
        ),
        closing="Trên đây là báo cáo kết quả./.",
        recipients=("Như trên;", "Lưu: VT, TCHCQT."),
        signatures=(Signature("KT. CHÁNH VĂN PHÒNG", ("PHÓ CHÁNH VĂN PHÒNG",), "Nguyễn Văn A"),),
        appendices=(
            Appendix(
                "I", "BIỂU 01. CÁC CUỘC ĐỐI THOẠI", "(Kèm theo Báo cáo số 27/BC-VPUB)", (table(rows), Paragraph("a", Style.NOTE))
            ),
            Appendix("II", "BIỂU 02. Ý KIẾN", "(Kèm theo Báo cáo số 27/BC-VPUB)", (table(1),)),
        ),
        mark="DỰ THẢO" if draft else None,
        at=AT,
    )
