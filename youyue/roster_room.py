"""The roster desk of an opened registry, and what a person at a terminal sees while it works."""

import secrets
from collections.abc import Callable, Sequence
from typing import Self, TextIO

from registry.house import Registry
from registry.outside import Outside
from registry.rosters.desk import NewKeys, RosterDesk
from registry.rosters.sealing import Seal
from texts.catalogue import Catalogue
from youyue.clock import SystemClock, SystemKeys


def roster_desk(registry: Registry, *, keys: NewKeys | None = None) -> RosterDesk:
    """Make the desk where rosters are loaded into this registry.

    Raises:
        KeyFileError: the key that waiting rows are encrypted with is damaged or readable by others.
        OSError: the folder can't be used.

    """
    outside = Outside(now=SystemClock().now, new_id=SystemKeys().new_key, random_bytes=secrets.token_bytes)
    return RosterDesk(
        registry.database,
        outside,
        Seal.open(registry.folder / "keys", random_bytes=outside.random_bytes),
        card_secret=registry.keys.card_secret,
        zone=registry.settings.zone,
        names=registry.settings.names,
        wake=_wake(registry),
        keys=keys,
    )


def _wake(registry: Registry) -> Callable[[], None]:
    def wake() -> None:
        if registry.head is not None:
            registry.head.notify(urgent=True)

    return wake


class Progress:
    """One line that is written over again, at a terminal only: a log or a script gets nothing of it. Gone at the end of the block."""

    def __init__(self, catalogues: Sequence[Catalogue], stream: TextIO) -> None:
        self._catalogues = catalogues
        self._stream = stream
        self._seen = stream.isatty()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._write("")

    def read(self, count: int) -> None:
        """So many rows of the file have been read."""
        self.say("roster.progress.reading", count=count)

    def say(self, key: str, **values: object) -> None:
        """What is being done now."""
        self._write(" / ".join(catalogue.say(key, **values) for catalogue in self._catalogues))

    def _write(self, text: str) -> None:
        if self._seen:
            self._stream.write(f"\r{text}\x1b[K")
            self._stream.flush()
