"""Rules of the synchronisation, each broken once: what ledger, replica and registry do with facts and changes."""

from typing import Any

from sqlalchemy import delete

import kiosk.store.opening
import kiosk.store.overlay_rows
import kiosk.store.replica_writer
import kiosk.store.unit_of_work
import registry.exchange.facts
import registry.exchange.lendings
import registry.exchange.push
import registry.exchange.returns
import registry.exchange.store_facts
import sync.pull
import sync.push
from kiosk.core import Core
from kiosk.feed import FeedFollower
from kiosk.sender import Sender
from kiosk.store.ledger import Ledger
from kiosk.store.ledger_tables import local_item, local_loan
from kiosk.store.replica_ranges import ReplicaRanges
from kiosk.store.replica_writer import ReplicaWriter
from kiosk.store.unit_of_work import UnitOfWork
from registry.exchange.polls import Polls
from registry.exchange.push import FactIntake
from registry.exchange.store_facts import StoredFact
from registry.kiosks.covers import Covers
from sync.witness import LastWitness
from tests.simulation.breaking import Mutant, Put, Rewrite
from tests.simulation.peopled import FAULTS, FORGETFUL_REGISTRY, IMAGE_THEN_BACKUP
from tests.simulation.upkeep import UPKEEP


def _never_stale(page: Any, **_asked: Any) -> None:
    """Every page is as good as any other."""


_ALL_ANSWERED = tuple(delete(table).where(table.c.position.is_not(None)) for table in (local_loan, local_item))

_UNSPOILT = tuple(fault for fault in FAULTS if fault != "spoilt_row")
"""So that whatever comparing ranges has to put right is noticed."""

