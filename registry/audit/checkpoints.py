"""What the registry signs of its audit trail, so that whoever can write into the database can't cut it or make it anew unseen."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum, unique
from pathlib import Path

import msgspec

from registry.audit.chain import Mark

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@unique
class CheckpointKind(StrEnum):
    """What is signed."""

    HEAD = "head"
    """The trail ended here at that moment."""
    CUT = "cut"
    """Entries up to and including this one are past their term and gone."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A signed place in the chain. ``at`` is aware UTC; ``signature`` is Ed25519 over ``message``."""

    kind: CheckpointKind
    mark: Mark
    at: datetime
    signature: bytes

    @property
    def message(self) -> bytes:
        """What is signed."""
        return message_of(self.kind, self.mark, at=self.at)


class CheckpointFileError(ValueError):
    """A file is no checkpoint of an audit trail."""


def message_of(kind: CheckpointKind, mark: Mark, *, at: datetime) -> bytes:
    """The bytes that a checkpoint's signature is over."""
    content = [kind.value, mark.seq, mark.hash.hex(), mark.plain_to, (at - _EPOCH) // timedelta(microseconds=1)]
    return b"youyue audit checkpoint v1\0" + msgspec.json.encode(content)


class _Written(msgspec.Struct, frozen=True):
    kind: CheckpointKind
    seq: int
    hash: str
    plain_to: int
    at: datetime
    signature: str
    registry: str


def written(checkpoint: Checkpoint, *, public_key: bytes) -> bytes:
    """A checkpoint as a file: JSON. Anybody can verify it with the registry's public key, which kiosks hold too."""
    mark = checkpoint.mark
    said = _Written(
        *(checkpoint.kind, mark.seq, mark.hash.hex(), mark.plain_to, checkpoint.at),
        *(checkpoint.signature.hex(), public_key.hex()),
    )
    return msgspec.json.format(msgspec.json.encode(said)) + b"\n"


def read(path: Path) -> Checkpoint:
    """Read a checkpoint's file. Its signature is not looked at here.

    Raises:
        CheckpointFileError: it is none.
        OSError: it can't be read.

    """
    try:
        said = msgspec.json.decode(path.read_bytes(), type=_Written)
        mark = Mark(said.seq, bytes.fromhex(said.hash), said.plain_to)
        return Checkpoint(said.kind, mark, said.at.astimezone(UTC), bytes.fromhex(said.signature))
    except (msgspec.MsgspecError, ValueError) as error:
        message = f"{path} is no checkpoint of an audit trail"
        raise CheckpointFileError(message) from error
