"""The store of cards."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select, update

from circulation.cards import CardKind, CardState, CardUid
from circulation.ids import CardId, PatronId
from registry.cards.tables import card
from registry.database import UnitOfWork
from replica.card_keys import card_key


@dataclass(frozen=True, slots=True)
class CardRecord:
    """A patron's card."""

    id: CardId
    patron: PatronId
    kind: CardKind
    uid: CardUid
    state: CardState = CardState.ACTIVE


def add(work: UnitOfWork, cards: Iterable[CardRecord], *, secret: bytes) -> int:
    """Add cards, each with the key that replicas know it by.

    Raises:
        sqlalchemy.exc.IntegrityError: the number is already bound, or the patron has a card of this kind (Q9-b).

    """
    return work.add(card, ((c.id, c.patron, c.kind, c.uid.hex, card_key(c.uid, secret=secret), c.state) for c in cards))


def change_state(work: UnitOfWork, uid: CardUid, state: CardState) -> bytes | None:
    """Set a card's state and give its key; nothing when no such number is on record."""
    work.connection.execute(update(card).where(card.c.uid == uid.hex).values(state=state))
    found: bytes | None = work.connection.execute(select(card.c.card_key).where(card.c.uid == uid.hex)).scalar_one_or_none()
    return found
