"""Nothing of one patron waits behind another's page."""

import pytest

from kiosk.view import Attract, Borrow, Home, StillHere
from tests.ui.bench import Bench
from ui.gallery.examples import NOW, a_view, an_account, borrowed
from ui.gallery.views import VIEWS
from ui.viewmodels.lines import LinesModel


def test_nothing_of_a_patron_stays_behind_the_countdown_or_after_the_visit(portrait: Bench) -> None:
    for after in (a_view(StillHere(NOW + 10, 10)), a_view(Attract())):
        portrait.show(a_view(Borrow(an_account(masked_name="陳○○"), (borrowed(1, "祕密的書"),), 1)))
        portrait.show(a_view(Home(an_account(masked_name="陳○○"))))

        portrait.show(after)

        slip, home = portrait.kiosk._pages.slip, portrait.kiosk._pages.home
        assert slip.model.rowCount() == 0
        assert (slip.property("borrowed"), home.property("on_loan"), home.property("hello")["main"]) == (0, 0, "")
        said = " ".join(str(text.property("said")) for text in portrait.of_type("PlainText"))
        assert "陳" not in said
        assert "祕密" not in said


@pytest.mark.parametrize("after", ["attract", "still-here", "card-lost", "out-of-service", "return-empty", "loss-by-id"])
@pytest.mark.parametrize(
    "before", ["home-holds", "borrow", "return-session", "loans", "loss-chosen", "loss-done", "goodbye-everything", "pin-wrong"]
)
def test_no_page_keeps_anything_when_another_stands_there(portrait: Bench, before: str, after: str) -> None:
    portrait.show(VIEWS[after])
    expected = what_pages_keep(portrait)

    portrait.show(VIEWS[before])
    assert what_pages_keep(portrait) != expected
    portrait.show(VIEWS[after])

    assert what_pages_keep(portrait) == expected


def what_pages_keep(bench: Bench) -> list[object]:
    """All properties of all pages' view models, lists by their length."""
    pages = vars(bench.kiosk._pages).values()
    names = [(page, page.metaObject().property(number).name()) for page in pages for number in range(page.metaObject().propertyCount())]
    values = [getattr(page, name) for page, name in names if name != "objectName"]
    return [value.rowCount() if isinstance(value, LinesModel) else value for value in values]
