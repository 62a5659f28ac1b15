"""The doctor over real databases: of a kiosk that is well, that is hurt, that writes meanwhile."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import text

from circulation.offline import OfflineLimits
from circulation.offline_terms import OfflineTerms
from kiosk.store.inspection import FileFault, InspectionError, inspect_ledger, inspect_offline, inspect_replica, sqlcipher_version
from kiosk.store.offline_rows import KeptTerms, KeptWatch
from kiosk.store.outbox_reading import read_outbox
from replica.offline_terms import signed_with
from tests.integration.youyue import kiosk_folder as hurt
from tests.integration.youyue.kiosk_folder import KioskFolder, a_kiosk_folder
from tests.kiosk_world import NOON, REGISTRY, REPLICA_KEY
from youyue.doctor.facts import DiskLimits, Patience
from youyue.doctor.findings import Level, worst
from youyue.doctor.judge_machine import judge_disk, judge_folder
from youyue.doctor.kiosk_round import KioskRound
from youyue.doctor.probe_machine import is_locked, see_disk, see_folder, see_key_files, see_slips

FACT = """
import sys, os, signal; from pathlib import Path; from datetime import UTC, datetime; from uuid import uuid4
from sqlalchemy import insert
from kiosk.store.opening import open_ledger; from kiosk.store.ledger_tables import outbox
ledger = open_ledger(Path(sys.argv[1]), bytes.fromhex(sys.argv[2]), new_epoch=uuid4, now=datetime.now(UTC))
at = datetime(2026, 3, 11, 3, 0, tzinfo=UTC)
with ledger.unit_of_work() as work:
    for seq in (1, 2):
        work._connection.execute(insert(outbox), {"seq": seq, "key": uuid4(), "at": at, "body": b"{}"})
    work.commit()
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def folder(tmp_path: Path) -> KioskFolder:
    return a_kiosk_folder(tmp_path / "kiosk")


def test_of_a_kiosk_that_is_well_everything_is_said_and_nothing_is_wrong(folder: KioskFolder) -> None:
    found = folder.databases()
    assert worst(found.values()) is Level.OK
    assert list(found) == [
        "identity",
        "card_key",
        "ledger",
        "unsent",
        "replica",
        "feed",
        "terms_default",
        "limit_step",
        "limit_step_regulars",
        "limit_room",
    ]


def test_sqlcipher_says_its_version() -> None:
    assert "SQLite 3." in sqlcipher_version()


@pytest.mark.parametrize(
    ("wound", "code"),
    [
        (hurt.without_files, "identity_missing"),
        (hurt.with_a_broken_identity, "identity_broken"),
        (hurt.with_an_open_identity, "identity_broken"),
        (hurt.with_another_key, "ledger_key"),
        (hurt.with_a_damaged_ledger, "ledger_damaged"),
        (hurt.with_a_short_ledger, "ledger_damaged"),
        (hurt.with_a_letter_as_ledger, "ledger_key"),
        (hurt.with_an_empty_ledger, "ledger_foreign"),
        (hurt.with_the_replica_as_ledger, "ledger_foreign"),
        (hurt.with_a_folder_as_ledger, "ledger_missing"),
        (hurt.without_replica, "replica_missing"),
        (hurt.with_a_file_for_the_link, "replica_broken"),
        (hurt.with_a_damaged_replica, "replica_broken"),
    ],
)
def test_every_wound_has_its_name_and_is_only_looked_at(
    folder: KioskFolder, wound: Callable[[Path], None], code: str, capfd: pytest.CaptureFixture[str]
) -> None:
    wound(folder.path)
    before = folder.files()
    found = folder.databases()
    assert found[code].level is not Level.OK
    assert "check_fell" not in found
    assert folder.files() == before
    assert capfd.readouterr().err == ""


def test_since_when_an_identity_is_open_is_known_from_its_file(folder: KioskFolder) -> None:
    hurt.with_an_open_identity(folder.path)
    since = folder.databases()["identity_broken"].since
    assert since is not None
    assert since.timestamp() == pytest.approx((folder.path / "identity.json").stat().st_ctime)


def test_what_a_person_must_look_at_is_told_with_its_time(folder: KioskFolder) -> None:
    with folder.ledger() as ledger:
        ledger.lay_before_staff("kiosk_revoked: this kiosk's rights were taken away", at=NOON)
    staff = folder.databases()["staff"]
    assert (staff.values["detail"], staff.since) == ("kiosk_revoked: this kiosk's rights were taken away", NOON)


