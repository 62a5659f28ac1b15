"""How the registry's rows are called where they travel, and which of their changes cannot wait."""

from uuid import UUID

from replica.tables import ReplicaTable

URGENT = frozenset({ReplicaTable.CARD, ReplicaTable.BLOCK, ReplicaTable.MOBILE_KEY})
"""Changes that wake a waiting kiosk at once (sync rule 6): what stops a card, or a key that somebody else has."""


def key_text(key: UUID | bytes | str | int) -> str:
    """A row's key as it travels: a UUID in its usual form, a card key in hexadecimal, a branch's code, a version in digits."""
    return key.hex() if isinstance(key, bytes) else str(key)
