"""Acts that the desk could only rehearse by composing the paper or counting its figures again: offered by right and stage."""

from collections.abc import Mapping
from typing import Any

from services.reporting.entrypoints.pages.reports.acts import COSTLY, NONE
from services.reporting.readmodel.access import office_resource
from shared.permit import Subject, permit
from shared.web.acting import Acting
from shared.web.acts import Act, Offer


def offered(acting: Acting, act: Act, one: Mapping[str, Any], subject: Subject) -> Offer | None:
    """The act, where somebody may ask it of this office and the paper is at a stage at which it can be asked.

    What else stands against it is told once it is asked: to know before would cost what asking costs.
    """
    action, stages = COSTLY[act.slug]
    state = one["paper"]["state"] if one["paper"] else NONE
    if one["lock"] is None or state not in stages or not acting.may_ever(act, subject):
        return None
    if not permit(subject, action, office_resource(subject.tenant, one["office"])).allowed:
        return None
    return Offer(act=act, thing=one["report"], version=0)
