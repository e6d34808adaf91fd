"""Copies of a data directory: all five databases at one quiet moment, the keys apart, and back again."""

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from deploy import directory
from deploy.directory import DATABASES, HASH_KEY, KEYRING, MARKER, DataDirectory, WrongDirectory
from shared.config import SERVICES
from shared.progress import Stand, unseen

MANIFEST: Final = "backup.json"
FORMAT: Final = 1
KEYS: Final = (KEYRING, HASH_KEY)
QUIET_SECONDS: Final = 30


# What `pg_dump` sees is one database at one instant, and a subscription must never stand beyond the log it follows.
# Row security holds whoever is neither the owner nor a superuser: as the services' role it would copy nothing.
HOW_TO_BACK_UP: Final = f"""what stands on PostgreSQL is copied by PostgreSQL's own tools (--data DIR names a directory).
1. Stop every `doithoai run`. (With `pg_basebackup`, which copies the whole server at one instant, they may go on.)
2. For each NAME of {", ".join(DATABASES)}, as a superuser of the server:
   pg_dump --format=custom --file=NAME.dump --dbname=NAME
3. Then copy what lies under DOITHOAI_BLOBS, and start every service again.
4. Keep DOITHOAI_MASTER_KEY and DOITHOAI_HASH_KEY, once, apart from it: without them no word can be read."""
HOW_TO_RESTORE: Final = f"""what stands on PostgreSQL is put back by PostgreSQL's own tools (--data DIR names a new directory).
1. Stop every `doithoai run`.
2. For each NAME of {", ".join(DATABASES)}, all from one backup, as a superuser of the server, where the roles
   are as they were (doithoai_app granted to OWNER), with OWNER for the role of DOITHOAI_POSTGRES_OWNER:
   dropdb --if-exists NAME && createdb --owner=OWNER NAME && pg_restore --exit-on-error --dbname=NAME NAME.dump
3. Put back what lay under DOITHOAI_BLOBS; set DOITHOAI_MASTER_KEY and DOITHOAI_HASH_KEY as they were.
4. Delete the topics {", ".join(f"{name}.log" for name in SERVICES)}, which hold what was lost, but not
   feed.opinions, and make them anew: doithoai topics apply
5. doithoai migrate, doithoai verify; then start every service, and doithoai doctor."""


class WrongBackup(Exception):
    """The backup cannot be made or used; the message says why and what to do."""


class OnServers(WrongBackup):
    """The databases stand on a server and are none of ours to copy; the message says how it is done."""


def back_up(home: DataDirectory, target: Path, keys: Path | None, advance: Callable[[], None] = lambda: None) -> dict[str, Any]:
    """Copy the databases into the new folder `target`, and the keys into `keys` if given; the manifest.

    Every database is copied as it stood at one instant at which nobody was writing to any of them, so that no
    subscription of the copy stands beyond the log it follows. Others may go on working meanwhile.

    Raises:
        WrongBackup: `target` or `keys` is in use, or lies where it must not.

    """
    _refuse_wrong_places(home, target, keys)
    files: dict[str, dict[str, Any]] = {}
    with _snapshots(home) as snapshots:
        taken = datetime.now(UTC)
        target.mkdir(parents=True, mode=0o700)
        for name, snapshot in snapshots.items():
            copy = target / f"{name}.db"
            with closing(sqlite3.connect(copy)) as destination:
                snapshot.backup(destination)
            files[copy.name] = {"bytes": copy.stat().st_size, "sha256": _digest(copy)}
            advance()
    files |= _copied_files(home, target)
    shutil.copyfile(home.path / MARKER, target / MARKER)
    files[MARKER] = {"bytes": (target / MARKER).stat().st_size, "sha256": _digest(target / MARKER)}
    manifest = {"format": FORMAT, "tenant": home.tenant, "taken_at": taken.isoformat(), "files": files}
    directory.write_secret(target / MANIFEST, json.dumps(manifest, indent=1).encode())
    for file in target.rglob("*"):
        file.chmod(0o700 if file.is_dir() else 0o600)
    if keys is not None:
        keys.mkdir(parents=True, mode=0o700)
        for name in KEYS:
            directory.write_secret(keys / name, (home.path / name).read_bytes())
    return manifest


