"""What a room with pages brings along: its templates, its routes, its part of the menu."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter

from shared.permit import Subject


def _nowhere(subject: Subject) -> frozenset[str]:
    return frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """Pages of one place in the house.

    `package` has a folder `templates` and, where it speaks of more than the frame, `translations`. `routes` are made once the
    templates are read (`shared.web.pages.Pages`). `menu` is the template of its links, of which `reached` names those, by
    path, that a person's capacities reach: the others are not shown to him.
    """

    package: str
    routes: Callable[[Any], APIRouter] | None = None
    menu: str | None = None
    reached: Callable[[Subject], frozenset[str]] = _nowhere
