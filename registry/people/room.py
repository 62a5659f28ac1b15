"""The desks for people put together."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from registry.database import Database
from registry.desk.pins import PinDesk
from registry.desk.replacing import Publish
from registry.keys import RegistryKeys
from registry.outside import Outside
from registry.people.applying import ApplicationDesk
from registry.people.codes import CodeDesk
from registry.people.erasing import ErasureDesk, OpenRequests
from registry.people.family_desk import FamilyDesk
from registry.people.guarding import GuardianDesk
from registry.people.office import Office
from registry.people.page import PersonDesk
from registry.people.rule_desk import RuleDesk
from registry.people.store_erasure import Forget
from registry.people.withdrawing import WithdrawalDesk
from registry.rosters.sealing import Seal
from registry.settings import RegistrySettings


class House(Protocol):
    """What the desks need of an opened registry."""

    folder: Path
    database: Database
    keys: RegistryKeys
    settings: RegistrySettings


@dataclass(frozen=True, slots=True)
class Neighbours:
    """What other rooms do when somebody leaves.

    ``forget`` erases what a room holds of people whose accounts end; ``requests`` are those that must be answered before.
    """

    forget: Collection[Forget] = ()
    requests: Collection[OpenRequests] = ()


@dataclass(frozen=True, slots=True)
class People:
    """The life of an account, from the application to its end."""

    applications: ApplicationDesk
    guardians: GuardianDesk
    families: FamilyDesk
    codes: CodeDesk
    withdrawals: WithdrawalDesk
    erasures: ErasureDesk
    persons: PersonDesk
    rules: RuleDesk

    @classmethod
    def of(cls, house: House, pins: PinDesk, outside: Outside, *, publish: Publish, neighbours: Neighbours | None = None) -> "People":
        """The desks of an opened registry."""
        beside = neighbours or Neighbours()
        keys = house.folder / "keys"

        def tag(*parts: str) -> bytes:
            return Seal.open(keys, random_bytes=outside.random_bytes).tag(*parts)

        settings = house.settings
        office = Office(house.database, outside, settings.zone, settings.names, house.keys.card_secret, publish, tag)
        return cls(
            ApplicationDesk(office),
            GuardianDesk(office),
            FamilyDesk(office),
            CodeDesk(office, pins),
            WithdrawalDesk(office, forget=beside.forget),
            ErasureDesk(office, forget=beside.forget, requests=beside.requests),
            PersonDesk(office),
            RuleDesk(office),
        )
