"""What the registry makes of facts: reading them one by one, deciding in order in memory. Pure.

A fact has happened (sync rule 4): nothing here refuses one. The same policy as the kiosk's runs again
with what the registry knows, and what it finds becomes reasons for staff. The promised due date stands.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import assert_never, get_args
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Raw, Struct

from circulation.cards import CardState
from circulation.facts import CheckedOut, CheckoutUndone, Fact, FactEnvelope
from circulation.ids import ItemId, LoanId, PatronId
from circulation.items import Item, ItemStatus
from circulation.loans import Loan
from circulation.opening_days import local_date
from circulation.patrons import Patron
from circulation.policy import decide_checkout, rules_for
from circulation.reasons import Reason
from circulation.rules import RuleBook
from circulation.wire import FactStatus
from registry.plain_text import plain

KNOWN_FACTS = frozenset(kind.__struct_config__.tag for kind in get_args(Fact))


class _Tagged(Struct):
    type: str


class _AnyEnvelope(Struct):
    key: UUID
    seq: int
    fact: _Tagged


_ENVELOPE = msgspec.json.Decoder(FactEnvelope)
_ANY_ENVELOPE = msgspec.json.Decoder(_AnyEnvelope)
_PLACE = re.compile(r"(?P<problem>.*) - at `\$(?P<place>.*)`$", re.DOTALL)
_LONGEST_OFFLINE = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Arrival:
    """One fact of a batch. Without an envelope it could not be read, or is of a kind this registry does not know."""

    seq: int
    index: int
    """Its place in the batch, for messages."""
    body: bytes
    key: UUID | None = None
    envelope: FactEnvelope | None = None
    status: FactStatus = FactStatus.ACCEPTED
    place: str = ""
    problem: str = ""


def split_place(message: str) -> tuple[str, str]:
    """A decoder's message as (what is wrong, where): ``("Expected `date`, got `str`", ".fact.due")``."""
    match = _PLACE.fullmatch(message)
    return (match["problem"], match["place"]) if match else (message, "")


def read_arrivals(first_seq: int, facts: Sequence[Raw]) -> list[Arrival]:
    """Read each fact by itself: one that is malformed names its place and leaves the others alone."""
    return [_read(first_seq + i, i, bytes(raw)) for i, raw in enumerate(facts)]


def _read(seq: int, index: int, body: bytes) -> Arrival:
    def malformed(place: str, problem: str) -> Arrival:
        place = plain(f"facts[{index}]{place}")
        return Arrival(seq, index, body, status=FactStatus.MALFORMED, place=place, problem=plain(problem))

    try:
        # The decoder looks at the bytes of no string that it skips.
        body.decode()
        envelope = _ENVELOPE.decode(body)
    except msgspec.ValidationError as error:
        kind = _unknown_kind(body)
        if kind is not None:
            return Arrival(seq, index, body, key=kind.key, status=FactStatus.UNKNOWN)
        problem, place = split_place(str(error))
        return malformed(place, problem)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return malformed("", f"not JSON: {error}")
    if envelope.seq != seq:
        return malformed(".seq", f"Expected {seq}: the i-th fact of a batch has number first_seq + i")
    if envelope.at.tzinfo is None:
        return malformed(".at", "Expected an instant with its offset from UTC")
    return Arrival(seq, index, body, key=envelope.key, envelope=envelope)


def _unknown_kind(body: bytes) -> _AnyEnvelope | None:
    try:
        found = _ANY_ENVELOPE.decode(body)
    except (msgspec.DecodeError, RecursionError):
        return None
    return found if found.fact.type not in KNOWN_FACTS else None


@dataclass(frozen=True, slots=True)
class KnownCard:
    """Whose card a card key is, and what it may do."""

    patron: PatronId
    state: CardState


@dataclass(frozen=True, slots=True)
class OpenLoan:
    """An open loan and the kiosk that made it, where one did."""

    loan: Loan
    kiosk: UUID | None


@dataclass(frozen=True, slots=True)
class Asked:
    """Every row that a batch looks at."""

    patrons: frozenset[UUID]
    items: frozenset[UUID]
    loans: frozenset[UUID]
    cards: frozenset[bytes]


def asked_by(arrivals: Sequence[Arrival]) -> Asked:
    """Collect what must be read, so that it can be read by set."""
    facts = [arrival.envelope.fact for arrival in arrivals if arrival.envelope is not None]
    lent = [fact for fact in facts if isinstance(fact, CheckedOut)]
    return Asked(
        frozenset(fact.patron for fact in lent),
        frozenset(fact.item for fact in lent),
        frozenset(fact.loan for fact in facts),
        frozenset(fact.card for fact in lent if fact.card is not None),
    )


