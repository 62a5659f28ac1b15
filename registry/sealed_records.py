"""A record under a key of its own: with the key, what it held is gone, in every copy and backup."""

from collections.abc import Callable
from dataclasses import dataclass, field

from registry.keys import KEY_BYTES
from registry.rosters.sealing import Seal


@dataclass(frozen=True, slots=True)
class SealedRecord:
    """What is stored: the record's own key, sealed by the registry's, and the content sealed by the record's."""

    key: bytes = field(repr=False)
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class RecordSeal:
    """Makes and opens such records. ``tag`` binds a record to its place: it opens nowhere else."""

    seal: Seal
    random_bytes: Callable[[int], bytes]

    def close(self, tag: bytes, content: bytes) -> SealedRecord:
        """Seal a content under a new key."""
        own = self.random_bytes(KEY_BYTES)
        return SealedRecord(self.seal.seal(tag, own), Seal(own, self.random_bytes).seal(tag, content))

    def open(self, tag: bytes, record: SealedRecord) -> bytes:
        """The content.

        Raises:
            KeyFileError: the registry's key is another one, or the record was tampered with.

        """
        return Seal(self.seal.unseal(tag, record.key), self.random_bytes).unseal(tag, record.content)
