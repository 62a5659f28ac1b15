"""The eyes beside whoever walks: nothing may be on the glass that is another patron's, and nobody's name while nobody is here."""

from collections.abc import Sequence

from kiosk.view import (
    Account,
    Animals,
    Attract,
    Borrow,
    CardRefused,
    Home,
    Loans,
    LossReported,
    OutOfService,
    PinPad,
    ReportLoss,
    ReportLossById,
    Return,
    Screen,
    StillHere,
)
from kiosk.view_devices import Devices
from kiosk.view_modes import CardCheck, CardChecked
from tests.ui.bench import Bench
from tests.walk.people import Neighbourhood

NAMES_NOBODY = (
    Attract,
    Animals,
    CardCheck,
    CardChecked,
    Devices,
    StillHere,
    CardRefused,
    OutOfService,
    ReportLossById,
    PinPad,
    ReportLoss,
    LossReported,
)
"""Neither a name nor a title belongs on these."""


class BrokenWalkError(AssertionError):
    """Something was seen on a screen that must never be there."""

    def __init__(self, screen: Screen, what: str) -> None:
        super().__init__(f"{type(screen).__name__}: {what}")


def look(bench: Bench, screen: Screen, all_of: Neighbourhood) -> None:
    """Look at every text that can be seen.

    Raises:
        BrokenWalkError: something of somebody else, or nothing at all.

    """
    said = [str(one.property("said")) for one in bench.of_type("PlainText") if one.property("said")]
    if not said:
        raise BrokenWalkError(screen, "nothing is on the glass")
    account = _account_on(screen)
    own_name = set() if account is None else {account.masked_name}
    foreign = _seen([one.masked_name for one in all_of.people], said) - own_name
    titles = _seen([one.title for one in all_of.books], said)
    match screen:
        case Loans():
            foreign |= titles - {one.title for one in screen.loans} - {one.title for one in (*screen.ready, *screen.waiting)}
        case _ if isinstance(screen, (*NAMES_NOBODY, Home)):
            foreign |= titles
        case _:
            pass
    if foreign:
        raise BrokenWalkError(screen, f"{sorted(foreign)} is somebody else's")


def _seen(of: Sequence[str], said: Sequence[str]) -> set[str]:
    return {one for one in of if any(one in text for text in said)}


def _account_on(screen: Screen) -> Account | None:
    match screen:
        case Home(account) | Borrow(account) | Loans(account):
            return account
        case Return(account=account):
            return account
        case _:
            return None
