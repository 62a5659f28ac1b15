"""What the registry makes of returns. An item that lies in a return box is there: nothing is refused, loans end. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from circulation.facts import CheckedIn
from circulation.ids import ItemId, LoanId
from circulation.item_life import ItemEvent, after
from circulation.items import Item, ItemStatus
from circulation.loans import Loan
from circulation.reasons import Reason
from registry.exchange.arrivals import Arrival
from registry.exchange.outcomes import Outcome, Place, hold_row, item_rows, judged, loan_row
from registry.exchange.projection import key_text
from registry.exchange.store_feed import FeedEntry
from registry.exchange.world import World
from registry.holds.rules import KIOSKS_WORD_IS_FRESH
from registry.holds.ways import drop, keep
from registry.overdue.booking import KnownReturns
from replica.tables import ReplicaTable


def checked_in(arrival: Arrival, fact: CheckedIn, world: World, place: Place, *, at: datetime) -> Outcome:
    """End every loan that the return ends, and only those: one that was made after it stays."""
    named = None if fact.loan is None else LoanId(fact.loan)
    item = _found(fact, named, world)
    open_loans = [] if item is None else world.open_loans_of(item.id)
    ended = [loan for loan in open_loans if _was_before(loan, named, world, place, at=at)]
    changes = [loan_row(loan.id) for loan in ended if loan.id != named]
    if item is not None:
        changes = [*_put_away(item, world, place, at=at, lent_again=len(ended) < len(open_loans)), *changes]
    if named is not None:
        changes.append(loan_row(named))
    elif not changes and item is not None:
        changes += item_rows(item)
    elif item is None and fact.item is not None:
        changes.append(FeedEntry(ReplicaTable.ITEM, key_text(fact.item), place.branch))
    for loan in ended:
        world.close(loan.id, returned_at=at)
    staying = _staying(named, open_loans, ended, world)
    concerned = [loan.id for loan in (*ended, *staying)]
    about = named or next(iter(concerned), None)
    said = None if fact.item is None else ItemId(fact.item)
    reasons = (*_reasons(item, named, ended, world), *((Reason.LOAN_STAYS_OPEN,) if staying else ()))
    return Outcome(
        arrival,
        judged(reasons),
        reasons,
        changes=tuple(changes),
        loan=about,
        item=said if item is None else item.id,
        collides_with=next((other for other in concerned if other != about), None),
    )


def known_returns(outcomes: Iterable[Outcome]) -> KnownReturns:
    """When things came back, as the return facts of a batch say."""
    by_loan: dict[LoanId, datetime] = {}
    by_item: dict[ItemId, list[datetime]] = {}
    for outcome in outcomes:
        envelope = outcome.arrival.envelope
        if envelope is None or outcome.moment is None or not isinstance(envelope.fact, CheckedIn):
            continue
        at = outcome.moment.at
        if envelope.fact.loan is not None:
            named = LoanId(envelope.fact.loan)
            by_loan[named] = min(at, by_loan.get(named, at))
        if outcome.item is not None:
            by_item.setdefault(outcome.item, []).append(at)
    return KnownReturns(by_loan, {key: tuple(times) for key, times in by_item.items()})


def _found(fact: CheckedIn, named: LoanId | None, world: World) -> Item | None:
    """The item, by whatever the kiosk knew of it."""
    by_key = None if fact.item is None else world.items.get(ItemId(fact.item))
    by_loan = world.item_of.get(named) if named is not None else None
    return by_key or world.item_with(fact.barcode) or (None if by_loan is None else world.items.get(by_loan))


def _was_before(loan: Loan, named: LoanId | None, world: World, place: Place, *, at: datetime) -> bool:
    """Whether a loan had been made when the item came back.

    A kiosk's facts come in their order, and what it named it knew of: no clock is asked about these (I8).
    """
    return loan.id == named or world.loans[loan.id].kiosk == place.kiosk or loan.lent_at <= at


def _staying(named: LoanId | None, open_loans: list[Loan], ended: list[Loan], world: World) -> list[Loan]:
    """Loans that the item is still on, though it came back: it was lent after, or a clock is behind. Nobody can tell which.

    A kiosk that named a loan on record knew which one it ended.
    """
    return [] if ended or named in world.taken else open_loans


def _put_away(item: Item, world: World, place: Place, *, at: datetime, lent_again: bool) -> tuple[FeedEntry, ...]:
    """Keep the item for whoever waits, or let it go home: the rows of what is another now."""
    before = world.holds.all_kept_with(item.id)
    if any(one.moved_at is not None and at < one.moved_at for one in before):
        # Heard of late: since then the item was seen, and where it is now is known better.
        return ()
    kept = None if lent_again else keep(item, world.holds, here=place.branch, at=at)
    if kept is None:
        drop(item, world.holds)
        away = _at_rest(item, place)
        kept = replace(away, status=after(away.status, ItemEvent.CHECKED_OUT)) if lent_again else away
    elif kept != item and place.now - at > KIOSKS_WORD_IS_FRESH:
        world.changes.late[item.id] = at
    now = world.holds.all_kept_with(item.id)
    holds = dict.fromkeys(one.id for one in (*before, *now) if one not in before or one not in now)
    if kept == item and not holds:
        return ()
    if kept != item:
        world.shelve(kept)
    return (*item_rows(kept, *before, *now), *map(hold_row, holds))


def _at_rest(item: Item, place: Place) -> Item:
    """The item when nobody waits for it."""
    event = ItemEvent.CHECKED_IN_AT_HOME if item.branch == place.branch else ItemEvent.CHECKED_IN_ELSEWHERE
    status = after(item.status, event)
    return replace(item, status=status, held_for=item.held_for if status is ItemStatus.ON_HOLD_SHELF else None)


def _reasons(item: Item | None, named: LoanId | None, ended: list[Loan], world: World) -> Iterator[Reason]:
    if item is None:
        yield Reason.ITEM_UNKNOWN
    if named is not None and (named not in world.taken or (item is not None and world.item_of.get(named) != item.id)):
        yield Reason.LOAN_UNKNOWN
    if len(ended) > 1:
        yield Reason.SEVERAL_LOANS
