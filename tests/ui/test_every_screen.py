"""Every view in both orientations, both languages, and with contrast and large type: what people must be able to read and press."""

import re
from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRectF, QSize
from PySide6.QtGui import QColor, QImage, QTextLayout, QTextOption
from PySide6.QtQuick import QQuickItem

from tests.ui.bench import ORIENTATIONS, Bench, ancestors, asked, ink, is_a, on_glass, window_pane
from ui.gallery.glass import Look
from ui.gallery.views import VIEWS

PICTURES = Path(__file__).parents[2] / "build" / "screens"
SMALLEST_TARGET = 88  # 20 mm are 54 px on the 32-inch panel, 81 px on a 21.5-inch one
SMALLEST_GAP = 16
SMALLEST_TEXT = 28
SMALLEST_READ = 36  # characters with readings: a sign of bopomofo is a third as high
LEAST_CONTRAST = 7.0
READING = re.compile("\u2060[\U00100000-\U0010ffff]")
LONE = re.compile("[\u3400-\u9fff](\u2060[\U00100000-\U0010ffff])?[。？！，）]?")
LETTER = re.compile("[A-Za-z]")
NO_WRAP = 0
SURFACES = ("Pressable", "BookCard", "NoticeCard", "Banner", "StatusTag", "Slip", "TopBar", "FooterShelf")

every_view = pytest.mark.parametrize("view", sorted(VIEWS))
every_language = pytest.mark.parametrize("language", ["zh_TW", "zh_TW-zhuyin", "en"])
every_look = pytest.mark.parametrize("look", [Look.USUAL, Look.BOTH])


SHAPES = {**ORIENTATIONS, "desk": QSize(1920, 1200)}
"""The glass of a desk kiosk (1280 × 800) has this shape; here a pixel of the glass is one of the page."""


@pytest.fixture(scope="module", params=sorted(SHAPES))
def kiosk(request: pytest.FixtureRequest, fonts: None) -> Iterator[Bench]:
    bench = Bench(SHAPES[request.param])
    yield bench
    bench.close()


def texts(bench: Bench) -> list[QQuickItem]:
    """The texts that can be seen whole."""

    def seen() -> Iterator[QQuickItem]:
        for text in bench.of_type("PlainText"):
            pane = window_pane(text)
            if text.property("text") and (pane is None or pane.contains(ink(text))):
                yield text

    return list(seen())


def surface_of(text: QQuickItem) -> QQuickItem | None:
    return next((parent for parent in ancestors(text) if any(is_a(parent, name) for name in SURFACES)), None)


def luminance(colour: QColor) -> float:
    def linear(channel: float) -> float:
        return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF())


