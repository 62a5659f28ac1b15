"""A slip on paper, read again as a stranger would: what stands on it, what never does, and that it fits."""

import string
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from circulation.checkins import Destination
from kiosk.refusal import Refusal
from kiosk.view_modes import CardChecked
from tests.ui.paper_world import CHINESE_FIRST, ENGLISH_FIRST, a_visit, document, lent, renewed, returned, slip_paper
from tests.ui.pdf_text import read_pdf
from ui.card_codes import advice_for, bad_card
from ui.gallery.examples import BIDI, LONG, MARKUP, RARE, a_place
from ui.paper.sheet import DOTS_PER_INCH, SHEETS, PaperWidth, draw, set_on_pages
from ui.paper.slips import loan_slip, routing_slip
from ui.speech import Speech

POINT = 25.4 / 72
"""Pages are whole points long."""
every_width = pytest.mark.parametrize("width", list(PaperWidth))
FULL = a_visit(
    lent(3),
    renewed=(renewed(2),),
    returned=(returned(1, days_late=3), returned(2, "", destination=Destination.STAFF)),
)


@pytest.mark.parametrize(("refusal", "code"), [(Refusal.UNKNOWN, "A1"), (Refusal.LOST, "A2"), (Refusal.UNREADABLE, "B1")])
@pytest.mark.parametrize("width", list(PaperWidth))
def test_the_slip_for_the_school_says_what_is_the_matter_with_a_card_and_leaves_room_for_a_pen(
    tmp_path: Path, refusal: Refusal, code: str, width: PaperWidth
) -> None:
    card = bad_card(CardChecked(refusal, 112, "3f2a9c1b"))
    assert card is not None
    (page,) = read_pdf(document(slip_paper(tmp_path, width).check(card, a_place(), CHINESE_FIRST))).pages

    assert page.lines[:8] == (
        "稻香分館",
        "稻香\u00a0Branch",
        "查卡單",
        "Card check slip",
        "2026年11月24日（二）14:32",
        "代碼",
        "Code",
        code,
    )
    assert page.lines[-2:] == ("查詢號 3f2a9c1b", "Reference 3f2a9c1b")
    said = "".join(page.lines)
    for catalogue in (CHINESE_FIRST.main, CHINESE_FIRST.second):
        for key in ("check.slip.of", f"check.slip.{refusal.value}", "check.slip.fill"):
            assert catalogue.say(key).replace(" ", "") in said.replace(" ", "")


def test_a_card_that_gave_no_answer_has_nothing_to_be_found_by(tmp_path: Path) -> None:
    card = bad_card(CardChecked(Refusal.UNREADABLE, 112))
    assert card is not None
    (page,) = read_pdf(document(slip_paper(tmp_path).check(card, a_place(), CHINESE_FIRST))).pages

    assert not any("查詢號" in line for line in page.lines)


@pytest.mark.parametrize("refusal", [None, *(one for one in Refusal if one not in {Refusal.UNKNOWN, Refusal.LOST, Refusal.UNREADABLE})])
def test_where_no_school_can_help_there_is_no_slip_for_it(refusal: Refusal | None) -> None:
    assert bad_card(CardChecked(refusal, 112)) is None
    assert refusal is None or advice_for(refusal) == ("check.do.phone" if refusal is Refusal.PHONE else "check.do.code")


def test_a_slip_says_what_was_borrowed_renewed_and_returned_in_both_languages(tmp_path: Path) -> None:
    pdf = read_pdf(document(slip_paper(tmp_path).loans(FULL, a_place(), CHINESE_FIRST)))

    assert [page.lines for page in pdf.pages] == [
        (
            *("稻香分館", "稻香\u00a0Branch", "借還單", "Library slip", "2026年11月24日（二）14:32"),
            *("借了 1 本", "Borrowed: 1 item", "西遊記（少年版）二", "最晚 12月24日（四）還", "Due Thu\u00a024\u00a0Dec"),
            *("續借 1 本", "Renewed: 1 item", "台灣的青蛙", "最晚 12月24日（四）還", "Due Thu\u00a024\u00a0Dec"),
            *("還了 2 本", "Returned: 2 items", "小王子", "晚了 3 天", "3 days late"),
            *("條碼 30234000517861", "請交給櫃檯", "Please hand it to the desk"),
            *("請在日期以前還，還到哪一間分館都可以", "Please return them by these dates, at any branch"),
        )
    ]


