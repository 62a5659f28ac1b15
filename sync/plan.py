"""What to do next: the meaning of every kind of answer, how long to wait, what a page must look like. Pure."""

from dataclasses import dataclass
from enum import StrEnum, unique
from random import Random
from types import MappingProxyType
from uuid import UUID

from circulation.range_checks import RangeAnswer, RangeCheck
from circulation.wire import MAX_PAGE, ChangesPage, PinAnswer, PinVerdict, Position, PushAnswer, PushBatch, SequenceGap


@unique
class Errand(StrEnum):
    """What a request is sent for."""

    PUSH = "push"
    """Facts up."""
    PULL = "pull"
    """Changes or a snapshot down."""


@unique
class Heard(StrEnum):
    """What kind of answer came."""

    ANSWERED = "answered"
    GAP = "gap"
    """409: facts are missing before these."""
    REUSED = "reused"
    """422: a number or key came before with another body."""
    FORKED = "forked"
    """422: from a number on the registry holds other facts of this epoch."""
    GONE = "gone"
    """410: this cursor can't be served."""
    UNPROVEN = "unproven"
    """401, although the clock was put right: the signature proves nothing there. The registry may come to know this kiosk again."""
    REVOKED = "revoked"
    """403: the kiosk's rights were taken away."""
    OLDER = "older"
    """404 or 405: the registry's programme is older and does not have this address."""
    REJECTED = "rejected"
    """Another refusal in the protocol's words."""
    UNREADABLE = "unreadable"
    """Not an answer of this protocol: broken, endless, a redirect, a page of another cursor."""
    UNREACHABLE = "unreachable"
    """No connection, no answer in time, too busy, or a fault on the registry's side."""


@unique
class Step(StrEnum):
    """What to do then."""

    DELIVER = "deliver"
    RESEND = "resend"
    """The core sends again from the number that the registry named."""
    NEW_EPOCH = "new_epoch"
    """The core goes on in a new epoch."""
    GIVE_UP = "give_up"
    """Tell the core; repeating the same would bring the same."""
    SNAPSHOT = "snapshot"
    RETRY = "retry"
    """The same again after a pause."""


STEPS = MappingProxyType(
    {
        (Errand.PUSH, Heard.ANSWERED): Step.DELIVER,
        (Errand.PUSH, Heard.GAP): Step.RESEND,
        (Errand.PUSH, Heard.REUSED): Step.GIVE_UP,
        (Errand.PUSH, Heard.FORKED): Step.NEW_EPOCH,
        (Errand.PUSH, Heard.GONE): Step.RETRY,
        (Errand.PUSH, Heard.UNPROVEN): Step.RETRY,
        (Errand.PUSH, Heard.REVOKED): Step.GIVE_UP,
        (Errand.PUSH, Heard.OLDER): Step.RETRY,
        (Errand.PUSH, Heard.REJECTED): Step.GIVE_UP,
        (Errand.PUSH, Heard.UNREADABLE): Step.RETRY,
        (Errand.PUSH, Heard.UNREACHABLE): Step.RETRY,
        (Errand.PULL, Heard.ANSWERED): Step.DELIVER,
        (Errand.PULL, Heard.GAP): Step.RETRY,
        (Errand.PULL, Heard.REUSED): Step.RETRY,
        (Errand.PULL, Heard.FORKED): Step.RETRY,
        (Errand.PULL, Heard.GONE): Step.SNAPSHOT,
        (Errand.PULL, Heard.UNPROVEN): Step.RETRY,
        (Errand.PULL, Heard.REVOKED): Step.RETRY,
        (Errand.PULL, Heard.OLDER): Step.RETRY,
        (Errand.PULL, Heard.REJECTED): Step.RETRY,
        (Errand.PULL, Heard.UNREADABLE): Step.RETRY,
        (Errand.PULL, Heard.UNREACHABLE): Step.RETRY,
    },
)
"""Every errand against every kind of answer. A stuck upload is for a person; downloads are tried for ever."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How patiently to try again. All in seconds.

    ``spread`` is the bound of the first pause after a success: when the registry restarts, every
    long poll of the city breaks in the same instant, and they must not all come back in the next
    one (sync rule 12). 0 for errands that people start, which are spread by themselves.
    """

    first: float = 0.5
    cap: float = 30.0
    spread: float = 0.0


