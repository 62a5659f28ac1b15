"""The slip of a visit: newest first, short, and nothing borrowed ever falls off."""

from dataclasses import replace
from uuid import UUID

from circulation.cards import CardUid
from circulation.checkins import Destination
from circulation.ids import LoanId
from circulation.loans import Loan
from kiosk.loan_lines import loan_line
from kiosk.returned import MOST_NOT_TAKEN, next_number, taken, with_return
from kiosk.view import Line, LineState, LoanLine, RenewalState, ReturnLine
from kiosk.visit import MOST_LINES, Visit
from tests.builders import TODAY, a_loan, a_patron, rules

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
    visit = Visit(VISIT.opener, b"", "c", VISIT.patron, (loan,)).with_line(borrowed(1, loan.id))
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


def back(number: int, barcode: str, *, was_taken: bool = True) -> ReturnLine:
    return ReturnLine(number, "小王子", barcode, Destination.SHELF, taken=was_taken)


def test_what_came_back_is_on_top_and_stands_once() -> None:
    lines = with_return(with_return(with_return((), back(1, "B1")), back(2, "B2")), back(3, "B1"))
    assert [line.number for line in lines] == [3, 2]
    assert (next_number(()), next_number(lines)) == (1, 4)
    assert taken(lines, "B1") == back(3, "B1")
    assert taken(lines, "B9") is None


def test_what_was_not_taken_may_be_tried_again_and_pushes_out_no_return() -> None:
    lines = with_return((), back(1, "B1"))
    for number in range(2, MOST_NOT_TAKEN + 50):
        lines = with_return(lines, back(number, f"X{number}", was_taken=False))
    assert len(lines) == MOST_NOT_TAKEN + 1
    assert (lines[-1].barcode, lines[-2].barcode) == ("B1", "X50")
    assert taken(lines, "X60") is None


def renewed(loan: Loan, state: RenewalState = RenewalState.RENEWED) -> LoanLine:
    return loan_line(loan, rules(), state, today=TODAY)


def test_a_loan_that_is_over_is_neither_borrowed_nor_renewed_any_more() -> None:
    gone, kept = a_loan(), a_loan()
    visit = Visit(VISIT.opener, b"", "c", VISIT.patron, (gone, kept)).with_line(borrowed(1, gone.id)).with_renewal(gone, renewed(gone))
    after = visit.with_return(back(1, "B1"), (gone,))
    assert (after.loans, after.borrowed, after.renewals) == ((kept,), (), ())
    assert [line.barcode for line in after.returned] == ["B1"]


def test_renewals_name_no_title_before_the_titles_are_shown() -> None:
    loan = a_loan(title="秘密")
    visit = Visit(VISIT.opener, b"", "c", VISIT.patron, (loan,)).with_renewal(loan, renewed(loan))
    assert [line.title for line in visit.renewed] == [""]
    assert [line.title for line in replace(visit, titles_shown=True).renewed] == ["秘密"]


def test_a_renewal_that_was_refused_is_no_renewal_and_may_be_tried_again() -> None:
    loan = a_loan()
    visit = Visit(VISIT.opener, b"", "c", VISIT.patron, (loan,)).with_renewal(loan, renewed(loan, RenewalState.REFUSED))
    assert (visit.renewed, visit.is_renewed(loan.id)) == ((), False)
    again = visit.with_renewal(loan, renewed(loan))
    assert (len(again.renewals), again.is_renewed(loan.id)) == (1, True)
