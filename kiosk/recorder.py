"""Writing down what happened. A fact gets its key and its times here: wall, monotonic and boot together say how far off this kiosk's clock is (sync rule 10)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from circulation.facts import Fact, FactEnvelope
from kiosk.ports import Clock, Keys
from kiosk.store.ledger import Ledger

NANOSECONDS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Recorder:
    """The ledger, the clock and the keys of one kiosk."""

    ledger: Ledger
    clock: Clock
    keys: Keys

    def now(self) -> datetime:
        """Wall time, aware UTC."""
        return self.clock.now()

    def new_key(self) -> UUID:
        """A fresh UUIDv7."""
        return self.keys.new_key()

    def envelope(self, fact: Fact, *, seq: int, at: datetime, correlation: str) -> FactEnvelope:
        """The fact with its idempotency key, its number and its times."""
        monotonic = int(self.clock.monotonic() * NANOSECONDS)
        return FactEnvelope(self.keys.new_key(), seq, at, monotonic, self.clock.boot_id(), correlation, fact)
