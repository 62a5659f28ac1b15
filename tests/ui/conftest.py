import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["QT_QUICK_BACKEND"] = "software"

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QGuiApplication

from tests.ui.bench import ORIENTATIONS, Bench
from texts.catalogue import Catalogue, open_catalogue
from ui.fonts import load_fonts
from ui.window import PORTRAIT, ReaderSide


@pytest.fixture(scope="session")
def qapp_cls() -> type[QGuiApplication]:
    return QGuiApplication


@pytest.fixture(scope="session", autouse=True)
def fonts(qapp: QGuiApplication) -> None:
    load_fonts()


@pytest.fixture(scope="session")
def chinese() -> Catalogue:
    return open_catalogue("zh_TW")


@pytest.fixture(scope="session")
def english() -> Catalogue:
    return open_catalogue("en")


@pytest.fixture(scope="module", params=sorted(ORIENTATIONS))
def kiosk(request: pytest.FixtureRequest, fonts: None) -> Iterator[Bench]:
    """One window for all tests of a module in one orientation: a window costs half a second."""
    bench = Bench(ORIENTATIONS[request.param])
    yield bench
    bench.close()


@pytest.fixture
def make_bench(fonts: None) -> Iterator[Callable[..., Bench]]:
    """Makes windows and closes them when the test is over, not before its failure has been described."""
    made: list[Bench] = []

    def make(size: QSize = PORTRAIT, side: ReaderSide = ReaderSide.RIGHT, *, reduced_motion: bool = True) -> Bench:
        made.append(Bench(size, side, reduced_motion))
        return made[-1]

    yield make
    for bench in made:
        bench.close()


@pytest.fixture
def portrait(make_bench: Callable[..., Bench]) -> Bench:
    return make_bench()
