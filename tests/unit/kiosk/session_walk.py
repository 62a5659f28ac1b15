"""A random walk of the session machine, with a core that answers at once."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from circulation.cards import CardKind, CardState, CardUid
from circulation.checkins import Destination
from circulation.ids import LoanId, PatronId
from circulation.items import ItemKind
from circulation.mobile_codes import MobileCode
from circulation.wire import PinVerdict
from drivers.ports import CardPresented, CardUnreadable
from kiosk.answers import Answer, Asked, CardsFound, CardTurnedAway, DropChanged, LossWritten, PatronIdentified, VisitChanged
from kiosk.events import (
    BackChosen,
    BorrowChosen,
    Event,
    FinishChosen,
    LoansChosen,
    LossByIdEntered,
    LossByIdTaken,
    LossChosen,
    LossConfirmed,
    LostCardChosen,
    PinAnswered,
    PinEntered,
    PutBackChosen,
    QuestionFailed,
    RenewAllChosen,
    RenewChosen,
    ReturnChosen,
    StillHereChosen,
    Tick,
    TitlesChosen,
    Touched,
)
from kiosk.known import OwnCard
from kiosk.opener import BarcodeCard, MobileCard, Opener
from kiosk.returned import Drop, next_number, with_return
from kiosk.scans import CardScanned, ItemScanned, Scan, ScanFault, ScanRefused
from kiosk.session import advance
from kiosk.settings import KioskSettings
from kiosk.states import (
    Borrowing,
    Dropping,
    Goodbye,
    Identifying,
    Idle,
    Lend,
    Loans,
    LossForm,
    PinPad,
    PutBack,
    Refused,
    Renew,
    ReportLoss,
    Returning,
    State,
    StillHere,
    TakeBack,
)
from kiosk.view import Line, LineState, LoanLine, Refusal, RenewalState, ReturnLine
from kiosk.visit import Visit
from tests.builders import a_hold, a_loan, a_patron

SETTINGS = KioskSettings()
PHONE = PatronId(UUID(int=3))
"""The third patron has no card, but a mobile card."""
LIBRARY_CARD = BarcodeCard(CardUid(bytes([4, 0, 0, 2])))
UIDS: list[Opener] = [CardUid(bytes([4, 0, 0, 0])), CardUid(bytes([4, 0, 0, 1])), MobileCard(PHONE, ""), LIBRARY_CARD]
PATRONS = {uid: a_patron(id=UUID(int=n + 1), masked_name=f"Patron {n}") for n, uid in enumerate(UIDS)}
LOANS = {uid: a_loan(id=UUID(int=1000 + n), patron=PATRONS[uid].id, title=f"loan of Patron {n}") for n, uid in enumerate(UIDS)}
HOLDS = {uid: a_hold(patron=PATRONS[uid].id, title=f"hold of Patron {n}") for n, uid in enumerate(UIDS)}
TICKETS = [UUID(int=2000 + n) for n in range(3)]
CARDS = (OwnCard(b"i" * 16, CardKind.IPASS, CardState.ACTIVE), OwnCard(b"c" * 16, CardKind.CHIP, CardState.LOST))


def a_visit(uid: Opener, correlation: str) -> Visit:
    return Visit(uid, uid.octets if isinstance(uid, CardUid) else None, correlation, PATRONS[uid], (LOANS[uid],), holds=(HOLDS[uid],))


def borrowed(visit: Visit, barcode: str) -> Visit:
    number = visit.scanned + 1
    return visit.with_line(Line(number, LineState.BORROWED, f"of {visit.patron.masked_name}", barcode, loan=LoanId(UUID(int=number))))


def renewed(visit: Visit) -> Visit:
    for loan in visit.loans:
        if not visit.is_renewed(loan.id):
            visit = visit.with_renewal(
                loan, LoanLine(1, loan.id, loan.title, ItemKind.BOOK, loan.due, overdue=False, renewal=RenewalState.RENEWED)
            )
    return visit


FINGER: list[Event | Scan] = [
    Touched(),
    BorrowChosen(),
    ReturnChosen(),
    LoansChosen(),
    RenewAllChosen(),
    TitlesChosen(),
    LossChosen(),
    LossConfirmed(),
    BackChosen(),
    FinishChosen(),
    StillHereChosen(),
    Tick(),
    PutBackChosen(LoanId(UUID(int=1))),
    PinEntered("2468"),
    LossByIdEntered("A1", date(2015, 5, 6), CardKind.CHIP),
    *(RenewChosen(loan.id) for loan in LOANS.values()),
    *(LostCardChosen(n) for n in range(4)),
]


TAPS: list[Event | Scan] = [
    *(CardPresented(uid, "r", 0) for uid in UIDS if isinstance(uid, CardUid)),
    CardScanned(MobileCard.shown(MobileCode(1, 0, PHONE, bytes(64)).text)),
    CardScanned(LIBRARY_CARD),
]
HARDWARE: list[Event | Scan] = [
    *TAPS,
    *TAPS,
    *(ItemScanned(f"B{n}") for n in range(4)),
    CardUnreadable("r", 0),
    ScanRefused(ScanFault.UNREADABLE),
]
NOBODY_HERE: list[Event | Scan] = [*HARDWARE, *HARDWARE, ReturnChosen(), LossChosen()]
SOMEBODY_HERE: list[Event | Scan] = [*HARDWARE, *FINGER, *[LoansChosen()] * 5, *[LossChosen()] * 3, *[ReturnChosen()] * 3]


def from_the_registry(ticket: UUID) -> list[Event | Scan]:
    right = PinAnswered(ticket, PinVerdict.RIGHT)
    return [right, right, *(PinAnswered(ticket, verdict) for verdict in PinVerdict), LossByIdTaken(ticket), QuestionFailed(ticket)]


def late(uid: Opener) -> list[Answer]:
    return [
        PatronIdentified(a_visit(uid, "late")),
        VisitChanged(a_visit(uid, "late")),
        CardTurnedAway(uid, Refusal.LOST),
        CardsFound("late", CARDS),
        LossWritten("late", CardKind.IPASS, 1),
    ]


def everything() -> list[Event | Scan | Answer]:
    answers = [answer for ticket in TICKETS for answer in from_the_registry(ticket)]
    return [*FINGER, *FINGER, *HARDWARE, *HARDWARE, *answers, *(answer for uid in UIDS for answer in late(uid))]


def sensible(state: State) -> Sequence[Event | Scan | Answer]:
    match state:
        case Loans():
            return [TitlesChosen(), TitlesChosen(), RenewAllChosen(), FinishChosen(), *(RenewChosen(loan.id) for loan in LOANS.values())]
        case PinPad(ticket=UUID() as ticket) | LossForm(ticket=UUID() as ticket):
            return from_the_registry(ticket)
        case PinPad():
            return [PinEntered("2468")]
        case LossForm():
            return [LossByIdEntered("A1", date(2015, 5, 6), CardKind.CHIP)]
        case ReportLoss(chosen=OwnCard()):
            return [LossConfirmed()]
        case ReportLoss():
            return [LostCardChosen(1)]
        case StillHere():
            return [StillHereChosen()]
        case Idle() | Goodbye() | Refused():
            return NOBODY_HERE
        case _:
            return SOMEBODY_HERE


def steps(seed: int, walk: Walk) -> Iterator[tuple[Event | Scan | Answer, float]]:
    """What happens next, and how many seconds after the last: most makes sense on the screen of the moment, every fourth is anything at all."""
    chance = random.Random(seed)
    for _ in range(80):
        anything = chance.random() < 0.25
        event = chance.choice(ANYTHING if anything else sensible(walk.state))
        yield event, chance.choices([0.1, 3.0, 9.0, 21.0, 40.0], weights=[80, 10, 5, 3, 2])[0]


ANYTHING = everything()


@dataclass
class Walk:
    """The session machine with a core that answers at once."""

    state: State = field(default_factory=Idle)
    now: float = 0.0
    answers: int = 0

    def until_now(self) -> State:
        return advance(self.state, Tick(), now=self.now, settings=SETTINGS)

    def take(self, event: Event | Scan | Answer) -> State:
        self.state = advance(self.state, event, now=self.now, settings=SETTINGS)
        while (answer := self._answer()) is not None:
            self.answers += 1
            self.state = advance(self.state, answer, now=self.now, settings=SETTINGS)
        return self.state

    def _answer(self) -> Answer | None:
        """What the core says when a state asks for something."""
        match self.state:
            case Identifying(uid):
                return PatronIdentified(a_visit(uid, f"v{self.answers}"))
            case Borrowing(visit, todo=(Lend(barcode), *_)):
                return VisitChanged(borrowed(visit, barcode), done=True)
            case Borrowing(visit, todo=(PutBack(loan), *_)):
                return VisitChanged(visit.with_put_back(loan), done=True)
            case Returning(visit, todo=(TakeBack(barcode), *_)):
                line = back(next_number(visit.returned), visit.patron.masked_name, barcode)
                return VisitChanged(visit.with_return(line, ()), done=True)
            case Loans(visit, todo=(Renew(), *_)):
                return VisitChanged(renewed(visit), done=True)
            case Dropping(drop=drop, todo=(TakeBack(barcode), *_)):
                return DropChanged(Drop("d", with_return(drop.lines, back(next_number(drop.lines), "nobody", barcode))))
            case PinPad(pin=str()) | LossForm(form=LossByIdEntered()):
                return Asked(TICKETS[self.answers % len(TICKETS)])
            case ReportLoss(visit, cards=None):
                return CardsFound(visit.correlation, CARDS)
            case ReportLoss(visit, chosen=OwnCard(kind=kind), confirmed=True):
                return LossWritten(visit.correlation, kind, 1)
            case _:
                return None


def back(number: int, whose: str, barcode: str) -> ReturnLine:
    return ReturnLine(number, f"of {whose}", barcode, Destination.SHELF)
