"""The desk for lost cards: stop one, confirm a report that nobody proved, give one back (Q6-1, Q6-2, R5, R7, R17, R18).

A report stops its card and nothing else: the account and the other cards go on (R7).
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum, unique
from zoneinfo import ZoneInfo

from circulation.cards import CardKind, CardState, CardUid
from circulation.ids import PatronId
from circulation.opening_days import OpeningDays
from registry.audit.store import AuditEntry, append
from registry.calendars.store import opening_days_of_branch
from registry.cards import store as cards
from registry.cards import store_losses
from registry.cards.store import CardRecord
from registry.cards.store_losses import LossChannel, LossReport, SoftHold
from registry.database import Database, UnitOfWork
from registry.desk.questions import read_national_id
from registry.desk.refusals import DeskRefusal, DeskRefusedError
from registry.desk.replacing import Publish, card_entries
from registry.desk.store_search import patron_by_identity
from registry.lending.store import branch_name
from registry.outside import Outside
from registry.plain_text import plain
from replica.card_keys import card_key


@unique
class IdentityItem(StrEnum):
    """What a caller may prove to be somebody with; two different ones are needed (R17)."""

    NAME = "name"
    NATIONAL_ID = "national_id"
    BIRTH_DATE = "birth_date"
    ADDRESS = "address"
    PHONE = "phone"
    PAPERS = "papers"
    """An official document, shown at the desk."""


_ITEMS_NEEDED = 2
_LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class LossCall:
    """A loss reported to staff: which card, how, what proved the caller, and the branch that took it, if any."""

    uid: CardUid
    channel: LossChannel
    identity: frozenset[IdentityItem]
    branch: str | None = None


@dataclass(frozen=True, slots=True)
class Stopped:
    """The card is stopped. ``already``: it was before; ``outside_hours``: the branch is closed now, which is a warning and no refusal (R17)."""

    kind: CardKind
    already: bool
    outside_hours: bool


class LossDesk:
    """Takes loss reports and undoes them."""

    def __init__(self, database: Database, outside: Outside, *, card_secret: bytes, zone: ZoneInfo, publish: Publish) -> None:
        self._database = database
        self._outside = outside
        self._secret = card_secret
        self._zone = zone
        self._publish = publish

    def lose(self, call: LossCall, *, by: str) -> Stopped:
        """Stop a card at once, at any hour. ``by`` is the member of staff.

        Raises:
            DeskRefusedError: ``IDENTITY_UNPROVEN``, ``BRANCH_UNKNOWN``, ``NO_SUCH_RECORD``.

        """
        if call.channel in {LossChannel.PHONE, LossChannel.DESK} and len(call.identity) < _ITEMS_NEEDED:
            raise DeskRefusedError(DeskRefusal.IDENTITY_UNPROVEN)

        def lose(work: UnitOfWork) -> Stopped:
            if call.branch is not None and branch_name(work.connection, call.branch) is None:
                raise DeskRefusedError(DeskRefusal.BRANCH_UNKNOWN)
            return self._stop(work, self._card(work, call.uid), call, by)

        return self._database.write(lose)

    def lose_online(self, patron: PatronId, kind: CardKind, *, by: str) -> Stopped:
        """Stop one's own card at any time, signed in by the PIN (Q6-1a). ``by`` is the way one came: whoever calls has checked the PIN.

        Raises:
            DeskRefusedError: ``NO_SUCH_RECORD``: the patron has no card of this kind.

        """

        def lose(work: UnitOfWork) -> Stopped:
            found = cards.of_kind(work.connection, patron, kind)
            if found is None:
                raise DeskRefusedError(DeskRefusal.NO_SUCH_RECORD)
            return self._stop(work, found, LossCall(found.uid, LossChannel.ONLINE, frozenset()), by)

        return self._database.write(lose)

    def _stop(self, work: UnitOfWork, found: CardRecord, call: LossCall, by: str) -> Stopped:
        now = self._outside.now()
        key = card_key(call.uid, secret=self._secret)
        proven = tuple(sorted(str(item) for item in call.identity))
        report = LossReport(self._outside.new_id(), key, found.patron, call.channel, now, by, call.branch, proven)
        stopped = store_losses.record(work, [report])
        days = None if call.branch is None else opening_days_of_branch(work.connection, call.branch)
        closed = days is not None and not self._is_open(days)
        detail: dict[str, str | int] = {
            "patron": str(found.patron),
            "kind": str(found.kind),
            "channel": str(call.channel),
            "outside_hours": int(closed),
        }
        append(work.connection, AuditEntry(now, by, "card reported lost", "done", detail))
        self._tell(work, stopped)
        return Stopped(found.kind, already=not stopped, outside_hours=closed)

    def restore(self, uid: CardUid, *, because: str, by: str) -> CardKind:
        """Give a lost card back, with what staff write as the reason (R18). Kiosks hear of it at once.

        Raises:
            DeskRefusedError: ``REASON_MISSING``, ``NO_SUCH_RECORD``, ``NOT_LOST``, ``FROM_BUREAU``.

        """
        reason = plain(because.strip(), longest=_LONGEST_REASON)
        if not reason:
            raise DeskRefusedError(DeskRefusal.REASON_MISSING)

        def restore(work: UnitOfWork) -> CardKind:
            now = self._outside.now()
            found = self._card(work, uid)
            if found.state is not CardState.LOST:
                raise DeskRefusedError(DeskRefusal.NOT_LOST)
            key = card_key(uid, secret=self._secret)
            standing = [one for one in store_losses.reports_on(work.connection, [key]) if one.restored_at is None]
            if any(one.channel is LossChannel.BUREAU for one in standing):
                raise DeskRefusedError(DeskRefusal.FROM_BUREAU)
            if not standing:
                store_losses.record(work, [LossReport(self._outside.new_id(), key, found.patron, LossChannel.UNRECORDED, now, by)])
            store_losses.restore(work, key, at=now, by=by, because=reason)
            # What staff wrote stands in the report; the trail never holds what a person said.
            append(work.connection, AuditEntry(now, by, "card restored", "done", {"patron": str(found.patron), "kind": str(found.kind)}))
            self._tell(work, [key])
            return found.kind

        return self._database.write(restore)

    def confirm(self, uid: CardUid, *, by: str) -> CardKind:
        """Confirm a report that was made without proof; the card stays stopped.

        Raises:
            DeskRefusedError: ``NO_SUCH_RECORD``, ``NOTHING_TO_CONFIRM``.

        """

        def confirm(work: UnitOfWork) -> CardKind:
            now = self._outside.now()
            found = self._card(work, uid)
            if not store_losses.confirm(work, card_key(uid, secret=self._secret), at=now, by=by):
                raise DeskRefusedError(DeskRefusal.NOTHING_TO_CONFIRM)
            append(work.connection, AuditEntry(now, by, "loss confirmed", "done", {"patron": str(found.patron), "kind": str(found.kind)}))
            return found.kind

        return self._database.write(confirm)

    def soft_holds(self, *, by: str, limit: int = 100) -> list[SoftHold]:
        """The reports without proof that wait for staff, oldest first. Whose they are is noted before anybody is shown."""
        with self._database.reading() as connection:
            found = store_losses.soft_holds(connection, limit=limit)
        entry = AuditEntry(
            *(self._outside.now(), by, "unconfirmed losses shown", "done"), {"count": len(found)}, [one.patron for one in found]
        )
        self._database.write(lambda work: append(work.connection, entry))
        return found

    def lose_by_identity(self, national_id: str, birth_date: date, kind: CardKind, *, reporter: str, branch: str) -> None:
        """Stop the card of whoever has this national ID and birth date, until staff confirm it or give it back.

        Nothing comes back, and the work is the same whether or not anything matched: one unit of work with a
        question and an entry in the audit trail, which says how many cards it stopped and never whose.
        """

        def lose(work: UnitOfWork) -> None:
            now = self._outside.now()
            key = patron_by_identity(work.connection, read_national_id(national_id), birth_date)
            found = None if key is None else cards.of_kind(work.connection, key, kind)
            stopped: list[bytes] = []
            if found is not None and found.state is not CardState.LOST:
                report = LossReport(
                    *(self._outside.new_id(), card_key(found.uid, secret=self._secret), found.patron, LossChannel.BY_ID, now),
                    *(reporter, branch, (str(IdentityItem.NATIONAL_ID), str(IdentityItem.BIRTH_DATE))),
                )
                stopped = store_losses.record(work, [report])
            append(work.connection, AuditEntry(now, reporter, "loss report by identity", "done", {"count": len(stopped)}))
            self._tell(work, stopped)

        self._database.write(lose)

    def _card(self, work: UnitOfWork, uid: CardUid) -> CardRecord:
        found = cards.by_number(work.connection, uid)
        if found is None:
            raise DeskRefusedError(DeskRefusal.NO_SUCH_RECORD)
        return found

    def _tell(self, work: UnitOfWork, keys: list[bytes]) -> None:
        if keys:
            self._publish(work, card_entries(keys))

    def _is_open(self, days: OpeningDays) -> bool:
        here = self._outside.now().astimezone(self._zone)
        hours = days.hours_on(here.date())
        return hours is not None and hours.opens <= here.time() < hours.closes
