"""The return screen: where each item is to be put, and what is worth saying."""

from collections.abc import Callable
from itertools import combinations

import pytest

from circulation.checkins import CheckinNote, Destination
from kiosk.view import Return, ReturnLine
from tests.ui.bench import ORIENTATIONS, Bench, on_glass
from tests.ui.fingers import said
from texts.catalogue import Catalogue
from ui.gallery.examples import a_view, an_account, returned
from ui.gallery.glass import Look
from ui.gallery.views import VIEWS
from ui.speech import Phrase, Speech
from ui.viewmodels.returning import returned_line, returns_shown


@pytest.fixture
def speech(chinese: Catalogue, english: Catalogue) -> Speech:
    return Speech(chinese, english)


@pytest.mark.parametrize(
    ("destination", "send_to", "where"),
    [
        (Destination.SHELF, "", Phrase("放進還書箱", "Into the return box")),
        (Destination.HOLD_SHELF, "", Phrase("放到預約書架", "Onto the hold shelf")),
        (Destination.OTHER_BRANCH, "天母", Phrase("夾送書單，送到天母分館", "With a routing slip to 天母\u00a0Branch")),
        (Destination.OTHER_BRANCH, "總館", Phrase("夾送書單，送到總館", "With a routing slip to 總館")),
        (Destination.OTHER_BRANCH, "", Phrase("夾送書單，送到別的分館", "With a routing slip to another branch")),
        (Destination.STAFF, "", Phrase("請交給館員", "Give it to a librarian")),
    ],
)
def test_each_line_says_where_to_put_the_item(speech: Speech, destination: Destination, send_to: str, where: Phrase) -> None:
    assert returned_line(returned(1, "小王子", destination, send_to=send_to), speech).where == where


@pytest.mark.parametrize(("days", "note"), [(1, Phrase("晚了 1 天", "1 day late")), (12, Phrase("晚了 12 天", "12 days late"))])
def test_a_late_item_says_by_how_many_days(speech: Speech, days: int, note: Phrase) -> None:
    line = returned_line(returned(1, "小王子", Destination.SHELF, CheckinNote.OVERDUE, days_late=days), speech)

    assert line.notes == (note,)


def test_every_note_is_said_once(speech: Speech) -> None:
    line = returned_line(returned(1, "小王子", Destination.STAFF, *CheckinNote, *CheckinNote), speech)

    assert len(line.notes) == len(CheckinNote)
    assert "有人在等這本書" in [note.main for note in line.notes]


def test_what_could_not_be_written_down_is_not_called_returned(speech: Speech) -> None:
    line = returned_line(returned(1, "小王子", Destination.STAFF, taken=False), speech)

    assert (line.where.main, [note.main for note in line.notes]) == ("請交給館員", ["這本還沒有還成"])


def test_a_second_scan_says_that_it_was_one(speech: Speech) -> None:
    assert [note.main for note in returned_line(returned(1, again=True), speech).notes] == ["剛剛已經還過了"]


def test_an_unknown_item_is_called_by_its_barcode(speech: Speech) -> None:
    assert returned_line(ReturnLine(1, "", "30234000517861", Destination.STAFF), speech).title == "條碼 30234000517861"


def test_without_a_scanner_nobody_is_asked_to_scan(speech: Speech) -> None:
    shown = returns_shown(Return(), speech, scanner=False)

    assert (shown.prompt.main, shown.advice.main, shown.scanning) == ("現在不能掃書", "請用別台機器，或到櫃檯還書。", False)


def test_a_return_without_a_card_shows_no_way_to_an_account(portrait: Bench) -> None:
    portrait.show(VIEWS["return"])
    assert "回我的畫面" not in said(portrait)

    portrait.show(VIEWS["return-session"])
    assert "回我的畫面" in said(portrait)


def test_the_newest_line_stands_first_and_is_called_so(portrait: Bench) -> None:
    portrait.show(a_view(Return((returned(1, "一"),), 1, an_account())))
    portrait.show(a_view(Return((returned(2, "二"), returned(1, "一")), 2, an_account())))

    portrait.picture_at_rest()
    entries = sorted(portrait.of_type("ReturnEntry"), key=lambda entry: entry.y())
    assert [(entry.property("line")["title"], entry.property("latest")) for entry in entries] == [("二", True), ("一", False)]
    assert said(portrait).count("剛剛") == 1


@pytest.mark.parametrize("look", [Look.USUAL, Look.BOTH])
@pytest.mark.parametrize("language", ["zh_TW", "en"])
def test_no_line_lies_upon_another_when_several_come_at_once(make_bench: Callable[..., Bench], language: str, look: Look) -> None:
    bench = make_bench(ORIENTATIONS["landscape"])
    bench.show(VIEWS["return-first"])
    bench.look("zh_TW", Look.BOTH)
    bench.picture_at_rest()

    bench.show(VIEWS["return-hostile"])
    bench.look(language, look)
    bench.picture_at_rest()

    pane = on_glass(bench.of_type("Slip")[0])
    seen = [place for entry in bench.of_type("ReturnEntry") if (place := on_glass(entry)).intersects(pane)]
    assert seen
    assert [(one, other) for one, other in combinations(seen, 2) if one.intersected(other).height() > 1] == []
