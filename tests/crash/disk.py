"""A disk that a power cut finds in the middle of its work: what was not synced is there, or not, or in part.

The model is harder than a real disk may be and never softer. A sector of 512 bytes is written whole or not at all, each by itself
and in any order; of several versions since the last sync any may have reached the disk; the size of a file likewise. Names
reach it in their order, as in a journal, and only a sync of the folder makes them stay: a sync of the file does not.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.crash.recording import Cut, FolderSynced, Linked, Marked, Opened, Removed, Renamed, Step, Synced, Written

SECTOR = 512


@dataclass(eq=False)
class DiskFile:
    """A file's bytes as programs see them, those that are safe, and what may be of the rest."""

    seen: bytearray = field(default_factory=bytearray)
    safe: bytearray = field(default_factory=bytearray)
    sectors: dict[int, list[bytes]] = field(default_factory=dict)
    sizes: list[int] = field(default_factory=list)

    def write(self, offset: int, data: bytes) -> None:
        end = offset + len(data)
        if end > len(self.seen):
            self.resize(end)
        self.seen[offset:end] = data
        for number in range(offset // SECTOR, (end - 1) // SECTOR + 1):
            self.sectors.setdefault(number, []).append(bytes(self.seen[number * SECTOR : (number + 1) * SECTOR]))

    def resize(self, size: int) -> None:
        del self.seen[size:]
        self.seen.extend(bytes(size - len(self.seen)))
        self.sizes.append(size)

    def sync(self) -> None:
        self.safe = bytearray(self.seen)
        self.sectors.clear()
        self.sizes.clear()

    def after_a_cut(self, choose: Callable[[int], int]) -> bytes:
        """The bytes on the disk. ``choose`` gives an index below the number of versions; 0 is the safe one."""
        if not self.sectors and not self.sizes:
            return bytes(self.safe)
        sizes = [len(self.safe), *self.sizes]
        image = bytearray(self.safe)
        size = sizes[choose(len(sizes))]
        del image[size:]
        image.extend(bytes(size - len(image)))
        for number, versions in self.sectors.items():
            start, chosen = number * SECTOR, choose(len(versions) + 1)
            if chosen and start < size:
                data = versions[chosen - 1][: size - start]
                image[start : start + len(data)] = data
        return bytes(image)


@dataclass
class Disk:
    """One folder. ``pending`` are the states of its names since its last sync, the newest last."""

    names: dict[str, DiskFile | str] = field(default_factory=dict)
    safe_names: dict[str, DiskFile | str] = field(default_factory=dict)
    pending: list[dict[str, DiskFile | str]] = field(default_factory=list)

    def do(self, step: Step) -> None:
        """What a program does."""
        match step:
            case Opened(name, emptied):
                if name not in self.names:
                    self._rename({**self.names, name: DiskFile()})
                if emptied:
                    self._file(name).resize(0)
            case Written(name, offset, data):
                self._file(name).write(offset, data)
            case Cut(name, size):
                self._file(name).resize(size)
            case Synced(name):
                self._file(name).sync()
            case FolderSynced():
                self.safe_names, self.pending = self.names, []
            case Removed() | Renamed() | Linked():
                self._rename(_renamed(self.names, step))
            case Marked():
                pass

    def after_a_cut(self, choose: Callable[[int], int]) -> dict[str, bytes | str]:
        """The folder that is found when power is back: files' bytes, links' targets."""
        states = [self.safe_names, *self.pending]
        names = states[choose(len(states))]
        return {name: file if isinstance(file, str) else file.after_a_cut(choose) for name, file in names.items()}

    def _file(self, name: str) -> DiskFile:
        file = self.names[name]
        assert isinstance(file, DiskFile)
        return file

    def _rename(self, names: dict[str, DiskFile | str]) -> None:
        self.names = names
        self.pending.append(names)


def _renamed(names: dict[str, DiskFile | str], step: Removed | Renamed | Linked) -> dict[str, DiskFile | str]:
    match step:
        case Removed(name):
            return {other: file for other, file in names.items() if other != name}
        case Renamed(old, new):
            return {**{other: file for other, file in names.items() if other != old}, new: names[old]}
        case Linked(name, target):
            return {**names, name: target}


def nothing_more(_versions: int) -> int:
    """Only what was synced is there."""
    return 0


def everything(versions: int) -> int:
    """All of it is there, as after kill -9."""
    return versions - 1


def by_chance(random: Random) -> Callable[[int], int]:
    """Some of it. The chance itself is drawn first: nearly everything and nearly nothing are as likely as a half."""
    share = random.random()

    def choose(versions: int) -> int:
        return random.randrange(1, versions) if versions > 1 and random.random() < share else 0

    return choose


def put_down(found: dict[str, bytes | str], folder: Path) -> None:
    """Make a folder that holds exactly this."""
    for leftover in folder.iterdir():
        leftover.unlink()
    for name, content in found.items():
        if isinstance(content, str):
            (folder / name).symlink_to(content)
        else:
            (folder / name).write_bytes(content)
