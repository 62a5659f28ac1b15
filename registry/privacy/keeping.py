"""How long the audit trail is kept: as long as the library says, and never shorter than the law."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import structlog

from registry.audit.checkpoints import CheckpointFileError
from registry.audit.trail import Trail, TrailBrokenError
from registry.database import Database
from registry.outside import Outside
from registry.privacy import store
from registry.privacy.refusals import PrivacyRefusal, PrivacyRefusedError
from registry.privacy.terms import TRAIL, term_on

_log = structlog.get_logger()
UPKEEP = "upkeep"


class TrailKeeping:
    """Of one registry. ``kept`` is how long entries are kept, none for ever."""

    def __init__(self, database: Database, trail: Trail, outside: Outside, *, zone: ZoneInfo, kept: timedelta | None) -> None:
        self._database = database
        self._trail = trail
        self._outside = outside
        self._zone = zone
        self._kept = kept

    def shortest(self) -> timedelta:
        """For how long entries must be kept, by the term that holds today."""
        with self._database.reading() as connection:
            return timedelta(days=term_on(store.terms(connection), TRAIL, today=self._outside.now().astimezone(self._zone).date()).days)

    def cut(self, kept: timedelta, *, by: str) -> int:
        """Cut entries that are older than this; how many.

        Raises:
            PrivacyRefusedError: ``TERM_TOO_SHORT``.
            TrailBrokenError: what was done to the trail must be seen first.
            CheckpointFileError: the checkpoint in the registry's folder can't be read.

        """
        if kept < self.shortest():
            raise PrivacyRefusedError(PrivacyRefusal.TERM_TOO_SHORT)
        return self._trail.cut_before(self._outside.now() - kept, by=by)

    def daily(self) -> None:
        """Sign where the trail ends, then cut what is past its term. A trail that is broken is left as it is, and the day's other work goes on."""
        self._trail.daily()
        if self._kept is None:
            return
        try:
            self.cut(max(self._kept, self.shortest()), by=UPKEEP)
        except (TrailBrokenError, CheckpointFileError) as error:
            _log.error("audit_not_cut", problem=type(error).__name__)
