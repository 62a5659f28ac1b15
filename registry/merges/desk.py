"""The desk for duplicates: show what a merge would do, do it, show what undoing it would do, undo it (R8, R13, R20)."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

import msgspec

from circulation.ids import PatronId
from registry.audit.store import AuditEntry, append
from registry.belongings.footprint import HISTORY, Effect, RowChange, Rows, changes_between, effects_of
from registry.belongings.kinds import OWNER
from registry.belongings.store_footprints import entries_of, footprint_of, wanted_by
from registry.cards import store as cards
from registry.cards.store import CardRecord, CardSource
from registry.cards.store_events import CardEvent, CardEventKind, record_events
from registry.cards.store_replacements import Ending, Origin, end
from registry.cases.kinds import CaseKind
from registry.cases.store import NewCase, open_cases
from registry.database import Database, UnitOfWork
from registry.desk.replacing import Publish
from registry.exchange.store_feed import FeedEntry
from registry.merges import store
from registry.merges.rules import MergeOrder, MergeRefusal, decide_merge, decide_unmerge
from registry.merges.store import KnownMerge
from registry.merges.store_parting import part
from registry.outside import Outside
from registry.plain_text import plain
from registry.sealed_records import RecordSeal
from replica.card_keys import card_key

LONGEST_REASON = 200
_SEEN_LATER = {MergeRefusal.CARD_CHOICE_MISSING, MergeRefusal.CARD_CHOICE_IDLE}
"""Whoever decides the case chooses the cards."""


class MergeRefusedError(Exception):
    """Nothing was changed. ``codes`` holds every reason."""

    def __init__(self, codes: Sequence[MergeRefusal]) -> None:
        super().__init__(", ".join(codes))
        self.codes = tuple(codes)


@dataclass(frozen=True, slots=True)
class MergePolicy:
    """What the library says: for how long a merge can be undone, and whether it needs a second person.

    One person by default: the desk sees both accounts and the preview, must give a reason, and everything can be undone for
    30 days; a second person would make families wait at the desk for what is no more final than a replaced card.
    """

    undo_for: timedelta = timedelta(days=30)
    two_persons: bool = False


@dataclass(frozen=True, slots=True)
class Parting:
    """What undoing a merge does: ``effects``, and what can't go back to the other account because of what happened ``since``.

    ``since`` counts, by table, the rows that changed in another way, and those that are new: they stay with the survivor.
    """

    effects: tuple[Effect, ...]
    since: Mapping[str, int] = field(default_factory=dict)


class _Kept(msgspec.Struct, frozen=True):
    """What undoing needs, as it is sealed."""

    changes: list[tuple[str, dict[str, object] | None, dict[str, object] | None]]
    rows: dict[str, list[list[object]]]
    """The keys of the rows that the survivor had right after the merge."""


class MergeDesk:
    """Makes one account of two. Everything in one unit of work; kiosks hear of every row that changed."""

    def __init__(  # noqa: PLR0913 - what a desk is made of
        self,
        database: Database,
        outside: Outside,
        *,
        seal: Callable[[], RecordSeal],
        card_secret: bytes,
        policy: MergePolicy,
        publish: Publish,
    ) -> None:
        self._database = database
        self._outside = outside
        self._seal = seal
        self._secret = card_secret
        self._policy = policy
        self._publish = publish

    def preview(self, order: MergeOrder) -> tuple[Effect, ...]:
        """What merging would do now: it is done, looked at and rolled back.

        Raises:
            MergeRefusedError: with every reason against it, but a missing reason.

        """
        with self._database.unit_of_work() as work:
            return effects_of_order(self.merge_in(work, _with_reason(order), by="")[1])

    def merge(self, order: MergeOrder, *, by: str) -> UUID:
        """Make one account of two; the key to undo it by.

        Raises:
            MergeRefusedError: with every reason. ``NEEDS_SECOND`` when the library wants two persons: decide the case.

        """
        if self._policy.two_persons:
            self._database.write(lambda work: self._ask(work, order, by))
            raise MergeRefusedError([MergeRefusal.NEEDS_SECOND])
        return self._database.write(lambda work: self.merge_in(work, order, by=by)[0])

    def merge_in(self, work: UnitOfWork, order: MergeOrder, *, by: str) -> tuple[UUID, list[RowChange]]:
        """The same, inside a unit of work that does more; also which rows changed.

        Raises:
            MergeRefusedError: with every reason.

        """
        connection = work.connection
        now = self._outside.now()
        said = plain(order.because.strip(), longest=LONGEST_REASON)
        order = MergeOrder(order.survivor, order.vanished, said, order.keep)
        refused = decide_merge(order, store.account(connection, order.survivor), store.account(connection, order.vanished))
        if refused:
            raise MergeRefusedError(refused)
        both = (order.survivor, order.vanished)
        before, wanted = footprint_of(connection, both), wanted_by(connection, both)
        key = self._outside.new_id()
        self._end_unchosen(work, order, by)
        self._note_moves(work, order, by)
        known = KnownMerge(
            *(key, order.vanished, order.survivor, order.survivor, now, by, said),
            *({}, now + self._policy.undo_for, None, None),
        )
        store.move_everything(work, order.vanished, order.survivor)
        store.note_merge(work, known)
        store.take_over(work, order.vanished, order.survivor, merge_key=key)
        after = footprint_of(connection, both)
        changes = [one for one in changes_between(before, after) if not _is_own_note(one, key)]
        store.keep_undo(work, key, self._seal().close(key.bytes, _sealed(changes, after)))
        detail: dict[str, str | int] = {"merge": str(key), "patron": str(order.survivor), "vanished": str(order.vanished)}
        append(connection, AuditEntry(now, by, "accounts merged", "done", detail | _counts(changes)))
        self._tell(work, [*wanted, *entries_of(changes), *wanted_by(connection, both)])
        return key, changes

    def preview_undo(self, key: UUID) -> Parting:
        """What undoing a merge would do now, and what has happened since.

        Raises:
            MergeRefusedError: with every reason against it, but a missing reason.

        """
        with self._database.unit_of_work() as work:
            return self.undo_in(work, key, because="-", by="")

    def undo(self, key: UUID, *, because: str, by: str) -> Parting:
        """Make two accounts of one again: both as they were, but for what has happened since.

        Raises:
            MergeRefusedError: with every reason.

        """
        return self._database.write(lambda work: self.undo_in(work, key, because=because, by=by))

    def undo_in(self, work: UnitOfWork, key: UUID, *, because: str, by: str) -> Parting:
        """The same, inside a unit of work that does more.

        Raises:
            MergeRefusedError: with every reason.

        """
        connection, now = work.connection, self._outside.now()
        said = plain(because.strip(), longest=LONGEST_REASON)
        known = store.by_id(connection, key)
        kept = None if known is None or known.record is None else _opened(self._seal().open(key.bytes, known.record))
        changes = [] if kept is None else [RowChange(*one) for one in kept.changes]
        refused = decide_unmerge(
            because=said,
            until=None if known is None else known.until,
            undone=known is not None and known.undone_at is not None,
            merged_on=known is not None and store.is_merged_on(connection, known),
            id_taken=known is not None and store.is_id_taken(connection, _national_id(changes), known.survivor),
            now=now,
        )
        if not refused and kept is None:
            refused = (MergeRefusal.TERM_OVER,)
        if refused or known is None or kept is None:
            raise MergeRefusedError(refused)
        both = (known.survivor, known.vanished)
        before, wanted = footprint_of(connection, both), wanted_by(connection, both)
        left = part(connection, changes)
        store.end_merge(work, key, at=now, by=by, because=said)
        after = footprint_of(connection, both)
        done = changes_between(before, after)
        self._note_parting(work, done, by)
        append(
            connection,
            AuditEntry(
                *(now, by, "merge undone", "done"),
                {"merge": str(key), "patron": str(known.survivor), "vanished": str(known.vanished), "left": len(left)},
            ),
        )
        self._tell(work, [*wanted, *entries_of(done), *wanted_by(connection, both)])
        return Parting(effects_of_order([one for one in done if not _is_own_note(one, key)]), _since(before, kept.rows, left))

    def listed(self, *, limit: int = 50) -> list[tuple[KnownMerge, str]]:
        """The latest merges with the masked names of the accounts that stayed, newest first."""
        with self._database.reading() as connection:
            found = store.merges(connection, limit=limit)
            names = store.masked_names(connection, {one.survivor for one in found})
        return [(one, names.get(one.survivor, "")) for one in found]

    def forget(self) -> int:
        """Destroy what is needed to undo merges whose term is over. How many."""
        return self._database.write(lambda work: store.forget_undo(work, self._outside.now()))

    def _ask(self, work: UnitOfWork, order: MergeOrder, by: str) -> None:
        """Lay the two accounts before somebody else."""
        both = (order.survivor, order.vanished)
        refused = [one for one in decide_merge(order, *(store.account(work.connection, key) for key in both)) if one not in _SEEN_LATER]
        if refused:
            raise MergeRefusedError(refused)
        kind, now = CaseKind.POSSIBLE_DUPLICATE, self._outside.now()
        open_cases(work, [NewCase(self._outside.new_id(), kind, same_pair(*both), now, by, *both)])
        append(work.connection, AuditEntry(now, by, "accounts merged", "refused", {"code": str(MergeRefusal.NEEDS_SECOND)}))

    def _end_unchosen(self, work: UnitOfWork, order: MergeOrder, by: str) -> None:
        """Of a kind that both have, the card that was not chosen ends: its number is no such record (Q6-4, R13)."""
        origin = Origin(self._outside.now(), by, CardSource.DESK)
        held = cards.of_patrons(work.connection, [order.survivor, order.vanished])
        ending = [one for one in held if one.kind in order.keep and order.keep[one.kind] != one.patron]
        end(work, (Ending(one.patron, one.kind, one.uid.hex) for one in ending), origin, CardEventKind.REPLACED)

    def _note_moves(self, work: UnitOfWork, order: MergeOrder, by: str) -> None:
        moving = cards.of_patrons(work.connection, [order.vanished])
        record_events(work, (self._event(one, order.survivor, CardEventKind.MOVED, by) for one in moving))

    def _note_parting(self, work: UnitOfWork, done: Sequence[RowChange], by: str) -> None:
        """What became of the cards is part of their history."""
        back = {str(one.after["card_key"]): one for one in done if one.table == "card" and one.after is not None}
        owners = {PatronId(UUID(str(one.one()["patron"]))) for one in back.values()}
        for one in cards.of_patrons(work.connection, owners):
            change = back.get(card_key(one.uid, secret=self._secret).hex())
            if change is not None:
                kind = CardEventKind.BOUND if change.before is None else CardEventKind.MOVED
                record_events(work, [self._event(one, one.patron, kind, by)])

    def _event(self, one: CardRecord, owner: PatronId, event: CardEventKind, by: str) -> CardEvent:
        key = card_key(one.uid, secret=self._secret)
        return CardEvent(self._outside.now(), owner, one.kind, key, event, CardSource.DESK, by)

    def _tell(self, work: UnitOfWork, entries: Sequence[FeedEntry]) -> None:
        told = list(dict.fromkeys(entries))
        if told:
            self._publish(work, told)


def same_pair(one: PatronId, other: PatronId) -> bytes:
    """What makes the question whether two accounts are one person's the same question, whoever asks."""
    first, second = sorted((one.bytes, other.bytes))
    return hashlib.sha256(CaseKind.POSSIBLE_DUPLICATE.encode() + first + second).digest()


