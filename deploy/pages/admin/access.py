"""Who administers the house: administrators alone; what they do to whom is written to the process's log."""

from typing import Annotated, Any, Final

import structlog
from fastapi import Depends

from shared.contracts.refusals import Forbidden, Unknown
from shared.contracts.roles import Role, Scope, action, grants
from shared.identity.pages import Working
from shared.identity.sessions import Session
from shared.permit import Resource, Subject, permit

ADMINISTER: Final = action("administer_house", grants(Scope.TENANT, Role.ADMINISTRATOR))
_log = structlog.get_logger()


class OwnAccess(Forbidden):
    """Nobody gives himself what he may do, nor takes it: another administrator does."""

    code = "own-access"
    rule = ()
    title_vi = "Không tự đổi quyền của chính mình"
    title_en = "Nobody changes what he himself may do"
    advice_vi = "Nhờ quản trị khác làm; mật khẩu của mình thì đổi ở trang Tài khoản."
    advice_en = "Ask another administrator; your own password is changed on the account page."


def administers(subject: Subject) -> bool:
    """Whether somebody administers his installation."""
    return permit(subject, ADMINISTER, Resource(tenant=subject.tenant)).allowed


def refuse_own(subject: Subject, person: str) -> None:
    """Raises OwnAccess where somebody would change what he himself may do."""
    if person == subject.person:
        raise OwnAccess("person")


def noted(session: Session, act: str, **about: Any) -> None:
    """Write down what an administrator did: ids and keys, never a secret."""
    _log.info(act, by=session.subject.person, account=session.name, **about)


async def administering(session: Working) -> Session:
    """Whoever administers.

    Raises:
        Unknown: for everybody else there are no such pages.

    """
    if not administers(session.subject):
        raise Unknown
    return session


Administering = Annotated[Session, Depends(administering)]
