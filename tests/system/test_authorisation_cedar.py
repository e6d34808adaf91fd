"""Permission compared with the domain brief said once more in another language: a hundred thousand requests, no difference."""

import json
import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import cedarpy
import pytest

from shared.contracts.roles import Role
from shared.permit import Delegated, Resource, Subject, permit
from tests.support.granted import actions

POLICY: Final = Path(__file__).with_name("authorisation.cedar").read_text(encoding="utf-8")
REQUESTS: Final = 100_000
SEED: Final = 1_037
TENANTS: Final = ("sonla", "sonla", "sonla", "laichau")
OFFICES: Final = ("VPUB", "VPUB", "UBND-MSO")
UNITS: Final = ("TCHCQT", "TH", "KT", "MSO-VP")
PERSONS: Final = ("p-1", "p-2", "p-3")
SETS: Final = 400  # of capacities that somebody may have at once

# Who the policy speaks of together. Role codes of the domain brief, corrections; R50: everybody collects and answers.
LEADERSHIP: Final = ("chief", "deputy")
HEADS: Final = (*LEADERSHIP, "hub")
IN_UNITS: Final = ("unit_leader", "unit_deputy", "specialist")
ANSWERERS: Final = (*HEADS, *IN_UNITS, "content_division", "mass_organisation", "party_committee")
STAFF: Final = (*ANSWERERS, "secretary", "registry")
ADMINISTRATORS: Final = ("administrator", "operator")
TASKED: Final = (*ANSWERERS, "proposer")  # a sở or huyện is given work under Track B
MAKERS: Final = (*HEADS, "content_division", "chairman")
ADDRESSEES: Final = (*STAFF, *["recipient", "appraiser", "proposer", "feeder", "chairman"])
GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "administrators": ADMINISTRATORS,
    "administrators of the pages": ("administrator",),
    "auditors": ("auditor",),
    "those who go to dialogues": (*HEADS, "secretary", "chairman"),
    "keepers": (*ADMINISTRATORS, "system"),
    "people of the offices": tuple(role.value for role in Role if role not in (Role.CITIZEN, Role.SYSTEM)),
    "leadership": LEADERSHIP,
    "heads": HEADS,
    "head and hub": ("chief", "hub"),
    "hub and registry": ("hub", "registry"),
    "hub and division": ("hub", "content_division"),
    "deputy and hub": ("deputy", "hub"),
    "heads and registry": (*HEADS, "registry"),
    "heads and auditor": (*HEADS, "auditor"),
    "overseers": (*HEADS, "registry", "auditor"),
    "leadership and registry": (*LEADERSHIP, "registry"),
    "collectors": ("feeder", "registry", "hub", "unit_leader", "unit_deputy", "specialist", "mass_organisation"),
    "takers of proposals": ("content_division", "registry", "proposer"),
    "division and registry": ("content_division", "registry"),
    "division and proposer": ("content_division", "proposer"),
    "division and appraiser": ("content_division", "appraiser"),
    "division, proposer and appraiser": ("content_division", "proposer", "appraiser"),
    "proposer and appraiser": ("proposer", "appraiser"),
    "recipient and appraiser": ("recipient", "appraiser"),
    "Chairman and division": ("chairman", "content_division"),
    "those who assign": ("chief", "chairman"),
    "those who decide": (*LEADERSHIP, "chairman"),
    "those who decide and registry": (*LEADERSHIP, "chairman", "registry"),
    "followers-up": (*HEADS, "chairman"),
    "followers-up and auditor": (*HEADS, "chairman", "auditor"),
    "answerers": TASKED,
    "leaders of units": (*LEADERSHIP, "unit_leader", "proposer"),
    "receivers": (*TASKED, "feeder", "registry"),
    "receivers and appraiser": (*TASKED, "feeder", "registry", "appraiser"),
    "those about a case": (*HEADS, *["chairman", "party_committee", "secretary", "content_division", "registry", "auditor"]),
    "makers of dialogues": MAKERS,
    "hosts": ("secretary", "hub", "content_division", "deputy"),
    "commenters on notices": (*MAKERS, *IN_UNITS),
    "keepers of meetings": (*HEADS, "secretary"),
    "those at dialogues": (*MAKERS, *IN_UNITS, "secretary", "registry", "party_committee", "auditor"),
    "secretary and party committee": ("secretary", "party_committee"),
    "staff": STAFF,
    "signers": (*LEADERSHIP, "unit_leader", "unit_deputy"),
    "addressees": ADDRESSEES,
    "readers of registers": (*HEADS, "secretary", "registry", "auditor"),
    "preparers": (*HEADS, "secretary", "registry", "content_division"),
    "confirmers": ("unit_leader", "mass_organisation", "hub"),
    "above the offices": ("auditor", "chairman", "system"),
}


@dataclass(frozen=True, slots=True)
class Request:
    """Somebody asks; `capacities` is the number of the set that he has."""

    subject: Subject
    action: str
    resource: Resource


def requests(seed: int) -> list[Request]:
    """Subjects with one to three capacities and up to two delegations, and things, of few places: so that many of them meet."""
    chance, names = random.Random(seed), list(actions())
    sets = _sets(chance)
    return [
        Request(
            Subject(
                person=chance.choice(PERSONS),
                tenant=chance.choice(TENANTS),
                office=chance.choice(OFFICES),
                unit=chance.choice(UNITS),
                capacities=chance.choice(sets),
                delegated=tuple(_delegated(chance) for _ in range(chance.choice((0, 0, 0, 0, 0, 1, 1, 2)))),
            ),
            chance.choice(names),
            _resource(chance),
        )
        for _ in range(REQUESTS)
    ]


