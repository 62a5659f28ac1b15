"""The desk put together."""

from dataclasses import dataclass

from registry.calendars.desk import CalendarDesk
from registry.database import Database
from registry.desk.flags import FlagDesk
from registry.desk.losing import LossDesk
from registry.desk.pins import PinDesk
from registry.desk.replacing import CardDesk, Publish
from registry.outside import Outside
from registry.overdue.booking import Booking
from registry.overdue.desk import SuspensionDesk
from registry.settings import RegistrySettings
from registry.terms.desk import RuleDesk


@dataclass(frozen=True, slots=True)
class Desk:
    """What staff and patrons ask for."""

    cards: CardDesk
    losses: LossDesk
    pins: PinDesk
    flags: FlagDesk
    rules: RuleDesk
    calendars: CalendarDesk
    suspensions: SuspensionDesk

    @classmethod
    def of(cls, database: Database, outside: Outside, settings: RegistrySettings, *, card_secret: bytes, publish: Publish) -> "Desk":
        """A desk on a registry's database."""
        zone, booking = settings.zone, Booking(settings.zone)
        return cls(
            CardDesk(database, outside, card_secret=card_secret, publish=publish),
            LossDesk(database, outside, card_secret=card_secret, zone=zone, publish=publish),
            PinDesk(database, outside, code_lives=settings.pin_code_lives),
            FlagDesk(database, outside),
            RuleDesk(database, outside, zone=zone, booking=booking, publish=publish),
            CalendarDesk(database, outside, zone=zone, booking=booking, publish=publish),
            SuspensionDesk(database, outside, zone=zone, booking=booking, publish=publish),
        )
