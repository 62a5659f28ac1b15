"""How Chinese is read in Taiwan: what the screens print in bopomofo beside each character."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from texts.catalogue import open_catalogue
from texts.readings import JOINER, open_readings, sign

READINGS = open_readings()
REVIEWED = [
    ("還書", "ㄏㄨㄢˊ ㄕㄨ"),
    ("還在嗎", "ㄏㄞˊ ㄗㄞˋ ㄇㄚ˙"),
    ("還沒還", "ㄏㄞˊ ㄇㄟˊ ㄏㄨㄢˊ"),
    ("請把要還的書", "ㄑㄧㄥˇ ㄅㄚˇ ㄧㄠˋ ㄏㄨㄢˊ ㄉㄜ˙ ㄕㄨ"),
    ("先還一本", "ㄒㄧㄢ ㄏㄨㄢˊ ㄧˋ ㄅㄣˇ"),
    ("還好了", "ㄏㄨㄢˊ ㄏㄠˇ ㄌㄜ˙"),
    ("有書過了日期還沒還", "ㄧㄡˇ ㄕㄨ ㄍㄨㄛˋ ㄌㄜ˙ ㄖˋ ㄑㄧˊ ㄏㄞˊ ㄇㄟˊ ㄏㄨㄢˊ"),
    ("現在還不能借書", "ㄒㄧㄢˋ ㄗㄞˋ ㄏㄞˊ ㄅㄨˋ ㄋㄥˊ ㄐㄧㄝˋ ㄕㄨ"),
    ("銀行", "ㄧㄣˊ ㄏㄤˊ"),
    ("行動借閱證", "ㄒㄧㄥˊ ㄉㄨㄥˋ ㄐㄧㄝˋ ㄩㄝˋ ㄓㄥˋ"),
    ("不行", "ㄅㄨˋ ㄒㄧㄥˊ"),
    ("重新打開", "ㄔㄨㄥˊ ㄒㄧㄣ ㄉㄚˇ ㄎㄞ"),
    ("很重要", "ㄏㄣˇ ㄓㄨㄥˋ ㄧㄠˋ"),
    ("校長", "ㄒㄧㄠˋ ㄓㄤˇ"),
    ("長頸鹿", "ㄔㄤˊ ㄐㄧㄥˇ ㄌㄨˋ"),
    ("借好了", "ㄐㄧㄝˋ ㄏㄠˇ ㄌㄜ˙"),
    ("了解", "ㄌㄧㄠˇ ㄐㄧㄝˇ"),
    ("它借不了書", "ㄊㄚ ㄐㄧㄝˋ ㄅㄨˋ ㄌㄧㄠˇ ㄕㄨ"),
    ("睡著", "ㄕㄨㄟˋ ㄓㄠˊ"),
    ("等著", "ㄉㄥˇ ㄓㄜ˙"),
    ("著名", "ㄓㄨˋ ㄇㄧㄥˊ"),
    ("記得", "ㄐㄧˋ ㄉㄜ˙"),
    ("得到", "ㄉㄜˊ ㄉㄠˋ"),
    ("讀卡的地方", "ㄉㄨˊ ㄎㄚˇ ㄉㄜ˙ ㄉㄧˋ ㄈㄤ"),
    ("目的", "ㄇㄨˋ ㄉㄧˋ"),
    ("都好", "ㄉㄡ ㄏㄠˇ"),
    ("首都", "ㄕㄡˇ ㄉㄨ"),
    ("因為", "ㄧㄣ ㄨㄟˋ"),
    ("什麼", "ㄕㄣˊ ㄇㄜ˙"),
    ("手機螢幕調亮", "ㄕㄡˇ ㄐㄧ ㄧㄥˊ ㄇㄨˋ ㄊㄧㄠˊ ㄌㄧㄤˋ"),
    ("全部分館", "ㄑㄩㄢˊ ㄅㄨˋ ㄈㄣ ㄍㄨㄢˇ"),
    ("逾期", "ㄩˊ ㄑㄧˊ"),
    ("暫停", "ㄓㄢˋ ㄊㄧㄥˊ"),
    ("企鵝", "ㄑㄧˋ ㄜˊ"),
    ("垃圾", "ㄌㄜˋ ㄙㄜˋ"),
    ("星期一", "ㄒㄧㄥ ㄑㄧˊ ㄧ"),
    ("第一次", "ㄉㄧˋ ㄧ ㄘˋ"),
    ("一次", "ㄧˊ ㄘˋ"),
    ("一個", "ㄧˊ ㄍㄜ˙"),
    ("一本", "ㄧˋ ㄅㄣˇ"),
    ("一一列出", "ㄧ ㄧ ㄌㄧㄝˋ ㄔㄨ"),
    ("不會", "ㄅㄨˊ ㄏㄨㄟˋ"),
    ("不能", "ㄅㄨˋ ㄋㄥˊ"),
]


@pytest.mark.parametrize(("text", "expected"), REVIEWED)
def test_characters_of_several_readings_are_read_as_taiwan_reads_them(text: str, expected: str) -> None:
    assert " ".join(READINGS.read(text)) == expected


@pytest.mark.parametrize(
    "title", ["臺灣鳥類圖鑑", "西遊記（少年版）二", "哈利波特（一）", "貓戰士", "小王子", "宮崎駿動畫集", "海洋百科", "堃喆"]
)
def test_titles_from_outside_are_read(title: str) -> None:
    assert [character for character, read in zip(title, READINGS.read(title), strict=True) if not read and character not in "（）"] == []


@pytest.mark.parametrize("text", ["2026", "library.example", "，。（）", "App", "𱁬", "", "○○"])
def test_what_has_no_reading_stays_alone(text: str) -> None:
    assert set(READINGS.read(text)) <= {""}
    assert READINGS.annotated(text) == text


def test_every_character_of_our_own_sentences_is_read() -> None:
    catalogue = open_catalogue("zh_TW")
    unread = {
        character
        for key in catalogue
        for form in catalogue.forms(key)
        for character, read in zip(form, READINGS.read(form), strict=True)
        if not read and re.match(r"[㐀-鿿]", character)
    }

    assert unread == set()


@given(st.text(alphabet=st.sampled_from("還書一不了，A1借個行\n的（二）"), max_size=30))
def test_readings_stand_beside_a_text_and_change_nothing_of_it(text: str) -> None:
    annotated = READINGS.annotated(text)

    assert len(READINGS.read(text)) == len(text)
    assert re.sub("\u2060[\U00100000-\U0010ffff]", "", annotated) == text


@given(st.text(alphabet=st.sampled_from("還書一不了，A1借個行（二）"), max_size=30), st.sets(st.integers(0, 29)))
def test_where_no_line_may_break_changes_no_reading(text: str, joined: set[int]) -> None:
    held = "".join(JOINER + character if place in joined else character for place, character in enumerate(text))
    annotated = READINGS.annotated(held)

    assert re.sub("\u2060(?![\U00100000-\U0010ffff])", "", annotated) == READINGS.annotated(text)
    assert re.sub("\u2060[\U00100000-\U0010ffff]", "", annotated) == held


def test_every_syllable_has_a_sign_of_its_own() -> None:
    syllables = READINGS.syllables()

    assert len({sign(syllable) for syllable in syllables}) == len(syllables) > 1300
    assert all(0x100000 <= ord(sign(syllable)) <= 0x10FFFF for syllable in syllables)


@pytest.mark.parametrize("syllable", ["", "x", "ㄅㄅ", "ㄚㄅ", "ˊㄅ"])
def test_what_is_no_syllable_has_no_sign(syllable: str) -> None:
    with pytest.raises(ValueError, match="no syllable"):
        sign(syllable)
