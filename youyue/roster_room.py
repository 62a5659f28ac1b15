"""The roster desk of an opened registry."""

import secrets
from collections.abc import Callable

from registry.house import Registry
from registry.outside import Outside
from registry.rosters.desk import NewKeys, RosterDesk
from registry.rosters.sealing import Seal
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
