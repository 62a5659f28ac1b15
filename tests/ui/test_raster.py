"""A slip as dots: the same lines as on the PDF, as wide as the roll, black on white, with a code that says nothing of a person."""

import pytest
from PySide6.QtGui import QGuiApplication
from qrcode.main import QRCode

from tests.ui.paper_world import CHINESE_FIRST, ENGLISH_FIRST, a_visit, lent, renewed, returned
from ui.fonts import load_fonts
from ui.gallery.examples import BIDI, LONG, MARKUP, RARE, a_place
from ui.paper.codes import Code, code_of
from ui.paper.raster import Roll, raster_of
from ui.paper.slips import loan_slip, routing_slip
from ui.speech import Speech

pytestmark = pytest.mark.usefixtures("fonts")
every_roll = pytest.mark.parametrize("roll", list(Roll))
both = pytest.mark.parametrize("speech", [CHINESE_FIRST, ENGLISH_FIRST], ids=["zh", "en"])


@pytest.fixture
def fonts(qapp: QGuiApplication) -> None:
    load_fonts()


def ink(rows: bytes) -> int:
    return sum(byte.bit_count() for byte in rows)


@every_roll
@both
def test_a_slip_is_as_wide_as_the_roll_and_neither_blank_nor_black(roll: Roll, speech: Speech) -> None:
    slip = raster_of(loan_slip(a_visit(lent(1), renewed=(renewed(2),), returned=(returned(),)), a_place(), speech, "tpml.gov.taipei"), roll)
    assert slip.width == {Roll.MM80: 576, Roll.MM58: 384}[roll]
    assert 0.02 < ink(slip.rows) / (slip.width * slip.height) < 0.3


@every_roll
@pytest.mark.parametrize("title", [LONG, MARKUP, RARE, BIDI, ""])
def test_titles_from_outside_stay_letters_inside_the_edges(roll: Roll, title: str) -> None:
    slip = raster_of(loan_slip(a_visit(lent(1, title)), a_place(), CHINESE_FIRST), roll)
    across = slip.width // 8
    edge = [slip.rows[row * across] | slip.rows[row * across + across - 1] << 8 for row in range(slip.height)]
    assert not any(left_right & 0x80 or left_right & 0x100 for left_right in edge)


@pytest.mark.parametrize("roll", list(Roll))
def test_the_longest_visit_becomes_one_slip(roll: Roll) -> None:
    slip = raster_of(loan_slip(a_visit(*(lent(number) for number in range(1, 101))), a_place(), CHINESE_FIRST), roll)
    assert slip.height > 100 * 100


def test_the_code_on_a_patrons_slip_is_the_librarys_address_alone() -> None:
    for website, told in (("tpml.gov.taipei", "https://tpml.gov.taipei"), ("https://x.tw/a", "https://x.tw/a")):
        assert [block.code for block in loan_slip(a_visit(lent(1)), a_place(), CHINESE_FIRST, website).blocks if block.code] == [told]
    assert not any(block.code for block in loan_slip(a_visit(lent(1)), a_place(), CHINESE_FIRST).blocks)


def test_the_code_on_an_items_slip_is_its_barcode() -> None:
    line = returned(send_to="民生")
    assert [block.code for block in routing_slip(line, a_place(), CHINESE_FIRST).blocks if block.code] == [line.barcode]


@every_roll
def test_the_code_stands_on_the_slip_module_by_module(roll: Roll) -> None:
    with_code = raster_of(loan_slip(a_visit(lent(1)), a_place(), CHINESE_FIRST, "tpml.gov.taipei"), roll)
    code = code_of("https://tpml.gov.taipei")
    assert code is not None
    side, left, across = 5, 8, with_code.width // 8
    top = next(
        row
        for row in range(with_code.height - len(code) * side - 8, with_code.height)
        if ink(with_code.rows[row * across : (row + 1) * across]) > 60
    )

    def dark(row: int, column: int) -> bool:
        x, y = left + column * side + side // 2, top + row * side + side // 2
        return bool(with_code.rows[y * across + x // 8] & 0x80 >> x % 8)

    drawn: Code = tuple(tuple(dark(row, column) for column in range(len(code))) for row in range(len(code)))
    assert drawn == code


def test_a_code_says_what_it_was_made_of() -> None:
    other = QRCode(error_correction=0, border=0)  # medium, by the number of the standard
    other.add_data("30234000517861")
    assert code_of("30234000517861") == tuple(tuple(row) for row in other.get_matrix())


def test_what_no_code_can_hold_is_left_out() -> None:
    assert code_of("x" * 5000) is None
