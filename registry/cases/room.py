"""The rooms of cases and of merges put together."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from registry.cases.acts import Acts
from registry.cases.desk import CaseDesk, CasePolicy
from registry.database import Database
from registry.desk.replacing import Publish
from registry.merges.desk import MergeDesk, MergePolicy
from registry.outside import Outside
from registry.rosters.room import Rosters
from registry.rosters.sealing import Seal
from registry.sealed_records import RecordSeal
from registry.settings import RegistrySettings


@dataclass(frozen=True, slots=True)
class Casework:
    """What staff decide."""

    merges: MergeDesk
    cases: CaseDesk

    @classmethod
    def of(  # noqa: PLR0913 - what a registry is made of
        cls,
        database: Database,
        outside: Outside,
        settings: RegistrySettings,
        rosters: Rosters,
        key_folder: Path,
        *,
        card_secret: bytes,
        publish: Publish,
    ) -> "Casework":
        """Casework on a registry's database."""
        policy = MergePolicy(settings.undo_decisions_for, two_persons=settings.merges_need_two)
        seal = _seal(key_folder, outside)
        merges = MergeDesk(database, outside, seal=seal, card_secret=card_secret, policy=policy, publish=publish)
        acts = Acts(outside, rosters.pipeline, merges, rosters.batches, card_secret, settings.names)
        of_cases = CasePolicy(
            settings.undo_decisions_for, settings.cases_kept, settings.merges_need_two, settings.dispute_window, settings.zone
        )
        return cls(merges, CaseDesk(database, outside, acts, merges, seal=seal, policy=of_cases, publish=publish))

    def forget(self) -> int:
        """Destroy what undoing needed, once its term is over, and let old cases name nobody. How many records."""
        return sum(self.cases.forget()) + self.merges.forget()


def _seal(key_folder: Path, outside: Outside) -> Callable[[], RecordSeal]:
    """The seal of undo records, opened when it is first needed: a folder that nobody decides in gets no key."""

    def seal() -> RecordSeal:
        return RecordSeal(Seal.open(key_folder, random_bytes=outside.random_bytes), outside.random_bytes)

    return seal
