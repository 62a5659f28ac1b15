"""Which form a source's numbers have: found by comparing cards with their numbers on file, never guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circulation.calibration import Calibration, CalibrationOutcome, NumberedCard, calibrate
from circulation.cards import UID_LENGTHS, CardUid, NumberForm

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


def test_cards_whose_numbers_have_different_forms_fit_no_form_together() -> None:
    assert outcome((FIRST, "04A32B1C"), (SECOND, "1699139978")) is CalibrationOutcome.NONE_FITS


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
