"""The commands of units, fields, people and the calendar: which streams each reads, who may ask it, what decides."""

from functools import partial

from services.assignment.domain.calendar import decider as calendar
from services.assignment.domain.calendar.commands import PUBLISH_CALENDAR, PublishCalendar
from services.assignment.domain.directory import commands as asked
from services.assignment.domain.directory import decider as directory
from services.assignment.handlers.streams import CALENDAR, FIELD, PERSON, Folds, of_installation, units
from shared.desk import Asking, Handler, handling


def handlers(tenant: str) -> list[Handler]:
    """The handlers of one tenant."""
    kept = handling(
        resource=partial(of_installation, tenant),
        decide=directory.decide,
        additive=True,  # dated facts are added one after the other; the decider holds their order
    )
    return [
        kept(asked.RegisterUnit, asked.REGISTER_UNIT, streams=lambda a: units(a.body.unit, a.body.office, a.body.parent)),
        kept(asked.RenameUnit, asked.RENAME_UNIT, streams=lambda a: units(a.body.unit)),
        kept(asked.DissolveUnit, asked.DISSOLVE_UNIT, streams=lambda a: units(a.body.unit)),
        kept(asked.AddUnitAlias, asked.ADD_UNIT_ALIAS, streams=lambda a: units(a.body.unit)),
        kept(asked.SucceedUnit, asked.SUCCEED_UNIT, streams=_unit_and_successors),
        kept(asked.RegisterField, asked.REGISTER_FIELD, streams=lambda a: {directory.field_stream(a.body.field): FIELD}),
        kept(
            asked.SetFieldLead,
            asked.SET_FIELD_LEAD,
            streams=lambda a: {directory.field_stream(a.body.field): FIELD} | units(a.body.office, a.body.lead),
        ),
        kept(
            asked.SetFurtherLeads,
            asked.SET_FURTHER_LEADS,
            streams=lambda a: {directory.field_stream(a.body.field): FIELD} | units(a.body.office, *a.body.leads),
        ),
        kept(asked.RegisterPerson, asked.REGISTER_PERSON, streams=_person_and_unit, person=lambda a: str(a.body.person)),
        kept(asked.MovePerson, asked.MOVE_PERSON, streams=_person_and_unit),
        kept(asked.JoinUnit, asked.JOIN_UNIT, streams=_person_and_unit),
        kept(asked.LeaveUnit, asked.LEAVE_UNIT, streams=_person_and_unit),
        kept(PublishCalendar, PUBLISH_CALENDAR, streams=lambda _: {calendar.STREAM: CALENDAR}, decide=calendar.decide),
    ]


def _unit_and_successors(asking: Asking) -> Folds:
    lines = asking.body.successions
    fields = {directory.field_stream(line.field): FIELD for line in lines if line.field is not None}
    return units(asking.body.unit, *(line.to for line in lines)) | fields


def _person_and_unit(asking: Asking) -> Folds:
    return {directory.person_stream(asking.body.person): PERSON} | units(asking.body.unit)
