"""The demonstration in one process on a data directory."""

import shutil
from pathlib import Path

from deploy import directory, sample
from deploy.commands.output import progress
from deploy.demo.checking import Step, check
from deploy.ground import on_directory
from deploy.house import writing
from deploy.performing import perform
from deploy.script import parse


async def play(data: Path, results: Path, step: Step) -> None:
    """Play the sample in a fresh data directory, which stays for whoever wants to look around."""
    if directory.is_made(data):
        shutil.rmtree(data)
    home = directory.make(data, clock="script", seed=sample.SEED)
    lines = parse(sample.script().read_bytes(), sample.SCRIPT)
    step("making the data directory")
    async with writing(on_directory(home), "demo") as house:
        step(f"playing {len(lines)} lines of {sample.SCRIPT}")
        with progress("lines", len(lines)) as bar:
            await perform(lines, house, advance=lambda _line: bar.advance())
        await check(house, results, step)
