"""A loss report without a card: what may be typed, what is refused at once, and that nothing of it stays."""

from collections.abc import Iterator
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circulation.cards import CardKind
from circulation.national_ids import NationalIdFault, with_check_digit
from kiosk.events import BackChosen, LossByIdEntered
from kiosk.view import ReportLossById
from tests.ui.bench import Bench
from tests.ui.fingers import choices, said, touch
from ui.gallery.examples import a_view
from ui.gallery.glass import TELEPHONE, WEBSITE
from ui.gallery.views import VIEWS
from ui.viewmodels.typed_id import HIDDEN, DateFault, Era, TypedDate, TypedId

CITIZEN = with_check_digit("A12345678")
RESIDENT = with_check_digit("F83102467")
RESIDENT_OLD = with_check_digit("BC1234567")
BORN = "1040305"
TODAY = date(2026, 11, 24)


def typed(text: str) -> TypedId:
    entry = TypedId()
    for key in text:
        entry = entry.press(key)
    return entry


def typed_date(text: str, era: Era = Era.ROC) -> TypedDate:
    entry = TypedDate(era)
    for key in text:
        entry = entry.press(key)
    return entry


def fill_in(bench: Bench, number: str = CITIZEN, born: str = BORN) -> None:
    for key in number:
        touch(bench, key)
    touch(bench, "下一步")
    for key in born:
        touch(bench, key)
    touch(bench, "下一步")


def strings_in(thing: object) -> Iterator[str]:
    if isinstance(thing, str):
        yield thing
    elif hasattr(thing, "__dataclass_fields__"):
        for name in thing.__dataclass_fields__:
            yield from strings_in(getattr(thing, name))


def kept(bench: Bench) -> str:
    """Everything the form's view model holds in Python and shows to QML."""
    form = bench.kiosk._pages.loss_form
    meta = form.metaObject()
    shown = [str(getattr(form, str(meta.property(number).name()))) for number in range(meta.propertyCount())]
    return " ".join([*shown, *(text for value in vars(form).values() for text in strings_in(value))])


def test_a_whole_report_is_typed_by_touch_and_sent_once(portrait: Bench) -> None:
    portrait.show(VIEWS["loss-by-id"])

    fill_in(portrait)
    touch(portrait, "學生證（悠遊卡）")
    touch(portrait, "送出掛失")
    touch(portrait, "送出掛失")

    assert choices(portrait) == [LossByIdEntered(CITIZEN, date(2015, 3, 5), CardKind.EASYCARD)]


def test_what_was_sent_is_wiped_at_once(portrait: Bench) -> None:
    portrait.show(VIEWS["loss-by-id"])

    fill_in(portrait)
    assert CITIZEN in kept(portrait)
    touch(portrait, "條碼借閱證")
    touch(portrait, "送出掛失")

    assert CITIZEN not in kept(portrait)
    assert BORN not in kept(portrait)


@pytest.mark.parametrize("after", ["still-here", "attract", "home", "loss-by-id-done"])
def test_what_was_typed_does_not_outlive_the_page(portrait: Bench, after: str) -> None:
    portrait.show(VIEWS["loss-by-id"])
    fill_in(portrait)

    portrait.show(VIEWS[after])
    assert CITIZEN not in kept(portrait)
    portrait.show(VIEWS["loss-by-id"])

    assert portrait.kiosk._pages.loss_form.property("step") == 0
    assert portrait.kiosk._pages.loss_form.property("cells") == [""] * 10


def test_the_glass_shows_the_last_three_characters_only(portrait: Bench) -> None:
    portrait.show(VIEWS["loss-by-id"])
    for key in CITIZEN:
        touch(portrait, key)

    assert portrait.kiosk._pages.loss_form.property("cells") == [HIDDEN] * 7 + list(CITIZEN[-3:])
    letters_and_keys = [text for text in said(portrait) if text in CITIZEN[:1]]
    assert letters_and_keys == []


def test_a_wrong_character_is_said_before_the_next_question(portrait: Bench) -> None:
    wrong = CITIZEN[:-1] + str((int(CITIZEN[-1]) + 1) % 10)
    portrait.show(VIEWS["loss-by-id"])
    for key in wrong:
        touch(portrait, key)

    touch(portrait, "下一步")

    assert portrait.kiosk._pages.loss_form.property("step") == 0
    assert "有一個字打錯了" in said(portrait)
    touch(portrait, "刪除")
    assert "有一個字打錯了" not in said(portrait)


@pytest.mark.parametrize(("born", "problem"), [("1040230", "沒有這一天"), ("1161231", "這一天還沒到")])
def test_a_birth_date_that_cannot_be_is_said(portrait: Bench, born: str, problem: str) -> None:
    portrait.show(VIEWS["loss-by-id"])

    fill_in(portrait, born=born)

    assert problem in said(portrait)
    assert portrait.kiosk._pages.loss_form.property("step") == 1


def test_chinese_counts_years_of_the_republic_first_and_english_western_ones(portrait: Bench) -> None:
    portrait.show(VIEWS["loss-by-id"])
    assert portrait.kiosk._pages.loss_form.property("era") == "roc"
    portrait.show(VIEWS["attract"])
    portrait.look("en")

    portrait.show(VIEWS["loss-by-id"])

    assert portrait.kiosk._pages.loss_form.property("era") == "western"


