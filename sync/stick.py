"""Writing a file to a stick: whole and read back, or not there; every trouble in plain words."""

import errno
import os
from contextlib import suppress
from pathlib import Path

_TROUBLES = {
    errno.ENOSPC: "there is no room left for {kib} KiB; make room or take another stick",
    errno.EDQUOT: "there is no room left for {kib} KiB; make room or take another stick",
    errno.EFBIG: "its file system takes no file of {kib} KiB; take another stick",
    errno.EROFS: "it is write-protected; look at the switch on the stick, or take another one",
    errno.EACCES: "this user may not write there; mount it for this user, or choose another folder",
    errno.EPERM: "this user may not write there; mount it for this user, or choose another folder",
    errno.ENOENT: "it is not there; is the stick plugged in and mounted?",
    errno.ENOTDIR: "it is no folder; name the folder where the stick is mounted",
    errno.ENODEV: "it went away while it was written; plug it in again and repeat",
    errno.ENXIO: "it went away while it was written; plug it in again and repeat",
    errno.EIO: "it can't be written or read back: the stick is broken or was pulled out; take another one",
}


class StickError(Exception):
    """Nothing of the file is on the stick that looks whole. Says what is wrong and what to do."""


def write_whole(folder: Path, name: str, content: bytes) -> Path:
    """Write a file, force it to the stick and read it back from there; only then it has its name.

    A file of the same name is replaced, as a whole. What an earlier try left unfinished is removed.

    Raises:
        StickError: the folder is gone, full, read-only, or gives back other bytes.

    """
    path, unfinished = folder / name, folder / f".{name}.unfinished"
    try:
        unfinished.unlink(missing_ok=True)
        _write(unfinished, content)
        if _read_back(unfinished, len(content)) != content:
            message = f"{folder}: the stick gives back other bytes than were written; take another one"
            raise StickError(message)
        unfinished.replace(path)
        _sync_folder(folder)
    except OSError as error:
        raise StickError(_said(folder, error, len(content))) from None
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
    return path


def _write(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _read_back(path: Path, size: int) -> bytes:
    with path.open("rb") as file:
        # Else the answer comes from this machine's memory and says nothing of the stick.
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        return file.read(size + 1)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        # Some file systems of sticks know no such thing for a folder; what is in the file is there all the same.
        if error.errno not in {errno.EINVAL, errno.ENOTSUP}:
            raise
    finally:
        os.close(descriptor)


def _said(folder: Path, error: OSError, size: int) -> str:
    said = _TROUBLES.get(error.errno or 0, f"it can't be written ({error.strerror}); take another stick")
    return f"{folder}: {said.format(kib=-(-size // 1024))}"
