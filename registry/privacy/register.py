"""The desk for requests about data: take one, extend its term once, answer it, see what is due."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from circulation.ids import PatronId
from registry.audit.store import AuditEntry, append
from registry.database import Database, UnitOfWork
from registry.desk.store_search import birth_date_of
from registry.outside import Outside
from registry.plain_text import plain
from registry.privacy import store
from registry.privacy.refusals import PrivacyRefusal, PrivacyRefusedError
from registry.privacy.requests import PrivacyRequest, RequestOrder, RequestOutcome, decide_answer, decide_extension, decide_receipt
from registry.privacy.store_people import is_on_record
from registry.privacy.terms import Term, due_of, term_on

_LONGEST_REASON = 200


class RequestRegister:
    """Of one registry. What staff write as a reason stands in the register and never in the audit trail."""

    def __init__(self, database: Database, outside: Outside, *, zone: ZoneInfo) -> None:
        self._database = database
        self._outside = outside
        self._zone = zone

    def take(self, order: RequestOrder, *, by: str) -> PrivacyRequest:
        """Enter a request; its term begins with the day of receipt.

        Raises:
            PrivacyRefusedError: ``NOBODY_FOUND``, or every reason of ``decide_receipt``.

        """

        def take(work: UnitOfWork) -> PrivacyRequest:
            now = self._outside.now()
            born = None if order.patron is None else birth_date_of(work.connection, order.patron)
            if order.patron is not None and not is_on_record(work.connection, order.patron):
                raise PrivacyRefusedError(PrivacyRefusal.NOBODY_FOUND)
            _refuse(decide_receipt(order, born=born, now=now, today=self._day(now)))
            received_at = order.received_at or now
            received_on = self._day(received_at)
            term = term_on(store.terms(work.connection), order.kind, today=received_on)
            request = PrivacyRequest(
                *(self._outside.new_id(), order.patron, order.kind, received_at, order.channel, order.asker, order.identity, by),
                due=due_of(term, received_on=received_on),
            )
            store.add(work, request)
            self._note(work, "privacy request taken", request, by, {"channel": request.channel.value, "asker": request.asker.value})
            return request

        return self._database.write(take)

    def extend(self, key: UUID, *, because: str, by: str) -> PrivacyRequest:
        """Extend a request's term, once, for a reason that is written to whoever asked.

        Raises:
            PrivacyRefusedError: ``REQUEST_UNKNOWN``, or every reason of ``decide_extension``.

        """
        said = plain(because.strip(), longest=_LONGEST_REASON)

        def extend(work: UnitOfWork) -> PrivacyRequest:
            now = self._outside.now()
            request = self._request(work.connection, key)
            _refuse(decide_extension(request, said, today=self._day(now)))
            term = term_on(store.terms(work.connection), request.kind, today=self._day(request.received_at))
            longer = Term(term.kind, term.effective_from, term.extension_days, 0, term.source)
            store.extend(work, key, due_of(longer, received_on=request.due), at=now, because=said)
            self._note(work, "privacy request extended", request, by, {})
            return self._request(work.connection, key)

        return self._database.write(extend)

    def answer(self, key: UUID, outcome: RequestOutcome, *, because: str = "", by: str) -> PrivacyRequest:
        """Enter how a request was answered.

        Raises:
            PrivacyRefusedError: ``REQUEST_UNKNOWN``, or every reason of ``decide_answer``.

        """
        said = plain(because.strip(), longest=_LONGEST_REASON)

        def answer(work: UnitOfWork) -> PrivacyRequest:
            now = self._outside.now()
            request = self._request(work.connection, key)
            _refuse(decide_answer(request, outcome, said))
            answered = replace(request, outcome=outcome, answered_at=now, answered_by=by, because=said or None)
            store.answer(work, answered)
            late = int(self._day(now) > request.due)
            self._note(work, "privacy request answered", request, by, {"outcome": outcome.value, "late": late})
            return answered

        return self._database.write(answer)

    def waiting(self, *, by: str) -> list[PrivacyRequest]:
        """The requests that nobody has answered, the most urgent first. Whose they are is noted before anybody is shown."""
        with self._database.reading() as connection:
            found = store.waiting(connection)
        entry = AuditEntry(*(self._outside.now(), by, "privacy requests shown", "done"), {"count": len(found)}, _patrons(found))
        self._database.write(lambda work: append(work.connection, entry))
        return found

    def terms(self) -> list[Term]:
        """Every term with its source."""
        with self._database.reading() as connection:
            return store.terms(connection)

    def add_term(self, term: Term, *, by: str) -> bool:
        """Add a term from a day on; whether there was none of its kind from that day. What was received before keeps its own."""

        def add(work: UnitOfWork) -> bool:
            there = {(one.kind, one.effective_from) for one in store.terms(work.connection)}
            if (term.kind, term.effective_from) in there:
                return False
            store.add_term(work, term)
            detail: dict[str, str | int] = {"kind": term.kind, "days": term.days, "extension_days": term.extension_days}
            append(work.connection, AuditEntry(self._outside.now(), by, "privacy term added", "done", detail))
            return True

        return self._database.write(add)

    def today(self) -> date:
        """The library's date."""
        return self._day(self._outside.now())

    def _day(self, at: datetime) -> date:
        return at.astimezone(self._zone).date()

    def _request(self, connection: Connection, key: UUID) -> PrivacyRequest:
        found = store.by_key(connection, key)
        if found is None:
            raise PrivacyRefusedError(PrivacyRefusal.REQUEST_UNKNOWN)
        return found

    def _note(self, work: UnitOfWork, action: str, request: PrivacyRequest, by: str, more: Mapping[str, str | int]) -> None:
        detail: dict[str, str | int] = {"request": str(request.id), "kind": request.kind.value, **more}
        append(work.connection, AuditEntry(self._outside.now(), by, action, "done", detail, _patrons([request])))


def _patrons(requests: Sequence[PrivacyRequest]) -> list[PatronId]:
    return [one.patron for one in requests if one.patron is not None]


def _refuse(against: tuple[PrivacyRefusal, ...]) -> None:
    if against:
        raise PrivacyRefusedError(*against)
