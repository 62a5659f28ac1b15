"""The long poll over real HTTP."""

import threading
import time
from datetime import timedelta
from functools import partial
from uuid import uuid4

import msgspec
import pytest
from sqlalchemy import event

from circulation.blocks import BlockCode
from circulation.cards import CardState
from circulation.ids import PatronId
from circulation.wire import MAX_PAGE, MAX_WAIT_SECONDS, ChangesPage, SnapshotNeeded
from registry.enrolment.store import PatronRecord
from registry.lending.store import BlockRecord
from registry.server import listen
from registry.settings import RegistrySettings
from replica.rows import BlockRow, CardRow, ItemRow, LoanRow, PatronRow
from tests.builders import a_block, an_item
from tests.integration.registry.city import City, Kiosk, a_checkout, enrol, problem_of


class Poll(threading.Thread):
    """A poll that waits in a thread of its own."""

    def __init__(self, city: City, kiosk: Kiosk, *, after: int = 0, wait: float = 25) -> None:
        super().__init__()
        self._ask = partial(kiosk.changes, city.feed, after, wait)
        self.page: ChangesPage | None = None
        self.seconds = 0.0

    def run(self) -> None:
        begun = time.monotonic()
        self.page = self._ask()
        self.seconds = time.monotonic() - begun

    def answer(self) -> ChangesPage:
        self.join(30)
        assert self.page is not None
        return self.page


def waiting(city: City, polls: int) -> None:
    head = city.registry.head
    assert head is not None
    deadline = time.monotonic() + 10
    while head.waiting != polls:
        assert time.monotonic() < deadline
        threading.Event().wait(0.005)


class TestAsALibraryRunsIt:
    """With the default settings: ordinary changes are gathered for a second."""

    @pytest.fixture
    def settings(self) -> RegistrySettings:
        return RegistrySettings()

    def test_a_second_kiosk_hears_of_a_loan_long_before_its_poll_would_end(self, city: City, kiosk: Kiosk, other_kiosk: Kiosk) -> None:
        poll = Poll(city, other_kiosk)
        poll.start()
        waiting(city, 1)
        fact = a_checkout(city.ming, city.books[0])
        begun = time.monotonic()
        (result,) = kiosk.push(1, kiosk.envelope(fact))
        page = poll.answer()
        assert time.monotonic() - begun < MAX_WAIT_SECONDS / 2
        assert (page.start, page.end, page.head) == (0, 1, 1)
        (change,) = page.changes
        assert (change.seq, change.table, change.key) == (result.position, "loan", str(fact.loan))
        assert change.row is not None
        row = msgspec.json.decode(change.row, type=LoanRow)
        assert (row.id, row.patron, row.item, row.title, row.due) == (fact.loan, city.ming, city.books[0], "小王子", fact.due)


class TestWithoutAnEndOfGathering:
    """Ordinary changes are gathered for an hour: who hears of one before has not waited."""

    @pytest.fixture
    def settings(self) -> RegistrySettings:
        return RegistrySettings(gather=timedelta(hours=1), look=timedelta(hours=1))

    @pytest.mark.parametrize("urgent", ["card", "block"])
    def test_cards_and_blocks_do_not_wait_to_be_gathered(self, city: City, kiosk: Kiosk, urgent: str) -> None:
        poll = Poll(city, kiosk)
        poll.start()
        waiting(city, 1)
        if urgent == "card":
            city.registry.change_card(city.ming_card, CardState.LOST)
        else:
            city.registry.add_blocks([BlockRecord(uuid4(), PatronId(city.ming), a_block(BlockCode.FEES))])
        page = poll.answer()
        (change,) = page.changes
        assert change.table == urgent
        assert change.row is not None
        if urgent == "card":
            card = msgspec.json.decode(change.row, type=CardRow)
            assert (card.key, card.patron, card.state) == (city.key_of(city.ming_card), city.ming, CardState.LOST)
            assert change.key == card.key.hex()
        else:
            assert msgspec.json.decode(change.row, type=BlockRow).code is BlockCode.FEES


def test_a_lifted_block_is_a_tombstone(city: City, kiosk: Kiosk) -> None:
    key = uuid4()
    city.registry.add_blocks([BlockRecord(key, PatronId(city.ming), a_block())])
    assert city.registry.lift_block(key)
    assert not city.registry.lift_block(key)
    page = kiosk.changes(city.feed, 0, 5)
    assert [(change.seq, change.key, bytes(change.row or b"null")) for change in page.changes] == [(2, str(key), b"null")]


def test_items_are_told_to_their_own_branch_only(city: City, kiosk: Kiosk, other_kiosk: Kiosk) -> None:
    city.registry.add_items([an_item(barcode="1", branch="L12"), an_item(barcode="2"), an_item(barcode="3", branch="L12")])
    here, there = kiosk.changes(city.feed, 0, 5), other_kiosk.changes(city.feed, 0, 5)
    assert [change.seq for change in here.changes] == [2]
    assert [change.seq for change in there.changes] == [1, 3]
    assert (here.end, there.end) == (3, 3)
    assert {msgspec.json.decode(change.row or b"", type=ItemRow).branch for change in there.changes} == {"L12"}


def test_a_patron_is_told_without_anything_that_names_a_person(city: City, kiosk: Kiosk) -> None:
    secret = PatronRecord(PatronId(uuid4()), "諸葛孔明", "W234567893", regular_at="C01")
    city.registry.add_patrons([secret])
    answer = kiosk.request("GET", f"/v1/changes?feed={city.feed}&after=0&wait=5")
    assert "孔明" not in answer.text
    assert "W234567893" not in answer.text
    (change,) = msgspec.json.decode(answer.content, type=ChangesPage).changes
    assert change.row is not None
    row = msgspec.json.decode(change.row, type=PatronRow)
    assert (row.id, row.masked_name, row.regular_here) == (secret.id, "諸葛○○", True)


