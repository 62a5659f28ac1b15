"""What an app and the registry tell each other about mobile cards. ``request`` is a random key that an app gives to each of its requests."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

VERSION: Literal[1] = 1
Token = Annotated[bytes, Meta(min_length=32, max_length=32)]
"""A device's secret: 256 random bits, base64 on the wire. The app keeps it in the phone's own key store."""


class SignIn(Struct, frozen=True, kw_only=True):
    """A member signs in on a device: a national ID, or the number of a card as ``04A32B1C``, and the PIN. Never stored, never logged."""

    v: Literal[1] = VERSION
    request: UUID
    account: Annotated[str, Meta(min_length=1, max_length=40)]
    pin: Annotated[str, Meta(min_length=1, max_length=12)]
    device: Annotated[str, Meta(min_length=1, max_length=60)]
    """What the member calls the device, such as ``小明的手機``."""

    def __repr__(self) -> str:
        """Without the person: a message may stand in a traceback."""
        return f"SignIn(request={self.request})"


class SignedIn(Struct, frozen=True, kw_only=True):
    """The device is signed in. ``masked_name`` is what a kiosk shows, too."""

    v: Literal[1] = VERSION
    token: Token
    masked_name: str


class CodesWanted(Struct, frozen=True, kw_only=True):
    """The app wants codes for its signed-in member."""

    v: Literal[1] = VERSION
    token: Token

    def __repr__(self) -> str:
        """Without the token."""
        return "CodesWanted()"


class ShownCode(Struct, frozen=True, kw_only=True):
    """A code and the window (aware UTC) in which the app shows it as a QR code; before and after it shows another."""

    code: str
    valid_from: datetime
    valid_until: datetime


class Codes(Struct, frozen=True, kw_only=True):
    """The codes of this window and the next, so that the app shows a good one while it asks again, each half a minute."""

    v: Literal[1] = VERSION
    server_time: datetime
    codes: tuple[ShownCode, ...]


class SignOut(Struct, frozen=True, kw_only=True):
    """This device, or with ``request`` given to ``sign-out-everywhere`` all of the member's, shall have no codes any more."""

    v: Literal[1] = VERSION
    token: Token
    request: UUID

    def __repr__(self) -> str:
        """Without the token."""
        return f"SignOut(request={self.request})"


class SignedOut(Struct, frozen=True, kw_only=True):
    """How many devices were signed out. Codes that they have already are over within a minute."""

    v: Literal[1] = VERSION
    devices: int