def test_a_visitor_who_chose_english_reads_english_first(tmp_path: Path) -> None:
    [page] = read_pdf(document(slip_paper(tmp_path).loans(a_visit(lent(1)), a_place(), ENGLISH_FIRST))).pages

    assert page.lines[:9] == (
        *("稻香\u00a0Branch", "稻香分館", "Library slip", "借還單", "Tue\u00a024\u00a0Nov 2026, 14:32"),
        *("Borrowed: 1 item", "借了 1 本", "西遊記（少年版）二", "Due Thu\u00a024\u00a0Dec"),
    )


def test_nobody_is_reminded_of_dates_who_only_returned(tmp_path: Path) -> None:
    text = read_pdf(document(slip_paper(tmp_path).loans(a_visit(returned=(returned(),)), a_place(), CHINESE_FIRST))).text

    assert "謝謝，下次再來" in text
    assert "最晚" not in text
    assert "日期以前" not in text


def test_a_renewed_loan_whose_title_is_hidden_stays_without_one(tmp_path: Path) -> None:
    text = read_pdf(document(slip_paper(tmp_path).loans(a_visit(renewed=(renewed(1, ""),)), a_place(), CHINESE_FIRST))).text

    assert "一本書（書名不印）\n最晚 12月24日（四）還" in text


@every_width
def test_a_routing_slip_names_the_branch_in_the_biggest_letters(tmp_path: Path, width: PaperWidth) -> None:
    line = returned(destination=Destination.OTHER_BRANCH, send_to="民生")
    paper = slip_paper(tmp_path, width)

    [page] = read_pdf(document(paper.routing(line, a_place(), CHINESE_FIRST))).pages
    said = [said for block in routing_slip(line, a_place(), CHINESE_FIRST).blocks for said in block.said]

    assert page.lines == (
        *("轉送單", "Routing slip", "2026年11月24日（二）14:32", "送到", "Send to", "民生分館", "民生\u00a0Branch"),
        *("小王子", "條碼 30234000517861", "從這裡送出", "Sent from", "稻香分館", "稻香\u00a0Branch"),
    )
    assert max(said, key=lambda one: one.style.points).text == "民生分館"


def test_a_routing_slip_of_an_unknown_item_has_its_barcode_for_a_name(tmp_path: Path) -> None:
    line = returned(title="", destination=Destination.OTHER_BRANCH, send_to="民生")

    text = read_pdf(document(slip_paper(tmp_path).routing(line, a_place(), CHINESE_FIRST))).text

    assert text.count("條碼 30234000517861") == 1


def test_rule_holds_the_slip_of_a_wanted_item_asks_for_a_scan_and_names_nobody_and_no_branch_to_send_it_to(tmp_path: Path) -> None:
    line = returned(destination=Destination.STAFF)

    [page] = read_pdf(document(slip_paper(tmp_path).hold(line, a_place(), CHINESE_FIRST))).pages

    assert page.lines == (
        *("稻香分館", "稻香\u00a0Branch", "預約單", "Hold slip", "2026年11月24日（二）14:32"),
        *("有人在等，請到櫃檯掃描", "Somebody is waiting: scan it at the desk"),
        *("小王子", "條碼 30234000517861"),
    )


def test_a_file_knows_no_loan_no_patron_and_no_author(tmp_path: Path) -> None:
    """Not on the pages and not behind them: what a PDF keeps of its making is empty but for the time."""
    pdf = read_pdf(document(slip_paper(tmp_path).loans(FULL, a_place(), CHINESE_FIRST)))

    assert b"/Title ()" in pdf.everything
    assert b"/Author ()" in pdf.everything
    for loan in (FULL.lines[0].loan, FULL.renewed[0].loan):
        assert loan is not None
        assert str(loan).encode() not in pdf.everything
        assert loan.hex.encode() not in pdf.everything


def test_the_screens_own_fonts_are_in_the_file(tmp_path: Path) -> None:
    visit = a_visit(lent(1), lent(2, RARE))

    fonts = read_pdf(document(slip_paper(tmp_path).loans(visit, a_place(), CHINESE_FIRST))).fonts

    assert {"ChironGoRoundTC-Medium", "ChironGoRoundTC-Bold"} <= set(fonts)
    assert any(name.startswith("NotoSansCJKtc") for name in fonts)
    assert all(fonts.values())


