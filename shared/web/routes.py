"""Routes that are looked into when they are first asked for: to analyse five hundred of them was half of what starting took."""

from collections.abc import Callable
from typing import Any

from fastapi.routing import APIRoute, APIRouter
from starlette.routing import compile_path, get_name


class OnDemand(APIRoute):
    """A route that knows its path, methods and endpoint, and learns what its endpoint depends on with the first request.

    What FastAPI declares of a route has no value before that, so that whoever reads it, the description of the API among
    them, makes it be learned.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **declared: Any) -> None:
        # What finding a route among others reads.
        self.path, self.endpoint = path, endpoint
        self.path_regex, self.path_format, self.param_convertors = compile_path(path)
        self.methods = {method.upper() for method in declared.get("methods") or ("GET",)}
        self.name = declared.get("name") or get_name(endpoint)
        self._declared = declared

    @property
    def learned(self) -> bool:
        """Whether it has been asked for."""
        return "_declared" not in self.__dict__

    def __getattr__(self, name: str) -> Any:
        """Asked only for what is not there yet."""
        known = self.__dict__
        if not self.learned and not name.startswith("__"):
            super().__init__(self.path, self.endpoint, **known["_declared"])
            known.pop("_declared", None)  # another thread may have done the same meanwhile
        if name not in known:
            raise AttributeError(name)
        return known[name]


def undescribed(**more: Any) -> APIRouter:
    """A router of what the description of the API leaves out: pages, and what the parts of the house ask each other."""
    return APIRouter(route_class=OnDemand, include_in_schema=False, **more)
