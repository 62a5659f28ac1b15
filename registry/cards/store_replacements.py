"""Binding numbers, and ending those they replace: the one way, for a roster of thousands as for one card at a desk."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select

from circulation.cards import CardKind, CardUid
from circulation.ids import CardId, PatronId
from registry.cards.store import CardRecord, CardSource, add
from registry.cards.tables import card, card_case, former_card
from registry.database import UnitOfWork
from registry.pieces import in_pieces
from replica.card_keys import card_key


class CardsMovedError(Exception):
    """A number that was to be replaced is no longer that patron's: nothing may be committed."""


@dataclass(frozen=True, slots=True)
class Binding:
    """A number that becomes a patron's card, and the number (in hexadecimal) of the card that it replaces."""

    card: CardId
    patron: PatronId
    kind: CardKind
    uid: CardUid
    replaces: str | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """When cards are bound (aware UTC), by whom, from where, and in which batch of a roster."""

    at: datetime
    actor: str
    source: CardSource
    batch: UUID | None = None


def bind(work: UnitOfWork, bindings: Iterable[Binding], origin: Origin, *, secret: bytes) -> list[bytes]:
    """Bind numbers, active at once (Q3-4a); a replaced one leaves every table that is looked up in (Q6-4).

    The old numbers go before the new ones come: a patron has one card of a kind at every moment (Q9-b). Loans,
    holds and blocks are the patron's and are not touched (R8). The keys of the cards that kiosks must hear of,
    those that are gone first.

    Raises:
        CardsMovedError: a number to be replaced is not that patron's card of that kind.
        sqlalchemy.exc.IntegrityError: a new number is bound already, or the patron has another card of the kind.

    """
    new = list(bindings)
    ended = _end(work, [one for one in new if one.replaces is not None], origin, secret=secret)
    add(work, (CardRecord(one.card, one.patron, one.kind, one.uid, bound_at=origin.at, source=origin.source) for one in new), secret=secret)
    return [*ended, *(card_key(one.uid, secret=secret) for one in new)]


def _end(work: UnitOfWork, replacing: Sequence[Binding], origin: Origin, *, secret: bytes) -> list[bytes]:
    ended: list[bytes] = []
    for piece in in_pieces(replacing):
        by_uid = {one.replaces: one for one in piece}
        rows = work.connection.execute(select(card).where(card.c.uid.in_(by_uid))).all()
        pairs = [(row, by_uid[row.uid]) for row in rows]
        if len(pairs) < len(piece) or any((row.patron, row.kind) != (one.patron, one.kind.value) for row, one in pairs):
            raise CardsMovedError
        work.connection.execute(delete(card).where(card.c.uid.in_(by_uid)))
        work.add(
            former_card,
            (
                (
                    *(row.card_key, row.patron, row.kind, row.bound_at, origin.at),
                    *(card_key(one.uid, secret=secret), origin.actor, origin.batch),
                )
                for row, one in pairs
            ),
        )
        ended += [row.card_key for row in rows]
    return ended


@dataclass(frozen=True, slots=True)
class CardCase:
    """A number that staff must look at: it was to become ``patron``'s and is, or was, ``other_patron``'s (R9)."""

    id: UUID
    kind: str
    patron: PatronId
    other_patron: PatronId
    card_key: bytes
    opened_at: datetime
    actor: str


def open_case(work: UnitOfWork, case: CardCase) -> bool:
    """Lay a case before staff; whether it is new: nobody is asked the same twice."""
    same = (card_case.c.kind == case.kind) & (card_case.c.patron == case.patron) & (card_case.c.card_key == case.card_key)
    if work.connection.execute(select(card_case.c.id).where(same)).first() is not None:
        return False
    row = (case.id, case.kind, case.patron, case.other_patron, case.card_key, case.opened_at, case.actor, None)
    work.add(card_case, [row])
    return True