def test_another_way_of_counting_years_begins_the_date_anew(portrait: Bench) -> None:
    portrait.show(VIEWS["loss-by-id"])
    fill_in(portrait, born="1040")

    touch(portrait, "西元")
    assert portrait.kiosk._pages.loss_form.property("cells") == [""] * 8
    for key in "20150305":
        touch(portrait, key)
    touch(portrait, "下一步")
    touch(portrait, "晶片借閱證")
    touch(portrait, "送出掛失")

    assert choices(portrait) == [LossByIdEntered(CITIZEN, date(2015, 3, 5), CardKind.CHIP)]


def test_back_goes_one_question_back_and_then_away(portrait: Bench) -> None:
    portrait.show(VIEWS["loss-by-id"])
    fill_in(portrait)

    for step in (1, 0):
        touch(portrait, "回上一頁")
        assert portrait.kiosk._pages.loss_form.property("step") == step
    assert choices(portrait) == []
    touch(portrait, "回上一頁")

    assert choices(portrait) == [BackChosen()]


def test_while_it_is_sent_nothing_is_sent_again(portrait: Bench) -> None:
    portrait.show(VIEWS["loss-by-id"])
    fill_in(portrait)
    touch(portrait, "學生證（悠遊卡）")

    portrait.show(a_view(ReportLossById(sending=True)))
    touch(portrait, "送出中")

    assert choices(portrait) == []
    assert "送出中，請等一下" in said(portrait)


def test_offline_the_other_ways_are_said(portrait: Bench) -> None:
    portrait.show(VIEWS["loss-by-id-offline"])

    assert {TELEPHONE, WEBSITE, "任何一個分館都可以"} <= set(said(portrait))
    assert portrait.of_type("KeyCap") == []


@pytest.fixture
def without_a_telephone(portrait: Bench) -> Iterator[Bench]:
    portrait.kiosk.losses_without_card.offer(telephone="", website="")
    yield portrait
    portrait.kiosk.losses_without_card.offer(telephone=TELEPHONE, website=WEBSITE)


def test_offline_a_library_without_telephone_and_website_names_its_desks_only(without_a_telephone: Bench) -> None:
    portrait = without_a_telephone
    portrait.show(VIEWS["loss-by-id-offline"])
    shown = said(portrait)
    assert "任何一個分館都可以" in shown
    assert not {"打電話", "上網"} & set(shown)
    portrait.kiosk.losses_without_card.offer(telephone=TELEPHONE, website="")
    assert TELEPHONE in said(portrait)


@pytest.mark.parametrize("number", [CITIZEN, RESIDENT, RESIDENT_OLD])
def test_every_form_of_number_can_be_typed(number: str) -> None:
    assert typed(number).text == number
    assert typed(number).complete
    assert typed(number).fault is None


@pytest.mark.parametrize(("text", "fault"), [("A323456789", NationalIdFault.FORMAT), ("A12", NationalIdFault.FORMAT)])
def test_what_is_no_number_has_a_fault(text: str, fault: NationalIdFault) -> None:
    assert typed(text).fault is fault


@given(st.text(alphabet="ABCDXYZ0123456789-é", max_size=20))
def test_only_keys_that_may_come_next_are_typed_and_no_more_than_ten(text: str) -> None:
    entry = typed(text)

    assert len(entry.text) <= 10
    assert len(entry.cells) == 10
    assert entry.text[:1].isalpha() or entry.text == ""
    assert all(character in "0123456789" for character in entry.text[2:])
    assert entry.text not in repr(entry) or entry.text == "" or entry.text in "TypedId(<10>)"


@pytest.mark.parametrize(
    ("text", "era", "day"),
    [
        ("1040305", Era.ROC, date(2015, 3, 5)),
        ("0990229", Era.ROC, None),
        ("1010229", Era.ROC, date(2012, 2, 29)),
        ("0010101", Era.ROC, date(1912, 1, 1)),
        ("0000101", Era.ROC, None),
        ("1041301", Era.ROC, None),
        ("1040132", Era.ROC, None),
        ("1040100", Era.ROC, None),
        ("104030", Era.ROC, None),
        ("20150305", Era.WESTERN, date(2015, 3, 5)),
        ("00000101", Era.WESTERN, None),
    ],
)
def test_a_date_is_read_as_its_years_are_counted(text: str, era: Era, day: date | None) -> None:
    assert typed_date(text, era).day == day


@given(st.dates(min_value=date(1912, 1, 1), max_value=date(2400, 12, 31)))
def test_every_day_can_be_typed_in_both_ways(day: date) -> None:
    roc = typed_date(f"{day.year - 1911:03}{day:%m%d}")
    western = typed_date(f"{day.year:04}{day:%m%d}", Era.WESTERN)

    assert roc.day == western.day == day
    assert (roc.fault(today=TODAY) is DateFault.FUTURE) == (day > TODAY)
    assert f"{day:%m%d}" not in repr(roc)
