"""The offline terms, the clock and the disk of one kiosk: what is known of them now, and kept in the ledger over a restart."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

import structlog

from circulation.offline import OfflineLimits
from circulation.wire import SignedTerms
from kiosk.clock_watch import ClockWatch
from kiosk.offline import Standing
from kiosk.offline_book import HeldTerms, OfflineBook
from kiosk.ports import Clock
from kiosk.store.ledger import Ledger
from kiosk.store.offline_rows import KeptTerms, KeptWatch
from replica.offline_terms import UnreadableTermsError, UntrustedTermsError, trusted_terms

_log = structlog.get_logger()

KEEP_EVERY = 600
"""Seconds between two writes of how long the feed is old and the clock in doubt: a restart forgets less than that."""
UNTRUSTED = "untrusted"
UNREADABLE = "unreadable"


class OfflineWatch:
    """Takes in what the registry tells, and says by what a kiosk decides. ``defaults`` hold while nothing was ever told.

    What the registry signed is kept in the ledger and checked again at every start, so that nobody changes it there either.
    """

    def __init__(
        self, ledger: Ledger, clock: Clock, defaults: OfflineLimits, *, registry_key: bytes, disk_free: Callable[[], int | None]
    ) -> None:
        self._ledger = ledger
        self._clock = clock
        self._defaults = defaults
        self._key = registry_key
        self._disk_free = disk_free
        kept, watch = ledger.kept_offline()
        self._book = OfflineBook(tuple(self._read(kept)))
        self._written = kept
        self._problem = self._problem_written = watch.problem
        self._oldest = watch.age, watch.age_of, clock.monotonic()
        self._kept_at = clock.monotonic()
        self._doubt_left = watch.clock_doubted
        self._watch = ClockWatch(clock.now(), clock.monotonic(), watch.clock_doubted, clock.monotonic())
        self._doubt_written = watch.clock_doubted is not None

    def limits(self, branch: str) -> OfflineLimits:
        """The limits of this kiosk now."""
        return self._book.limits(branch, self._defaults)

    def standing(self, age: timedelta | None, verified_at: datetime | None, *, unsent: int) -> Standing:
        """How things stand. ``age`` and ``verified_at`` are the feed's, ``unsent`` counts facts without an answer."""
        return Standing(self._aged(age, verified_at), unsent, self._disk_free(), self._watch.doubted_for)

    def is_short_of_disk(self, branch: str) -> bool:
        """Whether less room is left than loans need; unknown room is enough here, the limits themselves are stricter."""
        free = self._disk_free()
        return free is not None and free < self.limits(branch).disk_for_loans

    def begin(self, told: datetime | None, *, branch: str) -> None:
        """At the start: ``told`` is the newest time that is known of the registry (aware UTC)."""
        tolerance = self.limits(branch).clock_tolerance
        now, monotonic = self._clock.now(), self._clock.monotonic()
        self._watch = ClockWatch.begin(now, monotonic, doubted=self._doubt_left, told=told, tolerance=tolerance)

    def look(self, today: date, *, branch: str) -> None:
        """Compare the clocks, and let begin what is due by a local date."""
        before = self._book.in_force
        self._book = self._book.on(today)
        after = self._book.in_force
        if after is not before and after is not None:
            _log.info("offline_terms_in_force", version=after.version)
        doubted = self._watch.doubted is not None
        tolerance = self.limits(branch).clock_tolerance
        self._watch = self._watch.looked(self._clock.now(), self._clock.monotonic(), tolerance=tolerance)
        if self._watch.doubted is not None and not doubted:
            _log.warning("clock_doubtful")

    def believes_clock(self, branch: str) -> bool:
        """Whether the clock is not in doubt, nor would be after a look now."""
        tolerance = self.limits(branch).clock_tolerance
        return self._watch.looked(self._clock.now(), self._clock.monotonic(), tolerance=tolerance).doubted is None

    def heard(self, server_time: datetime, told: Sequence[SignedTerms], *, branch: str) -> None:
        """The registry has spoken: its time, and offline terms where it had others than this kiosk. Bad ones leave everything as it was."""
        doubted = self._watch.doubted is not None
        tolerance = self.limits(branch).clock_tolerance
        self._watch = self._watch.heard(server_time, self._clock.now(), self._clock.monotonic(), tolerance=tolerance)
        if doubted and self._watch.doubted is None:
            _log.info("clock_believed")
        if told:
            self._take(told)

    def keep(self, age: timedelta | None, verified_at: datetime | None) -> None:
        """Write down what must outlive a restart, where it has changed or time has passed.

        Raises:
            LedgerUnwritableError: it is tried again.

        """
        rows = tuple(KeptTerms(one.signed, begun=one.begun) for one in self._book.held)
        doubted = self._watch.doubted
        changed = rows != self._written or (doubted is not None) != self._doubt_written or self._problem != self._problem_written
        due = self._clock.monotonic() - self._kept_at >= KEEP_EVERY and (doubted is not None or self._is_old(age))
        if changed or due:
            seen = self._aged(age if doubted is None else None, verified_at)
            kept_age = None if seen is None or seen < timedelta(0) else seen.total_seconds()
            self._ledger.keep_offline(rows, KeptWatch(self._problem, doubted, kept_age, verified_at), at=self._clock.now())
            self._written = rows
            self._oldest = kept_age, verified_at, self._clock.monotonic()
            self._kept_at = self._clock.monotonic()
            self._problem_written, self._doubt_written = self._problem, doubted is not None

    def _is_old(self, age: timedelta | None) -> bool:
        return age is not None and age > self._defaults.fresh

    def _aged(self, age: timedelta | None, verified_at: datetime | None) -> timedelta | None:
        """The feed's age, never less than what was written down of this very feed: a clock that is set back makes nothing young again."""
        seconds, of, at = self._oldest
        if seconds is None or of is None or of != verified_at:
            return age
        least = timedelta(seconds=seconds + self._clock.monotonic() - at)
        return least if age is None or age < least else age

    def _take(self, told: Sequence[SignedTerms]) -> None:
        try:
            read = [HeldTerms(one, trusted_terms(one, registry_key=self._key)) for one in told]
        except UntrustedTermsError as error:
            self._refuse(UNTRUSTED, str(error))
            return
        except UnreadableTermsError as error:
            self._refuse(UNREADABLE, str(error))
            return
        before = self._book.newest
        self._book = self._book.with_told(read)
        self._problem = ""
        if self._book.newest != before:
            _log.info("offline_terms_taken", version=self._book.newest)

    def _refuse(self, code: str, problem: str) -> None:
        if self._problem != code:
            _log.error("offline_terms_refused", problem=problem)
        self._problem = code

    def _read(self, kept: Sequence[KeptTerms]) -> list[HeldTerms]:
        held = []
        for one in kept:
            try:
                held.append(HeldTerms(one.signed, trusted_terms(one.signed, registry_key=self._key), begun=one.begun))
            except (UntrustedTermsError, UnreadableTermsError) as error:
                _log.error("offline_terms_lost", problem=str(error))
        return held
