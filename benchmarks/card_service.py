"""A private pcscd with the virtual reader, for the measures that lay down cards."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from drivers.virtual_pcscd import VirtualPcscd
from drivers.virtual_reader import VirtualReaderAddress, use_service


@contextmanager
def card_service() -> Iterator[VirtualReaderAddress]:
    """Run it, always at the same place: libpcsclite asks once in the life of a process where the service is."""
    with VirtualPcscd(Path(_place().name), environ=os.environ) as address:
        use_service(os.environ, address.socket)
        yield address


@cache
def _place() -> TemporaryDirectory[str]:
    """Gone with the process. A unix socket's path is short; the folder of the builds may not be."""
    return TemporaryDirectory(prefix="yy-", dir="/tmp")
