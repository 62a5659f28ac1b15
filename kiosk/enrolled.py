"""What a kiosk was given when it was enrolled, as far as the core needs it."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Enrolled:
    """``card_secret`` turns UIDs into card keys, ``registry_key`` is the public half of what the registry signs with; 32 bytes each."""

    card_secret: bytes = field(repr=False)
    registry_key: bytes
    revoked: bool = False
    """The registry has taken the kiosk's rights away: it may know nobody any more."""
