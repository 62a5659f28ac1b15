"""Which banners stand across the screens, and in which order."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from circulation.reasons import Reason
from drivers.ports import DeviceFault, DeviceHealth, DeviceState
from kiosk.offline import Limited, Outlook, Weight
from kiosk.refusal import Refusal
from kiosk.scans import ScanFault
from kiosk.view import Attract, Borrow, Screen
from kiosk.view_modes import CardCheck, CardChecked
from tests.ui.bench import Bench
from texts.catalogue import Catalogue
from ui.gallery.examples import A_CLASS, OFFLINE_SINCE, a_view, an_account
from ui.gallery.outlooks import A_DAY_OLD, A_WEEK_OLD, NO_ROOM, THREE_DAYS_OLD, TOO_OLD
from ui.speech import Phrase, Speech
from ui.viewmodels.notices import notices, scanner_works
from ui.window import LANDSCAPE, PORTRAIT


def test_a_machine_that_needs_a_person_says_so_before_it_says_that_it_is_offline(chinese: Catalogue, english: Catalogue) -> None:
    found = notices(a_view(Attract(), offline_since=OFFLINE_SINCE, needs_staff=True), Speech(chinese, english))

    assert [notice.kind for notice in found] == ["staff", "offline"]
    assert found[0].title == Phrase("這台機器需要館員看一下", "Please tell a librarian: this kiosk needs help")


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (DeviceFault.PAPER_OUT, [("No slips: out of paper", "Borrowing and returning work.")]),
        (DeviceFault.NO_PRINTER, [("No slips: the printer is off", "Borrowing and returning work.")]),
        (DeviceFault.PAPER_LOW, []),
    ],
)
def test_a_printer_that_prints_nothing_is_told_with_what_still_works_and_a_low_roll_is_staffs_matter(
    english: Catalogue, chinese: Catalogue, fault: DeviceFault, said: list[tuple[str, str]]
) -> None:
    view = replace(a_view(Attract()), devices=(DeviceHealth("printer", DeviceState.DEGRADED, fault),))
    assert [(notice.title.main, notice.note.main) for notice in notices(view, Speech(english, chinese))] == said


def test_slips_are_not_worth_a_word_where_something_else_does_not_work(chinese: Catalogue, english: Catalogue) -> None:
    printer = DeviceHealth("printer", DeviceState.MISSING, DeviceFault.NO_PRINTER)
    scanner = DeviceHealth("scanner", DeviceState.MISSING, DeviceFault.NO_SCANNER)
    speech = Speech(english, chinese)
    assert [one.kind for one in notices(replace(a_view(Attract()), devices=(printer,)), speech)] == ["slips"]
    assert [one.kind for one in notices(replace(a_view(Attract()), devices=(printer, scanner)), speech)] == ["device"]
    assert [one.kind for one in notices(replace(a_view(Attract(), offline_since=OFFLINE_SINCE), devices=(printer,)), speech)] == ["offline"]


@pytest.mark.parametrize("fault", ScanFault)
def test_a_scan_that_was_nothing_is_said_with_what_to_do_before_anything_that_lasts(
    chinese: Catalogue, english: Catalogue, fault: ScanFault
) -> None:
    found = notices(a_view(Attract(), offline_since=OFFLINE_SINCE, scan_fault=fault), Speech(chinese, english))
    assert [notice.kind for notice in found] == ["scan", "offline"]
    assert found[0].title == Phrase(chinese.say(f"scan.{fault}"), english.say(f"scan.{fault}"))
    assert found[0].note.second == english.say(f"scan.{fault}.do")


def test_a_missing_scanner_is_told_to_patrons_where_no_other_one_works(chinese: Catalogue, english: Catalogue) -> None:
    missing = DeviceHealth("scanner", DeviceState.MISSING, DeviceFault.SCANNER_BUSY)
    second = DeviceHealth("scanner_2", DeviceState.READY)
    both = (missing, replace(second, state=DeviceState.MISSING, fault=DeviceFault.NO_SCANNER))
    speech = Speech(english, chinese)
    alone, beside = replace(a_view(Attract()), devices=(missing,)), replace(a_view(Attract()), devices=(missing, second))
    assert [one.title.main for one in notices(alone, speech)] == ["The scanner is busy"]
    assert (notices(beside, speech), scanner_works(beside)) == ((), True)
    assert [one.title.main for one in notices(replace(beside, devices=both), speech)] == [
        "The scanner is busy",
        "The scanner is not connected",
    ]


def test_a_scanner_that_reads_nothing_well_is_told_beside_one_that_works(chinese: Catalogue, english: Catalogue) -> None:
    poor = DeviceHealth("scanner", DeviceState.DEGRADED, DeviceFault.SCANS_UNREADABLE)
    view = replace(a_view(Attract()), devices=(poor, DeviceHealth("scanner_2", DeviceState.READY)))
    assert [one.title.main for one in notices(view, Speech(english, chinese))] == ["Trouble reading codes"]
    assert scanner_works(view)


@pytest.mark.parametrize(
    ("outlook", "left", "said"),
    [
        (A_DAY_OLD, None, ("offline", "No connection – returns as usual", "Up to 5 items each, renewals too")),
        (A_DAY_OLD, 4, ("offline", "No connection – returns as usual", "You can borrow 4 more, renewals too")),
        (THREE_DAYS_OLD, None, ("offline_amber", "Offline for over a day – few loans", "Up to 3 items each, no renewals")),
        (THREE_DAYS_OLD, 0, ("offline_amber", "Offline for over a day – few loans", "That's all you can borrow here – ask at the desk")),
        (A_WEEK_OLD, 2, ("offline_red", "Offline for days – regulars only", "You can borrow 2 more, no renewals")),
        (TOO_OLD, 0, ("offline_red", "No borrowing at this kiosk now", "No connection for too long – returns work, borrow at the desk")),
        (NO_ROOM, None, ("stopped", "No borrowing at this kiosk now", "Its memory is nearly full – returns work, borrow at the desk")),
        (
            Outlook(Weight.RED, 0, returns=False, stopped=Reason.KIOSK_OUTBOX_FULL),
            None,
            ("stopped", "No borrowing at this kiosk now", "Too many records wait to be sent – please go to the desk"),
        ),
    ],
)
def test_the_banner_says_what_can_still_be_done_and_what_to_do_next(
    english: Catalogue, outlook: Outlook, left: int | None, said: tuple[str, str, str]
) -> None:
    (found,) = notices(a_view(Attract(), offline_since=OFFLINE_SINCE, limited=Limited(outlook, left)), Speech(english, english))

    assert (found.kind, found.title.main, found.note.main) == said


def test_a_class_reads_how_far_it_is_and_that_nobody_need_log_out(chinese: Catalogue, english: Catalogue) -> None:
    (found,) = notices(a_view(Borrow(an_account()), class_visit=A_CLASS), Speech(chinese, english))

    assert found.title == Phrase("班級借書，到 14:50", "Class visit until 14:50")
    assert found.note == Phrase("12 位同學，31 本書。下一位直接感應卡片。", "12 pupils, 31 books. Next pupil: just tap your card.")


@pytest.mark.parametrize(
    ("screen", "alone", "offline", "offline_lying"),
    [
        (Attract(), 0, 1, 2),
        (Borrow(an_account()), 1, 2, 2),
        (CardCheck(), 0, 1, 2),
        (CardChecked(Refusal.LOST, 112), 0, 1, 1),
    ],
)
def test_a_mode_is_told_across_the_screen_where_the_screen_itself_has_no_room_for_it(
    make_bench: Callable[..., Bench], screen: Screen, alone: int, offline: int, offline_lying: int
) -> None:
    view = a_view(screen, class_visit=A_CLASS)
    without = replace(view, offline_since=OFFLINE_SINCE)
    for size, with_the_banner_of_no_connection in ((PORTRAIT, offline), (LANDSCAPE, offline_lying)):
        glass = make_bench(size)
        glass.show(view)
        assert len(glass.of_type("Banner")) == alone
        glass.show(without)
        assert len(glass.of_type("Banner")) == with_the_banner_of_no_connection


@pytest.mark.parametrize("screen", [Attract(2), CardCheck()])
def test_where_the_reader_is_missing_nobody_is_asked_for_a_card(portrait: Bench, screen: Screen) -> None:
    reader = DeviceHealth("reader", DeviceState.MISSING, DeviceFault.NO_READER)
    portrait.show(a_view(screen, devices=(reader,)))

    said = {text.property("said") for text in portrait.of_type("PlainText")}
    assert "現在這裡\n不能感應卡片" in said
    assert not said & {"感應學生證，\n開始借書", "放上卡片，\n看看能不能用", "卡片放這裡", "感應卡片，就借給你。"}
    assert portrait.of_type("CardJourney") == []


def test_a_reader_that_reads_badly_is_still_asked_for(portrait: Bench) -> None:
    portrait.show(a_view(Attract(), devices=(DeviceHealth("reader", DeviceState.DEGRADED, DeviceFault.CARD_UNREADABLE),)))

    assert "卡片放這裡" in {text.property("said") for text in portrait.of_type("PlainText")}
