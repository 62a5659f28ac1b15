"""What the view models say about a view: words, counts, times, and what they forget."""

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4

import pytest
from PySide6.QtCore import QSize

from circulation.blocks import Block, BlockCode
from circulation.ids import LoanId
from circulation.opening_days import Hours
from circulation.reasons import Reason
from drivers.ports import DeviceHealth, DeviceState
from kiosk.view import Account, Attract, Borrow, Home, Line, LineState, OutOfService, StillHere
from tests.ui.bench import ORIENTATIONS, Bench, ink, window_pane
from texts.catalogue import Catalogue
from ui.gallery.examples import DUE, HALF_PAST_TWO, LONG, NOW, OFFLINE_SINCE, a_place, a_view, an_account, borrowed, refused
from ui.gallery.glass import Look
from ui.gallery.views import NO_READER, NO_SCANNER, VIEWS
from ui.speech import Phrase, Speech
from ui.viewmodels.borrow import borrow_counts
from ui.viewmodels.home import home_shown
from ui.viewmodels.message import message_of
from ui.viewmodels.notices import notices
from ui.viewmodels.place import branch_name, place_shown
from ui.viewmodels.slip import slip_line
from ui.viewmodels.time_left import Stretch

FULL = an_account(on_loan=25, left=0)


@pytest.fixture
def speech(chinese: Catalogue, english: Catalogue) -> Speech:
    return Speech(chinese, english)


def test_a_due_date_is_said_in_both_languages(speech: Speech) -> None:
    assert slip_line(borrowed(1), speech).due == Phrase("最晚 12月24日（四）還", "Due Thu\u00a024\u00a0Dec")


def test_every_reason_is_said_and_the_first_one_instructs(speech: Speech) -> None:
    line = slip_line(refused(1, Reason.ITEM_ON_HOLD, Reason.LOAN_LIMIT_REACHED), speech)

    assert [reason.main for reason in line.reasons] == ["別人已經預約這本書", "借滿了"]
    assert line.instruction.main == "請把書交給櫃檯。"


def test_of_very_many_reasons_three_are_said(speech: Speech) -> None:
    line = slip_line(refused(1, *Reason), speech)

    assert [reason.main for reason in line.reasons] == [speech.main.say(f"reason.{reason.value}") for reason in tuple(Reason)[:3]]
    assert line.instruction.main == speech.main.say(f"reason.{next(iter(Reason)).value}.do")


@pytest.mark.parametrize(
    ("account", "lines", "prompt", "left"),
    [
        (an_account(), (), "請掃書上的條碼", "還可借 22 本"),
        (an_account(), (borrowed(1),), "繼續掃下一本", "還可借 22 本"),
        (FULL, (borrowed(1),), "借滿了，請按完成", "借滿了"),
        (FULL, (), "借滿了，請按離開", "借滿了"),
        (an_account(on_loan=8, left=0), (borrowed(1),), "先不能再借，請按完成", "先不能再借"),
        (an_account(on_loan=8, left=0), (), "先不能再借，請按離開", "先不能再借"),
        (an_account(limit=0, on_loan=0, left=0), (), "先不能再借，請按離開", "先不能再借"),
    ],
)
def test_the_prompt_asks_for_a_scan_only_when_one_can_help(
    speech: Speech, account: Account, lines: tuple[Line, ...], prompt: str, left: str
) -> None:
    shown = borrow_counts(Borrow(account, lines, len(lines)), speech, scanner=True)

    assert shown.prompt.main == prompt
    assert shown.scanning == (account.left > 0)
    assert shown.left.main == left


@pytest.mark.parametrize(("lines", "prompt"), [((), "現在不能掃書，請按離開"), ((borrowed(1),), "現在不能掃書，請按完成")])
@pytest.mark.parametrize("account", [an_account(), FULL])
def test_without_a_scanner_nobody_is_asked_to_scan(speech: Speech, account: Account, lines: tuple[Line, ...], prompt: str) -> None:
    shown = borrow_counts(Borrow(account, lines, len(lines)), speech, scanner=False)

    assert (shown.prompt.main, shown.scanning) == (prompt, False)


