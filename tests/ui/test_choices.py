"""What a finger or a key on the glass tells the core."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from kiosk.animals import Animal
from kiosk.events import (
    AnimalChosen,
    AnimalsWanted,
    BackChosen,
    BorrowChosen,
    Event,
    FinishChosen,
    LoansChosen,
    LossChosen,
    LostCardChosen,
    PutBackChosen,
    RenewAllChosen,
    RenewChosen,
    ReturnChosen,
    StillHereChosen,
    TitlesChosen,
    Touched,
)
from kiosk.view import Attract, Borrow, Home
from tests.ui.bench import Bench
from tests.ui.fingers import FINGER, choices, touch
from ui.gallery.examples import A_CLASS, a_loan_id, a_view, an_account
from ui.gallery.views import VIEWS


@pytest.mark.parametrize(
    ("view", "spoken", "event"),
    [
        ("home", "借書", BorrowChosen()),
        ("home", "選我的動物", AnimalsWanted()),
        ("home-animal", "換我的動物", AnimalsWanted()),
        ("animals", "樹蛙", AnimalChosen(Animal.TREE_FROG)),
        ("animals-chosen", "石虎", AnimalChosen(Animal.LEOPARD_CAT)),
        ("animals", "回上一頁", BackChosen()),
        ("home", "離開", FinishChosen()),
        ("home-suspended", "我知道了", FinishChosen()),
        ("borrow", "完成", FinishChosen()),
        ("borrow", "放回 西遊記", PutBackChosen(a_loan_id(4))),
        ("borrow", "放回 台灣的青蛙", PutBackChosen(a_loan_id(3))),
        ("borrow-empty", "不借了", FinishChosen()),
        ("goodbye", "好，再見", FinishChosen()),
        ("card-unknown", "我知道了", BackChosen()),
        ("class-borrow", "完成", FinishChosen()),
        ("class-home-suspended", "我知道了", FinishChosen()),
        ("check-good", "下一張", BackChosen()),
        ("check-unknown", "下一張", BackChosen()),
        ("still-here", "我還在", StillHereChosen()),
        ("still-here", "離開", FinishChosen()),
        ("attract", "還書", ReturnChosen()),
        ("attract", "卡片掛失", LossChosen()),
        ("home", "還書", ReturnChosen()),
        ("home", "我的借閱", LoansChosen()),
        ("home", "卡片掛失", LossChosen()),
        ("home-suspended", "還書", ReturnChosen()),
        ("home-suspended", "我的借閱", LoansChosen()),
        ("home-suspended", "卡片掛失", LossChosen()),
        ("return", "完成", FinishChosen()),
        ("return-empty", "不還了", FinishChosen()),
        ("return-session", "回我的畫面", BackChosen()),
        ("loans", "續借 台灣的青蛙", RenewChosen(a_loan_id(2))),
        ("loans-only", "全部續借（1 本）", RenewAllChosen()),
        ("loans-only", "回上一頁", BackChosen()),
        ("loans-untitled", "輸入密碼看書名", TitlesChosen()),
        ("loans-untitled", "續借 熱門書 2", RenewChosen(a_loan_id(2))),
        ("pin", "回上一頁", BackChosen()),
        ("pin-locked", "回上一頁", BackChosen()),
        ("loss", "一卡通借閱證", LostCardChosen(2)),
        ("loss-none", "回上一頁", BackChosen()),
        ("loss-done", "我知道了", BackChosen()),
        ("loss-by-id", "回上一頁", BackChosen()),
        ("loss-by-id-offline", "回上一頁", BackChosen()),
    ],
)
def test_a_touch_posts_the_choice_once(portrait: Bench, view: str, spoken: str, event: Event) -> None:
    portrait.show(VIEWS[view])

    touch(portrait, spoken)

    assert choices(portrait) == [event]


def test_a_touch_anywhere_says_that_the_patron_is_still_here(portrait: Bench) -> None:
    portrait.show(VIEWS["home"])

    QTest.touchEvent(portrait.window, FINGER).press(0, QPoint(540, 140), portrait.window).commit()
    QTest.touchEvent(portrait.window, FINGER).release(0, QPoint(540, 140), portrait.window).commit()

    assert portrait.posted == [Touched()]


def test_on_the_countdown_a_touch_beside_the_buttons_answers_nothing(portrait: Bench) -> None:
    portrait.show(VIEWS["still-here"])

    QTest.touchEvent(portrait.window, FINGER).press(0, QPoint(540, 400), portrait.window).commit()
    QTest.touchEvent(portrait.window, FINGER).release(0, QPoint(540, 400), portrait.window).commit()

    assert portrait.posted == []


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_everything_is_reached_with_tab_and_pressed_with_enter(portrait: Bench, key: Qt.Key) -> None:
    portrait.show(VIEWS["home"])
    reached = []
    for _ in range(12):
        QTest.keyClick(portrait.window, Qt.Key.Key_Tab)
        portrait.settle()
        focus = portrait.window.activeFocusItem()
        assert focus is not None
        reached.append(focus.property("spoken"))
        assert focus.property("visualFocus") is True
        if focus.property("spoken") == "借書":
            QTest.keyClick(portrait.window, key)

    assert set(reached) == {"離開", "選我的動物", "借書", "還書", "我的借閱", "卡片掛失", "English", "注音", "大字", "對比", "放低", "聲音"}
    assert choices(portrait) == [BorrowChosen()]


@pytest.mark.parametrize("modifier", [Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier])
def test_other_keys_leave_the_screen_where_it_is(portrait: Bench, modifier: Qt.KeyboardModifier) -> None:
    portrait.show(VIEWS["home"])
    before = portrait.picture()

    function_keys = range(Qt.Key.Key_F1.value, Qt.Key.Key_F12.value + 1)
    others = [Qt.Key.Key_Escape, Qt.Key.Key_Q, Qt.Key.Key_W, Qt.Key.Key_Back, Qt.Key.Key_Menu, Qt.Key.Key_Print, Qt.Key.Key_Delete]
    for key in [*map(Qt.Key, function_keys), *others]:
        QTest.keyClick(portrait.window, key, modifier)
    portrait.settle()

    assert portrait.posted == []
    assert portrait.picture() == before


def test_a_kiosk_cannot_be_closed_from_outside(portrait: Bench) -> None:
    portrait.show(VIEWS["home"])

    closed = portrait.window.close()

    assert not closed
    assert portrait.window.isVisible()


def test_the_language_is_swapped_and_comes_back_when_the_visit_ends(portrait: Bench) -> None:
    portrait.show(VIEWS["home"])
    touch(portrait, "English")
    assert [item.property("spoken") for item in portrait.of_type("LogOutButton")] == ["Log out"]

    portrait.show(a_view(Attract()))

    assert portrait.kiosk.comfort_choices.speech.main.language == "zh_TW"


@pytest.mark.parametrize("before", ["goodbye", "card-unknown", "loss-by-id-done"])
@pytest.mark.parametrize("after", ["home", "borrow", "return-session", "loss-by-id"])
def test_the_next_child_does_not_get_the_choices_of_the_last_one(portrait: Bench, before: str, after: str) -> None:
    portrait.show(VIEWS[before])
    touch(portrait, "English")
    touch(portrait, "Contrast")
    touch(portrait, "Larger")
    portrait.show(VIEWS[before])
    assert portrait.kiosk.comfort_choices.speech.main.language == "en"

    portrait.show(VIEWS[after])

    comfort = portrait.kiosk.comfort_choices
    assert comfort.speech.main.language == "zh_TW"
    assert not comfort.property("high_contrast")
    assert not comfort.property("large_type")


def test_the_next_pupil_of_a_class_does_not_get_the_choices_of_the_last_one(portrait: Bench) -> None:
    """On the same page: the next card ended the turn."""
    first, second = (a_view(Borrow(an_account(masked_name="")), class_visit=replace(A_CLASS, turn=turn)) for turn in (13, 14))
    portrait.show(a_view(Attract(), class_visit=replace(A_CLASS, turn=12)))
    touch(portrait, "English")
    portrait.show(first)
    assert portrait.kiosk.comfort_choices.speech.main.language == "en"

    portrait.show(second)

    assert portrait.kiosk.comfort_choices.speech.main.language == "zh_TW"


def test_whoever_checks_the_next_card_does_not_get_the_choices_of_the_last_one(portrait: Bench) -> None:
    portrait.show(VIEWS["check"])
    portrait.show(VIEWS["check-unknown"])
    touch(portrait, "English")
    portrait.show(VIEWS["check-unknown"])
    assert portrait.kiosk.comfort_choices.speech.main.language == "en"

    portrait.show(VIEWS["check-lost"])

    assert portrait.kiosk.comfort_choices.speech.main.language == "zh_TW"


def test_choices_stay_when_a_patron_comes_back_from_a_loss_report(portrait: Bench) -> None:
    portrait.show(VIEWS["loss-chosen"])
    touch(portrait, "English")

    portrait.show(VIEWS["loss-done"])
    portrait.show(VIEWS["home"])

    assert portrait.kiosk.comfort_choices.speech.main.language == "en"


def test_choices_stay_when_a_visit_ends_until_the_next_one_begins(portrait: Bench) -> None:
    portrait.show(VIEWS["borrow"])
    touch(portrait, "English")

    portrait.show(VIEWS["still-here"])
    portrait.show(VIEWS["borrow"])
    portrait.show(VIEWS["goodbye"])

    assert portrait.kiosk.comfort_choices.speech.main.language == "en"


def test_a_language_chosen_before_the_card_stays_for_the_visit(portrait: Bench) -> None:
    portrait.show(a_view(Attract()))
    touch(portrait, "English")

    portrait.show(a_view(Home(an_account())))

    assert portrait.kiosk.comfort_choices.speech.main.language == "en"


def test_choices_of_somebody_who_went_away_are_forgotten_after_a_minute(portrait: Bench) -> None:
    portrait.show(a_view(Attract()))
    touch(portrait, "English")
    touch(portrait, "Contrast")
    portrait.clock.seconds += 59
    portrait.kiosk.beat()
    assert portrait.kiosk.comfort_choices.speech.main.language == "en"

    portrait.clock.seconds += 2
    portrait.kiosk.beat()

    assert portrait.kiosk.comfort_choices.speech.main.language == "zh_TW"
    assert not portrait.kiosk.comfort_choices.property("high_contrast")


def test_large_type_and_contrast_are_switched_by_touch(portrait: Bench) -> None:
    portrait.show(VIEWS["home"])

    touch(portrait, "大字")
    touch(portrait, "對比")

    assert portrait.kiosk.comfort_choices.property("large_type")
    assert portrait.kiosk.comfort_choices.property("high_contrast")
    assert choices(portrait) == []
