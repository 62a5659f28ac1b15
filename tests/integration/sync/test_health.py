"""A report over a real connection: signed, and the newest one at once, whatever the last one waits for."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from queue import Queue
from random import Random
from tempfile import mkdtemp

import msgspec
import pytest

from circulation.wire import DeviceReport, HealthReport, HealthTaken
from sync.memory import USUAL_MEMORY
from sync.worker import SyncWorkers
from tests.integration.sync.loopback import Exchange, Loopback
from tests.unit.sync.values import Posted, StillClock, an_identity, later

LIMIT_S = 30


@pytest.fixture
def memory() -> Iterator[Path]:
    folder = Path(mkdtemp(dir=USUAL_MEMORY))
    yield folder
    shutil.rmtree(folder)


def a_report(minute: int) -> HealthReport:
    at = later(60 * minute)
    return HealthReport(at=at, version="0.1.0", devices=(DeviceReport(device="disk", state="ready", since=at - timedelta(hours=1)),))


def test_every_new_report_is_told_at_once_in_a_signed_request(memory: Path) -> None:
    arrived: Queue[Exchange] = Queue()

    def take(exchange: Exchange) -> None:
        exchange.answer(HealthTaken())
        arrived.put(exchange)

    with Loopback(take) as server:
        workers = SyncWorkers(an_identity(registry=server.url), memory, Posted(), clock=StillClock(), random=Random(1), memory=memory)
        workers.start()
        for minute in range(3):
            workers.report(a_report(minute))
            request = arrived.get(timeout=LIMIT_S)
            assert (request.method, request.target) == ("POST", "/v1/health-reports")
            assert "signature" in request.headers
            assert msgspec.json.decode(request.body, type=HealthReport) == a_report(minute)
        assert workers.stop()
