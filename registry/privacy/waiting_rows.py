"""Contact data that a school sent before the Bureau's word (R4): encrypted, found by the national ID alone."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Connection

from circulation.ids import PatronId
from registry.privacy.store_export import national_id_of
from registry.rosters import store
from registry.rosters.sealing import Seal


class WaitingRows:
    """Opens what waits about a patron, for the patron's own export. ``keys`` is the folder of the registry's keys."""

    def __init__(self, keys: Path, *, random_bytes: Callable[[int], bytes]) -> None:
        self._keys = keys
        self._random_bytes = random_bytes

    def about(self, connection: Connection, patron: PatronId) -> Iterator[Mapping[str, Any]]:
        """What waits under the patron's national ID, as it was sent.

        Raises:
            KeyFileError: the key it was encrypted with is damaged, another one, or readable by others.
            OSError: it can't be read.

        """
        national_id = national_id_of(connection, patron)
        if national_id is None:
            return
        seal = Seal.open(self._keys, random_bytes=self._random_bytes)
        tag = seal.tag(national_id)
        for one in store.waiting(connection, [tag]).values():
            yield msgspec.json.decode(seal.unseal(tag, one.sealed), type=dict[str, Any])
