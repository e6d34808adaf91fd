"""The commands of posts, delegations and what is set or published: which streams each reads, who may ask it, what decides."""

from dataclasses import asdict
from functools import partial
from typing import Any, Final

from services.assignment.domain.directory import checklist
from services.assignment.domain.directory import commands as asked
from services.assignment.domain.directory import decider as directory
from services.assignment.domain.directory.charges import charges_stream
from services.assignment.domain.directory.delegations import Delegating, Granted
from services.assignment.domain.directory.fields import field_stream
from services.assignment.domain.directory.letterhead import letterhead_stream
from services.assignment.domain.directory.people import Person, person_stream
from services.assignment.domain.directory.posts import Post, post_stream
from services.assignment.domain.directory.recipients import recipients_stream
from services.assignment.domain.directory.rules import rules_stream
from services.assignment.domain.directory.signing_keys import Making, signing_key_stream
from services.assignment.domain.directory.units import Dissolved, InForce, unit_stream
from services.assignment.handlers.papers import papers_named
from services.assignment.handlers.streams import (
    CHARGES,
    CHECKLIST,
    DELEGATION,
    FIELD,
    LETTERHEAD,
    PERSON,
    POST,
    RECIPIENTS,
    RULES,
    SIGNING_KEYS,
    Folds,
    new_stream,
    of_installation,
    of_office,
    party_stream,
    units,
)
from shared.calendar import local_day
from shared.contracts.facts import Facts
from shared.contracts.refusals import Unknown
from shared.desk import Asking, Handler, States, handling
from shared.papers import keys
from shared.permit import Resource
from shared.vault.port import Vault

PRIVATE: Final = "private"  # half of a pair of keys


def handlers(tenant: str) -> list[Handler]:
    """The handlers of one tenant."""
    kept = handling(
        resource=partial(of_installation, tenant),
        decide=directory.decide,
        additive=True,  # dated facts are added one after the other; the decider holds their order
    )
    return [
        kept(asked.CreatePost, asked.CREATE_POST, streams=lambda a: _post(a) | units(a.body.unit)),
        kept(asked.HoldPost, asked.HOLD_POST, streams=lambda a: _post(a) | {person_stream(a.body.person): PERSON}),
        kept(asked.VacatePost, asked.VACATE_POST, streams=_post),
        kept(
            asked.GrantDelegation,
            asked.GRANT_DELEGATION,
            streams=_new_delegation,
            further=_units_concerned,
            resource=partial(_of_post, tenant),
            facts=_delegating,
        ),
        kept(
            asked.RevokeDelegation,
            asked.REVOKE_DELEGATION,
            streams=lambda a: {a.body.delegation: DELEGATION, **papers_named(a.body.document)},
            further=_post_of_delegation,
            resource=partial(_of_delegation, tenant),
        ),
        kept(
            asked.SetRecipients,
            asked.SET_RECIPIENTS,
            streams=_recipients,
            resource=partial(of_office, tenant),
        ),
        kept(
            asked.PublishRules,
            asked.PUBLISH_RULES,
            streams=lambda a: {rules_stream(a.body.office): RULES} | units(a.body.office),
        ),
        kept(
            asked.SetCharge,
            asked.SET_CHARGE,
            streams=_charge,
            further=_unit_of_post,
            resource=partial(of_office, tenant),
        ),
        kept(
            asked.SetLetterhead,
            asked.SET_LETTERHEAD,
            streams=lambda a: {letterhead_stream(a.body.office): LETTERHEAD} | units(a.body.office),
            resource=partial(of_office, tenant),
        ),
        kept(
            asked.MakeSigningKey,
            asked.MAKE_SIGNING_KEY,
            streams=_signing_keys,
            resource=partial(of_office, tenant),
            texts=lambda asking: {PRIVATE: keys.fresh(asking.ids, asking.body.office, asking.command_id)},
            facts=_making,
            answer=_made,
        ),
        kept(
            asked.RetireSigningKey,
            asked.RETIRE_SIGNING_KEY,
            streams=_signing_keys,
            resource=partial(of_office, tenant),
        ),
        kept(asked.SetPartyFields, asked.SET_PARTY_FIELDS, streams=_party_fields),
        kept(asked.PublishChecklist, asked.PUBLISH_CHECKLIST, streams=lambda _: {checklist.STREAM: CHECKLIST}),
    ]


