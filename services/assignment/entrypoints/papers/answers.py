"""Bảng tổng hợp ý kiến và nội dung trả lời: what is answered to each opinion of a dialogue, for its head (R31, R34)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from services.assignment.entrypoints.papers.frame import NOT_SAID, Parts, dialogue_of, field_of, framed, in_lines
from services.assignment.entrypoints.papers.nameless import nameless
from services.assignment.readmodel.cases.projections import CaseStage
from services.assignment.readmodel.cases.views import CaseDetail, Draft
from services.assignment.readmodel.documents.readable import About, Readable
from services.assignment.readmodel.words.queries import Word
from shared.calendar import local_day
from shared.contracts.case import Means
from shared.contracts.opinion import SOURCE_LABELS, Kind
from shared.documents.days import short_day
from shared.documents.layout.composition import Align, Block, Cell, Column, Composition, Row, Signature, Table
from shared.documents.numbers import count

KINDS: Final = {Kind.PROPOSAL: "kiến nghị", Kind.REPORT: "phản ánh", Kind.SUGGESTION: "góp ý"}
MEANS: Final = {
    Means.LETTER: "bằng văn bản",
    Means.IN_PERSON: "trực tiếp",
    Means.ONLINE: "trực tuyến",
    Means.TELEPHONE: "qua điện thoại",
}
ON_THE_SPOT: Final = "session.outcome_recorded"
ERASED: Final = "(đã xóa theo quy định)"
KEPT_BACK: Final = "(không nêu nội dung theo quy định)"
COLUMNS: Final = (
    ("TT", Column(8)),
    ("Nội dung ý kiến", Column(38, Align.LEFT)),
    ("Nguồn, loại ý kiến", Column(18)),
    ("Lĩnh vực", Column(21)),
    ("Đơn vị chủ trì (phối hợp)", Column(25)),
    ("Nội dung trả lời", Column(None, Align.LEFT)),
    ("Phương án giải quyết", Column(28, Align.LEFT)),
    ("Hướng giải quyết, bút phê", Column(28, Align.LEFT)),
    ("Căn cứ pháp lý", Column(46, Align.LEFT)),  # room for the longest symbol in one piece
)


def answers(readable: Readable) -> Composition:
    """The head's working paper, in his own office only: each opinion in its words, nobody who spoke, for all alike."""
    about = readable.about
    cases = about.whole.get("cases", ()) if about is not None else ()
    body: list[Block] = []
    if about is not None and cases:
        body.append(_table(readable, about))
    done = sum(_reported(about, each["case"]) for each in cases) if about is not None else 0
    head = readable.letterhead.head.upper()
    foot = tuple(Signature(None, (title,), "") for title in ("NGƯỜI LẬP BẢNG", "TRƯỞNG PHÒNG", f"Ý KIẾN CỦA {head}"))
    parts = Parts(
        kind="BẢNG TỔNG HỢP Ý KIẾN VÀ NỘI DUNG TRẢ LỜI",
        summary=in_lines(f"Phục vụ {dialogue_of(about)}"),
        body=body,
        closing=_summed(len(cases), done),
        signatures=foot,
        landscape=True,
        internal=True,
    )
    return framed(readable, parts)


def _table(readable: Readable, about: About) -> Table:
    rows = [_row(readable, about, each["case"]) for each in about.whole["cases"]]
    return Table(
        columns=tuple(column for _, column in COLUMNS),
        head=(tuple(Cell(head) for head, _ in COLUMNS),),
        numbered=tuple(f"({n})" for n in range(1, len(COLUMNS) + 1)),
        rows=tuple(Row(tuple(Cell(text) for text in (str(n), *row))) for n, row in enumerate(rows, start=1)),
        size=11,
        head_size=10,
    )


