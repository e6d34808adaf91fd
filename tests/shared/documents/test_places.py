"""Where papers are made public: one list of places for whoever records, tells of or shows it."""

import pytest

from services.reporting.readmodel.headings import PUBLISHED, SOMEWHERE, made_public
from shared.papers.forms import PLACES
from shared.papers.places import ON_THE_WEB, Public, public_place


@pytest.mark.parametrize("place", Public)
def test_prose_has_words_for_every_place_there_is(place: Public) -> None:
    assert made_public(place.value) == PUBLISHED[place] != SOMEWHERE


@pytest.mark.parametrize(("former", "place"), [("TTDT", Public.OFFICE_SITE), ("niem_yet", Public.NOTICE_BOARD)])
def test_what_was_recorded_by_a_former_code_is_told_of_the_same_place(former: str, place: Public) -> None:
    assert public_place(former) is place
    assert made_public(former) == PUBLISHED[place]


def test_of_a_place_not_known_here_only_that_it_was_made_public_is_told() -> None:
    assert public_place("bao_son_la") is None
    assert made_public("bao_son_la") == SOMEWHERE


def test_a_notice_board_is_not_on_the_web_and_pages_offer_places_of_the_list() -> None:
    assert Public.NOTICE_BOARD not in ON_THE_WEB
    assert set(PLACES) <= set(Public)
