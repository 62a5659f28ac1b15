"""Asking the registry whether it knows this kiosk: one signed poll, which changes nothing there."""

from contextlib import closing
from uuid import UUID

from circulation.wire import Position
from kiosk.ports import Clock
from sync.address import RegistryAddressError
from sync.client import RegistryClient
from sync.errors import CursorGoneError, RegistryDistrustsError, RegistryForbidsError, SyncError
from sync.identity import Identity
from sync.signing import RegistryClock, RequestSigner
from youyue.doctor.facts import Standing

NO_FEED = UUID(int=0)
"""A kiosk without a replica asks for a feed that nobody has: to be told so, it must be known."""


def see_standing(identity: Identity, feed: UUID, after: Position, clock: Clock) -> Standing:
    """What the registry makes of this kiosk's signature."""
    signer = RequestSigner(identity.kiosk, identity.signing_key, RegistryClock(clock))
    try:
        with closing(RegistryClient(identity.registry, ca=identity.ca_file, signer=signer)) as client:
            client.changes(feed, after, wait=0)
    except CursorGoneError:
        return Standing.KNOWN
    except RegistryDistrustsError:
        return Standing.UNKNOWN
    except RegistryForbidsError:
        return Standing.REVOKED
    except (SyncError, RegistryAddressError):
        return Standing.NOT_ASKED
    return Standing.KNOWN
