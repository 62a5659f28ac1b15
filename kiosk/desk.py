"""The desk: what it works with, and who stands before it."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import structlog

from circulation.cards import CardUid
from circulation.holds import Hold
from circulation.ids import PatronId
from circulation.opening_days import local_date
from kiosk.answers import CardTurnedAway, PatronIdentified, VisitChanged
from kiosk.feed import FeedFollower, InUse
from kiosk.fetched import holds_now
from kiosk.found_cards import FoundCards
from kiosk.identify import refusal_by_state, refusal_by_uid
from kiosk.offline import Standing
from kiosk.overlay import loans_of
from kiosk.recorder import Recorder
from kiosk.settings import KioskSettings
from kiosk.store.errors import ReplicaError
from kiosk.terms import Terms
from kiosk.view import Refusal
from kiosk.visit import Visit
from replica.card_keys import card_key, card_tag

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Room:
    """The replica in use, the ledger, the library's settings. ``unsent`` counts facts not yet answered; ``card_secret`` turns UIDs into keys."""

    recorder: Recorder
    feed: FeedFollower
    settings: KioskSettings
    unsent: Callable[[], int]
    card_secret: bytes

    def in_use(self) -> InUse:
        """The replica.

        Raises:
            ReplicaError: there is none.

        """
        if self.feed.in_use is None:
            message = "there is no replica"
            raise ReplicaError(message)
        return self.feed.in_use

    def terms(self) -> Terms:
        """What is decided by now.

        Raises:
            ReplicaError: there is no replica.

        """
        used = self.in_use()
        return Terms(
            library=used.library,
            today=local_date(self.recorder.now(), self.settings.zone),
            limits=self.settings.offline,
            standing=Standing(self.feed.age(), self.unsent()),
            period=used.state.verified_at,
        )

    def holds_of(self, patron: PatronId) -> tuple[Hold, ...]:
        """The holds of a patron as they are after this kiosk's own facts.

        Raises:
            ReplicaError: there is no replica, or it is damaged.
            LedgerUnwritableError: the ledger is.

        """
        used = self.in_use()
        return holds_now(patron, used.replica.read, self.recorder, here=used.library.branch)

    def milliseconds_since(self, started: float) -> float:
        """Since a monotonic second."""
        return round((self.recorder.clock.monotonic() - started) * 1000, 1)


class Entrance:
    """Who is this? And who is it now, after news?"""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._found = FoundCards(room.recorder, room.settings)

    def identify(self, uid: CardUid) -> PatronIdentified | CardTurnedAway:
        """Look a card up. One that was reported lost has been found: that is written down.

        Raises:
            ReplicaError: the replica is damaged.
            LedgerUnwritableError: the ledger is.

        """
        recorder = self._room.recorder
        started = recorder.clock.monotonic()
        correlation = recorder.keys.new_correlation()
        answer = self._looked_up(uid, correlation)
        _log.info(
            "tap",
            correlation=correlation,
            card_tag=card_tag(uid, secret=self._room.card_secret),
            reasons=[answer.refusal.value] if isinstance(answer, CardTurnedAway) else [],
            milliseconds=self._room.milliseconds_since(started),
        )
        if isinstance(answer, CardTurnedAway) and answer.refusal is Refusal.LOST:
            standing = Standing(self._room.feed.age(), self._room.unsent())
            self._found.shown(card_key(uid, secret=self._room.card_secret), standing, correlation=correlation)
        return answer

    def refreshed(self, visit: Visit) -> VisitChanged | CardTurnedAway:
        """What the replica says of an open visit now: a card reported lost meanwhile ends it at once (sync rule 6).

        Raises:
            ReplicaError: the replica is damaged.
            LedgerUnwritableError: the ledger is.

        """
        match self._looked_up(visit.uid, visit.correlation):
            case PatronIdentified(now) if now.patron.id == visit.patron.id:
                return VisitChanged(replace(visit, patron=now.patron, loans=now.loans, holds=now.holds))
            case CardTurnedAway() as turned_away:
                return turned_away
            case PatronIdentified():
                # The card is somebody else's now: whoever holds it lays it down again.
                return CardTurnedAway(visit.uid, Refusal.UNKNOWN)

    def _looked_up(self, uid: CardUid, correlation: str) -> PatronIdentified | CardTurnedAway:
        refusal = refusal_by_uid(uid)
        if refusal is not None:
            return CardTurnedAway(uid, refusal)
        key = card_key(uid, secret=self._room.card_secret)
        read, ledger = self._room.in_use().replica.read, self._room.recorder.ledger
        known = read.card(key)
        refusal = refusal_by_state(known, lost_here=known is not None and ledger.is_lost_here(key))
        if known is None or refusal is not None:
            return CardTurnedAway(uid, refusal or Refusal.UNKNOWN)
        patron = known.patron
        loans = loans_of(patron.id, known.loans, ledger.local_loans_of_patron(patron.id))
        return PatronIdentified(Visit(uid, key, correlation, patron, loans, holds=self._room.holds_of(patron.id)))
