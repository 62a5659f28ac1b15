"""The folder for what must not reach a disk."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

import pytest

from replica.wiping import wipe
from sync.errors import SnapshotError
from sync.memory import USUAL_MEMORY, PrivateMemory, filesystem_of

MOUNTS = """\
overlay / overlay rw 0 0
tmpfs /dev tmpfs rw 0 0
shm /dev/shm tmpfs rw 0 0
/dev/sda1 /var/lib ext4 rw 0 0
/dev/sdb1 /dev/shm/with\\040blank xfs rw 0 0
tmpfs /var/lib/youyue tmpfs rw 0 0
/dev/sda2 /var/lib/youyue ext4 rw 0 0
"""


@pytest.fixture
def memory() -> Iterator[Path]:
    folder = Path(mkdtemp(dir=USUAL_MEMORY))
    yield folder
    shutil.rmtree(folder)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/dev/shm/youyue-1", "tmpfs"),  # noqa: S108 - a name to look up
        ("/dev/shm/with blank/x", "xfs"),  # noqa: S108 - a name to look up
        ("/var/lib/youyue/memory", "ext4"),
        ("/var/lib/other", "ext4"),
        ("/home/kiosk", "overlay"),
    ],
)
def test_the_innermost_and_last_mount_holds_a_path(path: str, kind: str) -> None:
    assert filesystem_of(Path(path), MOUNTS) == kind


def test_a_folder_on_a_disk_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SnapshotError, match="is on ext4, not in memory"):
        PrivateMemory(tmp_path / "private").prepare("/dev/sda1 / ext4 rw 0 0")
    assert not (tmp_path / "private").exists()


def test_the_folder_is_for_this_user_alone_and_may_be_there_already(memory: Path) -> None:
    private = PrivateMemory(memory / "private")
    private.prepare()
    private.prepare()
    assert private.folder.stat().st_mode & 0o777 == 0o700


def test_a_folder_that_others_may_enter_is_refused(memory: Path) -> None:
    (memory / "private").mkdir(mode=0o755)
    with pytest.raises(SnapshotError, match="0700"):
        PrivateMemory(memory / "private").prepare()


def test_a_link_that_somebody_laid_in_the_way_is_refused(memory: Path) -> None:
    (memory / "theirs").mkdir(mode=0o700)
    (memory / "private").symlink_to(memory / "theirs")
    with pytest.raises(SnapshotError, match="0700"):
        PrivateMemory(memory / "private").prepare()


def test_a_memory_that_is_not_there_is_named(memory: Path) -> None:
    with pytest.raises(SnapshotError, match="can't be made"):
        PrivateMemory(memory / "gone" / "private").prepare()


def test_too_little_room_is_said_before_anything_is_written(memory: Path) -> None:
    private = PrivateMemory(memory)
    private.require_room(1)
    with pytest.raises(SnapshotError, match="MiB free"):
        private.require_room(2**60)


def test_a_file_is_wiped_with_its_companions_also_after_a_failure(memory: Path) -> None:
    def fail_in_between() -> None:
        with PrivateMemory(memory).file("plain.db") as plain:
            plain.write_bytes(b"secret" * 1000)
            (memory / "witness").hardlink_to(plain)
            (memory / "plain.db-wal").write_bytes(b"secret")
            message = "in between"
            raise RuntimeError(message)

    with pytest.raises(RuntimeError, match="in between"):
        fail_in_between()
    assert [path.name for path in memory.iterdir()] == ["witness"]
    assert (memory / "witness").read_bytes() == bytes(6000), "the pages themselves were overwritten"


def test_a_file_that_never_was_needs_no_wiping(memory: Path) -> None:
    wipe(memory / "nothing")
    assert not list(memory.iterdir())
