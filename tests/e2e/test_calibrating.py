"""``youyue reader calibrate`` with the virtual reader, from the tap to the form."""

import signal
from pathlib import Path

import pytest

from circulation.cards import CardUid
from tests.e2e.town import Program, Town
from tests.unit.registry.rosters.roster_files import a_pupil, bureau_file

PALINDROME = CardUid.from_hex("12343412")
CARD = CardUid.from_hex("04A32B1C")
TELEPHONE = CardUid.from_hex("08A32B1C")


def calibrating(town: Town, typed: str, *words: str) -> Program:
    return Program("reader", "calibrate", "--reader", "virtual", *words, environment=town.environment, typed=typed)


def test_cards_and_numbers_are_asked_for_until_one_form_fits(town: Town) -> None:
    with town.start_reader(), calibrating(town, "12343412\nkitten\n1C2BA304\n") as program:
        program.wait_for("Lay a card on the reader")
        with town.card(PALINDROME):
            program.wait_for(r"Several forms fit \(hex, hex_reversed\)")
        program.wait_for("Lay a card on the reader", times=2)
        with town.card(TELEPHONE):
            program.wait_for("another number each time")
        with town.card(CARD):
            program.wait_for("This is no card number")
        program.wait_for("Lay a card on the reader", times=3)
        with town.card(CARD):
            program.wait_for("The form is hex_reversed.*--card-form hex_reversed")
            assert program.end(signal.SIGCONT) == 0
        assert not [line for line in program.lines if CARD.hex in line or "kitten" in line]


def test_the_form_is_kept_with_its_sender_used_for_its_files_and_shown_by_the_doctor(town: Town, tmp_path: Path) -> None:
    at_registry = ("--folder", str(town.registry_folder))
    with town.start_reader(), calibrating(town, "0472621828\n", "--sender", "bureau", "--staff", "lin", *at_registry) as program:
        program.wait_for("Lay a card on the reader")
        with town.card(CARD):
            program.wait_for("bureau writes card numbers as decimal_little")
            assert program.end(signal.SIGCONT) == 0
    file = bureau_file(tmp_path, a_pupil(card="0472621828"))
    importing = ("registry", "import", "bureau-students", str(file), "--sender", "bureau", "--yes", *at_registry)
    refused = town.youyue(*importing, "--card-form", "hex")
    assert (refused.returncode, "writes card numbers as decimal_little, not hex" in refused.stderr) == (2, True)
    imported = town.youyue(*importing)
    assert imported.returncode == 0, imported.stderr
    assert town.rows("SELECT c.uid FROM card c JOIN patron p ON p.id = c.patron WHERE p.national_id = 'A123456789'") == [(CARD.hex,)]
    looked = town.youyue("registry", "doctor", "--language", "en", *at_registry)
    assert "bureau writes card numbers as decimal_little: 1 cards compared" in looked.stdout


def test_a_number_that_disagrees_is_told_with_both_forms_and_not_counted(town: Town) -> None:
    with town.start_reader(), calibrating(town, "12343412\n0472621828\n1C2BA304\n") as program:
        program.wait_for("Lay a card on the reader")
        with town.card(PALINDROME):
            program.wait_for("Several forms fit")
        program.wait_for("Lay a card on the reader", times=2)
        with town.card(CARD):
            program.wait_for(r"another form \(decimal_little\) than those before \(hex, hex_reversed\)")
        program.wait_for("Lay a card on the reader", times=3)
        with town.card(CARD):
            program.wait_for("The form is hex_reversed")
            assert program.end(signal.SIGCONT) == 0


@pytest.mark.parametrize(
    ("typed", "words", "code"),
    [("02859780\n", "256 cards share each", 1), ("", "has ended before a form was found", 2)],
    ids=["three bytes", "no answer"],
)
def test_what_cannot_succeed_ends_with_the_reason(town: Town, typed: str, words: str, code: int) -> None:
    with town.start_reader(), calibrating(town, typed) as program:
        program.wait_for("Lay a card on the reader")
        with town.card(CARD):
            program.wait_for(words)
            assert program.end(signal.SIGCONT) == code


def test_a_card_that_never_comes_ends_the_command_with_what_to_do(town: Town) -> None:
    with town.start_reader():
        said = town.youyue("reader", "calibrate", "--reader", "virtual", "--seconds", "1")
    assert (said.returncode, "youyue reader watch" in said.stderr) == (3, True)
    refused = town.youyue("reader", "calibrate", "--reader", "virtual")
    assert (refused.returncode, "start one with `youyue reader virtual`" in refused.stderr) == (3, True)
