"""The commands of proposals for the Chairman's dialogue: which streams each reads, who may ask it, what decides."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from functools import partial

from services.assignment.domain.directory import checklist
from services.assignment.domain.directory.succession import in_its_place
from services.assignment.domain.proposal import commands as asked
from services.assignment.domain.proposal import decider as proposal
from services.assignment.domain.proposal.states import NoProposal, Proposal, UnderAppraisal
from services.assignment.handlers.papers import papers_named
from services.assignment.handlers.streams import CHECKLIST, PROPOSAL, TASK, Folds, calendar_stream, named, of_office, units
from shared.calendar import local_day
from shared.contracts.facts import Facts
from shared.contracts.refusals import Unknown
from shared.desk import Asking, Handler, States, handling
from shared.directory.queries import Directories
from shared.ids import base32
from shared.permit import Resource


def handlers(tenant: str, directories: Directories | None = None) -> list[Handler]:
    """The handlers of one tenant."""
    appraising = _appraising(directories)
    on_proposal = handling(streams=named("proposal", PROPOSAL), resource=partial(of_proposal, tenant), decide=proposal.decide)
    return [
        Handler(
            command=asked.OpenProposal,
            action=asked.OPEN_PROPOSAL,
            streams=_with_checklists,
            resource=partial(of_office, tenant),
            decide=proposal.decide,
        ),
        on_proposal(asked.ReturnProposal, asked.RETURN_PROPOSAL),
        on_proposal(asked.CompleteProposal, asked.COMPLETE_PROPOSAL, further=_proposer),
        on_proposal(asked.RequestAppraisal, asked.REQUEST_APPRAISAL, streams=_to_appraise, further=_appraisers, facts=appraising),
        on_proposal(asked.GiveAppraisal, asked.GIVE_APPRAISAL, further=_appraisers, facts=appraising),
        on_proposal(asked.OverrideAppraisal, asked.OVERRIDE_APPRAISAL, further=_appraisers, facts=appraising),
        on_proposal(asked.ConcludeAppraisal, asked.CONCLUDE_APPRAISAL, facts=appraising),
        on_proposal(asked.CheckLine, asked.CHECK_LINE, streams=_with_checklists, additive=True),
        on_proposal(
            asked.SubmitProposal,
            asked.SUBMIT_PROPOSAL,
            streams=lambda asking: {asking.body.proposal: PROPOSAL, **papers_named(asking.body.document)},
        ),
        on_proposal(asked.ApproveProposal, asked.APPROVE_PROPOSAL),
        on_proposal(asked.RefuseProposal, asked.REFUSE_PROPOSAL),
        on_proposal(asked.DeferProposal, asked.DEFER_PROPOSAL),
    ]


def _with_checklists(asking: Asking) -> Folds:
    return {asking.body.proposal: PROPOSAL, checklist.STREAM: CHECKLIST}


def _task(asking: Asking, unit: str) -> str:
    """An appraiser's task, found again by whoever records its verdict."""
    return f"task-{base32(asking.keyed.digest('appraise', asking.body.proposal, unit), 20)}"


class _Tasks(dict[str, str]):
    """The task of each appraiser, named when it is looked up: who is asked in whose place is known from the units alone."""

    def __init__(self, asking: Asking) -> None:
        super().__init__()
        self._asking = asking

    def __missing__(self, unit: str) -> str:
        return _task(self._asking, unit)


def _to_appraise(asking: Asking) -> Folds:
    return {asking.body.proposal: PROPOSAL, **units(*asked.APPRAISERS, *asking.body.appraisers), **calendar_stream(asking)}


def _appraisers(asking: Asking, states: States) -> Folds:
    """Who is to be or was asked, whoever has their places on the day, and the tasks of both."""
    named = getattr(asking.body, "appraisers", None)
    known = (*((*asked.APPRAISERS, *named) if named is not None else ()), *_asked(states[asking.body.proposal]))
    now = (in_its_place(states, unit, local_day(asking.at)) for unit in known)
    concerned = dict.fromkeys((*known, *now))
    return {**units(*concerned), **{_task(asking, unit): TASK for unit in concerned}}


def _proposer(asking: Asking, states: States) -> Folds:
    """Who proposed it, and whoever has that place on the day."""
    state = states[asking.body.proposal]
    if isinstance(state, NoProposal):
        return {}
    proposer = state.matter.was.proposer
    return units(proposer, in_its_place(states, proposer, local_day(asking.at)))


def _asked(state: Proposal) -> tuple[str, ...]:
    return state.asked.appraisers if isinstance(state, UnderAppraisal) else ()


def _appraising(directories: Directories | None) -> Callable[[Asking, Facts], Awaitable[Facts]]:
    """The facts, with who of the asker's office leads in what on the day it happened."""

    async def appraising(asking: Asking, facts: Facts) -> Facts:
        charges: tuple[proposal.InCharge, ...] = ()
        heads: frozenset[str] = frozenset()
        if directories is not None:
            directory = await directories.at(local_day(asking.at))
            office, action = asking.subject.office, asked.CONCLUDE_APPRAISAL.name
            charges = tuple(
                proposal.InCharge(fields=each.fields, units=each.units, persons=each.persons)
                for each in directory.charges(office, action)
            )
            heads = directory.heads(office, action)
        return proposal.Appraising(**asdict(facts), tasks=_Tasks(asking), charges=charges, heads=heads)

    return appraising


def of_proposal(tenant: str, asking: Asking, states: States) -> Resource:
    """A proposal: its proposer and appraisers, or whoever has their places, see it, its division works on it."""
    state = states[asking.body.proposal]
    subject = asking.subject
    if isinstance(state, NoProposal):
        raise Unknown("proposal")
    was = state.matter.was
    appraisers = _asked(state)
    before = (was.proposer, *appraisers)
    now = (in_its_place(states, unit, local_day(asking.at)) for unit in before)
    taking_part = frozenset({*before, *now})
    if subject.office != was.office and subject.unit not in taking_part:
        raise Unknown("proposal")
    return Resource(tenant=tenant, office=was.office, units=taking_part, leads=frozenset({was.division}))
