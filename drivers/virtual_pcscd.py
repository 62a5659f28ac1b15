"""A private pcscd with a virtual reader: without root, beside the system's own, for the demo and for every test.

The daemon gets a listening unix socket that this process made, so clients that come while it is being
restarted simply wait. For that reason it is watched: while nobody accepts on that socket, a client's
``SCardEstablishContext`` would wait for ever.
"""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from typing import IO

from drivers.ports import ReaderUnavailableError
from drivers.probe import find_readers
from drivers.virtual_reader import FRIENDLY_NAME, READER_NAME, SERVICE_VARIABLE, VirtualReaderAddress, make_private

_SOCKET_NAME = "pcscd.sock"
_LOG_NAME = "pcscd.log"
_LONGEST_SOCKET_PATH = 107
_FIRST_PORT = 20000
_PORT_PAIRS = 6000
_START_TRIES = 5
_READY_LIMIT_S = 20.0
_END_ROUND_S = 0.05
_POLITE_ROUNDS = 60
_END_ROUNDS = 160
_YOUNG_S = 1.0
_YOUNG_DEATHS_ALLOWED = 5
_RESTART_PAUSE_S = 0.1

# The file descriptor must be number 3 and the variable must name the process that becomes the daemon
# (sd_listen_fds). The daemon gets SIGTERM when the thread that started it ends, however it ends.
_HAND_OVER = """
import ctypes, os, signal, sys
listener, parent, command = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
ctypes.CDLL(None).prctl(1, signal.SIGTERM)
if os.getppid() != parent:
    sys.exit(1)
if listener != 3:
    os.dup2(listener, 3)
    os.close(listener)
os.environ["LISTEN_PID"] = str(os.getpid())
os.environ["LISTEN_FDS"] = "1"
os.execv(command[0], command)
"""


class PcscdUnavailableError(ReaderUnavailableError):
    """A private pcscd cannot run here; the message says what to install or to do."""


@dataclass(frozen=True, slots=True)
class PcscdPlaces:
    """Where the Debian packages put what is needed."""

    daemon: Path = Path("/usr/sbin/pcscd")
    virtual_driver: Path = Path("/usr/lib/pcsc/drivers/serial/libifdvpcd.so")
    system_folder: Path = Path("/run/pcscd")

    def check(self) -> None:
        """Make sure that all is there.

        Raises:
            PcscdUnavailableError: something is missing; the message says how to get it.

        """
        if not self.daemon.is_file():
            message = f"{self.daemon} is missing: install the PC/SC service with `sudo apt install pcscd`"
            raise PcscdUnavailableError(message)
        if not self.virtual_driver.is_file():
            message = f"{self.virtual_driver} is missing: install the virtual reader with `sudo apt install vsmartcard-vpcd`"
            raise PcscdUnavailableError(message)
        if not self.system_folder.is_dir():
            try:
                self.system_folder.mkdir(mode=0o755, parents=True)
            except OSError:
                message = (
                    f"pcscd does not start without the folder {self.system_folder}, which is gone after a reboot: "
                    f"make it with `sudo install -d -m 755 {self.system_folder}`"
                )
                raise PcscdUnavailableError(message) from None


class VirtualPcscd:
    """One private pcscd with two virtual readers, on TCP ports N and N + 1, watched and restarted.

    The virtual driver listens on all addresses of the machine: for demonstrations and tests only. Nothing of the
    system's own service is touched, except that a daemon of root's writes, and at its end removes, the note of
    its process number in ``/run/pcscd``.
    ``run_folder`` must be this user's alone; its path must be short, for the sake of the unix socket.
    """

    def __init__(self, run_folder: Path, *, environ: Mapping[str, str], places: PcscdPlaces | None = None) -> None:
        self._folder = run_folder
        self._environ = {name: text for name, text in environ.items() if name != SERVICE_VARIABLE}
        self._places = places or PcscdPlaces()
        self._watch: _Watch | None = None
        self._address: VirtualReaderAddress | None = None

    def __enter__(self) -> VirtualReaderAddress:
        return self.start()

    def __exit__(self, *exc: object) -> None:
        self.stop()

    @property
    def daemon_pid(self) -> int:
        """The process that is the daemon now; 0 while it is being restarted."""
        return self._watch.daemon_pid if self._watch else 0

    def start(self) -> VirtualReaderAddress:
        """Start the daemon, wait until a client sees its readers, and leave its address in the run folder.

        Raises:
            PcscdUnavailableError: something is not installed, or the daemon does not come up.
            RunFolderError: the run folder is not this user's alone.

        """
        self._places.check()
        make_private(self._folder)
        path = self._folder / _SOCKET_NAME
        if len(os.fsencode(path)) > _LONGEST_SOCKET_PATH:
            message = f"the run folder {self._folder} has too long a path for a unix socket: choose one of less than 90 characters"
            raise PcscdUnavailableError(message)
        if (other := VirtualReaderAddress.find(self._folder)) is not None:
            message = f"a virtual reader already runs in {self._folder} (process {other.pid}): stop it first, or use it"
            raise PcscdUnavailableError(message)
        for _ in range(_START_TRIES):
            address = VirtualReaderAddress(path, free_port_pair(os.getpid()), os.getpid())
            if self._try(address):
                address.write(self._folder)
                self._address = address
                return address
        message = f"the virtual reader finds no free ports from {_FIRST_PORT} on: end what takes them"
        raise PcscdUnavailableError(message)

    def stop(self) -> None:
        """End the daemon and take the address away. May be called twice."""
        self._forget_address()
        self._address = None
        if self._watch is not None:
            self._watch.stop()
            self._watch = None
        (self._folder / _SOCKET_NAME).unlink(missing_ok=True)

    def _try(self, address: VirtualReaderAddress) -> bool:
        readers = self._folder / "readers"
        readers.mkdir(mode=0o700, exist_ok=True)
        (readers / "youyue").write_text(_reader_conf(address.port, self._places.virtual_driver), encoding="ascii")
        address.socket.unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(address.socket))
        address.socket.chmod(0o600)
        listener.listen(socket.SOMAXCONN)
        command = [str(self._places.daemon), "--foreground", "--config", str(readers)]
        self._watch = _Watch(listener, command, log=self._folder / _LOG_NAME, environ=self._environ, given_up=self._forget_address)
        self._watch.start()
        try:
            seen = find_readers({**self._environ, SERVICE_VARIABLE: str(address.socket)}, limit_s=_READY_LIMIT_S)
        except ReaderUnavailableError as error:
            self.stop()
            message = f"the virtual reader did not come up ({error}): see {self._folder / _LOG_NAME}"
            raise PcscdUnavailableError(message) from None
        if READER_NAME in seen:
            return True
        # Somebody took the ports between the check and the start, which the driver does not say: others, then.
        self.stop()
        return False

    def _forget_address(self) -> None:
        if self._address is not None:
            self._address.forget(self._folder)


