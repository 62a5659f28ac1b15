"""One try at a time: what a pusher and a puller make of what they hear."""

from collections.abc import Callable
from pathlib import Path
from random import Random
from uuid import UUID, uuid4

import pytest

from circulation.range_checks import DifferingRange, RangeAnswer, RangeCheck
from circulation.wire import ChangesPage, KeyReused, Problem, PushAnswer, PushBatch, SequenceGap
from kiosk.events import BatchAnswered, BatchRefused, ChangesReceived, RangesChecked, RegistryLost, SendFrom, SnapshotFetched
from sync.errors import (
    CursorGoneError,
    RegistryAnswerError,
    RegistryDistrustsError,
    RegistryForbidsError,
    RegistryOlderError,
    RegistryRefusedError,
    RegistryUnreachableError,
    SnapshotError,
    SyncError,
    one_line,
)
from sync.outage import Outage
from sync.plan import IDLE_SPACING, PUSH_PACE
from sync.pull import Cursor, Puller
from sync.push import Pusher
from tests.unit.sync.values import FEED, NOW, a_batch, a_check, a_page, an_answer_to

LOST = RegistryUnreachableError("no answer in time")
CAME = 4711.5
"""Monotonic seconds at which whatever is said comes."""


class Scripted:
    """A registry that says the next thing on its list, to whatever it is asked. ``asked`` is what it was."""

    def __init__(self, *says: PushAnswer | SequenceGap | KeyReused | ChangesPage | RangeAnswer | Path | SyncError) -> None:
        self._says = list(says)
        self.asked: list[tuple[object, ...]] = []

    def _next(self, *asked: object) -> object:
        self.asked.append(asked)
        said = self._says.pop(0)
        if isinstance(said, SyncError):
            raise said
        return said

    def push(self, batch: PushBatch, told: tuple[UUID, str] | None = None) -> PushAnswer | SequenceGap | KeyReused:
        said = self._next(batch, told)
        assert isinstance(said, PushAnswer | SequenceGap | KeyReused)
        return said

    def changes(self, feed: UUID, after: int, *, wait: int, witness: str = "") -> ChangesPage:
        said = self._next(feed, after, wait, witness)
        assert isinstance(said, ChangesPage)
        return said

    def check_ranges(self, check: RangeCheck) -> RangeAnswer:
        said = self._next(check)
        assert isinstance(said, RangeAnswer)
        return said

    def fetch(self) -> Path:
        said = self._next()
        assert isinstance(said, Path)
        return said


def a_pusher(*says: PushAnswer | SequenceGap | KeyReused | SyncError) -> Pusher:
    return Pusher(Scripted(*says), Outage(random=Random(1), pace=PUSH_PACE), monotonic=lambda: CAME)


def a_puller(*says: ChangesPage | RangeAnswer | Path | SyncError, monotonic: Callable[[], float] = lambda: CAME) -> Puller:
    scripted = Scripted(*says)
    return Puller(scripted, scripted, monotonic=monotonic, random=Random(1))


def test_results_are_handed_to_the_core() -> None:
    batch = a_batch("{}", "{}")
    turn = a_pusher(an_answer_to(batch)).turn(batch)
    assert (turn.events, turn.done, turn.pause, turn.recovered) == ((BatchAnswered(an_answer_to(batch), CAME),), True, 0.0, False)


def test_the_same_batch_is_tried_until_it_is_answered() -> None:
    batch = a_batch("{}", "{}")
    scripted = Scripted(LOST, LOST, an_answer_to(batch))
    pusher = Pusher(scripted, Outage(random=Random(1), pace=PUSH_PACE), monotonic=lambda: CAME)
    while not pusher.turn(batch).done:
        pass
    assert scripted.asked == [(batch, None)] * 3


def test_a_gap_makes_the_core_send_from_there() -> None:
    turn = a_pusher(SequenceGap(send_from=3)).turn(a_batch(first_seq=9))
    assert (turn.events, turn.done) == ((SendFrom(3),), True)


def test_a_key_used_twice_is_given_up() -> None:
    turn = a_pusher(KeyReused(seq=4, problem="other\nbody")).turn(a_batch(first_seq=4))
    assert (turn.events, turn.done) == ((BatchRefused("number 4: other body"),), True)


