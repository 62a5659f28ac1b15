"""The workers and the real registry over real HTTP."""

import base64
import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty
from random import Random
from tempfile import mkdtemp
from time import monotonic
from uuid import UUID, uuid4

import msgspec
import pytest
from uuid_utils.compat import uuid7

from circulation.cards import CardState
from circulation.facts import CheckedOut, FactEnvelope
from circulation.wire import MAX_WAIT_SECONDS, FactStatus, PushBatch, encode
from kiosk.events import BatchAnswered, BatchRefused, ChangesReceived, RegistryLost, RightsTaken, SendFrom, SnapshotFetched
from registry.server import RegistryServer, listen
from replica.encrypted import connect_encrypted
from replica.rows import LoanRow
from sync.enrol import enrol
from sync.errors import RegistryForbidsError, RegistryRefusedError
from sync.identity import Identity, IdentityError, read_identity
from sync.memory import USUAL_MEMORY
from sync.plan import Pace
from sync.worker import SyncWorkers
from tests.answer_proxy import AnswerProxy
from tests.integration.registry.city import City, a_checkout, found_city, reopened
from tests.integration.registry.homes import SqliteHomes
from tests.unit.sync.values import Posted, StillClock, later

QUICK = Pace(first=0.005, cap=0.02)


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    home = SqliteHomes().empty(tmp_path / "registry")
    made = reopened(found_city(home), home)
    yield made
    made.registry.close()


@pytest.fixture
def server(city: City) -> Iterator[RegistryServer]:
    with city.registry.server(listen()) as running:
        yield running


@dataclass
class Kiosk:
    """An enrolled kiosk with its workers and what they posted."""

    folder: Path
    identity: Identity
    workers: SyncWorkers
    posted: Posted = field(default_factory=Posted)
    epoch: UUID = field(default_factory=uuid4)

    def batch(self, *facts: CheckedOut, first_seq: int = 1) -> PushBatch:
        envelopes = [
            FactEnvelope(key=uuid7(), seq=first_seq + index, at=later(0), monotonic=1, boot="b", correlation="c", fact=fact)
            for index, fact in enumerate(facts)
        ]
        return PushBatch(epoch=self.epoch, first_seq=first_seq, facts=[msgspec.Raw(encode(envelope)) for envelope in envelopes])

    def bootstrap(self) -> tuple[Path, UUID, int]:
        """Fetch a snapshot: the replica and where it stands."""
        self.workers.pull(None, 0)
        replica = self.posted.next(SnapshotFetched).replica
        with closing(connect_encrypted(replica, self.identity.database_key)) as connection:
            feed, cursor = connection.execute("SELECT feed, cursor FROM state").fetchone()
        return replica, UUID(bytes=feed), cursor


@dataclass
class Kiosks:
    """Makes kiosks and stops them at the end of a test."""

    city: City
    folder: Path
    memory: Path
    made: list[Kiosk] = field(default_factory=list)

    def enrol(self, url: str, branch: str = "C01", *, clock: StillClock | None = None) -> Kiosk:
        folder = self.folder / f"kiosk-{len(self.made)}"
        folder.mkdir()
        code = self.city.registry.issue_code(branch).code
        identity = enrol(folder, registry=url, code=f" {code}\n", name="櫃台 1")
        posted = Posted()
        workers = SyncWorkers(
            identity, folder, posted, clock=clock or StillClock(), random=Random(1), memory=self.memory, push_pace=QUICK, pull_pace=QUICK
        )
        kiosk = Kiosk(folder, identity, workers, posted)
        self.made.append(kiosk)
        workers.start()
        return kiosk


@pytest.fixture
def kiosks(city: City, tmp_path: Path) -> Iterator[Kiosks]:
    memory = Path(mkdtemp(dir=USUAL_MEMORY))
    made = Kiosks(city, tmp_path, memory)
    yield made
    ended = [kiosk.workers.stop() for kiosk in made.made]
    assert all(ended)
    shutil.rmtree(memory)


def facts_by_key(city: City) -> list[int]:
    return [count for (count,) in city.sql("SELECT count(*) FROM fact GROUP BY fact_key ORDER BY min(seq)")]


def test_a_code_is_exchanged_for_an_identity_once(kiosks: Kiosks, server: RegistryServer, city: City) -> None:
    kiosk = kiosks.enrol(server.url)
    assert read_identity(kiosk.folder) == kiosk.identity
    assert (kiosk.identity.branch, kiosk.identity.branch_name, kiosk.identity.time_zone) == ("C01", "總館", "Asia/Taipei")
    assert kiosk.identity.card_key == city.registry.keys.card_secret
    assert kiosk.identity.registry_key == city.registry.keys.public


def test_a_kiosk_that_is_enrolled_does_not_use_up_a_code(kiosks: Kiosks, server: RegistryServer, city: City, tmp_path: Path) -> None:
    kiosk = kiosks.enrol(server.url)
    code = city.registry.issue_code("C01").code
    with pytest.raises(IdentityError, match="enrolled already"):
        enrol(kiosk.folder, registry=server.url, code=code, name="again")
    fresh = tmp_path / "fresh"
    fresh.mkdir()
    assert enrol(fresh, registry=server.url, code=code, name="fresh").branch == "C01"