def _sets(chance: random.Random) -> list[frozenset[Role]]:
    roles = list(Role)
    return [
        *(frozenset({role}) for role in roles),
        *(frozenset(chance.sample(roles, chance.choice((1, 2, 3)))) for _ in range(SETS)),
    ]


def _delegated(chance: random.Random) -> Delegated:
    role = chance.choice([role for role in Role if role is not Role.SYSTEM])
    return Delegated(
        delegation=f"delegation-{chance.randrange(9)}",
        post="CVP",
        role=role,
        office=chance.choice(OFFICES),
        unit=chance.choice(UNITS),
    )


def _resource(chance: random.Random) -> Resource:
    def some(of: tuple[str, ...]) -> frozenset[str]:
        return frozenset(chance.sample(of, chance.choice((0, 0, 1, 1, 2))))

    return Resource(
        tenant=chance.choice(TENANTS),
        office=chance.choice((*OFFICES, "")),
        units=some(UNITS),
        leads=some(UNITS),
        assignees=some(PERSONS),
        owner=chance.choice((*PERSONS, "")),
    )


# --- The other statement


@cache
def _policies(action: str) -> cedarpy.PolicySet:
    """The policies that speak of an action: the others cannot bear on it, and each would be looked at for every request."""
    return cedarpy.PolicySet.from_str(
        "\n".join(each for each in _each() if f'"{action}"' in each or "(principal, action," in each)
    )


@cache
def _each() -> tuple[str, ...]:
    without = re.sub(r"^//.*$", "", POLICY, flags=re.MULTILINE)
    return tuple(f"{each.strip()};" for each in re.split(r";\s*\n", without) if each.strip())


def _people(sets: set[frozenset[Role]]) -> cedarpy.Entities:
    roles = [
        _entity("Role", role.value, [("Group", name) for name, within in GROUPS.items() if role.value in within]) for role in Role
    ]
    groups = [_entity("Group", name, []) for name in GROUPS]
    people = [_entity("Capacities", _named(each), [("Role", role.value) for role in each]) for each in sets]
    return cedarpy.Entities.from_json_str(json.dumps([*groups, *roles, *people]))


def _entity(kind: str, name: str, parents: list[tuple[str, str]]) -> dict[str, Any]:
    within = [{"type": type_, "id": id_} for type_, id_ in parents]
    return {"uid": {"type": kind, "id": name}, "attrs": {}, "parents": within}


def _named(capacities: frozenset[Role]) -> str:
    return "+".join(sorted(capacities))


def _hats(subject: Subject) -> Iterator[tuple[frozenset[Role], str, str]]:
    """In which capacities, of which office and unit, somebody may ask: his own, and those of the posts that he acts for."""
    yield subject.capacities, subject.office, subject.unit
    for each in subject.delegated:
        yield frozenset({each.role}), each.office, each.unit


def _asked(request: Request, capacities: frozenset[Role], office: str, unit: str) -> dict[str, Any]:
    thing: dict[str, Any] = {
        "tenant": request.resource.tenant,
        **{name: value for name in ("office", "owner") if (value := getattr(request.resource, name))},
        **{name: sorted(getattr(request.resource, name)) for name in ("units", "leads", "assignees")},
    }
    where = {"tenant": request.subject.tenant, "office": office, "unit": unit, "person": request.subject.person}
    return {
        "principal": f'Capacities::"{_named(capacities)}"',
        "action": f'Action::"{request.action}"',
        "resource": 'Thing::"asked about"',
        "context": {**where, "thing": thing},
    }


def allowed_by_policy(asked: list[Request]) -> list[bool]:
    """What the policy says of each, in order."""
    people = _people({capacities for each in asked for capacities, _, _ in _hats(each.subject)})
    answers = [False] * len(asked)
    by_action: dict[str, list[tuple[int, dict[str, Any]]]] = {}
    for n, request in enumerate(asked):
        by_action.setdefault(request.action, []).extend((n, _asked(request, *hat)) for hat in _hats(request.subject))
    for action, some in by_action.items():
        found = cedarpy.is_authorized_batch([each for _, each in some], _policies(action), people)
        for (n, _), answer in zip(some, found, strict=True):
            assert not answer.diagnostics.errors, (action, answer.diagnostics.errors)
            answers[n] = answers[n] or answer.allowed
    return answers


def test_the_policy_speaks_of_every_action_and_of_no_other() -> None:
    assert set(re.findall(r'Action::"(\w+)"', POLICY)) == set(actions())


def test_the_policy_speaks_of_every_group_and_of_no_other() -> None:
    assert set(re.findall(r'Group::"([^"]+)"', POLICY)) == set(GROUPS)
    assert {role for within in GROUPS.values() for role in within} <= set(Role)


@pytest.mark.timeout(600)  # half a minute of one core, and longer beside others
def test_permission_and_the_policy_agree_on_every_request() -> None:
    asked = requests(SEED)
    found = [permit(each.subject, actions()[each.action], each.resource).allowed for each in asked]
    said = allowed_by_policy(asked)
    differing = [(each, house, policy) for each, house, policy in zip(asked, found, said, strict=True) if house is not policy]
    assert not differing, (len(differing), differing[:3])
    met = sum(found)
    assert REQUESTS / 20 < met < REQUESTS * 19 / 20, met  # both answers are really compared
    assert len({each.action for each, allowed in zip(asked, found, strict=True) if allowed}) == len(actions())