def test_home_invites_to_scan_when_a_scan_can_help_and_says_what_helps_else(speech: Speech) -> None:
    assert home_shown(an_account(), speech, scanner=True).hint.main == "直接掃書，不用按"
    assert home_shown(an_account(), speech, scanner=False).hint.main == "請用別台機器，或到櫃檯借書。"
    assert home_shown(an_account(left=0), speech, scanner=True).hint.main == "想借書，請到櫃檯。"
    assert home_shown(an_account(on_loan=25, left=0), speech, scanner=True).hint.main == "先還一本，就能再借一本。"


def test_home_calls_full_only_what_is_full(speech: Speech) -> None:
    said = [
        home_shown(an_account(on_loan=on_loan, left=left), speech, scanner=True).of_limit for on_loan, left in ((3, 22), (25, 0), (3, 0))
    ]

    assert said == [
        Phrase("／25 本，還可借 22 本", "of 25 – room for 22 more"),
        Phrase("／25 本，借滿了", "of 25 – all borrowed"),
        Phrase("／25 本，先不能再借", "of 25 – no more for now"),
    ]


def test_without_a_scanner_the_borrow_screen_asks_for_no_scan(portrait: Bench) -> None:
    portrait.show(a_view(Borrow(an_account()), devices=(NO_SCANNER,)))

    said = {text.property("said") for text in portrait.of_type("PlainText")}
    assert "現在不能掃書，請按離開" in said
    assert not said & {"請掃書上的條碼", "把書的條碼對準紅光，嗶一聲就好。"}
    assert portrait.of_type("ScanPicture") == []


@pytest.mark.parametrize("size", ORIENTATIONS.values(), ids=ORIENTATIONS)
def test_a_figure_of_two_digits_stays_one_figure(make_bench: Callable[..., Bench], size: QSize) -> None:
    bench = make_bench(size)
    bench.show(VIEWS["borrow-full"])

    assert [text.property("lineCount") for text in bench.of_type("PlainText") if text.property("said") == "25"] == [1]


@pytest.mark.parametrize("size", ORIENTATIONS.values(), ids=ORIENTATIONS)
def test_the_instruction_is_seen_however_many_reasons_there_are(make_bench: Callable[..., Bench], size: QSize) -> None:
    bench = make_bench(size)
    for look in Look:
        bench.show(a_view(Borrow(an_account(), (refused(1, *Reason, title=LONG),))))
        bench.look(look=look)
        bench.settle()
        (instruction,) = (text for text in bench.of_type("PlainText") if text.property("said") == "請把卡片交給館員。")
        pane = window_pane(instruction)
        assert pane is not None
        assert pane.contains(ink(instruction))


@pytest.mark.parametrize(
    ("view", "said"),
    [
        ("still-here", {"時間到會自動離開，有借的書都算數。", "We'll log you out soon. Your loans are saved."}),
        ("goodbye", {"這次借了 2 本書", "You borrowed 2 books"}),
        ("goodbye-nothing", {"這次沒有借書，下次再來", "Nothing borrowed this time"}),
        ("goodbye-offline", {"資料是 11月24日（二） 13:50 的，可能不是最新", "As of Tue\u00a024\u00a0Nov, 13:50 – may have changed"}),
    ],
)
def test_what_a_child_must_know_is_said_in_both_languages(portrait: Bench, view: str, said: set[str]) -> None:
    portrait.show(VIEWS[view])

    assert said <= {text.property("said") for text in portrait.of_type("PlainText")}


def test_an_unknown_item_is_called_by_its_barcode(speech: Speech) -> None:
    line = Line(1, LineState.REFUSED, "", "30234000517861", reasons=(Reason.ITEM_UNKNOWN,))

    assert slip_line(line, speech).title == "條碼 30234000517861"


def test_only_a_borrowed_line_can_be_put_back(speech: Speech) -> None:
    returned = Line(1, LineState.PUT_BACK, "小王子", "1", loan=LoanId(uuid4()))

    assert slip_line(returned, speech).loan is None
    assert slip_line(borrowed(2), speech).loan is not None