def test_a_wrong_code_is_refused_in_the_registry_s_words_and_nothing_is_written(server: RegistryServer, tmp_path: Path) -> None:
    folder = tmp_path / "kiosk"
    folder.mkdir()
    with pytest.raises(RegistryForbidsError, match="code_refused"):
        enrol(folder, registry=server.url, code="AAAA-BBBB-CCCC", name="x")
    with pytest.raises(RegistryRefusedError, match=r"malformed: .*code"):
        enrol(folder, registry=server.url, code="short", name="x")
    assert list(folder.iterdir()) == []


def test_a_loan_reaches_the_registry_and_the_other_kiosk_before_its_poll_is_over(
    kiosks: Kiosks, server: RegistryServer, city: City
) -> None:
    lends, watches = kiosks.enrol(server.url), kiosks.enrol(server.url, "L12")
    _, feed, cursor = watches.bootstrap()
    watches.workers.pull(feed, cursor)
    began = monotonic()
    lends.workers.push(lends.batch(a_checkout(city.ming, city.books[0], card=city.key_of(city.ming_card))))
    answer = lends.posted.next(BatchAnswered).answer
    page = watches.posted.next(ChangesReceived).page
    took = monotonic() - began
    assert [result.status for result in answer.results] == [FactStatus.ACCEPTED]
    (loan,) = [
        msgspec.json.decode(change.row, type=LoanRow) for change in page.changes if change.table == "loan" and change.row is not None
    ]
    assert (loan.patron, loan.item) == (city.ming, city.books[0])
    assert page.end >= answer.results[0].position > cursor
    assert took < MAX_WAIT_SECONDS / 2, "how soon it is: M10 of make bench"


def test_a_snapshot_holds_what_the_registry_has_and_a_second_one_is_had_too(kiosks: Kiosks, server: RegistryServer) -> None:
    kiosk = kiosks.enrol(server.url)
    first, _, _ = kiosk.bootstrap()
    second, _, _ = kiosk.bootstrap()
    assert (first.name, second.name) == ("replica-1.db", "replica-2.db")
    with closing(connect_encrypted(second, kiosk.identity.database_key)) as connection:
        assert connection.execute("SELECT masked_name FROM patron ORDER BY masked_name").fetchall()
        assert connection.execute("SELECT count(*) FROM item").fetchone() == (4,)
    assert not any("王○○".encode() in path.read_bytes() for path in kiosk.folder.glob("*.db*"))


def test_card_keys_come_from_under_their_cover_and_go_on_doing_so_when_it_changes(
    kiosks: Kiosks, server: RegistryServer, city: City
) -> None:
    kiosk = kiosks.enrol(server.url)
    replica, feed, cursor = kiosk.bootstrap()
    with closing(connect_encrypted(replica, kiosk.identity.database_key)) as connection:
        known = {key for (key,) in connection.execute("SELECT key FROM card")}
    assert known == {city.key_of(uid) for uid in (city.ming_card, city.hua_card)}
    for uid in (city.ming_card, city.hua_card):
        city.registry.change_card(uid, CardState.LOST)
        kiosk.workers.pull(feed, cursor)
        page = kiosk.posted.next(ChangesReceived).page
        assert [change.key for change in page.changes] == [city.key_of(uid).hex()]
        cursor = page.end
        city.registry.covers.change(by="staff")


def test_no_file_of_a_kiosk_holds_its_cover(kiosks: Kiosks, server: RegistryServer, city: City) -> None:
    kiosk = kiosks.enrol(server.url)
    _, feed, cursor = kiosk.bootstrap()
    kiosk.workers.push(kiosk.batch(a_checkout(city.ming, city.books[0])))
    kiosk.posted.next(BatchAnswered)
    kiosk.workers.pull(feed, cursor)
    kiosk.posted.next(ChangesReceived)
    cover = city.registry.covers.in_force()
    assert cover is not None
    texts = [cover.secret, cover.secret.hex().encode(), base64.b64encode(cover.secret)]
    for path in (path for folder in (kiosk.folder, kiosks.memory) for path in folder.rglob("*") if path.is_file()):
        assert not [text for text in texts if text in path.read_bytes()], path


def test_a_cursor_of_another_feed_brings_a_snapshot(kiosks: Kiosks, server: RegistryServer) -> None:
    kiosk = kiosks.enrol(server.url)
    kiosk.workers.pull(uuid4(), 3)
    assert kiosk.posted.next(SnapshotFetched).replica.name == "replica-1.db"


def test_a_kiosk_whose_clock_is_a_year_off_is_understood_all_the_same(kiosks: Kiosks, server: RegistryServer, city: City) -> None:
    kiosk = kiosks.enrol(server.url, clock=StillClock(wall=later(365 * 86_400)))
    kiosk.workers.push(kiosk.batch(a_checkout(city.ming, city.books[0])))
    assert kiosk.posted.next(BatchAnswered).answer.next_seq == 2


