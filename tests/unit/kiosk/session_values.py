"""States and events of the session machine, each kind at least once."""

from dataclasses import fields, is_dataclass, replace
from datetime import date
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from circulation.cards import CardKind, CardState, CardUid
from circulation.checkins import Destination
from circulation.ids import LoanId
from circulation.mobile_codes import MobileCode
from circulation.range_checks import RangeCheck
from circulation.wire import PinVerdict, PushAnswer
from drivers.ports import BarcodeScanned, CardPresented, CardRemoved, CardUnreadable, DeviceHealth, DeviceState, ScanUnreadable
from kiosk.animals import Animal
from kiosk.answers import (
    AnimalKept,
    Answer,
    Asked,
    CardsFound,
    CardTurnedAway,
    DropChanged,
    LossWritten,
    PatronIdentified,
    ServiceResumed,
    ServiceStopped,
    VisitChanged,
)
from kiosk.events import (
    AnimalChosen,
    AnimalsWanted,
    BackChosen,
    BatchAnswered,
    BatchRefused,
    BorrowChosen,
    ChangesReceived,
    DevicesChosen,
    Event,
    FinishChosen,
    FormSearchChosen,
    LedgerForked,
    LoansChosen,
    LossByIdEntered,
    LossByIdTaken,
    LossChosen,
    LossConfirmed,
    LostCardChosen,
    ModeChosen,
    NumberEntered,
    PinAnswered,
    PinEntered,
    PutBackChosen,
    QuestionFailed,
    RangesChecked,
    RegistryLost,
    RenewAllChosen,
    RenewChosen,
    ReturnChosen,
    RightsTaken,
    SendFrom,
    SnapshotFetched,
    StillHereChosen,
    Tick,
    TitlesChosen,
    Touched,
)
from kiosk.known import OwnCard
from kiosk.modes import Mode
from kiosk.opener import BarcodeCard, MobileCard
from kiosk.refusal import Refusal
from kiosk.returned import Drop
from kiosk.scans import CardScanned, ItemScanned, Scan, ScanFault, ScanRefused
from kiosk.settings import KioskSettings
from kiosk.states import (
    Animals,
    Borrowing,
    Checked,
    Dropping,
    Goodbye,
    Home,
    Identifying,
    Idle,
    Loans,
    LossForm,
    LossReported,
    LossTaken,
    OutOfService,
    PinPad,
    Refused,
    ReportLoss,
    Returning,
    State,
    StillHere,
    Waiting,
)
from kiosk.view import Line, LineState, PinProblem, ReturnLine
from kiosk.visit import Visit
from tests.builders import a_loan, a_patron
from tests.kiosk_world import NOON, a_page

T_ = TypeVar("T_")
SETTINGS = KioskSettings()
NOW = 100.0
MINE = CardUid.from_hex("04A32B1C")
OTHER = CardUid.from_hex("04A32B1D")
LOAN = LoanId(UUID(int=5))
TICKET = UUID(int=70)
BORROWED = Line(1, LineState.BORROWED, "小王子", "B1", loan=LOAN)
BACK = ReturnLine(1, "手斧男孩", "B2", Destination.SHELF)
ME = a_patron()
VISIT = Visit(MINE, b"k" * 16, "c1", ME, (a_loan(id=LOAN, patron=ME.id),), (BORROWED,), 1, returned=(BACK,))
OTHER_VISIT = Visit(OTHER, b"o" * 16, "c2", a_patron(masked_name="林○○"))
CHANGED = replace(VISIT, scanned=2)
PILE = Waiting(("W1",), NOW + 10)
IPASS = OwnCard(b"i" * 16, CardKind.IPASS, CardState.ACTIVE)
LOST = OwnCard(b"l" * 16, CardKind.CHIP, CardState.LOST)
CARDS = (IPASS, LOST)
FORM = LossByIdEntered("A123456789", date(2015, 5, 6), CardKind.EASYCARD)
DROP = Drop("c9", (BACK,))
T = NOW - 5
"""When somebody last touched the screen."""

