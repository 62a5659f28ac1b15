"""M10: from a loss report at a kiosk to the moment at which every other kiosk of the city knows that the card is lost.

Ours is the service on PostgreSQL in a process of its own; the report is a fact that a kiosk of one branch pushes. The kiosks that wait, spread
over all branches, are in a third process (``benchmarks.polling_kiosks``): a connection each, signed polls, pages decoded, the card's row read. What a
kiosk does with the row afterwards is one row of M6. A thousand kiosks are the gate. There is no limit to compare with: two seconds are
what a thief with a card may have.
"""

import json
import statistics
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import msgspec
import uuid_utils.compat

from benchmarks.city import SCALES, City
from benchmarks.figures import Goal, Measure, Samples
from benchmarks.machine import processor_seconds, resident_bytes
from benchmarks.registry_on_postgres import KnownKiosk, RegistryOnPostgres, founded, patron_of
from benchmarks.registry_process import served
from circulation.facts import CardReportedLost, FactEnvelope
from circulation.wire import FactStatus, PushAnswer, PushBatch, encode
from registry.exchange.projection import key_text
from sync.client import RegistryClient
from youyue import library

GATE = ("M10", 1_000, 6)
CROWD = ("M10x", 10_000, 3)
"""How many kiosks wait, and how many cards are lost, one after the other. The crowd comes at the city's size only."""
GOAL = Goal(p99=2)
MOST_BYTES = 40_000
_QUIET_S = 0.4
_LONGEST_S = 40
_NANO = 1e-9


def measures(city: City, _build: Path) -> list[Measure]:
    crowds = [GATE, CROWD] if city.scale.name == "city" else [GATE]
    branches = [one.code for one in library.branches()]
    few = City(SCALES["demo"], city.folder)  # how many people there are changes nothing here
    found = []
    for name, kiosks, cards in crowds:
        with founded(few, kiosks + 1, branches) as registry:
            found.append(_told(registry, name, kiosks, cards))
    return found


def _told(registry: RegistryOnPostgres, name: str, kiosks: int, cards: int) -> Measure:
    heard: list[tuple[float, ...]] = []
    worked: list[float] = []
    feed, after = registry.feed()
    with (
        served(registry.folder, registry.url) as service,
        closing(RegistryClient(service.url, signer=registry.kiosks[-1].signer())) as client,
    ):
        _until_quiet(service.process)
        alone = resident_bytes(service.process)
        reporter = _Reporter(registry, client, first=kiosks)
        with _waiting(service.url, feed, after, registry.kiosks[:kiosks]) as (ask, answers):
            _until_quiet(service.process)
            each = (resident_bytes(service.process) - alone) / kiosks
            for _ in range(cards):
                before, begun = processor_seconds(service.process), time.monotonic_ns()
                print(reporter.lose_one(), file=ask, flush=True)
                known = json.loads(answers.readline())
                heard.append(tuple((at - begun) * _NANO for at in known))
                _until_quiet(service.process)
                worked.append(processor_seconds(service.process) - before)
    assert each <= MOST_BYTES, f"{each:.0f} bytes a connection"
    goal = GOAL if name == GATE[0] else None
    slowest = max(max(one) for one in heard)
    beside = {"bytes a connection": each, "the last of all": slowest}
    beside["processor time of the registry until all wait again"] = statistics.median(worked)
    return Measure(name, f"loss report → known at {kiosks:,} kiosks", Samples(tuple(heard)), goal=goal, beside=beside)


class _Reporter:
    """A kiosk at which people report their cards lost, each by another of theirs."""

    def __init__(self, registry: RegistryOnPostgres, client: RegistryClient, *, first: int) -> None:
        self._registry = registry
        self._client = client
        self._epoch = uuid.uuid4()
        self._next = first % registry.scale.patrons
        self._seq = 0

    def lose_one(self) -> str:
        """Report the next card; its key as the feed names it."""
        self._seq += 1
        self._next += 1
        card = self._registry.card_key_of(self._next)
        fact = CardReportedLost(card=card, patron=patron_of(self._next))
        now, key = datetime.now(UTC), uuid_utils.compat.uuid7()
        body = encode(FactEnvelope(key=key, seq=self._seq, at=now, monotonic=1, boot="boot", correlation="00000000", fact=fact))
        answer = self._client.push(PushBatch(epoch=self._epoch, first_seq=self._seq, facts=[msgspec.Raw(body)]))
        assert isinstance(answer, PushAnswer), answer
        assert answer.results[0].status is FactStatus.ACCEPTED, answer.results[0]
        return key_text(card)


@contextmanager
def _waiting(url: str, feed: str, after: int, kiosks: tuple[KnownKiosk, ...]) -> Iterator[tuple[IO[str], IO[str]]]:
    command = [sys.executable, "-m", "benchmarks.polling_kiosks", url, feed, str(after)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for one in kiosks:
            print(one.id, one.signing.private_bytes_raw().hex(), file=process.stdin)
        print(file=process.stdin, flush=True)
        assert process.stdout.readline().strip() == "waiting", "the crowd did not come"
        yield process.stdin, process.stdout
        process.stdin.close()


def _until_quiet(process: int) -> None:
    """Until a process has nothing left to do: all polls are there and wait. Ten thousand are never quite quiet: each asks anew after 25 s."""
    late = time.monotonic() + _LONGEST_S
    while time.monotonic() < late:
        before = processor_seconds(process)
        time.sleep(_QUIET_S)  # a process says to nobody that it has nothing left to do: its processor time over a while does
        if processor_seconds(process) - before < 0.1 * _QUIET_S:
            return
