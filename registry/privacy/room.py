"""The privacy desk put together."""

from dataclasses import dataclass

from circulation.ids import PatronId
from registry.audit.store import AuditEntry, append
from registry.audit.trail import Trail
from registry.database import Database
from registry.desk.questions import Question
from registry.desk.replacing import Publish
from registry.outside import Outside
from registry.privacy.breaches import BreachDesk
from registry.privacy.correcting import CorrectionDesk
from registry.privacy.exporting import Exporter
from registry.privacy.keeping import TrailKeeping
from registry.privacy.notices import NoticeDesk
from registry.privacy.refusals import PrivacyRefusal, PrivacyRefusedError
from registry.privacy.register import RequestRegister
from registry.privacy.store_people import person_named
from registry.privacy.waiting_rows import WaitingRows
from registry.settings import RegistrySettings


@dataclass(frozen=True, slots=True)
class PrivacyRoom:
    """What the law owes people, of one registry."""

    requests: RequestRegister
    corrections: CorrectionDesk
    notices: NoticeDesk
    exports: Exporter
    breaches: BreachDesk
    keeping: TrailKeeping
    _database: Database
    _outside: Outside

    @classmethod
    def of(cls, database: Database, outside: Outside, settings: RegistrySettings, *, trail: Trail, publish: Publish) -> "PrivacyRoom":
        """On a registry's database and its trail."""
        zone = settings.zone
        waiting = WaitingRows(trail.folder / "keys", random_bytes=outside.random_bytes)
        return cls(
            RequestRegister(database, outside, zone=zone),
            CorrectionDesk(database, outside, zone=zone, names=settings.names, publish=publish),
            NoticeDesk(database, outside, zone=zone),
            Exporter(database, outside, zone=zone, waiting=waiting),
            BreachDesk(database, outside, zone=zone),
            TrailKeeping(database, trail, outside, zone=zone, kept=settings.audit_kept),
            database,
            outside,
        )

    def person(self, question: Question, *, by: str) -> PatronId:
        """Whom a card's number or a national ID names, for what follows. What was asked is not noted, who was named is.

        Raises:
            PrivacyRefusedError: ``NOBODY_FOUND``, ``CARD_LOST``.

        """
        with self._database.reading() as connection:
            found = person_named(connection, question)
        now, asked = self._outside.now(), {"asked_by": question.asked_by}
        if isinstance(found, PrivacyRefusal):
            entry = AuditEntry(now, by, "person named", "refused", {**asked, "code": found.value})
        else:
            entry = AuditEntry(now, by, "person named", "done", asked, [found])
        self._database.write(lambda work: append(work.connection, entry))
        if isinstance(found, PrivacyRefusal):
            raise PrivacyRefusedError(found)
        return found