def test_hostile_titles_stand_there_letter_by_letter(tmp_path: Path) -> None:
    visit = a_visit(lent(2, "<b>書</b>{0}%s&amp;"), lent(1, BIDI))

    lines = read_pdf(document(slip_paper(tmp_path).loans(visit, a_place(), CHINESE_FIRST))).pages[0].lines

    assert "<b>書</b>{0}%s&amp;" in lines
    assert "台灣raey的青蛙" in lines


def test_a_receipt_is_as_long_as_what_stands_on_it(tmp_path: Path) -> None:
    def height(items: int) -> float:
        visit = a_visit(*(lent(number) for number in range(items, 0, -1)))
        [page] = read_pdf(document(slip_paper(tmp_path).loans(visit, a_place(), CHINESE_FIRST))).pages
        assert page.width == pytest.approx(80, abs=0.4)
        return page.height

    one, two, many = height(1), height(2), height(25)

    assert one < two
    assert many - one == pytest.approx(24 * (two - one), abs=24 * POINT)


def test_twenty_five_long_titles_go_on_as_many_a4_pages_as_they_need(tmp_path: Path) -> None:
    visit = a_visit(*(lent(number, f"{number}：{LONG}") for number in range(25, 0, -1)))

    pages = read_pdf(document(slip_paper(tmp_path, PaperWidth.A4).loans(visit, a_place(), CHINESE_FIRST))).pages

    assert len(pages) > 1
    assert {(round(page.width), round(page.height)) for page in pages} == {(210, 297)}
    starts = [line.split("：")[0] for page in pages for line in page.lines if "：" in line]
    assert starts == [str(number) for number in range(25, 0, -1)]


def test_hundreds_of_items_make_no_page_that_a_reader_refuses() -> None:
    slip = loan_slip(a_visit(*(lent(number) for number in range(400, 0, -1))), a_place(), CHINESE_FIRST)

    pages = set_on_pages(slip, SHEETS[PaperWidth.RECEIPT])

    assert len(pages) > 1
    assert max(page.height for page in pages) < 5000


letters = st.text(st.characters(exclude_categories=()), max_size=400) | st.text(string.printable, max_size=400)


@every_width
@pytest.mark.parametrize("speech", [CHINESE_FIRST, ENGLISH_FIRST])
@given(title=letters, branch=letters)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_a_title_or_a_branch_is_called_nothing_leaves_the_column(
    width: PaperWidth, speech: Speech, title: str, branch: str
) -> None:
    sheet, dots = SHEETS[width], DOTS_PER_INCH / 25.4
    visit = a_visit(lent(1, title), renewed=(renewed(2, title),), returned=(returned(1, title),))
    line = returned(1, title, destination=Destination.OTHER_BRANCH, send_to=branch)

    for slip in (loan_slip(visit, a_place(branch), speech), routing_slip(line, a_place(branch), speech)):
        for page in set_on_pages(slip, sheet):
            for placed in page.placed:
                box = placed.layout.boundingRect() if placed.layout else QRectF()
                assert box.width() <= sheet.column * dots + 1
                assert (placed.y + box.height()) / dots <= page.height - sheet.margin + 0.01


@every_width
def test_nothing_is_drawn_outside_the_margins(width: PaperWidth) -> None:
    sheet, per_mm = SHEETS[width], 5
    visit = a_visit(lent(3, MARKUP), lent(2, LONG), lent(1, "W" * 90))

    for page in set_on_pages(loan_slip(visit, a_place(LONG), CHINESE_FIRST), sheet):
        image = QImage(round(page.width * per_mm), round(page.height * per_mm), QImage.Format.Format_Grayscale8)
        image.fill(QColor("white"))
        painter = QPainter(image)
        painter.scale(per_mm * 25.4 / DOTS_PER_INCH, per_mm * 25.4 / DOTS_PER_INCH)
        draw(page, sheet, painter)
        painter.end()
        dark = [(x, y) for x in range(image.width()) for y in range(image.height()) if image.pixelColor(x, y).red() < 128]
        assert min(x for x, _ in dark) >= (sheet.margin - 0.5) * per_mm
        assert max(x for x, _ in dark) <= (sheet.margin + sheet.column + 0.5) * per_mm
        assert min(y for _, y in dark) >= (sheet.margin - 0.5) * per_mm
        assert max(y for _, y in dark) <= (page.height - sheet.margin + 0.5) * per_mm
