"""The samples of Sơn La as dated scripts: 35 invented opinions through their whole lives, and one whole year of the plan."""

from importlib.resources import files
from pathlib import Path
from typing import Final

SCRIPT: Final = "son-la-2023.jsonl"
YEAR: Final = "nam-2023.jsonl"
OFFICE: Final = "VPUB"
FIRST_DAY: Final = "2023-01-04"
LAST_DAY: Final = "2023-05-31"
SEED: Final = "son-la-2023"


def script(name: str = SCRIPT) -> Path:
    """The file to hand to `doithoai do`."""
    return Path(str(files(__name__).joinpath(name)))
