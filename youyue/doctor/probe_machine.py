"""Looking at a machine: packages, folders, files, room, who holds a lock. Reads only."""

import importlib.metadata
import os
import platform
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

import msgspec

import youyue
from youyue.doctor.facts import DiskFacts, FolderFacts, KeyFileFacts, PackageFact, ProgramFacts, ScreenFacts, SlipsFacts
from youyue.doctor.needs import needs_of

_PACKAGE = "youyue-kiosk"
_PYTHON = ">=3.11"
_LOCKS = Path("/proc/locks")
_SCREEN_SECONDS = 30.0
_TIME_SECONDS = 5.0
_LONGEST_DETAIL = 300


def see_program(extra: str) -> ProgramFacts:
    """The program and what is installed beside it for ``kiosk`` or ``registry``."""
    try:
        metadata = importlib.metadata.metadata(_PACKAGE)
        requirements = importlib.metadata.requires(_PACKAGE) or []
    except importlib.metadata.PackageNotFoundError:
        return ProgramFacts(youyue.__version__, platform.python_version(), _PYTHON, None)
    packages = {need.name: _package(need.name, need.limits, need.is_met_by) for need in needs_of(requirements, extra)}
    return ProgramFacts(youyue.__version__, platform.python_version(), metadata["Requires-Python"] or _PYTHON, packages)


def _package(name: str, limits: str, is_met_by: Callable[[str], bool]) -> PackageFact:
    try:
        found = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return PackageFact(limits, None, is_met=False)
    return PackageFact(limits, found, is_met=is_met_by(found))


def see_screen() -> ScreenFacts:
    """Whether Qt starts and the fonts are there, tried in a process of its own: Qt ends the whole process when it can't."""
    words = [sys.executable, "-m", "youyue.doctor.screen"]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    try:
        tried = subprocess.run(  # noqa: S603 - this program itself
            words, env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=_SCREEN_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return ScreenFacts(qt_problem=f"no answer within {_SCREEN_SECONDS:g} s")
    if not tried.returncode:
        try:
            return msgspec.json.decode(tried.stdout, type=ScreenFacts)
        except msgspec.MsgspecError:
            pass
    lines = tried.stderr.decode("utf-8", "replace").strip().splitlines()
    return ScreenFacts(qt_problem=(lines[-1] if lines else f"it ended with status {tried.returncode}")[:_LONGEST_DETAIL])


def see_folder(folder: Path) -> FolderFacts:
    """A folder, its owner and who may enter."""
    try:
        found = folder.stat()
    except OSError:
        return FolderFacts(str(folder), exists=False)
    return FolderFacts(
        str(folder),
        exists=stat.S_ISDIR(found.st_mode),
        is_ours=found.st_uid == os.geteuid() or os.geteuid() == 0,
        is_writable=os.access(folder, os.W_OK | os.X_OK),
        mode=stat.S_IMODE(found.st_mode),
        changed_at=datetime.fromtimestamp(found.st_ctime, UTC),
    )


def see_key_files(folder: Path, needed: Iterable[str]) -> tuple[KeyFileFacts, ...]:
    """The needed key files, and whatever other keys lie beside them."""
    names = {*needed, *(path.name for path in folder.glob("*.key"))}
    return tuple(_key_file(folder / name) for name in sorted(names))


def _key_file(path: Path) -> KeyFileFacts:
    try:
        found = path.stat()
    except OSError:
        return KeyFileFacts(path.name, exists=False)
    readable = os.access(path, os.R_OK)
    changed_at = datetime.fromtimestamp(found.st_ctime, UTC)
    return KeyFileFacts(
        path.name, exists=True, mode=stat.S_IMODE(found.st_mode), size=found.st_size if readable else None, changed_at=changed_at
    )


def changed_at(path: Path) -> datetime | None:
    """When a file's content or rights last changed."""
    try:
        return datetime.fromtimestamp(path.stat().st_ctime, UTC)
    except OSError:
        return None


def see_disk(folder: Path) -> DiskFacts:
    """The room where a folder is, or would be made."""
    there = next(place for place in (folder.absolute(), *folder.absolute().parents) if place.exists())
    return DiskFacts(str(folder), shutil.disk_usage(there).free)


def see_slips(folder: str, printer: str = "") -> SlipsFacts:
    """The folder for slips, and the printer's address as it is set."""
    return SlipsFacts(folder, is_writable=bool(folder) and Path(folder).is_dir() and os.access(folder, os.W_OK | os.X_OK), printer=printer)


def is_locked(path: Path) -> bool:
    """Whether a process holds the lock of this file. Trying the lock itself could turn a starting kiosk away."""
    try:
        found = path.stat()
        lines = _LOCKS.read_text(encoding="ascii").splitlines()
    except OSError:
        return False
    place = f"{os.major(found.st_dev):02x}:{os.minor(found.st_dev):02x}:{found.st_ino}"
    return any(place in line.split() and "FLOCK" in line.split() for line in lines)


def see_synchronised() -> bool | None:
    """Whether the system keeps its clock by the network's time; none where nobody says."""
    asking = shutil.which("timedatectl")
    if asking is None:
        return None
    try:
        said = subprocess.run(  # noqa: S603 - the system's own program
            [asking, "show", "--property=NTPSynchronized", "--value"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_TIME_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return {"yes": True, "no": False}.get(said.stdout.strip())
