"""The demonstration in one process on a data directory."""

import shutil
from pathlib import Path
from typing import Final

from deploy import directory
from deploy.commands.output import progress
from deploy.demo.checking import Step, check
from deploy.directory import DATABASES, HASH_KEY, KEYRING, MARKER, Owned, WrongDirectory
from deploy.ground import on_directory
from deploy.house import writing
from deploy.performing import perform
from deploy.sample import SEED, Sample
from deploy.script import parse

PARTS: Final = (MARKER, HASH_KEY, KEYRING, directory.OWNER, *(f"{name}.db" for name in DATABASES))


async def play(sample: Sample, data: Path, results: Path, step: Step) -> None:
    """Play a sample in a fresh data directory, which stays for whoever wants to look around."""
    _clear(data)
    home = directory.make(data, clock="script", seed=SEED)
    lines = parse(sample.path.read_bytes(), sample.script)
    step("making the data directory")
    async with writing(on_directory(home), "demo") as house:
        step(f"playing {len(lines)} lines of {sample.script}")
        with progress("lines", len(lines)) as bar:
            await perform(lines, house, advance=lambda _line: bar.advance())
        await check(house, sample, results, step)


def _clear(data: Path) -> None:
    """Take away what an earlier demonstration left, also one that was cut short.

    Raises:
        WrongDirectory: it holds something else, or somebody holds it.

    """
    if not data.exists():
        return
    if directory.is_made(data):
        home = directory.read(data)
        ours = home.seed == SEED
        if ours and (owner := home.owner()):
            raise Owned(data, owner)
    else:
        ours = data.is_dir() and all(file.name.startswith(PARTS) for file in data.iterdir())
    if not ours:
        raise WrongDirectory(f"{data} holds something that no demonstration left there: choose another place with --home")
    shutil.rmtree(data)
