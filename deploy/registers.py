"""What `import` does with an office's register: read, checked and recorded here, or through the process that owns the house."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from deploy.ground import Ground
from deploy.house import House, reading, writing
from deploy.importing import Clerk
from deploy.performing import Halted
from deploy.remote import Remote
from services.intake.entrypoints.register.reading import Line, delimiter_of, is_register, lines_of
from services.intake.entrypoints.register.rejected import rejected_file
from services.intake.entrypoints.register.rows import Rejection, Row, Sorted, rows_of
from services.intake.entrypoints.register.taking import Became, Take, Taken, take_all, taking
from shared.permit import Subject

Advance = Callable[[int], None]
HANDED_ON: Final = 256  # rows in one request to another process


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """A register that was read: its lines, and the rows that can be asked."""

    digest: str
    delimiter: str
    lines: Sequence[Line]
    found: Sorted

    def rejected_file(self, taken: Taken) -> bytes:
        """The lines that were rejected, to be mended and imported."""
        return rejected_file(self.lines, taken.rejected, self.delimiter)


def read(raw: bytes, office: str) -> Register:
    """The register that a file is.

    Raises:
        WrongRegister

    """
    lines = lines_of(raw)
    digest = hashlib.sha256(raw).hexdigest()
    return Register(digest=digest, delimiter=delimiter_of(raw), lines=lines, found=rows_of(lines, office))


async def record(ground: Ground, register: Register, clerk: Clerk, *, rehearsed: bool, advance: Advance) -> Taken:
    """Record every row, or `rehearsed` say what would become of it; broken off and begun again, it goes on.

    Raises:
        Refused, Unreachable: by what has nothing to do with a row.
        Halted: before anything was done.

    """
    owner = ground.home.owner() if ground.home else None
    if ground.home is None or (owner is not None and owner.serves):
        remote = Remote.of(ground, owner)
        try:
            if halted := await remote.halted():
                raise Halted(halted)
            taken = await take_all(
                register.found, _through(remote, register, clerk, rehearsed), rehearsed=rehearsed, advance=advance
            )
            if not rehearsed:
                await remote.drain()
            return taken
        finally:
            await remote.close()
    if rehearsed:
        async with reading(ground) as house:
            return await take_all(register.found, await _here(house, register, clerk, rehearsed), rehearsed=True, advance=advance)
    async with writing(ground, "import") as house:
        if halted := await house.halted():
            raise Halted(halted)
        take = await _here(house, register, clerk, rehearsed)
        return await take_all(register.found, take, rehearsed=rehearsed, advance=advance)


async def _here(house: House, register: Register, clerk: Clerk, rehearsed: bool) -> Take:
    subject = Subject(
        person=clerk.actor,
        tenant=house.tenant,
        office=clerk.office,
        unit=clerk.unit,
        capacities=frozenset({clerk.capacity}),
    )
    # Where the log stands makes it another run once anything was written, and the same script the same history.
    head = await house.logs["intake"].head()
    run = f"{register.digest[:16]}-{head.position}"
    return taking(house.desks["intake"], subject, run, rehearsed=rehearsed)


def _through(remote: Remote, register: Register, clerk: Clerk, rehearsed: bool) -> Take:
    async def take(rows: Sequence[Row]) -> Sequence[Became]:
        standings = await remote.standings()
        heads = [head for standing in standings for head in standing["heads"].values()]
        found: list[Became] = []
        for start in range(0, len(rows), HANDED_ON):
            asked: dict[str, Any] = {
                "office": clerk.office,
                "unit": clerk.unit,
                "actor": clerk.actor,
                "capacity": clerk.capacity.value,
                "run": f"{register.digest[:16]}-{sum(heads)}",
                "rehearsed": rehearsed,
                "rows": [
                    {"line": row.line, "body": row.body.model_dump(mode="json"), "into": row.into}
                    for row in rows[start : start + HANDED_ON]
                ],
            }
            answered = await remote.register_rows(asked)
            found += [became if isinstance(became, str) else Rejection(**became) for became in answered]
        return found

    return take


__all__ = ["Register", "is_register", "read", "record"]
