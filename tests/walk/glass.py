"""A kiosk of a simulated world with its real screens: what the core shows is drawn, what a finger does on the glass reaches the core."""

from collections import Counter
from functools import partial
from pathlib import Path
from random import Random
from uuid import UUID

from circulation.wire import LossRequest, PinCheck
from kiosk.view import View
from sync.ask import Asker, Question
from sync.identity import Identity
from tests.simulation.kiosk import Kiosk
from tests.simulation.line import Net
from tests.ui.bench import Bench


class GlassKiosk(Kiosk):
    """Core, client and files as in the simulator, and a window on them."""

    bench: Bench | None = None
    seen: Counter[tuple[str, str]]
    """How often which screen followed which, one as often as it stayed."""

    def __init__(self, name: str, identity: Identity, folder: Path, net: Net, chance: Random) -> None:
        self.seen = Counter()
        super().__init__(name, identity, folder, net, chance)

    def look_through(self, bench: Bench) -> None:
        """Put the glass before the kiosk."""
        self.bench = bench
        assert self._view is not None
        bench.clock.seconds = self.clock.monotonic()
        bench.show(self._view)

    @property
    def view(self) -> View:
        assert self._view is not None
        return self._view

    def show(self, view: View) -> None:
        before = "" if self._view is None else type(self._view.screen).__name__
        self.seen[before, type(view.screen).__name__] += 1
        super().show(view)
        if self.bench is not None:
            self.bench.clock.seconds = self.clock.monotonic()
            self.bench.kiosk.show(view)

    def settle(self) -> None:
        """Let everything that fingers asked for happen, and everything that came of it be drawn."""
        bench = self.bench
        assert bench is not None
        bench.settle()
        while bench.posted:
            waiting, bench.posted[:] = list(bench.posted), []
            self.say(*waiting)
            bench.settle()

    def ask(self, ticket: UUID, question: PinCheck | LossRequest) -> None:
        """By the real client, at once; the answer comes when the core has come to rest."""
        asker = Asker(self._client, lambda told: self._soon(partial(self._told, told), 0))
        asked = Question(ticket, question)
        asker.opened(asked)
        for told in asker.turn(asked).events:
            self._soon(partial(self._told, told), 0.2)
