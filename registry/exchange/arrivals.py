"""Reading the facts of a batch one by one: one that is malformed names its place and leaves the others alone. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args
from uuid import UUID

import msgspec
from msgspec import Raw, Struct

from circulation.facts import Fact, FactEnvelope
from circulation.wire import FactStatus
from registry.plain_text import plain

KNOWN_FACTS = frozenset(kind.__struct_config__.tag for kind in get_args(Fact))


class _Tagged(Struct):
    type: str


class _AnyEnvelope(Struct):
    key: UUID
    seq: int
    fact: _Tagged


_ENVELOPE = msgspec.json.Decoder(FactEnvelope)
_ANY_ENVELOPE = msgspec.json.Decoder(_AnyEnvelope)
_PLACE = re.compile(r"(?P<problem>.*) - at `\$(?P<place>.*)`$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Arrival:
    """One fact of a batch. Without an envelope it could not be read, or is of a kind this registry does not know."""

    seq: int
    index: int
    """Its place in the batch, for messages."""
    body: bytes
    key: UUID | None = None
    envelope: FactEnvelope | None = None
    status: FactStatus = FactStatus.ACCEPTED
    place: str = ""
    problem: str = ""


def split_place(message: str) -> tuple[str, str]:
    """A decoder's message as (what is wrong, where): ``("Expected `date`, got `str`", ".fact.due")``."""
    match = _PLACE.fullmatch(message)
    return (match["problem"], match["place"]) if match else (message, "")


def read_arrivals(first_seq: int, facts: Sequence[Raw]) -> list[Arrival]:
    """Read each fact by itself: one that is malformed names its place and leaves the others alone."""
    return [_read(first_seq + i, i, bytes(raw)) for i, raw in enumerate(facts)]


def _read(seq: int, index: int, body: bytes) -> Arrival:
    def malformed(place: str, problem: str) -> Arrival:
        place = plain(f"facts[{index}]{place}")
        return Arrival(seq, index, body, status=FactStatus.MALFORMED, place=place, problem=plain(problem))

    try:
        # The decoder looks at the bytes of no string that it skips.
        body.decode()
        envelope = _ENVELOPE.decode(body)
    except msgspec.ValidationError as error:
        kind = _unknown_kind(body)
        if kind is not None:
            return Arrival(seq, index, body, key=kind.key, status=FactStatus.UNKNOWN)
        problem, place = split_place(str(error))
        return malformed(place, problem)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return malformed("", f"not JSON: {error}")
    if envelope.seq != seq:
        return malformed(".seq", f"Expected {seq}: the i-th fact of a batch has number first_seq + i")
    if envelope.at.tzinfo is None:
        return malformed(".at", "Expected an instant with its offset from UTC")
    return Arrival(seq, index, body, key=envelope.key, envelope=envelope)


def _unknown_kind(body: bytes) -> _AnyEnvelope | None:
    try:
        found = _ANY_ENVELOPE.decode(body)
    except (msgspec.DecodeError, RecursionError):
        return None
    return found if found.fact.type not in KNOWN_FACTS else None
