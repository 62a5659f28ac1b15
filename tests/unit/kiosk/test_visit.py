"""The slip of a visit: newest first, short, and nothing borrowed ever falls off."""

from uuid import UUID

from circulation.cards import CardUid
from circulation.ids import LoanId
from kiosk.view import Line, LineState
from kiosk.visit import MOST_LINES, Visit
from tests.builders import a_loan, a_patron

VISIT = Visit(CardUid.from_hex("04A32B1C"), b"", "c", a_patron())


def borrowed(number: int, loan: LoanId | None = None) -> Line:
    return Line(number, LineState.BORROWED, "小王子", f"B{number}", loan=loan or LoanId(UUID(int=number)))


def refused(number: int, barcode: str = "X") -> Line:
    return Line(number, LineState.REFUSED, "", barcode)


def test_the_newest_line_is_on_top() -> None:
    visit = VISIT.with_line(borrowed(1)).with_line(refused(2))
    assert [line.number for line in visit.lines] == [2, 1]
    assert visit.scanned == 2


def test_a_code_refused_again_stands_once() -> None:
    visit = VISIT.with_line(refused(1)).with_line(refused(2, "Y")).with_line(refused(3))
    assert [line.number for line in visit.lines] == [3, 2]


def test_a_thousand_wrong_codes_push_out_no_loan() -> None:
    visit = VISIT.with_line(borrowed(1))
    for number in range(2, 1000):
        visit = visit.with_line(refused(number, f"X{number}"))
    assert len(visit.lines) == MOST_LINES
    assert visit.lines[0].number == 999
    assert [line.number for line in visit.borrowed] == [1]


def test_more_loans_than_lines_are_all_kept() -> None:
    visit = VISIT
    for number in range(1, MOST_LINES + 11):
        visit = visit.with_line(borrowed(number))
    assert len(visit.borrowed) == MOST_LINES + 10


def test_an_item_put_back_stays_on_the_slip_as_such_and_is_no_loan_any_more() -> None:
    loan = a_loan()
    visit = Visit(VISIT.uid, b"", "c", VISIT.patron, (loan,)).with_line(borrowed(1, loan.id))
    assert visit.line_of(loan.id) is not None
    after = visit.with_put_back(loan.id)
    assert [line.state for line in after.lines] == [LineState.PUT_BACK]
    assert (after.loans, after.borrowed, after.line_of(loan.id)) == ((), (), None)


def test_a_refusal_after_very_many_loans_is_still_shown_on_top() -> None:
    visit = VISIT
    for number in range(1, MOST_LINES + 1):
        visit = visit.with_line(borrowed(number))
    visit = visit.with_line(refused(MOST_LINES + 1))
    assert visit.lines[0].state is LineState.REFUSED
    assert len(visit.borrowed) == MOST_LINES
