"""The desk: does what a session state asks for (who is this? lend this, take that back) and answers it with an event."""

from dataclasses import replace

import structlog

from circulation.cards import CardUid
from circulation.opening_days import local_date
from kiosk.checkout import Terms, check_out
from kiosk.feed import FeedFollower, InUse
from kiosk.identify import identify, refusal_by_uid
from kiosk.offline import Standing, left_offline
from kiosk.put_back import put_back
from kiosk.recorder import Recorder
from kiosk.settings import KioskSettings
from kiosk.states import CardTurnedAway, Lend, PatronIdentified, PutBack, VisitChanged
from kiosk.store.errors import ReplicaError
from kiosk.view import LineState, Refusal
from kiosk.visit import Visit
from replica.card_keys import card_key, card_tag

_log = structlog.get_logger()


class Desk:
    """The use cases of a visit over the replica in use and the ledger. ``card_secret`` turns UIDs into card keys."""

    def __init__(self, recorder: Recorder, feed: FeedFollower, settings: KioskSettings, *, card_secret: bytes) -> None:
        self._recorder = recorder
        self._feed = feed
        self._settings = settings
        self._card_secret = card_secret

    def identify(self, uid: CardUid) -> PatronIdentified | CardTurnedAway:
        """Look a card up.

        Raises:
            ReplicaError: the replica is damaged.
            LedgerUnwritableError: the ledger is.

        """
        started = self._recorder.clock.monotonic()
        correlation = self._recorder.keys.new_correlation()
        answer = self._looked_up(uid, correlation)
        _log.info(
            "tap",
            correlation=correlation,
            card_tag=card_tag(uid, secret=self._card_secret),
            reasons=[answer.refusal.value] if isinstance(answer, CardTurnedAway) else [],
            milliseconds=self._milliseconds_since(started),
        )
        return answer

    def lend(self, visit: Visit, barcode: str, *, unsent: int) -> VisitChanged:
        """Decide about a scanned code, with so many facts not yet answered. A borrowed line is on disk.

        Raises:
            ReplicaError: the replica is damaged.
            LedgerUnwritableError: nothing happened.

        """
        started = self._recorder.clock.monotonic()
        used = self._in_use()
        terms = Terms(
            library=used.library,
            today=local_date(self._recorder.now(), self._settings.zone),
            limits=self._settings.offline,
            standing=Standing(self._feed.age(), unsent),
            period=used.state.verified_at,
        )
        changed = check_out(visit, barcode, used.replica.read.item(barcode), terms, recorder=self._recorder)
        line = changed.lines[0]
        _log.info(
            "checked_out" if line.state is LineState.BORROWED else "checkout_refused",
            correlation=visit.correlation,
            reasons=[reason.value for reason in line.reasons],
            milliseconds=self._milliseconds_since(started),
        )
        return VisitChanged(changed, done=True)

    def left_offline(self, visit: Visit, *, unsent: int) -> int | None:
        """How many more items the offline limits leave to a patron; none: they limit nothing now, or nothing is known.

        Raises:
            LedgerUnwritableError: the ledger can't be read.

        """
        used = self._feed.in_use
        if used is None:
            return None
        standing, limits = Standing(self._feed.age(), unsent), self._settings.offline
        lent = 0 if standing.is_fresh(limits) else self._recorder.ledger.lent_in_period(visit.patron.id, used.state.verified_at)
        return left_offline(standing, limits, lent_in_period=lent, regular_here=visit.patron.regular_here)

    def do(self, visit: Visit, task: Lend | PutBack, *, unsent: int) -> VisitChanged:
        """Do the first thing that a borrowing visit has to do; raises as ``lend``."""
        if isinstance(task, Lend):
            return self.lend(visit, task.barcode, unsent=unsent)
        changed = put_back(visit, task.loan, recorder=self._recorder)
        _log.info("put_back", correlation=visit.correlation)
        return VisitChanged(changed, done=True)

    def refreshed(self, visit: Visit) -> VisitChanged | CardTurnedAway:
        """What the replica says of an open visit now: a card reported lost meanwhile ends it at once (sync rule 6).

        Raises:
            ReplicaError: the replica is damaged.
            LedgerUnwritableError: the ledger is.

        """
        match self._looked_up(visit.uid, visit.correlation):
            case PatronIdentified(now) if now.patron.id == visit.patron.id:
                return VisitChanged(replace(visit, patron=now.patron, loans=now.loans))
            case CardTurnedAway() as turned_away:
                return turned_away
            case PatronIdentified():
                # The card is somebody else's now: whoever holds it lays it down again.
                return CardTurnedAway(visit.uid, Refusal.UNKNOWN)

    def _looked_up(self, uid: CardUid, correlation: str) -> PatronIdentified | CardTurnedAway:
        refusal = refusal_by_uid(uid)
        if refusal is not None:
            return CardTurnedAway(uid, refusal)
        key = card_key(uid, secret=self._card_secret)
        known = self._in_use().replica.read.card(key)
        local = self._recorder.ledger.local_loans_of_patron(known.patron.id) if known else ()
        found = identify(uid, key, known, local, correlation=correlation)
        return CardTurnedAway(uid, found) if isinstance(found, Refusal) else PatronIdentified(found)

    def _in_use(self) -> InUse:
        if self._feed.in_use is None:
            message = "there is no replica"
            raise ReplicaError(message)
        return self._feed.in_use

    def _milliseconds_since(self, started: float) -> float:
        return round((self._recorder.clock.monotonic() - started) * 1000, 1)
