"""What a kiosk of a world does with the registry: the real client, pusher, puller and fetcher, on a faulty line and without threads."""

from pathlib import Path
from random import Random

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from sync.client import RegistryClient
from sync.covers import HeldCover
from sync.identity import Identity
from sync.memory import PrivateMemory
from sync.outage import Outage
from sync.plan import Pace
from sync.pull import Puller
from sync.push import Pusher
from sync.signing import RegistryClock, RequestSigner
from sync.snapshot import SnapshotFetcher
from sync.witness import LastWitness
from tests.simulation.enrolling import plug_in
from tests.simulation.line import FaultyLine
from tests.simulation.times import MachineClock

_PACE = Pace(first=0.5, cap=1800.0, spread=30.0)
"""The product's, but for a higher bound: a kiosk that is offline for a day would else try 3,000 times."""


def errands(
    identity: Identity, folder: Path, clock: MachineClock, line: FaultyLine, chance: Random
) -> tuple[HeldCover, RegistryClient, Pusher, Puller]:
    """Of one run of a kiosk's process."""
    cover = HeldCover(identity, X25519PrivateKey.from_private_bytes(chance.randbytes(32)))
    signer = RequestSigner(identity.kiosk, identity.signing_key, RegistryClock(clock))
    client = RegistryClient(identity.registry, signer=signer, cover=cover)
    plug_in(client, line)
    fetcher = SnapshotFetcher(client, identity, folder, PrivateMemory(folder.parent / "memory" / str(identity.kiosk)))
    since = clock.monotonic
    witness = LastWitness(folder, monotonic=since)
    pusher = Pusher(client, Outage(random=chance, pace=_PACE), monotonic=since, witness=witness)
    puller = Puller(client, fetcher, monotonic=since, random=chance, pace=_PACE, wait=0, witness=witness)
    return cover, client, pusher, puller
