"""``youyue registry import --sender/--stage`` and ``youyue registry batches``, as a person or a script calls them."""

import re
from contextlib import closing
from pathlib import Path

import pytest

from circulation.ids import BranchCode
from registry.database import Database
from registry.lending.store import Branch, add_branches
from registry.schools.store import School, set_schools
from tests.integration.registry.rosters.counter import dump
from tests.unit.registry.rosters.roster_files import CONTACT_HEADINGS, a_contact, a_pupil, bureau_file, contact_file
from youyue.cli import main

OWN = ("姓名", "身分證字號", "生日", "居住處所", "通訊電話", "行動電話")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A registry with one branch and nobody in it."""
    made = tmp_path / "registry"
    made.mkdir(mode=0o700)
    with closing(Database.sqlite(made / "registry.db")) as database:
        database.migrate()
        database.write(lambda work: add_branches(work, [Branch(BranchCode("C01"), "總館")]))
        database.write(lambda work: set_schools(work, [School("400001", "虛構國小", BranchCode("C01"))]))
    return made


def youyue(folder: Path, *words: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["registry", *words, "--folder", str(folder)])
    assert isinstance(ended.value.code, int)
    return ended.value.code


def rows_in(folder: Path, table: str) -> int:
    with closing(Database.sqlite(folder / "registry.db")) as database:
        return len(dump(database)[table])


def test_a_staged_file_is_shown_stored_and_undone_by_its_key(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = bureau_file(tmp_path, a_pupil())
    assert youyue(folder, "import", "bureau-students", str(file), "--stage", "--staff", "lin") == 0
    found = re.search(r"[0-9a-f]{8}-[0-9a-f-]{27}", capsys.readouterr().out)
    assert found is not None
    key = found[0]
    assert rows_in(folder, "patron") == 0
    assert youyue(folder, "batches") == 0
    listed = capsys.readouterr().out
    assert f"{key}  bureau-students  school year" in listed
    assert "waiting" in listed
    assert youyue(folder, "batches", "show", key) == 0
    assert "新建讀者 / patrons created" in capsys.readouterr().out
    assert youyue(folder, "batches", "approve", key, "--staff", "chen") == 1
    assert youyue(folder, "batches", "commit", key, "--yes") == 0
    assert rows_in(folder, "patron") == 1
    assert youyue(folder, "batches", "undo", key, "--dry-run") == 0
    assert "patrons removed" in capsys.readouterr().out
    assert rows_in(folder, "patron") == 1
    assert youyue(folder, "batches", "undo", key, "--yes") == 0
    assert rows_in(folder, "patron") == 0
    assert youyue(folder, "batches", "undo", key, "--yes") == 0
    assert "nothing was changed" in capsys.readouterr().out


def test_a_batch_is_discarded_once(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    youyue(folder, "import", "bureau-students", str(bureau_file(tmp_path, a_pupil())), "--stage")
    found = re.search(r"[0-9a-f]{8}-[0-9a-f-]{27}", capsys.readouterr().out)
    assert found is not None
    assert youyue(folder, "batches", "discard", found[0]) == 0
    assert youyue(folder, "batches", "discard", found[0]) == 1
    assert "waits for nobody" in capsys.readouterr().err
    assert youyue(folder, "batches", "show", "00000000-0000-0000-0000-000000000001") == 2


def test_a_senders_headings_and_card_form_are_remembered_and_a_change_is_told(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = contact_file(tmp_path, a_contact(), headings=OWN)
    words = ("import", "school-contacts", str(file), "--yes", "--sender", "400001")
    assert youyue(folder, *words) == 2
    assert "通訊地址" in capsys.readouterr().err
    assert youyue(folder, *words, "--map", "居住處所=通訊地址") == 0
    assert youyue(folder, *words) == 0
    contact_file(tmp_path, a_contact(address="新路9號"), headings=CONTACT_HEADINGS)
    assert youyue(folder, *words) == 2
    assert "居住處所" in capsys.readouterr().err
    assert youyue(folder, *words, "--accept-headings") == 0
    assert youyue(folder, *words) == 0


def test_a_dry_run_remembers_no_sender(folder: Path, tmp_path: Path) -> None:
    file = contact_file(tmp_path, a_contact(), headings=OWN)
    words = ("import", "school-contacts", str(file), "--dry-run", "--sender", "400001", "--map", "居住處所=通訊地址")
    before = rows_in(folder, "roster_sender")
    assert youyue(folder, *words) == 0
    assert (before, rows_in(folder, "roster_sender"), rows_in(folder, "roster_batch")) == (0, 0, 0)


def test_a_mapping_needs_its_sender(folder: Path, tmp_path: Path) -> None:
    file = contact_file(tmp_path, a_contact())
    assert youyue(folder, "import", "school-contacts", str(file), "--map", "居住處所=通訊地址") == 2
