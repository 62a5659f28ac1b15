"""The desk for notices: whom a branch has to tell, by which way, and that it was done (Q3-3c)."""

from uuid import UUID

from circulation.opening_days import local_date
from registry.audit.store import AuditEntry, append
from registry.database import Database, UnitOfWork
from registry.lending.store import branch_name
from registry.notices import store
from registry.notices.rules import NoticeRefusal, NoticeRefusedError, ToTell, may_go
from registry.outside import Outside
from registry.schools.contact_rule import DESK_ROUTE, RouteKind
from registry.schools.store_routes import routes_of
from registry.settings import RegistrySettings

MOST_SHOWN = 200


class NoticeDesk:
    """Shows a branch whom to tell. How a patron is reached is the contact rule's word alone, asked anew each time."""

    def __init__(self, database: Database, outside: Outside, settings: RegistrySettings) -> None:
        self._database = database
        self._outside = outside
        self._zone = settings.zone

    def to_tell(self, branch: str, *, by: str) -> list[ToTell]:
        """What a branch has still to tell, the oldest first, 200 at most. Whose data was shown is noted.

        Raises:
            NoticeRefusedError: ``BRANCH_UNKNOWN``.

        """

        def look(work: UnitOfWork) -> list[ToTell]:
            now = self._outside.now()
            if branch_name(work.connection, branch) is None:
                raise NoticeRefusedError(NoticeRefusal.BRANCH_UNKNOWN)
            found = store.waiting(work.connection, branch, limit=MOST_SHOWN)
            routes = routes_of(work.connection, {one.patron for one, _ in found}, today=local_date(now, self._zone))
            for one, _ in found:
                append(work.connection, AuditEntry(now, by, "notice shown", "done", {"patron": str(one.patron), "branch": branch}))
            return [ToTell(one, name, routes.get(one.patron, DESK_ROUTE)) for one, name in found]

        return self._database.write(look)

    def told(self, key: UUID, *, route: RouteKind, by: str) -> None:
        """Note that the patron was told. From then on the notice is kept for a while and forgotten.

        Raises:
            NoticeRefusedError: ``NOT_WAITING``, ``ANOTHER_ROUTE``.

        """

        def tell(work: UnitOfWork) -> None:
            now = self._outside.now()
            whose = store.patron_waiting(work.connection, key)
            if whose is None:
                raise NoticeRefusedError(NoticeRefusal.NOT_WAITING)
            known = routes_of(work.connection, {whose}, today=local_date(now, self._zone)).get(whose, DESK_ROUTE)
            if not may_go(known, route):
                raise NoticeRefusedError(NoticeRefusal.ANOTHER_ROUTE)
            store.tell(work, key, at=now, by=by, route=route)
            append(work.connection, AuditEntry(now, by, "notice told", "done", {"patron": str(whose), "route": str(route)}))

        self._database.write(tell)
