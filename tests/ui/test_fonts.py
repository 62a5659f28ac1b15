"""The screens have no empty boxes: both families are there, and rare characters come from the fallback."""

import pytest
from PySide6.QtGui import QFont, QFontDatabase, QFontInfo, QTextLayout

from texts.catalogue import Catalogue
from ui.fonts import FALLBACK, FAMILY
from ui.gallery.examples import RARE

MEDIUM, BOLD = QFont.Weight.Medium, QFont.Weight.Bold


def the_font(weight: QFont.Weight) -> QFont:
    font = QFont(FAMILY)
    font.setPixelSize(40)
    font.setWeight(weight)
    return font


def glyphs(text: str, weight: QFont.Weight) -> dict[str, list[int]]:
    """The glyph numbers a text is drawn with, by family; 0 is the empty box."""
    layout = QTextLayout(text, the_font(weight))
    layout.beginLayout()
    layout.createLine()
    layout.endLayout()
    found: dict[str, list[int]] = {}
    for run in layout.glyphRuns():
        found.setdefault(run.rawFont().familyName(), []).extend(run.glyphIndexes())
    return found


@pytest.mark.parametrize("weight", [MEDIUM, BOLD])
def test_both_weights_resolve_to_our_family(weight: QFont.Weight) -> None:
    assert QFontInfo(the_font(weight)).family() == FAMILY
    assert weight in {QFontDatabase.weight(FAMILY, style) for style in QFontDatabase.styles(FAMILY)}


def test_the_fallback_is_installed() -> None:
    assert FALLBACK in QFontDatabase.families()


@pytest.mark.parametrize("weight", [MEDIUM, BOLD])
def test_no_sentence_of_the_catalogue_has_an_empty_box(weight: QFont.Weight, chinese: Catalogue, english: Catalogue) -> None:
    letters = "".join(
        sorted({letter for catalogue in (chinese, english) for key in catalogue for form in catalogue.forms(key) for letter in form})
    )

    drawn = glyphs(letters.replace("\n", ""), weight)

    assert set(drawn) == {FAMILY}
    assert 0 not in drawn[FAMILY]


@pytest.mark.parametrize("weight", [MEDIUM, BOLD])
def test_rare_characters_come_from_the_fallback(weight: QFont.Weight) -> None:
    drawn = glyphs(RARE, weight)

    assert any(family.startswith("Noto Sans CJK") for family in drawn)
    assert all(0 not in numbers for numbers in drawn.values())