@pytest.mark.parametrize(
    "refusal",
    [
        RegistryForbidsError(403, Problem(code="kiosk_revoked", problem="revoked")),
        RegistryRefusedError(400, Problem(code="malformed", problem="not readable", place="$.epoch")),
    ],
)
def test_a_refused_batch_is_given_up_with_the_registry_s_words(refusal: RegistryRefusedError) -> None:
    turn = a_pusher(refusal).turn(a_batch())
    assert (turn.events, turn.done) == ((BatchRefused(str(refusal)),), True)


def test_an_outage_is_told_once_and_the_first_answer_ends_it() -> None:
    batch = a_batch()
    pusher = a_pusher(LOST, LOST, RegistryAnswerError("broken"), an_answer_to(batch), LOST)
    turns = [pusher.turn(batch) for _ in range(5)]
    assert [turn.events for turn in turns[:3]] == [(RegistryLost("no answer in time"),), (), ()]
    assert not any(turn.done for turn in turns[:3])
    assert turns[3].done
    assert turns[3].recovered
    assert turns[4].events == (RegistryLost("no answer in time"),)


def test_a_registry_that_asks_for_patience_is_not_lost_but_one_that_falls_silent_then_is() -> None:
    batch = a_batch()
    pusher = a_pusher(RegistryUnreachableError("status 503", retry_after=5), LOST, an_answer_to(batch))
    busy, silent, answered = (pusher.turn(batch) for _ in range(3))
    assert (busy.events, busy.done) == ((), False)
    assert 5 <= busy.pause <= 7.5
    assert silent.events == (RegistryLost("no answer in time"),)
    assert answered.recovered


def test_a_registry_that_asks_for_patience_three_times_in_a_row_is_lost_and_told_once() -> None:
    batch = a_batch()
    busy = RegistryUnreachableError("status 503", retry_after=5)
    pusher = a_pusher(busy, busy, busy, busy, an_answer_to(batch), busy)
    turns = [pusher.turn(batch) for _ in range(6)]
    assert [turn.events for turn in turns[:4]] == [(), (), (RegistryLost("status 503"),), ()]
    assert turns[4].recovered
    assert turns[5].events == ()


def test_a_kiosk_that_the_registry_does_not_know_goes_on_sending() -> None:
    refusal = RegistryDistrustsError(401, Problem(code="kiosk_unknown", problem="no kiosk of this name"))
    turn = a_pusher(refusal).turn(a_batch())
    assert (turn.events, turn.done) == ((RegistryLost(str(refusal)),), False)


@pytest.mark.parametrize("answer", [an_answer_to(a_batch("{}", "{}")), SequenceGap(send_from=1), SequenceGap(send_from=0)])
def test_an_answer_that_can_not_be_one_to_this_batch_is_tried_again(answer: PushAnswer | SequenceGap) -> None:
    turn = a_pusher(answer).turn(a_batch())
    assert isinstance(turn.events[0], RegistryLost)
    assert not turn.done


def test_a_page_is_handed_to_the_core() -> None:
    page = a_page(seqs=(1, 3))
    turn = a_puller(page).turn(Cursor(FEED, 0))
    assert (turn.events, turn.done, turn.pause) == ((ChangesReceived(page, CAME),), True, 0.0)


def test_an_empty_page_is_handed_on_too_and_the_next_poll_keeps_its_distance() -> None:
    page = a_page(start=5)
    turn = a_puller(page).turn(Cursor(FEED, 5))
    assert (turn.events, turn.done, turn.pause) == ((ChangesReceived(page, CAME),), True, IDLE_SPACING)


def test_a_poll_that_waited_long_enough_is_followed_at_once() -> None:
    instants = iter((100.0, 125.0))
    turn = a_puller(a_page(start=5), monotonic=lambda: next(instants)).turn(Cursor(FEED, 5))
    assert turn.pause == 0


def test_a_page_of_another_cursor_never_reaches_the_core() -> None:
    turn = a_puller(a_page(start=6)).turn(Cursor(FEED, 5))
    assert turn.events == (RegistryLost("start: 6 instead of 5"),)
    assert not turn.done


