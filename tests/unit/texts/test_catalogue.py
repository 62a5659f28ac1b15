"""Every sentence is there, in every language, with the same values."""

import re
import string
from datetime import date
from pathlib import Path

import pytest

from circulation.blocks import BlockCode
from circulation.cards import CardKind
from circulation.checkins import CheckinNote, Destination
from circulation.holds import HoldState
from circulation.items import ItemKind
from circulation.national_ids import NationalIdFault
from circulation.reasons import Reason
from drivers.ports import DeviceFault
from kiosk.out_of_service import LEDGER_UNWRITABLE, NO_REPLICA, REVOKED
from kiosk.refusal import Refusal
from kiosk.view import LineState, PinProblem, RenewalState
from texts.catalogue import Catalogue, CatalogueError, TextMissingError, languages, open_catalogue
from texts.dates import long_date, short_date

CATALOGUES = {language: open_catalogue(language) for language in languages()}
KEYS = sorted(set().union(*CATALOGUES.values()))
PROBLEMS = (NO_REPLICA, LEDGER_UNWRITABLE, REVOKED, "other")

every_language = pytest.mark.parametrize("language", sorted(CATALOGUES))


def fields(form: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(form) if name is not None}


def sentences(language: str) -> list[tuple[str, str]]:
    """Every form of every key."""
    return [(key, form) for key in KEYS for form in CATALOGUES[language].forms(key)]


def test_chinese_and_english_are_there() -> None:
    assert {"zh_TW", "en"} <= set(CATALOGUES)


@every_language
def test_no_language_lacks_a_text(language: str) -> None:
    assert sorted(CATALOGUES[language]) == KEYS


@every_language
@pytest.mark.parametrize("key", [f"reason.{reason.value}" for reason in Reason])
def test_every_reason_has_a_sentence_and_an_instruction(language: str, key: str) -> None:
    assert CATALOGUES[language].say(key)
    assert CATALOGUES[language].say(f"{key}.do")


@every_language
@pytest.mark.parametrize(
    "key",
    [
        *(f"refusal.{refusal.value}" for refusal in Refusal),
        *(f"fault.{fault.value}" for fault in DeviceFault),
        *(f"block.{code.value}" for code in BlockCode),
        *(f"problem.{problem.value}" for problem in PinProblem),
        *(f"loss_form.{fault.value}" for fault in NationalIdFault),
        *(f"out_of_service.{problem}" for problem in PROBLEMS),
    ],
)
def test_every_refusal_fault_block_and_problem_has_a_sentence_and_an_instruction(language: str, key: str) -> None:
    assert CATALOGUES[language].say(key)
    assert CATALOGUES[language].say(f"{key}.do")


@every_language
@pytest.mark.parametrize("state", list(LineState))
def test_every_state_of_a_line_has_a_word(language: str, state: LineState) -> None:
    assert CATALOGUES[language].say(f"line.{state.value}")


@every_language
@pytest.mark.parametrize(
    "key",
    [
        *(f"note.{note.value}" for note in CheckinNote),
        *(f"destination.{destination.value}" for destination in Destination),
        *(f"renewal.{state.value}" for state in RenewalState if state is not RenewalState.POSSIBLE),
        *(f"hold.{state.value}" for state in HoldState),
        *(f"card.{kind.value}" for kind in CardKind),
        *(f"loss.done.{kind.value}" for kind in CardKind),
    ],
)
def test_every_note_place_renewal_hold_and_card_has_a_sentence(language: str, key: str) -> None:
    assert CATALOGUES[language].say(key)


@every_language
@pytest.mark.parametrize("kind", list(ItemKind))
def test_every_kind_of_item_has_a_name_that_tells_no_title(language: str, kind: ItemKind) -> None:
    assert CATALOGUES[language].say(f"kind.{kind.value}", number=7).endswith(" 7")


