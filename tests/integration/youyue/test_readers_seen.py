"""Readers through a real pcscd, up and down."""

import os
from pathlib import Path

import pytest

from drivers.virtual_pcscd import VirtualPcscd
from drivers.virtual_reader import SERVICE_VARIABLE, use_service
from tests.pcsc_stack import PcscStack
from youyue.doctor.facts import ReaderService
from youyue.doctor.judge_kiosk import judge_readers
from youyue.doctor.probe_kiosk import see_readers


@pytest.fixture(autouse=True)
def _run_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))


def test_a_service_that_runs_answers_and_its_virtual_readers_are_none_for_patrons(pcsc_stack: PcscStack) -> None:
    seen = see_readers("system")
    assert (seen.service, seen.readers) == (ReaderService.ANSWERS, ())
    assert [finding.code for finding in judge_readers(seen)] == ["reader_none"]


def test_a_service_that_is_away_is_missed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(SERVICE_VARIABLE, str(tmp_path / "nobody.sock"))
    seen = see_readers("system")
    assert seen.service is ReaderService.DOES_NOT_ANSWER
    assert "SCARD_E_NO_SERVICE" in seen.detail


def test_a_virtual_reader_is_seen_while_it_runs_and_missed_when_it_stops(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(SERVICE_VARIABLE, str(tmp_path / "nobody.sock"))
    run = tmp_path / "youyue"
    environment = {name: value for name, value in os.environ.items() if name != SERVICE_VARIABLE}
    with VirtualPcscd(run, environ=environment) as address:
        use_service(environment, address.socket)
        assert [finding.code for finding in judge_readers(see_readers("virtual"))] == ["reader_virtual"]
        assert [finding.code for finding in judge_readers(see_readers("auto"))] == ["reader_only_virtual"]
    assert [finding.code for finding in judge_readers(see_readers("virtual"))] == ["reader_virtual_missing"]
    assert [finding.code for finding in judge_readers(see_readers("auto"))] == ["pcscd_silent"]
