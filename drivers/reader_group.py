"""Several card readers that are one: each keeps its own thread, their reports come one after another, their health is told as one."""

from collections.abc import Callable, Sequence
from functools import partial
from threading import RLock

from drivers.ports import CardReader, DeviceHealth, DeviceState, ReaderEvent

_LOOK_FOR_STOP_S = 0.005


def health_of_all(healths: Sequence[DeviceHealth]) -> DeviceHealth:
    """Tell how several readers are, as one: ready if all are, missing if all are, else degraded by the first that is not ready."""
    not_ready = [health for health in healths if health.state is not DeviceState.READY]
    if not not_ready:
        return DeviceHealth(healths[0].device, DeviceState.READY, detail=", ".join(health.detail for health in healths))
    all_missing = all(health.state is DeviceState.MISSING for health in healths)
    state = DeviceState.MISSING if all_missing else DeviceState.DEGRADED
    return DeviceHealth(not_ready[0].device, state, not_ready[0].fault, "; ".join(health.detail for health in not_ready))


class ReaderGroup:
    """One ``CardReader`` made of several, at least one."""

    def __init__(self, readers: Sequence[CardReader]) -> None:
        self._readers = tuple(readers)
        self._healths: dict[int, DeviceHealth] = {}
        self._waiting: list[ReaderEvent] = []
        self._told: DeviceHealth | None = None
        self._listener: Callable[[ReaderEvent], None] | None = None
        self._turn = RLock()

    def start(self, listener: Callable[[ReaderEvent], None]) -> None:
        """Start them all. The first report, the health of all, comes when each has told its own; what happens before waits for it."""
        self._listener = listener
        for number, reader in enumerate(self._readers):
            reader.start(partial(self._hear, number))

    def stop(self) -> None:
        """Stop them all, one after another. No report comes after it. May be called twice."""
        self._listener = None
        for reader in self._readers:
            reader.stop()

    def _hear(self, number: int, event: ReaderEvent) -> None:
        # A listener may stop the group while another reader waits for its turn to report: that one must see it and end.
        while not self._turn.acquire(timeout=_LOOK_FOR_STOP_S):
            if self._listener is None:
                return
        try:
            self._take(number, event)
        finally:
            self._turn.release()

    def _take(self, number: int, event: ReaderEvent) -> None:
        if isinstance(event, DeviceHealth):
            self._healths[number] = event
        else:
            self._waiting.append(event)
        if len(self._healths) < len(self._readers):
            return
        health = health_of_all([self._healths[place] for place in range(len(self._readers))])
        if health != self._told:
            self._told = health
            self._report(health)
        waiting, self._waiting = self._waiting, []
        for one in waiting:
            self._report(one)

    def _report(self, event: ReaderEvent) -> None:
        if (listener := self._listener) is not None:
            listener(event)