def _row(readable: Readable, about: About, case_id: str) -> Sequence[str]:
    """One opinion. Of one that is restricted, about units or posts or diverted nothing is said but whose work it is."""
    case = about.cases.get(case_id)
    if case is None or case_id not in readable.opinions:
        return (KEPT_BACK, NOT_SAID, NOT_SAID, _units(readable, case), *(NOT_SAID,) * 4)
    words = readable.opinions[case_id]
    source = f"{SOURCE_LABELS[case.source_group]}; {KINDS[Kind(case.kind)]}"
    said = ERASED if words is None else nameless(words)
    return (said, source, field_of(readable, case), _units(readable, case), *_answer(readable, about, case))


def _units(readable: Readable, case: CaseDetail | None) -> str:
    if case is None or case.lead is None:
        return "Chưa phân công"
    beside = "; ".join(readable.names.label(unit) for unit in case.coordinating)
    return f"{readable.names.label(case.lead)}{f' ({beside})' if beside else ''}"


def _answer(readable: Readable, about: About, case: CaseDetail) -> Sequence[str]:
    """Answer with by whom and when, solution, direction, basis: as approved, else as said in the room."""
    spoken = {word.part: word for word in about.words if word.fact == ON_THE_SPOT and word.case == case.id}
    orders = [_text(word) for word in (*readable.directions.get(case.id, ()), *spoken.values()) if word.part == "direction"]
    found = readable.replies.get(case.id)
    if found is not None:
        draft, opened = found
        parts = {part: opened.parts.get(part, ERASED if part in opened.erased else "") for part in draft.refs}
        directed = [*([parts["direction"]] if parts.get("direction") else []), *orders]
        answer = f"{parts.get('answer') or NOT_SAID}\n({_by(readable, draft)})"
        return (answer, parts.get("solution") or NOT_SAID, _joined(directed), parts.get("legal_basis") or NOT_SAID)
    answered = spoken.get("answer")
    if answered is not None:
        said = f"{_text(answered)}\n(Trả lời tại cuộc đối thoại {_on(answered.at)})"
        return (said, NOT_SAID, _joined(orders), NOT_SAID)
    return (_lacking(case), NOT_SAID, _joined(orders), NOT_SAID)


def _lacking(case: CaseDetail) -> str:
    """What stands in place of an answer that is not there yet."""
    return "Đã tham mưu, chờ duyệt" if any(_stands(draft) for draft in case.drafts) else "Chưa có trả lời"


def _by(readable: Readable, draft: Draft) -> str:
    unit, reviewer = readable.names.unit_of(draft.drafter), readable.names.post_of(draft.reviewer or "")
    steps = [
        f"{readable.names.label(unit)} tham mưu {_on(draft.submitted_at)}" if unit else f"Tham mưu {_on(draft.submitted_at)}"
    ]
    steps.append(f"{reviewer.name} duyệt" if reviewer is not None else "đã duyệt")
    if draft.delivered_at is not None and draft.means is not None:
        steps.append(f"trả lời {MEANS[Means(draft.means)]} {_on(draft.delivered_at)}")
    return "; ".join(steps)


def _on(at: datetime) -> str:
    return f"ngày {short_day(local_day(at))}"


def _text(word: Word) -> str:
    return word.text if word.text is not None else ERASED


def _joined(texts: Sequence[str]) -> str:
    return "\n".join(dict.fromkeys(texts)) or NOT_SAID


def _stands(draft: Draft) -> bool:
    return draft.outcome != CaseStage.RETURNED


def _reported(about: About, case_id: str) -> bool:
    found = about.cases.get(case_id)
    return found is not None and any(_stands(draft) for draft in found.drafts)


def _summed(opinions: int, done: int) -> str:
    if not opinions:
        return "Chưa có ý kiến gửi đến cuộc đối thoại."
    said = f"đã báo cáo nội dung trả lời {count(done)} ý kiến" if done else "chưa báo cáo nội dung trả lời ý kiến nào"
    return f"Tổng số: {count(opinions)} ý kiến; {said}."