@dataclass(slots=True)
class World:
    """What the registry knows of the rows that a batch looks at. Changes as the facts are settled in their order."""

    patrons: dict[PatronId, Patron]
    items: dict[ItemId, Item]
    cards: dict[bytes, KnownCard]
    rules: RuleBook
    taken: set[LoanId] = field(default_factory=set)
    """Keys of loans that are on record, closed ones too."""
    loans: dict[LoanId, OpenLoan] = field(default_factory=dict)
    """The open loans of these patrons, of these items, and those named by themselves. Added by ``open`` only."""
    _of_patron: dict[PatronId, dict[LoanId, Loan]] = field(default_factory=dict)
    _of_item: dict[ItemId, dict[LoanId, Loan]] = field(default_factory=dict)

    def open(self, one: OpenLoan) -> None:
        """Take note of an open loan."""
        loan = one.loan
        self.loans[loan.id] = one
        self.taken.add(loan.id)
        self._of_patron.setdefault(loan.patron, {})[loan.id] = loan
        self._of_item.setdefault(loan.item, {})[loan.id] = loan

    def close(self, key: LoanId) -> None:
        """Forget a loan that is no longer open."""
        loan = self.loans.pop(key).loan
        del self._of_patron[loan.patron][key]
        del self._of_item[loan.item][key]

    def loans_of(self, patron: PatronId) -> list[Loan]:
        """The patron's open loans."""
        return list(self._of_patron.get(patron, {}).values())

    def loan_of(self, item: ItemId) -> Loan | None:
        """An open loan of the item, the first there was."""
        return next(iter(self._of_item.get(item, {}).values()), None)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one fact."""

    arrival: Arrival
    status: FactStatus
    reasons: tuple[Reason, ...] = ()
    place: str = ""
    problem: str = ""
    lent: Loan | None = None
    undone: LoanId | None = None
    told: LoanId | None = None
    """The loan whose row goes into the feed: new, gone, or never made, so that the kiosk's overlay can go too (rule 5)."""
    shelved: Item | None = None
    """The item, when the loan showed that its status was out of date."""
    collides_with: LoanId | None = None


def settle(arrivals: Sequence[Arrival], world: World, *, kiosk: UUID, now: datetime, zone: ZoneInfo) -> list[Outcome]:
    """Take the facts in their order; each sees what those before it did."""

    def outcome(arrival: Arrival) -> Outcome:
        envelope = arrival.envelope
        if envelope is None:
            return Outcome(arrival, arrival.status, place=arrival.place, problem=arrival.problem)
        match envelope.fact:
            case CheckedOut() as fact:
                return _checked_out(arrival, fact, world, kiosk=kiosk, at=happened_at(envelope.at, now=now), zone=zone)
            case CheckoutUndone() as fact:
                return _undone(arrival, fact, world, kiosk=kiosk)
            case fact:
                assert_never(fact)

    return [outcome(arrival) for arrival in arrivals]


def happened_at(at: datetime, *, now: datetime) -> datetime:
    """When a fact happened, in UTC: as the kiosk says, unless its clock was plainly wrong (rule 10)."""
    try:
        said = at.astimezone(UTC)
    except OverflowError:
        return now
    return said if now - _LONGEST_OFFLINE <= said <= now else now


def _checked_out(  # noqa: PLR0913 - the fact and what it is judged by
    arrival: Arrival, fact: CheckedOut, world: World, *, kiosk: UUID, at: datetime, zone: ZoneInfo
) -> Outcome:
    key = LoanId(fact.loan)
    if key in world.taken:
        place = f"facts[{arrival.index}].fact.loan"
        return Outcome(arrival, FactStatus.MALFORMED, place=place, problem="this loan is already on record")
    patron = world.patrons.get(PatronId(fact.patron))
    item = world.items.get(ItemId(fact.item))
    card_reasons = tuple(_card_reasons(fact, world))
    if patron is None or item is None:
        unknown = tuple(reason for reason, found in ((Reason.PATRON_UNKNOWN, patron), (Reason.ITEM_UNKNOWN, item)) if found is None)
        return Outcome(arrival, FactStatus.FLAGGED, (*card_reasons, *unknown), told=key)
    today = local_date(at, zone)
    lent_to = world.loan_of(item.id)
    rules = rules_for(patron, world.rules.on(today))
    decision = decide_checkout(patron, item, world.loans_of(patron.id), rules, lent_to=lent_to, today=today)
    loan = Loan(key, patron.id, item.id, item.title, item.kind, fact.due, at)
    world.open(OpenLoan(loan, kiosk))
    found = (*card_reasons, *decision.reasons)
    shelved = _out_of_date(item, patron)
    if shelved is not None:
        world.items[item.id] = shelved
    return Outcome(
        arrival,
        FactStatus.FLAGGED if found else FactStatus.ACCEPTED,
        found,
        lent=loan,
        told=key,
        shelved=shelved,
        collides_with=None if lent_to is None else lent_to.id,
    )


def _card_reasons(fact: CheckedOut, world: World) -> Iterator[Reason]:
    if fact.card is None:
        return
    known = world.cards.get(fact.card)
    if known is None or known.patron != fact.patron:
        # Replaced while the kiosk was offline, or never this patron's: the loan stands, staff look (rule 14).
        yield Reason.CARD_UNKNOWN
    elif known.state is CardState.LOST:
        yield Reason.CARD_LOST


def _out_of_date(item: Item, patron: Patron) -> Item | None:
    """An item in a patron's hands is neither missing nor waiting on the hold shelf any more."""
    fetched = item.status is ItemStatus.ON_HOLD_SHELF and item.held_for == patron.id
    if fetched or item.status in {ItemStatus.MISSING, ItemStatus.LOST}:
        return Item(item.id, item.barcode, item.title, item.kind, ItemStatus.AVAILABLE, item.branch)
    return None


def _undone(arrival: Arrival, fact: CheckoutUndone, world: World, *, kiosk: UUID) -> Outcome:
    key = LoanId(fact.loan)
    known = world.loans.get(key)
    if known is None or known.kiosk != kiosk:
        return Outcome(arrival, FactStatus.FLAGGED, (Reason.LOAN_UNKNOWN,), told=key)
    world.close(key)
    return Outcome(arrival, FactStatus.ACCEPTED, undone=key, told=key)
