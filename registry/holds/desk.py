"""The desk for holds: place one, give it up, wait later, collect it elsewhere. For patrons and for staff who do it for them (R8).

Holds are the patron's and no card's: a new card changes nothing of them.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from circulation.holds import HoldState
from circulation.ids import BranchCode, HoldId, PatronId
from circulation.item_life import ItemEvent, after
from circulation.no_shows import stopped_until
from circulation.opening_days import local_date
from circulation.policy import rules_for
from registry.audit.store import AuditEntry, append
from registry.catalogue.store import by_barcode
from registry.database import Database, UnitOfWork
from registry.desk.replacing import Publish
from registry.exchange.hold_changes import changes_of_holds
from registry.holds import store, store_standing
from registry.holds.effects import read_moves, write_moves
from registry.holds.moves import Moves
from registry.holds.records import HoldRecord
from registry.holds.rules import HoldRefusal, HoldRefusedError, Standing, decide_hold
from registry.lending.store import branch_name, rule_book
from registry.outside import Outside
from registry.settings import RegistrySettings

Act = Callable[[Moves, HoldRecord, date], None]


@dataclass(frozen=True, slots=True)
class HoldOrder:
    """Who wants which title, and where it will be collected."""

    patron: PatronId
    title: str
    pickup: BranchCode


class HoldDesk:
    """Takes and changes holds. ``of`` limits a call to that patron's own holds: another's is no hold at all."""

    def __init__(self, database: Database, outside: Outside, settings: RegistrySettings, *, publish: Publish) -> None:
        self._database = database
        self._outside = outside
        self._zone = settings.zone
        self._publish = publish

    def title_of(self, barcode: str) -> str:
        """The title of a copy, by which a hold is placed.

        Raises:
            HoldRefusedError: ``ITEM_UNKNOWN``.

        """
        with self._database.reading() as connection:
            found = by_barcode(connection, barcode)
        if found is None:
            raise HoldRefusedError(HoldRefusal.ITEM_UNKNOWN)
        return found.title

    def place(self, order: HoldOrder, *, by: str) -> HoldId:
        """Put a patron at the end of the queue for a title.

        Raises:
            HoldRefusedError: with every reason.

        """
        refused: tuple[HoldRefusal, ...] = ()

        def place(work: UnitOfWork) -> HoldId | None:
            nonlocal refused
            now = self._outside.now()
            refused = self._against(work, order, local_date(now, self._zone))
            detail = {"patron": str(order.patron), "branch": order.pickup}
            if refused:
                codes = ",".join(refused)
                append(work.connection, AuditEntry(now, by, "hold placed", "refused", {"patron": str(order.patron), "codes": codes}))
                return None
            new = HoldRecord(HoldId(self._outside.new_id()), order.patron, order.title, order.pickup, now)
            store.add(work, [new])
            append(work.connection, AuditEntry(now, by, "hold placed", "done", {**detail, "hold": str(new.id)}))
            self._publish(work, changes_of_holds(work.connection, [new.id]))
            return new.id

        placed = self._database.write(place)
        if placed is None:
            raise HoldRefusedError(*refused)
        return placed

    def of_patron(self, patron: PatronId, *, by: str) -> list[HoldRecord]:
        """The patron's holds, the oldest first. That somebody looked is noted."""

        def look(work: UnitOfWork) -> list[HoldRecord]:
            append(work.connection, AuditEntry(self._outside.now(), by, "holds shown", "done", {"patron": str(patron)}))
            return sorted(store.of_patron(work.connection, patron), key=lambda one: one.turn)

        return self._database.write(look)

    def cancel(self, key: UUID, *, by: str, of: PatronId | None = None) -> None:
        """Give a hold up; it costs nothing. A copy that was kept goes to the next in the queue, or home.

        Raises:
            HoldRefusedError: ``HOLD_UNKNOWN``.

        """

        def end(moves: Moves, one: HoldRecord, _today: date) -> None:
            moves.end(one, now=self._outside.now())

        self._act(key, end, "hold ended", by=by, of=of)

    def suspend(self, key: UUID, *, until: date, by: str, of: PatronId | None = None) -> None:
        """Pass a waiting patron over through a day; the place in the queue stays.

        Raises:
            HoldRefusedError: ``HOLD_UNKNOWN``, ``COPY_IS_COMING``, ``DAY_NOT_AHEAD``.

        """

        def suspend(moves: Moves, one: HoldRecord, today: date) -> None:
            if one.state is not HoldState.WAITING:
                raise HoldRefusedError(HoldRefusal.COPY_IS_COMING)
            if until <= today:
                raise HoldRefusedError(HoldRefusal.DAY_NOT_AHEAD)
            moves.holds.change(one, replace(one, suspended_until=until))

        self._act(key, suspend, "hold suspended", by=by, of=of)

    def resume(self, key: UUID, *, by: str, of: PatronId | None = None) -> None:
        """End a suspension now.

        Raises:
            HoldRefusedError: ``HOLD_UNKNOWN``.

        """

        def resume(moves: Moves, one: HoldRecord, _today: date) -> None:
            moves.holds.change(one, one.resumed())

        self._act(key, resume, "hold resumed", by=by, of=of)

    def change_pickup(self, key: UUID, *, pickup: BranchCode, by: str, of: PatronId | None = None) -> None:
        """Collect it at another branch. What lies ready is taken off the shelf and sent there, until its last day.

        Raises:
            HoldRefusedError: ``HOLD_UNKNOWN``, ``BRANCH_UNKNOWN``, ``PICK_UP_OVER``.

        """

        def change(moves: Moves, one: HoldRecord, today: date) -> None:
            if one.pickup == pickup:
                return
            new = replace(one, pickup=pickup)
            if one.state is not HoldState.READY or one.item is None:
                moves.holds.change(one, new)
                if one.item is not None:
                    moves.moved.add(one.item)
                return
            if one.until is not None and one.until < today:
                raise HoldRefusedError(HoldRefusal.PICK_UP_OVER)
            item = moves.items[one.item]
            now = self._outside.now()
            moves.holds.change(one, new.kept(HoldState.SET_ASIDE, item.id, at=one.pickup, moved_at=now, shelf=one.shelf))
            moves.shelve(replace(item, status=after(item.status, ItemEvent.SET_ASIDE)))

        def known(work: UnitOfWork) -> None:
            if branch_name(work.connection, pickup) is None:
                raise HoldRefusedError(HoldRefusal.BRANCH_UNKNOWN)

        self._act(key, change, "hold sent elsewhere", by=by, of=of, before=known)

    def _act(  # noqa: PLR0913 - who does what to which hold
        self,
        key: UUID,
        act: Act,
        action: str,
        *,
        by: str,
        of: PatronId | None,
        before: Callable[[UnitOfWork], None] = lambda _work: None,
    ) -> None:
        def do(work: UnitOfWork) -> None:
            now = self._outside.now()
            before(work)
            one = next(iter(store.of_keys(work.connection, [key])), None)
            if one is None or of not in {None, one.patron}:
                raise HoldRefusedError(HoldRefusal.HOLD_UNKNOWN)
            moves = read_moves(work, [one])
            act(moves, one, local_date(now, self._zone))
            detail = {"hold": str(one.id), "patron": str(one.patron)}
            append(work.connection, AuditEntry(now, by, action, "done", detail))
            entries = write_moves(work, moves, now=now, new_id=self._outside.new_id)
            if entries:
                self._publish(work, entries)

        self._database.write(do)

    def _against(self, work: UnitOfWork, order: HoldOrder, today: date) -> tuple[HoldRefusal, ...]:
        connection = work.connection
        patron = store_standing.patron_of(connection, order.patron)
        if patron is None:
            return (HoldRefusal.PATRON_UNKNOWN,)
        rules = rules_for(patron, rule_book(connection).on(today))
        of_holds = None if rules is None else rules.holds
        theirs = store.of_patron(connection, patron.id)
        stopped = None if of_holds is None else stopped_until(store_standing.no_shows_of(connection, patron.id), of_holds)
        standing = Standing(
            holds=len(theirs),
            holds_this_title=any(one.title == order.title for one in theirs),
            has_on_loan=store_standing.has_on_loan(connection, patron.id, order.title),
            copies=store_standing.copies_of(connection, order.title),
            branch_is_known=branch_name(connection, order.pickup) is not None,
            stopped_until=stopped,
        )
        return decide_hold(patron, standing, of_holds, today=today)
