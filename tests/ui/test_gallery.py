"""The gallery: every state, language and look as pictures that can be looked at side by side."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage

from ui.gallery.contact_sheet import ContactSheet
from ui.gallery.glass import Look
from ui.gallery.hang import INDEX, hang
from ui.gallery.plan import FORMATS, Exhibition, NothingToShowError, Wing, chosen_views, shown_languages
from ui.gallery.views import VIEWS
from ui.viewmodels.visit import PAGES

SMALL = Exhibition(("home", "still-here"), ("zh_TW", "zh_TW-zhuyin", "en"), (Look.USUAL, Look.BOTH), ("small",))


@pytest.fixture(scope="module")
def hung(tmp_path_factory: pytest.TempPathFactory, fonts: None) -> Path:
    folder = tmp_path_factory.mktemp("gallery")
    hang(SMALL, folder, drawn=lambda _: None)
    return folder


def test_every_screen_has_a_state_in_the_gallery() -> None:
    assert {type(view.screen) for view in VIEWS.values()} == set(PAGES)


def test_nothing_chosen_is_everything() -> None:
    everything = Exhibition(chosen_views(()), shown_languages(), tuple(Look), tuple(FORMATS))

    assert len(everything) == len(VIEWS) * len(shown_languages()) * 4 * 3
    assert len(list(everything.wings())) == len(shown_languages()) * 4 * 3


def test_views_are_chosen_by_pattern_and_keep_their_order() -> None:
    assert chosen_views(("loss-done*", "attract")) == ("attract", "loss-done", "loss-done-untold")


def test_a_pattern_that_fits_nothing_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(NothingToShowError, match=r"no view is called 'hom'.*attract, .*home"):
        chosen_views(("home", "hom"))


def test_each_picture_is_a_screen_of_the_glass_asked_for(hung: Path) -> None:
    pictures = {path.relative_to(hung).as_posix(): QImage(str(path)) for path in hung.glob("*/*.png")}

    assert set(pictures) == {
        f"small-{language}-{look}/{view}.png" for language in SMALL.languages for look in ("usual", "both") for view in SMALL.views
    }
    assert {picture.size() for picture in pictures.values()} == {FORMATS["small"]}


def test_languages_and_looks_differ(hung: Path) -> None:
    pictures = [QImage(str(path)) for path in sorted(hung.glob("*/home.png"))]

    assert len(pictures) == 6
    assert all(one != other for number, one in enumerate(pictures) for other in pictures[:number])


def test_each_wing_has_a_contact_sheet(hung: Path) -> None:
    sheets = {path.name: QImage(str(path)) for path in hung.glob("*.png")}

    assert set(sheets) == {f"{wing.name}.png" for wing in SMALL.wings()}
    assert all(sheet.width() > 400 < sheet.height() for sheet in sheets.values())


def test_a_contact_sheet_shows_each_screen_in_its_own_place(fonts: None) -> None:
    sheet = ContactSheet("sheet", QSize(400, 400), 3)
    colours = {0xFFFF0000, 0xFF00FF00, 0xFF0000FF}
    for colour in sorted(colours):
        picture = QImage(400, 400, QImage.Format.Format_RGB32)
        picture.fill(colour)
        sheet.hang("x", picture)

    drawn = sheet.draw()

    seen = {drawn.pixel(x, y) for x in range(0, drawn.width(), 10) for y in range(0, drawn.height(), 10)}
    assert colours <= seen


def test_the_page_points_at_what_is_there_and_at_nothing_else(hung: Path) -> None:
    page = (hung / INDEX).read_text(encoding="utf-8")
    links = set(re.findall(r'(?:href|src)="([^"]+)"', page))

    inner = {link for link in links if link.startswith("#")}
    files = links - inner
    assert files == {path.relative_to(hung).as_posix() for path in hung.rglob("*.png")}
    assert all(f'id="{link[1:]}"' in page for link in inner)
    assert not re.search(r"<script|https?:", page)


def test_a_wing_is_named_by_what_it_shows() -> None:
    assert Wing("portrait", "zh_TW", Look.USUAL).name == "portrait-zh_TW-usual"


def test_the_command_draws_without_a_screen(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name not in {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}}
    command = [sys.executable, "-m", "youyue", "ui", "gallery", "--out", str(tmp_path / "new"), "--view", "still-here"]
    options = ["--language", "en", "--look", "large", "--format", "small"]

    drawn = subprocess.run([*command, *options], env=environment, capture_output=True, text=True, check=False, timeout=60)

    assert (drawn.returncode, drawn.stderr) == (0, "drawn: small-en-large\n")
    assert (tmp_path / "new" / "small-en-large" / "still-here.png").is_file()


@pytest.mark.parametrize(("options", "reason"), [(["--view", "nowhere"], "no view is called 'nowhere'"), (["--out", "FILE/x"], "can't be")])
def test_the_command_says_what_it_can_not_draw(options: list[str], reason: str, tmp_path: Path) -> None:
    (tmp_path / "FILE").touch()
    command = [sys.executable, "-m", "youyue", "ui", "gallery", "--out", "new", "--language", "en", "--format", "small", "--look", "usual"]

    refused = subprocess.run([*command, "--view", "home", *options], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60)

    assert refused.returncode == 2
    assert reason in refused.stderr
    assert len(refused.stderr.splitlines()) == 1
