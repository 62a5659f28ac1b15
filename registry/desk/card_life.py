"""The desk for what else becomes of a student ID: handed in, cancelled, found (Q7-a, Q7-b, R5, R10). And a card's whole life.

Of all that schools and the Bureau do with a student ID, only handing it in ends its number: the account, its loans and its mobile
card stay. Cancelling it changes nothing (R10), and it is noted so that nobody wonders.
"""

from dataclasses import dataclass
from uuid import UUID

from circulation.cards import CardKind, CardUid
from registry.audit.store import AuditEntry, append
from registry.cards import store as cards
from registry.cards import store_found
from registry.cards.store import CardRecord, CardSource
from registry.cards.store_events import CardEvent, CardEventKind, history_of_card, history_of_patron, record_events
from registry.cards.store_found import FindOutcome, LookedFor
from registry.cards.store_replacements import Ending, Origin, end
from registry.database import Database, UnitOfWork
from registry.desk.refusals import DeskRefusal, DeskRefusedError
from registry.desk.replacing import Publish, card_entries
from registry.outside import Outside
from replica.card_keys import card_key


@dataclass(frozen=True, slots=True)
class Life:
    """What happened to the card, and to all cards of the patron who has it; oldest first."""

    card: CardRecord
    of_card: tuple[CardEvent, ...]
    of_patron: tuple[CardEvent, ...]


class CardLifeDesk:
    """Ends cards that nothing replaces, notes what changes nothing, and looks for what was found."""

    def __init__(self, database: Database, outside: Outside, *, card_secret: bytes, publish: Publish) -> None:
        self._database = database
        self._outside = outside
        self._secret = card_secret
        self._publish = publish

    def hand_in(self, uid: CardUid, *, by: str) -> CardKind:
        """The student ID was given back: its number is no such record from now on; the account stays (Q7-b, R10).

        Raises:
            DeskRefusedError: ``NO_SUCH_RECORD``.

        """

        def hand_in(work: UnitOfWork) -> CardKind:
            found = self._card(work, uid)
            ending = Ending(found.patron, found.kind, found.uid.hex)
            gone = end(work, [ending], Origin(self._outside.now(), by, CardSource.DESK), CardEventKind.HANDED_IN)
            self._note(work, found, "card handed in", by)
            self._publish(work, card_entries(gone))
            return found.kind

        return self._database.write(hand_in)

    def cancel(self, uid: CardUid, *, by: str) -> CardKind:
        """The student ID was cancelled and kept: noted, and the card goes on working (Q7-a, R10).

        Raises:
            DeskRefusedError: ``NO_SUCH_RECORD``.

        """

        def cancel(work: UnitOfWork) -> CardKind:
            found = self._card(work, uid)
            origin = Origin(self._outside.now(), by, CardSource.DESK)
            key = card_key(found.uid, secret=self._secret)
            record_events(work, [origin.event(found.patron, found.kind, key, CardEventKind.CANCELLED)])
            self._note(work, found, "card cancelled", by)
            return found.kind

        return self._database.write(cancel)

    def life(self, uid: CardUid, *, by: str) -> Life:
        """A card's whole life. Looking is noted: it says what a patron did.

        Raises:
            DeskRefusedError: ``NO_SUCH_RECORD``.

        """

        def read(work: UnitOfWork) -> Life:
            found = self._card(work, uid)
            self._note(work, found, "card history read", by)
            of_card = history_of_card(work.connection, card_key(uid, secret=self._secret))
            return Life(found, tuple(of_card), tuple(history_of_patron(work.connection, found.patron)))

        return self._database.write(read)

    def finds(self, *, branch: str | None = None, by: str) -> list[LookedFor]:
        """Lost cards that were shown at a branch, or anywhere, and that nobody has dealt with yet."""

        def read(work: UnitOfWork) -> list[LookedFor]:
            found = store_found.looked_for(work.connection, branch=branch)
            detail: dict[str, str | int] = {"count": len(found), **({} if branch is None else {"branch": branch})}
            patrons = [one.patron for one in found]
            append(work.connection, AuditEntry(self._outside.now(), by, "found cards read", "done", detail, patrons))
            return found

        return self._database.write(read)

    def settle_find(self, key: UUID, outcome: FindOutcome, *, by: str) -> None:
        """Note what came of a find. The card stays stopped until its loss report is taken back.

        Raises:
            DeskRefusedError: ``FIND_NOT_WAITING``.

        """

        def settle(work: UnitOfWork) -> bool:
            now = self._outside.now()
            patron = store_found.settle(work, key, outcome, at=now, by=by)
            if patron is not None:
                detail: dict[str, str | int] = {"patron": str(patron), "find": str(key), "code": outcome.value}
                append(work.connection, AuditEntry(now, by, "found card settled", "done", detail))
            return patron is not None

        if not self._database.write(settle):
            raise DeskRefusedError(DeskRefusal.FIND_NOT_WAITING)

    def _card(self, work: UnitOfWork, uid: CardUid) -> CardRecord:
        found = cards.by_number(work.connection, uid)
        if found is None:
            raise DeskRefusedError(DeskRefusal.NO_SUCH_RECORD)
        return found

    def _note(self, work: UnitOfWork, found: CardRecord, action: str, by: str) -> None:
        detail: dict[str, str | int] = {"patron": str(found.patron), "kind": str(found.kind)}
        append(work.connection, AuditEntry(self._outside.now(), by, action, "done", detail))
