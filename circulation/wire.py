"""Envelopes of what travels between kiosk and registry: JSON, version 1. See ``docs/sync-protocol.md``.

Unknown fields are ignored, so that either side may be newer. What must be able to fail by itself
(one fact of a batch, one row of a page) stays raw until its own turn.
"""

import hashlib
from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum, unique
from typing import TYPE_CHECKING, Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, Raw, Struct, UnsetType

from circulation.cards import CardKind
from circulation.covers import CoverId, SignedCover

VERSION: Literal[1] = 1
MAX_BATCH = 500
"""Facts in one push at most."""
MAX_PAGE = 1000
"""Changes in one page at most."""
MAX_WAIT_SECONDS = 25
MAX_TERMS_BYTES = 64 * 1024
"""Of one version of offline terms."""
MAX_WITNESS = 128
"""Characters of a witness of the feed."""
MAX_TERMS = 64
"""Versions of offline terms in one page: the one that holds, and those that are to come."""

if TYPE_CHECKING:
    RawOrNone = Raw | None
else:
    # msgspec cannot decode a union with Raw in it ("Expected `null`, got `object`"): a null then comes as Raw(b"null").
    RawOrNone = Raw

Position = Annotated[int, Meta(ge=0)]
"""A place in the feed: 0 is before the first change."""


@unique
class FactStatus(StrEnum):
    """What the registry made of one fact. Each of them uses up its number."""

    ACCEPTED = "accepted"
    FLAGGED = "flagged"
    """Recorded, and laid before staff with its reasons."""
    MALFORMED = "malformed"
    """Not readable as a fact: kept as bytes, nothing applied."""
    UNKNOWN = "unknown"
    """A kind this registry does not know yet: kept for the one that does."""


ChainValue = Annotated[bytes, Meta(min_length=32, max_length=32)]
"""A value of ``circulation.chain``. Base64 on the wire."""


class ChainSpan(Struct, frozen=True, kw_only=True):
    """What the ledger says of its own chain: the values before the first and after the last fact of a batch."""

    before: ChainValue
    after: ChainValue


MONOTONIC_DRIFT = 200e-6
"""How far a kiosk's monotonic clock may go wrong: a cheap quartz in a warm case, twice what its maker promises."""


class HeardTime(Struct, frozen=True, kw_only=True):
    """When the registry's time was heard last, by the monotonic clock (nanoseconds of boot ``boot``) that stamps facts, too."""

    server_time: datetime
    monotonic: int
    boot: Annotated[str, Meta(max_length=64)]


class PushBatch(Struct, frozen=True, kw_only=True):
    """Facts of one kiosk in order: the i-th has number ``first_seq + i``. Programs of before the chain leave it out."""

    v: Literal[1] = VERSION
    epoch: UUID
    first_seq: Annotated[int, Meta(ge=1)]
    facts: Annotated[list[Raw], Meta(min_length=1, max_length=MAX_BATCH)]
    chain: ChainSpan | UnsetType = UNSET
    heard: HeardTime | UnsetType = UNSET
    """Left out when nothing was heard since the kiosk's start."""


