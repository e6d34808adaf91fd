"""Who reads which sealed text: one action for each part of each fact; what stands in no line here is opened by nobody."""

from collections.abc import Mapping
from typing import Final

from services.assignment.domain.task.commands import PEOPLE
from services.assignment.readmodel.access import HEADS, READ_WORDS, RECEIVERS
from shared.contracts import case, meeting, notice, plan, proposal, request, session, task
from shared.contracts.roles import Action, Role, Scope, action, grants
from shared.documents.acts import STAFF

# Why a matter is not taken up is for the unit that took it in too: it tells the speaker.
READ_ENDING: Final = action("read_ending", READ_WORDS.grants, grants(Scope.UNIT, *RECEIVERS))
READ_TASK_WORDS: Final = action("read_task_words", grants(Scope.OFFICE, *HEADS), grants(Scope.LEAD, *PEOPLE))
# A conclusion is for the unit that carries it out and for those beside it; the registry sends the paper.
READ_CONCLUSION: Final = action("read_conclusion", grants(Scope.OFFICE, *HEADS, Role.REGISTRY), grants(Scope.LEAD, *PEOPLE))
# What is announced of a dialogue, for those who prepare, hold and attend it.
READ_PROGRAMME: Final = action(
    "read_programme",
    grants(Scope.OFFICE, *HEADS, Role.SECRETARY, Role.REGISTRY, Role.PARTY_COMMITTEE),
    grants(Scope.LEAD, *PEOPLE),
)
# What was said in the room, for whoever writes it down and for those who are to answer.
READ_MINUTES: Final = action("read_minutes", grants(Scope.OFFICE, *HEADS, Role.SECRETARY), grants(Scope.LEAD, *PEOPLE))
# The unit that took a request in tells the asker what became of it.
READ_REQUEST: Final = action("read_request", grants(Scope.OFFICE, *HEADS, Role.REGISTRY), grants(Scope.UNIT, *RECEIVERS))
# The hub has no part in the Chairman's dialogue (Track B): a proposal is its division's, and the deputy's in charge.
READ_PROPOSAL: Final = action(
    "read_proposal",
    grants(Scope.OFFICE, Role.CHIEF, Role.DEPUTY, Role.CHAIRMAN, Role.REGISTRY),
    grants(Scope.UNIT, Role.CONTENT_DIVISION, Role.PROPOSER, Role.APPRAISER),
)
READ_APPRAISAL: Final = action(
    "read_appraisal",
    grants(Scope.OFFICE, Role.CHIEF, Role.DEPUTY, Role.CHAIRMAN),
    grants(Scope.UNIT, Role.CONTENT_DIVISION, Role.APPRAISER),
)
# Why a plan or a meeting was changed is for all who work in the house.
READ_PLAN: Final = action("read_plan", grants(Scope.OFFICE, *STAFF, Role.CHAIRMAN))

READERS: Final[Mapping[tuple[type, str], Action]] = {
    (case.CaseOpened, "words"): READ_WORDS,
    (case.CaseSplitOff, "words"): READ_WORDS,
    (case.CaseHandedBack, "reason"): READ_WORDS,
    (case.CaseReopened, "reason"): READ_WORDS,
    (case.CaseDirected, "direction"): READ_WORDS,
    (case.CaseRecalled, "reason"): READ_WORDS,
    (case.CaseConsulted, "question"): READ_WORDS,
    (case.ConsultationGiven, "given"): READ_WORDS,
    (case.PartyOpinionRecorded, "opinion"): READ_WORDS,
    (case.CaseRejected, "note"): READ_ENDING,
    (case.CaseForwarded, "note"): READ_ENDING,
    (case.ReopeningDeclined, "reason"): READ_ENDING,
    (case.CaseWithdrawn, "note"): READ_WORDS,
    (case.CaseUnmerged, "reason"): READ_WORDS,
    (task.TaskReturned, "reason"): READ_TASK_WORDS,
    (task.RevisionRequested, "reason"): READ_TASK_WORDS,
    (task.ProofAdded, "result"): READ_TASK_WORDS,
    (task.TaskRecalled, "reason"): READ_TASK_WORDS,
    (task.TaskCancelled, "reason"): READ_TASK_WORDS,
    (task.ExtensionRequested, "reason"): READ_TASK_WORDS,
    (task.ExtensionRefused, "reason"): READ_TASK_WORDS,
    (notice.NoticeDrafted, "text"): READ_CONCLUSION,
    (notice.NoticeCommented, "comment"): READ_CONCLUSION,
    (notice.NoticeAmended, "reason"): READ_CONCLUSION,
    (session.SessionProposed, "topic"): READ_PROGRAMME,
    (session.ProgrammeApproved, "note"): READ_PROGRAMME,
    (session.AgendaPresented, "content"): READ_PROGRAMME,
    (session.SessionPostponed, "reason"): READ_PROGRAMME,
    (session.SessionCancelled, "reason"): READ_PROGRAMME,
    (session.ReadinessWaived, "reason"): READ_MINUTES,
    (session.OutcomeRecorded, "answer"): READ_MINUTES,
    (session.OutcomeRecorded, "direction"): READ_MINUTES,
    (request.RequestOpened, "words"): READ_REQUEST,
    (request.RequestRefused, "note"): READ_REQUEST,
    (request.RequestWithdrawn, "note"): READ_REQUEST,
    (proposal.ProposalOpened, "content"): READ_PROPOSAL,
    (proposal.ProposalOpened, "reason"): READ_PROPOSAL,
    (proposal.ProposalReturned, "reason"): READ_PROPOSAL,
    (proposal.ProposalCompleted, "content"): READ_PROPOSAL,
    (proposal.AppraisalGiven, "comment"): READ_APPRAISAL,
    (proposal.AppraisalOverridden, "reason"): READ_APPRAISAL,
    (proposal.AppraisalConcluded, "note"): READ_APPRAISAL,
    (proposal.ProposalApproved, "note"): READ_PROPOSAL,
    (proposal.ProposalRefused, "reason"): READ_PROPOSAL,
    (proposal.ProposalDeferred, "reason"): READ_PROPOSAL,
    (plan.PlanAmended, "reason"): READ_PLAN,
    (meeting.MeetingMoved, "reason"): READ_PLAN,
    (meeting.MeetingCancelled, "reason"): READ_PLAN,
}
