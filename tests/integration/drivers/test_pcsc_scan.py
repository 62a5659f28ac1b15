"""Debian's own tool at the same service sees what the project's reader sees."""

import os
import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from queue import SimpleQueue
from threading import Thread

from circulation.cards import CardUid
from drivers.pcsc import PcscReader
from drivers.pcsc_calls import system_scard
from drivers.ports import CardPresented, CardRemoved, DeviceHealth, ReaderEvent
from drivers.vpcd import VirtualCard
from tests.contract.heard import LIMIT_S, Heard
from tests.contract.reader_benches import running, wait_until_empty
from tests.pcsc_stack import PcscStack


@contextmanager
def lines_of_pcsc_scan() -> Iterator[SimpleQueue[str]]:
    """What ``pcsc_scan`` prints, line by line, while it watches the service of this process."""
    lines: SimpleQueue[str] = SimpleQueue()
    with subprocess.Popen(["pcsc_scan", "-n"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=os.environ) as scan:
        assert scan.stdout is not None
        printed = scan.stdout

        def pass_on() -> None:
            for line in printed:
                lines.put(line)

        reading = Thread(target=pass_on)
        reading.start()
        try:
            yield lines
        finally:
            scan.terminate()
            reading.join(LIMIT_S)


def next_match(lines: SimpleQueue[str], pattern: str) -> str:
    """Read on to the first line with the pattern and give its group."""
    while True:
        found = re.search(pattern, lines.get(timeout=LIMIT_S))
        if found:
            return found[1]


def test_pcsc_scan_sees_the_card_that_the_reader_reads(pcsc_stack: PcscStack) -> None:
    heard = Heard[ReaderEvent]()
    with running(PcscReader(system_scard(), clock=time.monotonic_ns), heard), lines_of_pcsc_scan() as lines:
        heard.next_as(DeviceHealth)
        assert next_match(lines, r"^0: (.+)$") == pcsc_stack.readers[0]
        next_match(lines, r"Card state: (Card removed)")
        with VirtualCard(CardUid.from_hex("04A32B1C"), port=pcsc_stack.address.port):
            presented = heard.next_as(CardPresented)
            next_match(lines, r"Card state: (Card inserted)")
            seen_by_scan = bytes.fromhex(next_match(lines, r"ATR: ([0-9A-F ]+)"))
        heard.next_as(CardRemoved)
        next_match(lines, r"Card state: (Card removed)")
    wait_until_empty(pcsc_stack.readers)
    assert presented.uid.hex == "04A32B1C"
    assert seen_by_scan == presented.atr