def contrast(one: QColor, other: QColor) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def around(rect: QRectF, picture: QImage) -> set[int]:
    """The colours on the frame around a text."""
    left, right = max(0, int(rect.left()) - 3), min(picture.width() - 1, int(rect.right()) + 3)
    top, bottom = max(0, int(rect.top())), min(picture.height() - 1, int(rect.bottom()))
    ups = range(top, bottom + 1, max(1, (bottom - top) // 6))
    return {picture.pixel(QPoint(x, y)) for x in (left, right) for y in ups}


def story(text: QQuickItem) -> str:
    return f"{text.property('text')[:30]!r}"


@every_look
@every_language
@every_view
def test_everything_can_be_read_and_pressed(kiosk: Bench, view: str, language: str, look: Look, request: pytest.FixtureRequest) -> None:
    kiosk.show(VIEWS[view])
    kiosk.look(language, look)
    check_everything(kiosk, f"{view}.{request.node.callspec.params['kiosk']}.{language}.{look}")


@pytest.mark.parametrize("view", ["attract", "home", "loss"])
def test_a_word_that_is_too_pale_is_found(portrait: Bench, view: str) -> None:
    """A control: what the test above looks for is there to be found."""
    portrait.show(VIEWS[view])
    picture = portrait.picture_at_rest()
    word = texts(portrait)[0]
    word.setProperty("color", QColor("#999"))

    assert any(fault.startswith(story(word)) for fault in contrast_faults([word], picture))


@every_look
@every_language
@pytest.mark.parametrize("view", ["goodbye", "goodbye-long", "goodbye-everything", "goodbye-everything-offline"])
def test_a_slip_that_was_not_printed_is_told_so_that_it_can_be_read(
    kiosk: Bench, view: str, language: str, look: Look, request: pytest.FixtureRequest
) -> None:
    kiosk.kiosk.slip_printing.offer(can_print=True)
    kiosk.show(VIEWS["attract"])
    kiosk.show(VIEWS[view])
    kiosk.look(language, look)
    kiosk.kiosk.slip_printing.ask()
    kiosk.kiosk.slip_printing.report_failure()
    check_everything(kiosk, f"{view}-not-printed.{request.node.callspec.params['kiosk']}.{language}.{look}")
    told = kiosk.kiosk.comfort_choices.speech.main.say("goodbye.print.not_printed")
    assert told in {text.property("said") for text in texts(kiosk)}
    kiosk.kiosk.slip_printing.forget()
    kiosk.kiosk.slip_printing.offer(can_print=False)


def check_everything(kiosk: Bench, name: str) -> None:
    """Draw what is shown and find what nobody could read or press; ``name``: of the picture that is kept when there is something."""
    picture = kiosk.picture_at_rest()
    glass = QRectF(0, 0, picture.width(), picture.height())
    shown = texts(kiosk)
    faults = [
        *text_faults(shown, glass),
        *broken_words(kiosk),
        *contrast_faults(shown, picture),
        *overlaps(shown),
        *target_faults(kiosk, glass),
        *covered(kiosk, shown),
    ]

    assert shown
    require_none(faults, picture, name)


def require_none(faults: Sequence[str], picture: QImage, name: str) -> None:
    """Keep a picture only of what is wrong: all of them together are 17 GB."""
    if faults:
        PICTURES.mkdir(parents=True, exist_ok=True)
        picture.save(str(PICTURES / f"{name}.png"))
    assert "\n".join(faults) == ""


def text_faults(shown: list[QQuickItem], glass: QRectF) -> Iterator[str]:
    for text in shown:
        place = ink(text)
        if text.property("font").pixelSize() < SMALLEST_TEXT:
            yield f"{story(text)} is smaller than {SMALLEST_TEXT} px"
        if READING.search(text.property("text")) and text.property("font").pixelSize() < SMALLEST_READ:
            yield f"{story(text)} is smaller than {SMALLEST_READ} px, too small for readings"
        if not text.property("outside") and leaves_one_alone(text):
            yield f"{story(text)} leaves its last character alone on a line"
        if text.property("truncated") and not text.property("outside"):
            yield f"{story(text)} is cut"
        if text.property("contentWidth") > text.width() + 1 or text.property("contentHeight") > text.height() + 1:
            yield f"{story(text)} is larger than its place"
        if not glass.contains(place):
            yield f"{story(text)} leaves the glass: {place}"
        surface = surface_of(text)
        if surface is not None and not on_glass(surface).adjusted(-1, -1, 1, 1).contains(place):
            yield f"{story(text)} leaves its {surface.metaObject().className()}"


def leaves_one_alone(text: QQuickItem) -> bool:
    """Whether the last line of a Chinese text is one character, with or without its reading and a full stop."""
    lines = lines_of(text)
    return len(lines) > 1 and LONE.fullmatch(lines[-1]) is not None


def broken_words(bench: Bench) -> Iterator[str]:
    """A word that goes on in the next line, also where the text reaches out of what scrolls."""
    for text in bench.of_type("PlainText"):
        if text.property("outside") or asked(text, "wrapMode") == NO_WRAP:
            continue
        for line, after in pairwise(lines_of(text)):
            if LETTER.fullmatch(line[-1:]) and LETTER.fullmatch(after[:1]):
                yield f"{story(text)} breaks a word: {line!r}, {after!r}"


def lines_of(text: QQuickItem) -> list[str]:
    """A text as Qt breaks it in its place."""
    words = text.property("text")
    layout = QTextLayout(words, text.property("font"))
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.beginLayout()
    units = words.encode("utf-16-le")  # Qt counts as UTF-16 does
    lines = []
    while (line := layout.createLine()).isValid():
        line.setLineWidth(text.width())
        lines.append(units[2 * line.textStart() : 2 * (line.textStart() + line.textLength())].decode("utf-16-le"))
    layout.endLayout()
    return lines


def contrast_faults(shown: list[QQuickItem], picture: QImage) -> Iterator[str]:
    for text in shown:
        grounds = {QColor.fromRgb(pixel).name() for pixel in around(ink(text), picture)}
        if len(grounds) != 1:
            yield f"{story(text)} stands on more than one colour: {sorted(grounds)}"
        for ground in grounds:
            ratio = contrast(text.property("color"), QColor(ground))
            if ratio < LEAST_CONTRAST:
                yield f"{story(text)} has a contrast of {ratio:.2f}"


def overlaps(shown: list[QQuickItem]) -> Iterator[str]:
    places = [(text, ink(text)) for text in shown]
    for (one, here), (other, there) in combinations(places, 2):
        both = here.intersected(there)
        if both.width() > 2 and both.height() > 8:
            yield f"{story(one)} and {story(other)} overlap"


def covered(bench: Bench, shown: list[QQuickItem]) -> Iterator[str]:
    """Words beside a control must not run under it."""
    targets = [(target, seen_of(target)) for target in bench.of_type("Pressable")]
    for text in shown:
        for target, place in targets:
            both = ink(text).intersected(place)
            if both.width() > 2 and both.height() > 8 and target not in ancestors(text):
                yield f"{story(text)} runs under {target.property('spoken')!r}"


def seen_of(target: QQuickItem) -> QRectF:
    pane = window_pane(target)
    return on_glass(target) if pane is None else pane.intersected(on_glass(target))


def target_faults(bench: Bench, glass: QRectF) -> Iterator[str]:
    targets = [target for target in bench.of_type("Pressable") if (pane := window_pane(target)) is None or pane.contains(on_glass(target))]
    for target in targets:
        place = on_glass(target)
        if min(place.width(), place.height()) < SMALLEST_TARGET:
            yield f"{target.property('spoken')!r} is {place.width():.0f} × {place.height():.0f} px"
        if not glass.contains(place):
            yield f"{target.property('spoken')!r} leaves the glass"
    for one, other in combinations(targets, 2):
        near = on_glass(one).adjusted(-SMALLEST_GAP + 1, -SMALLEST_GAP + 1, SMALLEST_GAP - 1, SMALLEST_GAP - 1)
        if near.intersects(on_glass(other)):
            yield f"{one.property('spoken')!r} and {other.property('spoken')!r} are too near"
