"""The page of devices on the real screens with the real core: cards are laid down, codes scanned, numbers typed with a finger."""

from collections.abc import Callable
from pathlib import Path

import pytest

from circulation.cards import CardUid, NumberForm
from drivers.ports import CardUnreadable, DeviceFault, DeviceHealth, DeviceState
from kiosk.events import DevicesChosen
from kiosk.view import Attract
from kiosk.view_devices import Devices
from tests.builders import a_patron, an_item
from tests.kiosk_world import LIN, WANG, a_kiosk
from tests.ui.bench import ORIENTATIONS, Bench
from tests.ui.core_on_glass import CoreOnGlass
from tests.ui.fingers import choices, said, touch
from ui.gallery.device_views import DEVICE_VIEWS


@pytest.fixture(params=sorted(ORIENTATIONS))
def bench(request: pytest.FixtureRequest, make_bench: Callable[..., Bench]) -> Bench:
    return make_bench(ORIENTATIONS[request.param])


@pytest.fixture
def kiosk(tmp_path: Path, bench: Bench) -> CoreOnGlass:
    kiosk = CoreOnGlass(a_kiosk(tmp_path, cards={WANG: a_patron()}, items=[an_item(barcode="B1")]), bench)
    kiosk.say(DevicesChosen())
    return kiosk


def written(uid: str, form: NumberForm) -> str:
    return CardUid.from_hex(uid).written_as(form)


def test_a_librarian_sees_what_is_wrong_and_what_to_do_and_tries_reader_and_scanner(kiosk: CoreOnGlass, bench: Bench) -> None:
    kiosk.say(DeviceHealth("scanner", DeviceState.MISSING, DeviceFault.NO_SCANNER))
    assert {"掃描器", "不能用", "掃描器沒有接上"} & set(said(bench)) >= {"掃描器", "不能用"}
    assert any("kiosk.scanner" in text for text in said(bench))

    kiosk.tap(WANG)
    kiosk.scan("B1")

    assert "讀到卡片 2B1C" in said(bench)
    assert any("這台機器查得到" in text for text in said(bench))
    assert {"掃到館藏條碼", "B1"} <= set(said(bench))
    kiosk.touch("結束")
    assert isinstance(kiosk.screen(), Attract)


def test_a_librarian_finds_the_form_of_a_sources_numbers(kiosk: CoreOnGlass, bench: Bench) -> None:
    kiosk.touch("找卡號格式")
    assert "請放一張卡片，要知道它在檔案上的卡號" in said(bench)
    kiosk.tap(WANG)
    assert "請輸入卡片 2B1C 在檔案上的卡號" in said(bench)

    for key in written(WANG, NumberForm.DECIMAL_LITTLE):
        kiosk.touch(key)
    kiosk.touch("比對")

    assert {"找到了", "格式是十進位反序（decimal_little）。", "卡片 2B1C"} <= set(said(bench))
    assert any("youyue reader calibrate --sender" in text for text in said(bench))
    kiosk.touch("回上一頁")
    assert kiosk.screen() == Devices()


def test_a_wrong_number_is_told_and_the_search_begins_again(kiosk: CoreOnGlass, bench: Bench) -> None:
    kiosk.touch("找卡號格式")
    kiosk.tap(WANG)
    for key in "12F,":
        kiosk.touch(key)
    kiosk.touch("刪除")
    assert "12F" in said(bench)
    kiosk.touch("比對")
    assert "卡號不是卡片 2B1C 的號碼" in said(bench)

    kiosk.touch("重新開始")

    assert "卡號不是卡片 2B1C 的號碼" not in said(bench)
    assert "請放一張卡片，要知道它在檔案上的卡號" in said(bench)


def test_what_was_typed_goes_with_its_card_and_stays_when_the_same_one_slipped(kiosk: CoreOnGlass, bench: Bench) -> None:
    kiosk.touch("找卡號格式")
    kiosk.tap(WANG)
    kiosk.touch("7")
    kiosk.say(CardUnreadable("reader", 0))
    kiosk.tap(WANG)
    assert "7" in [text for text in said(bench) if text == "7"][1:]

    kiosk.tap(LIN)

    assert "卡號" in said(bench)
    assert [text for text in said(bench) if text == "7"] == ["7"]


def test_no_more_is_typed_than_the_longest_number_has(kiosk: CoreOnGlass, bench: Bench) -> None:
    kiosk.touch("找卡號格式")
    kiosk.tap(WANG)
    for _ in range(26):
        kiosk.touch("5")

    assert "5" * 24 in said(bench)


def test_the_buttons_of_the_printer_ask_for_a_test_slip_and_for_the_last_one(bench: Bench) -> None:
    asked: list[str] = []
    wishes = bench.kiosk.staff_printing_wishes
    wishes.print_trial.connect(lambda: asked.append("trial"))
    wishes.print_again.connect(lambda: asked.append("again"))
    bench.show(DEVICE_VIEWS["devices"])

    touch(bench, "印測試單")
    assert "正在印" in said(bench)
    wishes.report_printed()
    assert "印好了" in said(bench)
    touch(bench, "重印上一張")
    wishes.report_nothing()

    assert asked == ["trial", "again"]
    assert "沒有可以重印的單子" in said(bench)
    assert choices(bench) == []
