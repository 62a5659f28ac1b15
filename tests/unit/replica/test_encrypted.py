"""Encrypted files: durable settings, clear refusals, faithful copies."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import text

from replica.encrypted import EncryptedFileError, connect_encrypted, encrypt_into, open_encrypted, quick_check

KEY = bytes(range(32))
OTHER_KEY = bytes(32)


def an_encrypted_file(folder: Path, *, rows: int = 1) -> Path:
    path = folder / "ledger.db"
    connection = connect_encrypted(path, KEY, create=True)
    connection.execute("CREATE TABLE word (text)")
    connection.executemany("INSERT INTO word VALUES (?)", [(f"canary {n}",) for n in range(rows)])
    connection.close()
    return path


def a_plain_file(folder: Path) -> Path:
    path = folder / "plain.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE word (text)")
    connection.execute("CREATE INDEX word_text ON word (text)")
    connection.execute("INSERT INTO word VALUES ('canary')")
    connection.execute("PRAGMA user_version=7")
    connection.commit()
    connection.close()
    return path


@pytest.mark.parametrize(("pragma", "value"), [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("cache_size", -8 * 1024)])
def test_a_file_is_opened_to_survive_a_power_cut(tmp_path: Path, pragma: str, value: object) -> None:
    engine = open_encrypted(tmp_path / "ledger.db", KEY, create=True)
    with engine.connect() as connection:
        assert connection.execute(text(f"PRAGMA {pragma}")).scalar_one() == value
    engine.dispose()


def test_what_was_written_is_not_readable_in_the_file(tmp_path: Path) -> None:
    path = an_encrypted_file(tmp_path)
    assert not any(b"canary" in file.read_bytes() for file in tmp_path.iterdir())
    assert path.read_bytes()[:15] != b"SQLite format 3"


def test_another_key_is_refused_with_the_files_name_and_in_silence(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = an_encrypted_file(tmp_path)
    with pytest.raises(EncryptedFileError, match=r"^ledger\.db: is no database, or one with another key$"):
        open_encrypted(path, OTHER_KEY)
    assert capfd.readouterr() == ("", "")


def test_something_else_is_refused_with_the_files_name(tmp_path: Path) -> None:
    path = tmp_path / "replica-1.db"
    path.write_bytes(b"no database at all " * 500)
    with pytest.raises(EncryptedFileError, match=r"^replica-1\.db: is no database"):
        open_encrypted(path, KEY)


def test_a_missing_file_is_not_made_by_opening_it(tmp_path: Path) -> None:
    with pytest.raises(EncryptedFileError, match="is missing"):
        open_encrypted(tmp_path / "replica-1.db", KEY)
    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_not_there_is_named_as_the_cause(tmp_path: Path) -> None:
    with pytest.raises(EncryptedFileError, match="do the folder and its rights allow it"):
        open_encrypted(tmp_path / "nowhere" / "ledger.db", KEY, create=True)


def test_a_short_key_is_refused_before_the_file_is_touched(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="has 32 bytes, this one has 16"):
        open_encrypted(tmp_path / "ledger.db", bytes(16), create=True)
    assert not list(tmp_path.iterdir())


def test_a_name_with_signs_that_mean_something_in_an_address_is_only_a_name(tmp_path: Path) -> None:
    path = tmp_path / "a?mode=memory#%20.db"
    open_encrypted(path, KEY, create=True).dispose()
    assert path.is_file()


def test_a_transaction_that_is_not_committed_leaves_nothing(tmp_path: Path) -> None:
    engine = open_encrypted(an_encrypted_file(tmp_path), KEY)
    with engine.connect().execution_options(write=True) as connection:
        connection.execute(text("INSERT INTO word VALUES ('not done')"))
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM word")).scalar_one() == 1
    engine.dispose()


def test_a_turned_bit_is_found_by_the_quick_check(tmp_path: Path) -> None:
    path = an_encrypted_file(tmp_path, rows=2000)
    engine = open_encrypted(path, KEY)
    with engine.connect() as connection:
        quick_check(connection, path=path)
    engine.dispose()
    octets = bytearray(path.read_bytes())
    octets[-5000] ^= 1
    path.write_bytes(octets)
    engine = open_encrypted(path, KEY)
    with engine.connect() as connection, pytest.raises(EncryptedFileError, match=r"^ledger\.db: "):
        quick_check(connection, path=path)
    engine.dispose()


def test_an_encrypted_copy_holds_rows_indexes_and_the_user_version(tmp_path: Path) -> None:
    target = tmp_path / "replica-1.db"
    encrypt_into(a_plain_file(tmp_path), target, KEY)
    connection = connect_encrypted(target, KEY)
    assert connection.execute("SELECT text FROM word INDEXED BY word_text WHERE text = 'canary'").fetchall() == [("canary",)]
    assert connection.execute("PRAGMA user_version").fetchone() == (7,)
    connection.close()
    assert b"canary" not in target.read_bytes()


def test_an_encrypted_copy_is_on_disk_when_it_is_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[str] = []
    monkeypatch.setattr("replica.encrypted.sync_to_disk", lambda path: synced.append(path.name))
    encrypt_into(a_plain_file(tmp_path), tmp_path / "replica-1.db", KEY)
    assert synced == ["replica-1.db", tmp_path.name]


def test_a_copy_of_something_else_leaves_no_file(tmp_path: Path) -> None:
    plain = tmp_path / "plain.db"
    plain.write_bytes(b"not a database " * 1000)
    with pytest.raises(EncryptedFileError, match=r"^plain\.db: is no database"):
        encrypt_into(plain, tmp_path / "replica-1.db", KEY)
    assert [path.name for path in tmp_path.iterdir()] == ["plain.db"]


def test_a_broken_plain_file_leaves_no_copy(tmp_path: Path) -> None:
    plain = a_plain_file(tmp_path)
    plain.write_bytes(plain.read_bytes()[:5000])
    with pytest.raises(EncryptedFileError):
        encrypt_into(plain, tmp_path / "replica-1.db", KEY)
    assert [path.name for path in tmp_path.iterdir()] == ["plain.db"]


def test_a_copy_never_goes_over_a_file(tmp_path: Path) -> None:
    target = an_encrypted_file(tmp_path)
    before = target.read_bytes()
    with pytest.raises(EncryptedFileError, match="exists already"):
        encrypt_into(a_plain_file(tmp_path), target, KEY)
    assert target.read_bytes() == before
