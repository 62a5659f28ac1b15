"""A small town of real processes: a registry, a virtual reader, kiosks without a screen; everything through the command line."""

import os
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from circulation.cards import CardUid
from circulation.ids import BranchCode
from drivers.virtual_reader import VirtualReaderAddress
from drivers.virtual_scanner import send_scan
from drivers.vpcd import VirtualCard
from youyue.demo.city import make_city

YOUYUE = (sys.executable, "-m", "youyue")
PATIENCE_S = 60.0


class Program:
    """A running ``youyue`` command whose lines can be waited for."""

    def __init__(self, *arguments: str, environment: Mapping[str, str], under: Sequence[str] = (), typed: str = "") -> None:
        """``under`` is a program that runs the command, such as strace; ``typed`` is what a person answers, line by line."""
        self.lines: list[str] = []
        self._news = threading.Condition()
        self._process = subprocess.Popen(
            [*under, *YOUYUE, *arguments],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert self._process.stdin is not None
        with self._process.stdin as keyboard:
            keyboard.write(typed)
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.end(signal.SIGTERM)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def is_gone(self) -> bool:
        """Whether the process has ended."""
        return self._process.poll() is not None

    def wait_for(self, pattern: str, *, times: int = 1, after: int = 0) -> list[str]:
        """Give the lines that hold the pattern, as soon as there are so many; ``after`` so many lines at the beginning."""

        def found() -> list[str]:
            return [line for line in self.lines[after:] if re.search(pattern, line)]

        with self._news:
            assert self._news.wait_for(lambda: len(found()) >= times, PATIENCE_S), f"no {pattern!r} ({times} times) in:\n" + "\n".join(
                self.lines
            )
            return found()

    def heard_or_gone(self, pattern: str, *, times: int = 1) -> bool:
        """Wait until the pattern has been printed so often or the process has ended; whether it was printed."""

        def heard() -> bool:
            return sum(re.search(pattern, line) is not None for line in self.lines) >= times

        with self._news:
            assert self._news.wait_for(lambda: heard() or self.is_gone, PATIENCE_S), "\n".join(self.lines)
        if self.is_gone:
            self._listener.join(PATIENCE_S)
        return heard()

    def end(self, number: signal.Signals) -> int:
        """Send a signal, wait for the end; the exit status."""
        if self._process.poll() is None:
            self._process.send_signal(number)
        code = self._process.wait(PATIENCE_S)
        self._listener.join(PATIENCE_S)
        return code

    def _listen(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as printed:
            for line in printed:
                with self._news:
                    self.lines.append(line.rstrip("\n"))
                    self._news.notify_all()
        with self._news:
            self._news.notify_all()


class Town:
    """Everything lives in one folder; ``run`` is short enough for unix sockets; ``copies`` items stand in each branch."""

    def __init__(self, folder: Path, run: Path, *, copies: int = 60) -> None:
        self.city = make_city(seed=114, pupils=600, copies_per_branch=copies)
        self.pupils = [pupil for pupil in self.city.pupils if pupil.contact_complete and not pupil.card_lost]
        self.copies = copies
        self.folder = folder
        self.run = run / "youyue"
        self.environment = {**os.environ, "XDG_RUNTIME_DIR": str(run), "PYTHONUNBUFFERED": "1"}
        self.environment.pop("PCSCLITE_CSOCK_NAME", None)
        self.registry_folder = folder / "registry"
        self.port = 0

    def youyue(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(
            [*YOUYUE, *arguments],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )

    def found_registry(self) -> None:
        founded = self.youyue("registry", "init", "--demo-city", "--copies", str(self.copies), "--folder", str(self.registry_folder))
        assert founded.returncode == 0, founded.stderr

    def serve_registry(self, *, verbose: bool = False) -> Program:
        """Start the registry; at the same port as before, if it has served already."""
        program = Program(
            *(["--verbose"] if verbose else []),
            "registry",
            "serve",
            "--folder",
            str(self.registry_folder),
            "--port",
            str(self.port),
            environment=self.environment,
        )
        line = program.wait_for(r"serves http")[0]
        self.port = int(re.search(r":(\d+) ", line)[1])  # type: ignore[index]  # the pattern was just found
        return program

    def enrol_kiosk(self, branch: str, name: str) -> Path:
        code = self.youyue("registry", "code", branch, "--folder", str(self.registry_folder)).stdout.split()[0]
        folder = self.folder / name
        done = self.youyue("kiosk", "enrol", "--registry", f"http://127.0.0.1:{self.port}", "--code", code, "--folder", str(folder))
        assert done.returncode == 0, done.stderr
        return folder

    def start_reader(self) -> Program:
        program = Program("reader", "virtual", environment=self.environment)
        program.wait_for("is ready")
        return program

    def start_kiosk(self, folder: Path, *, place: int = 1, under: Sequence[str] = ()) -> Program:
        """Start a kiosk, by a program that runs it where one is named, and wait until it can read cards and scan books."""
        program = Program(
            "kiosk",
            "run",
            "--headless",
            "--reader",
            "virtual",
            "--folder",
            str(folder),
            "--place",
            str(place),
            environment=self.environment,
            under=under,
        )
        program.wait_for("screen Attract")
        until(lambda: self.scanner(place).exists(), "the scanner's socket")
        return program

    def barcodes(self, branch: str) -> list[str]:
        return [copy.barcode for copy in self.city.copies_of(BranchCode(branch))]

    def scanner(self, place: int) -> Path:
        return self.run / f"scanner-{place}.sock"

    def scan(self, barcode: str, *, place: int = 1) -> None:
        send_scan(self.scanner(place), barcode)

    def card(self, uid: CardUid, *, place: int = 1) -> VirtualCard:
        address = VirtualReaderAddress.find(self.run)
        assert address is not None
        return VirtualCard(uid, port=address.port + place - 1)

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """Ask the registry's database by plain SQL."""
        with closing(sqlite3.connect(f"file:{self.registry_folder / 'registry.db'}?mode=ro", uri=True)) as connection:
            return connection.execute(statement).fetchall()


def until(true: Callable[[], bool], what: str, *, seconds: float = PATIENCE_S) -> float:
    """Wait for something outside this process that nobody announces; the seconds it took."""
    began = time.monotonic()
    pause = threading.Event()
    while not true():
        assert time.monotonic() - began < seconds, f"waited {seconds:g} s for {what}"
        pause.wait(0.02)
    return time.monotonic() - began
