"""The ledger: the outbox of facts and what follows from them. Nothing that was shown as done may ever be missing here."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType
from sqlalchemy import Connection, Engine, Row, Select, bindparam, exists, func, select, update
from sqlalchemy.exc import DBAPIError

from circulation.facts import FactEnvelope
from circulation.ids import ItemId, PatronId
from circulation.items import ItemStatus
from circulation.wire import ChainSpan, FactResult, FactStatus, Position
from kiosk.offline import Pace
from kiosk.overlay import LocalLoan
from kiosk.store import answers, epochs, offline_rows, overlay_rows, pruning
from kiosk.store.epochs import CAN_BE_SENT
from kiosk.store.errors import LedgerUnwritableError
from kiosk.store.ledger_tables import device, outbox
from kiosk.store.ledger_values import DeviceState, Epoch, Flagged
from kiosk.store.offline_rows import KeptTerms, KeptWatch
from kiosk.store.transactions import writing
from kiosk.store.unit_of_work import LAST_SEQ, UnitOfWork
from kiosk.store.watermark import Watermark

_FIRST_TO_SEND = select(func.min(outbox.c.seq)).where(outbox.c.position.is_(None))
_UNANSWERED = select(func.count()).select_from(outbox).where(outbox.c.status.is_(None))
_BODIES = select(outbox.c.body).where(outbox.c.seq >= bindparam("first")).order_by(outbox.c.seq).limit(bindparam("most"))
_AGAIN = select(outbox.c.seq, outbox.c.body).where(CAN_BE_SENT).order_by(outbox.c.seq)
_FEED = select(device.c.feed)
_DEVICE = select(device)
_ANSWERED_BEYOND = select(exists().where(outbox.c.position > bindparam("cursor")))
_REMEMBER = update(device)
_FIRST_HELD = select(device.c.pruned_seq + 1)


class Ledger:
    """An open ledger, on its only connection. Every method may raise ``LedgerUnwritableError``."""

    def __init__(self, engine: Engine, connection: Connection, watermark: Watermark) -> None:
        self._engine = engine
        self._connection = connection
        self._watermark = watermark

    @contextmanager
    def unit_of_work(self) -> Iterator[UnitOfWork]:
        """Begin a transaction; it is rolled back unless committed.

        Raises:
            LedgerUnwritableError: the database refuses; nothing of it happened.

        """
        with self._write():
            yield UnitOfWork(self._connection, self._watermark)

    def device(self) -> DeviceState:
        """What the ledger remembers of its kiosk."""
        (row,) = self._read(_DEVICE)
        return DeviceState(
            row.epoch, row.heard_at, row.snapshot_version, row.problem, row.problem_at, row.feed, row.epoch_base, row.restored_at
        )

    def epochs(self) -> tuple[Epoch, ...]:
        """Those of the facts that can be sent, the present one last."""
        with self._reading():
            return epochs.held(self._connection)

    @property
    def owes(self) -> UUID | None:
        """The epoch of which facts are missing here, by the mark that they left: the next one is still to be begun. Usually none."""
        return self._watermark.owes

    def owe_epoch(self) -> None:
        """Facts of an epoch are missing here and no mark names it: a new one is to be begun all the same."""
        self._watermark.owe(self.device().epoch)

    def last_seq(self) -> int:
        """The number of the last fact; 0 before the first."""
        return int(self._one(LAST_SEQ))

    def first_held(self) -> int:
        """The number of the first fact that has not been pruned, or will not have been."""
        return int(self._one(_FIRST_HELD))

    def first_to_send(self) -> int | None:
        """The number of the first fact without a result in the present feed."""
        first: int | None = self._one(_FIRST_TO_SEND)
        return first

    def unanswered(self) -> int:
        """How many facts have no result."""
        return int(self._one(_UNANSWERED))

    def answered_beyond(self, cursor: Position) -> bool:
        """Whether the effect of a fact that is held stands in the feed behind a cursor of it."""
        return bool(self._one(_ANSWERED_BEYOND, {"cursor": cursor}))

    def bodies(self, first: int, most: int) -> list[bytes]:
        """Facts from a number on, exactly as they were written."""
        return [row.body for row in self._read(_BODIES, {"first": first, "most": most})]

    def facts_again(self) -> Iterator[tuple[int, FactEnvelope]]:
        """The facts that can still be sent, answered or not, each with its number here: those that are held."""
        for row in self._read(_AGAIN):
            yield row.seq, msgspec.json.decode(row.body, type=FactEnvelope)

    def span(self, numbers: range) -> ChainSpan:
        """The chain's values around facts that are held."""
        with self._reading():
            return epochs.span(self._connection, numbers)

    def local_loans_of_patron(self, patron: PatronId) -> tuple[LocalLoan, ...]:
        """The overlay of a patron."""
        return tuple(map(overlay_rows.local_loan_of, self._read(overlay_rows.BY_PATRON, {"wanted": patron})))

    def local_loans_of_item(self, item: ItemId) -> tuple[LocalLoan, ...]:
        """The overlay of an item."""
        return tuple(map(overlay_rows.local_loan_of, self._read(overlay_rows.BY_ITEM, {"wanted": item})))

    def status_here(self, item: ItemId) -> ItemStatus | None:
        """The status of an item by what happened here and the replica does not show yet; none when nothing did."""
        rows = self._read(overlay_rows.STATUS_HERE, {"item": item})
        return ItemStatus(rows[0].status) if rows else None

    def lent_in_period(self, patron: PatronId, period: datetime | None) -> int:
        """How many items were lent here to a patron since the feed was last verified, not counting those put back."""
        return int(self._one(overlay_rows.IN_PERIOD, {"patron": patron, "period": period}))

    def lent_lately(self, patron: PatronId, now: datetime) -> Pace:
        """What was lent here within the hour before an instant (aware UTC) and the feed does not show yet, not counting what was put back."""
        values = {"patron": patron, "after": offline_rows.hour_before(now)}
        ((of_patron, of_all),) = self._read(offline_rows.LENT_LATELY, values)
        return Pace(of_patron, of_all)

    def kept_offline(self) -> tuple[tuple[KeptTerms, ...], KeptWatch]:
        """The offline terms that are held, in the order of their versions, and what an earlier run left about them, clock and feed."""
        return offline_rows.read(self._read(offline_rows.KEPT_TERMS), self._read(offline_rows.KEPT_WATCH))

    def is_lost_here(self, card: bytes) -> bool:
        """Whether the card with this key was reported lost here, and the feed has not yet brought the registry's word on it."""
        return bool(self._one(overlay_rows.LOST_HERE, {"card": card}))

    def lost_here(self) -> tuple[bytes, ...]:
        """The keys of all such cards."""
        return tuple(row.card for row in self._read(overlay_rows.LOSSES))

    def flagged(self) -> tuple[Flagged, ...]:
        """The facts that staff should know of, in their order."""
        query = select(outbox).where(outbox.c.status.is_not(None), outbox.c.status != FactStatus.ACCEPTED.value).order_by(outbox.c.seq)
        return tuple(Flagged(row.seq, FactStatus(row.status), tuple(row.reasons), row.place, row.problem) for row in self._read(query))

    def store_results(self, results: Sequence[FactResult], *, at: datetime, feed: UUID | UnsetType = UNSET) -> None:
        """Keep the first result of each fact, and where in the feed its effect stands.

        Positions of another feed than the one that is followed say nothing here: those facts are sent again when it is followed.

        Args:
            results: in the order of the facts.
            at: when they came, by the registry's clock (aware UTC).
            feed: whose positions these are; an older registry does not say.

        Raises:
            LedgerUnwritableError: nothing was stored.

        """
        if results:
            with self._write():
                followed = self._connection.execute(_FEED).scalar_one()
                answers.keep(self._connection, results, at=at, placed=feed is UNSET or followed in {None, feed})
                self._connection.commit()

    def prune(self, *, answered_before: datetime, below: int, most: int) -> int:
        """Remove the oldest facts that were answered before an instant (aware UTC) and stand below a number; says how many.

        Raises:
            LedgerUnwritableError: they stay.

        """
        with self._reading():
            numbers = pruning.prunable(self._connection, answered_before=answered_before, below=below, most=most)
        if numbers:
            with self._write():
                pruning.remove(self._connection, numbers)
                self._connection.commit()
        return len(numbers)

    def follow(self, cursor: Position, *, shown_lost: Sequence[bytes]) -> None:
        """Drop the overlay's rows whose effect the replica shows.

        Args:
            cursor: where the replica stands, in the feed that is remembered.
            shown_lost: of the cards reported lost here those that the replica does not let in either.

        Raises:
            LedgerUnwritableError: they stay.

        """
        with self._write():
            overlay_rows.follow(self._connection, cursor, shown_lost=shown_lost)
            self._connection.commit()

    def note_changes(self, changed: Mapping[bytes, Position]) -> None:
        """Keep the numbers of the last changes of cards reported lost here, before the replica shows them.

        Raises:
            LedgerUnwritableError: they are not kept.

        """
        with self._write():
            overlay_rows.note_changes(self._connection, changed)
            self._connection.commit()

    def remember_heard(self, at: datetime) -> None:
        """Keep when the registry was last heard (aware UTC).

        Raises:
            LedgerUnwritableError: nothing was changed.

        """
        self._remember({"heard_at": at})

    def remember_snapshot(self, version: int) -> None:
        """Keep which snapshot was taken over last: an older one is never taken again.

        Raises:
            LedgerUnwritableError: nothing was changed.

        """
        self._remember({"snapshot_version": version})

    def lay_before_staff(self, problem: str, *, at: datetime) -> None:
        """Keep what a person must look at, the newest in place of the last.

        Raises:
            LedgerUnwritableError: nothing was changed.

        """
        self._remember({"problem": problem, "problem_at": at})

    def staff_have_looked(self) -> None:
        """Forget what a person had to look at: it is over.

        Raises:
            LedgerUnwritableError: nothing was changed.

        """
        self._remember({"problem": "", "problem_at": None})

    def keep_offline(self, kept: Sequence[KeptTerms], watch: KeptWatch, *, at: datetime) -> None:
        """Hold these offline terms and no others, and what the next run must know of them, clock and feed (``at``: aware UTC).

        Raises:
            LedgerUnwritableError: what was held stays.

        """
        with self._write():
            offline_rows.keep(self._connection, kept, watch, at=at)
            self._connection.commit()

    def try_to_write(self) -> None:
        """Write something that changes nothing, to the disk.

        Raises:
            LedgerUnwritableError: it can't be written yet.

        """
        self._remember({"only": 1})

    def close(self) -> None:
        """Close the file; its write-ahead log goes into it."""
        self._connection.close()
        self._engine.dispose()

    def _remember(self, values: dict[str, datetime | int | str | None]) -> None:
        with self._write():
            self._connection.execute(_REMEMBER, values)
            self._connection.commit()

    def _one(self, statement: Select[*tuple[Any, ...]], values: dict[str, Any] | None = None) -> Any:  # noqa: ANN401 - the caller knows
        ((value,),) = self._read(statement, values)
        return value

    def _read(self, statement: Select[*tuple[Any, ...]], values: dict[str, Any] | None = None) -> Sequence[Row[*tuple[Any, ...]]]:
        with self._reading():
            return self._connection.execute(statement, values).all()

    @contextmanager
    def _reading(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            message = f"the ledger can't be read: {error.orig}"
            raise LedgerUnwritableError(message) from None

    @contextmanager
    def _write(self) -> Iterator[None]:
        try:
            with writing(self._connection):
                yield
        except DBAPIError as error:
            message = f"the ledger can't be written: {error.orig}"
            raise LedgerUnwritableError(message) from None
