"""Histories of dialogues, notices, tasks, requests and proposals told in a few words, beside those of opinions."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from shared.contracts import case, consolidation, directory, notice, opinion, proposal, request, session, task
from shared.contracts.case import Authority, DueBase
from shared.contracts.directory import UnitKind
from shared.contracts.opinion import Channel, Kind, RejectionReason, SourceGroup
from shared.contracts.session import Mode, Origin, Outcome, Present, Track, Trigger
from shared.contracts.task import TaskType
from shared.contracts.types import Sealed
from tests.reporting.story import SEALED, Story, at


@dataclass
class Dialogues(Story):
    """A story in which the head meets people too."""

    def session(
        self,
        name: str,
        when: datetime,
        scheduled: date,
        *,
        track: Track = Track.STAFF,
        trigger: Trigger | None = Trigger.PERIODIC,
        origin: Origin = Origin.PLAN,
        recorded: datetime | None = None,
        office: str = "VPUB",
    ) -> None:
        proposed = session.SessionProposed(
            office=office,
            track=track,
            trigger=trigger,
            mode=Mode.IN_PERSON,
            origin=origin,
            scheduled=scheduled,
            meeting=None,
            short_form=False,
            field=None,
            topic=None,
            requests=(),
            proposals=(),
        )
        self.tell(f"session-{name}", proposed, when, recorded)

    def unit(self, key: str) -> None:
        """A division of the office is there, as the directory records it."""
        registered = directory.UnitRegistered(
            unit=key,
            code=key,
            name=f"Phòng {key}",
            kind=UnitKind.DIVISION,
            office="VPUB",
            parent="VPUB",
            valid_from=date(2021, 1, 1),
        )
        self.tell(f"unit-{key}", registered, at(date(2021, 1, 1), 0))

    def dissolved(self, key: str, since: date, when: datetime, recorded: datetime | None = None) -> None:
        """From a day on it is no more; `when` that is decided."""
        self.tell(f"unit-{key}", directory.UnitDissolved(unit=key, valid_from=since), when, recorded)

    def asked(self, about: str, unit: str, due: date, when: datetime, recorded: datetime | None = None) -> None:
        """A unit is to gather opinions before a dialogue."""
        opened = consolidation.ConsolidationOpened(office="VPUB", unit=unit, about=f"session-{about}", due=due)
        self.tell(f"consolidation-session-{about}-{unit}", opened, when, recorded, unit)

    def handed_in(
        self, about: str, unit: str, when: datetime, *opinions: str, recorded: datetime | None = None, again: bool = False
    ) -> None:
        """It hands in its list, or changes it; without opinions it says that it has none."""
        said: dict[str, Any] = {"nil": not opinions, "opinions": tuple(f"opinion-{each}" for each in opinions)}
        amended = consolidation.ConsolidationAmended(**said, reason=SEALED)
        event = amended if again else consolidation.ConsolidationSubmitted(**said, note=None)
        self.tell(f"consolidation-session-{about}-{unit}", event, when, recorded, unit)

    def list_returned(self, about: str, unit: str, when: datetime, recorded: datetime | None = None) -> None:
        """It is asked to do it again."""
        returned = consolidation.ConsolidationReturned(reason=SEALED)
        self.tell(f"consolidation-session-{about}-{unit}", returned, when, recorded, unit)

    def linked(self, name: str, to: str, when: datetime, recorded: datetime | None = None) -> None:
        put = session.SessionCaseLinked(case=f"case-{name}", episode=f"{name}/1")
        self.tell(f"session-{to}", put, when, recorded)
        self.tell(f"case-{name}", case.CaseLinked(episode=f"{name}/1", session=f"session-{to}"), when, recorded)

    def unlinked(self, name: str, to: str, when: datetime, recorded: datetime | None = None) -> None:
        put = session.SessionCaseUnlinked(case=f"case-{name}", episode=f"{name}/1")
        self.tell(f"session-{to}", put, when, recorded)
        self.tell(f"case-{name}", case.CaseUnlinked(episode=f"{name}/1", session=f"session-{to}"), when, recorded)

    def raised(
        self,
        name: str,
        to: str,
        when: datetime,
        *,
        due: date = date(2023, 12, 29),
        source: SourceGroup = SourceGroup.PEOPLE,
        area: str = "hanh-chinh-van-phong",
        unit: str = "TCHCQT",
        recorded: datetime | None = None,
    ) -> None:
        opened = case.CaseOpened(**self._matter(name, when, due, source, area), session=f"session-{to}")
        self.tell(f"case-{name}", opened, when, recorded, unit)
        put = session.SessionItemRaised(item=f"item-{name}", case=f"case-{name}", episode=f"{name}/1")
        self.tell(f"session-{to}", put, when, recorded)

    def case_split(
        self,
        name: str,
        children: tuple[str, ...],
        when: datetime,
        *,
        received: datetime,
        due: date = date(2023, 12, 29),
        source: SourceGroup = SourceGroup.PEOPLE,
        area: str = "hanh-chinh-van-phong",
        of: str | None = None,
        once_of: str | None = None,
        recorded: datetime | None = None,
    ) -> None:
        """What is put to `of`, or was to `once_of` before it was taken up again, is split."""
        streams = tuple(f"case-{child}" for child in children)
        self.tell(f"case-{name}", case.CaseSplit(episode=f"{name}/1", children=streams), when, recorded)
        for child, stream in zip(children, streams, strict=True):
            held = {**self._matter(child, received, due, source, area), "opinion": f"opinion-{name}"}
            put, once = (f"session-{each}" if each else None for each in (of, of or once_of))
            off = case.CaseSplitOff(**held, parent=f"case-{name}", session=put, dialogue=once)
            self.tell(stream, off, when, recorded)
        if of:
            self.tell(f"session-{of}", session.SessionItemSplit(case=f"case-{name}", children=streams), when, recorded)

    def outcome(self, name: str, of: str, outcome: Outcome, when: datetime, recorded: datetime | None = None) -> None:
        told = session.OutcomeRecorded(
            case=f"case-{name}",
            episode=f"{name}/1",
            outcome=outcome,
            reason=None,
            to=None,
            diverted=None,
            into=None,
            answer=None,
            direction=None,
        )
        self.tell(f"session-{of}", told, when, recorded)

    def held(self, name: str, when: datetime, present: int, recorded: datetime | None = None) -> None:
        heads = session.AttendanceRecorded(present=(Present(group=SourceGroup.INTERNAL, heads=present),), units=())
        self.tell(f"session-{name}", heads, when, recorded)
        self.tell(f"session-{name}", session.SessionHeld(), when, recorded)

    def cancelled(self, name: str, when: datetime, recorded: datetime | None = None) -> None:
        self.tell(f"session-{name}", session.SessionCancelled(reason=SEALED), when, recorded)

    def postponed(self, name: str, when: datetime, to: date) -> None:
        self.tell(f"session-{name}", session.SessionPostponed(to=to, reason=SEALED), when)

    def decided(self, name: str, event: Any, when: datetime, recorded: datetime | None = None, unit: str = "TCHCQT") -> None:
        """Anything else that the assignment service decides about a case."""
        self.tell(f"case-{name}", event, when, recorded, unit)

    def due_set(
        self, name: str, when: datetime, due: date, base: DueBase = DueBase.SESSION, recorded: datetime | None = None
    ) -> None:
        self.decided(name, case.CaseDueSet(episode=f"{name}/1", base=base, due=self.due(due)), when, recorded)

    def unmerged(
        self, name: str, out_of: str, when: datetime, recorded: datetime | None = None, *, referred: bool = False
    ) -> None:
        kind, cls = ("case", case.CaseUnmerged) if referred else ("opinion", opinion.OpinionUnmerged)
        event = cls(episode=f"{name}/1", out_of=f"{kind}-{out_of}", reason=SEALED)
        self.tell(f"{kind}-{name}", event, when, recorded)

    def notice(
        self,
        name: str,
        when: datetime,
        items: dict[str, date],
        *,
        of: str | None = None,
        number: str = "03/TB-VPUB",
        authority: Authority = Authority.HEAD,
        units: tuple[str, ...] = ("TCHCQT",),
        beside: tuple[str, ...] = (),
        recorded: datetime | None = None,
        texts: tuple[str, ...] = (),
    ) -> None:
        """Issued with one directing item for each opinion in `items`, due on its day, as the task `task-T<opinion>`.

        Whoever is `beside` co-ordinates each until that day, as the task `task-T<opinion><unit>`.
        Under `texts` the words of its items lie, one after the other.
        """
        drafted = notice.NoticeDrafted(
            office="VPUB",
            authority=authority,
            session=f"session-{of}" if of else None,
            meeting=None,
            document=None,
            items=tuple(
                notice.DraftItem(
                    number=n,
                    kind=notice.ConclusionKind.DIRECTS,
                    case=None,
                    text=Sealed(ref=ref, digest="0" * 64),
                    unit="TCHCQT",
                    coordinating=(),
                    days=None,
                    until=None,
                )
                for n, ref in enumerate(texts, start=1)
            ),
        )
        issued = [
            notice.IssuedItem(
                number=n,
                kind=notice.ConclusionKind.DIRECTS,
                case=f"case-{about}",
                episode=f"{about}/1",
                unit=units[n % len(units)],
                coordinating=tuple(notice.Beside(unit=unit, task=f"task-T{about}{unit}", due=self.due(due)) for unit in beside),
                due=self.due(due),
                task=f"task-T{about}",
            )
            for n, (about, due) in enumerate(items.items(), start=1)
        ]
        self.tell(f"notice-{name}", drafted, when, recorded)
        event = notice.NoticeIssued(document=f"document-{name}", number=number, on=when.date(), items=tuple(issued))
        self.tell(f"notice-{name}", event, when, recorded)
        for item in issued:
            about = str(item.case).removeprefix("case-")
            given: tuple[notice.IssuedItem | notice.Beside, ...] = (item, *item.coordinating)
            for each in given:
                work = self.given(TaskType.CARRY_OUT, str(each.unit), items[about], about=f"notice-{name}", name=about)
                self.tell(str(each.task), work(authority), when, recorded)

    def given(self, kind: TaskType, unit: str, due: date, *, about: str, name: str | None = None) -> Any:
        def assigned(authority: Authority = Authority.HEAD) -> task.TaskAssigned:
            return task.TaskAssigned(
                type=kind,
                unit=unit,
                office="VPUB",
                about=about,
                case=f"case-{name}" if name else None,
                episode=f"{name}/1" if name else None,
                authority=authority,
                due=self.due(due),
            )

        return assigned

    def task(self, name: str, event: Any, when: datetime, recorded: datetime | None = None) -> None:
        self.tell(f"task-{name}", event, when, recorded)

    def extended(self, name: str, when: datetime, former: date, due: date, recorded: datetime | None = None) -> None:
        granted = task.ExtensionGranted(unit="TCHCQT", reviewer="cvp", former=former, due=self.due(due))
        self.task(name, granted, when, recorded)

    def urged(self, name: str, when: datetime, times: int = 1, recorded: datetime | None = None) -> None:
        self.task(name, task.TaskUrged(unit="TCHCQT", times=times, letter=None), when, recorded)

    def completed(self, name: str, when: datetime, recorded: datetime | None = None) -> None:
        self.task(name, task.TaskCompleted(unit="TCHCQT"), when, recorded)

    def request(self, name: str, when: datetime, recorded: datetime | None = None) -> None:
        opened = request.RequestOpened(
            receipt=f"receipt-{name}",
            office="VPUB",
            unit="VT",
            source_group=SourceGroup.PEOPLE,
            locality=None,
            received_at=when,
            words=SEALED,
            opinions=(),
            due=self.due(date(2023, 12, 29)),
        )
        self.tell(f"request-{name}", opened, when, recorded)

    def accepted(self, name: str, of: str, when: datetime, recorded: datetime | None = None) -> None:
        self.tell(f"request-{name}", request.RequestAccepted(session=f"session-{of}"), when, recorded)

    def request_refused(self, name: str, when: datetime, recorded: datetime | None = None) -> None:
        refused = request.RequestRefused(reason=RejectionReason.FINAL_DECISION, note=SEALED)
        self.tell(f"request-{name}", refused, when, recorded)

    def met(self, name: str, of: str, when: datetime, recorded: datetime | None = None) -> None:
        self.tell(f"request-{name}", request.RequestMet(session=f"session-{of}"), when, recorded)

    def proposal(self, name: str, when: datetime, proposer: str, recorded: datetime | None = None) -> None:
        opened = proposal.ProposalOpened(
            receipt=f"receipt-{name}",
            office="VPUB",
            division="KT",
            proposer=proposer,
            received_at=when,
            field="khac",
            content=SEALED,
            reason=SEALED,
            attachments=(),
            checklist="2023.1",
        )
        self.tell(f"proposal-{name}", opened, when, recorded)

    def on_proposal(self, name: str, event: Any, when: datetime, recorded: datetime | None = None) -> None:
        self.tell(f"proposal-{name}", event, when, recorded)

    def _matter(self, name: str, received: datetime, due: date, source: SourceGroup, area: str) -> dict[str, Any]:
        return {
            "opinion": f"opinion-{name}",
            "episode": f"{name}/1",
            "office": "VPUB",
            "unit": "TCHCQT",
            "source_group": source,
            "channel": Channel.SESSION,
            "locality": None,
            "kind": Kind.PROPOSAL,
            "field": area,
            "flags": (),
            "concerns_units": (),
            "concerns_posts": (),
            "due": self.due(due),
            "received_at": received,
            "words": SEALED,
            "hidden": False,
        }
