"""What a registry has once told a kiosk, sealed, so that it must believe its own word when it is shown it later: how it notices that it was put back to a backup."""

import hmac
import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Final
from uuid import UUID

from circulation.wire import MAX_WITNESS
from registry.keys import KEY_BYTES

_FORM: Final = re.compile(r"(?P<run>[0-9a-f]{32})\.(?P<position>\d{1,19})\.(?P<seal>[0-9a-f]{32})")
_CONTEXT: Final = b"youyue feed witness v1\0"
_SEAL_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class Witness:
    """In this run of a feed its numbers had come to ``position``."""

    feed: UUID
    run: UUID
    position: int


class Seals:
    """Writes witnesses and reads them. ``key`` is of this library only."""

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            message = f"the key of witnesses has {KEY_BYTES} bytes"
            raise ValueError(message)
        self._key = key

    def written(self, witness: Witness) -> str:
        """As it travels: at most ``MAX_WITNESS`` characters."""
        return f"{witness.run.hex}.{witness.position}.{self._seal(witness)}"

    def read(self, text: str, feed: UUID) -> Witness | None:
        """The witness of a feed; none when it is empty, or when nobody of this library has sealed it."""
        found = _FORM.fullmatch(text) if len(text) <= MAX_WITNESS else None
        if found is None:
            return None
        witness = Witness(feed, UUID(found["run"]), int(found["position"]))
        return witness if hmac.compare_digest(found["seal"], self._seal(witness)) else None

    def _seal(self, witness: Witness) -> str:
        said = _CONTEXT + witness.feed.bytes + witness.run.bytes + str(witness.position).encode()
        return hmac.digest(self._key, said, sha256)[:_SEAL_BYTES].hex()
