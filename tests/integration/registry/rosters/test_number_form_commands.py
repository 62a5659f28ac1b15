"""The number form of a sender through the commands: kept, used, not to be contradicted; and readers without the registry's packages."""

import subprocess
import sys
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from circulation.cards import NumberForm
from circulation.ids import BranchCode
from registry.database import Database
from registry.lending.store import Branch, add_branches
from tests.unit.registry.rosters.roster_files import a_pupil, bureau_file
from youyue.cli import main
from youyue.cli.calibration import FoundForm
from youyue.cli.kept_form import find_and_keep
from youyue.settings import load

_WITHOUT = """
import sys
for name in ("litestar", "argon2", "psycopg", "python_calamine", "uvicorn"):
    sys.modules[name] = None
import youyue.cli.devices
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A registry with one branch and nobody in it."""
    made = tmp_path / "registry"
    made.mkdir(mode=0o700)
    with closing(Database.sqlite(made / "registry.db")) as database:
        database.migrate()
        database.write(lambda work: add_branches(work, [Branch(BranchCode("C01"), "總館")]))
    return made


def test_a_form_is_kept_used_for_the_next_file_and_not_contradicted(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for form, cards in ((NumberForm.HEX, 1), (NumberForm.DECIMAL_LITTLE, 2)):
        find_and_keep(partial(FoundForm, form, cards), load(None, {}), folder, None, sender="bureau", by="lin")
    told = capsys.readouterr().out
    assert "bureau writes card numbers as decimal_little" in told
    assert "bureau was known to write hex" in told
    file = bureau_file(tmp_path, a_pupil(card="0472621828"))
    words = ["registry", "import", "bureau-students", str(file), "--sender", "bureau", "--yes", "--folder", str(folder)]
    with pytest.raises(SystemExit) as refused:
        main([*words, "--card-form", "hex"])
    assert (refused.value.code, "as decimal_little, not hex" in capsys.readouterr().err) == (2, True)
    with pytest.raises(SystemExit) as imported:
        main(words)
    assert imported.value.code == 0
    with closing(Database.sqlite(folder / "registry.db")) as database, database.reading() as connection:
        assert [row[0] for row in connection.exec_driver_sql("SELECT uid FROM card")] == ["04A32B1C"]


def test_a_kiosk_without_the_registrys_packages_has_its_reader_commands() -> None:
    done = subprocess.run([sys.executable, "-c", _WITHOUT], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
