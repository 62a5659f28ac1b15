"""Rows that wait, sealed under a key of their own batch. A row without consent leaves nothing there but its number."""

from collections.abc import Iterator

import msgspec
from sqlalchemy import Connection

from registry.outside import Outside
from registry.pieces import in_pieces
from registry.rosters import store_batches
from registry.rosters.asks import ROW_OF
from registry.rosters.batch_keys import BatchKey, KeyUse
from registry.rosters.given import GivenRows
from registry.rosters.headings import RosterKind
from registry.rosters.rows import NotConsented, RosterRow
from registry.rosters.sealing import Seal
from registry.rosters.store_batches import Batch


class _Head(msgspec.Struct, frozen=True):
    """What came besides the rows, in numbers."""

    not_consented: tuple[int, ...]
    refused: int
    repeated: int
    warnings: int


def sealed_pieces(given: GivenRows, key: BatchKey) -> Iterator[bytes]:
    """Rows as pieces to be kept."""
    numbers = tuple(one.number for one in given.not_consented)
    yield key.seal(0, msgspec.msgpack.encode(_Head(numbers, given.refused, given.repeated, given.warnings)))
    for number, piece in enumerate(in_pieces(given.rows), start=1):
        yield key.seal(number, msgspec.msgpack.encode(piece))


class StagedKeyGoneError(Exception):
    """The batch's key is destroyed: nobody reads its rows any more."""


def staged(connection: Connection, batch: Batch, seal: Seal, outside: Outside) -> GivenRows:
    """The rows of a batch that waits.

    Raises:
        StagedKeyGoneError: it does not wait any more.
        KeyFileError: the registry's key is another than it was sealed with.

    """
    sealed = store_batches.keys_of(connection, batch.id).staged
    if sealed is None:
        raise StagedKeyGoneError
    key = BatchKey.opened(sealed, batch.id, KeyUse.STAGED, seal, outside.random_bytes)
    (_, first), *rest = store_batches.staged_rows(connection, batch.id)
    head = msgspec.msgpack.decode(key.open(0, first), type=_Head)
    rows = [row for number, piece in rest for row in _rows(key.open(number, piece), batch.kind)]
    nothing = tuple(NotConsented(number, None) for number in head.not_consented)
    return GivenRows(batch.kind, batch.school_year, tuple(rows), nothing, head.refused, head.repeated, head.warnings)


def _rows(content: bytes, kind: RosterKind) -> list[RosterRow]:
    shape = ROW_OF[kind]
    return msgspec.msgpack.decode(content, type=list[shape])  # type: ignore[valid-type]  # a shape by its kind
