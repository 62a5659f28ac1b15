"""Which readers are plugged into this machine, asked in a process of its own.

A process is bound to one PC/SC service by its first call, and that call may wait for ever. So the
question is put by ``python -m drivers.probe``, which prints a JSON list of names and can be ended.
"""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import msgspec

from drivers.ports import ReaderUnavailableError
from drivers.virtual_reader import FRIENDLY_NAME

_VIRTUAL_READERS = ("Virtual PCD", FRIENDLY_NAME)
_ENUMERATION_MS = 500
_NO_ANSWER = 3


def find_readers(environ: Mapping[str, str], *, limit_s: float = 5.0) -> tuple[str, ...]:
    """Name the readers of the PC/SC service that ``environ`` leads to: the system's, unless it names another.

    Raises:
        ReaderUnavailableError: no service runs, this user may not use it, or it did not answer within ``limit_s`` seconds.

    """
    rooms = str(Path(__file__).resolve().parent.parent)
    search_path = os.pathsep.join(part for part in (rooms, environ.get("PYTHONPATH", "")) if part)
    try:
        asked = subprocess.run(
            [sys.executable, "-P", "-m", "drivers.probe"],
            env={**environ, "PYTHONPATH": search_path},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=limit_s,
            check=False,
        )
    except subprocess.TimeoutExpired:
        message = f"the PC/SC service did not answer within {limit_s:g} s: restart it with `sudo systemctl restart pcscd`"
        raise ReaderUnavailableError(message) from None
    if asked.returncode:
        lines = asked.stderr.decode("utf-8", "replace").strip().splitlines()
        message = lines[-1] if lines else f"the search for card readers ended with status {asked.returncode}"
        raise ReaderUnavailableError(message)
    try:
        return tuple(msgspec.json.decode(asked.stdout, type=list[str]))
    except msgspec.MsgspecError:
        message = "the search for card readers gave no list of names"
        raise ReaderUnavailableError(message) from None


def is_real(reader: str) -> bool:
    """Whether a name is that of a device one can hold, and not of a virtual reader."""
    return not reader.startswith(_VIRTUAL_READERS)


def find_real_readers(environ: Mapping[str, str], *, limit_s: float = 5.0) -> tuple[str, ...]:
    """Name the real readers only, as ``find_readers`` does."""
    return tuple(reader for reader in find_readers(environ, limit_s=limit_s) if is_real(reader))


def main() -> int:
    """Print the names of the readers as a JSON list. The exit status is 0, or 3 when the service does not answer."""
    # Loaded here: the process that starts the probe must not load the PC/SC library.
    from drivers.pcsc_calls import PNP_READER, PcscCallError, PcscContext, system_scard  # noqa: PLC0415

    try:
        context = PcscContext(system_scard())
        names = context.readers()
        if not names:
            # A service that was started by this very question may still be looking at the bus.
            context.wait({PNP_READER: 0}, timeout_ms=_ENUMERATION_MS)
            names = context.readers()
        context.close()
    except PcscCallError as error:
        sys.stderr.write(f"the PC/SC service cannot be used: {error}\n")
        return _NO_ANSWER
    sys.stdout.buffer.write(msgspec.json.encode(names) + b"\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
