"""The locks: they hold all that is asked for, with hashes, and every role runs the same versions."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

TREE = Path(__file__).parents[3]
PROJECT = tomllib.loads((TREE / "pyproject.toml").read_text("utf-8"))
CORE: list[str] = PROJECT["project"]["dependencies"]
EXTRAS: dict[str, list[str]] = PROJECT["project"]["optional-dependencies"]
_PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(?:\[[^]]*\])?==(?P<version>[^ \\]+)", re.MULTILINE)


@pytest.mark.parametrize(
    ("lock", "asked_for"),
    [
        ("all", [*CORE, *(requirement for extra in EXTRAS.values() for requirement in extra)]),
        ("kiosk", [*CORE, *EXTRAS["kiosk"]]),
        ("kiosk-nfcpy", [*CORE, *EXTRAS["kiosk"], *EXTRAS["nfcpy"]]),
        ("registry", [*CORE, *EXTRAS["registry"]]),
        ("fuzz", [line for line in (TREE / "requirements" / "fuzz.in").read_text("utf-8").splitlines() if not line.startswith("#")]),
        ("build", PROJECT["build-system"]["requires"]),
    ],
)
def test_a_lock_holds_what_the_project_asks_for(lock: str, asked_for: list[str]) -> None:
    pins = _pins(lock)
    wanted = [Requirement(text) for text in asked_for]
    assert [r.name for r in wanted if canonicalize_name(r.name) not in pins] == []
    assert [r.name for r in wanted if not r.specifier.contains(pins[canonicalize_name(r.name)])] == []


@pytest.mark.parametrize("lock", ["build", "kiosk", "kiosk-nfcpy", "registry"])
def test_every_role_runs_the_developers_versions(lock: str) -> None:
    everything = _pins("all")
    assert {name: version for name, version in _pins(lock).items() if everything.get(name) != version} == {}


@pytest.mark.parametrize("lock", ["all", "build", "fuzz", "kiosk", "kiosk-nfcpy", "registry"])
def test_every_pin_has_hashes(lock: str) -> None:
    entries = re.split(r"\n(?=[A-Za-z0-9])", _text(lock))
    assert [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry] == []
    assert len(entries) == len(_pins(lock))


def _pins(lock: str) -> dict[str, str]:
    return {canonicalize_name(match["name"]): match["version"] for match in _PIN.finditer(_text(lock))}


def _text(lock: str) -> str:
    return (TREE / "requirements" / f"{lock}.txt").read_text("utf-8")
