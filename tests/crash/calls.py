"""The system calls of a child process on the files of one folder, each known to its parent before it happens.

The kernel tells of them (seccomp's user notifications) and holds the calling thread until the parent answers; all other calls and
all other folders run at full speed. strace can do it, too, but costs a start of its own and stops at every call of the process, and its
counters are one a thread. Of Linux on x86-64 only.
"""

import ctypes
import errno
import fcntl
import os
import select
import struct
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

_X86_64 = 0xC000003E
_SECCOMP = 317
_SET_MODE_FILTER, _NEW_LISTENER = 1, 8
_PR_SET_NO_NEW_PRIVS = 38
_RET_ALLOW, _RET_USER_NOTIF = 0x7FFF0000, 0x7FC00000
_LOAD_WORD, _JUMP_IF_EQUAL, _RETURN = 0x20, 0x15, 0x06
_NUMBER_AT, _ARCH_AT = 0, 4
_RECEIVE, _SEND = 0xC0502100, 0xC0182101
_NOTIFIED = struct.Struct("=QIIiIQ6Q")
_ANSWER = struct.Struct("=QqiI")
_CONTINUE = 1
_LONGEST_PATH = 4096
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC

_BY_HANDLE = MappingProxyType({1: "write", 18: "pwrite64", 74: "fsync", 75: "fdatasync", 77: "ftruncate"})
"""Their first argument is an open file."""
_BY_PATH = MappingProxyType(
    {82: ("rename", 0), 87: ("unlink", 0), 88: ("symlink", 1), 257: ("openat", 1), 263: ("unlinkat", 1), 264: ("renameat", 1)}
)
"""Which of their arguments is a path."""
_OPENAT = 257


class UnwatchableError(Exception):
    """The kernel does not tell of system calls here; the message says what it answered."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call on a file of the folder that is about to happen."""

    name: str
    file: str


def tell_of_calls() -> int:
    """From here on the kernel tells of this process's calls, threads begun later with it. Gives the handle by which it does.

    Raises:
        UnwatchableError: it won't.

    """
    if sys.platform != "linux" or os.uname().machine != "x86_64":
        message = f"system calls are known by their numbers on Linux on x86-64 only, not on {os.uname().machine}"
        raise UnwatchableError(message)
    numbers = (*_BY_HANDLE, *_BY_PATH)
    steps = [
        (_LOAD_WORD, 0, 0, _ARCH_AT),
        (_JUMP_IF_EQUAL, 0, len(numbers) + 1, _X86_64),
        (_LOAD_WORD, 0, 0, _NUMBER_AT),
        *((_JUMP_IF_EQUAL, len(numbers) - at, 0, number) for at, number in enumerate(numbers)),
        (_RETURN, 0, 0, _RET_ALLOW),
        (_RETURN, 0, 0, _RET_USER_NOTIF),
    ]
    program = b"".join(struct.pack("=HBBI", *step) for step in steps)
    held = ctypes.create_string_buffer(program, len(program))
    head = struct.pack("@HP", len(steps), ctypes.addressof(held))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0:
        handle: int = libc.syscall(_SECCOMP, _SET_MODE_FILTER, _NEW_LISTENER, head)
        if handle >= 0:
            return handle
    message = f"the kernel does not tell of system calls: {os.strerror(ctypes.get_errno())}"
    raise UnwatchableError(message)


class Watch:
    """Hears of the calls of one process and lets them go on, until it has ended."""

    def __init__(self, handle: int, folder: Path) -> None:
        self._handle = handle
        self._folder = f"{folder.resolve()}/"

    def follow(self, *, before: Callable[[Call], None], patience: float) -> bool:
        """Hear of every call until the process has ended; ``before`` each of them on the folder, which waits meanwhile.

        Args:
            before: may kill the process.
            patience: seconds without any call after which it is given up; says whether it ended by itself or was killed.

        """
        waiting = select.poll()
        waiting.register(self._handle, select.POLLIN)
        while events := waiting.poll(patience * 1000):
            if not events[0][1] & select.POLLIN:
                return True
            self._one(before)
        return False

    def close(self) -> None:
        """Hear of no more."""
        os.close(self._handle)

    def _one(self, before: Callable[[Call], None]) -> None:
        told = bytearray(_NOTIFIED.size)
        try:
            fcntl.ioctl(self._handle, _RECEIVE, told)
        except OSError as error:
            if error.errno in {errno.ENOENT, errno.EINTR}:
                return  # the thread was killed meanwhile
            raise
        key, thread, _, number, _, _, *arguments = _NOTIFIED.unpack(told)
        call = self._read(thread, number, arguments)
        if call is not None:
            before(call)
        with suppress(FileNotFoundError):
            fcntl.ioctl(self._handle, _SEND, bytearray(_ANSWER.pack(key, 0, 0, _CONTINUE)))

    def _read(self, thread: int, number: int, arguments: list[int]) -> Call | None:
        try:
            if number in _BY_HANDLE:
                name, file = _BY_HANDLE[number], str(Path(f"/proc/{thread}/fd/{arguments[0]}").readlink())
            elif number == _OPENAT and not arguments[2] & _WRITES:
                return None
            else:
                name, place = _BY_PATH[number]
                file = _text_at(thread, arguments[place])
        except OSError:
            return None  # the process is gone, or it has no such file and its call will fail
        return Call(name, file.removeprefix(self._folder)) if file.startswith(self._folder) else None


def _text_at(thread: int, address: int) -> str:
    with open(f"/proc/{thread}/mem", "rb", buffering=0) as memory:  # noqa: PTH123 - Path.open has no unbuffered pread
        text = os.pread(memory.fileno(), _LONGEST_PATH, address)
    return os.fsdecode(text.partition(b"\0")[0])
