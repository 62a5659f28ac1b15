"""My loans and my holds: dates, reasons, renewals, and titles that stay hidden."""

from datetime import date

import pytest

from circulation.holds import HoldState
from circulation.items import ItemKind
from circulation.reasons import Reason
from kiosk.events import RenewChosen
from kiosk.view import Loans, RenewalState
from tests.ui.bench import Bench
from tests.ui.fingers import choices, said, touch
from texts.catalogue import Catalogue
from ui.gallery.examples import DUE, a_hold, a_loan, a_loan_id, a_view, an_account
from ui.gallery.views import LATE, VIEWS
from ui.speech import SILENT, Phrase, Speech
from ui.viewmodels.loan_lines import MOST_REASONS, loan_shown, ready_hold_shown, waiting_hold_shown


@pytest.fixture
def speech(chinese: Catalogue, english: Catalogue) -> Speech:
    return Speech(chinese, english)


@pytest.mark.parametrize(("kind", "name"), [(ItemKind.BOOK, "書 2"), (ItemKind.HOT_TITLE, "熱門書 2"), (ItemKind.AUDIO_VISUAL, "影音 2")])
def test_a_hidden_title_is_a_kind_and_a_number(speech: Speech, kind: ItemKind, name: str) -> None:
    assert loan_shown(a_loan(2, "", kind=kind), speech).title == name


def test_an_overdue_loan_says_when_it_was_due(speech: Speech) -> None:
    shown = loan_shown(a_loan(1, due=LATE, overdue=True), speech)

    assert shown.due == Phrase("本來 11月20日（五）要還", "Was due Fri\u00a020\u00a0Nov")


def test_a_renewed_loan_says_its_new_date_and_what_is_left(speech: Speech) -> None:
    shown = loan_shown(a_loan(1, due=DUE, renewal=RenewalState.RENEWED, left=1), speech)

    assert (shown.status.main, shown.due.main, shown.spare.main) == ("續借好了", "最晚 12月24日（四）還", "還可以續借 1 次")
    assert not shown.for_qml()["can_renew"]


@pytest.mark.parametrize("state", [RenewalState.NOT_POSSIBLE, RenewalState.REFUSED])
def test_what_cannot_be_renewed_says_why_in_plain_words(speech: Speech, state: RenewalState) -> None:
    shown = loan_shown(a_loan(1, renewal=state, reasons=(Reason.HELD_FOR_ANOTHER, Reason.RENEWALS_USED_UP)), speech)

    assert [reason.main for reason in shown.reasons] == ["有人在等這本書", "續借的次數用完了"]
    assert shown.instruction.main == "請在還書日前還，讓下一位看。"
    assert shown.spare == SILENT


def test_of_very_many_reasons_two_are_said(speech: Speech) -> None:
    assert len(loan_shown(a_loan(1, renewal=RenewalState.REFUSED, reasons=tuple(Reason)), speech).reasons) == MOST_REASONS


@pytest.mark.parametrize("left", [None, 0])
def test_no_renewals_left_is_not_counted_out(speech: Speech, left: int | None) -> None:
    assert loan_shown(a_loan(1, left=left), speech).spare == SILENT


def test_a_hold_that_is_ready_says_where_until_when_and_on_which_shelf(speech: Speech) -> None:
    here = ready_hold_shown(1, a_hold(shelf="A-07", until=date(2026, 11, 30)), speech)
    elsewhere = ready_hold_shown(2, a_hold(pickup="天母", here=False), speech)

    assert (here.where.main, here.when.main, here.shelf.main) == ("在這裡拿", "最晚 11月30日（一）拿", "取書架 A-07")
    assert (elsewhere.where, elsewhere.when, elsewhere.shelf) == (Phrase("到天母分館拿", "Collect at 天母\u00a0Branch"), SILENT, SILENT)


@pytest.mark.parametrize(("queue", "place"), [(3, "排第 3 個"), (0, "排隊中")])
def test_a_hold_that_waits_says_its_place_in_the_queue(speech: Speech, queue: int, place: str) -> None:
    assert waiting_hold_shown(1, a_hold(queue=queue), speech).when.main == place


@pytest.mark.parametrize(("state", "said"), [(HoldState.SET_ASIDE, "有一本還回來了，準備中"), (HoldState.IN_TRANSIT, "書在路上")])
def test_rule_holds_a_copy_that_is_coming_is_said_in_place_of_the_queue(speech: Speech, state: HoldState, said: str) -> None:
    assert waiting_hold_shown(1, a_hold(state=state), speech).when.main == said


def test_hidden_titles_are_nowhere_on_the_screen(portrait: Bench) -> None:
    portrait.show(VIEWS["loans-untitled"])

    assert {"書 1", "熱門書 2", "影音 3", "輸入密碼看書名"} <= set(said(portrait))


def test_after_the_pin_nobody_is_asked_for_it_again(portrait: Bench) -> None:
    portrait.show(VIEWS["loans"])

    assert "輸入密碼看書名" not in said(portrait)


def test_ready_and_waiting_holds_stand_apart(portrait: Bench) -> None:
    portrait.show(VIEWS["loans-holds-only"])

    assert [entry.property("ready") for entry in portrait.of_type("HoldEntry")] == [True, True, False, False]


def test_with_nothing_to_renew_no_button_offers_it(portrait: Bench) -> None:
    portrait.show(VIEWS["loans-renewed"])

    assert portrait.of_type("MainButton") == []


def test_a_long_list_is_turned_by_the_page_to_its_end_and_back(portrait: Bench) -> None:
    portrait.show(VIEWS["loans-long"])
    (book,) = portrait.of_type("PagedBook")
    (keys,) = portrait.of_type("PageKeys")
    (view,) = (item for item in portrait.items() if item.property("contentY") is not None and item.parentItem().parentItem() == book)

    for _ in range(30):
        touch(portrait, "往下看")
    assert view.property("contentY") == pytest.approx(keys.property("most"))
    assert choices(portrait) == []
    for _ in range(30):
        touch(portrait, "往上看")

    assert view.property("contentY") == 0


def test_a_renew_button_that_gets_the_focus_is_brought_into_sight(portrait: Bench) -> None:
    portrait.show(VIEWS["loans-long"])
    last = portrait.of_type("LoanEntry")[-1]
    (button,) = (item for item in portrait.of_type("BookButton") if _inside(item, last))

    button.forceActiveFocus()
    portrait.settle()
    touch(portrait, str(button.property("spoken")), 24)

    assert choices(portrait) == [RenewChosen(a_loan_id(25))]


def test_a_renewal_keeps_the_list_where_it_is(portrait: Bench) -> None:
    loans = tuple(a_loan(number) for number in range(1, 26))
    portrait.show(a_view(Loans(an_account(), loans, can_renew=25)))
    touch(portrait, "往下看")
    (view,) = (item for item in portrait.items() if isinstance(item.property("contentY"), float) and item.property("contentY") > 0)
    before = view.property("contentY")

    portrait.show(a_view(Loans(an_account(), (*loans[:5], a_loan(6, renewal=RenewalState.RENEWED), *loans[6:]), can_renew=24)))

    assert view.property("contentY") == before


def _inside(item: object, outer: object) -> bool:
    while item is not None and item != outer:
        item = item.parentItem()  # type: ignore[attr-defined] # an item of Qt Quick
    return item is outer or item == outer
