"""What a kiosk was given when it was enrolled, as far as the core needs it."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Enrolled:
    """``card_secret`` turns UIDs into card keys, ``registry_key`` is the public half of what the registry signs with; 32 bytes each.

    ``tag_secret`` turns UIDs into the tags of log lines, and is this kiosk's alone: every kiosk has ``card_secret``, and who took it from
    one must not find a card in the logs of another.
    """

    card_secret: bytes = field(repr=False)
    registry_key: bytes
    tag_secret: bytes = field(repr=False)
    revoked: bool = False
    """The registry has taken the kiosk's rights away: it may know nobody any more."""
