"""The commands of consolidation rounds and batches: which streams each reads, who may ask it, what decides."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict
from functools import partial
from typing import Any, Final

from services.intake.domain.consolidation import commands as asked
from services.intake.domain.consolidation import decider
from services.intake.domain.consolidation.decider import NoConsolidation
from services.intake.handlers.opinions import OPINION
from services.intake.readmodel.access import SEE_CONSOLIDATION, listed, refuse_unless_seen
from shared.calendar import local_day
from shared.contracts.directory import UnitKind
from shared.contracts.facts import Facts
from shared.contracts.refusals import Unknown
from shared.decider import Fold
from shared.desk import Asking, Handler, States, handling
from shared.directory.queries import Directories
from shared.directory.values import Unit
from shared.ids import base32
from shared.permit import Resource
from shared.vault.port import Vault

CONSOLIDATION: Final = Fold("consolidation", decider.INITIAL, decider.evolve)
BATCH: Final = Fold("batch", decider.NO_BATCH, decider.evolve_batch)


def handlers(tenant: str, directories: Directories) -> list[Handler]:
    """The handlers of one tenant."""
    on_round = handling(streams=_round, resource=partial(_of_round, tenant), decide=decider.decide)
    return [
        Handler(
            command=asked.OpenConsolidation,
            action=asked.OPEN_CONSOLIDATION,
            streams=lambda asking: dict.fromkeys(_rounds(asking).values(), CONSOLIDATION),
            resource=lambda asking, _states: Resource(tenant=tenant, office=asking.body.office),
            decide=decider.decide,
            facts=_opening(directories),
            answer=_rounds_answer,
            additive=True,
        ),
        on_round(asked.SubmitConsolidation, asked.SUBMIT_CONSOLIDATION, streams=_round_and_opinions),
        on_round(asked.AmendConsolidation, asked.AMEND_CONSOLIDATION, streams=_round_and_opinions),
        on_round(asked.ReturnConsolidation, asked.RETURN_CONSOLIDATION),
        on_round(asked.ReportConsolidation, asked.REPORT_CONSOLIDATION),
        Handler(
            command=asked.RecordBatch,
            action=asked.RECORD_BATCH,
            streams=_batch_and_opinions,
            resource=lambda asking, _states: Resource(tenant, asking.body.office, units=frozenset({asking.subject.unit})),
            decide=decider.decide,
            facts=_recording,
            additive=True,
        ),
    ]


def _rounds(asking: Asking) -> dict[str, str]:
    return {unit: decider.consolidation_stream(asking.body.about, unit) for unit in asking.body.units}


def _round(asking: Asking) -> dict[str, Fold[Any]]:
    return {asking.body.consolidation: CONSOLIDATION}


def _round_and_opinions(asking: Asking) -> dict[str, Fold[Any]]:
    return {**_round(asking), **dict.fromkeys(asking.body.opinions, OPINION)}


def _batch_and_opinions(asking: Asking) -> dict[str, Fold[Any]]:
    taken = (row.opinion for row in asking.body.rows if row.opinion is not None)
    return {_batch(asking): BATCH, **dict.fromkeys(taken, OPINION)}


def _batch(asking: Asking) -> str:
    """The same file of the same unit is the same batch."""
    return f"batch-{base32(asking.keyed.digest('batch', asking.subject.tenant, asking.subject.unit, asking.body.file), 20)}"


def _opening(directories: Directories) -> Callable[[Asking, Facts], Awaitable[Facts]]:
    async def facts(asking: Asking, common: Facts) -> Facts:
        day = local_day(common.at)
        directory = await directories.at(day)
        named = [(key, directory.unit(key)) for key in asking.body.units]
        return decider.Opening(
            **asdict(common),
            day=day,
            is_office=directory.office(asking.body.office) is not None,
            rounds=_rounds(asking),
            unknown=tuple(key for key, unit in named if unit is None),
            outside=tuple(key for key, unit in named if unit and not _works_for(unit, asking.body.office)),
        )

    return facts


def _works_for(unit: Unit, office: str) -> bool:
    """Whether the office's head gives it work: one of its units, not the office as a whole."""
    return unit.office == office and unit.kind is not UnitKind.OFFICE


async def _recording(asking: Asking, facts: Facts) -> Facts:
    return decider.Recording(**asdict(facts), batch=_batch(asking))


async def _rounds_answer(asking: Asking, states: States, vault: Vault) -> Mapping[str, Any]:
    """The rounds opened, in the order of the units."""
    return {"consolidations": list(_rounds(asking).values())}


def _of_round(tenant: str, asking: Asking, states: States) -> Resource:
    state = states[asking.body.consolidation]
    if isinstance(state, NoConsolidation):
        raise Unknown("consolidation")
    resource = listed(tenant, state.was.office, state.was.unit)
    refuse_unless_seen(asking.subject, SEE_CONSOLIDATION, resource, "consolidation")
    return resource