class FactResult(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The first result of a fact, stored with its key and given again on every retry."""

    seq: int
    status: FactStatus
    position: Position = 0
    """Where in the feed its effect stands; the overlay row goes when the cursor has passed it. 0: no effect."""
    reasons: tuple[str, ...] = ()
    place: str = ""
    """Of a malformed fact, such as ``facts[3].fact.due``."""
    problem: str = ""


class PushAnswer(Struct, frozen=True, kw_only=True):
    """The results, in the order of the facts."""

    v: Literal[1] = VERSION
    server_time: datetime
    next_seq: int
    results: tuple[FactResult, ...]
    feed: UUID | UnsetType = UNSET
    """Whose positions these are. A registry that was put back to a backup answers before the kiosk has heard of its new feed."""


class SequenceGap(Struct, frozen=True, kw_only=True):
    """409: facts are missing before these; send again from here."""

    v: Literal[1] = VERSION
    send_from: int


class KeyReused(Struct, frozen=True, kw_only=True):
    """422: this number or key came before with another body. Nothing is applied, an alarm is raised.

    ``fork``: up to this number the ledger and the registry hold the same facts, from here on others. The ledger was restored from
    an old image, or there are two of it: it goes on in a new epoch.
    """

    v: Literal[1] = VERSION
    seq: int
    problem: str
    fork: bool | UnsetType = UNSET


class Change(Struct, frozen=True, kw_only=True):
    """One changed row of a replica table; without a row (none, or ``Raw(b"null")`` when it was decoded) it is a tombstone."""

    seq: Position
    table: str
    key: str
    row: RawOrNone = None


class SignedTerms(Struct, frozen=True, kw_only=True):
    """One version of the offline terms: its exact bytes and the registry's Ed25519 signature (``replica.offline_terms``). Base64 on the wire."""

    statement: bytes
    signature: bytes


class ChangesPage(Struct, frozen=True, kw_only=True):
    """Changes after ``start`` up to and including ``end``; numbers of other branches' rows are left out.

    ``offline`` has the offline terms in force and to come, for a kiosk that said it holds others; else it is left out.
    """

    v: Literal[1] = VERSION
    feed: UUID
    start: Position
    end: Position
    head: Position
    server_time: datetime
    changes: tuple[Change, ...] = ()
    offline: Annotated[tuple[SignedTerms, ...], Meta(max_length=MAX_TERMS)] | UnsetType = UNSET
    witness: Annotated[str, Meta(max_length=MAX_WITNESS)] | UnsetType = UNSET
    """What only this library can have written, to be shown with later polls: a registry that was put back to a backup knows by it.
    Left out for a kiosk that shows none."""
    cover: CoverId | UnsetType = UNSET
    """Under which cover the card keys of these changes lie. Left out: under none."""
    new_cover: SignedCover | UnsetType = UNSET
    """That cover, for a kiosk that said it holds another one."""


class SnapshotNeeded(Struct, frozen=True, kw_only=True):
    """410: this cursor can't be served (too old, or of another feed); fetch the snapshot."""

    v: Literal[1] = VERSION
    problem: str
    restored: bool | UnsetType = UNSET
    """The registry was put back to a backup and has lost what came after it."""


class SnapshotManifest(Struct, frozen=True, kw_only=True):
    """What a snapshot is: a zstd-compressed SQLite file of replica tables at a cursor, for one branch."""

    v: Literal[1] = VERSION
    name: str
    sha256: str
    size: int
    """Bytes of the compressed file."""
    plain_size: int
    """Bytes of the SQLite file."""
    version: int
    """Rises with every snapshot; a kiosk refuses one that is not above the last it took."""
    schema: int
    branch: str
    feed: UUID
    cursor: Position
    built_at: datetime
    cover: CoverId | UnsetType = UNSET
    """Under which cover its bytes lie. Left out: under none."""
    salt: Annotated[bytes, Meta(min_length=16, max_length=16)] | UnsetType = UNSET
    """With a cover only: what it is applied with (``Cover.stream``)."""


class SignedManifest(Struct, frozen=True, kw_only=True):
    """The manifest's exact bytes and the registry's Ed25519 signature of them. Base64 on the wire."""

    v: Literal[1] = VERSION
    manifest: bytes
    signature: bytes
    new_cover: SignedCover | UnsetType = UNSET
    """The cover of its bytes, for a kiosk that said it holds another one."""


class EnrolmentRequest(Struct, frozen=True, kw_only=True):
    """A new kiosk shows its one-time code and the public half of the key it made for itself."""

    v: Literal[1] = VERSION
    code: Annotated[str, Meta(min_length=8, max_length=64)]
    public_key: Annotated[bytes, Meta(min_length=32, max_length=32)]
    name: Annotated[str, Meta(min_length=1, max_length=64)]


class EnrolmentAnswer(Struct, frozen=True, kw_only=True):
    """Who the kiosk is from now on, and what it needs to know cards and to trust snapshots."""

    v: Literal[1] = VERSION
    kiosk: UUID
    branch: str
    branch_name: str
    time_zone: str
    card_key: Annotated[bytes, Meta(min_length=32, max_length=32)]
    card_key_version: int
    registry_key: Annotated[bytes, Meta(min_length=32, max_length=32)]


class PinCheck(Struct, frozen=True, kw_only=True):
    """A patron at a kiosk typed the PIN: is it the one? Never stored, never logged, never asked while offline."""

    v: Literal[1] = VERSION
    patron: UUID
    pin: Annotated[str, Meta(min_length=1, max_length=12)]

    def __repr__(self) -> str:
        """Without the PIN: a question may stand in a traceback."""
        return f"PinCheck(patron={self.patron})"


@unique
class PinVerdict(StrEnum):
    """What the registry says of a PIN."""

    RIGHT = "right"
    WRONG = "wrong"
    LOCKED = "locked"
    """Too many wrong ones; the answer says until when."""
    NONE = "none"
    """This patron has no PIN yet."""


class PinAnswer(Struct, frozen=True, kw_only=True):
    """The verdict; ``locked_until`` (aware UTC) only with ``LOCKED``."""

    v: Literal[1] = VERSION
    verdict: PinVerdict
    locked_until: datetime | None = None


class LossRequest(Struct, frozen=True, kw_only=True):
    """Somebody without a card reports one lost by national ID and birth date: a soft hold that staff confirm."""

    v: Literal[1] = VERSION
    national_id: Annotated[str, Meta(min_length=1, max_length=20)]
    birth_date: date
    kind: CardKind

    def __repr__(self) -> str:
        """Without the person: a question may stand in a traceback."""
        return f"LossRequest(kind={self.kind})"


class LossTaken(Struct, frozen=True, kw_only=True):
    """The report was taken. The answer is the same whether or not anything matched."""

    v: Literal[1] = VERSION


DeviceCode = Annotated[str, Meta(min_length=1, max_length=40, pattern="^[a-z0-9_]+$")]
"""A word of the programme's own: never text from outside."""
MAX_DEVICES = 32
"""In one report."""


class DeviceReport(Struct, frozen=True, kw_only=True):
    """How one part of a kiosk is: ``ready``, ``degraded`` or ``missing``, since when (aware UTC), and why."""

    device: DeviceCode
    state: Literal["ready", "degraded", "missing"]
    since: datetime
    fault: DeviceCode | None = None


class HealthReport(Struct, frozen=True, kw_only=True):
    """What a kiosk says of itself every few minutes and whenever it changes. Nothing of any person. ``at``: aware UTC, the kiosk's clock."""

    v: Literal[1] = VERSION
    at: datetime
    version: Annotated[str, Meta(max_length=40)]
    devices: Annotated[tuple[DeviceReport, ...], Meta(max_length=MAX_DEVICES)]


class HealthTaken(Struct, frozen=True, kw_only=True):
    """The report was taken."""

    v: Literal[1] = VERSION


class Problem(Struct, frozen=True, kw_only=True):
    """Any other refusal: a stable code, a sentence, and the place in the request where there is one."""

    v: Literal[1] = VERSION
    code: str
    problem: str
    place: str = ""
    server_time: datetime | None = None


def tag_of(terms: Iterable[SignedTerms]) -> str:
    """Names a set of offline terms: a kiosk says by it which it was told last. 16 hexadecimal digits; empty for none."""
    digest = hashlib.sha256()
    empty = True
    for one in terms:
        empty = False
        for part in (one.statement, one.signature):
            digest.update(len(part).to_bytes(4, "big") + part)
    return "" if empty else digest.hexdigest()[:16]


def encode(value: Struct) -> bytes:
    """Write an envelope; the same value always gives the same bytes."""
    return msgspec.json.encode(value)
