"""Which facts to send next. Pure: numbers in, numbers out; the ledger holds the facts themselves."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from circulation.wire import MAX_BATCH


@dataclass(frozen=True, slots=True)
class Outbox:
    """Where the pushing stands.

    ``next_seq`` is the first fact to send next, ``under_way`` the numbers of the batch that has not been
    answered, ``problem`` why nothing is sent any more, and ``not_before`` when to try again (monotonic seconds).
    ``fork`` is the first number that the registry holds another fact of: what is before it is sent, it itself never under this epoch.
    """

    next_seq: int
    under_way: range | None = None
    problem: str = ""
    not_before: float = 0
    fork: int | None = None

    def batch(self, last_seq: int, *, now: float) -> range | None:
        """The numbers to send now, one batch at a time; none when there is nothing to send or something to wait for."""
        if self.under_way is not None or self.problem or now < self.not_before or self.next_seq > last_seq or self.ends_here:
            return None
        beyond = min(last_seq, self.next_seq + MAX_BATCH - 1) + 1
        return range(self.next_seq, beyond if self.fork is None else min(beyond, self.fork))

    @property
    def ends_here(self) -> bool:
        """Whether all that the registry holds alike has been answered: the epoch ends."""
        return self.fork is not None and self.next_seq >= self.fork

    def forked(self, seq: int) -> "Outbox":
        """After the registry said that it holds another fact of this number."""
        return replace(self, under_way=None, fork=seq)

    def sent(self, numbers: range) -> "Outbox":
        """After a batch was handed over."""
        return replace(self, under_way=numbers)

    def answered(self, seqs: Sequence[int], *, again_at: float) -> "Outbox":
        """After an answer with results for these numbers. One that brings nothing forward waits, or it would be asked for ever."""
        if self.under_way is None:
            return self
        next_seq = self.under_way.start
        while next_seq in seqs and next_seq in self.under_way:
            next_seq += 1
        moved = next_seq > self.under_way.start
        return replace(self, next_seq=next_seq, under_way=None, not_before=0 if moved else again_at)

    def again_from(self, seq: int, last_seq: int, *, again_at: float) -> "Outbox":
        """After the registry said that it lacks facts: go back to this number. One that does not go back is no answer and waits."""
        if self.under_way is None:
            return self
        if 1 <= seq < self.under_way.start and seq <= last_seq:
            return replace(self, next_seq=seq, under_way=None)
        return replace(self, under_way=None, not_before=again_at)

    def stopped(self, problem: str) -> "Outbox":
        """After the registry refused the batch as a whole: nothing is sent before a person has looked."""
        return replace(self, under_way=None, problem=problem)
