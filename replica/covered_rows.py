"""Rows of cards with other keys: covered before they travel, uncovered when they have come."""

from collections.abc import Callable, Iterable

import msgspec

from circulation.range_checks import RangeDigest
from circulation.wire import Change
from replica.mapping import RowKeyError, parse_key
from replica.rows import CardRow
from replica.tables import ReplicaTable

Turn = Callable[[bytes], bytes]
"""From a card key to what stands for it, or back."""


def turned(changes: Iterable[Change], turn: Turn) -> tuple[Change, ...]:
    """The changes, with every card's key turned. What is no row or no key stays as it is: its reader says where it stands."""
    return tuple(_turned(one, turn) if one.table == ReplicaTable.CARD else one for one in changes)


def turned_range(of: RangeDigest, turn: Turn) -> RangeDigest:
    """A range with its bounds turned, if it is one of cards.

    Raises:
        RowKeyError: a bound is no card key.

    """
    if of.table != ReplicaTable.CARD:
        return of
    return msgspec.structs.replace(of, after=of.after and _turned_key(of.after, turn), upto=of.upto and _turned_key(of.upto, turn))


def _turned(change: Change, turn: Turn) -> Change:
    try:
        key = _turned_key(change.key, turn)
    except RowKeyError:
        key = change.key
    return msgspec.structs.replace(change, key=key, row=None if change.row is None else _turned_row(change.row, turn))


def _turned_row(raw: msgspec.Raw, turn: Turn) -> msgspec.Raw:
    try:
        row = msgspec.json.decode(raw, type=CardRow | None)
        return raw if row is None else msgspec.Raw(msgspec.json.encode(msgspec.structs.replace(row, key=turn(row.key))))
    except ValueError:  # msgspec's errors are such, and so is that of a key of another length
        return raw


def _turned_key(text: str, turn: Turn) -> str:
    parse_key(ReplicaTable.CARD, text)
    return turn(bytes.fromhex(text)).hex()
