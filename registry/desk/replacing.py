"""The desk for cards: whose is this number, and a new card for an old one in one transaction (Q3-4b, Q6-3, R5 to R9, R15)."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from circulation.cards import CardKind, CardState, CardUid
from circulation.ids import CardId, PatronId
from registry.audit.store import AuditEntry, append
from registry.cards import store as cards
from registry.cards.replacement import BindingRefusal, PresentCard, decide_replacement
from registry.cards.store import CardRecord, CardSource
from registry.cards.store_replacements import Binding, Origin, bind
from registry.cases.kinds import CaseKind
from registry.cases.store import NewCase, open_cases
from registry.database import Database, UnitOfWork
from registry.desk import store_search
from registry.desk.questions import Question
from registry.desk.refusals import DeskRefusal, DeskRefusedError
from registry.desk.store_search import PatronFound
from registry.enrolment.store import stand_at_desk
from registry.exchange.projection import key_text
from registry.exchange.store_feed import FeedEntry
from registry.outside import Outside
from replica.card_keys import card_key
from replica.tables import ReplicaTable

Publish = Callable[[UnitOfWork, list[FeedEntry]], None]
"""Tells kiosks of changed rows, once the unit of work is durable."""
MOST_FOUND = 20


@dataclass(frozen=True, slots=True)
class NewCardOrder:
    """A new number for a patron's card of a kind.

    ``seen`` is the number that was on record when somebody looked, none for no card of this kind: if another
    replacement was faster, this one is refused. ``issued_at`` (aware UTC) is when the new card was issued, none for now.
    """

    patron: PatronId
    kind: CardKind
    new: CardUid
    seen: CardUid | None = None
    issued_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Replaced:
    """What was done. ``old`` is none when the patron had no card of this kind; ``was_lost``: it had been reported lost."""

    kind: CardKind
    new: CardUid
    old: CardUid | None
    was_lost: bool


class CardDesk:
    """Finds patrons and gives them new numbers. A bare card opens what the kiosk's settings say (R21); the registry adds no rights to it."""

    def __init__(self, database: Database, outside: Outside, *, card_secret: bytes, publish: Publish) -> None:
        self._database = database
        self._outside = outside
        self._secret = card_secret
        self._publish = publish

    def find(self, question: Question, *, by: str) -> list[PatronFound]:
        """The patrons that staff ask for, 20 at most; nobody by a number that was replaced (Q6-4).

        Who was shown to whom is written before anybody is shown; what was asked for is not.
        """
        with self._database.reading() as connection:
            found = store_search.find(connection, question, limit=MOST_FOUND)
        detail: dict[str, str | int] = {"asked_by": question.asked_by, "count": len(found)}
        entry = AuditEntry(self._outside.now(), by, "patron looked up", "done", detail, [one.id for one in found])
        self._database.write(lambda work: append(work.connection, entry))
        return found

    def card(self, uid: CardUid) -> CardRecord:
        """The card with this number.

        Raises:
            DeskRefusedError: ``NO_SUCH_RECORD``.

        """
        with self._database.reading() as connection:
            found = cards.by_number(connection, uid)
        if found is None:
            raise DeskRefusedError(DeskRefusal.NO_SUCH_RECORD)
        return found

    def replace(self, order: NewCardOrder, *, by: str) -> Replaced:
        """Bind the new number and end the old one, both or neither, with or without a loss report before (R6). Kiosks hear of it at once.

        Raises:
            DeskRefusedError: with a BindingRefusal, ``NO_CARD_NUMBER``, or ``NOBODY_FOUND``; a number of somebody else's is now a case (R9).

        """
        if not order.new.names_a_card:
            raise DeskRefusedError(DeskRefusal.NO_CARD_NUMBER)
        done = self._database.write(lambda work: self._replace(work, order, by))
        if isinstance(done, BindingRefusal | DeskRefusal):
            raise DeskRefusedError(done)
        return done

    def _replace(self, work: UnitOfWork, order: NewCardOrder, by: str) -> Replaced | BindingRefusal | DeskRefusal:
        now = self._outside.now()
        connection = work.connection
        if store_search.by_key(connection, order.patron) is None:
            return DeskRefusal.NOBODY_FOUND
        found = cards.of_kind(connection, order.patron, order.kind)
        owner = cards.owners(connection, [order.new]).get(order.new)
        former = cards.former_owners(connection, [order.new], secret=self._secret).get(order.new)
        refused = decide_replacement(
            *(order.patron, order.kind, None if found is None else PresentCard(found.uid, found.bound_at), order.new),
            patron_class=cards.class_of(connection, order.patron),
            seen=order.seen,
            issued_at=order.issued_at,
            owner=owner,
            former=former,
        )
        if refused is not None:
            self._refuse(work, order, refused, owner.patron if owner is not None else former, by)
            return refused
        old = None if found is None else found.uid
        binding = Binding(CardId(self._outside.new_id()), order.patron, order.kind, order.new, None if old is None else old.hex)
        changed = bind(work, [binding], Origin(now, by, CardSource.DESK), secret=self._secret)
        if old is None:
            stand_at_desk(work, order.patron)
        lost = found is not None and found.state is CardState.LOST
        detail: dict[str, str | int] = {
            "patron": str(order.patron),
            "kind": str(order.kind),
            "replaced": int(old is not None),
            "was_lost": int(lost),
        }
        append(work.connection, AuditEntry(now, by, "card bound", "done", detail))
        self._publish(work, card_entries(changed))
        return Replaced(order.kind, order.new, old, lost)

    def _refuse(self, work: UnitOfWork, order: NewCardOrder, refused: BindingRefusal, other: PatronId | None, by: str) -> None:
        now = self._outside.now()
        if refused is BindingRefusal.BOUND_ELSEWHERE and other is not None and other != order.patron:
            kind = CaseKind.NUMBER_BOUND_ELSEWHERE
            same = hashlib.sha256(kind.encode() + order.patron.bytes + card_key(order.new, secret=self._secret)).digest()
            sides = {"card": order.new.hex, "kind": str(order.kind)}, {"card": None if order.seen is None else order.seen.hex}
            open_cases(work, [NewCase(self._outside.new_id(), kind, same, now, by, order.patron, other, None, None, None, *sides)])
        detail = {"patron": str(order.patron), "kind": str(order.kind), "code": refused.value}
        append(work.connection, AuditEntry(now, by, "card bound", "refused", detail))


def card_entries(keys: Sequence[bytes]) -> list[FeedEntry]:
    """The changes of these cards: a row that is gone becomes a tombstone."""
    return [FeedEntry(ReplicaTable.CARD, key_text(key)) for key in keys]
