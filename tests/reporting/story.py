"""Histories of opinions and cases told in a few words, as the records that intake and assignment would leave."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from shared.calendar import ZONE, Calendar, answer_due
from shared.clock import micros
from shared.contracts import case, opinion
from shared.contracts.case import Authority, Resolution
from shared.contracts.due import Due
from shared.contracts.opinion import Channel, DivertedKind, Kind, RejectionReason, SourceGroup
from shared.contracts.types import Sealed
from shared.eventlog import codec
from shared.eventlog.records import ZERO, Record, Recorded

SEALED = Sealed(ref="0" * 32, digest="0" * 64)
TENANT = "sonla"


def at(day: date, hour: int = 8) -> datetime:
    """An hour of a day in Sơn La."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=ZONE)


@dataclass(frozen=True)
class Told:
    service: str
    stream: str
    event: Any
    occurred: datetime
    recorded: datetime
    unit: str


@dataclass
class Story:
    """What happened, in any order of telling; `records` puts it into two logs by when it was recorded."""

    calendar: Calendar
    told: list[Told] = field(default_factory=list)
    _made: Sequence[Recorded] = field(default=(), init=False, repr=False, compare=False)  # the records of what is told so far

    def tell(self, stream: str, event: Any, occurred: datetime, recorded: datetime | None = None, unit: str = "TCHCQT") -> None:
        service = "intake" if stream.startswith(("opinion-", "consolidation-")) else "assignment"
        self.told.append(Told(service, stream, event, occurred, recorded or occurred, unit))
        self._made = ()

    def received(
        self,
        name: str,
        when: datetime,
        *,
        source: SourceGroup = SourceGroup.PEOPLE,
        office: str = "VPUB",
        unit: str = "VT",
        locality: str | None = None,
        recorded: datetime | None = None,
    ) -> None:
        event = opinion.OpinionReceived(
            episode=f"{name}/1",
            office=office,
            unit=unit,
            local_id=name,
            content_key="0" * 64,
            channel=Channel.LETTER,
            source_group=source,
            locality=locality,
            received_at=when,
            words=SEALED,
            speaker=None,
            speaker_name=None,
            speaker_contact=None,
            hidden=False,
            receipt=SEALED,
            receipt_key="0" * 64,
        )
        self.tell(f"opinion-{name}", event, when, recorded, unit)

    def classified(
        self,
        name: str,
        when: datetime,
        due: date,
        *,
        area: str = "hanh-chinh-van-phong",
        recorded: datetime | None = None,
        unit: str = "TCHCQT",
    ) -> None:
        event = opinion.OpinionClassified(
            kind=Kind.PROPOSAL, field=area, flags=(), concerns_units=(), concerns_posts=(), due=self.due(due)
        )
        self.tell(f"opinion-{name}", event, when, recorded, unit)

    def rejected(self, name: str, when: datetime, unit: str = "TCHCQT", recorded: datetime | None = None) -> None:
        event = opinion.OpinionRejected(episode=f"{name}/1", reason=RejectionReason.FINAL_DECISION, note=None)
        self.tell(f"opinion-{name}", event, when, recorded, unit)

    def forwarded(self, name: str, when: datetime, *, unit: str = "TCHCQT", recorded: datetime | None = None) -> None:
        event = opinion.OpinionForwarded(episode=f"{name}/1", to="SGTVT", note=None)
        self.tell(f"opinion-{name}", event, when, recorded, unit)

    def diverted(self, name: str, when: datetime, unit: str = "TCHCQT", recorded: datetime | None = None) -> None:
        event = opinion.OpinionDiverted(episode=f"{name}/1", kind=DivertedKind.COMPLAINT, to="BTCD")
        self.tell(f"opinion-{name}", event, when, recorded, unit)

    def withdrawn(self, name: str, when: datetime, recorded: datetime | None = None) -> None:
        self.tell(f"opinion-{name}", opinion.OpinionWithdrawn(episode=f"{name}/1", note=None), when, recorded)

    def merged(self, name: str, into: str, when: datetime, recorded: datetime | None = None) -> None:
        self.tell(f"opinion-{name}", opinion.OpinionMerged(episode=f"{name}/1", into=f"opinion-{into}"), when, recorded)

    def split(
        self,
        name: str,
        children: tuple[str, ...],
        when: datetime,
        *,
        received: datetime,
        source: SourceGroup,
        recorded: datetime | None = None,
    ) -> None:
        streams = tuple(f"opinion-{child}" for child in children)
        self.tell(f"opinion-{name}", opinion.OpinionSplit(episode=f"{name}/1", children=streams), when, recorded)
        for child, stream in zip(children, streams, strict=True):
            event = opinion.OpinionSplitOff(
                episode=f"{child}/1",
                parent=f"opinion-{name}",
                office="VPUB",
                unit="VT",
                channel=Channel.LETTER,
                source_group=source,
                locality=None,
                received_at=received,
                words=SEALED,
                speaker=None,
                hidden=False,
            )
            self.tell(stream, event, when, recorded)

    def assigned(self, name: str, when: datetime, due: date, *, lead: str = "TCHCQT", recorded: datetime | None = None) -> None:
        event = case.CaseAssigned(
            episode=f"{name}/1",
            lead=lead,
            authority=Authority.HEAD,
            task=f"task-{name}",
            due=self.due(due),
        )
        self.tell(f"case-{name}", event, when, recorded, "VPUB")

    def handed_back(self, name: str, when: datetime, *, lead: str = "TCHCQT", recorded: datetime | None = None) -> None:
        event = case.CaseHandedBack(episode=f"{name}/1", lead=lead, task=f"task-{name}", reason=SEALED)
        self.tell(f"case-{name}", event, when, recorded, lead)

    def resolved(
        self,
        name: str,
        when: datetime,
        due: date,
        *,
        how: Resolution = Resolution.WRITTEN,
        turn: int = 1,
        recorded: datetime | None = None,
    ) -> None:
        event = case.CaseResolved(episode=f"{name}/{turn}", how=how, due=self.due(due))
        self.tell(f"case-{name}", event, when, recorded)

    def reopened(
        self,
        name: str,
        when: datetime,
        due: date,
        *,
        lead: str | None = "TCHCQT",
        area: str = "hanh-chinh-van-phong",
        recorded: datetime | None = None,
    ) -> None:
        event = case.CaseReopened(
            episode=f"{name}/2",
            previous=f"{name}/1",
            reason=SEALED,
            field=area,
            lead=lead,
            task=f"task-{name}2" if lead else None,
            due=self.due(due),
        )
        self.tell(f"case-{name}", event, when, recorded)

    def due(self, day: date) -> Due:
        counted = answer_due(self.calendar, date(2023, 1, 3))
        return Due(day=day, rule="answer", start=counted.start, days=10, skipped=(), calendar=counted.calendar, rules="2023.1")

    def records(self) -> Sequence[Recorded]:
        """Everything told, in the order of recording; equal instants keep the order of telling."""
        if len(self._made) != len(self.told):
            self._made = self._recorded()
        return self._made

    def _recorded(self) -> Sequence[Recorded]:
        positions = {"intake": 0, "assignment": 0}
        versions: dict[str, int] = {}
        made: list[Recorded] = []
        for told in sorted(self.told, key=lambda each: each.recorded):
            positions[told.service] += 1
            versions[told.stream] = versions.get(told.stream, 0) + 1
            name, version, data = codec.encode(told.event)
            record = Record(
                log=f"{told.service}/{TENANT}",
                position=positions[told.service],
                stream=told.stream,
                version=versions[told.stream],
                event_id=UUID(int=len(made) + 1),
                type=name,
                schema_version=version,
                data=data,
                metadata=json.dumps({"unit": told.unit, "office": "VPUB"}).encode(),
                occurred=micros(told.occurred),
                recorded=micros(told.recorded),
                prev_hash=ZERO,
                hash=ZERO,
            )
            made.append(Recorded(record, told.event))
        return made
