"""A registry notices by its own sealed word that it was put back to a backup (ADR 24): over real HTTP, on both engines."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from uuid import UUID, uuid4

import msgspec
import pytest
from msgspec import UNSET

from circulation.wire import ChangesPage, FactStatus, PushAnswer, SnapshotNeeded
from registry.exchange import store_runs
from registry.exchange.store_feed import head
from registry.exchange.witnesses import Seals, Witness
from registry.settings import RegistrySettings
from tests.builders import an_item
from tests.integration.registry.city import City, Founded, Kiosk, a_checkout, enrol, reopened
from tests.integration.registry.homes import Home, Homes
from tests.integration.registry.stage import Stage


def poll(kiosk: Kiosk, feed: UUID, after: int, witness: str = "") -> ChangesPage | SnapshotNeeded:
    answer = kiosk.request("GET", f"/v1/changes?feed={feed}&after={after}&wait=0&witness={witness}")
    if answer.status_code == 410:
        return msgspec.json.decode(answer.content, type=SnapshotNeeded)
    assert answer.status_code == 200, answer.text
    return msgspec.json.decode(answer.content, type=ChangesPage)


def told(kiosk: Kiosk, city: City, after: int = 0) -> str:
    """The witness of a page."""
    page = poll(kiosk, city.feed, after)
    assert isinstance(page, ChangesPage)
    assert isinstance(page.witness, str)
    return page.witness


def more(city: City, count: int) -> None:
    """So many changes."""
    city.registry.add_items([an_item(barcode=str(uuid4())) for _ in range(count)])


def alarms(city: City) -> list[tuple[str, str]]:
    return [(entry.actor, entry.action) for entry in city.registry.audit(limit=50) if entry.outcome == "alarm"]


def test_a_page_carries_a_witness_for_a_kiosk_that_shows_one_and_not_for_an_older_one(city: City, kiosk: Kiosk) -> None:
    page = kiosk.changes(city.feed, 0)
    assert page.witness is UNSET
    read = Seals(city.registry.keys.witness_key).read(told(kiosk, city), city.feed)
    assert read is not None
    assert read.position == page.head


def test_what_is_shown_after_a_restart_of_the_service_is_believed_and_changes_nothing(
    founded: Founded, city: City, stage: Stage, settings: RegistrySettings
) -> None:
    with stage.serving(city.registry):
        kiosk = enrol(stage.url, city)
        more(city, 3)
        first = told(kiosk, city)
    feed = city.feed
    again = reopened(founded, city.home, settings)
    with stage.serving(again.registry):
        more(again, 1)
        for witness in (first, told(kiosk, again)):
            assert isinstance(poll(kiosk, feed, 3, witness), ChangesPage)
    assert again.feed == feed
    assert alarms(again) == []
    again.registry.close()
    kiosk.session.close()


@dataclass
class Place:
    """Where a registry stands, is stopped, copied, and put back."""

    homes: Homes
    founded: Founded
    stage: Stage
    settings: RegistrySettings
    folder: Path

    @contextmanager
    def serving(self, home: Home) -> Iterator[City]:
        city = reopened(self.founded, home, self.settings)
        try:
            with self.stage.serving(city.registry):
                yield city
        finally:
            city.registry.close()

    def told_and_put_back(self) -> tuple[Kiosk, Home, str, UUID]:
        """A kiosk that was told of five changes, a backup that has two of them, the witness that the kiosk holds, and of which feed."""
        home = self.homes.copy(self.founded.home, self.folder / "first")
        with self.serving(home) as city:
            kiosk = enrol(self.stage.url, city)
            more(city, 2)
        backup = self.homes.copy(home, self.folder / "backup")
        with self.serving(home) as city:
            more(city, 3)
            witness, lost = told(kiosk, city), city.feed
        self.homes.remove(home)
        return kiosk, backup, witness, lost


@pytest.fixture
def place(homes: Homes, founded: Founded, stage: Stage, settings: RegistrySettings, tmp_path: Path) -> Place:
    return Place(homes, founded, stage, settings, tmp_path)


@pytest.mark.parametrize("after_the_backup", [1, 9], ids=["behind the cursor", "beyond the cursor"])
def test_a_backup_in_the_place_of_what_a_kiosk_was_told_begins_a_new_feed_by_itself(place: Place, after_the_backup: int) -> None:
    kiosk, backup, witness, lost = place.told_and_put_back()
    with place.serving(backup) as city:
        more(city, after_the_backup)
        assert city.feed == lost
        answer = poll(kiosk, lost, 5, witness)
        assert isinstance(answer, SnapshotNeeded)
        assert answer.restored is True
        assert city.feed != lost
        assert isinstance(poll(kiosk, lost, 5, witness), SnapshotNeeded)
        assert isinstance(poll(kiosk, city.feed, 3, witness), ChangesPage)
        assert alarms(city) == [("registry", "registry restored")]
    place.homes.remove(backup)
    kiosk.session.close()


def test_facts_that_come_before_any_poll_are_answered_by_a_new_feed_when_they_show_what_was_lost(place: Place) -> None:
    kiosk, backup, witness, lost = place.told_and_put_back()
    with place.serving(backup) as city:
        sent = kiosk.batch(1, kiosk.envelope(a_checkout(city.ming, city.books[0])))
        answer = kiosk.request("POST", f"/v1/facts?feed={lost}&witness={witness}", sent)
        first = msgspec.json.decode(answer.content, type=PushAnswer)
        assert (first.feed, [result.status for result in first.results]) == (city.feed, [FactStatus.ACCEPTED])
        assert city.feed != lost
        again = msgspec.json.decode(kiosk.request("POST", f"/v1/facts?feed={lost}&witness={witness}", sent).content, type=PushAnswer)
        assert (again.feed, again.results) == (first.feed, first.results)
        assert alarms(city) == [("registry", "registry restored")]
    place.homes.remove(backup)
    kiosk.session.close()


@pytest.mark.parametrize(
    "shown", ["", "?feed={feed}", "?feed={feed}&witness=rubbish", "?witness={witness}", "?feed={feed}&witness={witness}"]
)
def test_facts_that_show_nothing_else_than_was_told_are_taken_as_ever(city: City, kiosk: Kiosk, shown: str) -> None:
    feed, witness = city.feed, told(kiosk, city)
    sent = kiosk.batch(1, kiosk.envelope(a_checkout(city.ming, city.books[0])))
    answer = kiosk.request("POST", "/v1/facts" + shown.format(feed=feed, witness=witness), sent)
    assert msgspec.json.decode(answer.content, type=PushAnswer).feed == city.feed == feed
    assert alarms(city) == []


def test_facts_with_a_feed_that_is_none_are_refused_and_nothing_is_taken(city: City, kiosk: Kiosk) -> None:
    sent = kiosk.batch(1, kiosk.envelope(a_checkout(city.ming, city.books[0])))
    assert kiosk.request("POST", "/v1/facts?feed=today", sent).status_code == 400
    assert city.sql("SELECT count(*) FROM fact") == [(0,)]


def test_without_a_witness_a_kiosk_beyond_the_head_changes_nothing(city: City, kiosk: Kiosk) -> None:
    feed = city.feed
    for witness in ("", "rubbish", Seals(bytes(32)).written(Witness(feed, uuid4(), 9))):
        answer = poll(kiosk, feed, 9, witness)
        assert isinstance(answer, SnapshotNeeded)
        assert answer.restored is UNSET
    assert city.feed == feed
    assert alarms(city) == []


@pytest.mark.parametrize("known", [True, False], ids=["of the feed that it has", "of one that began after the backup"])
def test_many_kiosks_that_show_what_was_lost_begin_one_feed(city: City, url: str, *, known: bool) -> None:
    kiosks = [enrol(url, city) for _ in range(6)]
    feed = city.feed if known else uuid4()
    witness = Seals(city.registry.keys.witness_key).written(Witness(feed, uuid4(), 40))
    answers: list[ChangesPage | SnapshotNeeded] = []
    asking = [threading.Thread(target=lambda one=one: answers.append(poll(one, feed, 40, witness))) for one in kiosks]
    for one in asking:
        one.start()
    for one in asking:
        one.join()
    assert [type(answer) for answer in answers] == [SnapshotNeeded] * 6
    assert alarms(city) == [("registry", "registry restored")]
    for kiosk in kiosks:
        kiosk.session.close()


def test_a_feed_that_is_told_to_be_restored_while_the_service_runs_is_another_one_at_once(city: City, kiosk: Kiosk) -> None:
    feed = city.feed
    more(city, 1)
    kiosk.changes(feed, 0, 5)
    answers: list[ChangesPage | SnapshotNeeded] = []
    waits = threading.Thread(target=lambda: answers.append(waiting_poll(kiosk, feed)))
    waits.start()
    head_of = city.registry.head
    assert head_of is not None
    while not head_of.waiting:
        threading.Event().wait(0.005)
    made = city.registry.restored.begin(by="staff")
    head_of.notify(urgent=True)
    waits.join(20)
    assert [type(answer) for answer in answers] == [SnapshotNeeded]
    assert kiosk.changes(made.feed, 1).feed == made.feed
    (result,) = kiosk.push(1, kiosk.envelope(a_checkout(city.ming, city.books[0])))
    assert kiosk.changes(made.feed, 1, 5).changes[-1].seq == result.position


def waiting_poll(kiosk: Kiosk, feed: UUID) -> ChangesPage | SnapshotNeeded:
    answer = kiosk.request("GET", f"/v1/changes?feed={feed}&after=1&wait=25")
    kind: type[ChangesPage | SnapshotNeeded] = SnapshotNeeded if answer.status_code == 410 else ChangesPage
    return msgspec.json.decode(answer.content, type=kind)


def test_a_database_that_has_less_than_the_running_service_has_seen_begins_a_new_feed(city: City, kiosk: Kiosk) -> None:
    """As a server that took over without the last changes."""
    feed = city.feed
    more(city, 5)
    kiosk.changes(feed, 0, 5)
    with city.registry.database.unit_of_work() as work:
        work.connection.exec_driver_sql("DELETE FROM feed WHERE seq > 3")
        work.connection.exec_driver_sql("UPDATE feed_head SET n = 3")
        work.commit()
    assert kiosk.request("GET", f"/v1/changes?feed={feed}&after=7&wait=0").status_code == 410
    assert city.feed != feed
    assert alarms(city) == [("registry", "registry restored")]


class TestContradictions:
    """Runs that start at 0, 10 and 10; the head is at 25."""

    @pytest.fixture
    def runs(self, city: City) -> list[UUID]:
        made = [uuid4() for _ in range(3)]
        for run, count in zip(made, (10, 0, 15), strict=True):
            city.registry.database.write(partial(store_runs.begin, run=run, at=city.clock()))
            if count:
                more(city, count)
        return made

    @pytest.mark.parametrize(
        ("run", "position", "lost"),
        [(0, 1, False), (0, 10, False), (0, 11, True), (1, 10, False), (1, 11, True), (2, 10, False), (2, 25, False), (2, 26, True)],
    )
    def test_a_number_beyond_the_end_of_its_run_was_lost(self, city: City, runs: list[UUID], run: int, position: int, lost: bool) -> None:  # noqa: FBT001 - a table
        assert self.contradicts(city, Witness(city.feed, runs[run], position)) is lost

    def test_a_run_or_feed_that_nobody_knows_was_lost(self, city: City, runs: list[UUID]) -> None:
        known = Witness(city.feed, runs[2], 20)
        assert self.contradicts(city, replace(known, run=uuid4()))
        assert self.contradicts(city, replace(known, feed=uuid4()))

    def test_a_feed_that_got_another_name_was_told_already(self, city: City, runs: list[UUID]) -> None:
        before = Witness(city.feed, runs[2], 40)
        assert self.contradicts(city, before)
        city.registry.restored.begin(by="staff")
        assert not self.contradicts(city, before)

    def test_what_lies_before_all_that_is_kept_can_not_be_judged_and_its_runs_are_forgotten(self, city: City, runs: list[UUID]) -> None:
        city.clock.pass_(days=91)
        more(city, 1)
        assert city.registry.forget_old_changes() == 25
        assert city.sql("SELECT count(*) FROM feed_run") == [(1,)]
        for run in (*runs, uuid4()):
            assert not self.contradicts(city, Witness(city.feed, run, 25))
        assert self.contradicts(city, Witness(city.feed, uuid4(), 26))

    @staticmethod
    def contradicts(city: City, witness: Witness) -> bool:
        with city.registry.database.reading() as connection:
            return store_runs.contradicts(connection, witness)


def test_every_start_of_the_service_begins_a_run_at_the_head(city: City, stage: Stage) -> None:
    for _ in range(2):
        more(city, 2)
        with stage.serving(city.registry):
            pass
    assert city.sql("SELECT starts FROM feed_run ORDER BY number") == [(2,), (4,)]
    with city.registry.database.reading() as connection:
        assert head(connection).run is not None
