"""What a mobile card may be refused for: stable codes."""

from enum import StrEnum, unique


@unique
class MobileRefusal(StrEnum):
    """Why it can't be had so. To staff as ``desk.refused.<code>``, to an app as the code of a ``Problem``."""

    SIGN_IN = "sign_in_refused"
    """Number or PIN is wrong, there is no PIN, or it is locked: an app is not told which."""
    SIGNED_OUT = "signed_out"
    """This token is nobody's (any more): the member signs in again."""
    REPLAYED = "replayed"
    """A request of this key has been done already."""
    LAST_KEY = "mobile_last_key"
    """65,535 keys were made."""
