"""The desk put together."""

from dataclasses import dataclass

from registry.calendars.desk import CalendarDesk
from registry.database import Database
from registry.desk.card_life import CardLifeDesk
from registry.desk.losing import LossDesk
from registry.desk.pins import PinDesk
from registry.desk.replacing import CardDesk, Publish
from registry.holds.desk import HoldDesk
from registry.holds.shelf_desk import HoldShelfDesk
from registry.holds.upkeep import HoldUpkeep
from registry.keys import RegistryKeys
from registry.mobile.desk import DeviceRules, MobileDesk
from registry.mobile.keys import MobileKeys
from registry.mobile.member_desk import MemberDesk
from registry.notices.desk import NoticeDesk
from registry.outside import Outside
from registry.overdue.booking import Booking
from registry.overdue.desk import SuspensionDesk
from registry.partners.desk import PartnerDesk
from registry.schools.contacts import ContactDesk
from registry.schools.desk import SchoolDesk
from registry.settings import RegistrySettings
from registry.terms.desk import RuleDesk
from registry.terms.offline_desk import OfflineDesk


@dataclass(frozen=True, slots=True)
class Desk:
    """What staff and patrons ask for."""

    cards: CardDesk
    losses: LossDesk
    life: CardLifeDesk
    pins: PinDesk
    schools: SchoolDesk
    contacts: ContactDesk
    rules: RuleDesk
    offline: OfflineDesk
    calendars: CalendarDesk
    suspensions: SuspensionDesk
    holds: HoldDesk
    hold_shelf: HoldShelfDesk
    hold_upkeep: HoldUpkeep
    notices: NoticeDesk
    partners: PartnerDesk
    mobile: MobileDesk
    members: MemberDesk

    @classmethod
    def of(cls, database: Database, outside: Outside, settings: RegistrySettings, *, keys: RegistryKeys, publish: Publish) -> "Desk":
        """A desk on a registry's database."""
        card_secret, zone, booking = keys.card_secret, settings.zone, Booking(settings.zone)
        pins = PinDesk(database, outside, code_lives=settings.pin_code_lives)
        mobile_keys = MobileKeys(database, outside, keys, lead=settings.mobile_key_lead, publish=publish)
        devices = DeviceRules(settings.devices_of_a_patron, settings.device_idle)
        mobile = MobileDesk(database, outside, devices, keys=mobile_keys, pins=pins)
        losses = LossDesk(database, outside, card_secret=card_secret, zone=zone, publish=publish)
        holds = HoldDesk(database, outside, settings, publish=publish)
        return cls(
            cards=CardDesk(database, outside, card_secret=card_secret, publish=publish),
            losses=losses,
            life=CardLifeDesk(database, outside, card_secret=card_secret, publish=publish),
            pins=pins,
            partners=PartnerDesk.of(database, outside),
            mobile=mobile,
            members=MemberDesk(database, outside, mobile=mobile, holds=holds, losses=losses),
            schools=SchoolDesk(database, outside, zone=zone, publish=publish),
            contacts=ContactDesk(database, outside, zone=zone),
            rules=RuleDesk(database, outside, zone=zone, booking=booking, publish=publish),
            offline=OfflineDesk(database, outside, keys, zone=zone, publish=publish),
            calendars=CalendarDesk(database, outside, zone=zone, booking=booking, publish=publish),
            holds=holds,
            hold_shelf=HoldShelfDesk(database, outside, settings, publish=publish),
            hold_upkeep=HoldUpkeep(database, outside, settings, publish=publish),
            notices=NoticeDesk(database, outside, settings),
            suspensions=SuspensionDesk(database, outside, zone=zone, booking=booking, publish=publish),
        )
