"""Every command of the three services, found without building anything."""

import importlib
import importlib.util
import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import is_dataclass
from functools import cache
from types import ModuleType
from typing import Any

from shared.commands import model_of
from shared.config import SERVICES
from shared.contracts.roles import Action
from shared.desk import name_of


@cache
def commands_of(service: str) -> Mapping[str, type]:
    """A service's command classes by their names on the wire: those that `domain/<stream>/commands.py` grants an action for."""
    found: dict[str, type] = {}
    for module in _command_modules(service):
        granted = {value.name for value in vars(module).values() if isinstance(value, Action)}
        for value in vars(module).values():
            if (
                isinstance(value, type)
                and is_dataclass(value)
                and value.__module__ == module.__name__
                and name_of(value) in granted
            ):
                found[name_of(value)] = value
    return dict(sorted(found.items()))


def all_commands() -> dict[str, type]:
    """Every command's class by its name on the wire."""
    return {name: command for service in SERVICES for name, command in commands_of(service).items()}


def schemas() -> list[dict[str, Any]]:
    """Every command with its service, purpose and JSON Schema, as `doithoai commands` prints them."""
    return [
        {
            "command": name,
            "service": service,
            "purpose": (command.__doc__ or "").strip().partition("\n")[0],
            "schema": model_of(command).model_json_schema(),
        }
        for service in SERVICES
        for name, command in commands_of(service).items()
    ]


def _command_modules(service: str) -> Iterator[ModuleType]:
    domain = importlib.import_module(f"services.{service}.domain")
    for stream in pkgutil.iter_modules(domain.__path__):
        name = f"services.{service}.domain.{stream.name}.commands"
        if stream.ispkg and importlib.util.find_spec(name) is not None:
            yield importlib.import_module(name)
