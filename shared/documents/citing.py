"""How a document is cited the first time: in full (Nghị định 30/2020/NĐ-CP, Điều 8 and Phụ lục I)."""

from datetime import date

from shared.documents.days import full_day


def cited_in_full(number: str, *, kind: str | None = None, on: date | None = None, issuer: str | None = None) -> str:
    """`Quy định số 12-QĐi/TU ngày 27 tháng 02 năm 2019 của Ban Thường vụ Tỉnh ủy`; what is not known of it is left out."""
    said = [f"{kind or 'văn bản'} số {number}", full_day(on) if on is not None else "", f"của {issuer}" if issuer else ""]
    return " ".join(each for each in said if each)
