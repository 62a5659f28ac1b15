"""The registry of a city in a process of its own, as in life on a machine of its own: ``python -m benchmarks.registry_process FOLDER [URL]``.

Prints its address in one line, then a one-time code for each line that comes in; ends when no more can come.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from benchmarks.city import BRANCH
from benchmarks.city_files import open_registry
from registry.server import listen
from youyue import logs
from youyue.garbage import leave_standing


@dataclass(frozen=True, slots=True)
class ServedRegistry:
    """A registry that serves on loopback."""

    url: str
    ask: IO[str]
    answers: IO[str]
    process: int

    def code(self) -> str:
        """A new one-time code for the city's branch."""
        print(file=self.ask, flush=True)
        return self.answers.readline().strip()


@contextmanager
def served(folder: Path, database: str = "") -> Iterator[ServedRegistry]:
    """Serve a registry's folder, and the PostgreSQL database of a URL where one is given, until the block ends."""
    command = [sys.executable, "-m", "benchmarks.registry_process", str(folder), *([database] if database else [])]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        if not url:
            message = f"the registry of {folder} did not start"
            raise RuntimeError(message)
        yield ServedRegistry(url, process.stdin, process.stdout, process.pid)
        process.stdin.close()


def main(folder: Path, database: str) -> None:
    logs.configure()
    with closing(open_registry(folder, database)) as registry, registry.server(listen()) as server:
        leave_standing()
        print(server.url, flush=True)
        for _ in sys.stdin:
            print(registry.issue_code(BRANCH).code, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "")
