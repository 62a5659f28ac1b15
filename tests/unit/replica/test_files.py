"""The replica's files: one in use, swapped by a link."""

from pathlib import Path

import pytest

from replica.encrypted import connect_encrypted
from replica.files import ReplicaFiles, ReplicaLinkError

KEY = bytes(range(32))


def a_replica(files: ReplicaFiles, *, word: str = "first") -> Path:
    path = files.next_path()
    connection = connect_encrypted(path, KEY, create=True)
    connection.execute("CREATE TABLE word (text)")
    connection.execute("INSERT INTO word VALUES (?)", (word,))
    connection.close()
    return path


def test_a_fresh_folder_has_no_replica(tmp_path: Path) -> None:
    assert ReplicaFiles(tmp_path).current() is None


def test_numbers_rise_over_everything_that_is_there(tmp_path: Path) -> None:
    for name in ("replica-9.db", "replica-10.db-wal", "replica-11.dbx", "other-99.db"):
        (tmp_path / name).touch()
    assert ReplicaFiles(tmp_path).next_path().name == "replica-12.db"


def test_the_replica_in_use_is_known_by_its_real_path(tmp_path: Path) -> None:
    files = ReplicaFiles(tmp_path)
    path = a_replica(files)
    files.put_in_place(path)
    assert files.current() == path.resolve()
    assert files.link.readlink() == Path("replica-1.db")


def test_a_reader_of_the_old_file_goes_on_after_the_swap_and_the_new_one_is_untouched_by_its_log(tmp_path: Path) -> None:
    files = ReplicaFiles(tmp_path)
    old = a_replica(files)
    files.put_in_place(old)
    reader = connect_encrypted(old, KEY)
    reader.execute("INSERT INTO word VALUES ('in the log')")
    new = a_replica(files, word="second")
    files.put_in_place(new)
    assert reader.execute("SELECT count(*) FROM word").fetchone() == (2,)
    current = files.current()
    assert current is not None
    fresh = connect_encrypted(current, KEY)
    assert fresh.execute("SELECT text FROM word").fetchall() == [("second",)]
    fresh.close()
    reader.close()


def test_the_old_file_goes_with_its_log(tmp_path: Path) -> None:
    files = ReplicaFiles(tmp_path)
    old, new = a_replica(files), tmp_path / "replica-2.db"
    new.touch()
    for companion in ("-wal", "-shm"):
        old.with_name(old.name + companion).touch()
    files.put_in_place(new)
    files.remove(old)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["replica-2.db", "replica.db"]


def test_the_replica_in_use_is_never_removed(tmp_path: Path) -> None:
    files = ReplicaFiles(tmp_path)
    path = a_replica(files)
    files.put_in_place(path)
    with pytest.raises(ValueError, match=r"replica-1\.db is in use"):
        files.remove(path)
    assert path.is_file()


def test_leftovers_are_all_but_the_one_in_use(tmp_path: Path) -> None:
    files = ReplicaFiles(tmp_path)
    for number in (1, 2, 10):
        (tmp_path / f"replica-{number}.db").touch()
    (tmp_path / "replica-3.db-wal").touch()
    files.put_in_place(tmp_path / "replica-2.db")
    assert [path.name for path in files.leftovers()] == ["replica-1.db", "replica-3.db", "replica-10.db"]


def test_a_link_into_nothing_is_no_replica(tmp_path: Path) -> None:
    (tmp_path / "replica.db").symlink_to("replica-7.db")
    assert ReplicaFiles(tmp_path).current() is None


def test_a_file_in_the_place_of_the_link_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "replica.db").write_text("somebody's")
    (tmp_path / "replica-1.db").touch()
    with pytest.raises(ReplicaLinkError, match=r"replica\.db must be a link"):
        ReplicaFiles(tmp_path).put_in_place(tmp_path / "replica-1.db")
    assert (tmp_path / "replica.db").read_text() == "somebody's"


def test_only_a_numbered_file_of_the_folder_is_put_in_place(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    for wrong in (tmp_path / "elsewhere" / "replica-1.db", tmp_path / "ledger.db"):
        wrong.touch()
        with pytest.raises(ValueError, match="is no replica file of this folder"):
            ReplicaFiles(tmp_path).put_in_place(wrong)
