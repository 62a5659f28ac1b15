"""What the registry takes from the world outside: the time, new keys, random bytes. Given by the composition root, never called deep inside."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Outside:
    """``now`` gives aware UTC, ``new_id`` a UUIDv7, ``random_bytes(n)`` n bytes fit for keys."""

    now: Callable[[], datetime]
    new_id: Callable[[], UUID]
    random_bytes: Callable[[int], bytes]
