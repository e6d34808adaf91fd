"""Who may ask the intake service what: the actions of its queries, and what is asked about as permission sees it."""

from typing import Final

from services.intake.domain.opinion.commands import COLLECTORS, ONE_S_OWN
from shared.contracts.refusals import Forbidden, Unknown
from shared.contracts.roles import Action, Role, Scope, action, grants
from shared.permit import Resource, Subject, permit

HEADS: Final = (Role.CHIEF, Role.DEPUTY, Role.HUB)

SEE_OPINION: Final = action(
    "see_opinion", grants(Scope.OFFICE, *HEADS, Role.REGISTRY, Role.AUDITOR), grants(Scope.UNIT, *COLLECTORS), ONE_S_OWN
)
LIST_OFFICE: Final = action("list_office_opinions", grants(Scope.OFFICE, *HEADS, Role.REGISTRY, Role.AUDITOR))
LIST_UNIT: Final = action("list_unit_opinions", grants(Scope.UNIT, *COLLECTORS))
# Words are for those who sort and answer; what the auditor replays is redacted.
READ_WORDS: Final = action("read_opinion_words", grants(Scope.OFFICE, *HEADS), grants(Scope.UNIT, *COLLECTORS))
# Who spoke is for those who sort and write to the speaker; who asked not to be shown, for the head and the hub (R12).
READ_SPEAKER: Final = action("read_speaker", grants(Scope.OFFICE, *HEADS, Role.REGISTRY), grants(Scope.UNIT, *COLLECTORS))
READ_HIDDEN_SPEAKER: Final = action("read_hidden_speaker", grants(Scope.OFFICE, Role.CHIEF, Role.HUB))
# Of a complaint or denunciation, and of a restricted field once it is referred, for the head alone (R18, R47).
READ_GUARDED_SPEAKER: Final = action("read_guarded_speaker", grants(Scope.OFFICE, Role.CHIEF))
# The code opens what became of it to whoever holds it: the unit that met the speaker gives it to him again.
GIVE_RECEIPT: Final = action("give_receipt", grants(Scope.UNIT, *COLLECTORS))
FOLLOW_FEED: Final = action("follow_feed", grants(Scope.UNIT, *COLLECTORS))
SET_FEED_KEY: Final = action("set_feed_key", grants(Scope.TENANT, Role.ADMINISTRATOR, Role.OPERATOR))

# The secretary puts the lists before the head (R30); what the auditor replays is redacted.
SEE_CONSOLIDATION: Final = action(
    "see_consolidation",
    grants(Scope.OFFICE, *HEADS, Role.SECRETARY, Role.REGISTRY, Role.AUDITOR),
    grants(Scope.UNIT, *COLLECTORS),
)
LIST_CONSOLIDATIONS: Final = action("list_consolidations", SEE_CONSOLIDATION.grants)
READ_CONSOLIDATION_WORDS: Final = action(
    "read_consolidation_words", grants(Scope.OFFICE, *HEADS, Role.SECRETARY), grants(Scope.UNIT, *COLLECTORS)
)

SEE_REQUEST: Final = action(
    "see_request", grants(Scope.OFFICE, *HEADS, Role.REGISTRY, Role.AUDITOR), grants(Scope.UNIT, *COLLECTORS), ONE_S_OWN
)
LIST_REQUESTS: Final = action("list_requests", SEE_REQUEST.grants)
# As after referral: the registry writes to the asker, the unit that took his request in tells him what became of it.
READ_REQUEST_WORDS: Final = action(
    "read_request_words", grants(Scope.OFFICE, *HEADS, Role.REGISTRY), grants(Scope.UNIT, *COLLECTORS)
)
READ_REQUEST_SPEAKER: Final = action("read_request_speaker", READ_REQUEST_WORDS.grants)
SEE_PROPOSAL: Final = action(
    "see_proposal",
    grants(Scope.OFFICE, *HEADS, Role.CHAIRMAN, Role.REGISTRY, Role.AUDITOR),
    grants(Scope.UNIT, Role.CONTENT_DIVISION, Role.REGISTRY, Role.PROPOSER),
)
LIST_PROPOSALS: Final = action("list_proposals", SEE_PROPOSAL.grants)
# As after referral: the hub has no part in the Chairman's dialogue (Track B).
READ_PROPOSAL_WORDS: Final = action(
    "read_proposal_words",
    grants(Scope.OFFICE, Role.CHIEF, Role.DEPUTY, Role.CHAIRMAN, Role.REGISTRY),
    grants(Scope.UNIT, Role.CONTENT_DIVISION, Role.PROPOSER),
)

SEE_BATCH: Final = action("see_batch", grants(Scope.OFFICE, *HEADS, Role.REGISTRY, Role.AUDITOR), grants(Scope.UNIT, *COLLECTORS))
LIST_BATCHES: Final = action("list_batches", SEE_BATCH.grants)


def opinion_resource(tenant: str, office: str, unit: str, owner: str = "") -> Resource:
    """An opinion: `unit` took it in for `office`; `owner` is whoever holds its receipt."""
    return Resource(tenant=tenant, office=office, units=frozenset({unit}), owner=owner)


def submission_resource(tenant: str, office: str, unit: str, proposer: str | None = None, owner: str = "") -> Resource:
    """A request or proposal: `unit` took it in for `office`, perhaps from the unit that proposes it."""
    return Resource(tenant=tenant, office=office, units=frozenset({unit, *([proposer] if proposer else [])}), owner=owner)


def listed(tenant: str, office: str, unit: str | None) -> Resource:
    """What an office has, or what it has with one unit: a round that it asked of it, a file that it got from it."""
    return Resource(tenant=tenant, office=office, units=frozenset({unit} if unit else ()))


def refuse_unless_seen(subject: Subject, action: Action, resource: Resource, field: str | None = None) -> None:
    """What is not the asker's to see is not there for him.

    Raises:
        Unknown

    """
    if not permit(subject, action, resource).allowed:
        raise Unknown(field)


def refuse_unless_read(subject: Subject, action: Action, resource: Resource) -> None:
    """What the asker sees he may not read for that.

    Raises:
        Forbidden

    """
    if not permit(subject, action, resource).allowed:
        raise Forbidden(rule=action.name)


def unit_resource(tenant: str, unit: str) -> Resource:
    """What belongs to a unit."""
    return Resource(tenant=tenant, units=frozenset({unit}))
