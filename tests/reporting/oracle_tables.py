"""Biểu 01, Biểu 05 and what stands beside them counted a second time, straight from the rules, with no code of the service."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from shared.contracts import case, consolidation, directory, meeting, notice, proposal, request, session, task
from tests.reporting.oracle import HANOI
from tests.reporting.story import Told

OUTCOMES = {
    "tra_loi_tai_cho": "8",
    "tiep_thu": "8",
    "giao_giai_quyet": "9",
    "khong_tiep_nhan": "10a",
    "chuyen": "10b",
    "gop": "10c",
    "rut": "10c",
}


class Tables:
    """Everything known at `as_of` of what happened before the day after `last`."""

    def __init__(self, told: Iterable[Told], first: date, last: date, as_of: datetime) -> None:
        self.first, self.last = first, last
        by_record = sorted(told, key=lambda each: each.recorded)
        self.known = [each for each in by_record if each.recorded <= as_of]
        known = [each for each in self.known if self.day(each) <= last]
        self.facts = sorted(known, key=lambda each: each.occurred)
        self.place = {id(each): n for n, each in enumerate(self.facts)}
        self.told_of: dict[str, list[Told]] = defaultdict(list)
        for each in self.facts:
            self.told_of[each.stream].append(each)
        self.sessions = {each.stream: each.event for each in self.of(session.SessionProposed)}
        self.chairmans = {stream for stream, proposed in self.sessions.items() if proposed.track == "B"}

    def day(self, told: Told) -> date:
        return told.occurred.astimezone(HANOI).date()

    def of(self, *kinds: type, stream: str | None = None) -> list[Told]:
        told = self.facts if stream is None else self.told_of.get(stream, [])
        return [each for each in told if isinstance(each.event, kinds)]

    def now(self, *kinds: type, stream: str | None = None) -> list[Told]:
        return [each for each in self.of(*kinds, stream=stream) if self.day(each) >= self.first]

    def form_01(self) -> dict[str, Counter[str]]:
        rows: dict[str, Counter[str]] = {"total": Counter(), "B": Counter()}
        for stream, proposed in self.sessions.items():
            for row in self.rows_of(proposed):
                rows.setdefault(row, Counter()).update(self.dialogue(stream, proposed))
        for issued in self.now(notice.NoticeIssued):
            of = self.of(notice.NoticeDrafted, stream=issued.stream)[-1].event.session
            for row in self.rows_of(self.sessions[of]) if of in self.sessions else ():
                rows.setdefault(row, Counter())["11"] += 1
        return rows

    def rows_of(self, proposed: Any) -> tuple[str, ...]:
        return ("B",) if proposed.track == "B" else (f"{proposed.track}/{proposed.trigger}", "total")

    def dialogue(self, stream: str, proposed: Any) -> Counter[str]:
        ends = self.of(session.SessionHeld, session.SessionCancelled, stream=stream)
        n: Counter[str] = Counter()
        scheduled = max(proposed.scheduled, self.day(self.of(session.SessionProposed, stream=stream)[0]))
        if ends and self.day(ends[0]) < self.first:
            return n
        if not ends and scheduled > self.last:
            return n
        if scheduled < self.first:
            n["0"] = 1
        else:
            n["1" if proposed.origin in ("ke_hoach", "dinh_ky_lap") else "2"] = 1
        if not ends:
            n["4"] = 1
        elif isinstance(ends[0].event, session.SessionCancelled):
            n["5"] = 1
        else:
            n["3"] = 1
            for heads in self.of(session.AttendanceRecorded, stream=stream)[-1:]:
                n["6"] = sum(group.heads for group in heads.event.present)
            n.update(self.opinions(stream))
        return n

    def opinions(self, stream: str) -> Iterator[str]:
        outcomes = {each.event.case: each.event.outcome for each in self.of(session.OutcomeRecorded, stream=stream)}
        for outcome in outcomes.values():
            yield "7"
            yield OUTCOMES[outcome]

    def form_05(self) -> dict[str, Counter[str]]:
        lines = {}
        for issued in self.of(notice.NoticeIssued):
            drafted = self.of(notice.NoticeDrafted, stream=issued.stream)[-1].event
            if drafted.authority == "CT" or drafted.session in self.chairmans:
                continue
            for item in issued.event.items:
                line = self.line(item.task)
                if line["given"]:
                    lines[f"{issued.stream}/{item.number}"] = line
        return lines

    def line(self, stream: str) -> Counter[str]:
        n: Counter[str] = Counter()
        ends = self.of(task.TaskCompleted, task.TaskCancelled, task.TaskRecalled, stream=stream)
        if ends and self.day(ends[0]) < self.first:
            return n
        day = None
        for told in self.of(task.TaskAssigned, task.TaskDueSet, task.ExtensionGranted, stream=stream):
            if ends and self.place[id(told)] > self.place[id(ends[0])]:
                break
            if day is None or not isinstance(told.event, task.ExtensionGranted) or self.day(told) <= day:
                day = told.event.due.day
        n["given"] = 1
        if not ends:
            n["open_late" if day is not None and day < self.last else "open_in_time"] = 1
        elif not isinstance(ends[0].event, task.TaskCompleted):
            n["dropped"] = 1
        else:
            n["done_in_time" if day is None or self.day(ends[0]) <= day else "done_late"] = 1
        n["urged"] = len(self.now(task.TaskUrged, stream=stream))
        n["extended"] = len(self.now(task.ExtensionGranted, stream=stream))
        return n

    def requests(self) -> dict[str, int]:
        decided = {told.stream for told in self.of(request.RequestAccepted, request.RequestRefused, request.RequestWithdrawn)}
        return {
            "received": len(self.now(request.RequestOpened)),
            "accepted": len(self.now(request.RequestAccepted)),
            "refused": len(self.now(request.RequestRefused)),
            "withdrawn": len(self.now(request.RequestWithdrawn)),
            "met": len(self.now(request.RequestMet)),
            "waiting": len({told.stream for told in self.of(request.RequestOpened)} - decided),
        }

    def proposals(self) -> dict[str, int]:
        return {
            "proposals": len(self.now(proposal.ProposalOpened)),
            "appraised": len(self.now(proposal.AppraisalConcluded)),
            "agreed": len(self.now(proposal.ProposalApproved)),
            "refused": len(self.now(proposal.ProposalRefused)),
            "deferred": len(self.now(proposal.ProposalDeferred)),
        }

    def tasks(self, kind: str) -> dict[str, Told]:
        return {told.stream: told for told in self.of(task.TaskAssigned) if told.event.type == kind}

    def dissemination(self) -> dict[str, int]:
        given = self.tasks("tuyen_truyen")
        done = [told.stream for told in self.now(task.TaskCompleted) if told.stream in given]
        ended = {told.stream for told in self.of(task.TaskCompleted, task.TaskCancelled, task.TaskRecalled)}
        return {
            "given": sum(self.day(told) >= self.first for told in given.values()),
            "done": len(done),
            "reached": sum(told.event.reached or 0 for stream in done for told in self.of(task.ProofAdded, stream=stream)),
            "open": len(given.keys() - ended),
        }

    def gathering(self) -> dict[str, Counter[str]]:
        rows: dict[str, Counter[str]] = {}
        off = {told.stream for told in self.of(meeting.MeetingCancelled, session.SessionCancelled)}
        ends = [told.event for told in self.known if isinstance(told.event, directory.UnitDissolved)]
        gone = {event.unit for event in ends if event.valid_from <= self.last}
        for opened in self.of(consolidation.ConsolidationOpened):
            if not self.first <= max(opened.event.due, self.day(opened)) <= self.last:
                continue
            kinds = (
                consolidation.ConsolidationSubmitted,
                consolidation.ConsolidationAmended,
                consolidation.ConsolidationReturned,
            )
            answers = self.of(*kinds, stream=opened.stream)
            silent = not answers or isinstance(answers[-1].event, consolidation.ConsolidationReturned)
            if silent and (opened.event.about in off or opened.event.unit in gone):
                continue
            row = rows.setdefault(opened.event.about, Counter({"rounds": 1}))
            row["asked"] += 1
            if silent:
                row["silent"] += 1
            else:
                row.update(["handed_in", "nil" if answers[-1].event.nil else "listed"])
        return rows

    def urging(self) -> dict[str, int]:
        letters = Counter(told.stream for told in self.now(task.TaskUrged))
        urged = [
            n for stream, told in self.tasks("tham_muu_tra_loi").items() if (n := letters[stream]) and not self.in_track_b(told)
        ]
        return {"letters": sum(urged), "answers": len(urged)}

    def in_track_b(self, told: Told) -> bool:
        put = None
        for each in self.of(case.CaseOpened, case.CaseSplitOff, case.CaseLinked, case.CaseUnlinked, stream=told.event.case):
            if isinstance(each.event, case.CaseSplitOff):
                put = each.event.dialogue
            else:
                put = None if isinstance(each.event, case.CaseUnlinked) else each.event.session
        return put in self.chairmans
