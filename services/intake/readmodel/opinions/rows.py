"""Rows of opinions as permission and the lists see them: whom one is about, what is told of it, and to whom not."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, func, true

from services.intake.readmodel.opinions.projections import Stage
from services.intake.readmodel.opinions.tables import opinions_case, opinions_opinion, opinions_speaker
from shared.calendar import local_day
from shared.clock import instant
from shared.contracts.opinion import HIDDEN_SPEAKER
from shared.contracts.roles import Role
from shared.derivation import Derivation
from shared.directory.snapshot import Directory
from shared.permit import Subject

# An opinion with its case, if it has one: that one's due date is then in force.
SHOWN: Final = (
    opinions_opinion,
    opinions_case.c.case_id,
    opinions_case.c.stage.label("case_stage"),
    func.coalesce(opinions_case.c.due_day, opinions_opinion.c.due_day).label("due"),
    func.coalesce(opinions_case.c.field, opinions_opinion.c.field).label("field_now"),
    opinions_case.c.concerns_units.label("case_concerns_units"),
    opinions_case.c.concerns_posts.label("case_concerns_posts"),
    func.coalesce(opinions_speaker.c.hidden, true()).label("hidden"),
    opinions_speaker.c.name_ref,
    opinions_speaker.c.contact_ref,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionView:
    """An opinion as listed: everything but its words; of what was diverted, a pointer for all but the head (R16, R47)."""

    id: str
    office: str
    unit: str | None
    unit_label: str | None  # of today, with what it was called when it took the opinion in
    local_id: str | None
    parent: str | None
    stage: str
    case: str | None
    case_stage: str | None
    channel: str | None
    source_group: str | None
    locality: str | None
    kind: str | None
    field: str | None
    flags: tuple[str, ...]
    due: date | None
    received_at: str
    hidden: bool
    speaker: str | None  # what stands in place of the name, where the speaker asked not to be shown
    result: str | None
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionDetail(OpinionView):
    """An opinion with the day by which it is classified, while nobody has, and how that day was counted."""

    classify_by: Derivation | None


def is_barred(subject: Subject, row: Mapping[Any, Any], directory: Directory) -> bool:
    """Whether the asker may not open words that his role would let him open.

    Nobody opens an opinion about himself or his unit, and of what was diverted only a pointer stays (R16, R47,
    invariants 7 and 13); a referred one of a restricted field is its case's (R18). The head answers for his house.
    """
    if Role.CHIEF in subject.capacities:
        return False
    return is_about(subject, row, directory) or is_guarded(row, directory)


def is_guarded(row: Mapping[Any, Any], directory: Directory) -> bool:
    """Whether it was diverted, or is of a restricted field and referred."""
    if is_diverted(row):
        return True
    field = directory.field(row["field_now"]) if row["field_now"] and row["stage"] == Stage.REFERRED else None
    return field is not None and field.restricted


def is_about(subject: Subject, row: Mapping[Any, Any], directory: Directory) -> bool:
    """Whether it is about the asker's unit, one whose place it has or his post, as classified here or since by the case."""
    return names(row, directory.stands_for(subject.unit), {post.key for post in directory.posts_of(subject.person)})


def names(row: Mapping[Any, Any], units: Collection[str], posts: set[str]) -> bool:
    named_units = {*row["concerns_units"].split(), *(row["case_concerns_units"] or "").split()}
    named_posts = {*row["concerns_posts"].split(), *(row["case_concerns_posts"] or "").split()}
    return bool(named_units.intersection(units) or posts & named_posts)


def opinions_with_cases() -> Any:
    opinion, case, speaker = opinions_opinion.c, opinions_case.c, opinions_speaker.c
    own = and_(case.tenant == opinion.tenant, case.opinion == opinion.opinion, case.parent.is_(None))
    joined = opinions_opinion.outerjoin(opinions_case, own)
    return joined.outerjoin(opinions_speaker, and_(speaker.tenant == opinion.tenant, speaker.opinion == opinion.opinion))


def not_diverted() -> tuple[ColumnElement[bool], ...]:
    """That neither an opinion nor, after it was referred, its case was diverted: `is_diverted` as a condition of a query.

    A list of pointers that is narrowed holds no other: what a pointer does not say is not found out by asking for it either.
    """
    stages = (opinions_opinion.c.stage, opinions_case.c.stage)
    return tuple(func.coalesce(each, "") != Stage.DIVERTED.value for each in stages)


def is_diverted(row: Mapping[Any, Any]) -> bool:
    return Stage.DIVERTED.value in (row["stage"], row["case_stage"])


def _pointer(row: Mapping[Any, Any]) -> OpinionView:
    """That it was received on that day and diverted, and no more."""
    unsaid = ("unit", "unit_label", "local_id", "parent", "case", "channel", "source_group", "locality", "kind", "field", "due")
    return OpinionView(
        id=row["opinion"],
        office=row["office"],
        stage=row["stage"],
        case_stage=row["case_stage"],
        flags=(),
        received_at=local_day(instant(row["received_at"])).isoformat(),
        hidden=True,
        speaker=HIDDEN_SPEAKER,
        result=None,
        version=row["version"],
        **dict.fromkeys(unsaid),
    )


def opinion_view(subject: Subject, row: Mapping[Any, Any], directory: Directory) -> OpinionView:
    if is_diverted(row) and Role.CHIEF not in subject.capacities:
        return _pointer(row)
    received = instant(row["received_at"])
    return OpinionView(
        id=row["opinion"],
        office=row["office"],
        unit=row["unit"],
        unit_label=directory.label_today(row["unit"], begun=local_day(received)),
        local_id=row["local_id"],
        parent=row["parent"],
        stage=row["stage"],
        case=row["case_id"],
        case_stage=row["case_stage"],
        channel=row["channel"],
        source_group=row["source_group"],
        locality=row["locality"],
        kind=row["kind"],
        field=row["field"],
        flags=tuple(row["flags"].split()),
        due=date.fromisoformat(row["due"]) if row["due"] else None,
        received_at=received.isoformat(),
        hidden=row["hidden"],
        speaker=HIDDEN_SPEAKER if row["hidden"] else None,
        result=row["result"],
        version=row["version"],
    )
