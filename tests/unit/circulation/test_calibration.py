"""Which form a source's numbers have: found by comparing cards with their numbers on file, never guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circulation.calibration import MOST_CARDS, Calibration, CalibrationOutcome, FormSearch, NumberedCard, calibrate
from circulation.cards import UID_LENGTHS, CardUid, NumberForm, forms_matching

FIRST = CardUid.from_hex("04A32B1C")
SECOND = CardUid.from_hex("8AD14665")
PALINDROME = CardUid.from_hex("12343412")

uids = st.sampled_from(sorted(UID_LENGTHS)).flatmap(lambda n: st.binary(min_size=n, max_size=n)).map(CardUid)


def outcome(*cards: tuple[CardUid, str]) -> CalibrationOutcome:
    return calibrate([NumberedCard(uid, written) for uid, written in cards]).outcome


@pytest.mark.parametrize("form", [form for form in NumberForm if form.links_one_card])
def test_one_card_is_enough_where_one_form_fits(form: NumberForm) -> None:
    assert calibrate([NumberedCard(FIRST, FIRST.written_as(form))]) == Calibration(CalibrationOutcome.FOUND, (form,))


def test_several_forms_ask_for_another_card_and_that_one_decides() -> None:
    assert calibrate([NumberedCard(PALINDROME, "12343412")]) == Calibration(
        CalibrationOutcome.SEVERAL_FIT, (NumberForm.HEX, NumberForm.HEX_REVERSED)
    )
    both = [NumberedCard(PALINDROME, "12343412"), NumberedCard(FIRST, "1C2BA304")]
    assert calibrate(both) == Calibration(CalibrationOutcome.FOUND, (NumberForm.HEX_REVERSED,))


def test_a_card_whose_last_byte_is_zero_does_not_hide_that_its_source_keeps_three_bytes() -> None:
    assert calibrate([NumberedCard(CardUid.from_hex("04A32B00"), "2859780")]) == Calibration(
        CalibrationOutcome.SEVERAL_FIT, (NumberForm.DECIMAL_LITTLE, NumberForm.LOW24_LITTLE)
    )


@pytest.mark.parametrize("form", [form for form in NumberForm if not form.links_one_card])
def test_numbers_that_256_cards_share_are_refused(form: NumberForm) -> None:
    assert calibrate([NumberedCard(FIRST, FIRST.written_as(form))]) == Calibration(CalibrationOutcome.SHARED, (form,))


def test_a_number_of_another_card_fits_no_form() -> None:
    assert outcome((FIRST, "8AD14665")) is CalibrationOutcome.NONE_FITS


def test_a_card_whose_number_has_another_form_is_told_apart_with_both_forms() -> None:
    cards = [NumberedCard(FIRST, "04A32B1C"), NumberedCard(SECOND, "1699139978")]
    assert calibrate(cards) == Calibration(CalibrationOutcome.DISAGREES, (NumberForm.HEX,), (NumberForm.DECIMAL_LITTLE,))


def test_a_wrong_number_after_a_right_one_is_about_its_own_card() -> None:
    assert outcome((PALINDROME, "12343412"), (SECOND, "04A32B1C")) is CalibrationOutcome.NONE_FITS


def test_a_search_that_as_many_cards_as_it_compares_leave_open_is_over() -> None:
    alike = [CardUid(bytes((n, 0x34, 0x34, n))) for n in range(1, MOST_CARDS + 1)]
    search, outcomes = FormSearch(), []
    for uid in alike:
        search, found = search.compare(NumberedCard(uid, uid.hex))
        outcomes.append((found.outcome, found.outcome.ends))
    assert outcomes == [(CalibrationOutcome.SEVERAL_FIT, False)] * (MOST_CARDS - 1) + [(CalibrationOutcome.UNDECIDED, True)]


@pytest.mark.parametrize("written", ["8AD14666", "1699139978", "1234567890123456", "kitten"], ids=["wrong", "disagrees", "printed", "none"])
def test_a_card_that_does_not_count_leaves_the_search_as_it_was_and_may_be_shown_again(written: str) -> None:
    before, _ = FormSearch().compare(NumberedCard(PALINDROME, "12343412"))
    after, found = before.compare(NumberedCard(SECOND, written))
    assert (after, found.outcome.counts, found.outcome.ends, after.knows(SECOND)) == (before, False, False, False)
    decided, _ = after.compare(NumberedCard(SECOND, "6546D18A"))
    assert (decided.knows(SECOND), decided.knows(PALINDROME), len(decided.cards)) == (True, True, 2)


def test_the_printed_number_is_told_from_a_wrong_one() -> None:
    assert outcome((FIRST, "1234 5678 9012 3456")) is CalibrationOutcome.PRINTED


def test_sixteen_digits_may_be_the_uid_of_an_eight_byte_card() -> None:
    assert outcome((CardUid.from_hex("0101080102030405"), "0101080102030405")) is CalibrationOutcome.FOUND


@pytest.mark.parametrize("written", ["", "  ", "04A32B1G", "kitten", "043,", ",41732", "043,41A32", "1,2,3", "４７２．６", "二"])
def test_what_is_no_number_is_said_to_be_none(written: str) -> None:
    assert outcome((FIRST, written)) is CalibrationOutcome.NO_NUMBER


@pytest.mark.parametrize("written", ["０４７２６２１８２８", " 472621828 ", "0472-621-828"])
def test_a_number_is_read_as_people_type_it(written: str) -> None:
    assert outcome((FIRST, written)) is CalibrationOutcome.FOUND


@given(st.lists(uids, min_size=1, max_size=4), st.sampled_from(NumberForm))
def test_the_form_of_a_source_is_always_among_those_found(cards: list[CardUid], form: NumberForm) -> None:
    assert form in calibrate([NumberedCard(uid, uid.written_as(form)) for uid in cards]).forms


@given(uids, st.text(max_size=40))
def test_whatever_is_typed_gets_an_outcome(uid: CardUid, written: str) -> None:
    found = calibrate([NumberedCard(uid, written)])
    assert (found.outcome is CalibrationOutcome.FOUND) == (len(found.forms) == 1 and found.forms[0].links_one_card)


shown = st.one_of(
    st.tuples(uids, st.sampled_from(NumberForm)).map(lambda pair: NumberedCard(pair[0], pair[0].written_as(pair[1]))),
    st.builds(NumberedCard, uids, st.from_regex(r"[0-9A-F]{1,16}", fullmatch=True)),
)


@given(st.lists(shown, min_size=1, max_size=8))
def test_no_form_of_a_search_disagrees_with_any_card_that_counts(cards: list[NumberedCard]) -> None:
    search = FormSearch()
    for card in cards:
        search, found = search.compare(card)
        assert all(form in forms_matching(one.uid, one.written) for form in found.forms for one in search.cards)
        assert (card in search.cards) or not found.outcome.counts


@given(st.lists(uids, min_size=1, max_size=8), st.sampled_from(NumberForm))
def test_a_search_keeps_every_card_of_a_source_that_writes_one_form(cards: list[CardUid], form: NumberForm) -> None:
    search = FormSearch()
    for uid in cards:
        search, found = search.compare(NumberedCard(uid, uid.written_as(form)))
        assert form in found.forms
    assert [card.uid for card in search.cards] == cards
