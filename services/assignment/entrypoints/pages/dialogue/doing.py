"""What can be done on a page by whoever looks at it: each act with its form, what waits for a condition, what was refused."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from fastapi import Request

from shared.contracts.refusals import Refused, Unknown
from shared.permit import Subject
from shared.web.acting import Acting, new_key, tried
from shared.web.acts import Act, Offer, Option, Tried

A = TypeVar("A", bound=Act)
LISTED: Final = frozenset({"cases", "work"})  # facts of a refusal that are lists of ids
Options = Mapping[str, Sequence[Option]]


def act_of(acts: Iterable[A], slug: str) -> A:
    """The act of that name in an address.

    Raises:
        Unknown

    """
    found = next((each for each in acts if each.slug == slug), None)
    if found is None:
        raise Unknown
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """What the fields of acts may be filled with, by act: options to choose from, and what is filled in at first.

    `sample`: values that an act is rehearsed with beside those.
    """

    options: Mapping[str, Options] = field(default_factory=dict)
    chosen: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    sample: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def first(self, act: Act) -> dict[str, str | None]:
        """A value that each field of options could have."""
        known = self.options.get(act.name, {})
        found = {name: next((each.value for each in options if not each.barred), None) for name, options in known.items()}
        fixed = {name: value for name, value in self.chosen.get(act.name, {}).items() if isinstance(value, str) and value}
        return {**found, **fixed}


@dataclass(frozen=True, slots=True, kw_only=True)
class Doing:
    """The acts of a page by name, with all that their forms show."""

    thing: str
    path: str  # forms are sent to what lies under it
    offers: Mapping[str, Offer]
    ways: Ways
    refused: Tried | None

    def facts(self, request: Request) -> dict[str, Any]:
        """What the templates are given."""
        known, refused = request.query_params, self.refused
        offered = refused is not None and (offer := self.offers.get(refused.act.name)) is not None and offer.waits is None
        return {
            "thing": self.thing,
            "path_of": self.path,
            "offers": self.offers,
            "options": self.ways.options,
            "chosen": self.ways.chosen,
            "tried": refused,
            "refused": refused is not None,
            "offered": offered,
            "reasons": {
                name: _told(tried(request, each.act, each.thing, {}, each.waits).told, each.waits)
                for name, each in self.offers.items()
                if each.waits is not None
            },
            "status": refused.status if refused is not None else 200,
            "done": known.get("done") if refused is None else None,
            "late": "late" in known,
            "key": new_key(),
        }


def _told(told: Mapping[str, Any], waits: Refused) -> Mapping[str, Any]:
    """A condition as the page says it: which cases or tasks it hangs on stands in the page's own table."""
    return {**told, "detail": ""} if LISTED & set(waits.facts) else told


async def offered(
    acting: Acting,
    acts: Iterable[Act],
    thing: str,
    version: int,
    subject: Subject,
    *,
    told: tuple[type[Refused], ...],
    ways: Ways,
) -> Mapping[str, Offer]:
    """Those of some acts that could be done now or wait for a condition, by name; each is decided as it would be."""
    found = [
        await acting.offer(act, thing, version, subject, first=ways.first(act), told=told, **ways.sample.get(act.name, {}))
        for act in acts
    ]
    return {offer.act.name: offer for offer in found if offer is not None}
