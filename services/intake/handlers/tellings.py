"""The command of tellings: which streams it reads, who may ask it, what decides."""

from dataclasses import asdict
from functools import partial
from typing import Final

from services.intake.domain.telling import commands as asked
from services.intake.domain.telling import decider
from services.intake.handlers.opinions import OPINION, of_opinion
from services.intake.readmodel.opinions.tellings import Tellings
from shared.contracts.facts import Facts
from shared.decider import Fold
from shared.desk import Asking, Handler

TELLING: Final = Fold("telling", decider.INITIAL, decider.evolve)


def handlers(tenant: str, tellings: Tellings) -> list[Handler]:
    """The handlers of one tenant."""

    async def ended(asking: Asking, facts: Facts) -> Facts:
        return decider.OfEnding(**asdict(facts), ended=await tellings.ended(asking.body.opinion, asking.body.part))

    return [
        Handler(
            command=asked.TellSubmitter,
            action=asked.TELL_SUBMITTER,
            streams=lambda asking: {
                decider.telling_stream(asking.body.opinion, asking.body.part): TELLING,
                asking.body.opinion: OPINION,
            },
            resource=partial(of_opinion, tenant),
            decide=decider.decide,
            facts=ended,
            additive=True,
        ),
    ]
