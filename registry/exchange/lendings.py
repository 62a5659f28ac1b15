"""What the registry makes of checkouts, and of those that were undone. Pure."""

from dataclasses import replace

from circulation.facts import CheckedOut, CheckoutUndone
from circulation.holds import HoldState
from circulation.ids import ItemId, LoanId, PatronId
from circulation.item_life import ItemEvent, after
from circulation.items import Item, ItemStatus
from circulation.loans import Loan
from circulation.opening_days import local_date
from circulation.policy import decide_checkout, rules_for
from circulation.reasons import Reason
from circulation.wire import FactStatus
from registry.exchange.arrivals import Arrival
from registry.exchange.moments import Moment, surely_after, surely_before
from registry.exchange.outcomes import Outcome, Place, card_reasons, hold_row, item_rows, judged, loan_row
from registry.exchange.store_feed import FeedEntry
from registry.exchange.world import OpenLoan, World
from registry.holds.ways import drop


def checked_out(arrival: Arrival, fact: CheckedOut, world: World, place: Place, *, lent: Moment) -> Outcome:
    """The loan stands, whatever speaks against it. One that was over before it was heard of ends at once; staff are told."""
    at = lent.at
    key = LoanId(fact.loan)
    if key in world.taken:
        where = f"facts[{arrival.index}].fact.loan"
        return Outcome(arrival, FactStatus.MALFORMED, place=where, problem="this loan is already on record")
    patron = world.patrons.get(PatronId(fact.patron))
    item = world.items.get(ItemId(fact.item))
    reasons = tuple(card_reasons(fact.card, fact.patron, world))
    about = Outcome(arrival, FactStatus.ACCEPTED, loan=key, patron=PatronId(fact.patron), item=ItemId(fact.item))
    if patron is None or item is None:
        unknown = tuple(reason for reason, found in ((Reason.PATRON_UNKNOWN, patron), (Reason.ITEM_UNKNOWN, item)) if found is None)
        return replace(about, status=FactStatus.FLAGGED, reasons=(*reasons, *unknown), changes=(loan_row(key),))
    today = local_date(at, place.zone)
    returned, is_over = _returned_since(key, item, world, place, lent=lent)
    # Of an item that has come back nobody knows where it stood when it left.
    seen = replace(item, status=ItemStatus.AVAILABLE, held_for=None) if is_over else item
    lent_to = None if is_over else next(iter(world.open_loans_of(item.id)), None)
    rules = rules_for(patron, world.rules.on(today))
    reasons += decide_checkout(patron, seen, world.loans_of(patron.id), rules, lent_to=lent_to, today=today).reasons
    wanted = world.holds.is_wanted(item.title, patron.id)
    due = world.promised(fact.due)
    loan = Loan(key, patron.id, item.id, item.title, item.kind, due, at, barcode=item.barcode, branch=item.branch, wanted=wanted)
    world.lend(OpenLoan(loan, place.kiosk))
    if returned is not None:
        reasons += (Reason.RETURNED_SINCE,)
    if returned is not None and is_over:
        world.close(key, returned_at=max(returned.at, at))
        return replace(about, status=judged(reasons), reasons=reasons, changes=(loan_row(key),))
    changes = (*_taken_from_the_shelf(item, loan, world), loan_row(key))
    collides_with = None if lent_to is None else lent_to.id
    return replace(about, status=judged(reasons), reasons=reasons, changes=changes, collides_with=collides_with)


def _returned_since(loan: LoanId, item: Item, world: World, place: Place, *, lent: Moment) -> tuple[Moment | None, bool]:
    """The first return of the item that may have been after a loan, and whether it surely was.

    A return that named the loan ended it, whatever any clock says (I8): a registry that was restored may hear of it before the loan.
    Of others those to another kiosk count; a kiosk's own facts come in their order.
    """
    returns = world.returns.get(item.id, ())
    named = next((one.moment for one in returns if one.loan == loan), None)
    if named is not None:
        return named, True
    others = (one.moment for one in returns if one.kiosk != place.kiosk)
    first = next((moment for moment in others if moment.at >= lent.at and not surely_before(moment, lent)), None)
    return first, first is not None and surely_after(first, lent)


def _taken_from_the_shelf(item: Item, loan: Loan, world: World) -> tuple[FeedEntry, ...]:
    """An item in a patron's hands is neither missing nor on its way, and waits for nobody: whoever it was kept for waits again.

    The patron waits no more, for it or for the title.
    """
    kept = world.holds.all_kept_with(item.id)
    served = world.serve(item, loan)
    drop(item, world.holds)
    taken = replace(item, status=after(item.status, ItemEvent.CHECKED_OUT), held_for=None)
    holds = dict.fromkeys((*kept, *served))
    rows = [hold_row(one.id) for one in holds]
    if taken == item:
        return tuple(rows)
    world.shelve(taken)
    return (*item_rows(taken, *kept), *rows)


def undone(arrival: Arrival, fact: CheckoutUndone, world: World, place: Place) -> Outcome:
    """A kiosk undoes its own loans only. What the patron waited for is waited for again."""
    key = LoanId(fact.loan)
    known = world.loans.get(key)
    if known is None or known.kiosk != place.kiosk:
        return Outcome(arrival, FactStatus.FLAGGED, (Reason.LOAN_UNKNOWN,), changes=(loan_row(key),), loan=key)
    world.close(key, returned_at=None)
    changes = (*_held_again(known.loan, world), loan_row(key))
    return Outcome(arrival, FactStatus.ACCEPTED, changes=changes, loan=key)


def _held_again(loan: Loan, world: World) -> tuple[FeedEntry, ...]:
    """The item is kept again for whom it was kept, unless somebody else has it by now: then its hold waits."""
    holds = world.give_back(loan.id)
    rows = [hold_row(one.id) for one in holds]
    item = world.items.get(loan.item)
    kept = next((one for one in holds if one.item == loan.item), None)
    if item is None or kept is None:
        return tuple(rows)
    if world.open_loans_of(item.id) or item.status is not ItemStatus.AVAILABLE:
        world.holds.change(kept, kept.waiting_again())
        return tuple(rows)
    event = ItemEvent.TRAPPED_FOR_HOLD if kept.state is HoldState.READY else ItemEvent.SET_ASIDE
    held = replace(item, status=after(item.status, event), held_for=loan.patron)
    world.shelve(held)
    return (*item_rows(held, kept), *rows)