def test_all_languages_ask_for_the_same_values() -> None:
    asked = {
        key: {frozenset(set().union(*map(fields, catalogue.forms(key))) - {"count"}) for catalogue in CATALOGUES.values()} for key in KEYS
    }

    assert {key: values for key, values in asked.items() if len(values) > 1} == {}


@every_language
def test_no_sentence_shouts_or_has_markup(language: str) -> None:
    assert [(key, form) for key, form in sentences(language) if not form or form != form.strip() or re.search(r"[!！<>&]", form)] == []


def test_chinese_is_written_in_the_characters_of_taiwan() -> None:
    simplified = set("这们说书读机连时间开关请为没问学图馆证还给")

    assert [(key, form) for key, form in sentences("zh_TW") if simplified & set(form)] == []


def test_full_width_punctuation_stands_after_a_chinese_character() -> None:
    assert [(key, form) for key, form in sentences("zh_TW") if re.search(r"[\u4e00-\u9fff][,?;:]", form)] == []


def test_english_counts_one_book_and_two_books() -> None:
    english = CATALOGUES["en"]

    assert [english.say("attract.waiting", count=count) for count in (0, 1, 2)] == [
        "0 books are waiting",
        "1 book is waiting",
        "2 books are waiting",
    ]


def test_chinese_counts_without_a_plural() -> None:
    assert CATALOGUES["zh_TW"].say("goodbye.count.borrowed", count=1) == "這次借了 1 本書"


@pytest.mark.parametrize(
    ("language", "short", "long"), [("zh_TW", "12月24日（四）", "12月24日 星期四"), ("en", "Thu\u00a024\u00a0Dec", "Thursday, 24 December")]
)
def test_dates_are_said_as_people_say_them(language: str, short: str, long: str) -> None:
    day = date(2026, 12, 24)

    assert short_date(day, CATALOGUES[language]) == short
    assert long_date(day, CATALOGUES[language]) == long


@every_language
def test_every_day_of_a_year_has_a_name(language: str) -> None:
    first = date(2026, 1, 1).toordinal()

    said = {short_date(date.fromordinal(first + day), CATALOGUES[language]) for day in range(365)}

    assert len(said) == 365


def test_a_missing_text_is_an_error() -> None:
    with pytest.raises(TextMissingError, match=r"en has no text for 'no\.such\.key'"):
        CATALOGUES["en"].say("no.such.key")


def test_a_missing_value_is_an_error_that_names_the_text() -> None:
    with pytest.raises(TextMissingError, match=r"home\.hello"):
        CATALOGUES["en"].say("home.hello")


def test_a_value_is_never_read_as_a_pattern() -> None:
    assert CATALOGUES["en"].say("home.hello", name="{name} {0}") == "Hello, {name} {0}"


def test_an_unknown_language_is_refused_with_those_there_are() -> None:
    with pytest.raises(CatalogueError, match="'tlh'; there are en, zh_TW"):
        open_catalogue("tlh")


def test_a_broken_file_is_named_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "xx.po").write_text('msgid "a"\nmsgstr "b"\nnonsense\n', encoding="utf-8")

    with pytest.raises(CatalogueError, match=r"xx\.po.*3"):
        open_catalogue("xx", tmp_path)


def test_a_key_that_stands_twice_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "xy.po").write_text('msgid "a"\nmsgstr "b"\n\nmsgid "a"\nmsgstr "c"\n', encoding="utf-8")

    with pytest.raises(CatalogueError, match=r"xy\.po: line 4: a stands there twice"):
        open_catalogue("xy", tmp_path)


def test_a_catalogue_with_three_forms_follows_its_own_rule() -> None:
    def slavic(count: int) -> int:
        return 0 if count % 10 == 1 else 1 if count % 10 in {2, 3, 4} else 2

    catalogue = Catalogue("xx", {"books": ("{count} one", "{count} few", "{count} many")}, slavic)

    assert [catalogue.say("books", count=count) for count in (1, 3, 5)] == ["1 one", "3 few", "5 many"]
