"""What a kiosk has in its outbox after hours without a network, batch after batch: loans, returns and renewals, of which none is refused."""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec
import uuid_utils.compat

from benchmarks.city import barcode_of, state_of
from benchmarks.city_files import kind_of
from benchmarks.registry_on_postgres import RegistryOnPostgres, item_of, patron_of
from circulation.cards import CardState
from circulation.chain import after, anchor
from circulation.facts import CheckedIn, CheckedOut, Fact, FactEnvelope, Renewed
from circulation.items import ItemKind
from circulation.wire import ChainSpan, PushBatch, encode

LOANS, RENEWALS = 220, 60
FACTS = 2 * LOANS + RENEWALS
"""Of a whole batch. As many things come back as go out, so that the hundredth batch meets what the first one met."""
_FORTNIGHT = timedelta(days=14)
_RULES = 2
"""The version that the library begins with."""


@dataclass(frozen=True, slots=True)
class _Out:
    """A thing on loan."""

    loan: UUID
    patron: UUID
    card: bytes
    number: int

    def renewed(self) -> Renewed:
        return Renewed(self.loan, self.patron, datetime.now(UTC).date() + 2 * _FORTNIGHT, _RULES, self.card)

    def returned(self) -> CheckedIn:
        return CheckedIn(barcode_of(self.number), item_of(self.number), self.loan)


class Outbox:
    """The facts of one kiosk, ``which`` of ``kiosks``: each has patrons and items of its own."""

    def __init__(self, registry: RegistryOnPostgres, *, which: int = 0, kiosks: int = 1) -> None:
        scale = registry.scale
        self._registry = registry
        self._epoch = uuid.uuid4()
        self._chain = anchor(self._epoch)
        self._seq = 0
        self._people = _again(number for number in range(scale.borrowers + which, scale.patrons, kiosks) if _opens(number))
        self._things = _again(range(scale.lent_here + which, scale.items, kiosks))
        self._out: list[_Out] = []
        self._renewed: list[_Out] = []

    def whole(self) -> PushBatch:
        """A batch of 500, from the third one on: what went out in the batch before comes back, or is renewed and comes back with the next."""
        kept = [one for one in self._out if kind_of(one.number) is ItemKind.BOOK][:RENEWALS]
        back = [*self._renewed, *(one for one in self._out if one not in kept)]
        self._renewed, self._out = kept, []
        lent = [self._lent() for _ in range(LOANS)]
        return self._batch([*lent, *(one.renewed() for one in kept), *(one.returned() for one in back)])

    def one(self) -> PushBatch:
        """A batch of one loan."""
        return self._batch([self._lent()])

    def rest(self) -> PushBatch:
        """Everything that is out comes back."""
        back = [*self._renewed, *self._out]
        self._renewed, self._out = [], []
        return self._batch([one.returned() for one in back])

    def _lent(self) -> CheckedOut:
        person, thing = next(self._people), next(self._things)
        one = _Out(uuid_utils.compat.uuid7(), patron_of(person), self._registry.card_key_of(person), thing)
        self._out.append(one)
        return CheckedOut(one.loan, one.patron, item_of(thing), datetime.now(UTC).date() + _FORTNIGHT, _RULES, one.card)

    def _batch(self, facts: Sequence[Fact]) -> PushBatch:
        first, before = self._seq + 1, self._chain
        bodies = [self._envelope(fact) for fact in facts]
        for body in bodies:
            self._chain = after(self._chain, body)
        span = ChainSpan(before=before, after=self._chain)
        return PushBatch(epoch=self._epoch, first_seq=first, facts=[msgspec.Raw(body) for body in bodies], chain=span)

    def _envelope(self, fact: Fact) -> bytes:
        self._seq += 1
        key, now = uuid_utils.compat.uuid7(), datetime.now(UTC)
        return encode(FactEnvelope(key=key, seq=self._seq, at=now, monotonic=1, boot="boot", correlation="00000000", fact=fact))


def _opens(number: int) -> bool:
    return state_of(number) is CardState.ACTIVE


def _again(numbers: Iterable[int]) -> Iterator[int]:
    """These numbers for ever."""
    known = list(numbers)
    while True:
        yield from known