def test_facts_beyond_a_gap_are_asked_for_from_there(kiosks: Kiosks, server: RegistryServer, city: City) -> None:
    kiosk = kiosks.enrol(server.url)
    kiosk.workers.push(kiosk.batch(a_checkout(city.ming, city.books[0]), first_seq=4))
    assert kiosk.posted.next(SendFrom).seq == 1


def test_a_number_used_for_another_fact_is_given_up(kiosks: Kiosks, server: RegistryServer, city: City) -> None:
    kiosk = kiosks.enrol(server.url)
    kiosk.workers.push(kiosk.batch(a_checkout(city.ming, city.books[0])))
    kiosk.posted.next(BatchAnswered)
    kiosk.workers.push(kiosk.batch(a_checkout(city.hua, city.books[1])))
    assert kiosk.posted.next(BatchRefused).problem.startswith("number 1: ")


def test_a_malformed_fact_is_named_and_the_others_are_applied(kiosks: Kiosks, server: RegistryServer, city: City) -> None:
    kiosk = kiosks.enrol(server.url)
    batch = kiosk.batch(a_checkout(city.ming, city.books[0]), a_checkout(city.ming, city.books[1]), a_checkout(city.ming, city.books[2]))
    broken = bytes(batch.facts[1]).replace(b'"due":"2026-04-10"', b'"due":"soon"')
    kiosk.workers.push(msgspec.structs.replace(batch, facts=[batch.facts[0], msgspec.Raw(broken), batch.facts[2]]))
    results = kiosk.posted.next(BatchAnswered).answer.results
    assert [result.status for result in results] == [FactStatus.ACCEPTED, FactStatus.MALFORMED, FactStatus.ACCEPTED]
    assert results[1].place == "facts[1].fact.due"


def test_a_revoked_kiosk_sends_nothing_more_and_hears_nothing_more(kiosks: Kiosks, server: RegistryServer, city: City) -> None:
    kiosk = kiosks.enrol(server.url)
    city.registry.revoke_kiosk(kiosk.identity.kiosk)
    kiosk.workers.push(kiosk.batch(a_checkout(city.ming, city.books[0])))
    kiosk.posted.next(RightsTaken)
    kiosk.workers.pull(None, 0)
    kiosk.posted.next(RightsTaken)
    assert kiosk.workers.revocations.was_heard()
    assert read_identity(kiosk.folder).card_key == bytes(32)


def test_stopping_during_a_long_poll_of_the_registry_is_quick(kiosks: Kiosks, server: RegistryServer) -> None:
    kiosk = kiosks.enrol(server.url)
    _, feed, cursor = kiosk.bootstrap()
    kiosk.workers.pull(feed, cursor)
    with pytest.raises(Empty):
        kiosk.posted.events.get(timeout=0.3)
    began = monotonic()
    assert kiosk.workers.stop()
    assert monotonic() - began < MAX_WAIT_SECONDS / 2


def test_a_registry_that_stops_and_comes_back_gets_every_fact_once_and_in_order(kiosks: Kiosks, city: City) -> None:
    listening = listen()
    port = listening.getsockname()[1]
    with city.registry.server(listening) as first:
        kiosk = kiosks.enrol(first.url)
        _, feed, cursor = kiosk.bootstrap()
        kiosk.workers.pull(feed, cursor)
        kiosk.workers.push(kiosk.batch(a_checkout(city.ming, city.books[0])))
        kiosk.posted.next(BatchAnswered)
        kiosk.posted.next(ChangesReceived)
    batch = kiosk.batch(*(a_checkout(city.ming, book) for book in city.books[1:]), first_seq=2)
    kiosk.workers.push(batch)
    kiosk.posted.next(RegistryLost)
    with city.registry.server(listen(port=port)):
        assert kiosk.posted.next(BatchAnswered).answer.next_seq == 5
    assert [seq for (seq,) in city.sql("SELECT seq FROM fact ORDER BY rowid")] == [1, 2, 3, 4]
    assert facts_by_key(city) == [1, 1, 1, 1]


def test_facts_whose_answers_are_lost_after_the_commit_arrive_once_each(kiosks: Kiosks, server: RegistryServer, city: City) -> None:
    lost: list[bytes] = []

    def lose_three(sent: bytes, _: bytes) -> int | None:
        lost.append(sent)
        return 0 if len(lost) <= 3 else None

    with AnswerProxy(int(server.url.rpartition(":")[2]), lose_three) as proxy:
        kiosk = kiosks.enrol(proxy.url)
        first = kiosk.batch(*(a_checkout(city.ming, book) for book in city.books[:2]))
        kiosk.workers.push(first)
        kiosk.posted.next(RegistryLost)
        answer = kiosk.posted.next(BatchAnswered).answer
        assert len(proxy.cut) == 3
        assert [result.status for result in answer.results] == [FactStatus.ACCEPTED] * 2
        kiosk.workers.push(kiosk.batch(a_checkout(city.ming, city.books[2]), first_seq=3))
        assert kiosk.posted.next(BatchAnswered).answer.next_seq == 4
        kiosk.workers.stop()
    assert facts_by_key(city) == [1, 1, 1]
    assert city.registry.counts()["open_loans"] == 3
