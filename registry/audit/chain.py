"""The chain of the audit trail: how an entry is bound to those before it, and where a chain breaks. Pure.

An entry has a ``digest`` of what it says and whom it is about, and a ``hash`` of its number, its digest and the hash
before it, made with a key that the database does not know: whoever may only write there can't make the chain anew.
"""

import hashlib
import hmac
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum, unique
from uuid import UUID

BEGINNING = bytes(32)
"""The hash before the first entry."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Said:
    """What an entry says: when (aware UTC), who, what, how it went, with which codes and numbers, about whom."""

    at: datetime
    actor: str
    action: str
    outcome: str
    detail: Mapping[str, object]
    patrons: Collection[UUID] = ()


def digest_of(said: Said) -> bytes:
    """The 32 bytes that change with anything that the entry says; the order of ``detail`` and ``patrons`` says nothing."""
    content = [
        *((said.at - _EPOCH) // _MICROSECOND, said.actor, said.action, said.outcome, dict(said.detail)),
        sorted(patron.hex for patron in said.patrons),
    ]
    written = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(b"youyue audit entry v1\0" + written.encode()).digest()


def hash_after(before: bytes, seq: int, digest: bytes, *, key: bytes) -> bytes:
    """The 32 bytes that bind an entry to its number and to the hash before it."""
    return hmac.digest(key, b"youyue audit link v1\0" + before + seq.to_bytes(8, "big") + digest, "sha256")


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as it is found; ``said`` is none where only whom it was about is left."""

    seq: int
    said: Said | None
    digest: bytes
    hash: bytes


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in the chain: the number of an entry, its hash, and up to where entries were chained without a key."""

    seq: int
    hash: bytes
    plain_to: int


@unique
class Break(StrEnum):
    """How a chain is broken. The sentences stand in the catalogue as ``audit.break.<code>``."""

    CHANGED = "changed"
    """The entry, or whom it is about, is not what was written."""
    MISSING = "missing"
    """The entry was taken out."""
    UNLINKED = "unlinked"
    """The entry does not follow the one before it: it was put in, moved, or sealed anew."""
    ADDED = "added"
    """Something stands where the registry has written nothing."""
    CUT_OFF = "cut_off"
    """The trail ends before this entry, which is known to have been written."""
    REWRITTEN = "rewritten"
    """The entry is not the one that the registry has signed."""
    FORGED = "forged"
    """A checkpoint does not bear the registry's signature."""
    UNSIGNED = "unsigned"
    """There is no checkpoint at all."""


@dataclass(frozen=True, slots=True)
class Broken:
    """The first broken link: how, and at which entry."""

    how: Break
    seq: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found: how many entries were walked, the last of them (0 for none), how many signed heads they met, and the first break."""

    entries: int
    last: int
    met: int
    broken: Broken | None


def walk(entries: Iterable[Entry], start: Mark, head: Mark, signed: Collection[Mark], *, key: bytes) -> Verdict:
    """Walk a trail from its signed beginning to its head, one entry in memory at a time, up to the first break.

    ``signed`` are marks that the registry has signed, none before ``start``: the chain must pass each of them.
    """
    by_seq: dict[int, list[Mark]] = {}
    for mark in signed:
        if mark.plain_to != head.plain_to or (mark.seq == start.seq and mark.hash != start.hash):
            return Verdict(0, start.seq, 0, Broken(Break.REWRITTEN, mark.seq))
        by_seq.setdefault(mark.seq, []).append(mark)
    before, last, count, met = start.hash, start.seq, 0, 0
    for entry in entries:
        how = _break_of(entry, last + 1, before, head, key)
        if how is not None:
            return Verdict(count, last, met, Broken(how, last + 1 if how is Break.MISSING else entry.seq))
        marks = by_seq.get(entry.seq, [])
        if any(mark.hash != entry.hash for mark in marks):
            return Verdict(count, last, met, Broken(Break.REWRITTEN, entry.seq))
        before, last, count, met = entry.hash, entry.seq, count + 1, met + len(marks)
    if last < max((head.seq, *by_seq)):
        return Verdict(count, last, met, Broken(Break.CUT_OFF, last + 1))
    return Verdict(count, last, met, Broken(Break.REWRITTEN, last) if before != head.hash else None)


def _break_of(entry: Entry, expected: int, before: bytes, head: Mark, key: bytes) -> Break | None:
    if entry.seq < expected or entry.seq > head.seq:
        return Break.ADDED
    if entry.seq > expected or entry.said is None:
        return Break.MISSING
    if digest_of(entry.said) != entry.digest:
        return Break.CHANGED
    by = b"" if entry.seq <= head.plain_to else key
    return None if hmac.compare_digest(hash_after(before, entry.seq, entry.digest, key=by), entry.hash) else Break.UNLINKED
