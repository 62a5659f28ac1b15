"""The doctor as people and scripts call it, over a registry, a kiosk and a reader that run, stop and are killed.

What it makes of every single wound: tests/integration/youyue.
"""

import json
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.acts import lend
from tests.e2e.town import Town

ALL_IS_WELL, FAILED, USAGE, WARNS = 0, 1, 2, 4

REVOKE = """
import sys; from pathlib import Path; from uuid import UUID
from youyue.registry_room import open_registry; from youyue.settings import Settings
registry = open_registry(Path(sys.argv[1]), Settings()); assert registry.revoke_kiosk(UUID(sys.argv[2])); registry.close()
"""


@dataclass(frozen=True)
class Ward:
    """A town with one kiosk that has lent a book; nothing runs between two tests."""

    town: Town
    kiosk: Path

    def told(self, *words: str) -> subprocess.CompletedProcess[str]:
        done = self.town.youyue(*words)
        assert done.stderr == ""
        return done

    def report(self, *words: str) -> tuple[int, dict[str, dict[str, Any]]]:
        """The exit code, and the findings by their codes."""
        done = self.told(*words, "--json")
        return done.returncode, {finding["code"]: finding for finding in json.loads(done.stdout)["findings"]}

    def kiosk_report(self) -> tuple[int, dict[str, dict[str, Any]]]:
        return self.report("doctor", "--folder", str(self.kiosk))

    def registry_report(self) -> tuple[int, dict[str, dict[str, Any]]]:
        folder, url = str(self.town.registry_folder), f"http://127.0.0.1:{self.town.port}"
        return self.report("registry", "doctor", "--folder", folder, "--url", url)


@pytest.fixture(scope="module")
def ward(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ward]:
    # Unix sockets have short paths: pytest's folders may be too deep.
    with tempfile.TemporaryDirectory(prefix="yy") as run:
        town = Town(tmp_path_factory.mktemp("ward"), Path(run))
        town.environment["YOUYUE_KIOSK_READER"] = "virtual"
        town.found_registry()
        with town.serve_registry(), town.start_reader():
            kiosk = town.enrol_kiosk("L12", "kiosk")
            with town.start_kiosk(kiosk) as running:
                lend(town, running, town.barcodes("L12")[:1])
        yield Ward(town, kiosk)


def bad(found: dict[str, dict[str, Any]], level: str) -> set[str]:
    return {code for code, finding in found.items() if finding["level"] == level}


def test_while_everything_runs_all_is_well_then_a_warning_is_one_and_the_kiosk_lends_on(ward: Ward) -> None:
    town = ward.town
    with town.serve_registry(), town.start_reader(), town.start_kiosk(ward.kiosk) as kiosk:
        code, found = ward.kiosk_report()
        assert code == ALL_IS_WELL, found
        assert {"kiosk_runs", "ledger", "replica", "feed", "network", "enrolled", "clock", "disk", "reader_virtual"} <= set(found)
        lend(town, kiosk, town.barcodes("L12")[1:2], pupil=1)
        code, found = ward.registry_report()
        assert code == ALL_IS_WELL, found
        assert found["kiosk"]["values"]["branch"] == "L12"
        assert found["kiosk"]["values"]["facts"] >= 1
        ward.kiosk.chmod(0o711)
        code, found = ward.kiosk_report()
        ward.kiosk.chmod(0o700)
        assert (code, bad(found, "warning"), bad(found, "failed")) == (WARNS, {"folder_open"}, set())
        assert found["folder_open"]["since"]


def test_a_registry_that_stopped_is_missed_on_both_sides_since_its_last_word(ward: Ward) -> None:
    code, found = ward.kiosk_report()
    assert code == FAILED
    assert found["network_connection"]["values"]["detail"] == "Connection refused"
    assert found["network_connection"]["since"]
    assert found["network_connection"]["do"]
    assert bad(found, "failed") == {"network_connection", "reader_virtual_missing"}
    assert "kiosk_stands" in bad(found, "warning")
    code, found = ward.registry_report()
    assert (code, bad(found, "failed")) == (FAILED, {"network_connection"})


def test_a_kiosk_that_was_killed_is_looked_into_with_what_it_had_not_sent(ward: Ward) -> None:
    with ward.town.start_reader():
        kiosk = ward.town.start_kiosk(ward.kiosk)
        lend(ward.town, kiosk, ward.town.barcodes("L12")[2:3], pupil=2)
        assert kiosk.end(signal.SIGKILL) == -signal.SIGKILL
    log = (ward.kiosk / "ledger.db-wal").read_bytes()
    assert ward.kiosk_report()[1]["unsent"]["values"]["count"] == 1
    assert log
    assert (ward.kiosk / "ledger.db-wal").read_bytes() == log


def test_nothing_of_a_patron_or_a_book_stands_in_a_report(ward: Ward) -> None:
    told = [
        ward.told("doctor", "--folder", str(ward.kiosk)).stdout,
        ward.told("registry", "doctor", "--folder", str(ward.town.registry_folder)).stdout,
    ]
    copies = [copy for copy in ward.town.city.copies if copy.branch == "L12"][:3]
    secrets = [secret for pupil in ward.town.pupils[:3] for secret in (pupil.full_name, pupil.national_id, pupil.uid.hex)]
    secrets += [secret for copy in copies for secret in (copy.barcode, copy.title)]
    assert all(told)
    assert [secret for secret in secrets if any(secret in text for text in told)] == []


@pytest.mark.parametrize("words", [("doctor",), ("registry", "doctor")])
def test_where_nothing_is_it_is_said_in_chinese_and_nothing_is_made(ward: Ward, words: tuple[str, ...]) -> None:
    nowhere = ward.town.folder / "nowhere"
    told = ward.told(*words, "--folder", str(nowhere))
    assert told.returncode == FAILED
    assert "不存在" in told.stdout
    assert "處理方式" in told.stdout
    assert not nowhere.exists()


def test_a_terminal_without_chinese_and_a_wrong_setting_bring_no_traceback(ward: Ward) -> None:
    ward.town.environment["PYTHONIOENCODING"] = "ascii"
    told = ward.told("doctor", "--folder", "nowhere")
    del ward.town.environment["PYTHONIOENCODING"]
    assert (told.returncode, "youyue" in told.stdout) == (FAILED, True)
    ward.town.environment["YOUYUE_KIOSK_PIN_TRIES"] = "many"
    done = ward.town.youyue("doctor")
    del ward.town.environment["YOUYUE_KIOSK_PIN_TRIES"]
    assert (done.returncode, done.stdout) == (USAGE, "")
    assert done.stderr.startswith("youyue: environment YOUYUE_KIOSK_PIN_TRIES: kiosk.pin_tries:")


def test_a_revoked_kiosk_is_told_so(ward: Ward) -> None:
    identity = json.loads((ward.kiosk / "identity.json").read_bytes())["kiosk"]
    subprocess.run([sys.executable, "-c", REVOKE, str(ward.town.registry_folder), identity], check=True)
    with ward.town.serve_registry():
        assert "enrolment_revoked" in bad(ward.kiosk_report()[1], "failed")
        assert ward.registry_report()[1]["kiosk_revoked"]["level"] == "ok"
