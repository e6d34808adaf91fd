"""Who may ask what about papers and registers, and each of them as permission sees it."""

from collections.abc import Iterable
from typing import Final

from shared.contracts.roles import Role, Scope, action, grants
from shared.documents.acts import RECIPIENTS, STAFF
from shared.permit import Resource

# The office's people work on its papers; another unit sees what was sent to it.
SEE_DOCUMENT: Final = action(
    "see_document",
    grants(Scope.OFFICE, *STAFF, Role.AUDITOR),
    grants(Scope.UNIT, *RECIPIENTS),
    grants(Scope.TENANT, Role.CHAIRMAN),
)
LIST_DOCUMENTS: Final = action("list_documents", grants(Scope.OFFICE, *STAFF, Role.AUDITOR), grants(Scope.TENANT, Role.CHAIRMAN))
# What was sent to a unit, whichever office's paper it is, its own people find among what it received.
LIST_RECEIVED: Final = action("list_received", grants(Scope.UNIT, *RECIPIENTS))
# Comments and reasons of return stay in the house; the auditor's replay is redacted.
READ_DOCUMENT: Final = action("read_document", grants(Scope.OFFICE, *STAFF), grants(Scope.TENANT, Role.CHAIRMAN))
SEE_REGISTER: Final = action(
    "see_register",
    grants(Scope.OFFICE, Role.REGISTRY, Role.HUB, Role.SECRETARY, Role.CHIEF, Role.DEPUTY, Role.AUDITOR),
    grants(Scope.TENANT, Role.ADMINISTRATOR, Role.OPERATOR),
)


def document_resource(tenant: str, office: str, sent_to: Iterable[str] = ()) -> Resource:
    """A document of `office`; whom it was sent to sees it too."""
    return Resource(tenant=tenant, office=office, units=frozenset(sent_to))
