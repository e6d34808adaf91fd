"""The sample of Sơn La: 35 invented opinions of the first months of 2023, through their whole lives, as a dated script."""

from importlib.resources import files
from pathlib import Path
from typing import Final

SCRIPT: Final = "son-la-2023.jsonl"
OFFICE: Final = "VPUB"
FIRST_DAY: Final = "2023-01-04"
LAST_DAY: Final = "2023-05-31"
SEED: Final = "son-la-2023"


def script() -> Path:
    """The file to hand to `doithoai do`."""
    return Path(str(files(__name__).joinpath(SCRIPT)))