def test_news_that_stay_away_are_told_since_the_last_that_came(folder: KioskFolder) -> None:
    folder.clock.pass_by(3600 * 30)
    feed = folder.databases()["feed_step"]
    assert (feed.values["age"], feed.values["items"], feed.since) == (timedelta(hours=30), 3, NOON)


def test_an_open_ledger_is_looked_into_while_its_kiosk_goes_on_writing(folder: KioskFolder) -> None:
    with folder.ledger() as ledger:
        for number in range(20):
            ledger.lay_before_staff(str(number), at=NOON)
            assert inspect_ledger(folder.path / "ledger.db", REPLICA_KEY).problem == str(number)
        ledger.staff_have_looked()
    assert inspect_ledger(folder.path / "ledger.db", REPLICA_KEY).problem == ""


def test_a_write_under_way_is_neither_seen_nor_held_up(folder: KioskFolder) -> None:
    with folder.ledger() as ledger, ledger.unit_of_work():
        assert inspect_ledger(folder.path / "ledger.db", REPLICA_KEY).last_seq == 0


def test_what_a_killed_kiosk_had_not_sent_is_counted_and_its_log_left_as_it_is(folder: KioskFolder) -> None:
    ledger = folder.path / "ledger.db"
    killed = subprocess.run([sys.executable, "-c", FACT, str(ledger), REPLICA_KEY.hex()], check=False)
    assert killed.returncode == -signal.SIGKILL
    log = ledger.with_name("ledger.db-wal").read_bytes()
    waiting = folder.databases()["unsent_long"]
    assert (waiting.values["count"], waiting.since) == (2, NOON - timedelta(hours=1))
    assert log
    assert ledger.with_name("ledger.db-wal").read_bytes() == log
    with folder.ledger() as opened:
        assert opened.last_seq() == 2, "and the kiosk opens it afterwards"


def test_an_older_ledger_is_looked_into_without_bringing_it_up_to_date(folder: KioskFolder, tmp_path: Path) -> None:
    golden = Path(__file__).parents[2] / "golden" / "ledger" / "v0002" / "ledger.db"
    shutil.copy(golden, folder.path / "ledger.db")
    before = (folder.path / "ledger.db").read_bytes()
    found = inspect_ledger(folder.path / "ledger.db", _golden_key())
    assert (found.revision, found.is_current) == ("v0002", False)
    assert (folder.path / "ledger.db").read_bytes() == before


def test_a_ledger_that_was_cut_off_before_its_first_row_is_a_fault_and_no_crash(folder: KioskFolder) -> None:
    """Its tables are made in one transaction, the row of its kiosk in the next."""
    with folder.ledger() as ledger:
        ledger._connection.execute(text("DELETE FROM device")).close()
        ledger._connection.commit()
    for look in (inspect_ledger, inspect_offline, read_outbox):
        with pytest.raises(InspectionError, match="nothing of its kiosk") as refused:
            look(folder.path / "ledger.db", REPLICA_KEY)
        assert refused.value.fault is FileFault.FOREIGN


def _golden_key() -> bytes:
    return bytes(range(32))


@pytest.mark.parametrize("key", [b"", bytes(31), bytes(32)])
def test_a_wrong_key_is_a_fault_and_no_crash(folder: KioskFolder, key: bytes) -> None:
    for look in (lambda: inspect_ledger(folder.path / "ledger.db", key), lambda: inspect_replica(folder.path, key)):
        with pytest.raises(InspectionError) as refused:
            look()
        assert refused.value.fault is FileFault.KEY


def test_a_folder_s_owner_rights_and_room_are_seen(folder: KioskFolder, tmp_path: Path) -> None:
    seen = see_folder(folder.path)
    assert (seen.exists, seen.is_ours, seen.is_writable, seen.mode) == (True, True, True, 0o700)
    folder.path.chmod(0o755)
    assert see_folder(folder.path).mode == 0o755
    assert not see_folder(tmp_path / "none").exists
    assert see_disk(tmp_path / "not" / "yet" / "made").free == pytest.approx(shutil.disk_usage(tmp_path).free, rel=0.1)


def test_a_small_file_system_is_full_before_it_is(tmp_path: Path) -> None:
    """The limits are moved to where this machine's disk is: nobody fills a disk for a test."""
    free = see_disk(tmp_path).free
    patience = Patience(disk=DiskLimits(soon=4 * free, lending=3 * free, returning=2 * free))
    assert [finding.code for finding in judge_disk(see_disk(tmp_path), patience)] == ["disk_full"]


