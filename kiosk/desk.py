"""The desk: what it works with, and who stands before it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from circulation.cards import CardUid
from circulation.holds import Hold
from circulation.ids import PatronId
from circulation.opening_days import local_date
from kiosk.animals import AnimalBook
from kiosk.answers import CardTurnedAway, PatronIdentified, VisitChanged
from kiosk.code_clock import Told, time_for_codes
from kiosk.enrolled import Enrolled
from kiosk.feed import FeedFollower, InUse
from kiosk.fetched import holds_now
from kiosk.found_cards import FoundCards
from kiosk.identify import card_as_shown, decide_code, is_hindered, refusal_by_state, refusal_by_uid
from kiosk.known import KnownPatron
from kiosk.laid_anew import lay_anew
from kiosk.offline import Standing
from kiosk.offline_watch import OfflineWatch
from kiosk.opener import BarcodeCard, MobileCard, Opener
from kiosk.overlay import loans_of
from kiosk.recorder import Recorder
from kiosk.refusal import Refusal
from kiosk.settings import KioskSettings
from kiosk.store.errors import ReplicaError
from kiosk.terms import Terms
from kiosk.visit import Visit
from replica.card_keys import card_key, card_tag

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Room:
    """The replica in use, the ledger, the library's settings, what came with enrolment. ``unsent`` counts facts not yet answered."""

    recorder: Recorder
    feed: FeedFollower
    settings: KioskSettings
    unsent: Callable[[], int]
    enrolled: Enrolled
    offline: OfflineWatch
    animals: AnimalBook

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
            limits=self.offline.limits(used.library.branch),
            standing=self.standing(),
            period=used.state.verified_at,
        )

    def standing(self) -> Standing:
        """How things stand with the registry and this machine."""
        used = self.feed.in_use
        return self.offline.standing(self.feed.age(), None if used is None else used.state.verified_at, unsent=self.unsent())

    def holds_of(self, patron: PatronId) -> tuple[Hold, ...]:
        """The holds of a patron as they are after this kiosk's own facts.

        Raises:
            ReplicaError: there is no replica, or it is damaged.
            LedgerUnwritableError: the ledger is.

        """
        used = self.in_use()
        return holds_now(patron, used.replica.read, self.recorder, here=used.library.branch)

    def lays_anew(self, *, opened: bool) -> bool:
        """Whether facts are to be sent again: then what they did lies over the replica in use, until they have been answered.

        It follows another feed; or it was opened just now, and stands before what an earlier one had passed: a snapshot is made some
        changes behind.

        Raises:
            ReplicaError: there is no replica, or it is damaged.
            LedgerUnwritableError: nothing happened.

        """
        used, ledger = self.in_use(), self.recorder.ledger
        if ledger.device().feed == used.state.feed and not (opened and ledger.answered_beyond(used.state.cursor)):
            return False
        today = local_date(self.recorder.now(), self.settings.zone)
        laid = lay_anew(ledger.facts_again(), used.replica.read, used.library, today=today)
        with ledger.unit_of_work() as work:
            work.follow_anew(used.state.feed, used.state.cursor, laid)
            work.commit()
        return True

    def knows(self, uid: CardUid) -> bool | None:
        """Whether the replica has this card, lost or not; none when there is no replica.

        Raises:
            ReplicaError: it is damaged.

        """
        used = self.feed.in_use
        return None if used is None else used.replica.read.card(card_key(uid, secret=self.enrolled.card_secret)) is not None

    def code_time(self) -> datetime | None:
        """The time to judge codes of mobile cards by; none when it is in doubt.

        Raises:
            ReplicaError: there is no replica.

        """
        told, settings = Told(self.in_use().state.verified_at, self.feed.heard_ago()), self.settings
        return time_for_codes(told, self.recorder.now(), fresh=settings.code_clock_fresh, tolerance=settings.code_clock_tolerance)

    def milliseconds_since(self, started: float) -> float:
        """Since a monotonic second."""
        return round((self.recorder.clock.monotonic() - started) * 1000, 1)


