"""The desk for notices: data that did not come from a patron, and telling the patron at the first contact (Personal Data Protection Act, article 9)."""

from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum, unique
from pathlib import Path
from zoneinfo import ZoneInfo

from circulation.ids import PatronId
from registry.audit.store import AuditEntry, append
from registry.database import Database, UnitOfWork
from registry.outside import Outside
from registry.privacy import store_notices as store
from registry.privacy.refusals import PrivacyRefusal, PrivacyRefusedError
from registry.privacy.store_notices import OwedNotice
from registry.spreadsheet import private_csv
from texts.catalogue import Catalogue

_MOST = 100_000


@unique
class NoticeChannel(StrEnum):
    """How a notice was given."""

    DESK = "desk"
    LETTER = "letter"
    MESSAGE = "message"
    SCHOOL_SLIP = "school_slip"


class NoticeDesk:
    """Of one registry."""

    def __init__(self, database: Database, outside: Outside, *, zone: ZoneInfo) -> None:
        self._database = database
        self._outside = outside
        self._zone = zone

    def owed(self, *, by: str, branch: str | None = None, patron: PatronId | None = None, limit: int = _MOST) -> list[OwedNotice]:
        """The notices that are owed, oldest first. Whose they are is noted before anybody is shown."""
        with self._database.reading() as connection:
            found = store.owed(connection, branch=branch, patron_key=patron, limit=limit)
        entry = AuditEntry(*(self._outside.now(), by, "source notices shown", "done"), {"count": len(found)}, [one.patron for one in found])
        self._database.write(lambda work: append(work.connection, entry))
        return found

    def give(self, patrons: Collection[PatronId], channel: NoticeChannel, *, by: str) -> int:
        """Note that these patrons have been told where their data came from; how many notices that were.

        Raises:
            PrivacyRefusedError: ``NOTICE_NOT_OWED`` to any of them.

        """

        def give(work: UnitOfWork) -> int:
            now = self._outside.now()
            count = store.give(work, patrons, at=now, by=by, channel=channel.value)
            if not count:
                raise PrivacyRefusedError(PrivacyRefusal.NOTICE_NOT_OWED)
            detail: dict[str, str | int] = {"count": count, "channel": channel.value}
            append(work.connection, AuditEntry(now, by, "source notices given", "done", detail, patrons))
            return count

        return self._database.write(give)

    def write_csv(self, path: Path, notices: Sequence[OwedNotice], catalogue: Catalogue) -> None:
        """Write notices for printing, a row each with its text; only the file's owner may read it.

        Raises:
            OSError: it can't be written.

        """
        with private_csv(path) as add:
            add([catalogue.say(f"privacy.notice.column.{name}") for name in ("name", "branch", "school", "source", "received", "notice")])
            for one in notices:
                source = catalogue.say(f"privacy.source.{one.source}")
                add([one.name, one.branch, one.school, source, self._day(one.received_at), self.text(one, catalogue)])

    def text(self, notice: OwedNotice, catalogue: Catalogue) -> str:
        """What is said to the patron: from whom, when, what for, and what they may ask."""
        source = catalogue.say(f"privacy.source.{notice.source}")
        return catalogue.say("privacy.notice.text", source=source, day=self._day(notice.received_at), year=notice.school_year)

    def _day(self, at: datetime) -> str:
        return f"{at.astimezone(self._zone):%Y-%m-%d}"