def test_without_a_feed_a_snapshot_is_fetched(tmp_path: Path) -> None:
    turn = a_puller(tmp_path).turn(Cursor(None, 0))
    assert (turn.events, turn.done, turn.pause) == ((SnapshotFetched(tmp_path),), True, 0.0)


def test_a_cursor_that_can_not_be_served_leads_to_a_snapshot(tmp_path: Path) -> None:
    turn = a_puller(CursorGoneError("too old"), tmp_path).turn(Cursor(FEED, 5))
    assert (turn.events, turn.done) == ((SnapshotFetched(tmp_path),), True)


def test_snapshots_that_lead_nowhere_are_not_fetched_over_and_over(tmp_path: Path) -> None:
    gone = CursorGoneError("too old")
    puller = a_puller(gone, tmp_path, gone, tmp_path, a_page(start=5), gone, tmp_path)
    first, second, page, third = (puller.turn(Cursor(FEED, 5)) for _ in range(4))
    assert first.pause == 0
    assert second.pause > 0
    assert isinstance(page.events[0], ChangesReceived)
    assert third.pause == 0


def test_a_broken_snapshot_is_tried_again_later_and_told_once() -> None:
    puller = a_puller(SnapshotError("version: 3 is below 4"), SnapshotError("version: 3 is below 4"))
    first, second = (puller.turn(Cursor(None, 0)) for _ in range(2))
    assert (first.events, first.done) == ((RegistryLost("version: 3 is below 4"),), False)
    assert (second.events, second.done) == ((), False)


def test_a_revoked_kiosk_goes_on_asking() -> None:
    turn = a_puller(RegistryForbidsError(403, Problem(code="kiosk_revoked", problem="revoked"))).turn(Cursor(uuid4(), 5))
    assert not turn.done


def test_text_from_outside_is_one_short_line() -> None:
    assert one_line("a\nb\x1b[31m\u202ec") == "a b [31m c"
    assert len(one_line("x" * 10_000)) == 201


def test_a_comparison_is_asked_before_the_feed_and_alone() -> None:
    check = a_check(cursor=5)
    same = RangeAnswer(server_time=NOW, position=5)
    turn = a_puller(same).turn(Cursor(FEED, 5, check))
    assert (turn.events, turn.done, turn.pause) == ((RangesChecked(check, same),), True, 0.0)


OLDER = RegistryOlderError(404, Problem(code="not_found", problem="there is nothing at this address"))


@pytest.mark.parametrize(
    "refusal", [OLDER, RegistryRefusedError(409, Problem(code="other_schema", problem="schema 4", place="schema"))], ids=["older", "schema"]
)
def test_a_registry_that_can_not_compare_is_no_fault(refusal: SyncError) -> None:
    check = a_check(cursor=5)
    turn = a_puller(refusal).turn(Cursor(FEED, 5, check))
    assert (turn.events, turn.done, turn.pause) == ((RangesChecked(check, None),), True, 0.0)


@pytest.mark.parametrize(
    "says",
    [
        LOST,
        CursorGoneError("another feed"),
        RegistryRefusedError(400, Problem(code="malformed", problem="what is this?")),
        RangeAnswer(server_time=NOW, position=4),
        RangeAnswer(server_time=NOW, position=5, differing=(DifferingRange(range=1),)),
    ],
    ids=["lost", "gone", "refused", "before the cursor", "not asked for"],
)
def test_a_comparison_that_fails_never_holds_up_the_feed_and_is_not_asked_again(says: SyncError | RangeAnswer) -> None:
    page = a_page(seqs=(6,), start=5)
    puller = a_puller(says, LOST, page)
    cursor = Cursor(FEED, 5, a_check(cursor=5))
    first, second = puller.turn(cursor), puller.turn(cursor)
    assert (first.events, first.done) == ((RegistryLost("no answer in time"),), False)
    assert (second.events, second.done) == ((ChangesReceived(page, CAME),), True)


def test_facts_are_kept_and_tried_again_when_the_registry_has_no_address_for_them() -> None:
    turn = a_pusher(OLDER).turn(a_batch())
    assert (turn.events, turn.done) == ((RegistryLost(str(OLDER)),), False)