class _Watch:
    """The thread that starts the daemon, waits for its end and starts it again.

    A daemon that dies young several times in a row is given up: then the socket is closed, so that clients hear "no service".
    """

    def __init__(
        self, listener: socket.socket, command: list[str], *, log: Path, environ: Mapping[str, str], given_up: Callable[[], None]
    ) -> None:
        self._listener = listener
        self._command = command
        self._log = log
        self._environ = environ
        self._given_up = given_up
        self._stopping = Event()
        self._daemon: subprocess.Popen[bytes] | None = None
        self._thread = Thread(target=self._run, name="virtual-pcscd", daemon=True)

    @property
    def daemon_pid(self) -> int:
        daemon = self._daemon
        return daemon.pid if daemon is not None and daemon.poll() is None else 0

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        for round_number in range(_END_ROUNDS):
            if (daemon := self._daemon) is not None:
                # Repeated, because a daemon may be born while the stop is being asked for.
                daemon.send_signal(signal.SIGTERM if round_number < _POLITE_ROUNDS else signal.SIGKILL)
            self._thread.join(_END_ROUND_S)
            if not self._thread.is_alive():
                return

    def _run(self) -> None:
        young_deaths = 0
        with self._listener, self._log.open("wb") as log:
            while not self._stopping.is_set() and young_deaths < _YOUNG_DEATHS_ALLOWED:
                self._daemon = daemon = self._spawn(log)
                try:
                    daemon.wait(_YOUNG_S)
                except subprocess.TimeoutExpired:
                    young_deaths = 0
                    daemon.wait()
                else:
                    young_deaths += 1
                    self._stopping.wait(_RESTART_PAUSE_S * (young_deaths - 1))
        if not self._stopping.is_set():
            self._given_up()

    def _spawn(self, log: IO[bytes]) -> subprocess.Popen[bytes]:
        listener = self._listener.fileno()
        hand_over = [sys.executable, "-I", "-S", "-c", _HAND_OVER, str(listener), str(os.getpid()), *self._command]
        return subprocess.Popen(  # noqa: S603 - this interpreter and the installed daemon, no shell
            hand_over, pass_fds=[listener], stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=self._environ, start_new_session=True
        )


def free_port_pair(first: int) -> int:
    """Find a TCP port N that is free together with N + 1, on all addresses as the virtual driver wants them.

    The search begins at a place made of ``first``, such as a process number, so that two processes that search
    at the same time rarely meet. It stays below the ports that the system gives to outgoing connections: one
    of those could take the port while the daemon is being restarted.

    Raises:
        PcscdUnavailableError: there are no two free ports side by side.

    """
    for step in range(_PORT_PAIRS):
        port = _FIRST_PORT + 2 * ((first + step) % _PORT_PAIRS)
        with socket.socket() as lower, socket.socket() as upper:
            try:
                lower.bind(("", port))
                upper.bind(("", port + 1))
            except OSError:
                continue
            return port
    message = f"no two TCP ports side by side are free from {_FIRST_PORT} on: end what uses them"
    raise PcscdUnavailableError(message)


def _reader_conf(port: int, driver: Path) -> str:
    lines = [f'FRIENDLYNAME "{FRIENDLY_NAME}"', f"DEVICENAME /dev/null:0x{port:04X}", f"LIBPATH {driver}", f"CHANNELID 0x{port:04X}"]
    return "\n".join([*lines, ""])
