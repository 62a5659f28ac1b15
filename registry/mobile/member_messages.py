"""What an app and the registry tell each other about the account of its signed-in member. Dates are the library's local days."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

from circulation.cards import CardKind, CardState
from circulation.wire import Problem
from registry.mobile.messages import VERSION, Token

Barcode = Annotated[str, Meta(min_length=1, max_length=40)]
Branch = Annotated[str, Meta(min_length=1, max_length=20)]


class OfMember(Struct, frozen=True, kw_only=True):
    """A request for the member of a device. ``token`` is the device's secret: it proves the PIN that was typed when it signed in (R21)."""

    v: Literal[1] = VERSION
    token: Token

    def __repr__(self) -> str:
        """Without the token: a message may stand in a traceback."""
        return f"{type(self).__name__}()"


class AccountWanted(OfMember, frozen=True, kw_only=True):
    """The member looks at the account."""


class OnceOfMember(OfMember, frozen=True, kw_only=True):
    """A request that is done once. ``request`` is a random key that the app gives to it; a new try after a refusal has a new one."""

    request: UUID


class HoldWanted(OnceOfMember, frozen=True, kw_only=True):
    """A hold on the title of this copy, to be collected at this branch."""

    barcode: Barcode
    pickup: Branch


class HoldNamed(OnceOfMember, frozen=True, kw_only=True):
    """One of the member's holds, by its key."""

    hold: UUID


class HoldLater(HoldNamed, frozen=True, kw_only=True):
    """Pass the member over through this day; the place in the queue stays."""

    until: date


class HoldElsewhere(HoldNamed, frozen=True, kw_only=True):
    """Collect it at this branch."""

    pickup: Branch


class OwnCardLost(OnceOfMember, frozen=True, kw_only=True):
    """The member has lost the card of this kind (Q6-1a)."""

    kind: CardKind


class ShownCard(Struct, frozen=True, kw_only=True):
    """A card of the member. No number: a phone that is found shows none."""

    kind: CardKind
    state: CardState


class ShownLoan(Struct, frozen=True, kw_only=True):
    """An open loan. ``wanted``: somebody waits for the title, it can't be renewed."""

    loan: UUID
    title: str
    due: date
    renewals: int
    wanted: bool


class ShownHold(Struct, frozen=True, kw_only=True):
    """A hold. ``queue`` is the place among those who wait, from 1, and 0 once a copy is kept; ``until`` the last day to collect a ready one."""

    hold: UUID
    title: str
    state: str
    pickup: str
    pickup_name: str
    queue: int
    until: date | None
    suspended_until: date | None


class ShownBlock(Struct, frozen=True, kw_only=True):
    """Why the member can't borrow, as a stable code, and through which day; no day: until it is settled."""

    code: str
    until: date | None


class Account(Struct, frozen=True, kw_only=True):
    """The account as the member sees it. ``contact_complete`` is false until the school's data is loaded (Q3-3b)."""

    v: Literal[1] = VERSION
    server_time: datetime
    masked_name: str
    expires: date | None
    contact_complete: bool
    cards: tuple[ShownCard, ...]
    loans: tuple[ShownLoan, ...]
    holds: tuple[ShownHold, ...]
    blocks: tuple[ShownBlock, ...]


class HoldDone(Struct, frozen=True, kw_only=True):
    """It was done to this hold."""

    v: Literal[1] = VERSION
    hold: UUID


class HoldRefused(Problem, frozen=True, kw_only=True):
    """Nothing was changed: every reason, as stable codes. ``code`` is the first."""

    reasons: tuple[str, ...] = ()


class OwnCardStopped(Struct, frozen=True, kw_only=True):
    """The card is stopped at every kiosk that hears of it. ``already``: it was before."""

    v: Literal[1] = VERSION
    kind: CardKind
    already: bool
