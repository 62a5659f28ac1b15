"""The rooms of rosters put together: the desk where they arrive, and the pipeline behind it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from registry.database import Database
from registry.outside import Outside
from registry.rosters.batches import BatchDesk
from registry.rosters.bureau import BureauDesk
from registry.rosters.desk import RosterDesk
from registry.rosters.pipeline import NewKeys, Pipeline
from registry.rosters.sealing import Seal
from registry.rosters.undoing import BatchUndo
from registry.settings import RegistrySettings


@dataclass(frozen=True, slots=True)
class Rosters:
    """What brings rosters into a registry."""

    desk: RosterDesk
    pipeline: Pipeline
    batches: BatchDesk
    undo: BatchUndo
    bureau: BureauDesk

    @classmethod
    def of(  # noqa: PLR0913 - what a registry is made of
        cls,
        database: Database,
        outside: Outside,
        settings: RegistrySettings,
        key_folder: Path,
        *,
        card_secret: bytes,
        wake: Callable[[], None],
    ) -> "Rosters":
        """Rosters on a registry's database.

        Raises:
            KeyFileError: the key that waiting rows are encrypted with is damaged or readable by others.
            OSError: the folder can't be used.

        """
        seal = Seal.open(key_folder, random_bytes=outside.random_bytes)
        pipeline = Pipeline(outside, seal, settings, card_secret=card_secret, wake=wake)
        batches = BatchDesk(database, outside, seal, pipeline, settings.rosters, settings.zone)
        undo = BatchUndo(database, outside, seal, pipeline)
        bureau = BureauDesk(database, outside, batches, settings)
        return cls(RosterDesk(database, outside, batches, zone=settings.zone), pipeline, batches, undo, bureau)

    def giving(self, keys: NewKeys) -> "Rosters":
        """The same, but new rows get these keys."""
        pipeline = self.pipeline.giving(keys)
        batches = self.batches.using(pipeline)
        return Rosters(self.desk.using(batches), pipeline, batches, self.undo, self.bureau)