PUSH_PACE = Pace()
PULL_PACE = Pace(spread=30.0)
IDLE_SPACING = 20.0
"""Seconds between two polls when there is nothing new, also when the registry answers early: at most three a minute."""
BUSY_SPACING = 1.0
"""Seconds between two polls when the feed moves, but not for this branch."""


def next_delay(failures: int, random: Random, pace: Pace = PUSH_PACE, *, asked: float | None = None) -> float:
    """Seconds to wait after so many failures in a row: anything from 0 up to a bound that doubles (full jitter).

    ``asked`` is what the registry itself wants, in seconds; it is granted up to the cap, and then spread by half.

    Raises:
        ValueError: nothing has failed.

    """
    if failures < 1:
        message = "there is no pause after a success"
        raise ValueError(message)
    if asked is not None:
        return min(asked, pace.cap) * random.uniform(1, 1.5)
    if failures == 1 and pace.spread:
        return random.uniform(0, pace.spread)
    # Beyond 2^16 times the first bound no sensible cap is left, and a float must not overflow after a year offline.
    return random.uniform(0, min(pace.cap, pace.first * 2 ** min(failures - 1, 16)))


def rest_after(page: ChangesPage, *, took: float) -> float:
    """Seconds to rest before the next poll, when this page came after ``took`` seconds."""
    if page.changes:
        return 0.0
    spacing = BUSY_SPACING if page.end > page.start else IDLE_SPACING
    return max(0.0, spacing - took)


def page_problem(page: ChangesPage, *, feed: UUID, after: Position) -> str | None:
    """Why this page must not be applied at this cursor, in words for engineers; none when it may (sync rule 7)."""
    if page.feed != feed:
        return "feed: a page of another feed"
    if page.start != after:
        return f"start: {page.start} instead of {after}"
    if page.end < page.start:
        return f"end: {page.end} is before start {page.start}"
    if page.head < page.end:
        return f"head: {page.head} is before end {page.end}"
    if page.server_time.tzinfo is None:
        return "server_time: has no time zone"
    if len(page.changes) > MAX_PAGE:
        return f"changes: more than {MAX_PAGE}"
    before = page.start
    for index, change in enumerate(page.changes):
        if not before < change.seq <= page.end:
            return f"changes[{index}].seq: {change.seq} is not above {before} and up to {page.end}"
        before = change.seq
    return None


def range_problem(answer: RangeAnswer, check: RangeCheck) -> str | None:
    """Why this can't be the word on these ranges, in words for engineers; none when it can (sync rule 11)."""
    if answer.position < check.cursor:
        return f"position: {answer.position} is before the cursor {check.cursor}"
    if answer.server_time.tzinfo is None:
        return "server_time: has no time zone"
    named = [*(one.range for one in answer.differing), *answer.unsettled]
    if any(not 0 <= number < len(check.ranges) for number in named) or len(set(named)) != len(named):
        return "differing, unsettled: a range that was not asked for, or one twice"
    if sum(len(one.rows) for one in answer.differing) > MAX_PAGE:
        return f"differing: more than {MAX_PAGE} rows"
    return None


def push_problem(answer: PushAnswer, batch: PushBatch) -> str | None:
    """Why these can't be the results of this batch, in words for engineers; none when they can."""
    count = len(batch.facts)
    if len(answer.results) != count:
        return f"results: {len(answer.results)} for {count} facts"
    for index, result in enumerate(answer.results):
        if result.seq != batch.first_seq + index:
            return f"results[{index}].seq: {result.seq} instead of {batch.first_seq + index}"
    if answer.next_seq < batch.first_seq + count:
        return f"next_seq: {answer.next_seq} is not above the batch"
    if answer.server_time.tzinfo is None:
        return "server_time: has no time zone"
    return None


def gap_problem(gap: SequenceGap, batch: PushBatch) -> str | None:
    """Why this can't be a gap before this batch; none when it can. Without it, two sides could send each other in circles."""
    if 1 <= gap.send_from < batch.first_seq:
        return None
    return f"send_from: {gap.send_from} is not from 1 up to {batch.first_seq - 1}"


def pin_problem(answer: PinAnswer) -> str | None:
    """Why this can't be the word on a PIN, in words for engineers; none when it can."""
    if answer.locked_until is None:
        return None
    if answer.verdict is not PinVerdict.LOCKED:
        return "locked_until: of a PIN that is not locked"
    return None if answer.locked_until.tzinfo is not None else "locked_until: has no time zone"
