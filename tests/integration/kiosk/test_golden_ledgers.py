"""Ledgers that released versions wrote: a later program opens each, brings it to its own schema and keeps every row."""

import shutil
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from circulation.chain import along
from circulation.facts import CheckedOut, FactEnvelope
from circulation.ids import ItemId
from circulation.items import ItemStatus
from circulation.wire import ChainSpan, FactStatus
from kiosk.store.ledger import Ledger
from kiosk.store.opening import open_ledger
from replica.encrypted import open_encrypted
from tests.builders import TODAY, a_loan, a_patron
from tests.kiosk_world import FEED, LEDGER_KEY, NOON, SeededKeys

GOLDEN = Path(__file__).parents[2] / "golden" / "ledger"


def a_ledger(folder: Path) -> Ledger:
    return open_ledger(folder / "ledger.db", LEDGER_KEY, new_epoch=SeededKeys().new_epoch, now=NOON)


def an_envelope(seq: int) -> FactEnvelope:
    loan = a_loan()
    fact = CheckedOut(loan.id, loan.patron, loan.item, TODAY, 1)
    return FactEnvelope(UUID(int=seq), seq, NOON, 1, "boot-1", "c1", fact)


def test_the_golden_ledger_of_the_first_version_opens_and_keeps_its_rows(tmp_path: Path) -> None:
    shutil.copy(GOLDEN / "v0001" / "ledger.db", tmp_path / "ledger.db")
    ledger = a_ledger(tmp_path)
    bodies = (GOLDEN / "v0001" / "bodies.txt").read_bytes().splitlines()
    assert ledger.bodies(1, 100) == bodies
    device = ledger.device()
    assert str(device.epoch) == (GOLDEN / "v0001" / "epoch.txt").read_text().strip()
    assert device.snapshot_version == 3
    assert device.heard_at == NOON
    assert (ledger.last_seq(), ledger.first_to_send()) == (4, 3)
    (flagged,) = ledger.flagged()
    assert (flagged.seq, flagged.status, flagged.reasons) == (2, FactStatus.FLAGGED, ("item_on_loan",))
    patron = a_patron(id=UUID(int=1)).id
    assert sorted((one.loan.title, one.put_back) for one in ledger.local_loans_of_patron(patron)) == [
        ("夏綠蒂的網", False),
        ("小王子", False),
        ("神奇樹屋", True),
    ]
    with ledger.unit_of_work() as work:
        work.append(an_envelope(work.next_seq()))
        work.commit()
    assert ledger.last_seq() == 5
    ledger.close()


def test_the_answered_rows_of_the_first_version_are_pruned_as_if_answered_when_they_happened(tmp_path: Path) -> None:
    shutil.copy(GOLDEN / "v0001" / "ledger.db", tmp_path / "ledger.db")
    ledger = a_ledger(tmp_path)
    assert ledger.prune(answered_before=NOON, below=100, most=50) == 0
    assert ledger.prune(answered_before=NOON + timedelta(seconds=1), below=100, most=50) == 2
    assert (ledger.first_held(), ledger.last_seq()) == (3, 4)
    ledger.close()


def test_the_golden_ledger_of_the_second_version_opens_and_keeps_its_rows(tmp_path: Path) -> None:
    shutil.copy(GOLDEN / "v0002" / "ledger.db", tmp_path / "ledger.db")
    ledger = a_ledger(tmp_path)
    assert ledger.bodies(1, 100) == (GOLDEN / "v0002" / "bodies.txt").read_bytes().splitlines()
    device = ledger.device()
    assert str(device.epoch) == (GOLDEN / "v0002" / "epoch.txt").read_text().strip()
    assert (device.snapshot_version, device.heard_at, device.problem) == (3, NOON, "key reused at 1")
    assert (ledger.first_held(), ledger.last_seq(), ledger.first_to_send()) == (2, 4, 3)
    (flagged,) = ledger.flagged()
    assert (flagged.seq, flagged.status, flagged.reasons) == (2, FactStatus.FLAGGED, ("item_on_loan",))
    patron = a_patron(id=UUID(int=1)).id
    assert sorted((one.loan.title, one.put_back) for one in ledger.local_loans_of_patron(patron)) == [
        ("夏綠蒂的網", False),
        ("小王子", False),
        ("神奇樹屋", True),
    ]
    ledger.close()


