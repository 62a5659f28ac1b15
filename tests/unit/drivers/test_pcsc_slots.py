from hypothesis import given
from hypothesis import strategies as st

from drivers.pcsc_slots import CHANGED, EMPTY, MUTE, PRESENT, UNAVAILABLE, UNAWARE, UNKNOWN, SlotStep, acknowledged, steps_between

IN_USE = 0x0100


def state(flags: int, moves: int = 0) -> int:
    return flags | (moves & 0xFFFF) << 16


def test_the_first_look_finds_a_card_or_nothing() -> None:
    assert steps_between(UNAWARE, state(PRESENT, 7)) == (SlotStep.LAID_ON,)
    assert steps_between(UNAWARE, state(EMPTY, 7)) == ()


def test_a_card_comes_and_goes() -> None:
    assert steps_between(state(EMPTY, 0), state(PRESENT, 1)) == (SlotStep.LAID_ON,)
    assert steps_between(state(PRESENT, 1), state(EMPTY, 2)) == (SlotStep.LIFTED,)


def test_a_card_that_another_programme_uses_is_the_same_card() -> None:
    assert steps_between(state(PRESENT, 1), state(PRESENT | IN_USE, 1)) == ()


def test_two_moves_between_two_cards_are_a_swap() -> None:
    assert steps_between(state(PRESENT, 1), state(PRESENT, 3)) == (SlotStep.LIFTED, SlotStep.LAID_ON)


def test_two_moves_between_two_empty_looks_are_a_card_that_passed_by() -> None:
    assert steps_between(state(EMPTY, 2), state(EMPTY, 4)) == (SlotStep.PASSED_BY,)


def test_the_count_of_moves_runs_over() -> None:
    assert steps_between(state(PRESENT, 0xFFFF), state(PRESENT, 0x10001)) == (SlotStep.LIFTED, SlotStep.LAID_ON)


def test_a_mute_card_is_told_from_one_that_can_be_asked() -> None:
    assert steps_between(state(EMPTY), state(PRESENT | MUTE, 1)) == (SlotStep.LAID_ON_MUTE,)


def test_a_lost_reader_is_lost_once() -> None:
    gone = UNKNOWN | UNAVAILABLE
    assert steps_between(state(PRESENT, 1), gone) == (SlotStep.READER_LOST,)
    assert steps_between(gone, gone) == ()


def test_a_card_on_a_reader_that_came_back_is_laid_on_whatever_was_said_of_the_lost_one() -> None:
    assert steps_between(state(UNKNOWN | PRESENT, 1), state(PRESENT, 1)) == (SlotStep.LAID_ON,)
    assert steps_between(state(UNAVAILABLE | PRESENT, 1), state(EMPTY, 2)) == ()


def test_what_was_seen_is_no_longer_new() -> None:
    assert acknowledged(state(PRESENT | CHANGED, 3)) == state(PRESENT, 3)


@given(looks=st.lists(st.integers(0, 5), max_size=40))
def test_however_often_one_looks_every_card_is_laid_on_before_it_is_lifted(looks: list[int]) -> None:
    known, moves, occupied = UNAWARE, 0, False
    for moved in looks:
        moves += moved
        now = state(PRESENT if moves % 2 else EMPTY, moves)
        for step in steps_between(known, now):
            assert (step is SlotStep.LIFTED) == occupied
            if step is not SlotStep.PASSED_BY:
                occupied = not occupied
        known = acknowledged(now | CHANGED)
        assert occupied == bool(moves % 2)