def test_the_good_date_comes_first_after_a_suspension(speech: Speech) -> None:
    shown = home_shown(an_account(blocks=(Block(BlockCode.SUSPENDED, date(2026, 12, 2)),)), speech, scanner=True)

    assert [obstacle.title.main for obstacle in shown.obstacles] == ["12月3日（四）起可以再借書"]


def test_everything_that_stands_in_the_way_is_said(speech: Speech) -> None:
    account = an_account(expired=True, blocks=(Block(BlockCode.STAFF), Block(BlockCode.FEES)))

    assert [obstacle.title.second for obstacle in home_shown(account, speech, scanner=True).obstacles] == [
        "Your library card has expired",
        "Borrowing is paused",
        "There is something to pay",
    ]


@pytest.mark.parametrize(
    ("at", "title", "note"),
    [
        (time(8, 0), "Not open yet", "Opens at 08:30"),
        (time(8, 30), "Open now", "Open today until 21:00"),
        (time(20, 59), "Open now", "Open today until 21:00"),
        (time(21, 0), "Closed now", "Closed at 21:00"),
    ],
)
def test_opening_hours_follow_the_clock(speech: Speech, at: time, title: str, note: str) -> None:
    place = a_place(local_time=HALF_PAST_TWO.replace(hour=at.hour, minute=at.minute), hours=Hours(time(8, 30), time(21)))

    shown = place_shown(place, timedelta(), speech)

    assert (shown.hours_title.second, shown.hours_note.second) == (title, note)


def test_the_clock_goes_on_between_two_views(speech: Speech) -> None:
    assert place_shown(a_place(), timedelta(seconds=59), speech).clock == "14:32"
    assert place_shown(a_place(), timedelta(seconds=60), speech).clock == "14:33"


@pytest.mark.parametrize(
    ("name", "said"), [("稻香", "稻香分館"), ("總館", "總館"), ("西門智慧圖書館", "西門智慧圖書館"), ("Main", "Main"), ("", "")]
)
def test_a_branch_is_called_as_people_call_it(speech: Speech, name: str, said: str) -> None:
    assert branch_name(name, speech).main == said


def test_a_fault_that_two_devices_share_is_said_once(speech: Speech) -> None:
    again = DeviceHealth("second reader", DeviceState.MISSING, NO_READER.fault)
    well = DeviceHealth("scanner", DeviceState.READY)

    found = notices(a_view(Attract(), devices=(NO_READER, again, well)), speech)

    assert [(notice.kind, notice.title.main) for notice in found] == [("device", "讀卡機沒接好")]


def test_offline_says_of_when_the_numbers_are_in_local_time(speech: Speech) -> None:
    (offline,) = notices(a_view(Attract(), offline_since=OFFLINE_SINCE), speech)

    assert offline.note == Phrase("資料是 11月24日（二） 13:50 的，可能不是最新", "As of Tue\u00a024\u00a0Nov, 13:50 – may have changed")
    assert offline.title == Phrase("現在連不上總館", "No connection")


def test_a_problem_nobody_knows_is_said_in_general(speech: Speech) -> None:
    assert message_of(OutOfService("gremlins"), speech).title.second == "Something is broken"


@pytest.mark.parametrize(
    ("now", "seconds", "fraction"), [(100, 10, 1.0), (100.01, 10, 1.0), (105, 5, 0.5), (109.999, 1, 0.0025), (110, 0, 0.0), (120, 0, 0.0)]
)
def test_a_countdown_counts_whole_seconds_down_to_nothing(now: float, seconds: int, fraction: float) -> None:
    stretch = Stretch(100, 110)

    assert stretch.seconds_left(now) == seconds
    assert stretch.fraction_left(now) == pytest.approx(fraction)


def test_an_empty_stretch_is_over() -> None:
    assert Stretch(5, 5).fraction_left(5) == 0