def test_a_row_that_changed_twice_comes_once_as_it_is_now(city: City, kiosk: Kiosk) -> None:
    city.registry.change_card(city.ming_card, CardState.LOST)
    city.registry.change_card(city.hua_card, CardState.LOST)
    city.registry.change_card(city.ming_card, CardState.ACTIVE)
    page = kiosk.changes(city.feed, 0, 5)
    assert [change.seq for change in page.changes] == [2, 3]
    assert msgspec.json.decode(page.changes[1].row or b"", type=CardRow).state is CardState.ACTIVE


def test_pages_join_without_a_gap(city: City, kiosk: Kiosk) -> None:
    city.registry.add_items([an_item(barcode=str(n)) for n in range(MAX_PAGE + 5)])
    first = kiosk.changes(city.feed, 0, 5)
    assert (first.end, first.head, len(first.changes)) == (MAX_PAGE, MAX_PAGE + 5, MAX_PAGE)
    second = kiosk.changes(city.feed, first.end)
    assert (second.start, second.end, len(second.changes)) == (MAX_PAGE, MAX_PAGE + 5, 5)


def test_an_idle_poll_ends_by_itself_and_never_touches_the_database(city: City, kiosk: Kiosk) -> None:
    kiosk.changes(city.feed, 0)
    statements: list[str] = []

    @event.listens_for(city.registry.database.engine, "before_cursor_execute")
    def note(_c: object, _cursor: object, statement: str, *_more: object) -> None:
        statements.append(statement)

    feed = city.feed
    statements.clear()
    answer = kiosk.request("GET", f"/v1/changes?feed={feed}&after=0&wait=0.3")
    page = msgspec.json.decode(answer.content, type=ChangesPage)
    assert (page.start, page.end, page.head, page.changes, page.server_time) == (0, 0, 0, (), city.clock())
    assert 0.3 <= answer.elapsed.total_seconds() < 5
    assert statements == []


def test_an_idle_poll_moves_over_what_concerns_others(city: City, kiosk: Kiosk, other_kiosk: Kiosk) -> None:
    city.registry.add_items([an_item(barcode="1", branch="L12")])
    assert len(other_kiosk.changes(city.feed, 0, 5).changes) == 1
    assert kiosk.changes(city.feed, 0).end == 1


@pytest.mark.parametrize("what", ["another feed", "beyond the head"])
def test_a_cursor_that_cannot_be_served_needs_a_snapshot(city: City, kiosk: Kiosk, what: str) -> None:
    feed, after = (uuid4(), 0) if what == "another feed" else (city.feed, 1)
    answer = kiosk.request("GET", f"/v1/changes?feed={feed}&after={after}&wait=25")
    assert answer.status_code == 410
    assert msgspec.json.decode(answer.content, type=SnapshotNeeded).problem


def test_a_cursor_older_than_the_feed_needs_a_snapshot(city: City, kiosk: Kiosk) -> None:
    city.registry.add_items([an_item(barcode="1"), an_item(barcode="2")])
    city.clock.pass_(days=91)
    city.registry.add_items([an_item(barcode="3")])
    assert city.registry.forget_old_changes() == 2
    assert [change.seq for change in kiosk.changes(city.feed, 2, 5).changes] == [3]
    assert kiosk.request("GET", f"/v1/changes?feed={city.feed}&after=1&wait=0").status_code == 410


@pytest.mark.parametrize(
    "query", ["", "after=0", "feed=x&after=0", "feed={feed}&after=-1", "feed={feed}&after=x", "feed={feed}&after=99999999999999999999"]
)
def test_a_wrong_parameter_is_refused_shortly(city: City, kiosk: Kiosk, query: str) -> None:
    answer = kiosk.request("GET", f"/v1/changes?{query.format(feed=city.feed)}")
    assert answer.status_code == 400
    assert problem_of(answer).code == "malformed"


def test_a_stopping_service_answers_every_poll_at_once(city: City) -> None:
    with city.registry.server(listen()) as server:
        kiosks = [enrol(server.url, city) for _ in range(5)]
        polls = [Poll(city, kiosk) for kiosk in kiosks]
        for poll in polls:
            poll.start()
        waiting(city, 5)
        begun = time.monotonic()
        server.stop()
        for poll in polls:
            assert poll.answer().changes == ()
        assert time.monotonic() - begun < MAX_WAIT_SECONDS / 2
    for kiosk in kiosks:
        kiosk.session.close()


class TestWithoutGathering:
    @pytest.fixture
    def settings(self) -> RegistrySettings:
        return RegistrySettings(gather=timedelta())

    def test_many_polls_of_one_branch_cost_one_reading(self, city: City, url: str) -> None:
        kiosks = [enrol(url, city) for _ in range(8)]
        polls = [Poll(city, kiosk) for kiosk in kiosks]
        feed_reads: list[str] = []

        @event.listens_for(city.registry.database.engine, "before_cursor_execute")
        def note(_c: object, _cursor: object, statement: str, *_more: object) -> None:
            if "FROM card" in statement:
                feed_reads.append(statement)

        for poll in polls:
            poll.start()
        waiting(city, 8)
        city.registry.change_card(city.ming_card, CardState.LOST)
        assert {poll.answer().end for poll in polls} == {1}
        # One by the change itself, and few by the polls: those that woke together shared theirs.
        assert len(feed_reads) <= 4
        for kiosk in kiosks:
            kiosk.session.close()
