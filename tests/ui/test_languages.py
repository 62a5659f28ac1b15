"""Languages: readings beside the characters, one more language by one more file, and what becomes of dates and plurals."""

import re
import shutil
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtGui import QFont, QGuiApplication, QRawFont

import texts
from kiosk.view import Home
from tests.ui.bench import Bench, ink, is_a, on_glass, visible_under
from tests.ui.fingers import said, touch
from texts.catalogue import Catalogue, languages, open_catalogue
from texts.dates import short_date
from texts.readings import open_readings, sign
from ui.fonts import FAMILY, READINGS
from ui.gallery.examples import a_view, an_account
from ui.gallery.views import VIEWS
from ui.viewmodels.comfort import ComfortViewModel

VIETNAMESE = """
msgid ""
msgstr ""
"Language: vi\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

msgid "language.name"
msgstr "Tiếng Việt"

msgid "home.borrow"
msgstr "Mượn sách"
"""
RUBY = re.compile("\u2060[\U00100000-\U0010ffff]")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for path in Path(texts.__file__).parent.glob("*.po"):
        shutil.copy(path, tmp_path)
    (tmp_path / "vi.po").write_text(VIETNAMESE, encoding="utf-8")
    return tmp_path


def test_a_language_is_added_by_adding_a_file(folder: Path, chinese: Catalogue, english: Catalogue) -> None:
    vietnamese = open_catalogue("vi", folder)

    comfort = ComfortViewModel(chinese, english, [vietnamese])

    assert languages(folder) == ("en", "vi", "zh_TW")
    assert [offered["name"] for offered in comfort.property("languages")] == ["中文", "注音", "English", "Tiếng Việt"]


def test_what_a_new_language_lacks_it_says_in_english(folder: Path, english: Catalogue) -> None:
    vietnamese = open_catalogue("vi", folder)

    assert vietnamese.say("home.borrow") == "Mượn sách"
    assert vietnamese.say("home.understood") == english.say("home.understood")
    assert vietnamese.say("bar.time_left", count=1) == english.say("bar.time_left", count=1) != english.say("bar.time_left", count=2)
    assert short_date(date(2026, 12, 24), vietnamese) == short_date(date(2026, 12, 24), english)
    assert "attract.headline" in vietnamese


def test_a_touch_goes_from_language_to_language_and_back(folder: Path, chinese: Catalogue, english: Catalogue) -> None:
    comfort = ComfortViewModel(chinese, english, [open_catalogue("vi", folder)])
    seen = []
    for _ in range(4):
        seen.append((comfort.property("language"), comfort.property("other_language")))
        comfort.next_language()

    assert seen == [("zh_TW", "English"), ("en", "Tiếng Việt"), ("vi", "中文"), ("zh_TW", "English")]


def test_the_two_whole_languages_lack_nothing(chinese: Catalogue, english: Catalogue) -> None:
    assert set(chinese) == set(english)


def test_a_touch_puts_the_readings_beside_the_characters_and_takes_them_away(portrait: Bench) -> None:
    portrait.show(VIEWS["home"])
    assert "借書" in said(portrait)

    touch(portrait, "注音")
    assert f"借\u2060{sign('ㄐㄧㄝˋ')}書\u2060{sign('ㄕㄨ')}" in said(portrait)
    assert "Borrow" not in said(portrait)

    touch(portrait, "注音")
    assert "借書" in said(portrait)
    assert "Borrow" in said(portrait)


def test_names_and_titles_are_read_too(portrait: Bench) -> None:
    portrait.show(VIEWS["borrow"])
    touch(portrait, "注音")

    titles = [RUBY.sub("", text) for text in said(portrait) if RUBY.search(text)]

    assert "台灣的青蛙" in titles
    assert "稻香分館" in titles


def test_readings_are_for_the_eye_alone(portrait: Bench) -> None:
    portrait.show(VIEWS["home"])
    touch(portrait, "注音")

    assert not [item for item in portrait.of_type("Pressable") if RUBY.search(str(item.property("spoken")))]


@pytest.mark.parametrize("language", ["zh_TW", "zh_TW-zhuyin", "en"])
@pytest.mark.parametrize("view", ["loans", "borrow", "return-session", "loss", "pin-wrong"])
def test_a_page_made_in_a_language_holds_its_words_as_one_that_was_switched_to_it(portrait: Bench, view: str, language: str) -> None:
    portrait.look(language)
    portrait.show(VIEWS[view])

    texts = [(button, text) for button in portrait.of_type("BookButton") for text in visible_under(button) if is_a(text, "PlainText")]

    assert texts
    assert [text.property("said") for button, text in texts if not on_glass(button).contains(ink(text))] == []


def test_english_has_no_readings(portrait: Bench) -> None:
    portrait.show(VIEWS["home"])
    touch(portrait, "注音")
    touch(portrait, "English")

    assert not [text for text in said(portrait) if RUBY.search(text)]
    assert "注音" not in [item.property("spoken") for item in portrait.of_type("ToolButton")]


def test_the_next_person_gets_no_readings(portrait: Bench) -> None:
    portrait.show(VIEWS["home"])
    touch(portrait, "注音")
    portrait.show(VIEWS["goodbye"])

    portrait.show(a_view(Home(an_account())))

    assert not portrait.kiosk.comfort_choices.property("zhuyin")


def test_the_choice_before_the_card_counts(portrait: Bench) -> None:
    portrait.show(VIEWS["attract"])

    touch(portrait, "注音")

    assert portrait.kiosk.comfort_choices.property("language") == "zh_TW-zhuyin"


@pytest.mark.parametrize("weight", [QFont.Weight.Medium, QFont.Weight.Bold])
def test_the_font_of_the_readings_has_every_syllable(qapp: QGuiApplication, weight: QFont.Weight) -> None:
    font = QFont(READINGS)
    font.setWeight(weight)
    raw = QRawFont.fromFont(font)

    assert raw.familyName() == READINGS
    assert [syllable for syllable in open_readings().syllables() if not raw.supportsCharacter(ord(sign(syllable)))] == []
    assert READINGS.lower() in QFont.substitutes(FAMILY)


def test_a_title_that_brings_our_signs_loses_them(portrait: Bench) -> None:
    portrait.show(a_view(Home(an_account(masked_name=f"王{sign('ㄅㄚ')}○"))))

    assert "王○，你好" in said(portrait)
