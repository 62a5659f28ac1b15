"""What a kiosk says of itself: a file for the doctor, a report for the registry, only when something has changed."""

import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from circulation.wire import HealthReport
from drivers.ports import DeviceFault, DeviceState
from kiosk.device_book import PartFault, Standing
from kiosk.view import Attract, Place, View
from texts.catalogue import languages, open_catalogue
from texts.device_words import device_word, fault_word, repair_word
from youyue.doctor.findings import Level
from youyue.doctor.judge_devices import judge_devices
from youyue.kiosk_health import HEALTH_NAME, HealthTeller, read_health, report_of

NOON = datetime(2026, 3, 11, 4, 0, tzinfo=UTC)
OUT = Standing("printer", DeviceState.DEGRADED, NOON, "paper_out", detail="tcp://10.0.0.9")
GONE = Standing("reader", DeviceState.MISSING, NOON, "no_reader")
WELL = Standing("scanner", DeviceState.READY, NOON)


def a_view(*standings: Standing) -> View:
    return View(Attract(), Place("總館", NOON, None), standings=standings)


@pytest.fixture
def told() -> list[HealthReport]:
    return []


@pytest.fixture
def teller(tmp_path: Path, told: list[HealthReport]) -> HealthTeller:
    return HealthTeller(tmp_path, lambda: NOON, told.append)


def test_a_change_is_written_and_told_once_and_without_what_is_for_engineers(
    teller: HealthTeller, told: list[HealthReport], tmp_path: Path
) -> None:
    teller.see(a_view(OUT))
    teller.see(replace(a_view(OUT), needs_staff=True))
    assert told == [report_of((OUT,), NOON)]
    assert read_health(tmp_path) == told[0]
    assert "10.0.0.9" not in (tmp_path / HEALTH_NAME).read_text()
    assert stat.S_IMODE((tmp_path / HEALTH_NAME).stat().st_mode) == 0o600
    teller.see(a_view(OUT, GONE))
    assert len(told) == 2
    teller.forget()
    assert read_health(tmp_path) is None


def test_a_disk_that_takes_no_file_keeps_nobody_from_telling(told: list[HealthReport], tmp_path: Path) -> None:
    HealthTeller(tmp_path / "gone", lambda: NOON, told.append).see(a_view(OUT))
    assert len(told) == 1


@pytest.mark.parametrize("content", [b"", b"{}", b'{"v":2}'])
def test_a_file_that_says_something_else_says_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / HEALTH_NAME).write_bytes(content)
    assert read_health(tmp_path) is None


def test_the_doctor_fails_a_kiosk_that_can_not_lend_and_warns_of_the_rest() -> None:
    lost = Standing("registry", DeviceState.MISSING, NOON - timedelta(hours=1), PartFault.REGISTRY_LOST)
    found = list(judge_devices(report_of((OUT, GONE, WELL, lost), NOON), runs=True))
    assert [(one.level, one.code, one.values["device"], one.since) for one in found] == [
        (Level.WARNING, "device_degraded", "printer", NOON),
        (Level.FAILED, "device_missing", "reader", NOON),
        (Level.OK, "device_ready", "scanner", None),
        (Level.WARNING, "device_missing", "registry", NOON - timedelta(hours=1)),
    ]


def test_of_a_kiosk_that_does_not_run_or_has_told_nothing_nothing_is_known() -> None:
    assert [one.code for one in judge_devices(report_of((OUT,), NOON), runs=False)] == ["devices_unknown"]
    assert [one.code for one in judge_devices(None, runs=True)] == ["devices_unknown"]


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("fault", [*DeviceFault, *PartFault])
def test_every_fault_has_its_words_and_what_staff_do(language: str, fault: str) -> None:
    catalogue = open_catalogue(language)
    assert catalogue.say(f"fault.{fault}") == fault_word(fault, catalogue)
    assert repair_word(fault, catalogue)


@pytest.mark.parametrize("language", languages())
def test_a_device_or_fault_of_another_version_is_still_told(language: str) -> None:
    catalogue = open_catalogue(language)
    assert device_word("camera", catalogue) == "camera"
    assert fault_word("dirty_lens", catalogue) == catalogue.say("fault.driver_failed")
    assert repair_word("dirty_lens", catalogue) == catalogue.say("repair.other")
