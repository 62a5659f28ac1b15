"""Where the virtual reader of this user is found: a small file in the run folder tells other commands.

The library of PC/SC decides once a process which service it talks to, at its first call, and keeps
that even when the call fails. So ``use_service`` comes before anything touches a reader.
"""

import os
import socket
import stat
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from drivers.ports import ReaderUnavailableError

SERVICE_VARIABLE = "PCSCLITE_CSOCK_NAME"
"""The environment variable in which pcsc-lite's library looks for another service than the system's."""

FRIENDLY_NAME = "Youyue Demo"
"""The first words of the virtual readers' names; pcscd adds the numbers of reader and slot."""

READER_NAME = f"{FRIENDLY_NAME} 00 00"
SECOND_READER_NAME = f"{FRIENDLY_NAME} 00 01"

ADDRESS_FILE = "virtual-reader.json"

_CONNECT_LIMIT_S = 2.0


class RunFolderError(ReaderUnavailableError):
    """The run folder cannot be used: it belongs to somebody else, is open to others, or cannot be made."""


@dataclass(frozen=True, slots=True)
class VirtualReaderAddress:
    """Where a virtual reader lives: the unix socket of its service, its TCP port, and the process that keeps it."""

    socket: Path
    port: int
    pid: int

    @classmethod
    def find(cls, run_folder: Path) -> "VirtualReaderAddress | None":
        """Read the address that lies in a run folder. ``None`` when there is none or nobody is there any more."""
        try:
            told = msgspec.json.decode((run_folder / ADDRESS_FILE).read_bytes(), type=_AddressFile)
        except (OSError, msgspec.MsgspecError):
            return None
        address = cls(Path(told.socket), told.port, told.pid)
        return address if address.answers() else None

    def answers(self) -> bool:
        """Whether the service behind this address still listens."""
        with socket.socket(socket.AF_UNIX) as knock:
            knock.settimeout(_CONNECT_LIMIT_S)
            try:
                knock.connect(str(self.socket))
            except OSError:
                return False
        return True

    def write(self, run_folder: Path) -> None:
        """Leave the address in a run folder, whole or not at all."""
        whole = msgspec.json.encode(_AddressFile(str(self.socket), self.port, self.pid))
        draft = run_folder / f"{ADDRESS_FILE}.{self.pid}"
        draft.write_bytes(whole)
        draft.replace(run_folder / ADDRESS_FILE)

    def forget(self, run_folder: Path) -> None:
        """Take the address away again."""
        (run_folder / ADDRESS_FILE).unlink(missing_ok=True)


class _AddressFile(msgspec.Struct, frozen=True):
    socket: str
    port: int
    pid: int


def use_service(environ: MutableMapping[str, str], service: Path) -> None:
    """Make this process, and those it starts, talk to the PC/SC service behind a unix socket.

    Call it with ``os.environ`` before the first call to a reader: afterwards it changes nothing.
    """
    environ[SERVICE_VARIABLE] = str(service)


def default_run_folder(environ: Mapping[str, str], user: int) -> Path:
    """Name this user's run folder: ``$XDG_RUNTIME_DIR/youyue``, or ``/tmp/youyue-UID`` where there is no session."""
    session = environ.get("XDG_RUNTIME_DIR")
    if session:
        return Path(session) / "youyue"
    return Path(f"/tmp/youyue-{user}")  # noqa: S108 - owner and mode are checked by make_private


def make_private(folder: Path) -> None:
    """Make a folder that this user alone can enter, or make sure that it is one.

    Raises:
        RunFolderError: it cannot be made, is no folder, belongs to somebody else or others may enter it.

    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.lstat()
    except OSError as error:
        message = f"the run folder {folder} cannot be made: {error.strerror}"
        raise RunFolderError(message) from None
    if not stat.S_ISDIR(found.st_mode):
        message = f"the run folder {folder} is a link, not a folder: remove it"
        raise RunFolderError(message)
    if found.st_uid != os.geteuid():
        message = f"the run folder {folder} belongs to another user: set XDG_RUNTIME_DIR to a folder of your own"
        raise RunFolderError(message)
    if stat.S_IMODE(found.st_mode) & 0o077:
        message = f"the run folder {folder} is open to others: run `chmod 700 {folder}`"
        raise RunFolderError(message)
