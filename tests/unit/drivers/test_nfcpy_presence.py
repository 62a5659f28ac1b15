"""What one look after another says of the cards on a polled reader."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from circulation.cards import CardUid
from drivers.nfcpy_presence import Lying, Sighting, after_look
from drivers.nfcpy_target import SensedCard
from drivers.ports import CardAnswerError

CARD = SensedCard(CardUid.from_hex("04A32B1C"), b"")
OTHER = SensedCard(CardUid.from_hex("8AD14665"), b"")
TELEPHONE = SensedCard(CardUid.from_hex("08A32B1C"), b"")
TELEPHONE_AGAIN = SensedCard(CardUid.from_hex("08112233"), b"")
RUBBISH = CardAnswerError("no UID")


def told(*sightings: Sighting) -> list[str]:
    """The looks of a reader that was empty, as what they report."""
    lying: Lying | None = None
    reports = []
    for sighting in sightings:
        look = after_look(lying, sighting)
        lying = look.lying
        if look.was_lifted:
            reports.append("lifted")
        if look.laid_on is not None:
            reports.append("unreadable" if isinstance(look.laid_on, CardAnswerError) else look.laid_on.uid.hex)
    return reports


def test_a_card_that_stays_is_laid_on_once() -> None:
    assert told(CARD, CARD, CARD) == ["04A32B1C"]


def test_a_look_that_misses_the_card_ends_nothing_and_two_in_a_row_do() -> None:
    assert told(CARD, None, CARD, None, CARD) == ["04A32B1C"]
    assert told(CARD, None, None, CARD) == ["04A32B1C", "lifted", "04A32B1C"]


def test_another_card_counts_when_it_is_seen_twice_in_a_row() -> None:
    assert told(CARD, OTHER, OTHER) == ["04A32B1C", "lifted", "8AD14665"]
    assert told(CARD, None, OTHER) == ["04A32B1C", "lifted", "8AD14665"]


def test_of_two_cards_that_are_seen_in_turns_the_first_one_stays() -> None:
    assert told(CARD, OTHER, CARD, OTHER, CARD) == ["04A32B1C"]


def test_a_telephone_with_another_random_uid_at_each_look_is_one_telephone() -> None:
    assert told(TELEPHONE, TELEPHONE_AGAIN, TELEPHONE) == ["08A32B1C"]


def test_something_without_a_uid_is_told_once_and_read_as_soon_as_it_can_be() -> None:
    assert told(RUBBISH, RUBBISH, CARD) == ["unreadable", "lifted", "04A32B1C"]


def test_a_card_that_answers_badly_once_stays() -> None:
    assert told(CARD, RUBBISH, None, RUBBISH, CARD) == ["04A32B1C"]


def test_something_without_a_uid_is_lifted_after_two_looks_too() -> None:
    assert told(RUBBISH, None, None) == ["unreadable", "lifted"]


@given(st.lists(st.sampled_from([CARD, OTHER, TELEPHONE, TELEPHONE_AGAIN, RUBBISH, None]), max_size=60))
def test_nothing_is_laid_on_before_what_lay_there_was_lifted(sightings: Sequence[Sighting]) -> None:
    reports = told(*sightings)
    assert "lifted" not in reports[::2]
    assert all(report == "lifted" for report in reports[1::2])


@given(st.lists(st.sampled_from([CARD, None]), max_size=60))
def test_a_card_is_presented_as_often_as_it_came_after_two_looks_without_it(sightings: Sequence[Sighting]) -> None:
    history = "".join("x" if sighting else "." for sighting in (None, None, *sightings))
    assert told(*sightings).count("04A32B1C") == sum(history[place - 2 : place + 1] == "..x" for place in range(2, len(history)))
