"""M2: from the power at a card to the frame that shows its owner's Home, through a real pcscd with the virtual reader.

Ours is what M2u and M1 measure, in one piece: ``PcscReader`` in its thread, the core over the encrypted replica, view models, screens
at the size of the glass, drawn by software. Another patron's card for each tap; reduced motion, as M1's gate. The limit is M2u's: the bare
question to a card that lies on the second reader.
"""

import queue
import sys
import tempfile
import time
from collections import deque
from contextlib import ExitStack, closing
from pathlib import Path

from PySide6.QtGui import QGuiApplication

from benchmarks.card_read import LIMIT_S, UID, Heard, bare_question, next_of
from benchmarks.card_service import card_service
from benchmarks.city import City
from benchmarks.figures import Goal, Measure
from benchmarks.rounds import Count, in_turn
from benchmarks.screen import TappedKiosk
from drivers.pcsc import PcscReader
from drivers.pcsc_calls import PcscContext, system_scard
from drivers.ports import CardRemoved, ReaderEvent
from drivers.virtual_reader import READER_NAME
from drivers.vpcd import VirtualCard
from kiosk.view import View
from ui.window import PORTRAIT, WindowSettings, prepare_environment

COUNT = Count(rounds=5, samples=20, warm_up=3)
GOAL = Goal(p99=0.05)


def measures(city: City, build: Path) -> list[Measure]:
    prepare_environment(headless=True)
    app = QGuiApplication.instance() or QGuiApplication(sys.argv[:1])
    heard: Heard = queue.SimpleQueue()
    seen: deque[View] = deque()
    with ExitStack() as parts:
        address = parts.enter_context(card_service())
        ledger = parts.enter_context(tempfile.TemporaryDirectory(dir=build))
        kiosk = parts.enter_context(closing(TappedKiosk(city, Path(ledger), WindowSettings(size=PORTRAIT, reduced_motion=True), seen)))

        def tell(event: ReaderEvent) -> None:
            kiosk.post(event)
            heard.put((event, time.monotonic_ns()))

        reader = PcscReader(system_scard(), clock=time.monotonic_ns, readers=READER_NAME)
        reader.start(tell)
        parts.callback(reader.stop)

        def ours() -> float:
            card = VirtualCard(kiosk.card(), port=address.port)
            kiosk.frame_of("home", card.insert)
            taken = kiosk.drawn_at - card.powered_at / 1e9
            kiosk.finish()
            card.remove()
            next_of(heard, CardRemoved)
            return taken

        lying = parts.enter_context(VirtualCard(UID, port=address.port + 1))
        context = parts.enter_context(closing(PcscContext(system_scard())))
        lying.wait_until_powered(LIMIT_S)
        mine, bare = in_turn(COUNT, ours, lambda: bare_question(context))
    app.processEvents()
    return [Measure("M2", "power at the card → frame of Home", mine, bare, "connect, one APDU, disconnect on the same pcscd", GOAL)]
