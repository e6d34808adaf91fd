"""Verbs over the vault: rotate its master key, erase, show certificates and who read what."""

import asyncio
import re
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict
from typing import Annotated, Any, Final, TypeVar

import typer

from deploy.commands.options import AsJson, Data, Tenant, installation, refuse_no_person
from deploy.commands.output import err, facts, listing, progress, shown_instant
from deploy.ground import Ground
from deploy.stores import open_stores
from shared.blobs.store import Blobs
from shared.database import Database
from shared.keys import KeyedHash
from shared.vault.port import Erasure
from shared.vault.store import DatabaseVault

T = TypeVar("T")
PAGE: Final = 500
_REF: Final = re.compile(r"[0-9a-f]{32}")
_FILE: Final = re.compile(r"[0-9a-f]{64}")
_END_OF_KEYS: Final = "The old master keys are destroyed: copies from before open only with keys that were copied too. Go on?"
_END_OF_SECRETS: Final = "A process that was not started with the first secret can store and open nothing afterwards. Go on?"
_SAVE_KEYS: Final = "Copy the keys anew (`doithoai backup DIR --keys DIR`): those you have open only backups from before."
_TAKE_OUT: Final = (
    "Now take the old secrets out of DOITHOAI_MASTER_KEY and start every process again: then erasures are complete."
)

Yes = Annotated[bool, typer.Option("--yes", help="Do it without asking.")]


def register(app: typer.Typer) -> None:
    """Add the verbs to the command line."""
    vault = typer.Typer(no_args_is_help=True, help="The vault of words and names.")
    vault.callback()(_vault)
    vault.command("rotate")(rotate)
    vault.command("erase-person")(erase_person)
    vault.command("erase-record")(erase_record)
    vault.command("erase-file")(erase_file)
    vault.command("erasures")(erasures)
    vault.command("accesses")(accesses)
    app.add_typer(vault, name="vault")


def _vault() -> None:
    """Words and names lie sealed in the vault; what is erased is closed for good once its master keys are destroyed."""


def rotate(data: Data = None, tenant: Tenant = None, yes: Yes = False, as_json: AsJson = False) -> None:
    """Let another master key take over, beside whoever serves; in a data directory the old ones are destroyed."""
    ground = installation(data, tenant)
    before = ground.keyring.ids
    if ground.home is None and len(before) == 1:
        err().print(
            "There is one master key, and none to take over from it: put a new secret before it in DOITHOAI_MASTER_KEY, "
            "start every process again, then rotate.",
            markup=False,
        )
        raise typer.Exit(1)
    _be_sure(_END_OF_KEYS if ground.home else _END_OF_SECRETS, yes=yes)

    with progress("keys and texts") as bar:
        current = _in_vault(ground, lambda vault: vault.rotate_master_key(bar.stand))
    left = ground.keyring.ids
    facts({"current": current, "destroyed": sorted(before - left), "kept": sorted(left - {current})}, as_json=as_json)
    err().print(_SAVE_KEYS if ground.home else _TAKE_OUT, style="yellow", markup=False)


