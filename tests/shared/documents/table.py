"""The table of states in `shared/documents/README.md`, made by asking everything of a document at every stage.

`python -m tests.shared.documents.table` writes it; a test holds it.
"""

from collections.abc import Callable, Mapping
from functools import reduce
from pathlib import Path
from typing import Any, Final

from shared.contracts.document import DispatchMeans, SigningCapacity
from shared.contracts.refusals import Refused
from shared.documents import lifecycle
from shared.documents.states import Document, evolve, label
from tests.shared.documents import papers
from tests.support.signatures import by_key

README: Final = Path(__file__).parents[3] / "shared" / "documents" / "README.md"
BEGIN: Final = "<!-- states: written by tests/shared/documents/table.py -->"
END: Final = "<!-- end of states -->"

# What is asked is never what was done before, so a cell says what a new request meets.
ASKED: Final[Mapping[str, Callable[[Document], list[Any]]]] = {
    "draft": lambda state: lifecycle.draft(state, papers.drafted(content="7a" * 32)),
    "comment": lambda state: lifecycle.comment(state, "KT", papers.WORDS),
    "submit": lambda state: lifecycle.submit(state, "p-hub"),
    "return": lambda state: lifecycle.give_back(state, "p-chief", papers.WORDS),
    "sign": lambda state: lifecycle.sign(
        state,
        document=papers.DOCUMENT,
        signer="p-deputy",
        capacity=SigningCapacity.FOR_THE_HEAD,
        may_sign=frozenset({SigningCapacity.FOR_THE_HEAD}),
        by_key=by_key(papers.DOCUMENT, "p-deputy", SigningCapacity.FOR_THE_HEAD, papers.TEXT),
    ),
    "attach copy": lambda state: lifecycle.attach_copy(state, papers.ATTACHED),
    "number": lambda state: lifecycle.number(state, papers.NUMBERED),
    "issue": lambda state: lifecycle.issue(state, papers.DAY),
    "dispatch": lambda state: lifecycle.dispatch(state, "SNV", "Để biết", DispatchMeans.PAPER),
    "deliver": lambda state: lifecycle.deliver(state, "BDVTU", on_behalf=True),
    "publish": lambda state: lifecycle.publish(state, place="BANGTIN", content=papers.REDACTED, redacted=True),
    "recall": lambda state: lifecycle.recall(state, papers.WORDS),
    "supersede": lambda state: lifecycle.supersede(
        state, papers.DOCUMENT, by="document-3", successor=papers.after(*papers.TO_ISSUE)
    ),
}


def cell(history: tuple[Any, ...], asked: Callable[[Document], list[Any]]) -> str:
    """What asking meets: the state it leads to, the refusal's name, or nothing."""
    state = papers.after(*history)
    try:
        events = asked(state)
    except Refused as refused:
        return type(refused).__name__
    if not events:
        return "nothing"
    reached = label(reduce(evolve, events, state))
    return "noted" if reached == label(state) else f"→ {reached}"


def table() -> str:
    """The table in Markdown."""
    lines = [f"| from \\ asked | {' | '.join(ASKED)} |", f"|---|{'---|' * len(ASKED)}"]
    for name, history in papers.HISTORIES.items():
        cells = [cell(tuple(history), asked) for asked in ASKED.values()]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def written() -> str:
    """The table as the README has it."""
    return README.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0].strip()


if __name__ == "__main__":
    before, _, rest = README.read_text(encoding="utf-8").partition(BEGIN)
    README.write_text(f"{before}{BEGIN}\n{table()}\n{END}{rest.partition(END)[2]}", encoding="utf-8")
