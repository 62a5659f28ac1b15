"""Does what a state asks for, and says so with an answer: looks up, writes down, asks the registry."""

from collections.abc import Callable

import structlog

from circulation.wire import LossRequest, PinCheck
from kiosk.answers import AnimalKept, Answer, Asked, CardTurnedAway
from kiosk.card_desk import CardDesk
from kiosk.circulation_desk import CirculationDesk
from kiosk.desk import Entrance, Room
from kiosk.events import Event, QuestionFailed
from kiosk.ports import Outlet
from kiosk.refusal import Refusal
from kiosk.states import Animals, Borrowing, Dropping, Identifying, Loans, LossForm, PinPad, ReportLoss, Returning, State
from kiosk.store.replica_file import Replica

_log = structlog.get_logger()


class Work:
    """The desks and the outlet. ``written`` is called after facts were written: they are to be sent."""

    def __init__(self, room: Room, outlet: Outlet, *, written: Callable[[], None]) -> None:
        self._keys = room.recorder.keys
        self._room = room
        self._swept_with: Replica | None = None
        self._outlet = outlet
        self._written = written
        self.entrance = Entrance(room)
        self.items = CirculationDesk(room)
        self.cards = CardDesk(room)

    def answer(self, state: State, *, offline: bool) -> tuple[Event | Answer, ...]:
        """Do the first thing that a state asks for; empty when it asks for nothing. ``offline``: the registry can't be asked now.

        Raises:
            ReplicaError: the replica is damaged.
            LedgerUnwritableError: nothing happened.

        """
        match state:
            case Identifying(opener):
                known = self.entrance.identify(opener)
                # A lost card that was shown is a fact: it is to be sent.
                return self._wrote(known) if isinstance(known, CardTurnedAway) and known.refusal is Refusal.LOST else (known,)
            case Borrowing() | Returning() | Loans() if state.todo:
                return self._wrote(self.items.do(state.visit, state.todo[0]))
            case Dropping(drop=drop, todo=(item, *_)):
                return self._wrote(self.items.take_back(drop, item.barcode))
            case Animals(visit, chosen=animal) if animal is not None:
                self._room.animals.choose(visit.patron.id, animal)
                return (AnimalKept(visit.correlation, animal),)
            case ReportLoss(visit, cards=None):
                return (self.cards.others(visit),)
            case ReportLoss(visit, chosen=card, confirmed=True) if card is not None:
                answer = self._wrote(self.cards.report(visit, card))
                self._outlet.hurry()  # after the fact was handed over: it leaves in its order
                return answer
            case PinPad(visit, pin=str(pin)):
                return self._asked(PinCheck(patron=visit.patron.id, pin=pin), visit.correlation, offline=offline)
            case LossForm(form=form) if form is not None:
                question = LossRequest(national_id=form.national_id, birth_date=form.birth_date, kind=form.kind)
                return self._asked(question, "", offline=offline)
            case _:
                return ()

    def forget_gone(self) -> None:
        """Once for each replica: nothing is kept of patrons that it does not know."""
        replica = self._room.in_use().replica
        if replica is not self._swept_with:
            self._swept_with = replica
            self._room.animals.keep_only(lambda patron: replica.read.patron(patron) is not None)

    def _wrote(self, answer: Answer) -> tuple[Answer, ...]:
        self._written()
        return (answer,)

    def _asked(self, question: PinCheck | LossRequest, correlation: str, *, offline: bool) -> tuple[Event | Answer, ...]:
        ticket = self._keys.new_key()
        _log.info("question", detail=type(question).__name__, correlation=correlation, offline=offline)
        if offline:
            return Asked(ticket), QuestionFailed(ticket)
        self._outlet.ask(ticket, question)
        return (Asked(ticket),)
