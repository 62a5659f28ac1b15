"""M8 and M9: facts that kiosks bring to a registry on PostgreSQL, in batches of 500 and one by one.

Ours is the whole service in a process of its own: HTTP on loopback, the signature checked, every fact read, decided and written
with its result, the feed and the audit of what it did, durable. M8 is one kiosk that comes back from hours offline; its client is the kiosk's own.
M9 is sixteen kiosks that lend at the same time, each waiting for its answer; their requests are signed beforehand, so that what is
measured is the registry. The limit of both is pgbench with the statements of just such a push (``benchmarks.pgbench``).
"""

import http.client
import statistics
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import msgspec
from requests import Request

from benchmarks.city import City
from benchmarks.facts_of_a_day import FACTS, Outbox
from benchmarks.figures import Goal, Measure
from benchmarks.machine import processor_seconds
from benchmarks.pgbench import Pgbench, script_of
from benchmarks.registry_on_postgres import KnownKiosk, RegistryOnPostgres, founded
from benchmarks.registry_process import ServedRegistry, served
from benchmarks.rounds import in_bursts
from circulation.wire import FactStatus, PushAnswer, PushBatch, encode
from sync.client import RegistryClient

ROUNDS, BATCHES = 5, 6
CLIENTS, CHECKOUTS = 16, 8
WHOLE = Goal(times=2)
"""Half of pgbench's throughput at least; 1.25 is what is aimed at."""
SINGLE = Goal(times=3.33)
_PATIENCE_S = 60


def measures(city: City, _build: Path) -> list[Measure]:
    with founded(city, kiosks=CLIENTS + 3) as registry:
        of_whole, of_one = Outbox(registry, which=1, kiosks=2), Outbox(registry, which=CLIENTS, kiosks=CLIENTS + 1)
        whole = script_of(registry, CLIENTS + 1, [of_whole.whole() for _ in range(4)])
        one = script_of(registry, CLIENTS + 2, [of_one.one(), of_one.rest(), of_one.one()])
        with served(registry.folder, registry.url) as service:
            of_batches = _whole(registry, service, Pgbench(registry, whole))
            registry.end_all_loans()  # of those that pgbench made nothing ever comes back
            return [of_batches, _single(registry, service, Pgbench(registry, one))]


def _whole(registry: RegistryOnPostgres, service: ServedRegistry, replayed: Pgbench) -> Measure:
    outbox = Outbox(registry, which=0, kiosks=2)
    with closing(RegistryClient(service.url, signer=registry.kiosks[0].signer())) as client:
        for _ in range(4):
            _all_accepted(client.push(outbox.whole()))

        worked: list[float] = []

        def ours() -> tuple[float, ...]:
            before = processor_seconds(service.process)
            taken = tuple(_pushed(client, outbox.whole()) for _ in range(BATCHES))
            worked.append((processor_seconds(service.process) - before) / BATCHES)
            return taken

        mine, bare = in_bursts(ROUNDS, ours, lambda: replayed.latencies(BATCHES))
        _all_accepted(client.push(outbox.rest()))
    beside = {"facts a second, of ours": FACTS / mine.median, "of pgbench": FACTS / bare.median}
    beside |= {"processor time of the registry's process": statistics.median(worked)}
    return Measure("M8", "push of 500 facts", mine, bare, "pgbench, the same statements as sets", WHOLE, beside)


def _single(registry: RegistryOnPostgres, service: ServedRegistry, replayed: Pgbench) -> Measure:
    worked: list[float] = []
    with ExitStack() as open_lines:
        kiosks = [_Waiting(service.url, registry.kiosks[1 + i], Outbox(registry, which=i, kiosks=CLIENTS + 1)) for i in range(CLIENTS)]
        for kiosk in kiosks:
            open_lines.enter_context(closing(kiosk))
        pool = open_lines.enter_context(ThreadPoolExecutor(CLIENTS))

        def ours() -> tuple[float, ...]:
            bodies = [kiosk.signed(CHECKOUTS) for kiosk in kiosks]
            before = processor_seconds(service.process)
            begun = perf_counter()
            answers = list(pool.map(_Waiting.send, kiosks, bodies))
            taken = perf_counter() - begun
            worked.append((processor_seconds(service.process) - before) / CLIENTS / CHECKOUTS)
            for answer in (one for of_kiosk in answers for one in of_kiosk):
                _all_accepted(msgspec.json.decode(answer, type=PushAnswer))
            for kiosk in kiosks:
                _all_accepted(msgspec.json.decode(kiosk.give_back(), type=PushAnswer))
            return (taken / CLIENTS / CHECKOUTS,)

        mine, bare = in_bursts(ROUNDS, ours, lambda: (replayed.seconds_each(CLIENTS, CHECKOUTS),))
    beside = {"checkouts a second, of ours": 1 / mine.median, "of pgbench": 1 / bare.median}
    beside |= {"processor time of the registry's process": statistics.median(worked)}
    return Measure("M9", f"a checkout, {CLIENTS} kiosks at once", mine, bare, "pgbench, the same statements", SINGLE, beside)


@dataclass(frozen=True, slots=True)
class _Request:
    """A request as it travels."""

    path: str
    body: bytes
    headers: dict[str, str]


class _Waiting:
    """A kiosk that sends one fact and waits for the answer, then the next, on one connection."""

    def __init__(self, url: str, kiosk: KnownKiosk, outbox: Outbox) -> None:
        self._url = url
        self._signer = kiosk.signer()
        self._outbox = outbox
        self._line = http.client.HTTPConnection(url.removeprefix("http://"), timeout=_PATIENCE_S)

    def signed(self, count: int) -> list[_Request]:
        """So many loans, ready to be sent."""
        return [self._request(self._outbox.one()) for _ in range(count)]

    def send(self, requests: Sequence[_Request]) -> list[bytes]:
        answers = []
        for one in requests:
            self._line.request("POST", one.path, one.body, one.headers)
            answers.append(self._line.getresponse().read())
        return answers

    def give_back(self) -> bytes:
        """What was lent comes back, so that every round meets what the first one met."""
        (answer,) = self.send([self._request(self._outbox.rest())])
        self._line.close()  # it is quiet until the next round, and the registry keeps no quiet connection
        return answer

    def close(self) -> None:
        self._line.close()

    def _request(self, batch: PushBatch) -> _Request:
        path, body = "/v1/facts", encode(batch)
        prepared = Request("POST", self._url + path, data=body, headers={"Content-Type": "application/json"}).prepare()
        self._signer.sign(prepared)
        return _Request(path, body, dict(prepared.headers))


def _pushed(client: RegistryClient, batch: PushBatch) -> float:
    begun = perf_counter()
    answer = client.push(batch)
    taken = perf_counter() - begun
    _all_accepted(answer)
    return taken


def _all_accepted(answer: object) -> None:
    assert isinstance(answer, PushAnswer), answer
    unclean = [one for one in answer.results if one.status is not FactStatus.ACCEPTED]
    assert not unclean, unclean[0]
