"""The desk put together."""

from dataclasses import dataclass

from registry.database import Database
from registry.desk.card_life import CardLifeDesk
from registry.desk.flags import FlagDesk
from registry.desk.losing import LossDesk
from registry.desk.pins import PinDesk
from registry.desk.replacing import CardDesk, Publish
from registry.keys import RegistryKeys
from registry.mobile.desk import DeviceRules, MobileDesk
from registry.mobile.keys import MobileKeys
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
    mobile: MobileDesk

    @classmethod
    def of(cls, database: Database, outside: Outside, settings: RegistrySettings, *, keys: RegistryKeys, publish: Publish) -> "Desk":
        """A desk on a registry's database."""
        card_secret = keys.card_secret
        pins = PinDesk(database, outside, code_lives=settings.pin_code_lives)
        mobile_keys = MobileKeys(database, outside, keys, lead=settings.mobile_key_lead, publish=publish)
        rules = DeviceRules(settings.devices_of_a_patron, settings.device_idle)
        return cls(
            CardDesk(database, outside, card_secret=card_secret, publish=publish),
            LossDesk(database, outside, card_secret=card_secret, zone=settings.zone, publish=publish),
            CardLifeDesk(database, outside, card_secret=card_secret, publish=publish),
            pins,
            FlagDesk(database, outside),
            PartnerDesk.of(database, outside),
            MobileDesk(database, outside, rules, keys=mobile_keys, pins=pins),
        )