BROKEN_RULES: tuple[Mutant, ...] = (
    Mutant(
        "not_durable",
        "1",
        "a fact is shown as done before it is committed",
        (Put(UnitOfWork, "commit", lambda _self: None),),
    ),
    Mutant(
        "no_dedupe",
        "2",
        "a retry is applied as if it were new",
        (Rewrite(FactIntake, "_take", "[arrival for arrival in arrivals if arrival.seq > last]", "list(arrivals)"),),
    ),
    Mutant(
        "other_body_taken",
        "2",
        "nobody looks whether the facts of a ledger are those that came before: by bodies, by the chain, by how many there are",
        (
            Put(StoredFact, "is_of", lambda _self, _body: True),
            Put(registry.exchange.push, "broken_before", lambda *_args, **_named: None),
            Put(registry.exchange.push, "broken_after", lambda *_args, **_named: None),
            Rewrite(Sender, "answered", "answer.next_seq - 1 + base > self._last_seq", "False"),
        ),
    ),
    Mutant(
        "ack_all",
        "2",
        "a batch that was sent counts as taken, whatever came back",
        (
            Rewrite(
                sync.push.Pusher,
                "_failed",
                "return Turn(events=events, done=False, pause=pause)",
                "return Turn(events=events, done=True, pause=pause)",
            ),
        ),
    ),
    Mutant(
        "no_results_kept",
        "2",
        "the number is not moved on with the facts, so that the next batch is a gap",
        (Put(registry.exchange.store_facts, "advance", lambda *_args: None),),
    ),
    Mutant(
        "epoch_not_changed",
        "3",
        "a ledger that was made anew, or is an old image, goes on in the epoch of the one before",
        (
            Rewrite(kiosk.store.opening, "_make_device", '"epoch": new_epoch()', '"epoch": UUID(int=7, version=4)'),
            Put(kiosk.store.unit_of_work, "begin", lambda _connection, _epoch, **_named: 0),
        ),
    ),
    Mutant(
        "ended_epoch_forgotten",
        "3",
        "facts of an epoch that ended are not sent again to a registry that was put back",
        (Rewrite(kiosk.store.unit_of_work, "begin", "first - 1 > former.epoch_base", "False"),),
        faults=(IMAGE_THEN_BACKUP,),
    ),
    Mutant(
        "due_recomputed",
        "4",
        "the registry sets the due date anew instead of honouring the promised one",
        (Rewrite(registry.exchange.facts, "checked_out", "due = world.promised(fact.due)", "due = world.promised(today)"),),
    ),
    Mutant(
        "silent_double_loan",
        "4",
        "an item that is lent twice is no conflict",
        (Rewrite(registry.exchange.facts, "checked_out", "None if lent_to is None else lent_to.id", "None"),),
    ),
    Mutant(
        "loss_overridden",
        "4",
        "who lends by a card after its loss report wins",
        (Put(registry.exchange.lendings, "card_reasons", lambda *_args: ()),),
    ),
    Mutant(
        "no_corrective_row",
        "5",
        "the row of a loan that was returned by name is not told",
        (Rewrite(registry.exchange.facts, "checked_in", "changes.append(loan_row(named))", "pass"),),
    ),
    Mutant(
        "feed_held_back",
        "6",
        "no change is applied while facts wait",
        (Rewrite(Core, "_apply", "if self._feed.step():", "if not self._sender.unanswered and self._feed.step():"),),
    ),
    Mutant(
        "no_cursor_check",
        "7",
        "a page is applied wherever it begins",
        (
            Put(sync.pull, "page_problem", _never_stale),
            Rewrite(FeedFollower, "received", "(page.feed, page.start) != (self.in_use.state.feed, self.in_use.state.cursor)", "False"),
            Rewrite(
                ReplicaWriter,
                "_advance",
                '"expected": page.changes[done - 1].seq if done else page.start',
                '"expected": self._connection.exec_driver_sql("SELECT cursor FROM state").scalar_one()',
            ),
        ),
        _UNSPOILT,
    ),
    Mutant(
        "tombstone_dropped",
        "8",
        "a row that went stays in the replica",
        (
            Rewrite(
                ReplicaWriter,
                "_apply_rows",
                "self._connection.execute((_REMOVE if removed else _PUT)[table], [change.values for change in group])",
                "None if removed else self._connection.execute(_PUT[table], [change.values for change in group])",
            ),
        ),
        _UNSPOILT,
    ),
    Mutant(
        "forgotten_changes_passed_over",
        "8",
        "a kiosk that stands before what is kept gets the rest as if nothing were missing",
        (
            Rewrite(Polls, "_check", "after < marks.kept_from", "False"),
            Rewrite(Polls, "page", "after < found.kept_from", "False"),
        ),
        faults=(UPKEEP,),
    ),
    Mutant(
        "hole_in_the_feed",
        "feed",
        "a number of the feed is left out",
        (Rewrite(registry.exchange.push, "publish", "n=feed_head.c.n + len(entries)", "n=feed_head.c.n + len(entries) + 1"),),
    ),
    Mutant(
        "time_decides",
        "10",
        "which loan a return ends is decided by clocks alone",
        (
            Rewrite(
                registry.exchange.returns,
                "_was_before",
                "loan.id == named or world.loans[loan.id].kiosk == place.kiosk or loan.lent_at <= at",
                "loan.lent_at <= at",
            ),
        ),
    ),
    Mutant(
        "differences_left",
        "11",
        "ranges that differ from the registry's are not put right",
        (Put(ReplicaRanges, "mend", lambda *_args: frozenset()),),
    ),
    Mutant(
        "cover_kept",
        "17",
        "who loses its rights goes on knowing what card keys travel under",
        (Put(Covers, "change_within", lambda _self, _work: 1),),
    ),
    Mutant(
        "old_card_resolves",
        "14",
        "a card that was reported lost here opens a session here",
        (Put(Ledger, "is_lost_here", lambda _self, _card: False),),
    ),
    Mutant(
        "overlay_dropped_early",
        "15",
        "the overlay goes with the answer instead of with the feed",
        (Put(kiosk.store.overlay_rows, "_PASSED", _ALL_ANSWERED),),
    ),
    Mutant(
        "overlay_kept",
        "15",
        "the overlay stays when the feed has passed it",
        (Put(kiosk.store.overlay_rows, "_PASSED", ()),),
    ),
    Mutant(
        "facts_without_witness",
        "15",
        "facts show nothing of what was told last to a registry that was put back and does not know it",
        (Put(LastWitness, "last", None),),
        faults=(FORGETFUL_REGISTRY,),
    ),
    Mutant(
        "own_writes_unread",
        "I10",
        "what was lent here is not looked for here",
        (Put(Ledger, "local_loans_of_item", lambda _self, _item: ()),),
    ),
)