class Entrance:
    """Who is this? And who is it now, after news?"""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._found = FoundCards(room.recorder, room.settings)

    def identify(self, opener: Opener) -> PatronIdentified | CardTurnedAway:
        """Look a card up, or a mobile card: both by this kiosk's own replica, network or not. A lost card has been found: that is written down.

        Raises:
            ReplicaError: the replica is damaged.
            LedgerUnwritableError: the ledger is.

        """
        started = self._room.recorder.clock.monotonic()
        correlation = self._room.recorder.keys.new_correlation()
        if isinstance(opener, MobileCard):
            event, tag, answer = "mobile_code", "", self._by_code(opener, correlation)
        else:
            event = "tap" if isinstance(opener, CardUid) else "card_barcode"
            tag, answer = card_tag(_number(opener), secret=self._room.enrolled.tag_secret), self._by_card(opener, correlation)
        _log.info(
            event,
            correlation=correlation,
            card_tag=tag,
            reasons=[answer.refusal.value] if isinstance(answer, CardTurnedAway) else [],
            milliseconds=self._room.milliseconds_since(started),
        )
        if not isinstance(opener, MobileCard) and isinstance(answer, CardTurnedAway) and answer.refusal is Refusal.LOST:
            terms = self._room.terms()
            self._found.shown(card_key(_number(opener), secret=self._room.enrolled.card_secret), terms, correlation=correlation)
        return replace(answer, reference=correlation) if isinstance(answer, CardTurnedAway) else answer

    def refreshed(self, visit: Visit) -> VisitChanged | CardTurnedAway:
        """What the replica says of an open visit now: a card reported lost meanwhile ends it at once (sync rule 6), an account that is gone too.

        Raises:
            ReplicaError: the replica is damaged.
            LedgerUnwritableError: the ledger is.

        """
        opener, correlation = visit.opener, visit.correlation
        if isinstance(opener, MobileCard):
            found = self._by_account(opener, visit.patron.id, correlation)
        else:
            found = self._by_card(opener, correlation)
        match found:
            case PatronIdentified(now) if now.patron.id == visit.patron.id:
                return VisitChanged(replace(visit, patron=now.patron, loans=now.loans, holds=now.holds))
            case CardTurnedAway() as turned_away:
                return turned_away
            case PatronIdentified():
                # The card is somebody else's now: whoever holds it lays it down again.
                return CardTurnedAway(visit.opener, Refusal.UNKNOWN)

    def _by_card(self, card: CardUid | BarcodeCard, correlation: str) -> PatronIdentified | CardTurnedAway:
        refusal = refusal_by_uid(card) if isinstance(card, CardUid) else None
        if refusal is not None:
            return CardTurnedAway(card, refusal)
        key = card_key(_number(card), secret=self._room.enrolled.card_secret)
        read, ledger = self._room.in_use().replica.read, self._room.recorder.ledger
        known = card_as_shown(read.card(key), by_barcode=isinstance(card, BarcodeCard))
        refusal = refusal_by_state(known, lost_here=known is not None and ledger.is_lost_here(key))
        if known is None or refusal is not None:
            return CardTurnedAway(card, refusal or Refusal.UNKNOWN)
        return self._identified(card, key, correlation, KnownPatron(known.patron, known.loans))

    def _by_code(self, shown: MobileCard, correlation: str) -> PatronIdentified | CardTurnedAway:
        """A mobile card is a view of the account: no card of the patron is looked at, lost or not (R14)."""
        room = self._room
        keys = room.in_use().replica.read.mobile_keys(registry_key=room.enrolled.registry_key)
        decided = decide_code(shown.scanned, room.code_time(), keys, skew=room.settings.code_skew)
        return CardTurnedAway(shown, decided) if isinstance(decided, Refusal) else self._by_account(shown, decided, correlation)

    def _by_account(self, shown: MobileCard, patron: PatronId, correlation: str) -> PatronIdentified | CardTurnedAway:
        known = self._room.in_use().replica.read.patron(patron)
        return CardTurnedAway(shown, Refusal.ACCOUNT_UNKNOWN) if known is None else self._identified(shown, None, correlation, known)

    def _identified(self, opener: Opener, key: bytes | None, correlation: str, known: KnownPatron) -> PatronIdentified:
        patron = known.patron
        room = self._room
        loans = loans_of(patron.id, known.loans, room.recorder.ledger.local_loans_of_patron(patron.id))
        visit = Visit(opener, key, correlation, patron, loans, holds=room.holds_of(patron.id), animal=room.animals.of(patron.id))
        return PatronIdentified(visit, is_hindered(patron, today=local_date(room.recorder.now(), room.settings.zone)))


def _number(card: CardUid | BarcodeCard) -> CardUid:
    return card.number if isinstance(card, BarcodeCard) else card
