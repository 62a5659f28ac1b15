"""Writing to a stick: whole and read back, or nothing that looks whole; every trouble in plain words."""

import errno
import os
import resource
from collections.abc import Iterator
from pathlib import Path

import pytest

from sync import stick
from sync.stick import StickError, write_whole


def test_what_was_written_is_there_under_its_name_and_nothing_else(tmp_path: Path) -> None:
    path = write_whole(tmp_path, "outbox.json", b"facts")
    assert (path.read_bytes(), [one.name for one in tmp_path.iterdir()]) == (b"facts", ["outbox.json"])
    assert path.stat().st_mode & 0o077 == 0


def test_a_file_of_the_name_is_replaced_and_what_an_earlier_try_left_goes(tmp_path: Path) -> None:
    (tmp_path / "outbox.json").write_bytes(b"older")
    (tmp_path / ".outbox.json.unfinished").write_bytes(b"ha")
    assert write_whole(tmp_path, "outbox.json", b"facts").read_bytes() == b"facts"
    assert len(list(tmp_path.iterdir())) == 1


@pytest.fixture
def small_files() -> Iterator[None]:
    """No file of this process may have more than 4 KiB."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.usefixtures("small_files")
def test_a_file_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(StickError, match="takes no file of 10 KiB"):
        write_whole(tmp_path, "outbox.json", bytes(10_000))
    assert list(tmp_path.iterdir()) == []


def test_a_stick_that_is_not_there_and_a_place_that_is_no_folder_are_said(tmp_path: Path) -> None:
    with pytest.raises(StickError, match="plugged in and mounted"):
        write_whole(tmp_path / "gone", "outbox.json", b"facts")
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StickError, match="is no folder"):
        write_whole(tmp_path / "file", "outbox.json", b"facts")


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.ENOSPC, "no room left for 1 KiB"),
        (errno.EROFS, "write-protected"),
        (errno.ENODEV, "went away while it was written"),
        (errno.EIO, "broken or was pulled out"),
        (errno.EACCES, "may not write there"),
        (errno.ETIMEDOUT, "take another stick"),
    ],
)
def test_what_the_disk_answers_is_said_and_the_older_file_stays_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, said: str
) -> None:
    (tmp_path / "outbox.json").write_bytes(b"older")

    def fail(_: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(StickError, match=said) as error:
        write_whole(tmp_path, "outbox.json", b"facts")
    assert str(tmp_path) in str(error.value)
    assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [("outbox.json", b"older")]


def test_a_stick_that_gives_back_other_bytes_is_found_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = stick._write
    monkeypatch.setattr(stick, "_write", lambda path, content: real(path, content[:-1] + b"?"))
    with pytest.raises(StickError, match="gives back other bytes"):
        write_whole(tmp_path, "outbox.json", b"facts")
    assert list(tmp_path.iterdir()) == []
