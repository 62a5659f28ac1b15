"""Any number of kiosks that wait for changes, in one process: ``python -m benchmarks.polling_kiosks URL FEED AFTER``.

Kiosks come on standard input, a line each: id and private key in hex. An empty line ends them, and each opens a connection of its own and
holds the long poll as a kiosk does: signed, decoded, asked again from where the page ended. Then every line is the key of a
card; one line of JSON answers when every kiosk has had the page that says this card is lost: the instants (monotonic
nanoseconds) at which they knew.
"""

import asyncio
import json
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import UNSET
from requests import Request

from benchmarks.registry_on_postgres import KnownKiosk
from circulation.cards import CardState
from circulation.wire import MAX_WAIT_SECONDS, ChangesPage, tag_of
from replica.rows import CardRow
from replica.tables import ReplicaTable
from sync.signing import RequestSigner

URL, FEED, AFTER = sys.argv[1], sys.argv[2], int(sys.argv[3])
_ADDRESS = URL.removeprefix("http://").partition(":")
_AT_ONCE = 50
"""Connections that are being opened at the same time."""


@dataclass
class Known:
    """Who has heard of which card."""

    kiosks: int
    at: dict[str, list[int]] = field(default_factory=dict)
    complete: dict[str, asyncio.Event] = field(default_factory=dict)

    def heard(self, card: str) -> None:
        self.at.setdefault(card, []).append(time.monotonic_ns())
        if len(self.at[card]) == self.kiosks:
            self.event(card).set()

    def event(self, card: str) -> asyncio.Event:
        return self.complete.setdefault(card, asyncio.Event())


class Kiosk:
    """One of them."""

    def __init__(self, signer: RequestSigner, known: Known, opening: asyncio.Semaphore) -> None:
        self._signer = signer
        self._known = known
        self._opening = opening
        self._after = AFTER
        self._terms = ""

    async def poll(self) -> None:
        """For ever."""
        while True:
            async with self._opening:
                reader, writer = await asyncio.open_connection(_ADDRESS[0], int(_ADDRESS[2]))
                writer.write(self._question())
            with suppress(asyncio.IncompleteReadError, ConnectionError):  # the registry keeps no quiet connection: open another
                while True:
                    self._learn(msgspec.json.decode(await _body(reader), type=ChangesPage))
                    writer.write(self._question())

    def _learn(self, page: ChangesPage) -> None:
        if page.offline is not UNSET:
            self._terms = tag_of(page.offline)
        self._after = page.end
        for change in page.changes:
            if change.table == ReplicaTable.CARD and change.row is not None:
                row = msgspec.json.decode(change.row, type=CardRow)
                if row.state is CardState.LOST:
                    self._known.heard(change.key)

    def _question(self) -> bytes:
        query = f"feed={FEED}&after={self._after}&wait={MAX_WAIT_SECONDS}&terms={self._terms}"
        prepared = Request("GET", f"{URL}/v1/changes?{query}").prepare()
        self._signer.sign(prepared)
        lines = "".join(f"{name}: {value}\r\n" for name, value in prepared.headers.items())
        return f"GET {prepared.path_url} HTTP/1.1\r\nHost: registry\r\n{lines}\r\n".encode()


async def _body(reader: asyncio.StreamReader) -> bytes:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    assert head.startswith(b"http/1.1 200"), head
    length = int(head.partition(b"content-length:")[2].partition(b"\r\n")[0])
    return await reader.readexactly(length)


async def main() -> None:
    """See above."""
    lines = iter(sys.stdin.readline, "")
    signers = []
    for line in lines:
        if not line.strip():
            break
        kiosk, key = line.split()
        signers.append(KnownKiosk(UUID(kiosk), Ed25519PrivateKey.from_private_bytes(bytes.fromhex(key))).signer())
    known, opening = Known(len(signers)), asyncio.Semaphore(_AT_ONCE)
    kiosks = [asyncio.create_task(Kiosk(signer, known, opening).poll()) for signer in signers]
    while card := (await asyncio.to_thread(sys.stdin.readline)).strip():
        told = asyncio.create_task(known.event(card).wait())
        await asyncio.wait([told, *kiosks], return_when=asyncio.FIRST_COMPLETED)
        for kiosk in kiosks:
            if kiosk.done():
                kiosk.result()  # the error that ended it
        print(json.dumps(known.at[card]), flush=True)
    for kiosk in kiosks:
        kiosk.cancel()


if __name__ == "__main__":
    asyncio.run(main())
