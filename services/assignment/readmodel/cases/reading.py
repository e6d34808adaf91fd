"""Who is kept from what a case says, or from what may speak of it, whatever else he may read."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.assignment.domain.case.conflict import hears_of_himself
from services.assignment.readmodel.access import (
    READ_CHAIRMANS,
    READ_CHAIRMANS_RESTRICTED,
    READ_PARTY_WORDS,
    READ_RESTRICTED_WORDS,
)
from services.assignment.readmodel.cases.tables import cases_case, cases_home
from shared.contracts.case import Authority
from shared.contracts.roles import Action
from shared.database import Database
from shared.directory.snapshot import Directory
from shared.permit import Resource, Subject, permit

PER_QUERY: Final = 500  # cases of one IN


class Reader:
    """Whoever asks, with what the directory of the day says of his posts and of fields."""

    def __init__(self, subject: Subject, directory: Directory) -> None:
        self._subject, self._directory = subject, directory
        self._units = directory.stands_for(subject.unit)
        self._posts = {post.key for post in directory.posts_of(subject.person)}

    def is_kept_from(self, row: Mapping[str, Any], resource: Resource) -> bool:
        """Whether what says something of this case stays closed to him though his role would open it.

        Of a restricted field only the head, the Chairman where it was given in his name, and whoever answers or carries it
        out reads (R18); nobody reads what is about himself, his unit or one whose place it has (R16, invariant 7), nor what
        was diverted, of which a pointer stays (R47, invariant 13). The head of the case's office accounts for his house, and
        for himself. What may hold a state secret nobody reads, not even before it is erased.
        """
        if row["paper"] is not None:
            return True
        if self._is_restricted(row["field"]) and not self._reads_restricted(row, resource):
            return True
        if is_head_of(self._subject, row["office"]):
            return False
        return self.is_about(row) or bool(row["diverted"])

    def is_about(self, row: Mapping[str, Any]) -> bool:
        """Whether a case is about him or his unit."""
        return bool(self._units & set(row["concerns_units"].split()) or self._posts & set(row["concerns_posts"].split()))

    def speaks_for_party(self, row: Mapping[str, Any], resource: Resource) -> bool:
        """Whether he speaks for cấp ủy where it leads: it reads what it is to speak on."""
        return row["field"] in self._directory.party_fields and permit(self._subject, READ_PARTY_WORDS, resource).allowed

    def stands_behind(self, row: Mapping[str, Any], resource: Resource) -> bool:
        """Whether he reads it for what it is, whoever answers: cấp ủy where it leads, the Chairman what was given in his name."""
        return self._is_chairmans(row, resource, READ_CHAIRMANS) or self.speaks_for_party(row, resource)

    def _reads_restricted(self, row: Mapping[str, Any], resource: Resource) -> bool:
        answers = permit(self._subject, READ_RESTRICTED_WORDS, resource).allowed or self.speaks_for_party(row, resource)
        return answers or self._is_chairmans(row, resource, READ_CHAIRMANS_RESTRICTED)

    def _is_chairmans(self, row: Mapping[str, Any], resource: Resource, asked: Action) -> bool:
        return row["authority"] == Authority.CHAIRMAN and permit(self._subject, asked, resource).allowed

    def _is_restricted(self, field: str) -> bool:
        known = self._directory.field(field)
        return known is not None and known.restricted


def is_head_of(subject: Subject, office: str) -> bool:
    """Whether he is the head of that office, not of another."""
    return hears_of_himself(subject.capacities) and subject.office == office


def not_about(subject: Subject, directory: Directory) -> tuple[ColumnElement[bool], ...]:
    """Not about himself, his unit or one whose place it has (R16): he is not told that there are such."""
    c, posts = cases_case.c, [post.key for post in directory.posts_of(subject.person)]
    return (*_names_none(c.concerns_units, directory.stands_for(subject.unit)), *_names_none(c.concerns_posts, posts))


def listed_to(subject: Subject, office: str, directory: Directory) -> tuple[ColumnElement[bool], ...]:
    """Which cases of an office a list tells him of; the head accounts for his house, and for himself."""
    return () if is_head_of(subject, office) else not_about(subject, directory)


async def not_listed_to(database: Database, tenant: str, subject: Subject, office: str, directory: Directory) -> frozenset[str]:
    """The cases of an office of which no list tells him, nor of the work on them."""
    told = listed_to(subject, office, directory)
    if not told:
        return frozenset()
    asked = select(cases_case.c.case_id).where(cases_case.c.tenant == tenant, cases_case.c.office == office, ~and_(*told))
    async with database.read() as connection:
        return frozenset((await connection.execute(asked)).scalars())


def _names_none(column: Any, keys: Collection[str]) -> list[ColumnElement[bool]]:
    listed = " " + column + " "
    return [~listed.contains(f" {key} ", autoescape=True) for key in sorted(keys)]


def helping(row: Mapping[str, Any]) -> list[str]:
    """The units that co-ordinate a case or were asked about it."""
    return [*row["coordinating"].split(), *row["consulting"].split()]


async def rows_of(connection: AsyncConnection, tenant: str, cases: Sequence[str]) -> dict[str, Mapping[str, Any]]:
    """The rows of these cases, as far as they are there, by case."""
    home, table = cases_home, cases_case
    same = and_(home.c.tenant == table.c.tenant, home.c.office == table.c.office, home.c.case_id == table.c.case_id)
    found: dict[str, Mapping[str, Any]] = {}
    for start in range(0, len(cases), PER_QUERY):
        part = cases[start : start + PER_QUERY]
        asked = select(table).join(home, same).where(home.c.tenant == tenant, home.c.case_id.in_(part))
        found |= {row["case_id"]: dict(row) for row in (await connection.execute(asked)).mappings()}
    return found
