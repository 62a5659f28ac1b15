"""Envelopes by which a kiosk and the registry find out whether they hold the same rows (sync rule 11). JSON, version 1."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from circulation.covers import CoverId
from circulation.wire import VERSION, Change, Position

MAX_RANGES = 16
"""In one check."""
MAX_ROWS = 2000
"""In one range."""

_Key = Annotated[str, Meta(max_length=64)]


class RangeDigest(Struct, frozen=True, kw_only=True):
    """What one side holds of a table above the key ``after`` and up to the key ``upto``, in the order of the keys' bytes.

    An empty bound is none. ``rows`` counts them, ``xor`` is the XOR of their 64-bit hashes (``replica.digest``) in 16 hexadecimal digits.
    """

    table: Annotated[str, Meta(max_length=64)]
    after: _Key = ""
    upto: _Key = ""
    rows: Annotated[int, Meta(ge=0, le=MAX_ROWS)]
    xor: Annotated[str, Meta(pattern="^[0-9a-f]{16}$")]


class RangeCheck(Struct, frozen=True, kw_only=True):
    """What a kiosk holds at a cursor: is it what the registry holds? ``schema`` is that of its replica."""

    v: Literal[1] = VERSION
    feed: UUID
    cursor: Position
    schema: int
    ranges: Annotated[tuple[RangeDigest, ...], Meta(min_length=1, max_length=MAX_RANGES)]
    cover: Annotated[str, Meta(pattern="^([0-9a-f]{16})?$")] | UnsetType = UNSET
    """Under which cover the bounds of cards lie; empty: the kiosk has heard of none yet. Left out by a program without covers."""


class DifferingRange(Struct, frozen=True, kw_only=True):
    """All rows of a range that is not the same on both sides, as they stand at the registry now. ``range`` is its place in the check, from 0."""

    range: Annotated[int, Meta(ge=0)]
    rows: tuple[Change, ...] = ()


class RangeAnswer(Struct, frozen=True, kw_only=True):
    """Which ranges differ. Those that are named nowhere are the same."""

    v: Literal[1] = VERSION
    server_time: datetime
    position: Position
    """Where in the feed the registry stood when it looked. A kiosk that has gone beyond leaves the rows alone."""
    differing: tuple[DifferingRange, ...] = ()
    unsettled: tuple[int, ...] = ()
    """Ranges in which something changed after the kiosk's cursor: nothing can be said of them yet."""
    snapshot: bool = False
    """More differs than an answer can hold: fetch a snapshot."""
    cover: CoverId | UnsetType = UNSET
    """Under which cover the keys of its cards lie: that of the check."""
