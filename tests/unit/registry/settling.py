"""A registry's memory for tests of single facts: a world with what a test names, and facts settled in it."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from msgspec import Raw

from circulation.facts import Fact, FactEnvelope
from circulation.holds import HoldState
from circulation.ids import BranchCode, HoldId, ItemId, PatronId
from circulation.items import Item
from circulation.loans import Loan
from circulation.patrons import Patron
from circulation.rules import RuleBook
from circulation.wire import encode
from registry.exchange.arrivals import read_arrivals
from registry.exchange.facts import settle
from registry.exchange.outcomes import Outcome, Place
from registry.exchange.world import KnownCard, OpenLoan, World
from registry.holds.queues import Holds
from registry.holds.records import HoldRecord
from tests.builders import a_rule_set

NOW = datetime(2026, 3, 11, 2, 0, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Taipei")
KIOSK = uuid4()


def an_envelope(fact: Fact, *, seq: int = 1, at: datetime = NOW) -> bytes:
    return encode(FactEnvelope(key=uuid4(), seq=seq, at=at, monotonic=0, boot="b", correlation="c", fact=fact))


def a_world(  # noqa: PLR0913 - one optional argument a field
    *,
    patrons: Iterable[Patron] = (),
    items: Iterable[Item] = (),
    loans: Iterable[Loan] = (),
    cards: dict[bytes, KnownCard] | None = None,
    holds: Iterable[HoldRecord] = (),
    kiosk: UUID | None = KIOSK,
) -> World:
    world = World({p.id: p for p in patrons}, {i.id: i for i in items}, cards or {}, RuleBook.of([a_rule_set()]), holds=Holds.of(holds))
    for loan in loans:
        world.open(OpenLoan(loan, kiosk))
    return world


def a_hold_record(  # noqa: PLR0913 - one optional argument a field
    patron: UUID,
    *,
    title: str = "小王子",
    pickup: str = "C01",
    placed_at: datetime = NOW - timedelta(days=9),
    state: HoldState = HoldState.WAITING,
    item: UUID | None = None,
    moved_at: datetime | None = None,
    suspended_until: date | None = None,
) -> HoldRecord:
    """A hold of a patron on a book of ours; kept with an item, it was seen last at the pick-up branch."""
    kept = None if item is None else ItemId(item)
    at = None if item is None else BranchCode(pickup)
    of = HoldId(uuid4()), PatronId(patron), title, BranchCode(pickup), placed_at, state, kept
    return HoldRecord(*of, at=at, moved_at=moved_at, suspended_until=suspended_until)


def settled(world: World, *bodies: bytes, first_seq: int = 1, branch: str = "C01") -> Sequence[Outcome]:
    return settle(read_arrivals(first_seq, [Raw(body) for body in bodies]), world, Place(KIOSK, BranchCode(branch), NOW, ZONE))


def told(outcome: Outcome) -> list[tuple[str, str]]:
    """The rows that go into the feed."""
    return [(str(entry.table), entry.key) for entry in outcome.changes]