def test_the_countdowns_ring_falls_with_its_figure(portrait: Bench) -> None:
    portrait.show(a_view(StillHere(NOW + 10, 10)))
    fractions = []
    for seconds in (0.0, 0.9, 1.0, 1.1, 9.5, 10.0):
        portrait.clock.seconds = NOW + seconds
        portrait.kiosk.beat()
        fractions.append(portrait.kiosk._time_left.property("fraction"))

    assert fractions == pytest.approx([1.0, 1.0, 0.9, 0.9, 0.1, 0.0])


def test_each_second_of_the_countdown_ticks_once_but_the_first(portrait: Bench) -> None:
    ticks: list[float] = []
    portrait.kiosk.ticked.connect(lambda: ticks.append(portrait.clock.seconds - NOW))
    portrait.show(a_view(StillHere(NOW + 10, 10)))

    for tenth in range(1, 120):
        portrait.clock.seconds = NOW + tenth / 10
        portrait.kiosk.beat()

    assert ticks == pytest.approx(list(range(1, 10)))


def test_only_the_countdown_ticks(portrait: Bench) -> None:
    ticks: list[None] = []
    portrait.kiosk.ticked.connect(lambda: ticks.append(None))
    portrait.show(a_view(StillHere(NOW + 10, 10)))

    for view in (a_view(Home(an_account()), idle=(NOW, NOW + 5)), VIEWS["goodbye"]):
        portrait.show(view)
        portrait.clock.seconds += 3
        portrait.kiosk.beat()

    assert ticks == []


def test_a_view_from_another_thread_is_shown_by_the_screens_thread(portrait: Bench) -> None:
    thread = threading.Thread(target=portrait.kiosk.show, args=(VIEWS["home"],))
    thread.start()
    thread.join()
    assert portrait.kiosk.property("page") == ""

    portrait.settle()

    assert portrait.kiosk.property("page") == "home"


def test_the_log_out_ring_is_full_after_a_touch(portrait: Bench) -> None:
    portrait.show(a_view(Home(an_account()), idle=(NOW - 10, NOW + 10)))
    assert portrait.kiosk._time_left.property("fraction") == pytest.approx(0.5)

    portrait.show(a_view(Home(an_account()), idle=(NOW, NOW + 20)))

    assert portrait.kiosk._time_left.property("fraction") == pytest.approx(1.0)


def test_a_screen_that_tells_only_its_end_begins_when_it_is_first_shown(portrait: Bench) -> None:
    portrait.show(VIEWS["goodbye"])
    portrait.clock.seconds += 4
    portrait.show(VIEWS["goodbye"])

    assert portrait.kiosk._time_left.property("fraction") == pytest.approx(0.5)


def test_home_says_where_holds_are_to_be_collected(speech: Speech) -> None:
    notes = [home_shown(an_account(holds=holds), speech, scanner=True).holds_ready_note for holds in ((1, 1, 0), (2, 0, 0), (3, 1, 0))]

    assert notes == [
        Phrase("在這裡拿", "At this branch"),
        Phrase("在別的分館拿", "At another branch"),
        Phrase("這裡 1 本，別館 2 本", "1 here, 2 elsewhere"),
    ]


def test_a_line_put_back_changes_in_its_place(portrait: Bench) -> None:
    portrait.show(a_view(Borrow(an_account(), (borrowed(2), borrowed(1)), 2)))
    back = Line(2, LineState.PUT_BACK, "小王子", "1", due=DUE)

    portrait.show(a_view(Borrow(an_account(), (back, borrowed(1)), 1)))

    assert [entry.property("state_") for entry in portrait.of_type("SlipEntry")] == ["put_back", "borrowed"]
    assert len([button for button in portrait.of_type("BookButton") if str(button.property("spoken")).startswith("放回")]) == 1


def test_offline_since_in_any_zone_is_the_same_instant(speech: Speech) -> None:
    (offline,) = notices(a_view(Attract(), offline_since=datetime(2026, 11, 24, 5, 50, tzinfo=UTC)), speech)

    assert "13:50" in offline.note.main