def test_key_files_are_seen_with_their_rights(tmp_path: Path) -> None:
    (tmp_path / "a.key").write_bytes(bytes(32))
    (tmp_path / "a.key").chmod(0o640)
    a, b = see_key_files(tmp_path, ("a.key", "b.key"))
    assert (a.exists, a.mode, a.size, b.exists) == (True, 0o640, 32, False)


def test_a_folder_for_slips_must_be_there_and_writable(tmp_path: Path) -> None:
    assert see_slips(str(tmp_path)).is_writable
    assert not see_slips(str(tmp_path / "none")).is_writable


def test_a_held_lock_is_seen_without_taking_it(tmp_path: Path) -> None:
    lock = tmp_path / "kiosk.lock"
    assert not is_locked(lock)
    lock.touch()
    assert not is_locked(lock)
    hold = "import fcntl, sys; file = open(sys.argv[1]); fcntl.flock(file, fcntl.LOCK_EX); print('held', flush=True); sys.stdin.read()"
    with subprocess.Popen([sys.executable, "-c", hold, str(lock)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        assert is_locked(lock)
        holder.communicate()
    assert not is_locked(lock)


def test_one_check_that_falls_hides_no_other(folder: KioskFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    def fall(*_: object) -> None:
        name = "王小明"
        raise RuntimeError(name)

    monkeypatch.setattr(KioskRound, "_folder", fall)
    monkeypatch.setattr("youyue.doctor.kiosk_round.see_screen", fall)
    found = list(folder.round().findings())
    fallen = [finding for finding in found if finding.code == "check_fell"]
    assert [str(finding.check) for finding in fallen] == ["screen", "folder"]
    assert "王小明" not in str(found)
    assert {"ledger", "replica", "disk"} <= {finding.code for finding in found}


def test_of_a_folder_that_is_another_user_s_it_is_said_whose_business_it_is(folder: KioskFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = folder.path.stat().st_uid
    monkeypatch.setattr(os, "geteuid", lambda: owner + 1)
    assert [finding.code for finding in judge_folder(see_folder(folder.path))] == ["folder_foreign"]


def test_the_terms_that_hold_are_told_with_their_signature_and_those_to_come(folder: KioskFolder) -> None:
    near = signed_with(REGISTRY, OfflineTerms(4, NOON.date(), "board", OfflineLimits(patron_per_hour=6, kiosk_per_hour=60)))
    later = signed_with(REGISTRY, OfflineTerms(5, NOON.date() + timedelta(days=9), "board"))
    folder.hold(KeptTerms(near, begun=True), KeptTerms(later, begun=False))
    found = folder.databases()
    assert worst(found.values()) is Level.OK
    assert found["terms"].values == {"version": 4, "date": "2026-03-11"}
    assert found["terms_to_come"].values == {"version": 5, "date": "2026-03-20"}
    assert (found["limit_patron_hour"].values, found["limit_kiosk_hour"].values) == ({"items": 6}, {"items": 60})


@pytest.mark.parametrize(("problem", "code"), [("untrusted", "terms_untrusted"), ("unreadable", "terms_unreadable")])
def test_terms_that_were_refused_are_told_with_their_time(folder: KioskFolder, problem: str, code: str) -> None:
    folder.hold(watch=KeptWatch(problem=problem))
    assert (folder.databases()[code].level, folder.databases()[code].since) == (Level.FAILED, NOON)


def test_terms_that_somebody_put_into_the_ledger_are_told(folder: KioskFolder) -> None:
    folder.hold(KeptTerms(signed_with(Ed25519PrivateKey.generate(), OfflineTerms(9, NOON.date(), "me")), begun=True))
    found = folder.databases()
    assert found["terms_changed_here"].level is Level.FAILED
    assert "terms_default" in found


@pytest.mark.parametrize(("hours", "code", "level"), [(1, "clock_doubt", Level.WARNING), (24, "clock_stops", Level.FAILED)])
def test_a_clock_in_doubt_is_told_with_its_age(folder: KioskFolder, hours: int, code: str, level: Level) -> None:
    folder.hold(watch=KeptWatch(clock_doubted=hours * 3600))
    found = folder.databases()[code]
    assert (found.level, found.values["age"], found.since) == (level, timedelta(hours=hours), NOON)


def test_the_disk_is_judged_by_the_limits_that_the_kiosk_goes_by(folder: KioskFolder) -> None:
    limits = OfflineLimits(disk_for_loans=2**60, disk_for_returns=2**59)
    looked = folder.round()
    looked._limits = limits
    assert [finding.code for finding in judge_disk(see_disk(folder.path), looked._with_limits(Patience()))] == ["disk_full"]
