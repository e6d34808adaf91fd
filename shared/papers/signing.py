"""In which capacities whoever asks may sign on a day, and what the office's key signs for him.

The directory says what his posts allow, and what was delegated to him.
"""

from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC
from typing import Final

from shared.calendar import local_day
from shared.contracts.document import SigningCapacity
from shared.contracts.facts import Facts
from shared.contracts.roles import Role
from shared.decider import load
from shared.desk import Asking
from shared.directory.queries import Directories
from shared.directory.snapshot import Directory
from shared.directory.values import Post
from shared.documents.acts import Signing, held_in
from shared.documents.signing import capacities
from shared.documents.statement import Signed, Statement
from shared.documents.states import Submitted
from shared.eventlog.port import EventLog
from shared.papers import keys
from shared.papers.streams import DOCUMENT
from shared.permit import Subject
from shared.vault.port import Erased, Vault

HEADS: Final = (Role.CHIEF, Role.CHAIRMAN)


class Signatures:
    """Has papers of one service and tenant signed by their office's key.

    Its private half is opened for that alone, and each opening is logged.
    """

    def __init__(self, log: EventLog, directories: Directories, vault: Vault) -> None:
        self._log, self._directories, self._vault = log, directories, vault

    async def by_key(self, asking: Asking, document: str, facts: Signing) -> Signed | None:
        """What the office's key of today signs for whoever asks to sign `document`.

        None where it has no key, or where he may sign none of its papers: then there is nothing for a key to sign.

        Raises:
            VaultUnavailable

        """
        state = (await load(self._log, {document: DOCUMENT}))[document].state
        if not isinstance(state, Submitted) or not held_in(state.paper, facts.may_sign):
            return None
        drafted = state.paper.drafted
        key = (await self._directories.at(local_day(asking.now))).signing_key(drafted.office)
        if key is None:
            return None
        private = await self._vault.open(key.private_ref, reader=asking.subject.person, purpose=f"sign_document {document}")
        if isinstance(private, Erased):
            return None
        directory = await self._directories.at(local_day(facts.at))
        capacity: SigningCapacity = asking.command.capacity
        statement = Statement(
            office=drafted.office,
            document=document,
            content=drafted.content,
            signer=asking.subject.person,
            post=post_signed_from(directory, asking.subject, drafted.office, capacity),
            capacity=capacity,
            at=asking.now.astimezone(UTC),
            key=key.key,
        )
        return Signed(statement=statement, signature=keys.sign(private, statement))


def signing(
    directories: Directories | None, signatures: Signatures | None, document: Callable[[Asking], str]
) -> Callable[[Asking, Facts], Awaitable[Signing]]:
    """Looks up in which capacities whoever asks may sign on the day, and has the office's key sign for him."""

    async def look_up(asking: Asking, facts: Facts) -> Signing:
        directory = await directories.at(local_day(facts.at)) if directories is not None else None
        allowed = Signing(**asdict(facts), may_sign=may_sign(directory, asking.subject))
        if signatures is None:
            return allowed
        return Signing(
            **asdict(facts), may_sign=allowed.may_sign, by_key=await signatures.by_key(asking, document(asking), allowed)
        )

    return look_up


@dataclass(frozen=True, slots=True)
class _Held:
    """What a post, or (none) a credential, lets its holder sign as at an office, "" for every one's papers."""

    office: str
    post: str | None
    capacities: frozenset[SigningCapacity]


def may_sign(directory: Directory | None, subject: Subject) -> dict[str, frozenset[SigningCapacity]]:
    """In which capacities a person may sign, by office: those of his posts there, and by authorisation where one was delegated.

    An office none of whose posts is held yet goes by what the credential says.
    """
    allowed: dict[str, frozenset[SigningCapacity]] = {}
    for held in _all_held(directory, subject):
        allowed[held.office] = allowed.get(held.office, frozenset()) | held.capacities
    return allowed


def post_signed_from(directory: Directory, subject: Subject, office: str, capacity: SigningCapacity) -> str | None:
    """The post from which a person signs a paper of `office`: one that allows `capacity` before others.

    None where his credential alone allows it.
    """
    held = [each for each in _all_held(directory, subject) if each.office in (office, "") and each.post is not None]
    return next((each.post for each in sorted(held, key=lambda each: capacity not in each.capacities)), None)


def _all_held(directory: Directory | None, subject: Subject) -> Iterator[_Held]:
    if directory is None or not any(_office_of(directory, post) == subject.office for post in _held(directory)):
        yield _Held(
            subject.office, None, capacities(subject.capacities - {Role.UNIT_DEPUTY})
        )  # whom he signs for, only posts say
        if Role.CHAIRMAN in subject.capacities:
            yield _Held("", None, capacities({Role.CHAIRMAN}))
    if directory is not None:
        for post in directory.posts_of(subject.person):
            office = "" if post.role is Role.CHAIRMAN else _office_of(directory, post)
            acting = directory.holders[post.key].acting
            found = capacities((), acting=(post.role,)) if acting and post.role in HEADS else capacities((post.role,))
            if post.role is Role.UNIT_DEPUTY and directory.leader_of(post.unit) is None:
                continue  # nobody signs by order there, for whom he could
            yield _Held(office, post.key, found)
    for under in subject.delegated:
        if under.role in HEADS:  # only a head authorises others to sign (NĐ 30/2020 Đ.13)
            yield _Held(under.office, under.post, capacities((), delegated=True))


def _held(directory: Directory) -> Iterable[Post]:
    return (directory.posts[key] for key in directory.holders if key in directory.posts)


def _office_of(directory: Directory, post: Post) -> str:
    unit = directory.unit(post.unit)
    return (unit.office or unit.key) if unit is not None else post.unit