def erase_person(
    person: Annotated[str, typer.Argument(help="Id of the person, as events carry it, such as s-… or th-01.")],
    data: Data = None,
    tenant: Tenant = None,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Destroy a person's key and every text that hangs on it; nothing can be put under that person again."""
    refuse_no_person(person, "PERSON")
    ground = installation(data, tenant)
    _be_sure(f"Everything that is known of {person} goes for good. Go on?", yes=yes)

    facts(_certificate(_in_vault(ground, lambda vault: vault.erase_person(person))), as_json=as_json)


def erase_record(
    ref: Annotated[str, typer.Argument(help="Reference of the text, as events carry it.")],
    data: Data = None,
    tenant: Tenant = None,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Destroy one text with its key and its search tokens."""
    ground = installation(data, tenant)
    _refuse_wrong(ref, "REF")
    _be_sure(f"The text {ref} goes for good. Go on?", yes=yes)

    try:
        certificate = _in_vault(ground, lambda vault: vault.erase_record(ref))
    except KeyError:
        err().print(f"There is no such text: {ref}", markup=False)
        raise typer.Exit(1) from None
    facts(_certificate(certificate), as_json=as_json)


def erase_file(
    file: Annotated[str, typer.Argument(help="Digest of the file, as events carry it.")],
    data: Data = None,
    tenant: Tenant = None,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Destroy one file with its key, wherever it is attached; that it was, the history goes on telling."""
    ground = installation(data, tenant)
    if not _FILE.fullmatch(file):
        raise typer.BadParameter("is a digest of 64 hexadecimal digits, as events carry it", param_hint="FILE")
    _be_sure(f"The file {file} goes for good. Go on?", yes=yes)

    keyed = KeyedHash(ground.hash_key)
    certificate = _in_vault(
        ground,
        lambda vault: Blobs(ground.files, tenant=ground.tenant, vault=vault, keyed=keyed, ids=ground.ids).erase(file),
    )
    if certificate is None:
        err().print(f"There is no such file: {file}", markup=False)
        raise typer.Exit(1)
    facts(_certificate(certificate), as_json=as_json)


def erasures(data: Data = None, tenant: Tenant = None, as_json: AsJson = False) -> None:
    """List the certificates of erasures, oldest first, each as it stands now."""

    async def run() -> list[dict[str, Any]]:
        async with _reading(installation(data, tenant)) as vault:
            return [_certificate(each) for each in await vault.erasures()]

    columns = ("subject", "records", "at", "master_keys", "complete", "advice")
    listing(asyncio.run(run()), {name: name for name in columns}, as_json=as_json, empty="Nothing was erased.")


def accesses(
    reader: Annotated[str | None, typer.Option(help="Only of this person or process.", show_default=False)] = None,
    ref: Annotated[str | None, typer.Option(help="Only of this text.", show_default=False)] = None,
    after: Annotated[int, typer.Option(min=0, help="Only beyond this line.")] = 0,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 2**31,
    data: Data = None,
    tenant: Tenant = None,
    as_json: AsJson = False,
) -> None:
    """List who opened which texts when, and what for."""
    if ref is not None:
        _refuse_wrong(ref, "--ref")
    columns = ("id", "at", "reader", "purpose", "refs")

    async def run() -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        async with _reading(installation(data, tenant)) as vault:
            position = after
            while len(found) < limit:
                asked = min(PAGE, limit - len(found))
                page = await vault.accesses(after=position, reader=reader, ref=ref, limit=asked)
                found += [{**{name: line[name] for name in columns}, "at": shown_instant(line["at"])} for line in page]
                if len(page) < asked:
                    break
                position = page[-1]["id"]
        return found

    listing(asyncio.run(run()), {name: name for name in columns}, as_json=as_json, empty="Nobody opened anything.")


def _be_sure(question: str, *, yes: bool) -> None:
    if yes:
        return
    err().print(f"{question} [y/N] ", end="", markup=False)  # typer's own question writes to standard output too
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise typer.Abort


def _refuse_wrong(ref: str, hint: str) -> None:
    if not _REF.fullmatch(ref):
        raise typer.BadParameter("is a reference of 32 hexadecimal digits, as events carry it", param_hint=hint)


def _certificate(erasure: Erasure) -> dict[str, Any]:
    return {**asdict(erasure), "at": shown_instant(erasure.at)}


def _in_vault(ground: Ground, act: Callable[[DatabaseVault], Awaitable[T]]) -> T:
    """What is done in the vault, beside whoever serves."""

    async def run() -> T:
        async with _open(ground) as vault:
            return await act(vault)

    return asyncio.run(run())


@asynccontextmanager
async def _open(ground: Ground) -> AsyncIterator[DatabaseVault]:
    # The vault has writers beside whoever serves, who sees at its next statement what was erased and which key is in force.
    stores = await open_stores(ground, read_only=True)
    database = Database(ground.url("vault"), tenant=ground.tenant)
    keyed = KeyedHash(ground.hash_key)
    try:
        yield DatabaseVault(ground.tenant, database, ground.keyring, keyed=keyed, ids=ground.ids, clock=stores.clock)
    finally:
        await database.close()
        await stores.close()


@asynccontextmanager
async def _reading(ground: Ground) -> AsyncIterator[DatabaseVault]:
    stores = await open_stores(ground, read_only=True)
    try:
        yield stores.vault
    finally:
        await stores.close()
