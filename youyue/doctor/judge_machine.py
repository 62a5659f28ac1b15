"""What holds for any machine of the program: its packages, folders, keys, clock, disk. Pure."""

from collections.abc import Iterator
from datetime import datetime

from youyue.doctor.facts import (
    ClockFacts,
    DiskFacts,
    FolderFacts,
    KeyFileFacts,
    Patience,
    ProgramFacts,
    ScreenFacts,
    SlipsFacts,
)
from youyue.doctor.findings import Check, Finding, failed, ok, warning
from youyue.doctor.needs import Need

KEY_BYTES = 32
_OTHERS = 0o077
_MIB = 2**20


def judge_program(facts: ProgramFacts) -> Iterator[Finding]:
    """Versions against needs."""
    yield ok(Check.PROGRAM, "program", version=facts.version)
    python = Need("python", facts.needs_python)
    if python.is_met_by(facts.python):
        yield ok(Check.PROGRAM, "python", version=facts.python)
    else:
        yield failed(Check.PROGRAM, "python_other", version=facts.python, needed=facts.needs_python)
    if facts.packages is None:
        yield warning(Check.PROGRAM, "needs_unknown")
        return
    bad = False
    for name, package in sorted(facts.packages.items()):
        if package.found is None:
            bad = True
            yield failed(Check.PROGRAM, "package_missing", package=name, needed=package.needed)
        elif not package.is_met:
            bad = True
            yield failed(Check.PROGRAM, "package_other", package=name, version=package.found, needed=package.needed)
    if not bad:
        yield ok(Check.PROGRAM, "packages", count=len(facts.packages))


def judge_screen(facts: ScreenFacts) -> Iterator[Finding]:
    """Whether the screens can be drawn."""
    if facts.qt_problem:
        yield failed(Check.SCREEN, "qt_broken", detail=facts.qt_problem)
    elif facts.font_problem:
        yield failed(Check.SCREEN, "font_missing", detail=facts.font_problem)
    else:
        yield ok(Check.SCREEN, "screen", version=facts.qt)


def judge_slips(facts: SlipsFacts) -> Iterator[Finding]:
    """Where slips go. Whether the printer prints is said by the kiosk that has it."""
    if not facts.path and not facts.printer:
        yield ok(Check.SLIPS, "slips_off")
    if facts.printer:
        yield ok(Check.SLIPS, "slips_printer", printer=facts.printer)
    if facts.path and facts.is_writable:
        yield ok(Check.SLIPS, "slips", path=facts.path)
    elif facts.path:
        yield failed(Check.SLIPS, "slips_unwritable", path=facts.path)


def judge_folder(facts: FolderFacts) -> Iterator[Finding]:
    """A folder of secrets is this user's, writable, and closed to others."""
    if not facts.exists:
        yield failed(Check.FOLDER, "folder_missing", path=facts.path)
        return
    if not facts.is_ours:
        yield failed(Check.FOLDER, "folder_foreign", path=facts.path, since=facts.changed_at)
    elif not facts.is_writable:
        yield failed(Check.FOLDER, "folder_unwritable", path=facts.path, since=facts.changed_at)
    elif facts.mode & _OTHERS:
        yield warning(Check.FOLDER, "folder_open", path=facts.path, mode=f"{facts.mode:04o}", since=facts.changed_at)
    else:
        yield ok(Check.FOLDER, "folder", path=facts.path)


def judge_keys(files: tuple[KeyFileFacts, ...], *, matches: bool | None) -> Iterator[Finding]:
    """The registry's key files, and whether the signing key made the newest snapshot (none: there is none to compare with)."""
    bad = False
    for file in files:
        finding = _key_finding(file)
        if finding is not None:
            bad = True
            yield finding
    if matches is False:
        yield failed(Check.KEYS, "key_other")
    elif not bad:
        yield ok(Check.KEYS, "keys", count=len(files))


def _key_finding(file: KeyFileFacts) -> Finding | None:
    if not file.exists:
        return failed(Check.KEYS, "key_missing", name=file.name)
    if file.mode & _OTHERS:
        return failed(Check.KEYS, "key_open", name=file.name, mode=f"{file.mode:04o}", since=file.changed_at)
    if file.size is None:
        return failed(Check.KEYS, "key_unreadable", name=file.name, since=file.changed_at)
    if file.size != KEY_BYTES:
        return failed(Check.KEYS, "key_length", name=file.name, bytes=file.size, needed=KEY_BYTES, since=file.changed_at)
    return None


def judge_clock(facts: ClockFacts, patience: Patience) -> Iterator[Finding]:
    """This machine's clock: against the registry's now, or at least not before what the registry said last."""
    if facts.offset is not None:
        seconds = round(facts.offset.total_seconds())
        if abs(facts.offset) > patience.clock:
            yield warning(Check.CLOCK, "clock_off", seconds=seconds)
        else:
            yield ok(Check.CLOCK, "clock", seconds=seconds)
    elif facts.told_at is not None and facts.now < facts.told_at - patience.clock:
        yield warning(Check.CLOCK, "clock_behind", now=facts.now, told=facts.told_at)
    else:
        yield warning(Check.CLOCK, "clock_unknown")


def judge_own_clock(now: datetime, synchronised: bool | None, written_at: datetime | None, patience: Patience) -> Iterator[Finding]:  # noqa: FBT001 - none of the four is a switch
    """The registry's clock, by which everybody goes: kept by NTP, and not before what it has written itself."""
    if written_at is not None and now < written_at - patience.clock:
        yield warning(Check.CLOCK, "clock_behind", now=now, told=written_at)
    elif synchronised is None:
        yield ok(Check.CLOCK, "clock_unwatched")
    elif synchronised:
        yield ok(Check.CLOCK, "clock_kept")
    else:
        yield warning(Check.CLOCK, "clock_alone")


def judge_disk(facts: DiskFacts, patience: Patience) -> Iterator[Finding]:
    """Room for facts: lending stops first, returns last."""
    limits, free = patience.disk, facts.free // _MIB
    if facts.free < limits.returning:
        yield failed(Check.DISK, "disk_full", path=facts.path, free=free, limit=limits.returning // _MIB)
    elif facts.free < limits.lending:
        yield failed(Check.DISK, "disk_low", path=facts.path, free=free, limit=limits.lending // _MIB)
    elif facts.free < limits.soon:
        yield warning(Check.DISK, "disk_soon", path=facts.path, free=free, limit=limits.lending // _MIB)
    else:
        yield ok(Check.DISK, "disk", path=facts.path, free=free)
