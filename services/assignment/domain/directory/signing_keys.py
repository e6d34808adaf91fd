"""Stream `signing_key-<office>`: the keys that an office's papers are signed with, one at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from services.assignment.domain.directory.commands import MakeSigningKey, RetireSigningKey
from services.assignment.domain.directory.refusals import UnknownSigningKey
from services.assignment.domain.directory.units import refuse_unless_office
from shared.calendar import local_day
from shared.contracts.directory import SigningKeyMade, SigningKeyRetired
from shared.contracts.facts import Facts
from shared.contracts.types import PublicKey, Secret, SigningKeyId

SigningKeyEvent = SigningKeyMade | SigningKeyRetired


@dataclass(frozen=True, slots=True, kw_only=True)
class Making(Facts):
    """The facts, with a fresh pair of keys: its id, its public half, and where the private one is sealed."""

    key: SigningKeyId
    public: PublicKey
    private: Secret


@dataclass(frozen=True, slots=True)
class SigningKeys:
    """Every key an office ever had, oldest first, and the one it signs with, if any."""

    made: tuple[str, ...] = ()
    in_use: str | None = None


NO_SIGNING_KEYS: Final = SigningKeys()


def signing_key_stream(office: str) -> str:
    """The stream of an office's keys."""
    return f"signing_key-{office}"


def evolve_signing_keys(state: SigningKeys, event: SigningKeyEvent) -> SigningKeys:
    """The keys after `event`."""
    if isinstance(event, SigningKeyMade):
        return SigningKeys((*state.made, event.key), event.key)
    return replace(state, in_use=None if state.in_use == event.key else state.in_use)


def decide_signing_key(
    command: MakeSigningKey | RetireSigningKey, states: Mapping[str, Any], facts: Facts
) -> Sequence[SigningKeyEvent]:
    """A fresh key for an office that has none, or in the place of the one named; what is so already changes nothing.

    It is of the day on which it is made, whatever day is claimed for that: before, nobody could have signed with it.

    Raises:
        UnknownUnit, NotAnOffice, UnknownSigningKey

    """
    office, today = command.office, local_day(facts.now)
    refuse_unless_office(states, office)
    state: SigningKeys = states[signing_key_stream(office)]
    if isinstance(command, RetireSigningKey):
        _refuse_unknown(state, command.key, "key")
        return [SigningKeyRetired(office=office, key=command.key, last=today)] if state.in_use == command.key else []
    assert isinstance(facts, Making)
    _refuse_unknown(state, command.replacing, "replacing")
    if state.in_use not in (None, command.replacing):
        return []
    made = SigningKeyMade(office=office, key=facts.key, public=facts.public, private=facts.private, valid_from=today)
    former = [SigningKeyRetired(office=office, key=state.in_use, last=today)] if state.in_use is not None else []
    return [*former, made]


def _refuse_unknown(state: SigningKeys, key: str | None, field: str) -> None:
    if key is not None and key not in state.made:
        raise UnknownSigningKey(field, key=key)
