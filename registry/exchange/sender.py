"""Who sends facts."""

from dataclasses import dataclass

from circulation.ids import KioskId


@dataclass(frozen=True, slots=True)
class Sender:
    """The kiosk that its signature proved, and its branch. Never taken from a body (rule 13)."""

    kiosk: KioskId
    branch: str
