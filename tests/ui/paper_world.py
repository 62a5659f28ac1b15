"""Visits and returned items that go on paper."""

import itertools
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

from circulation.checkins import Destination
from circulation.items import ItemKind
from kiosk.view import Goodbye, Line, LineState, LoanLine, RenewalState, ReturnLine
from texts.catalogue import open_catalogue
from ui.gallery.examples import DUE, NOW, a_loan_id
from ui.paper.sheet import PaperWidth
from ui.paper.tray import Printed, SlipPaper
from ui.speech import Speech

AT = datetime(2026, 11, 24, 6, 32, 5, tzinfo=UTC)
CHINESE_FIRST = Speech(open_catalogue("zh_TW"), open_catalogue("en"))
ENGLISH_FIRST = Speech(open_catalogue("en"), open_catalogue("zh_TW"))


def lent(number: int, title: str = "西遊記（少年版）二", *, due: date = DUE) -> Line:
    return Line(number, LineState.BORROWED, title, "30234000517861", loan=a_loan_id(number), due=due)


def renewed(number: int, title: str = "台灣的青蛙", *, due: date = DUE) -> LoanLine:
    return LoanLine(number, a_loan_id(number), title, ItemKind.BOOK, due, overdue=False, renewal=RenewalState.RENEWED)


def returned(
    number: int = 1, title: str = "小王子", *, destination: Destination = Destination.SHELF, send_to: str = "", days_late: int = 0
) -> ReturnLine:
    return ReturnLine(number, title, "30234000517861", destination, send_to, days_late=days_late)


def a_visit(*lines: Line, renewed: tuple[LoanLine, ...] = (), returned: tuple[ReturnLine, ...] = ()) -> Goodbye:
    return Goodbye(lines, NOW + 8, returned=returned, renewed=renewed)


def slip_paper(folder: Path, width: PaperWidth = PaperWidth.RECEIPT, *, token: Callable[[], str] | None = None) -> SlipPaper:
    numbers = itertools.count()
    return SlipPaper(folder, width, now=lambda: AT, token=token or (lambda: f"t{next(numbers)}"))


def document(outcome: object) -> bytes:
    assert isinstance(outcome, Printed), outcome
    return outcome.path.read_bytes()
