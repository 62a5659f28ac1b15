"""The store of lost cards that somebody showed to a kiosk: the branch looks for them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, unique
from uuid import UUID

from sqlalchemy import Connection, bindparam, select, update

from circulation.cards import CardKind, CardState
from circulation.ids import BranchCode, PatronId
from registry.cards.store_events import CardEvent, CardEventKind, record_events
from registry.cards.tables import card, found_card
from registry.database import UnitOfWork
from registry.enrolment.tables import patron


@dataclass(frozen=True, slots=True)
class Find:
    """A lost card was shown at a branch, at ``at`` (aware UTC). ``id`` is the fact's key."""

    id: UUID
    card_key: bytes
    patron: PatronId
    branch: BranchCode
    at: datetime
    actor: str


@unique
class FindOutcome(StrEnum):
    """What came of a find."""

    TAKEN_IN = "taken_in"
    """The branch has the card, and sends it to the school or the holder."""
    GIVEN_BACK = "given_back"
    """The holder has it. It stays stopped until the loss report is taken back."""
    NOT_THERE = "not_there"
    """Whoever had it has gone."""


def record(work: UnitOfWork, finds: Iterable[Find]) -> None:
    """Keep finds by set: a card that is looked for at this branch already is only counted once more."""
    given = list(finds)
    if not given:
        return
    kinds = _kinds(work.connection, {one.card_key for one in given})
    looked_for = found_card.c.card_key.in_({one.card_key for one in given}) & found_card.c.settled_at.is_(None)
    waiting = {(row.card_key, row.branch): row.id for row in work.connection.execute(select(found_card).where(looked_for))}
    new: dict[tuple[bytes, str], tuple[Find, Find, int]] = {}
    again: dict[UUID, tuple[datetime, int]] = {}
    for one in given:
        place = (one.card_key, str(one.branch))
        if place in waiting:
            _, times = again.get(waiting[place], (one.at, 0))
            again[waiting[place]] = (one.at, times + 1)
        else:
            first, _, times = new.get(place, (one, one, 0))
            new[place] = (first, one, times + 1)
    work.add(
        found_card,
        ((one.id, one.card_key, one.patron, one.branch, one.at, last.at, times, None, None, None) for one, last, times in new.values()),
    )
    if again:
        more = update(found_card).where(found_card.c.id == bindparam("key"))
        values = more.values(last_at=bindparam("at"), times=found_card.c.times + bindparam("more"))
        work.connection.execute(values, [{"key": key, "at": at, "more": times} for key, (at, times) in again.items()])
    record_events(
        work,
        (
            CardEvent(one.at, one.patron, kinds[one.card_key], one.card_key, CardEventKind.TAPPED_LOST, "kiosk", one.actor)
            for one in given
            if one.card_key in kinds
        ),
    )


@dataclass(frozen=True, slots=True)
class LookedFor:
    """A card that a branch looks for. ``number`` is its number in hexadecimal; none when it is no longer on record."""

    id: UUID
    branch: BranchCode
    masked_name: str
    number: str | None
    kind: CardKind | None
    is_lost: bool
    first_at: datetime
    last_at: datetime
    times: int
    patron: PatronId


def looked_for(connection: Connection, *, branch: str | None = None, limit: int = 100) -> list[LookedFor]:
    """The finds that nobody has settled, the latest first; of one branch, or of all."""
    wanted = (
        select(found_card, patron.c.masked_name, card.c.uid, card.c.kind, card.c.state)
        .join(patron, patron.c.id == found_card.c.patron)
        .outerjoin(card, card.c.card_key == found_card.c.card_key)
        .where(found_card.c.settled_at.is_(None))
        .order_by(found_card.c.last_at.desc(), found_card.c.id)
        .limit(limit)
    )
    if branch is not None:
        wanted = wanted.where(found_card.c.branch == branch)
    return [
        LookedFor(
            *(row.id, BranchCode(row.branch), row.masked_name, row.uid, None if row.kind is None else CardKind(row.kind)),
            *(row.state == CardState.LOST.value, row.first_at, row.last_at, row.times, PatronId(row.patron)),
        )
        for row in connection.execute(wanted)
    ]


def settle(work: UnitOfWork, key: UUID, outcome: FindOutcome, *, at: datetime, by: str) -> PatronId | None:
    """Note what came of a find; whose card it was, nothing when no such find waits."""
    waits = (found_card.c.id == key) & found_card.c.settled_at.is_(None)
    values = {"settled_at": at, "settled_by": by, "outcome": outcome.value}
    found = work.connection.execute(update(found_card).where(waits).values(**values).returning(found_card.c.patron)).scalar_one_or_none()
    return None if found is None else PatronId(found)


def _kinds(connection: Connection, keys: set[bytes]) -> dict[bytes, CardKind]:
    found = select(card.c.card_key, card.c.kind).where(card.c.card_key.in_(keys))
    return {row.card_key: CardKind(row.kind) for row in connection.execute(found)}
