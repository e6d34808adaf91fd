"""What the questions about files are answered with: frozen values, words only as references."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachedFile:
    """A file and what it belongs to; its name is a reference into the vault. `came_with`: the submission, if with one."""

    id: str
    about: str
    file: str
    media: str
    bytes: int
    name: str
    at: datetime
    unit: str | None
    came_with: str | None
