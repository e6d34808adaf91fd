"""Who reads the audit: auditors alone, of the whole installation, and no words with it."""

from typing import Annotated, Final

from fastapi import Depends

from shared.contracts.refusals import Unknown
from shared.contracts.roles import Role, Scope, action, grants
from shared.identity.pages import Working
from shared.identity.sessions import Session
from shared.permit import Resource, Subject, permit

READ_AUDIT: Final = action("read_audit", grants(Scope.TENANT, Role.AUDITOR))


def reads(subject: Subject) -> bool:
    """Whether somebody may read the audit of his installation."""
    return permit(subject, READ_AUDIT, Resource(tenant=subject.tenant)).allowed


async def auditing(session: Working) -> Session:
    """Whoever audits.

    Raises:
        Unknown: for everybody else there are no such pages.

    """
    if not reads(session.subject):
        raise Unknown
    return session


Auditing = Annotated[Session, Depends(auditing)]
