"""Which failures pass by themselves and which stay."""

import random
from typing import Final

import asyncpg
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from shared.blobs.place import PlaceUnavailable
from shared.contracts.refusals import Refused
from shared.directory.queries import DirectoryNotYet
from shared.eventlog.port import LogUnavailable, StreamConflict
from shared.feeds import Gap
from shared.vault.port import VaultUnavailable

# A fault that comes back this often although the database answers is no passing one: it is parked like any other.
MOST_ATTEMPTS: Final = 10
FIRST_SECONDS: Final = 0.05
LONGEST_SECONDS: Final = 10.0
MOST_SAID: Final = 5

TRANSIENT: Final = (
    OperationalError,
    InterfaceError,
    PoolTimeout,
    LogUnavailable,
    VaultUnavailable,
    PlaceUnavailable,
    DirectoryNotYet,
    StreamConflict,
    Gap,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.SerializationError,
    asyncpg.DeadlockDetectedError,
    asyncpg.LockNotAvailableError,
    asyncpg.QueryCanceledError,
    OSError,
    TimeoutError,
)


def is_transient(error: BaseException) -> bool:
    """Whether trying again later may help without anything being changed."""
    if isinstance(error, TRANSIENT):
        return True
    if isinstance(error, DBAPIError):
        return error.connection_invalidated or isinstance(getattr(error.orig, "__cause__", None), TRANSIENT)
    return False


def said(error: BaseException) -> str:
    """What an operator may read of a failure: its kind, the rule or the fields concerned; never its message, which may quote."""
    kind = type(error).__name__
    if isinstance(error, Refused):
        return f"{kind} {error.code}"
    if isinstance(error, ValidationError):
        problems = error.errors(include_url=False, include_context=False, include_input=False)
        return " ".join([kind, *(f"{'.'.join(map(str, each['loc']))}:{each['type']}" for each in problems[:MOST_SAID])])
    return kind


def wait_seconds(attempt: int) -> float:
    """How long to wait before trying again the `attempt`-th time (from 1): doubling, bounded, with jitter."""
    longest = min(FIRST_SECONDS * 2 ** (attempt - 1), LONGEST_SECONDS)
    return random.uniform(longest / 2, longest)
