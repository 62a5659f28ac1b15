"""A kiosk's real core before real screens: what it shows is drawn, and what a finger does on the glass reaches it."""

from circulation.cards import CardUid
from drivers.ports import BarcodeScanned, CardPresented
from kiosk.events import Event
from kiosk.view import Screen
from tests.kiosk_world import World
from tests.ui.bench import Bench
from tests.ui.fingers import touch


class CoreOnGlass:
    """One kiosk, with hands."""

    def __init__(self, world: World, bench: Bench) -> None:
        self._world = world
        self._bench = bench
        self._draw()

    def screen(self) -> Screen:
        return self._world.screen

    def say(self, *events: Event) -> None:
        for event in events:
            self._world.say(event)
            self._draw()

    def tap(self, uid: str) -> None:
        self.say(CardPresented(CardUid.from_hex(uid), "reader", 0))

    def scan(self, *barcodes: str) -> None:
        self.say(*(BarcodeScanned(barcode, "scanner", 0) for barcode in barcodes))

    def touch(self, spoken: str) -> None:
        """Lay a finger on what is called so, in the kiosk's first language."""
        touch(self._bench, spoken)
        posted, self._bench.posted[:] = list(self._bench.posted), []
        self.say(*posted)

    def wait(self, seconds: float) -> None:
        self._world.wait(seconds)
        self._draw()

    def _draw(self) -> None:
        self._bench.clock.seconds = self._world.clock.monotonic()
        self._bench.show(self._world.view)
