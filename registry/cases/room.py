"""The rooms of cases and of merges put together."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from registry.database import Database
from registry.desk.replacing import Publish
from registry.merges.desk import MergeDesk, MergePolicy
from registry.outside import Outside
from registry.rosters.sealing import Seal
from registry.sealed_records import RecordSeal
from registry.settings import RegistrySettings


@dataclass(frozen=True, slots=True)
class Casework:
    """What staff decide."""

    merges: MergeDesk

    @classmethod
    def of(  # noqa: PLR0913 - what a registry is made of
        cls, database: Database, outside: Outside, settings: RegistrySettings, key_folder: Path, *, card_secret: bytes, publish: Publish
    ) -> "Casework":
        """Casework on a registry's database."""
        policy = MergePolicy(settings.undo_decisions_for, two_persons=settings.merges_need_two)
        seal = _seal(key_folder, outside)
        return cls(MergeDesk(database, outside, seal=seal, card_secret=card_secret, policy=policy, publish=publish))


def _seal(key_folder: Path, outside: Outside) -> Callable[[], RecordSeal]:
    """The seal of undo records, opened when it is first needed: a folder that nobody decides in gets no key."""

    def seal() -> RecordSeal:
        return RecordSeal(Seal.open(key_folder, random_bytes=outside.random_bytes), outside.random_bytes)

    return seal
