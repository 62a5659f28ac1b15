"""The registry's process killed again and again under clients that lend, on PostgreSQL: ``REGISTRY_KILLS=200 make soak``."""

import os
import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from signal import SIGKILL, SIGTERM
from uuid import UUID

import msgspec
import requests
from uuid_utils.compat import uuid7

from circulation.wire import PushBatch, encode
from registry.server import listen
from tests.e2e.town import Program
from tests.integration.registry.city import Clock, Kiosk, a_checkout, enrol, found_city, reopened
from tests.integration.registry.homes import Home, PostgresHomes
from tests.postgres import running_server

KILLS = int(os.environ.get("REGISTRY_KILLS", "30"))
CLIENTS = 20


class RunningClock(Clock):
    """The time as it is: a process of its own goes by it."""

    def __call__(self) -> datetime:
        return datetime.now(UTC)


def test_nothing_acknowledged_is_lost_and_nothing_is_applied_twice(tmp_path: Path) -> None:
    with running_server() as server:
        home = PostgresHomes(server).empty(tmp_path / "registry")
        city = reopened(found_city(home), home)
        city.clock.at = datetime.now(UTC)
        with listen() as socket:
            port = socket.getsockname()[1]
        serving = serve(home, port)
        kiosks = [replace(enrol(f"http://127.0.0.1:{port}", city), clock=RunningClock()) for _ in range(CLIENTS)]
        over = threading.Event()
        chance = random.Random(114)
        began = time.monotonic()
        with ThreadPoolExecutor(CLIENTS) as pool:
            clients = [pool.submit(lend_until, over, kiosk, city.ming, city.books[number % 4]) for number, kiosk in enumerate(kiosks)]
            for number in range(1, KILLS + 1):
                over.wait(chance.uniform(0.05, 0.6))
                assert serving.end(SIGKILL) == -SIGKILL
                serving = serve(home, port)
                print(f"{number} kills in {time.monotonic() - began:.0f} s", flush=True)
            over.set()
            acknowledged = [client.result() for client in clients]
        assert serving.end(SIGTERM) in {0, -SIGTERM}
        sent = sum(kiosk.seq for kiosk in kiosks)
        known = sum(acknowledged)
        counts = city.sql("SELECT count(*), count(DISTINCT fact_key) FROM fact")[0]
        loans = city.sql("SELECT count(*) FROM loan")[0][0]
        dense = city.sql("SELECT count(*) FROM (SELECT kiosk FROM fact GROUP BY kiosk, epoch HAVING max(seq) <> count(*)) AS holes")[0][0]
        city.registry.close()
    print(
        f"{KILLS} kills in {time.monotonic() - began:.0f} s under {CLIENTS} clients: {known} facts acknowledged, {counts[0]} at the registry"
    )
    assert known == sent == counts[0] == counts[1] == loans
    assert dense == 0
    assert known > KILLS


def serve(home: Home, port: int) -> Program:
    """Start the registry and wait until it answers."""
    serving = Program(
        "registry",
        "serve",
        "--folder",
        str(home.folder),
        "--port",
        str(port),
        environment={**os.environ, "PYTHONUNBUFFERED": "1", "YOUYUE_REGISTRY_DATABASE": home.url or ""},
    )
    serving.wait_for("serves http")
    return serving


def lend_until(over: threading.Event, kiosk: Kiosk, patron: UUID, book: UUID) -> int:
    """Send loan after loan, each the same bytes until it is answered; how many were."""
    acknowledged = 0
    while not over.is_set():
        envelope = kiosk.envelope(a_checkout(patron, book, loan=uuid7()))
        batch = encode(PushBatch(epoch=kiosk.epoch, first_seq=kiosk.seq, facts=[msgspec.Raw(envelope)]))
        while (answer := sent(kiosk, batch)) is None:
            threading.Event().wait(0.05)
        assert answer.status_code == 200, answer.text
        acknowledged += 1
    return acknowledged


def sent(kiosk: Kiosk, batch: bytes) -> requests.Response | None:
    """The answer to a batch; none when the registry was killed before it came, or is not there yet."""
    try:
        answer = kiosk.request("POST", "/v1/facts", batch)
    except requests.RequestException:
        return None
    return None if answer.status_code >= requests.codes.internal_server_error else answer