def restore(
    source: Path,
    keys: Path,
    path: Path,
    stand: Stand = unseen,
    *,
    tenant: str | None = None,
) -> DataDirectory:
    """Make the data directory `path` from a backup and its keys; `stand` hears how many files were compared, of how many.

    Raises:
        WrongBackup: the backup is not whole, or of another tenant; the keys are missing.
        WrongDirectory: `path` holds something.

    """
    manifest = _manifest(source)
    if tenant not in (None, manifest["tenant"]):
        raise WrongBackup(f"{source} belongs to the tenant {manifest['tenant']}, not {tenant}: leave --tenant out")
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise WrongDirectory(f"{path} holds files already: restore into a new directory, then put it in the old one's place")
    missing = [name for name in KEYS if not (keys / name).is_file()]
    if missing:
        raise WrongBackup(f"{keys} lacks {', '.join(missing)}: without the keys the words stay closed; name them with --keys")
    for n, (name, stated) in enumerate(manifest["files"].items(), start=1):
        if not (source / name).is_file() or _digest(source / name) != stated["sha256"]:
            raise WrongBackup(f"{source / name} is missing or not as it was written: take another backup")
        stand(n, len(manifest["files"]))
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name in (*(name for name in manifest["files"] if name != MARKER), *KEYS, MARKER):
        origin = (keys if name in KEYS else source) / name
        (path / name).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        shutil.copyfile(origin, path / name)
        (path / name).chmod(0o600)
    return directory.read(path)


def _copied_files(home: DataDirectory, target: Path) -> dict[str, dict[str, Any]]:
    """Copy the sealed files, after the databases: whatever those refer to lies there already, and is never changed."""
    files = {}
    for origin in sorted(home.files.rglob("*")):
        name = str(origin.relative_to(home.path))
        if not origin.is_file() or "#" in origin.name:  # being written: nothing refers to it yet
            continue
        copy = target / name
        copy.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            shutil.copyfile(origin, copy)
        except FileNotFoundError:  # erased meanwhile
            continue
        files[name] = {"bytes": copy.stat().st_size, "sha256": _digest(copy)}
    return files


@contextmanager
def _snapshots(home: DataDirectory) -> Iterator[dict[str, sqlite3.Connection]]:
    """A reader on every database, all begun while every writer was held off."""
    with ExitStack() as stack:
        readers = {
            name: stack.enter_context(closing(_open(home.database(name)))) for name in DATABASES if home.database(name).exists()
        }
        with ExitStack() as quiet:
            for name in readers:
                holder = quiet.enter_context(closing(_open(home.database(name))))
                try:
                    holder.execute("BEGIN IMMEDIATE")
                except sqlite3.OperationalError as error:
                    raise WrongBackup(f"{name} was busy for {QUIET_SECONDS} s: try again when less is going on") from error
            for reader in readers.values():
                reader.execute("BEGIN")
                reader.execute("SELECT count(*) FROM sqlite_master").fetchone()  # a snapshot begins with the first read
        yield readers


def _open(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=QUIET_SECONDS, isolation_level=None)


def _refuse_wrong_places(home: DataDirectory, target: Path, keys: Path | None) -> None:
    if target.exists():
        raise WrongBackup(f"{target} exists: a backup is never written over another; choose a new folder")
    for place in (target, keys):
        if place is not None and place.resolve().is_relative_to(home.path.resolve()):
            raise WrongBackup(f"{place} lies inside the data directory: what befalls one befalls both; choose another place")
    if keys is not None and keys.exists():
        raise WrongBackup(f"{keys} exists: choose a new folder for the keys")
    if keys is not None and keys.resolve().is_relative_to(target.resolve()):
        raise WrongBackup("the keys must not lie with the backup: whoever holds both can read every word; choose another place")


def _manifest(source: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads((source / MANIFEST).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError) as error:
        raise WrongBackup(f"{source} is no backup: it has no readable {MANIFEST}") from error
    if manifest.get("format") != FORMAT:
        raise WrongBackup(
            f"{source} has format {manifest.get('format')}, this version knows {FORMAT}: use the version that made it"
        )
    return manifest


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
