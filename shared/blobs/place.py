"""Where sealed files lie: a folder, or an object store by its URL; one adapter over obstore for both."""

import asyncio
import os
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import LocalStore, MemoryStore, ObjectStore, from_url

from shared.config import BLOB_SCHEMES


class PlaceUnavailable(Exception):
    """The place of the files did not answer, or is full; nothing is known to be written. Try again."""


class Lying(NamedTuple):
    """A file that lies in the place, and since when by the place's own clock."""

    name: str
    since: datetime


class Place:
    """Files by name, each written whole or not at all. Opened when it is first used."""

    def __init__(self, store: ObjectStore | None = None, *, folder: Path | None = None, url: str = "") -> None:
        self._store, self._folder, self._url = store, folder, url

    async def put(self, name: str, data: bytes, *, replace: bool = False) -> bool:
        """Keep `data` for good once this returns; without `replace`, False where `name` lies there already.

        Raises:
            PlaceUnavailable

        """
        try:
            await obstore.put_async(self._opened(make=True), name, data, mode="overwrite" if replace else "create")
            if self._folder is not None:
                await asyncio.to_thread(_sync, self._folder, self._folder / name)
        except AlreadyExistsError:
            return False
        except (BaseError, OSError) as error:
            raise PlaceUnavailable(type(error).__name__) from error
        return True

    async def read(self, name: str, *, first: int | None = None) -> bytes | None:
        """What lies under `name`, or its `first` bytes; None where nothing does.

        Raises:
            PlaceUnavailable

        """
        try:
            store = self._opened()
            if first is not None:
                return bytes(await obstore.get_range_async(store, name, start=0, length=first))
            return bytes(await (await obstore.get_async(store, name)).bytes_async())
        except FileNotFoundError:
            return None
        except (BaseError, OSError) as error:
            raise PlaceUnavailable(type(error).__name__) from error

    async def remove(self, name: str) -> None:
        """Let nothing lie under `name`; nothing happens where nothing did.

        Raises:
            PlaceUnavailable

        """
        try:
            await obstore.delete_async(self._opened(), name)
        except FileNotFoundError:
            return
        except (BaseError, OSError) as error:
            raise PlaceUnavailable(type(error).__name__) from error

    async def lying(self, under: str) -> AsyncIterator[Lying]:
        """Everything in the folder `under`, in no order.

        Raises:
            PlaceUnavailable

        """
        try:
            async for chunk in obstore.list(self._opened(), prefix=under):
                for found in chunk:
                    yield Lying(found["path"], found["last_modified"])
        except FileNotFoundError:
            return
        except (BaseError, OSError) as error:
            raise PlaceUnavailable(type(error).__name__) from error

    def _opened(self, *, make: bool = False) -> ObjectStore:
        if self._folder is not None:
            if make:
                self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            elif not self._folder.is_dir():
                raise FileNotFoundError(self._folder)
        if self._store is None:
            self._store = from_url(self._url) if self._folder is None else LocalStore(self._folder)
        return self._store


def at(where: str | Path) -> Place:
    """The place at a folder, or at a URL such as `s3://bucket/folder`; credentials come from the environment.

    Raises:
        ValueError: no scheme that is known.

    """
    if isinstance(where, Path):
        return Place(folder=where.absolute())
    parts = urlsplit(where)
    if parts.scheme not in BLOB_SCHEMES:
        raise ValueError(f"begins with one of {', '.join(f'{scheme}://' for scheme in BLOB_SCHEMES)}")
    return Place(folder=Path(parts.path)) if parts.scheme == "file" else Place(url=where)


def in_memory() -> Place:
    """A place that is gone with the process."""
    return Place(MemoryStore())


def _sync(folder: Path, path: Path) -> None:
    """Bring a file and the folders that lead to it onto the disk: an event may refer to it next."""
    _flush(path, os.O_RDONLY)
    while path != folder:
        path = path.parent
        _flush(path, os.O_RDONLY | os.O_DIRECTORY)


def _flush(path: Path, flags: int) -> None:
    descriptor = os.open(path, flags)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
