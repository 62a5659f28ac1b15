"""Keeps what a run did, sealed under the batch's own key, so that the batch can be undone for a while and not longer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from sqlalchemy import Connection

from circulation.ids import PatronId
from registry.database import UnitOfWork
from registry.outside import Outside
from registry.pieces import in_pieces
from registry.rosters import store, store_batches
from registry.rosters.batch_keys import BatchKey, KeyUse
from registry.rosters.effects import Effects, NumberNamed, Traces, Waited, effects_of
from registry.rosters.known import Known
from registry.rosters.plan import Plan
from registry.rosters.sealing import Seal
from replica.card_keys import card_key


@dataclass(frozen=True, slots=True)
class WaitedBefore:
    """What waited for the people of a plan before it is written: by tag, and whose tag that is."""

    rows: Mapping[bytes, Waited]
    tags: Mapping[str, bytes]


class Keeping:
    """Keeps the effects of runs, and reads them again."""

    def __init__(self, outside: Outside, seal: Seal, *, card_secret: bytes, undo_kept: timedelta) -> None:
        self._outside = outside
        self._seal = seal
        self._secret = card_secret
        self._undo_kept = undo_kept

    def waited(self, connection: Connection, plan: Plan) -> WaitedBefore:
        """What waits for the people whose waiting a plan changes."""
        tags = {national_id: self._seal.tag(national_id) for national_id in (*plan.waits, *plan.no_longer_waits)}
        found = store.waiting(connection, list(tags.values()))
        rows = {
            tag: Waited(tag, one.sealed, one.school_year, one.received_at, one.batch, one.school, one.row_number)
            for tag, one in found.items()
        }
        return WaitedBefore(rows, tags)

    def keep(  # noqa: PLR0913 - a run, and what was there before
        self,
        work: UnitOfWork,
        batch: UUID,
        plan: Plan,
        known: Known,
        *,
        at: datetime,
        waited: WaitedBefore,
        reports: Mapping[PatronId, UUID],
    ) -> None:
        """Keep what a plan did; nothing when the batch's time for undoing is over."""
        key = self._key(work, batch)
        if key is None:
            return
        patrons = {one.id: one for one in known.patrons.values()}
        people = effects_of(plan, patrons, Traces(self._numbers(plan, known), self._taken(plan, known, waited), reports))
        number = store_batches.next_piece(work.connection, batch)
        waits = tuple((waited.tags[national_id], waited.rows.get(waited.tags[national_id])) for national_id in plan.waits)
        pieces = [Effects(plan.school_year, at, tuple(piece)) for piece in in_pieces(people)]
        if waits:
            pieces.append(Effects(plan.school_year, at, waits=waits))
        sealed = ((number + i, key.seal(number + i, msgspec.msgpack.encode(one))) for i, one in enumerate(pieces))
        store_batches.add_effects(work, batch, sealed)

    def kept(self, connection: Connection, batch: UUID) -> list[Effects] | None:
        """What a batch did, in its order; none when that can't be read any more.

        Raises:
            KeyFileError: the registry's key is another than it was sealed with.

        """
        sealed = store_batches.keys_of(connection, batch).undo
        if sealed is None:
            return None
        key = BatchKey.opened(sealed, batch, KeyUse.UNDO, self._seal, self._outside.random_bytes)
        pieces = store_batches.effects(connection, batch)
        return [msgspec.msgpack.decode(key.open(number, piece), type=Effects) for number, piece in pieces]

    def _key(self, work: UnitOfWork, batch: UUID) -> BatchKey | None:
        keys = store_batches.keys_of(work.connection, batch)
        if keys.undo is not None:
            return BatchKey.opened(keys.undo, batch, KeyUse.UNDO, self._seal, self._outside.random_bytes)
        if keys.undo_until is not None:
            return None
        made = BatchKey.new(batch, KeyUse.UNDO, self._outside.random_bytes)
        store_batches.keep_undo_key(work, batch, made.kept(self._seal), until=self._outside.now() + self._undo_kept)
        return made

    def _numbers(self, plan: Plan, known: Known) -> dict[PatronId, tuple[NumberNamed, ...]]:
        found: dict[PatronId, tuple[NumberNamed, ...]] = {}
        for uid, one in plan.named.items():
            said = NumberNamed(card_key(uid, secret=self._secret), known.named.get(uid), one)
            found[one.patron] = (*found.get(one.patron, ()), said)
        return found

    def _taken(self, plan: Plan, known: Known, waited: WaitedBefore) -> dict[PatronId, Waited]:
        """Rows that waited and became somebody's contact data."""
        patrons = {national_id: one.id for national_id, one in known.patrons.items()}
        patrons |= {one.row.national_id: one.id for one in plan.patrons}
        taken = ((patrons.get(national_id), waited.rows.get(waited.tags[national_id])) for national_id in plan.no_longer_waits)
        return {patron: row for patron, row in taken if patron is not None and row is not None and patron in plan.contacts}
