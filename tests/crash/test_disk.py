"""The disk that the power cuts find, and the reader of its recordings."""

from pathlib import Path

import pytest

from tests.crash.disk import Disk, everything, nothing_more
from tests.crash.recording import Cut, FolderSynced, Linked, Opened, Removed, Renamed, Step, Synced, UnreadableTraceError, Written, steps_in

FOLDER = Path("/k")


def a_disk(*steps: Step) -> Disk:
    disk = Disk()
    for step in steps:
        disk.do(step)
    return disk


def made(name: str) -> tuple[Step, ...]:
    return (Opened(name, emptied=False), FolderSynced())


def test_what_was_not_synced_is_gone_and_what_was_is_there() -> None:
    disk = a_disk(*made("a"), Written("a", 0, b"safe"), Synced("a"), Written("a", 2, b"NEW"))
    assert disk.after_a_cut(nothing_more) == {"a": b"safe"}
    assert disk.after_a_cut(everything) == {"a": b"saNEW"}


def test_a_write_over_two_sectors_can_be_torn() -> None:
    disk = a_disk(*made("a"), Written("a", 0, bytes(1024)), Synced("a"), Written("a", 0, b"x" * 1024))
    choices = iter([0, 0, 0, 1])  # of the names, the size, the first sector, the second
    assert disk.after_a_cut(lambda _: next(choices)) == {"a": bytes(512) + b"x" * 512}


def test_an_older_version_of_a_sector_may_be_the_one_on_the_disk() -> None:
    disk = a_disk(*made("a"), Written("a", 0, b"1"), Synced("a"), Written("a", 0, b"2"), Written("a", 0, b"3"))
    assert disk.after_a_cut(lambda versions: min(1, versions - 1)) == {"a": b"2"}


def test_a_file_that_was_cut_short_may_have_its_old_length() -> None:
    disk = a_disk(*made("a"), Written("a", 0, b"long"), Synced("a"), Cut("a", 1))
    assert disk.after_a_cut(nothing_more) == {"a": b"long"}
    assert disk.after_a_cut(everything) == {"a": b"l"}


def test_a_name_is_there_only_when_its_folder_was_synced() -> None:
    disk = a_disk(*made("a"), Written("a", 0, b"x"), Synced("a"), Opened("b", emptied=False), Synced("b"), Removed("a"))
    assert disk.after_a_cut(nothing_more) == {"a": b"x"}
    assert disk.after_a_cut(everything) == {"b": b""}


def test_a_link_that_is_renamed_names_the_old_or_the_new() -> None:
    disk = a_disk(Linked("l", "1"), FolderSynced(), Linked("n", "2"), Renamed("n", "l"))
    assert disk.after_a_cut(nothing_more) == {"l": "1"}
    assert disk.after_a_cut(everything) == {"l": "2"}


def hexed(text: str) -> str:
    return "".join(f"\\x{byte:02x}" for byte in text.encode())


def test_a_call_is_read_with_and_without_a_process_number() -> None:
    line = f'pwrite64(3<{hexed("/k/a.db")}>, "{hexed("xy")}", 2, 4096) = 2'
    assert list(steps_in([line, f"77 {line}"], FOLDER)) == [Written("a.db", 4096, b"xy")] * 2


def test_what_failed_what_lies_in_memory_and_what_is_elsewhere_is_left_out() -> None:
    lines = [
        f'unlink("{hexed("/k/a.db")}") = -1 ENOENT (No such file)',
        f'pwrite64(3<{hexed("/k/a.db-shm")}>, "{hexed("x")}", 1, 0) = 1',
        f'pwrite64(3<{hexed("/kk/a.db")}>, "{hexed("x")}", 1, 0) = 1',
    ]
    assert list(steps_in(lines, FOLDER)) == []


@pytest.mark.parametrize("line", [f'write(3<{hexed("/k/a")}>, "", 0) = 0', f'link("{hexed("/k/a")}", "{hexed("/k/b")}") = 0'])
def test_a_call_that_the_model_does_not_know_ends_the_reading(line: str) -> None:
    with pytest.raises(UnreadableTraceError):
        list(steps_in([line], FOLDER))