DROPPING = Dropping(T, DROP)
ASKING = replace(VISIT, open_pins=1)

STATES: dict[str, State] = {
    "idle": Idle(),
    "idle with a pile": Idle(PILE),
    "identifying": Identifying(MINE, PILE),
    "identifying beside returns": Identifying(MINE, dropping=DROPPING),
    "dropping": DROPPING,
    "dropping nothing yet": Dropping(T),
    "loss form": LossForm(T, PILE),
    "loss form to send": LossForm(T, PILE, FORM, kind=CardKind.EASYCARD),
    "loss form sent": LossForm(T, PILE, ticket=TICKET, kind=CardKind.EASYCARD),
    "loss taken": LossTaken(CardKind.EASYCARD, NOW + 3, PILE),
    "home": Home(VISIT, T),
    "borrowing": Borrowing(VISIT, T),
    "returning": Returning(VISIT, T),
    "loans": Loans(VISIT, T),
    "pin pad": PinPad(VISIT, T, problem=PinProblem.WRONG),
    "pin to ask": PinPad(VISIT, T, "1234"),
    "pin asked": PinPad(ASKING, T, ticket=TICKET),
    "report loss": ReportLoss(VISIT, T, CARDS),
    "report loss unknown cards": ReportLoss(VISIT, T),
    "report loss chosen": ReportLoss(VISIT, T, CARDS, IPASS),
    "animals": Animals(VISIT, T),
    "animal to keep": Animals(VISIT, T, Animal.SALMON),
    "loss reported": LossReported(VISIT, CardKind.IPASS, 7, NOW + 3),
    "still here": StillHere(Borrowing(VISIT, NOW - 21), NOW + 9),
    "still here with a pile": StillHere(Home(VISIT, NOW - 21), NOW + 9, PILE),
    "still here returning": StillHere(Returning(VISIT, NOW - 21), NOW + 9, PILE),
    "still here at the pad": StillHere(PinPad(VISIT, NOW - 21), NOW + 9),
    "goodbye": Goodbye((BORROWED,), NOW + 3),
    "goodbye with a pile": Goodbye((BORROWED,), NOW + 3, PILE),
    "refused": Refused(Refusal.UNKNOWN, NOW + 3, PILE),
    "refused beside returns": Refused(Refusal.UNKNOWN, NOW + 3, dropping=DROPPING),
    "checked good": Checked(None, NOW + 3),
    "checked lost": Checked(Refusal.LOST, NOW + 3, "c3"),
    "out of service": OutOfService("no_replica"),
}
MY_PHONE, OTHERS_PHONE = (MobileCode(1, 0, visit.patron.id, bytes(64)).text for visit in (VISIT, OTHER_VISIT))
BARCODE_CARD = BarcodeCard(CardUid.from_hex("21234000517861"))
EVENTS: dict[str, Event | Scan | Answer] = {
    "my card": CardPresented(MINE, "r", 0),
    "other card": CardPresented(OTHER, "r", 0),
    "unreadable": CardUnreadable("r", 0),
    "removed": CardRemoved("r", 0),
    "raw scan": BarcodeScanned("B9", "s", 0),
    "raw scan that is none": ScanUnreadable("s", 0),
    "scan": ItemScanned("B9"),
    "barcode card": CardScanned(BARCODE_CARD),
    "scan of nothing": ScanRefused(ScanFault.UNKNOWN_FORM),
    "health": DeviceHealth("reader", DeviceState.READY),
    "touch": Touched(),
    "borrow": BorrowChosen(),
    "return": ReturnChosen(),
    "my loans": LoansChosen(),
    "renew": RenewChosen(LOAN),
    "renew another": RenewChosen(LoanId(UUID(int=6))),
    "renew all": RenewAllChosen(),
    "titles": TitlesChosen(),
    "pin": PinEntered("2468"),
    "loss": LossChosen(),
    "lost card": LostCardChosen(1),
    "lost card that is lost": LostCardChosen(2),
    "lost card of nobody": LostCardChosen(3),
    "confirmed": LossConfirmed(),
    "form": FORM,
    "back": BackChosen(),
    "put back": PutBackChosen(LOAN),
    "put back another": PutBackChosen(LoanId(UUID(int=6))),
    "animals": AnimalsWanted(),
    "animal": AnimalChosen(Animal.SALMON),
    "finish": FinishChosen(),
    "still here": StillHereChosen(),
    "mode": ModeChosen(Mode.CLASS_VISIT),
    "devices": DevicesChosen(),
    "form search": FormSearchChosen(),
    "number": NumberEntered("0472621828"),
    "tick": Tick(),
    "changes": ChangesReceived(a_page(start=0, end=0), 0.0),
    "ranges checked": RangesChecked(RangeCheck(feed=UUID(int=3), cursor=0, schema=1, ranges=()), None),
    "answered": BatchAnswered(PushAnswer(server_time=NOON, next_seq=1, results=()), 0.0),
    "send from": SendFrom(1),
    "ledger forked": LedgerForked(1),
    "batch refused": BatchRefused("p"),
    "lost": RegistryLost("p"),
    "rights taken": RightsTaken(),
    "snapshot": SnapshotFetched(Path("replica-2.db")),
    "pin right": PinAnswered(TICKET, PinVerdict.RIGHT),
    "pin wrong": PinAnswered(TICKET, PinVerdict.WRONG),
    "pin locked": PinAnswered(TICKET, PinVerdict.LOCKED, NOON),
    "no pin": PinAnswered(TICKET, PinVerdict.NONE),
    "another pin right": PinAnswered(UUID(int=71), PinVerdict.RIGHT),
    "loss by id taken": LossByIdTaken(TICKET),
    "another loss by id taken": LossByIdTaken(UUID(int=71)),
    "question failed": QuestionFailed(TICKET),
    "another question failed": QuestionFailed(UUID(int=71)),
    "identified me": PatronIdentified(VISIT),
    "identified me hindered": PatronIdentified(VISIT, hindered=True),
    "identified another": PatronIdentified(OTHER_VISIT),
    "turned away me": CardTurnedAway(MINE, Refusal.LOST),
    "turned away another": CardTurnedAway(OTHER, Refusal.LOST),
    "my visit changed": VisitChanged(CHANGED),
    "another visit changed": VisitChanged(OTHER_VISIT),
    "drop changed": DropChanged(DROP),
    "asked": Asked(TICKET),
    "cards found": CardsFound("c1", (IPASS,)),
    "another's cards found": CardsFound("c2", (IPASS,)),
    "loss written": LossWritten("c1", CardKind.IPASS, 7),
    "another's loss written": LossWritten("c2", CardKind.IPASS, 7),
    "animal kept": AnimalKept("c1", Animal.SALMON),
    "another's animal kept": AnimalKept("c2", Animal.SALMON),
    "stopped": ServiceStopped("ledger_unwritable"),
    "resumed": ServiceResumed(),
}


_PHONES = {MINE: MobileCard.shown(MY_PHONE), OTHER: MobileCard.shown(OTHERS_PHONE)}


def with_phones(value: T_) -> T_:
    """The same state or event with mobile cards in place of the cards."""
    match value:
        case BarcodeCard():
            return value
        case CardUid():
            return _PHONES[value]  # type: ignore[return-value]  # a card's place takes a mobile card
        case CardPresented(uid):
            return CardScanned(_PHONES[uid])  # type: ignore[return-value]  # one event for another
        case _ if is_dataclass(value) and not isinstance(value, type):
            return replace(value, **{one.name: with_phones(getattr(value, one.name)) for one in fields(value)})
        case _:
            return value
