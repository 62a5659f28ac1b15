"""Whether a kiosk's folder that is found after a power cut still holds what was shown as done. The real code opens it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from uuid import UUID

import msgspec

from circulation.facts import FactEnvelope
from kiosk.store.errors import LedgerError, LedgerUnwritableError, ReplicaError
from kiosk.store.ledger import Ledger
from kiosk.store.opening import open_ledger
from replica.encrypted import EncryptedFileError, quick_check
from tests.crash.disk import Disk, by_chance, everything, nothing_more, put_down
from tests.crash.recording import Marked, Step
from tests.crash.scenario import Shown, overlay_of
from tests.kiosk_world import LEDGER_KEY, NOON, shelf_of


@dataclass
class Promise:
    """What was shown as done until a moment, and which effects belong to which last fact, in the whole recording."""

    overlays: dict[int, set[str]]
    keys: list[str] = field(default_factory=list)
    last: Shown | None = None

    @classmethod
    def of(cls, steps: Iterable[Step]) -> "Promise":
        """Nothing shown yet."""
        overlays: dict[int, set[str]] = defaultdict(set)
        for step in steps:
            if isinstance(step, Marked):
                shown = msgspec.json.decode(step.data, type=Shown)
                overlays[shown.seq].add(shown.overlay)
        return cls(overlays)

    def hear(self, mark: Marked) -> None:
        """Something more was shown."""
        self.last = msgspec.json.decode(mark.data, type=Shown)
        self.keys += self.last.keys


def cuts(steps: Iterable[Step]) -> Iterator[tuple[int, Disk, Promise]]:
    """Every moment at which the power can go: before the first step and after each that changes the disk or makes something safe."""
    steps = list(steps)
    disk, promise = Disk(), Promise.of(steps)
    yield 0, disk, promise
    for number, step in enumerate(steps, start=1):
        disk.do(step)
        if isinstance(step, Marked):
            promise.hear(step)
        yield number, disk, promise


def images(disk: Disk, *, chances: int, random: Random) -> Iterator[dict[str, bytes | str]]:
    """Folders that may be found after a cut at this moment: without what was not synced, with all of it, and by chance so many more."""
    yield disk.after_a_cut(nothing_more)
    yield disk.after_a_cut(everything)
    for _ in range(chances):
        yield disk.after_a_cut(by_chance(random))


def lost_in(image: dict[str, bytes | str], promise: Promise, folder: Path) -> str | None:
    """What of the promise this image does not keep, in words; none when it keeps all."""
    put_down(image, folder)
    try:
        ledger = open_ledger(folder / "ledger.db", LEDGER_KEY, new_epoch=lambda: UUID(int=1, version=4), now=NOON)
    except LedgerError as error:
        return f"the ledger can't be opened: {error}"
    try:
        return _lost_in_ledger(ledger, promise) or _lost_in_replica(folder, promise)
    except (LedgerUnwritableError, ReplicaError, EncryptedFileError) as error:
        return f"can't be read: {error}"
    finally:
        ledger.close()


def _lost_in_ledger(ledger: Ledger, promise: Promise) -> str | None:
    facts = [msgspec.json.decode(body, type=FactEnvelope) for body in ledger.bodies(1, 10_000)]
    if [fact.seq for fact in facts] != list(range(1, len(facts) + 1)):
        return f"the numbers are not dense: {[fact.seq for fact in facts]}"
    if missing := promise.keys[len(facts) :]:
        return f"facts that were shown as done are gone: {len(missing)}"
    if [str(fact.key) for fact in facts[: len(promise.keys)]] != promise.keys:
        return "the facts are not those that were shown as done"
    known = promise.overlays.get(len(facts), {overlay_of(ledger)} if not promise.last else set())
    if "" not in known and overlay_of(ledger) not in known:
        return f"the effects are not those of {len(facts)} facts"
    return None


def _lost_in_replica(folder: Path, promise: Promise) -> str | None:
    if promise.last is None:
        return None
    replica = shelf_of(folder).open_current()
    if replica is None:
        return "the replica is gone"
    try:
        state = replica.read.state()
        quick_check(replica._connection, path=replica.path)
    finally:
        replica.close()
    if (state.version, state.cursor) < (promise.last.version, promise.last.cursor):
        return f"the replica stands at snapshot {state.version} and cursor {state.cursor}, before {promise.last}"
    return None