def _post(asking: Asking) -> dict[str, Any]:
    return {post_stream(asking.body.post): POST}


def _signing_keys(asking: Asking) -> Folds:
    return {signing_key_stream(asking.body.office): SIGNING_KEYS} | units(asking.body.office)


async def _making(asking: Asking, facts: Facts) -> Making:
    public = keys.public_of(asking.texts[PRIVATE])
    return Making(**asdict(facts), key=keys.id_of(public), public=public, private=asking.sealed[PRIVATE])


async def _made(asking: Asking, states: States, vault: Vault) -> dict[str, Any]:
    """The key that the office signs with now, which is the one made unless another was made since."""
    return {"key": states[signing_key_stream(asking.body.office)].in_use}


def _recipients(asking: Asking) -> Folds:
    lines = (line.unit for line in asking.body.recipients)
    return {recipients_stream(asking.body.office): RECIPIENTS} | units(asking.body.office, *lines)


def _charge(asking: Asking) -> Folds:
    body = asking.body
    fields = {field_stream(field): FIELD for field in body.fields}
    return {charges_stream(body.office): CHARGES, **_post(asking), **fields, **units(body.office, *body.units)}


def _unit_of_post(asking: Asking, states: States) -> Folds:
    post = states[post_stream(asking.body.post)]
    return units(post.created.unit) if isinstance(post, Post) else {}


def _party_fields(asking: Asking) -> Folds:
    return {**party_stream(asking), **{field_stream(field): FIELD for field in asking.body.fields}}


def _new_delegation(asking: Asking) -> Folds:
    of_the_post = _post(asking) | {person_stream(asking.body.to): PERSON}
    return {new_stream("delegation", asking): DELEGATION} | of_the_post | papers_named(asking.body.document)


def _units_concerned(asking: Asking, states: States) -> Folds:
    """The post's unit and the delegate's, whose offices are compared."""
    post, person = states[post_stream(asking.body.post)], states[person_stream(asking.body.to)]
    own = (post.created.unit,) if isinstance(post, Post) else ()
    others = person.units(asking.body.valid_from) if isinstance(person, Person) else ()
    return units(*own, *others)


def _post_of_delegation(asking: Asking, states: States) -> Folds:
    found = states[asking.body.delegation]
    if not isinstance(found, Granted):
        return {}
    key = post_stream(found.granted.post)
    post = states.get(key)
    return {key: POST} | (units(post.created.unit) if isinstance(post, Post) else {})


async def _delegating(asking: Asking, facts: Facts) -> Delegating:
    return Delegating(
        **asdict(facts),
        delegation=new_stream("delegation", asking),
    )


def _of_delegation(tenant: str, asking: Asking, states: States) -> Resource:
    found = states[asking.body.delegation]
    if not isinstance(found, Granted):
        raise Unknown("delegation")
    return _held(tenant, found.granted.post, asking, states)


def _of_post(tenant: str, asking: Asking, states: States) -> Resource:
    return _held(tenant, asking.body.post, asking, states)


def _held(tenant: str, key: str, asking: Asking, states: States) -> Resource:
    """A post as permission sees it: given in person to whoever holds it on the day."""
    post = states[post_stream(key)]
    if not isinstance(post, Post):
        return Resource(tenant=tenant)
    holder = post.holder(local_day(asking.at))
    match states.get(unit_stream(post.created.unit)):
        case InForce(registered=unit) | Dissolved(was=InForce(registered=unit)):
            office = unit.office or ""
        case _:
            office = ""
    return Resource(tenant=tenant, office=office, assignees=frozenset({holder}) if holder else frozenset())
