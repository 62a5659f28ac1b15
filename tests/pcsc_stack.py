"""The real PC/SC stack under the tests: one private pcscd a test process, with two virtual readers.

A process is bound to one PC/SC service by its first call, so all tests of a process share this one,
whichever folder they stand in. A conftest.py imports the fixture
and names it in ``__all__``.
"""

import os
import shutil
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from drivers.virtual_pcscd import VirtualPcscd
from drivers.virtual_reader import READER_NAME, SECOND_READER_NAME, VirtualReaderAddress, use_service


@dataclass(frozen=True, slots=True)
class PcscStack:
    """Where the service is, and who keeps it."""

    pcscd: VirtualPcscd
    address: VirtualReaderAddress
    run_folder: Path

    @property
    def readers(self) -> tuple[str, str]:
        return READER_NAME, SECOND_READER_NAME

    @property
    def daemon_pid(self) -> int:
        """The daemon of this moment; waits for it while it is being restarted."""
        patience = threading.Event()
        for _ in range(1000):
            if pid := self.pcscd.daemon_pid:
                return pid
            patience.wait(0.01)
        message = "the daemon is not restarted"
        raise AssertionError(message)


class _OneAProcess:
    """The stack of this process and how many fixtures hold it: each conftest that takes the fixture makes its own."""

    def __init__(self) -> None:
        self._stack: PcscStack | None = None
        self._holders = 0

    def take(self) -> PcscStack:
        if self._stack is None:
            # A unix socket's path is short; pytest's own folders may not be.
            folder = Path(tempfile.mkdtemp(prefix="yy-", dir="/tmp"))
            pcscd = VirtualPcscd(folder, environ=os.environ)
            self._stack = PcscStack(pcscd, pcscd.start(), folder)
            use_service(os.environ, self._stack.address.socket)
        self._holders += 1
        return self._stack

    def give_back(self) -> None:
        self._holders -= 1
        if self._stack is not None and not self._holders:
            self._stack.pcscd.stop()
            shutil.rmtree(self._stack.run_folder)
            self._stack = None


_ONE = _OneAProcess()


@pytest.fixture(scope="session")
def pcsc_stack() -> Iterator[PcscStack]:
    """Give the private pcscd of this test process."""
    yield _ONE.take()
    _ONE.give_back()
