"""Goodbye: what was borrowed, returned and renewed, each in its part, and the wish for a paper slip."""

import pytest

from kiosk.view import Goodbye
from tests.ui.bench import Bench
from tests.ui.fingers import said, touch
from texts.catalogue import Catalogue
from ui.gallery.examples import NOW, returned
from ui.gallery.views import A_DAY, RENEWED, RETURNS, VIEWS
from ui.speech import Speech
from ui.viewmodels.farewell import farewell_shown


@pytest.mark.parametrize(
    ("screen", "title", "sums"),
    [
        (Goodbye(A_DAY, NOW), "借好了", ["這次借了 2 本書"]),
        (Goodbye((), NOW, RETURNS[:1]), "還好了", ["這次還了 1 本書"]),
        (Goodbye((), NOW, (returned(2, again=True), returned(1, taken=False))), "還好了", ["這次還了 1 本書"]),
        (Goodbye((), NOW, renewed=RENEWED[1:2]), "續借好了", ["這次續借了 1 本書"]),
        (Goodbye(A_DAY, NOW, RETURNS, RENEWED[1:2]), "都辦好了", ["這次借了 2 本書", "這次還了 6 本書", "這次續借了 1 本書"]),
        (Goodbye((), NOW), "再見", ["這次沒有借書，下次再來"]),
    ],
)
def test_the_sums_of_what_was_done_are_said(chinese: Catalogue, english: Catalogue, screen: Goodbye, title: str, sums: list[str]) -> None:
    shown = farewell_shown(screen, Speech(chinese, english))

    assert (shown.title.main, [phrase.main for phrase in shown.said]) == (title, sums)


def test_each_kind_of_line_stands_below_its_heading(portrait: Bench) -> None:
    portrait.show(VIEWS["goodbye-everything"])

    counts = {name: len(portrait.of_type(name)) for name in ("SlipEntry", "ReturnEntry", "LoanEntry")}
    assert counts == {"SlipEntry": 2, "ReturnEntry": 6, "LoanEntry": 2}
    assert [text for text in said(portrait) if text in {"這次借的書", "這次還的書", "這次續借的書"}] == [
        "這次借的書",
        "這次還的書",
        "這次續借的書",
    ]


def test_a_slip_is_offered_only_where_something_prints(portrait: Bench) -> None:
    portrait.show(VIEWS["goodbye"])
    assert "印出來" not in said(portrait)

    portrait.kiosk.slip_printing.offer(can_print=True)
    portrait.settle()

    assert "印出來" in said(portrait)


def test_a_slip_is_asked_for_once_a_visit(portrait: Bench) -> None:
    wishes: list[bool] = []
    portrait.kiosk.slip_printing.print_slip.connect(lambda: wishes.append(True))
    portrait.kiosk.slip_printing.offer(can_print=True)
    portrait.show(VIEWS["goodbye"])

    touch(portrait, "印出來")
    touch(portrait, "正在印")
    portrait.kiosk.slip_printing.ask()
    assert len(wishes) == 1

    portrait.show(VIEWS["attract"])
    portrait.show(VIEWS["goodbye"])
    touch(portrait, "印出來")
    assert len(wishes) == 2


def test_a_slip_that_does_not_come_is_said_so_and_to_this_visit_only(portrait: Bench) -> None:
    portrait.kiosk.slip_printing.offer(can_print=True)
    portrait.show(VIEWS["goodbye"])
    touch(portrait, "印出來")
    portrait.kiosk.slip_printing.report_failure()
    portrait.settle()
    assert "印不了" in said(portrait)

    portrait.show(VIEWS["attract"])
    portrait.show(VIEWS["goodbye"])
    assert "印不了" not in said(portrait)


def test_with_nothing_done_there_is_nothing_to_print(portrait: Bench) -> None:
    portrait.kiosk.slip_printing.offer(can_print=True)

    portrait.show(VIEWS["goodbye-nothing"])

    assert "印出來" not in said(portrait)
