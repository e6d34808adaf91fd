"""Where a process spends its processor time: `python -m tests.bench.sampling FILE WORDS…` runs a verb and samples its stack.

FILE takes one line a stack, `frame;frame;frame count`, as flame graph tools read it. The bench does so with `--stacks FOLDER`.
"""

import signal
import sys
from collections import Counter
from pathlib import Path
from types import FrameType
from typing import Any, Final

EVERY_SECONDS: Final = 0.005  # of the processor's time
DEEPEST: Final = 60


def _sample(found: Counter[str], frame: FrameType | None) -> None:
    names: list[str] = []
    while frame is not None and len(names) < DEEPEST:
        code = frame.f_code
        names.append(f"{Path(code.co_filename).parent.name}/{Path(code.co_filename).stem}.{code.co_qualname}")
        frame = frame.f_back
    found[";".join(reversed(names))] += 1


def main(file: str, words: list[str]) -> None:
    """Run the verb, and write the stacks once it ends."""
    from deploy.__main__ import main as ask

    found: Counter[str] = Counter()

    def taken(_signal: int, frame: FrameType | None) -> Any:
        _sample(found, frame)

    signal.signal(signal.SIGPROF, taken)
    signal.setitimer(signal.ITIMER_PROF, EVERY_SECONDS, EVERY_SECONDS)
    sys.argv = ["doithoai", *words]
    try:
        ask()
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        Path(file).parent.mkdir(parents=True, exist_ok=True)
        Path(file).write_text("".join(f"{stack} {count}\n" for stack, count in found.most_common()), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
