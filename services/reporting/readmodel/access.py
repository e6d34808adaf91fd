"""Who may read which figures."""

from typing import Final

from shared.contracts.refusals import Forbidden, Unknown
from shared.contracts.roles import Action, Role, Scope, action, grants
from shared.permit import Resource, Subject, permit

# Figures name nobody, so whoever works for the office may see its own; other offices' are for those above them.
READ_FIGURES: Final = action(
    "read_figures",
    grants(
        Scope.OFFICE,
        Role.CHIEF,
        Role.DEPUTY,
        Role.HUB,
        Role.CONTENT_DIVISION,
        Role.UNIT_LEADER,
        Role.UNIT_DEPUTY,
        Role.SPECIALIST,
        Role.SECRETARY,
        Role.PARTY_COMMITTEE,
        Role.MASS_ORGANISATION,
        Role.REGISTRY,
    ),
    grants(Scope.TENANT, Role.AUDITOR, Role.CHAIRMAN, Role.OPERATOR, Role.SYSTEM),
)

# What stands behind a figure names episodes, which a small row makes nearly people: for those who answer for the report
# and for those above them; whoever runs the installation sees no case.
OPEN_FIGURES: Final = action(
    "open_figures",
    grants(Scope.OFFICE, Role.CHIEF, Role.DEPUTY, Role.HUB),
    grants(Scope.TENANT, Role.AUDITOR, Role.CHAIRMAN, Role.SYSTEM),
)


# All offices side by side are for those above them.
READ_PROVINCE: Final = action(
    "read_province",
    grants(Scope.TENANT, Role.CHAIRMAN, Role.RECIPIENT, Role.APPRAISER, Role.AUDITOR, Role.OPERATOR, Role.SYSTEM),
)


def refuse_unless_read(subject: Subject, wanted: Action, tenant: str, office: str) -> None:
    """Let pass who may read this of the office.

    Raises:
        Forbidden: one of the office who may not.
        Unknown: somebody else, for whom the office is not there.

    """
    decision = permit(subject, wanted, office_resource(tenant, office))
    if not decision.allowed:
        if subject.tenant == tenant and subject.office == office:
            raise Forbidden(rule=decision.rule)
        raise Unknown("office")


def office_resource(tenant: str, office: str) -> Resource:
    """An office's figures."""
    return Resource(tenant=tenant, office=office)
