"""The samples of Sơn La: as dated scripts the year 2023 of the plan and 2025 with its reorganisations, and a register."""

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Final

OFFICE: Final = "VPUB"
SEED: Final = "son-la-2023"


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """The window of a report: first and last day (ISO), and as known at which instant (empty: with all that came later)."""

    name: str
    first: str
    last: str
    as_of: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A dated script beside this module, and what its office reports on."""

    script: str
    periods: tuple[Period, ...]

    @property
    def path(self) -> Path:
        """The file to hand to `doithoai do`."""
        return Path(str(files(__name__).joinpath(self.script)))


YEAR: Final = Sample(
    script="nam-2023.jsonl",
    periods=(
        Period(name="6-thang", first="2023-01-04", last="2023-05-31", as_of="2023-06-02T17:00:00+07:00"),
        Period(name="nam", first="2023-01-04", last="2023-10-31"),
    ),
)
REORGANISED: Final = Sample(
    script="nam-2025.jsonl",
    periods=(Period(name="nam", first="2025-02-01", last="2025-12-31"),),
)
# A page of a register as an office keeps it, to be imported.
REGISTER: Final = Path(str(files(__name__).joinpath("so-theo-doi-2023.csv")))
