"""What became of one fact, and what a fact is judged in. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec import UNSET, UnsetType

from circulation.cards import CardState
from circulation.ids import BranchCode, HoldId, ItemId, LoanId, PatronId
from circulation.items import Item
from circulation.reasons import Reason
from circulation.wire import FactStatus, HeardTime
from registry.exchange.arrivals import Arrival
from registry.exchange.moments import Moment
from registry.exchange.projection import key_text
from registry.exchange.store_feed import FeedEntry
from registry.exchange.world import World
from registry.holds.records import HoldRecord
from replica.tables import ReplicaTable


@dataclass(frozen=True, slots=True)
class Place:
    """Whose facts these are, and when and where they are settled. ``now`` is aware UTC."""

    kiosk: UUID
    branch: BranchCode
    now: datetime
    zone: ZoneInfo
    heard: HeardTime | UnsetType = UNSET


@dataclass(frozen=True, slots=True)
class CardAt:
    """A card that was reported lost, or shown although it was, and when (aware UTC)."""

    card_key: bytes
    patron: PatronId
    at: datetime


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one fact.

    ``changes`` are the rows that go into the feed: changed, gone, or only repeated so that the kiosk's overlay can go too (rule 5).
    ``loan``, ``patron`` and ``item`` are what the fact is about.
    """

    arrival: Arrival
    status: FactStatus
    reasons: tuple[Reason, ...] = ()
    place: str = ""
    problem: str = ""
    changes: tuple[FeedEntry, ...] = ()
    loan: LoanId | None = None
    patron: PatronId | None = None
    item: ItemId | None = None
    collides_with: LoanId | None = None
    """Another open loan of the item."""
    lost: CardAt | None = None
    """The card that was stopped."""
    found: CardAt | None = None
    """The lost card that somebody showed."""
    moment: Moment | None = None
    """When it happened; none of what could not be read."""


def judged(reasons: tuple[Reason, ...]) -> FactStatus:
    """Accepted without a reason, else flagged with all of them."""
    return FactStatus.FLAGGED if reasons else FactStatus.ACCEPTED


def card_reasons(card: bytes | None, patron: UUID, world: World) -> Iterator[Reason]:
    """What speaks against the card that opened a session, as the registry knows it now."""
    if card is None:
        return
    known = world.cards.get(card)
    if known is None or known.patron != patron:
        # Replaced while the kiosk was offline, or never this patron's: the fact stands, staff look (rule 14).
        yield Reason.CARD_UNKNOWN
    elif known.state is CardState.LOST:
        yield Reason.CARD_LOST


def loan_row(key: LoanId) -> FeedEntry:
    """The row of a loan, for every branch."""
    return FeedEntry(ReplicaTable.LOAN, key_text(key))


def hold_row(key: HoldId) -> FeedEntry:
    """The row of a hold, for every branch."""
    return FeedEntry(ReplicaTable.HOLD, key_text(key))


def item_rows(item: Item, *kept_for: HoldRecord) -> tuple[FeedEntry, ...]:
    """The row of an item, for its own branch last, and before for those where one of these holds is collected."""
    others = dict.fromkeys(one.pickup for one in kept_for if one.pickup != item.branch)
    return tuple(FeedEntry(ReplicaTable.ITEM, key_text(item.id), branch) for branch in (*others, item.branch))
