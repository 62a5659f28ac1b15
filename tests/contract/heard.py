"""A listener that keeps what it hears in order, for tests that wait on it."""

from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

Event = TypeVar("Event")
Kind = TypeVar("Kind")

LIMIT_S = 30.0
"""Far above any real waiting time, so that a busy machine makes a test slow and not red."""


class Heard(Generic[Event]):
    def __init__(self) -> None:
        self._events: SimpleQueue[Event] = SimpleQueue()

    def __call__(self, event: Event) -> None:
        self._events.put(event)

    def next(self) -> Event:
        return self._events.get(timeout=LIMIT_S)

    def next_as(self, kind: type[Kind]) -> Kind:
        """Take the next event, which must be of this kind."""
        event = self.next()
        assert isinstance(event, kind), event
        return event

    def until(self, kind: type[Kind]) -> Kind:
        """Take events up to the first of this kind."""
        while True:
            event = self.next()
            if isinstance(event, kind):
                return event

    def rest(self) -> list[Event]:
        """Take all that lies there now, without waiting."""
        events: list[Event] = []
        while True:
            try:
                events.append(self._events.get_nowait())
            except Empty:
                return events