def effects_of_order(changes: Sequence[RowChange]) -> tuple[Effect, ...]:
    """The effects of a merge or of its undoing."""
    return tuple(effects_of(changes))


def _with_reason(order: MergeOrder) -> MergeOrder:
    return MergeOrder(order.survivor, order.vanished, order.because or "-", order.keep)


def _is_own_note(change: RowChange, key: UUID) -> bool:
    """Whether it is the record of this very merge: that goes on."""
    return change.table == "merge" and change.one()["id"] == str(key)


def _counts(changes: Sequence[RowChange]) -> dict[str, str | int]:
    """How many rows moved, by table."""
    counts: dict[str, str | int] = {}
    for one in changes:
        if one.table not in {OWNER, *HISTORY}:
            counts[one.table] = int(counts.get(one.table, 0)) + 1
    return counts


def _sealed(changes: Sequence[RowChange], after: Mapping[str, Rows]) -> bytes:
    kept = {table: [list(key) for key in rows] for table, rows in after.items() if table not in {OWNER, *HISTORY}}
    as_was = [(one.table, _plain(one.before), _plain(one.after)) for one in changes]
    return msgspec.json.encode(_Kept(as_was, kept))


def _plain(image: Mapping[str, object] | None) -> dict[str, object] | None:
    return None if image is None else dict(image)


def _opened(content: bytes) -> _Kept:
    return msgspec.json.decode(content, type=_Kept)


def _national_id(changes: Sequence[RowChange]) -> str | None:
    gone = next((one.before for one in changes if one.table == OWNER and one.after is None), None)
    found = None if gone is None else gone["national_id"]
    return None if found is None else str(found)


def _since(before: Mapping[str, Rows], kept: Mapping[str, list[list[object]]], left: Sequence[RowChange]) -> dict[str, int]:
    """By table: what is new with the survivor, and what could not go back."""
    counts: dict[str, int] = {}
    for table, rows in before.items():
        known = {tuple(key) for key in kept.get(table, [])}
        new = 0 if table in {OWNER, "merge", *HISTORY} else sum(tuple(key) not in known for key in rows)
        counts[table] = new + sum(one.table == table for one in left)
    return {table: count for table, count in counts.items() if count}
