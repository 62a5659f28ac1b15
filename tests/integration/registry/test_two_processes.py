"""A registry whose rows another process changes too, and one whose database goes away for a while."""

import os
import threading
import time
from collections.abc import Iterator
from datetime import timedelta

import msgspec
import pytest
import requests
from uuid_utils.compat import uuid7

from circulation.cards import CardState
from registry.exchange import store_feed, wakeups
from registry.exchange.store_feed import FeedEntry
from registry.house import Registry
from registry.outside import Outside
from registry.settings import RegistrySettings
from replica.rows import CardRow
from replica.tables import ReplicaTable
from tests.builders import an_item
from tests.integration.registry.city import City, Kiosk, a_checkout, enrol, problem_of
from tests.integration.registry.homes import Homes, PostgresHomes
from tests.integration.registry.stage import Stage
from tests.integration.registry.test_changes import Poll, waiting
from tests.postgres import PostgresServer


@pytest.fixture
def other_process(city: City) -> Iterator[Registry]:
    """The same registry opened once more, as a command of the operator's would."""
    opened = Registry.open(city.home.folder, Outside(city.clock, uuid7, os.urandom), database=city.home.url)
    yield opened
    opened.close()


def test_changes_that_another_process_dropped_are_not_left_out_in_silence(city: City, kiosk: Kiosk, other_process: Registry) -> None:
    city.registry.add_items([an_item(barcode="1"), an_item(barcode="2")])
    assert kiosk.changes(city.feed, 0, 5).end == 2
    city.clock.pass_(days=91)
    other_process.forget_old_changes()
    assert kiosk.request("GET", f"/v1/changes?feed={city.feed}&after=1&wait=0").status_code == 410
    assert kiosk.changes(city.feed, 2).changes == ()


class TestThatLooks:
    @pytest.fixture
    def settings(self) -> RegistrySettings:
        return RegistrySettings(gather=timedelta(milliseconds=20), look=timedelta(milliseconds=50))

    def test_what_another_process_wrote_without_a_word_is_found(self, city: City, kiosk: Kiosk, other_process: Registry) -> None:
        poll = Poll(city, kiosk)
        poll.start()
        waiting(city, 1)
        other_process.add_items([an_item(barcode="1")])
        (change,) = poll.answer().changes
        assert change.table == "item"


@pytest.mark.parametrize("homes", ["postgresql"], indirect=True)
class TestOnAServer:
    @pytest.fixture
    def settings(self) -> RegistrySettings:
        """Neither a look nor the end of the gathering can be in time: only the server's wake-up."""
        return RegistrySettings(gather=timedelta(hours=1), look=timedelta(hours=1))

    def test_a_lost_card_of_another_process_wakes_a_kiosk_at_once(self, city: City, kiosk: Kiosk, other_process: Registry) -> None:
        poll = Poll(city, kiosk)
        poll.start()
        waiting(city, 1)
        other_process.change_card(city.ming_card, CardState.LOST)
        (change,) = poll.answer().changes
        assert msgspec.json.decode(change.row or b"", type=CardRow).state is CardState.LOST

    def test_a_database_that_went_away_is_asked_for_again_and_then_all_goes_on(
        self, city: City, stage: Stage, homes: Homes, postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(wakeups, "_AGAIN_SECONDS", 0.02)
        assert isinstance(homes, PostgresHomes)
        name = homes.name_of(city.home)
        with stage.serving(city.registry):
            kiosk = enrol(stage.url, city)
            body = kiosk.envelope(a_checkout(city.ming, city.books[0]))
            with kiosk.session:
                postgres.take_away(name)
                for answer in (kiosk.push_raw(1, body), requests.get(f"{stage.url}/health/ready", timeout=30)):
                    assert (answer.status_code, problem_of(answer).code) == (503, "database_away")
                    assert int(answer.headers["Retry-After"]) > 0
                    assert name not in answer.text
                assert requests.get(f"{stage.url}/health/live", timeout=30).status_code == 200
                postgres.give_back(name)
                assert [result.position for result in kiosk.push(1, body)] == [1]
                # The connection that listens was lost too, and was made again.
                deadline = time.monotonic() + 10
                while not postgres.listeners(name):
                    assert time.monotonic() < deadline
                    threading.Event().wait(0.01)
                poll = Poll(city, kiosk, after=1)
                poll.start()
                waiting(city, 1)
                with_other = Registry.open(city.home.folder, Outside(city.clock, uuid7, os.urandom), database=city.home.url)
                with_other.change_card(city.ming_card, CardState.LOST)
                with_other.close()
                assert [change.table for change in poll.answer().changes] == ["card"]

    def test_what_is_not_committed_is_not_announced(self, city: City, postgres: PostgresServer, homes: Homes) -> None:
        assert isinstance(homes, PostgresHomes)
        with postgres.admin(homes.name_of(city.home)) as listening:
            listening.autocommit = True
            listening.execute("LISTEN youyue_feed")
            with city.registry.database.unit_of_work() as work:
                store_feed.publish(work, [FeedEntry(ReplicaTable.CARD, "00")], at=city.clock())
            city.registry.add_items([an_item(barcode="1")])
            city.registry.change_card(city.ming_card, CardState.LOST)
            heard = [said.payload for said in listening.notifies(timeout=10, stop_after=2)]
        assert heard == ["ordinary", "urgently"]
