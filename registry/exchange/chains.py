"""Whether a batch goes on from the chain that the registry knows (``circulation.chain``). Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from msgspec import UNSET, UnsetType

from circulation.chain import along
from circulation.wire import ChainSpan
from registry.exchange.arrivals import Arrival

CHAIN_BROKEN = "chain_broken"


@dataclass(frozen=True, slots=True)
class BrokenChain:
    """The ledger's history is not the one it had. ``place`` is in the batch, ``seq`` the number of its first fact."""

    seq: int
    place: str
    problem: str


def broken_before(span: ChainSpan | UnsetType, known: bytes | None, *, seq: int) -> BrokenChain | None:
    """What is wrong with where a batch begins; ``known`` is the value before its first fact, none when nobody can say.

    A ledger that once had a chain has one for good: an older program can't open it.
    """
    if known is None:
        return None
    if span is UNSET:
        return BrokenChain(seq, "chain", "this ledger has a chain, and the batch leaves it out")
    if span.before != known:
        return BrokenChain(seq, "chain.before", f"the facts before number {seq} are not those that came")
    return None


def values_along(span: ChainSpan | UnsetType, arrivals: Sequence[Arrival]) -> list[bytes | None]:
    """The value after each fact, from where the batch says that it begins; nothing without a chain."""
    if span is UNSET:
        return [None] * len(arrivals)
    return list(along(span.before, (arrival.body for arrival in arrivals)))


def broken_after(span: ChainSpan | UnsetType, values: Sequence[bytes | None], *, seq: int) -> BrokenChain | None:
    """What is wrong with where a batch ends: its facts are not those that the ledger chained."""
    if span is UNSET or values[-1] == span.after:
        return None
    return BrokenChain(seq, "chain.after", "these facts are not those that the ledger wrote down")
