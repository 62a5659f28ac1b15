"""The real clock and the real source of keys."""

import secrets
import time
import uuid
from datetime import UTC, datetime
from pathlib import Path

import uuid_utils.compat

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


class SystemClock:
    """This machine's time."""

    def now(self) -> datetime:
        """Wall time, aware UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds of this boot."""
        return time.monotonic()

    def boot_id(self) -> str:
        """The kernel's name for this boot."""
        return _BOOT_ID.read_text(encoding="ascii").strip()


class SystemKeys:
    """Keys that no other machine makes."""

    def new_key(self) -> uuid.UUID:
        """A UUIDv7: keys made later sort later, so that an index grows at its end."""
        return uuid_utils.compat.uuid7()

    def new_epoch(self) -> uuid.UUID:
        """A random UUID."""
        return uuid.uuid4()

    def new_correlation(self) -> str:
        """Eight hexadecimal digits."""
        return secrets.token_hex(4)
