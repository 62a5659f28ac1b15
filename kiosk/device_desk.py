"""Opens the page of devices when nobody is here, closes it when staff are done or gone. Used in the core's thread only."""

import structlog

from drivers.ports import CardPresented
from kiosk.desk import Room
from kiosk.device_page import ITS_OWN, DevicePage, on_page
from kiosk.events import DevicesChosen, Event, StaffChoice
from kiosk.states import Idle, OutOfService, State

_log = structlog.get_logger()


class DeviceDesk:
    """One kiosk's page. A kiosk that is out of service has it too: that is when it is wanted most."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._wanted = False
        self.page: DevicePage | None = None

    def takes(self, event: Event) -> bool:
        """Whether an event is for the page, and the session must not hear of it."""
        return isinstance(event, StaffChoice) or (self.page is not None and isinstance(event, ITS_OWN))

    def take(self, event: Event) -> None:
        """Do what it asks for.

        Raises:
            ReplicaError: the replica is damaged.

        """
        if isinstance(event, DevicesChosen):
            self._wanted = True
        elif self.page is not None:
            known = None
            try:
                known = self._room.knows(event.uid) if isinstance(event, CardPresented) else None
            finally:  # what the reader read is told in any case
                self.page = on_page(self.page, event, now=self._now(), known=known, codes=self._room.settings.codes)
            if self.page is None:
                _log.info("device_page", detail="closed by hand")

    def look(self, state: State) -> None:
        """Open what was wanted once nobody is here; close what nobody has touched for long."""
        now = self._now()
        if self.page is not None and now >= self.page.since + self._room.settings.device_page:
            self.page = None
            _log.info("device_page", detail="closed by time")
        if self._wanted and _is_nobody_here(state):
            self.page, self._wanted = DevicePage(now), False
            _log.info("device_page", detail="opened")

    def deadline(self) -> float | None:
        """When it closes by itself (monotonic seconds)."""
        return None if self.page is None else self.page.since + self._room.settings.device_page

    def _now(self) -> float:
        return self._room.recorder.clock.monotonic()


def _is_nobody_here(state: State) -> bool:
    """Books that wait for a tap are somebody's."""
    return isinstance(state, OutOfService) or (isinstance(state, Idle) and not state.waiting.barcodes)
