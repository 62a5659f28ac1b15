"""M2u: from the power at a card to its UID in the programme, through a real pcscd with the virtual reader.

Ours is what the kiosk runs (``PcscReader``), timed from the power-on byte at the card to the call of the listener. The limit is the
bare question to a card that lies on the second reader: connect, one APDU, disconnect. Ours also holds the ATR, which pcscd asks
for between power and report. How soon pcscd notices a card is left out: it looks at the virtual reader every 0.4 s, and a USB
reader tells it at once.
"""

import queue
import time
from contextlib import closing
from pathlib import Path

from benchmarks.card_service import card_service
from benchmarks.city import City
from benchmarks.figures import Measure
from benchmarks.rounds import Count, in_turn
from circulation.cards import CardUid
from drivers.apdu import GET_UID
from drivers.pcsc import PcscReader
from drivers.pcsc_calls import PcscContext, system_scard
from drivers.ports import CardPresented, CardRemoved, ReaderEvent
from drivers.virtual_reader import READER_NAME, SECOND_READER_NAME
from drivers.vpcd import VirtualCard

COUNT = Count(rounds=5, samples=20, warm_up=3)
UID = CardUid.from_hex("04A32B1C")
LIMIT_S = 30.0
_NANO = 1e-9

Heard = queue.SimpleQueue[tuple[ReaderEvent, int]]


def measures(_city: City, _build: Path) -> list[Measure]:
    with card_service() as address:
        heard: Heard = queue.SimpleQueue()
        reader = PcscReader(system_scard(), clock=time.monotonic_ns, readers=READER_NAME)
        reader.start(lambda event: heard.put((event, time.monotonic_ns())))
        card = VirtualCard(UID, port=address.port)

        def ours() -> float:
            with card:
                told_at = next_of(heard, CardPresented)
            next_of(heard, CardRemoved)
            return (told_at - card.powered_at) * _NANO

        try:
            with VirtualCard(UID, port=address.port + 1) as lying, closing(PcscContext(system_scard())) as context:
                lying.wait_until_powered(LIMIT_S)
                mine, bare = in_turn(COUNT, ours, lambda: bare_question(context))
        finally:
            reader.stop()
    return [Measure("M2u", "power at the card → UID", mine, bare, "connect, one APDU, disconnect on the same pcscd")]


def bare_question(context: PcscContext) -> float:
    """The limit: seconds that the card on the second reader takes to be asked."""
    begun = time.monotonic_ns()
    answer = context.ask(SECOND_READER_NAME, GET_UID)
    taken = time.monotonic_ns() - begun
    assert answer.startswith(UID.octets)
    return taken * _NANO


def next_of(heard: Heard, kind: type[ReaderEvent]) -> int:
    """When the next event of a kind came."""
    while True:
        event, at = heard.get(timeout=LIMIT_S)
        if isinstance(event, kind):
            return at
