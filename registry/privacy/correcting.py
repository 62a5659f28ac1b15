"""The desk for corrections: the values are mended, kiosks hear of it, and everybody else who had the wrong ones is told."""

from uuid import UUID
from zoneinfo import ZoneInfo

from circulation.ids import PatronId
from registry.audit.store import AuditEntry, append
from registry.database import Database, UnitOfWork
from registry.desk.replacing import Publish
from registry.enrolment.names import NameStyle
from registry.exchange.projection import key_text
from registry.exchange.store_feed import FeedEntry
from registry.outside import Outside
from registry.privacy import store
from registry.privacy import store_corrections as corrections
from registry.privacy.corrections import CorrectedField, CorrectionMade, CorrectionOrder, Recipient, decide_correction, recipients_of
from registry.privacy.refusals import PrivacyRefusal, PrivacyRefusedError
from replica.tables import ReplicaTable


class CorrectionDesk:
    """Of one registry. The audit trail says which fields, never a value."""

    def __init__(self, database: Database, outside: Outside, *, zone: ZoneInfo, names: NameStyle, publish: Publish) -> None:
        self._database = database
        self._outside = outside
        self._zone = zone
        self._names = names
        self._publish = publish

    def correct(self, order: CorrectionOrder, *, by: str) -> CorrectionMade:
        """Correct a patron's data. A name that no librarian has confirmed waits, and the library's own stays (R16).

        Raises:
            PrivacyRefusedError: ``NOBODY_FOUND``, ``REQUEST_UNKNOWN``, ``NATIONAL_ID_TAKEN``, or the reasons of ``decide_correction``.

        """

        def correct(work: UnitOfWork) -> CorrectionMade:
            now = self._outside.now()
            present = corrections.present(work.connection, order.patron)
            if present is None:
                raise PrivacyRefusedError(PrivacyRefusal.NOBODY_FOUND)
            if order.request is not None and store.by_key(work.connection, order.request) is None:
                raise PrivacyRefusedError(PrivacyRefusal.REQUEST_UNKNOWN)
            decided = decide_correction(order, present, today=now.astimezone(self._zone).date())
            if isinstance(decided, tuple):
                raise PrivacyRefusedError(*decided)
            number = decided.values.get(CorrectedField.NATIONAL_ID)
            if number is not None and corrections.id_is_taken(work.connection, str(number), order.patron):
                raise PrivacyRefusedError(PrivacyRefusal.NATIONAL_ID_TAKEN)
            untold = tuple(one for one in decided.recipients if one is not Recipient.KIOSKS)
            waits = decided.waiting_name is not None
            made = CorrectionMade(self._outside.new_id(), order.patron, decided.fields, waits, now, untold)
            corrections.write(work, order.patron, decided.values, names=self._names)
            corrections.add(work, made, waiting_name=decided.waiting_name, request=order.request, by=by)
            corrections.owe(work, made.id, decided.recipients, at=now)
            self._note(work, "data corrected", made, by)
            if CorrectedField.NAME in decided.values:
                self._tell_kiosks(work, order.patron)
            return made

        return self._database.write(correct)

    def confirm_name(self, key: UUID, *, by: str) -> PatronId:
        """A librarian has seen papers: the name that waited becomes the library's, and those who had the old one are to be told.

        Raises:
            PrivacyRefusedError: ``CORRECTION_UNKNOWN``.

        """

        def confirm(work: UnitOfWork) -> PatronId:
            now = self._outside.now()
            patron, name = self._settled(work, key, by)
            corrections.write(work, patron, {CorrectedField.NAME: name}, names=self._names)
            present = corrections.present(work.connection, patron)
            if present is not None:
                corrections.owe(work, key, recipients_of([CorrectedField.NAME], present), at=now)
            self._note_key(work, "name confirmed", key, patron, by)
            self._tell_kiosks(work, patron)
            return patron

        return self._database.write(confirm)

    def reject_name(self, key: UUID, *, by: str) -> PatronId:
        """A librarian does not take the name that waited: it is forgotten, and the library's own stays (R16).

        Raises:
            PrivacyRefusedError: ``CORRECTION_UNKNOWN``.

        """

        def reject(work: UnitOfWork) -> PatronId:
            patron, _ = self._settled(work, key, by)
            self._note_key(work, "name rejected", key, patron, by)
            return patron

        return self._database.write(reject)

    def tell(self, key: UUID, recipient: Recipient, *, by: str) -> None:
        """Tick off that somebody who had the wrong data has been told.

        Raises:
            PrivacyRefusedError: ``RECIPIENT_UNKNOWN``.

        """

        def tell(work: UnitOfWork) -> None:
            now = self._outside.now()
            patron = corrections.tell(work, key, recipient, at=now, by=by)
            if patron is None:
                raise PrivacyRefusedError(PrivacyRefusal.RECIPIENT_UNKNOWN)
            detail: dict[str, str | int] = {"correction": str(key), "recipient": recipient.value, "patron": str(patron)}
            append(work.connection, AuditEntry(now, by, "recipient told", "done", detail))

        self._database.write(tell)

    def unfinished(self, *, by: str) -> list[CorrectionMade]:
        """Corrections whose name waits for a librarian, or of which somebody is still to be told. Whose they are is noted first."""
        with self._database.reading() as connection:
            found = corrections.unfinished(connection)
        patrons = [one.patron for one in found]
        entry = AuditEntry(self._outside.now(), by, "corrections shown", "done", {"count": len(found)}, patrons)
        self._database.write(lambda work: append(work.connection, entry))
        return found

    def _settled(self, work: UnitOfWork, key: UUID, by: str) -> tuple[PatronId, str]:
        waited = corrections.settle(work, key, at=self._outside.now(), by=by)
        if waited is None:
            raise PrivacyRefusedError(PrivacyRefusal.CORRECTION_UNKNOWN)
        return waited

    def _tell_kiosks(self, work: UnitOfWork, patron: PatronId) -> None:
        self._publish(work, [FeedEntry(ReplicaTable.PATRON, key_text(patron))])

    def _note(self, work: UnitOfWork, action: str, made: CorrectionMade, by: str) -> None:
        fields = ",".join(one.value for one in made.fields)
        detail: dict[str, str | int] = {"correction": str(made.id), "patron": str(made.patron), "fields": fields, "waits": int(made.waits)}
        append(work.connection, AuditEntry(made.made_at, by, action, "done", detail))

    def _note_key(self, work: UnitOfWork, action: str, key: UUID, patron: PatronId, by: str) -> None:
        detail: dict[str, str | int] = {"correction": str(key), "patron": str(patron)}
        append(work.connection, AuditEntry(self._outside.now(), by, action, "done", detail))
