"""Cards that nfcpy itself plays, in a process of its own: another's code on the other side of the air."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import pytest

from circulation.cards import CardKind, CardUid
from drivers.nfcpy_frontend import NfcpyFrontend, require_nfcpy
from drivers.nfcpy_reader import NfcpyReader
from drivers.ports import CardPresented, CardRemoved, DeviceHealth, DeviceState, ReaderEvent
from tests.contract.heard import LIMIT_S, Heard
from tests.contract.reader_benches import running

_CARD = """
import sys
import nfc.clf
port, brty, told = sys.argv[1], sys.argv[2], bytearray.fromhex(sys.argv[3])
card = nfc.clf.ContactlessFrontend(f"udp:127.0.0.1:{port}")
target = nfc.clf.LocalTarget(brty)
if brty.endswith("A"):
    target.sens_res, target.sel_res, target.sdd_res = bytearray.fromhex("0400"), bytearray.fromhex("08"), told
else:
    target.sensf_res = bytearray.fromhex("01") + told + bytearray.fromhex("0120220427674EFF0003")
while True:
    card.listen(target, timeout=1.0)
"""


def free_udp_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


@contextmanager
def card_of_nfcpy(port: int, brty: str, uid: str) -> Iterator[None]:
    """nfcpy lies there as a card until the end."""
    with subprocess.Popen([sys.executable, "-c", _CARD, str(port), brty, uid]) as card:
        try:
            yield
        finally:
            card.terminate()
            card.wait(LIMIT_S)


@pytest.mark.parametrize(
    ("brty", "uid", "hint"),
    [("106A", "04A32B1C", CardKind.EASYCARD), ("106A", "04A1B2C3D4E5F6", CardKind.EASYCARD), ("212F", "0101080102030405", None)],
)
def test_a_card_that_nfcpy_plays_is_read_and_missed_when_it_goes(brty: str, uid: str, hint: CardKind | None) -> None:
    require_nfcpy()
    port, heard = free_udp_port(), Heard[ReaderEvent]()
    with running(NfcpyReader(partial(NfcpyFrontend, f"udp:127.0.0.1:{port}"), clock=time.monotonic_ns), heard):
        assert heard.next_as(DeviceHealth).state is DeviceState.READY
        with card_of_nfcpy(port, brty, uid):
            presented = heard.next_as(CardPresented)
        heard.next_as(CardRemoved)
    assert (presented.uid, presented.kind_hint) == (CardUid.from_hex(uid), hint)
