"""What a program does to the files of one folder, recorded by strace and read back as values, in order.

The program under it is the real one with the real SQLCipher: nothing is injected, so nothing can behave otherwise than at a branch.
"""

import re
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

CALLS = "openat,pwrite64,write,ftruncate,fdatasync,fsync,unlink,unlinkat,rename,renameat,renameat2,symlink,link,linkat"
MARKS = "shown"
"""The file beside the folder to which the program writes what it has shown as done."""
_LONGEST_STRING = 2**20
_IN_MEMORY = "-shm"
"""The index of a write-ahead log lies in memory and is made anew after a power cut, whatever its file holds."""
_CALL = re.compile(r"(?:\d+ +)?(?P<call>\w+)\((?P<inside>.*)\)\s+= \d+(?:<(?P<handle>[^>]*)>)?$")
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?')
_HANDLE = re.compile(r"\d+<([^>]*)>")


@dataclass(frozen=True, slots=True)
class Opened:
    """A file was opened for writing; made when it was not there."""

    name: str
    emptied: bool


@dataclass(frozen=True, slots=True)
class Written:
    """Bytes at an offset."""

    name: str
    offset: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Cut:
    """The file has this size now."""

    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Synced:
    """The file is on the disk to the last byte."""

    name: str


@dataclass(frozen=True, slots=True)
class FolderSynced:
    """The names of the folder are on the disk."""


@dataclass(frozen=True, slots=True)
class Removed:
    """A name is gone."""

    name: str


@dataclass(frozen=True, slots=True)
class Renamed:
    """A name stands for what another one stood for."""

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Linked:
    """A symbolic link was made."""

    name: str
    target: str


@dataclass(frozen=True, slots=True)
class Marked:
    """The program has shown something as done."""

    data: bytes


Step = Opened | Written | Cut | Synced | FolderSynced | Removed | Renamed | Linked | Marked


class UnreadableTraceError(Exception):
    """The recording holds a call that this reader does not know: a verdict from it would prove nothing."""


def record(command: Sequence[str], folder: Path, *, patience: float = 300.0) -> list[Step]:
    """Run a program of one thread to its end; what it did to the files of a folder, in order.

    Raises:
        UnreadableTraceError: it did something to them that this reader does not know.

    """
    trace = folder.parent / "strace"
    strace = ("strace", "-f", "--seccomp-bpf", "-y", "-xx", "-s", str(_LONGEST_STRING), "-e", f"trace={CALLS}", "-o", str(trace))
    done = subprocess.run([*strace, *command], capture_output=True, text=True, timeout=patience, check=False)
    assert done.returncode == 0, done.stderr
    with trace.open(encoding="ascii") as lines:
        steps = list(steps_in(lines, folder.resolve()))
    trace.unlink()
    return steps


def steps_in(lines: Iterable[str], folder: Path) -> Iterator[Step]:
    """What the lines of a trace say of a folder.

    Raises:
        UnreadableTraceError: a call on its files is unknown here.

    """
    sought = _hexed(str(folder))
    marks = f"<{_hexed(str(folder.parent / MARKS))}>"
    for line in lines:
        if " write(" in line and marks in line:
            yield Marked(_texts(line)[0])
        elif sought in line and (found := _CALL.match(line)) is not None:
            yield from _steps_of(found["call"], found["inside"], found["handle"], folder)


def _steps_of(call: str, inside: str, opened: str | None, folder: Path) -> Iterator[Step]:
    """What one call that succeeded did to the folder: nothing, or one step."""
    names = [name for text in _texts(inside) if (name := _name_in(text.decode(errors="replace"), folder))]
    handle = _HANDLE.match(inside)
    path = Path(_unhexed(handle[1])) if handle else None
    held = _name_in(str(path), folder) if path else None
    if any(name.endswith(_IN_MEMORY) for name in (held, *names) if name):
        return
    if call == "openat":
        name = _name_in(_unhexed(opened or ""), folder)
        if name is not None and not name.endswith(_IN_MEMORY) and re.search("O_WRONLY|O_RDWR|O_CREAT", inside):
            yield Opened(name, emptied="O_TRUNC" in inside)
    elif held:
        yield _of_a_file(call, inside, held)
    elif path == folder and call in {"fsync", "fdatasync"}:
        yield FolderSynced()
    elif names:
        yield _of_names(call, inside, names)


def _of_a_file(call: str, inside: str, name: str) -> Step:
    match call:
        case "pwrite64":
            return Written(name, int(inside.rsplit(", ", 1)[1]), _texts(inside)[0])
        case "ftruncate":
            return Cut(name, int(inside.rsplit(", ", 1)[1]))
        case "fsync" | "fdatasync":
            return Synced(name)
    message = f"{call} of {name}"
    raise UnreadableTraceError(message)


def _of_names(call: str, inside: str, names: list[str]) -> Step:
    match call, names:
        case "unlink", [name]:
            return Removed(name)
        case "rename", [old, new]:
            return Renamed(old, new)
        case "symlink", [name]:
            return Linked(name, _texts(inside)[0].decode())
    message = f"{call} of {names}"
    raise UnreadableTraceError(message)


def _name_in(path: str, folder: Path) -> str | None:
    parent, _, name = path.rpartition("/")
    return name if parent == str(folder) else None


def _texts(inside: str) -> list[bytes]:
    """The strings among the arguments."""
    found = list(_TEXT.finditer(inside))
    if any(text[2] for text in found):
        message = "a string was cut short"
        raise UnreadableTraceError(message)
    return [bytes.fromhex(text[1].replace("\\x", "")) for text in found]


def _hexed(text: str) -> str:
    return "".join(f"\\x{byte:02x}" for byte in text.encode())


def _unhexed(text: str) -> str:
    return bytes.fromhex(text.replace("\\x", "")).decode()
