"""The walls of the house: which room may know which. A forbidden import makes `make check` fail."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import grimp
import pytest

TREE = Path(__file__).parents[3]
PROJECT = tomllib.loads((TREE / "pyproject.toml").read_text("utf-8"))
ROOMS: list[str] = PROJECT["tool"]["importlinter"]["root_packages"]
CONTRACTS: dict[str, str] = {contract["id"]: contract["name"] for contract in PROJECT["tool"]["importlinter"]["contracts"]}

PLANTS = [
    ("layers", "drivers", "import kiosk", "kiosk"),
    ("layers", "ui", "import registry", "registry"),
    ("layers", "sync", "import ui", "ui"),
    ("layers", "kiosk", "import sync", "sync"),
    ("layers", "replica", "import drivers", "drivers"),
    ("layers", "circulation", "import replica", "replica"),
    ("circulation-is-pure", "circulation", "import sqlalchemy", "sqlalchemy"),
    ("circulation-is-pure", "circulation", "import time", "time"),
    ("only-drivers-ports", "kiosk", "import drivers.pcsc", "drivers.pcsc"),
    ("only-drivers-ports", "ui", "from drivers import pcsc", "drivers.pcsc"),
    ("drivers-know-cards-only", "drivers", "import circulation.policy", "circulation.policy"),
    ("registry-stands-alone", "registry", "import kiosk", "kiosk"),
    ("registry-stands-alone", "registry", "import drivers.ports", "drivers.ports"),
    ("qt-in-ui", "kiosk", "from PySide6.QtCore import QObject", "PySide6"),
    ("qt-in-ui", "registry", "import PySide6.QtCore", "PySide6"),
    ("hardware-in-drivers", "kiosk", "import smartcard.scard", "smartcard"),
    ("hardware-in-drivers", "youyue", "from smartcard import scard", "smartcard"),
    ("hardware-in-drivers", "youyue", "import nfc.clf", "nfc"),
    ("sql-in-stores", "sync", "import sqlalchemy", "sqlalchemy"),
    ("sql-in-stores", "kiosk", "from sqlalchemy import select", "sqlalchemy"),
    ("sql-in-stores", "youyue", "import sqlite3", "sqlite3"),
    ("sentences-at-the-edges", "kiosk", "import texts", "texts"),
    ("texts-is-a-leaf", "texts", "import circulation.reasons", "circulation.reasons"),
]
"""Contract, room, the line planted in a new module there, and what it imports."""


@pytest.fixture(scope="module")
def copied_house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Stands in for the tree, so that nothing is ever planted in it."""
    house = tmp_path_factory.mktemp("house")
    shutil.copy(TREE / "pyproject.toml", house)
    for room in ROOMS:
        shutil.copytree(TREE / room, house / room, ignore=shutil.ignore_patterns("__pycache__", "*.ttf", "*.otf", "*.svg", "*.png"))
    return house


def test_the_house_as_it_stands_keeps_its_walls(copied_house: Path) -> None:
    linted = _lint(copied_house)
    assert linted.returncode == 0, linted.stdout


def test_a_forbidden_import_breaks_its_contract_by_name(copied_house: Path) -> None:
    plants = [copied_house / room / f"planted_{number}.py" for number, (_, room, _, _) in enumerate(PLANTS)]
    for plant, (_, _, line, _) in zip(plants, PLANTS, strict=True):
        plant.write_text(f'"""A hole in the wall."""\n\n{line}\n', "utf-8")
    try:
        linted = _lint(copied_house)
    finally:
        for plant in plants:
            plant.unlink()
    told = _broken(linted.stdout)
    assert linted.returncode == 1
    assert [
        (contract, room, line)
        for number, (contract, room, line, imported) in enumerate(PLANTS)
        if f"{room}.planted_{number} -> {imported} (l.3)" not in told.get(CONTRACTS[contract], "")
    ] == []


def test_every_contract_is_shown_to_break() -> None:
    assert {contract for contract, _, _, _ in PLANTS} == set(CONTRACTS)


def test_check_lints_the_imports() -> None:
    would_run = subprocess.run(["make", "--dry-run", "check"], cwd=TREE, capture_output=True, text=True, check=True).stdout
    assert ".venv/bin/lint-imports --no-logo" in would_run.splitlines()


def test_circulation_imports_the_standard_library_and_msgspec_only() -> None:
    graph = grimp.build_graph("circulation", include_external_packages=True)
    outside = {module.partition(".")[0] for module in graph.modules} - {"circulation"}
    assert outside - sys.stdlib_module_names == {"msgspec"}


SQL = {"sqlalchemy", "sqlite3", "sqlcipher3", "alembic"}
HANDS_A_CONNECTION_ON = "from sqlalchemy import Connection"
"""Connections are parameters: whoever owns the transaction passes one to the stores."""


@pytest.mark.parametrize(
    ("module", "may"),
    [
        ("registry.exchange.store_facts", True),
        ("registry.cards.store", True),
        ("registry.cards.tables", True),
        ("registry.database", True),
        ("registry.migrations.versions.r0001_first_tables", True),
        ("registry.exchange.push", False),
        ("registry.cards.rules", False),
    ],
)
def test_a_store_is_known_by_its_name(module: str, may: bool) -> None:  # noqa: FBT001 - a column of the table
    assert _may_speak_sql(module) is may


def test_in_the_registry_only_stores_tables_and_migrations_speak_sql() -> None:
    graph = grimp.build_graph("registry", include_external_packages=True)
    imports = [
        (importer, detail["line_contents"])
        for library in sorted(SQL & graph.modules)
        for importer in sorted(graph.find_modules_that_directly_import(library))
        for detail in graph.get_import_details(importer=importer, imported=library)
    ]
    assert imports, "the registry has stores"
    assert [(module, line) for module, line in imports if not _may_speak_sql(module) and line != HANDS_A_CONNECTION_ON] == []


def test_every_room_is_linted_and_shipped() -> None:
    rooms = {path.parent.name for path in TREE.glob("*/__init__.py")} - {"benchmarks"}
    assert rooms == set(ROOMS) == set(PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"])


def _may_speak_sql(module: str) -> bool:
    name = module.rpartition(".")[2]
    return name.startswith("store") or name in {"database", "tables", "columns"} or module.startswith("registry.migrations.")


def _lint(house: Path) -> subprocess.CompletedProcess[str]:
    program = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    lint = [sys.executable, "-P", "-c", program, "--no-cache", "--no-logo"]
    return subprocess.run(lint, cwd=house, capture_output=True, text=True, check=False)


def _broken(report: str) -> dict[str, str]:
    """The report's paragraphs by the contract they are about."""
    _, *pieces = re.split(r"^(.+)\n-{3,}$", report.partition("Broken contracts")[2], flags=re.MULTILINE)
    return dict(zip(pieces[::2], pieces[1::2], strict=True))
