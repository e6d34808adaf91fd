"""States that random order seldom comes to, brought about on purpose; in each is asked what the invariants forbid."""

from collections.abc import Callable
from typing import Final

from hypothesis import strategies as st
from hypothesis.stateful import rule

from tests.support.dialogue.asking import DATA
from tests.support.dialogue.rare_cases import RareCases
from tests.support.dialogue.rare_dates import RareDates
from tests.support.dialogue.rare_dialogues import RareDialogues
from tests.support.dialogue.rare_records import RareRecords


class Rare(RareCases, RareDialogues, RareDates, RareRecords):
    """Each way goes to one rare state with matters of its own; what is said to be refused there must be."""

    @rule(data=DATA)
    def a_rare_state(self, data: st.DataObject) -> None:
        """Amid whatever else is there, and left behind for whatever comes."""
        data.draw(st.sampled_from(WAYS))(self)


WAYS: Final[tuple[Callable[[Rare], None], ...]] = (
    Rare.one_lead_and_those_beside_it,
    Rare.taken_up_again,
    Rare.referred_into_another,
    Rare.merged_at_intake,
    Rare.dialogues_that_hang_on_nothing,
    Rare.put_away_with_work_open,
    Rare.a_notice_too_many,
    Rare.whom_it_is_about,
    Rare.heard_in_the_room,
    Rare.days_that_stay,
    Rare.every_column_counted,
    Rare.days_that_decide,
    Rare.numbers_of_a_book,
    Rare.instants_to_come,
    Rare.words_of_what_was_diverted,
    Rare.somebody_forgotten,
    Rare.those_who_may_not,
    Rare.ended_with_work,  # the last: afterwards TH is no more
)
