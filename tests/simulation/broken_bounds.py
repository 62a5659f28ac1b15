"""Rules of the synchronisation, each broken once: what bounds machines, identities, snapshots and clocks."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import select

import kiosk.circulation_desk
import kiosk.feed
import kiosk.offline
import registry.exchange.facts
import registry.exchange.returns
import sync.manifest
import sync.outage
import sync.push
from kiosk.clock_watch import ClockWatch
from registry.exchange.moments import Moment
from registry.exchange.push import FactIntake
from registry.exchange.tables import ledger
from tests.simulation.breaking import Mutant, Put, Rewrite
from tests.simulation.clocks import CLOCKS
from tests.simulation.outsiders import OUTSIDERS
from tests.simulation.peopled import FAULTS

_take = FactIntake._take


def _take_as_the_body_says(intake: FactIntake, push: Any) -> Any:
    """Whoever the epoch in the body belongs to is the sender."""
    owner = push.work.connection.execute(select(ledger.c.kiosk).where(ledger.c.epoch == push.batch.epoch)).scalars().first()
    return _take(intake, push if owner is None else push._replace(sender=replace(push.sender, kiosk=owner)))


_OUTSIDERS = (*FAULTS, *OUTSIDERS)
_CLOCKS = tuple(CLOCKS)

BROKEN_BOUNDS: tuple[Mutant, ...] = (
    Mutant(
        "old_snapshot_taken",
        "9",
        "a snapshot is taken that is older than the last one: by what the fetcher and by what the ledger remembers",
        (
            Rewrite(sync.manifest, "_manifest_problem", "manifest.version < taken.version", "False"),
            Put(kiosk.feed, "_check_version", lambda *_args: None),
        ),
        _OUTSIDERS,
    ),
    Mutant(
        "wall_time_taken",
        "10",
        "a fact happened when the kiosk's wall clock said so",
        (Put(registry.exchange.facts, "moment_of", lambda envelope, _heard, **_named: Moment(envelope.at, timedelta(seconds=2))),),
        _CLOCKS,
    ),
    Mutant(
        "jump_believed",
        "10",
        "a jump of the wall clock is not noticed",
        (Rewrite(ClockWatch, "looked", "if abs(jump) <= tolerance:", "if True:"),),
        _CLOCKS,
    ),
    Mutant(
        "step_doubted",
        "10",
        "every small step of a time service puts the clock in doubt",
        (Rewrite(ClockWatch, "looked", "abs(jump) <= tolerance", "abs(jump) <= timedelta(seconds=1)"),),
        _CLOCKS,
    ),
    Mutant(
        "dead_clock_believed",
        "10",
        "a clock that stands before what was heard is believed at the start",
        (Put(ClockWatch, "begin", lambda wall, monotonic, *, doubted, **_told: ClockWatch(wall, monotonic, doubted, monotonic)),),
        _CLOCKS,
    ),
    Mutant(
        "lends_in_doubt",
        "10",
        "a clock in doubt stops no loan, for however long",
        (Rewrite(kiosk.offline, "_stops", "standing.clock_doubted >= limits.clock_doubt", "False"),),
        _CLOCKS,
    ),
    Mutant(
        "no_back_off",
        "12",
        "what failed is tried again at once",
        (Put(sync.outage, "next_delay", lambda *_args, **_named: 0.0),),
        _OUTSIDERS,
    ),
    Mutant(
        "no_spread",
        "12",
        "after a break everybody comes back within the first bound of the back-off",
        (Rewrite(sync.outage, "next_delay", "failures == 1 and pace.spread", "False"),),
        _OUTSIDERS,
    ),
    Mutant(
        "answered_is_sent_again",
        "12",
        "what the registry has already is sent again at once",
        (
            Rewrite(
                sync.push.Pusher,
                "turn",
                "return Turn(events=(event,), done=True, recovered=self._outage.over())",
                "return Turn(events=(event,), done=False, recovered=self._outage.over())",
            ),
        ),
        _OUTSIDERS,
    ),
    Mutant(
        "body_names_the_kiosk",
        "13",
        "whose facts these are is taken from the body",
        (Put(FactIntake, "_take", _take_as_the_body_says),),
        _OUTSIDERS,
    ),
    Mutant(
        "stranger_turned_away",
        "16",
        "a book that the replica does not know is not taken back",
        (Rewrite(kiosk.circulation_desk, "check_in", "if not takes_returns(", "if known is None or not takes_returns("),),
        _OUTSIDERS,
    ),
    Mutant(
        "stranger_unknown",
        "16",
        "the registry knows a returned book only by the key that the kiosk did not have",
        (Rewrite(registry.exchange.returns, "_found", "world.item_with(fact.barcode)", "None"),),
        _OUTSIDERS,
    ),
)
