"""The desk put together."""

from dataclasses import dataclass

from registry.database import Database
from registry.desk.card_life import CardLifeDesk
from registry.desk.flags import FlagDesk
from registry.desk.losing import LossDesk
from registry.desk.pins import PinDesk
from registry.desk.replacing import CardDesk, Publish
from registry.outside import Outside
from registry.partners.desk import PartnerDesk
from registry.settings import RegistrySettings


@dataclass(frozen=True, slots=True)
class Desk:
    """What staff and patrons ask for."""

    cards: CardDesk
    losses: LossDesk
    life: CardLifeDesk
    pins: PinDesk
    flags: FlagDesk
    partners: PartnerDesk

    @classmethod
    def of(cls, database: Database, outside: Outside, settings: RegistrySettings, *, card_secret: bytes, publish: Publish) -> "Desk":
        """A desk on a registry's database."""
        return cls(
            CardDesk(database, outside, card_secret=card_secret, publish=publish),
            LossDesk(database, outside, card_secret=card_secret, zone=settings.zone, publish=publish),
            CardLifeDesk(database, outside, card_secret=card_secret, publish=publish),
            PinDesk(database, outside, code_lives=settings.pin_code_lives),
            FlagDesk(database, outside),
            PartnerDesk.of(database, outside),
        )
