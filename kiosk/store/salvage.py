"""What can still be read in a damaged ledger: page by page, each decrypted by itself, without SQLite.

A page of SQLCipher 4 is AES-256-CBC with an IV and an HMAC-SHA512 of its own (https://www.zetetic.net/sqlcipher/design/), so a damaged one
costs no other. Rows are read from the leaves of tables as https://www.sqlite.org/fileformat2.html lays them down: the file first, then its log,
whose pages are newer. A fact counts only when its bytes decode and bear the key of their row.
"""

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from circulation.chain import anchor
from circulation.facts import FactEnvelope
from circulation.wire import ChainSpan, PushBatch

_MORE_FOLLOWS = 0x80
_PAGE, _RESERVED, _IV, _SALT = 4096, 80, 16, 16
_WAL_HEADER, _FRAME_HEADER = 32, 24
_LEAF = 0x0D
_LONGEST_LOCAL = _PAGE - _RESERVED - 35
_DEVICE_COLUMNS = 13
"""Of the device table since it knows where its epoch begins; the outbox has fewer."""
_BLOB = 12
_EPOCH_COLUMN, _BASE_COLUMN = 1, 9
_KEY_COLUMN, _BODY_COLUMN, _STATUS_COLUMN, _CHAIN_COLUMN = 1, 3, 4, 10
_INTEGERS = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8, 7: 8}

Value = bytes | int | None


@dataclass(frozen=True, slots=True)
class SavedFact:
    """A fact as it travels, by its number in the ledger."""

    seq: int
    body: bytes = field(repr=False)
    is_answered: bool
    chain: bytes | None


@dataclass(slots=True)
class Salvage:
    """What a damaged ledger still gave. ``epoch`` is none when the page that names it can't be read."""

    pages: int = 0
    readable: int = 0
    epoch: UUID | None = None
    base: int = 0
    facts: dict[int, SavedFact] = field(default_factory=dict)

    @property
    def waiting(self) -> list[SavedFact]:
        """The facts without an answer, in their order."""
        return [one for _, one in sorted(self.facts.items()) if not one.is_answered]

    def batches(self) -> Iterator[PushBatch]:
        """The facts without an answer as they would have been pushed: one batch for each run of numbers without a gap."""
        if self.epoch is None:
            return
        run: list[SavedFact] = []
        for one in [*self.waiting, None]:
            if run and (one is None or one.seq != run[-1].seq + 1):
                yield self._batch(self.epoch, run)
                run = []
            if one is not None and one.seq > self.base:
                run.append(one)

    def _batch(self, epoch: UUID, run: list[SavedFact]) -> PushBatch:
        first = run[0].seq
        known = self.facts.get(first - 1)
        before = anchor(epoch) if first - 1 == self.base else known.chain if known is not None else None
        after = run[-1].chain
        chain = msgspec.UNSET if before is None or after is None else ChainSpan(before=before, after=after)
        return PushBatch(epoch=epoch, first_seq=first - self.base, facts=[msgspec.Raw(one.body) for one in run], chain=chain)


def salvage(path: Path, key: bytes) -> Salvage:
    """Read what can be read of a ledger and of the log beside it, by its key (32 bytes).

    Raises:
        OSError: the file itself can't be read.

    """
    content = path.read_bytes()
    mac_key = hashlib.pbkdf2_hmac("sha512", key, bytes(octet ^ 0x3A for octet in content[:_SALT]), 2, 32)
    found = Salvage()
    for number, raw in [*_pages(content), *_frames(path.with_name(f"{path.name}-wal"))]:
        found.pages += 1
        page = _opened(number, raw, key, mac_key)
        if page is not None:
            found.readable += 1
            for rowid, row in _rows(page):
                _sort_in(found, rowid, row)
    return found


def _sort_in(found: Salvage, rowid: int, row: list[Value]) -> None:
    if len(row) >= _DEVICE_COLUMNS and rowid == 1:
        epoch, base = row[_EPOCH_COLUMN], row[_BASE_COLUMN]
        if isinstance(epoch, bytes) and len(epoch) == len(UUID(int=0).bytes) and row[0] is None:
            found.epoch, found.base = UUID(bytes=epoch), base if isinstance(base, int) else 0
        return
    if not _BODY_COLUMN < len(row) < _DEVICE_COLUMNS or row[0] is not None:
        return
    key, body = row[_KEY_COLUMN], row[_BODY_COLUMN]
    if not isinstance(key, bytes) or not isinstance(body, bytes):
        return
    try:
        envelope = msgspec.json.decode(body, type=FactEnvelope)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return
    if envelope.key.bytes == key:
        chain = row[_CHAIN_COLUMN] if len(row) > _CHAIN_COLUMN else None
        found.facts[rowid] = SavedFact(rowid, body, row[_STATUS_COLUMN] is not None, chain if isinstance(chain, bytes) else None)


def _pages(content: bytes) -> Iterator[tuple[int, bytes]]:
    for start in range(0, len(content), _PAGE):
        yield start // _PAGE + 1, content[start : start + _PAGE]


def _frames(path: Path) -> Iterator[tuple[int, bytes]]:
    content = path.read_bytes() if path.is_file() else b""
    for start in range(_WAL_HEADER, len(content), _FRAME_HEADER + _PAGE):
        yield int.from_bytes(content[start : start + 4], "big"), content[start + _FRAME_HEADER : start + _FRAME_HEADER + _PAGE]


def _opened(number: int, raw: bytes, key: bytes, mac_key: bytes) -> bytes | None:
    if len(raw) != _PAGE:
        return None
    begin = _SALT if number == 1 else 0
    end = _PAGE - _RESERVED
    iv, mac = raw[end : end + _IV], raw[end + _IV :]
    told = hmac.new(mac_key, raw[begin : end + _IV] + number.to_bytes(4, "little"), "sha512").digest()
    if not hmac.compare_digest(mac, told):
        return None
    decryptor = Cipher(AES(key), CBC(iv)).decryptor()
    return bytes(begin) + decryptor.update(raw[begin:end]) + decryptor.finalize()


def _rows(page: bytes) -> Iterator[tuple[int, list[Value]]]:
    """The rows of a leaf of a table; nothing of any other page, and no row that goes on elsewhere."""
    if page[0] != _LEAF:
        return
    for index in range(int.from_bytes(page[3:5], "big")):
        place = int.from_bytes(page[8 + 2 * index : 10 + 2 * index], "big")
        size, place = _varint(page, place)
        rowid, place = _varint(page, place)
        if size <= _LONGEST_LOCAL:
            yield rowid, _record(page[place : place + size])


def _record(payload: bytes) -> list[Value]:
    end, place = _varint(payload, 0)
    at, values = end, list[Value]()
    while place < end:
        kind, place = _varint(payload, place)
        length = _INTEGERS.get(kind, 0) if kind < _BLOB else (kind - _BLOB) // 2
        values.append(_value(kind, payload[at : at + length]))
        at += length
    return values


def _value(kind: int, octets: bytes) -> Value:
    if kind == 0:
        return None
    if kind in {8, 9}:
        return kind - 8
    return int.from_bytes(octets, "big", signed=True) if kind < _BLOB else octets


def _varint(octets: bytes, place: int) -> tuple[int, int]:
    value = 0
    for octet in octets[place : place + 8]:
        value, place = value << 7 | octet & 0x7F, place + 1
        if octet < _MORE_FOLLOWS:
            return value, place
    return value << 8 | octets[place], place + 1
