"""Another feed: the registry may have forgotten what was answered, and the kiosk reads its own writes all the same (I10)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID, uuid4

from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from circulation.facts import CheckedOut, CheckoutUndone, FactEnvelope, Renewed
from circulation.ids import BranchCode, ItemId, LoanId, PatronId
from circulation.items import Item, ItemStatus
from circulation.loans import Loan
from circulation.rules import RuleBook
from kiosk.events import LoansChosen, LossChosen, LossConfirmed, LostCardChosen, PutBackChosen, RenewAllChosen, SnapshotFetched
from kiosk.known import Library
from kiosk.laid_anew import lay_anew
from kiosk.view import Borrow, Home, LineState, ReportLoss
from replica.tables import ReplicaTable
from tests.builders import a_loan, a_patron, an_item
from tests.kiosk_world import (
    BRANCH,
    LIN,
    NOON,
    OTHER_BRANCH,
    WANG,
    WANGS_IPASS,
    World,
    a_change,
    a_kiosk,
    a_replica_file,
    item_row,
    library_rows,
)

ME, OTHER = a_patron(), a_patron(masked_name="林○")
CARDS = {WANG: ME, WANGS_IPASS: ME, LIN: OTHER}
BOOKS = tuple(
    an_item(barcode=f"B{n}", status=status, branch=branch)
    for n, (status, branch) in enumerate(
        [
            (ItemStatus.AVAILABLE, "C01"),
            (ItemStatus.MISSING, "C01"),
            (ItemStatus.IN_TRANSIT, "C01"),
            (ItemStatus.AVAILABLE, OTHER_BRANCH),
        ]
    )
)
FAR = an_item(barcode="F1")
LENT_ELSEWHERE = a_loan(patron=ME.id, item=FAR.id, barcode="F1", due=date(2026, 3, 16))


def a_library(folder: Path) -> World:
    return a_kiosk(folder, cards=CARDS, items=[*BOOKS, FAR], loans=[LENT_ELSEWHERE])


def restored(
    world: World, *, items: Sequence[Item] = (*BOOKS, FAR), loans: Sequence[Loan] = (LENT_ELSEWHERE,), feed: UUID | None = None
) -> None:
    """The snapshot of a registry whose backup is older than all that was done here, but for what is given."""
    world.finish()
    rows = library_rows(CARDS, items=items, loans=loans)
    world.say(SnapshotFetched(a_replica_file(world.files.next_path(), rows, cursor=900, version=2, feed=feed or uuid4())))


def overlay(world: World) -> list[tuple[object, ...]]:
    """All that lies over the replica, but for what only an offline period needs."""
    loans = "SELECT id, patron, item, title, due, lent_at, renewals, barcode, branch, put_back, returned, lent_here FROM local_loan"
    queries = (f"{loans} ORDER BY id", "SELECT item, status FROM local_item ORDER BY item", "SELECT card FROM local_loss")
    return [tuple(row) for query in queries for row in world.ledger._connection.execute(text(query))]


def answer_and_show(world: World) -> None:
    """The registry answers all, and the replica gets past it."""
    while world.ledger.first_to_send() is not None:
        world.answer(position=500)
    world.receive(a_change(600, ReplicaTable.ITEM, item_row(an_item(barcode="N1"))))


def lend(world: World, barcode: str) -> LoanId:
    world.finish()
    world.tap()
    world.scan(barcode)
    assert isinstance(world.screen, Borrow)
    assert world.line.state is LineState.BORROWED
    assert world.line.loan is not None
    return world.line.loan


def do(world: World, act: str, barcode: str, uid: str) -> None:
    """One thing that people do, as far as it is possible now."""
    world.finish()
    if act == "drop":
        world.give_back(barcode)
        return
    if not isinstance(world.tap(uid), Home):
        return
    match act:
        case "days":
            world.clock.pass_by(8 * 24 * 3600)
            world.receive()
        case "lend" | "put back":
            screen = world.scan(barcode)
            if act == "put back" and isinstance(screen, Borrow) and (loan := screen.lines[0].loan) is not None:
                world.say(PutBackChosen(loan))
        case "renew":
            world.say(LoansChosen())
            world.say(RenewAllChosen())
        case "report":
            screen = world.say(LossChosen())
            assert isinstance(screen, ReportLoss)
            if screen.cards:
                world.say(LostCardChosen(screen.cards[0].number), LossConfirmed())


class NothingKnown:
    """A replica without a row."""

    def item(self, _barcode: str) -> None:
        return None

    def item_of(self, _key: ItemId) -> None:
        return None

    def patron(self, _key: PatronId) -> None:
        return None


acts = st.tuples(
    st.sampled_from(["lend", "lend", "put back", "drop", "renew", "report", "days"]),
    st.sampled_from([*(book.barcode for book in BOOKS), "F1", "unknown"]),
    st.sampled_from([WANG, WANG, WANGS_IPASS, LIN]),
)


@example([("drop", "F1", WANG), ("drop", "unknown", WANG)])
@example([("put back", "B0", WANG), ("put back", "B1", WANG)])
@example([("renew", "F1", WANG)])
@example([("lend", "B0", WANG), ("days", "B0", WANG), ("renew", "B0", WANG)])
@example([("report", "B0", WANG), ("lend", "B0", WANGS_IPASS)])
@settings(max_examples=40, deadline=None)
@given(st.lists(acts, min_size=1, max_size=12))
def test_whatever_was_done_here_lies_over_the_replica_again_when_the_registry_has_forgotten_it(done: list[tuple[str, str, str]]) -> None:
    with TemporaryDirectory() as folder:
        world = a_library(Path(folder))
        for act, barcode, uid in done:
            do(world, act, barcode, uid)
            world.clock.pass_by(60)
        before = overlay(world)
        answer_and_show(world)
        assert [row for row in overlay(world) if len(row) > 1] == []
        restored(world)
        assert overlay(world) == before
        world.core.close()


def test_a_book_that_was_lent_here_is_not_lent_again_by_a_snapshot_that_does_not_know_of_it(tmp_path: Path) -> None:
    world = a_library(tmp_path)
    lend(world, "B0")
    answer_and_show(world)
    restored(world)
    world.finish()
    world.tap(LIN)
    world.scan("B0")
    assert world.line.state is LineState.REFUSED
    assert world.line.reasons == ("item_on_loan",)


def test_a_loan_that_the_snapshot_shows_is_left_to_it(tmp_path: Path) -> None:
    world = a_library(tmp_path)
    loan = lend(world, "B0")
    answer_and_show(world)

    known = a_loan(id=loan, patron=ME.id, item=BOOKS[0].id, barcode="B0", due=date(2026, 6, 1), renewals=1)
    restored(world, loans=[known])
    assert world.overlay == 0
    world.tap()
    assert world.my_loans().loans[-1].due == date(2026, 6, 1)


def test_a_loan_that_was_put_back_is_hidden_though_the_snapshot_shows_it(tmp_path: Path) -> None:
    world = a_library(tmp_path)
    loan = lend(world, "B0")
    world.say(PutBackChosen(loan))
    answer_and_show(world)
    restored(world, loans=[a_loan(id=loan, patron=ME.id, item=BOOKS[0].id, barcode="B0")])
    world.tap(LIN)
    world.scan("B0")
    assert world.line.state is LineState.BORROWED


def test_a_renewal_that_the_snapshot_shows_is_left_to_it(tmp_path: Path) -> None:
    world = a_library(tmp_path)
    do(world, "renew", "", WANG)
    renewed = world.fact
    assert isinstance(renewed, Renewed)
    answer_and_show(world)
    restored(world, loans=[replace(LENT_ELSEWHERE, due=renewed.due + timedelta(days=3), renewals=2)])
    assert world.overlay == 0


def test_what_was_put_back_before_the_facts_that_are_held_changes_nothing() -> None:
    undone = FactEnvelope(uuid4(), 7, NOON, 0, "boot", "", CheckoutUndone(uuid4()))
    nothing = lay_anew([(7, undone)], NothingKnown(), Library(BranchCode(BRANCH), "總館", RuleBook.of([]), None), today=NOON.date())
    assert (nothing.loans, nothing.statuses, nothing.losses) == ({}, {}, {})


def test_an_item_that_was_forgotten_too_stays_on_loan_by_its_key(tmp_path: Path) -> None:
    world = a_library(tmp_path)
    lend(world, "B0")
    answer_and_show(world)

    restored(world, items=BOOKS[1:])
    (local,) = world.ledger.local_loans_of_item(BOOKS[0].id)
    lent = world.facts[0].fact
    assert isinstance(lent, CheckedOut)
    assert (local.loan.due, local.loan.title, local.is_over) == (lent.due, "", False)


def test_it_goes_as_soon_as_the_registry_has_applied_the_facts_again(tmp_path: Path) -> None:
    world = a_library(tmp_path)
    lend(world, "B0")
    answer_and_show(world)
    restored(world)
    assert world.overlay == 1
    world.answer(position=900)
    assert world.overlay == 0


def test_an_answer_of_a_registry_whose_new_feed_is_not_followed_yet_says_nothing_of_where_the_replica_stands(tmp_path: Path) -> None:
    world = a_library(tmp_path)
    world.receive(a_change(800, ReplicaTable.ITEM, item_row(an_item(barcode="N1"))))
    lend(world, "B0")
    new_feed = uuid4()
    world.answer(position=700, feed=new_feed)
    assert world.overlay == 1, "by the numbers of the old feed it would have passed"
    restored(world, feed=new_feed)
    assert world.overlay == 1
    world.answer(position=700, feed=new_feed)
    assert world.overlay == 0


def test_a_crash_before_the_feed_is_remembered_lays_it_over_at_the_next_start(tmp_path: Path) -> None:
    world = a_library(tmp_path)
    lend(world, "B0")
    answer_and_show(world)
    world.ledger._connection.execute(text("PRAGMA query_only=ON")).close()
    restored(world)
    assert world.overlay == 0
    world.restart()
    assert world.overlay == 1
