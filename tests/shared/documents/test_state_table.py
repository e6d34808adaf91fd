"""The README's table of states is what the life cycle does."""

from shared.contracts.document import DocumentDrafted
from shared.contracts.registry import all_events
from shared.documents.states import LABELS
from tests.shared.documents import papers, table


def test_the_readme_s_table_is_what_asking_everything_of_a_document_at_every_stage_meets() -> None:
    assert table.written() == table.table(), "run `python -m tests.shared.documents.table`"


def test_every_stage_has_a_history_that_reaches_it() -> None:
    reached = {type(papers.after(*history)): name for name, history in papers.HISTORIES.items()}
    assert reached.keys() == LABELS.keys()
    assert {name for name in reached.values() if name in LABELS.values()} == {name for name in LABELS.values() if name}


def test_no_event_of_a_document_comes_before_it_was_drafted() -> None:
    for declared in all_events():
        if declared.stream_kind == "document" and declared.cls is not DocumentDrafted:
            assert papers.after(object.__new__(declared.cls)) == papers.after()