@pytest.mark.parametrize("version", ["v0001", "v0002"])
def test_every_loan_of_an_older_ledger_was_lent_there_and_none_has_come_back_or_been_renewed(tmp_path: Path, version: str) -> None:
    shutil.copy(GOLDEN / version / "ledger.db", tmp_path / "ledger.db")
    ledger = a_ledger(tmp_path)
    loans = ledger.local_loans_of_patron(a_patron(id=UUID(int=1)).id)
    assert {(one.lent_here, one.returned, one.renewed_in, one.loan.renewals, one.loan.wanted) for one in loans} == {
        (True, False, None, 0, False)
    }
    assert ledger.lost_here() == ()
    assert ledger.device().feed is None
    ledger.close()


def test_the_golden_ledger_of_the_third_version_opens_and_keeps_its_rows(tmp_path: Path) -> None:
    shutil.copy(GOLDEN / "v0003" / "ledger.db", tmp_path / "ledger.db")
    ledger = a_ledger(tmp_path)
    assert ledger.bodies(1, 100) == (GOLDEN / "v0003" / "bodies.txt").read_bytes().splitlines()
    device = ledger.device()
    assert str(device.epoch) == (GOLDEN / "v0003" / "epoch.txt").read_text().strip()
    assert (device.snapshot_version, device.heard_at, device.problem) == (3, NOON, "key reused at 1")
    assert (ledger.first_held(), ledger.last_seq(), ledger.first_to_send()) == (2, 9, 3)
    patron = a_patron(id=UUID(int=1)).id
    rows = {one.loan.title: one for one in ledger.local_loans_of_patron(patron)}
    assert {title for title, one in rows.items() if one.put_back} == {"神奇樹屋"}
    assert {title for title, one in rows.items() if one.returned} == {"波西傑克森", "手斧男孩"}
    assert {title for title, one in rows.items() if not one.lent_here} == {"手斧男孩", "碁恒裏粧"}
    kept = rows["碁恒裏粧"]
    assert (kept.renewed_in, kept.loan.due, kept.loan.renewals, kept.loan.wanted) == (NOON, date(2026, 4, 11), 1, True)
    assert (rows["手斧男孩"].loan.barcode, rows["手斧男孩"].loan.branch) == ("B4", "L12")
    assert ledger.lent_in_period(patron, NOON) == 3
    assert (ledger.status_here(ItemId(UUID(int=24))), ledger.status_here(ItemId(UUID(int=25)))) == (ItemStatus.IN_TRANSIT, None)
    assert (ledger.lost_here(), ledger.is_lost_here(bytes(range(16))), ledger.is_lost_here(bytes(16))) == ((bytes(range(16)),), True, False)
    assert device.feed == FEED
    ledger.follow(5, shown_lost=())
    assert len(ledger.local_loans_of_patron(patron)) == 5
    ledger.close()


def test_the_golden_ledger_of_the_fifth_version_opens_and_its_chain_goes_on(tmp_path: Path) -> None:
    shutil.copy(GOLDEN / "v0005" / "ledger.db", tmp_path / "ledger.db")
    ledger = a_ledger(tmp_path)
    bodies = (GOLDEN / "v0005" / "bodies.txt").read_bytes().splitlines()
    assert ledger.bodies(1, 100) == bodies
    device = ledger.device()
    assert str(device.epoch) == (GOLDEN / "v0005" / "epoch.txt").read_text().strip()
    assert (device.epoch_base, ledger.first_held(), ledger.last_seq(), ledger.first_to_send()) == (0, 2, 10, 3)
    before, after = map(bytes.fromhex, (GOLDEN / "v0005" / "chain.txt").read_text().split())
    assert ledger.span(range(2, 11)) == ChainSpan(before=before, after=after)
    assert list(along(before, bodies))[-1] == after
    with ledger.unit_of_work() as work:
        work.append(an_envelope(work.next_seq()))
        work.commit()
    assert ledger.span(range(11, 12)).before == after
    ledger.close()


def test_nothing_is_sent_again_of_an_epoch_that_a_program_of_the_fifth_version_ended(tmp_path: Path) -> None:
    """It kept no name for it. Such facts were answered, and one that had no place in the feed must not keep the others from going."""
    shutil.copy(GOLDEN / "v0005" / "ledger.db", tmp_path / "ledger.db")
    engine = open_encrypted(tmp_path / "ledger.db", LEDGER_KEY)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE device SET epoch_base = 5")
    engine.dispose()
    ledger = a_ledger(tmp_path)
    assert [(one.base, one.last) for one in ledger.epochs()] == [(5, None)]
    assert (ledger.first_held(), ledger.first_to_send()) == (2, 6)
    assert [seq for seq, _ in ledger.facts_again()] == [6, 7, 8, 9, 10]
    ledger.close()
