"""The desk for what kiosks did and the registry found odd: what waits for staff, and its end."""

from uuid import UUID

from registry.audit.store import AuditEntry, append
from registry.database import Database, UnitOfWork
from registry.desk.refusals import DeskRefusal, DeskRefusedError
from registry.exchange.store_flags import WaitingFlag, settle_flag, waiting_flags
from registry.outside import Outside
from registry.plain_text import plain

_LONGEST_REASON = 200


class FlagDesk:
    """What waits for staff. A fact has happened: settling its flag changes no loan, but lets it be forgotten."""

    def __init__(self, database: Database, outside: Outside) -> None:
        self._database = database
        self._outside = outside

    def waiting(self, *, by: str) -> list[WaitingFlag]:
        """What nobody has settled, the oldest first. It names nobody, so its reading is noted without a patron."""
        with self._database.reading() as connection:
            found = waiting_flags(connection)
        entry = AuditEntry(self._outside.now(), by, "flags shown", "done", {"count": len(found)})
        self._database.write(lambda work: append(work.connection, entry))
        return found

    def settle(self, key: UUID, *, because: str, by: str) -> None:
        """Note that somebody looked at it, and what came of it. From then on the window runs after which its link is cut.

        Raises:
            DeskRefusedError: ``FLAG_REASON_MISSING``, ``FLAG_NOT_WAITING``.

        """
        said = plain(because.strip(), longest=_LONGEST_REASON)
        if not said:
            raise DeskRefusedError(DeskRefusal.FLAG_REASON_MISSING)

        def settle(work: UnitOfWork) -> bool:
            now = self._outside.now()
            if not settle_flag(work, key, at=now, by=by, because=said):
                return False
            # What staff wrote may name somebody, and the trail is kept for ever: it stays with the flag.
            append(work.connection, AuditEntry(now, by, "flag settled", "done", {"fact": str(key)}))
            return True

        if not self._database.write(settle):
            raise DeskRefusedError(DeskRefusal.FLAG_NOT_WAITING)
