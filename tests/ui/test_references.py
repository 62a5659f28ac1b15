"""The screens look as they did when somebody last looked at them: compared with the images in tests/ui/pictures."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage, QPainter

from tests.ui.references import KEPT, LANGUAGES, PICTURES, TOLERANCE, difference, draw, path_of
from ui.gallery.glass import Glass
from ui.gallery.views import VIEWS
from ui.viewmodels.visit import PAGES
from ui.window import PORTRAIT

BUILD = Path(__file__).parents[2] / "build" / "references"
MOST_FILES = 120
MOST_BYTES = 8_000_000
"""With the pictures of docs/ui-review.md."""


@pytest.fixture(scope="module")
def glass(fonts: None) -> Iterator[Glass]:
    glass = Glass(PORTRAIT)
    yield glass
    glass.close()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("view", KEPT)
def test_a_screen_looks_as_it_did(glass: Glass, view: str, language: str) -> None:
    now = draw(glass, view, language)
    drawn = BUILD / f"{view}.{language}.png"
    drawn.parent.mkdir(parents=True, exist_ok=True)
    now.save(str(drawn))

    off = difference(QImage(str(path_of(view, language))), now)

    assert off <= TOLERANCE, f"compare {drawn} with {path_of(view, language)}; make references keeps the new look"


def test_there_is_an_image_of_each_state_and_of_nothing_else() -> None:
    assert set(PICTURES.glob("*")) == {path_of(view, language) for view in KEPT for language in LANGUAGES}


def test_every_screen_is_among_them() -> None:
    assert {type(VIEWS[view].screen) for view in KEPT} == set(PAGES)


def test_the_images_stay_few_and_small() -> None:
    review = Path(__file__).parents[2] / "docs" / "images" / "ui-review"
    files = [*PICTURES.glob("*.png"), *review.glob("*.png")]

    assert len(list(PICTURES.glob("*.png"))) <= MOST_FILES
    assert sum(path.stat().st_size for path in files) <= MOST_BYTES


@pytest.mark.parametrize(("right", "down"), [(1, 0), (0, 1), (1, 1), (-1, 0)])
def test_letters_a_pixel_of_the_glass_aside_are_the_same(glass: Glass, right: int, down: int) -> None:
    """More than another rasterizer moves an edge."""
    glass.show(VIEWS["home-everything"])
    whole = glass.picture_at_rest().convertToFormat(QImage.Format.Format_RGB32)
    aside = whole.copy()
    painter = QPainter(aside)
    painter.drawImage(right, down, whole)
    painter.end()

    assert difference(whole, aside) <= TOLERANCE


@pytest.mark.parametrize("change", ["a word", "a colour", "an icon", "a place"])
def test_what_changed_is_seen(glass: Glass, change: str) -> None:
    glass.show(VIEWS["home"])
    before = glass.picture_at_rest().convertToFormat(QImage.Format.Format_RGB32)
    after = before.copy()
    painter = QPainter(after)
    match change:
        case "a word":
            painter.drawImage(110, 1700, before.copy(440, 1640, 180, 60))
        case "a colour":
            painter.fillRect(100, 1100, 400, 200, QColor("#15615A"))
        case "an icon":
            painter.fillRect(110, 300, 60, 60, QColor("#FFFDF7"))
        case _:
            painter.drawImage(4, 0, before)
    painter.end()

    assert difference(before, after) > TOLERANCE


def test_a_picture_of_another_size_is_another_picture(glass: Glass) -> None:
    glass.show(VIEWS["home"])
    picture = glass.picture_at_rest()

    assert difference(picture, picture.scaled(100, 100)) == 255
