"""Commands of the registry on the small city, as a person types them: what is said comes back, and never a traceback."""

import io
import sys
from collections.abc import Callable
from dataclasses import dataclass

import pytest
import structlog

from tests.integration.registry.city import City
from youyue.cli import main


@dataclass(frozen=True)
class Told:
    """The exit code, and what was said."""

    code: int
    out: str
    err: str


Run = Callable[..., Told]


def commands_of(city: City, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs ``youyue registry WORDS``; ``typed`` is what comes from the keyboard."""
    database = ["--database", city.home.url] if city.home.url else []

    def run(*words: str, typed: str = "") -> Told:
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        # A server of this test logs a request after it has answered it: not into what the command says.
        structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(["registry", *words, "--folder", str(city.home.folder), *database])
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return Told(int(ended.value.code or 0), said.out, said.err)

    return run
