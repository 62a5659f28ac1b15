"""The one table that masks names."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.enrolment.names import CIRCLE, COMPOUND_SURNAMES, NameStyle, masked

TABLE = [
    # name, surname only, surname and last
    ("王小明", "王○○", "王○明"),
    ("王明", "王○", "王○"),
    ("歐陽小華", "歐陽○○", "歐陽○華"),
    ("歐陽修", "歐陽○", "歐陽○"),
    ("張簡美玉", "張簡○○", "張簡○玉"),
    ("歐陽", "歐○", "歐○"),
    ("張王美玉", "張○○○", "張○○玉"),
    ("王", "王○", "王○"),
    ("𠮷田明", "𠮷○○", "𠮷○明"),
    ("瓦歷斯‧諾幹", "瓦○○", "瓦○○"),
    ("瓦歷斯·諾幹", "瓦○○", "瓦○○"),
    ("瓦歷斯 諾幹", "瓦○○", "瓦○○"),
    ("瓦歷斯‧諾幹 Walis Nokan", "瓦○○", "瓦○○"),
    ("巴代阿里曼", "巴○○", "巴○○"),
    ("John Smith", "J. ○", "J. ○"),
    ("émile", "É. ○", "É. ○"),
    ("e\u0301mile", "É. ○", "É. ○"),
    ("Kolas Yotaka", "K. ○", "K. ○"),
    ("Ｊohn", "Ｊ. ○", "Ｊ. ○"),
    ("さくら", "さ○○", "さ○○"),
    ("김민수", "김○○", "김○○"),
    ("  王小明  ", "王○○", "王○明"),
    ("\u202e王小明\u202c", "王○○", "王○明"),
    ("王\n小\x00明", "王○○", "王○明"),
    ("葛\U000e0100小明", "葛\U000e0100○○", "葛\U000e0100○明"),
    ("\ue000小明", "\ue000○○", "\ue000○明"),
    ("\U00031350小明", "\U00031350○○", "\U00031350○明"),  # a later Unicode's ideographs: no category here, a surname there
    ("王\U0002ebf0明", "王○○", "王○明"),
    ("王小\U000323af", "王○○", "王○\U000323af"),
    ("\uf8ff小明", "\uf8ff○○", "\uf8ff○明"),
    ("\U000f0000小明", "\U000f0000○○", "\U000f0000○明"),
    ("\U00031350", "\U00031350○", "\U00031350○"),
    ("\U0002ffff王\u0378小明", "王○○", "王○明"),
    ("", CIRCLE, CIRCLE),
    ("\u200b \t", CIRCLE, CIRCLE),
    ("<img src=x>", "I. ○", "I. ○"),
    ("...", CIRCLE, CIRCLE),
]


@pytest.mark.parametrize(("name", "surname", "both"), TABLE)
def test_the_table_of_masks(name: str, surname: str, both: str) -> None:
    assert (masked(name), masked(name, NameStyle.SURNAME_AND_LAST)) == (surname, both)


def test_every_listed_surname_has_two_characters() -> None:
    assert {len(surname) for surname in COMPOUND_SURNAMES} == {2}


@given(st.text(max_size=60), st.sampled_from(NameStyle))
def test_a_mask_is_short_plain_and_never_the_whole_name(name: str, style: NameStyle) -> None:
    mask = masked(name, style)
    assert CIRCLE in mask
    assert 1 <= len(mask) <= 12
    assert not {unicodedata.category(point) for point in mask} & {"Cc", "Cf", "Cs", "Zl", "Zp"}


@given(st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=2, max_size=4))
def test_a_given_name_is_not_shown_by_default(name: str) -> None:
    shown = masked(name).rstrip(CIRCLE)
    assert name.startswith(shown)
    assert len(shown) < len(name)
