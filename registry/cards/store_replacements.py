"""Binding numbers, and ending those they replace: the one way, for a roster of thousands as for one card at a desk."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select

from circulation.cards import CardKind, CardUid
from circulation.ids import CardId, PatronId
from registry.cards.store import CardRecord, CardSource, add
from registry.cards.store_events import CardEvent, CardEventKind, record_events
from registry.cards.tables import card, former_card
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

    def event(self, patron: PatronId, kind: CardKind, key: bytes, event: CardEventKind) -> CardEvent:
        """What happened to a card by this."""
        return CardEvent(self.at, patron, kind, key, event, self.source, self.actor, self.batch)


@dataclass(frozen=True, slots=True)
class Ending:
    """A card that ends without another in its place; ``number`` is its number in hexadecimal."""

    patron: PatronId
    kind: CardKind
    number: str


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
    keys = [card_key(one.uid, secret=secret) for one in new]
    replaced = [(Ending(one.patron, one.kind, one.replaces), key) for one, key in zip(new, keys, strict=True) if one.replaces is not None]
    ended = _end(work, replaced, origin, CardEventKind.REPLACED)
    add(work, (CardRecord(one.card, one.patron, one.kind, one.uid, bound_at=origin.at, source=origin.source) for one in new), secret=secret)
    pairs = zip(new, keys, strict=True)
    record_events(work, (origin.event(one.patron, one.kind, key, CardEventKind.BOUND) for one, key in pairs))
    return [*ended, *keys]


def end(work: UnitOfWork, endings: Iterable[Ending], origin: Origin, why: CardEventKind) -> list[bytes]:
    """End cards that nothing replaces: from now on their numbers are no such record. The keys that kiosks must hear of.

    After ``BINDING_UNDONE`` a number is as if it had never been bound, and may be anybody's; after every
    other reason it stays its last holder's former number and is given to nobody (R9, R15).

    Raises:
        CardsMovedError: a number is not that patron's card of that kind.

    """
    return _end(work, [(one, None) for one in endings], origin, why)


def _end(work: UnitOfWork, ending: Sequence[tuple[Ending, bytes | None]], origin: Origin, why: CardEventKind) -> list[bytes]:
    ended: list[bytes] = []
    for piece in in_pieces(ending):
        by_number = {one.number: (one, successor) for one, successor in piece}
        rows = work.connection.execute(select(card).where(card.c.uid.in_(by_number))).all()
        pairs = [(row, *by_number[row.uid]) for row in rows]
        if len(pairs) < len(piece) or any((row.patron, row.kind) != (one.patron, one.kind.value) for row, one, _ in pairs):
            raise CardsMovedError
        work.connection.execute(delete(card).where(card.c.uid.in_(by_number)))
        if why is not CardEventKind.BINDING_UNDONE:
            work.add(
                former_card,
                (
                    (row.card_key, row.patron, row.kind, row.bound_at, origin.at, successor, origin.actor, origin.batch)
                    for row, _, successor in pairs
                ),
            )
        record_events(work, (origin.event(one.patron, one.kind, row.card_key, why) for row, one, _ in pairs))
        ended += [row.card_key for row in rows]
    return ended
