"""Who holds a reader that is busy, read from trees like the kernel's."""

from pathlib import Path

import pytest

from drivers.nfcpy_holders import KernelDriver, OtherProgram, UsbPlace, holder_of

PLACE = UsbPlace(1, 4)


@pytest.fixture
def sys_devices(tmp_path: Path) -> Path:
    """A hub without a number of its own, another device, and the reader with two interfaces."""
    devices = tmp_path / "devices"
    for name, address in [("1-1", "3"), ("1-2", "4")]:
        (devices / name).mkdir(parents=True)
        (devices / name / "busnum").write_text("1\n", "ascii")
        (devices / name / "devnum").write_text(f"{address}\n", "ascii")
        for interface in (0, 1):
            (devices / name / f"{name}:1.{interface}").mkdir()
    (devices / "1-0:1.0").mkdir()
    return devices


def bind(device: Path, interface: int, driver: str) -> None:
    drivers = device.parents[1] / "drivers" / driver
    drivers.mkdir(parents=True, exist_ok=True)
    (device / f"{device.name}:1.{interface}" / "driver").symlink_to(drivers)


def run(proc: Path, pid: int, name: str, *opened: str) -> None:
    (proc / str(pid) / "fd").mkdir(parents=True)
    (proc / str(pid) / "comm").write_text(f"{name}\n", "ascii")
    for number, node in enumerate(opened):
        (proc / str(pid) / "fd" / str(number)).symlink_to(node)


def test_a_driver_of_the_kernel_is_named(sys_devices: Path, tmp_path: Path) -> None:
    bind(sys_devices / "1-2", 1, "pn533_usb")
    bind(sys_devices / "1-1", 0, "usbhid")
    assert holder_of(PLACE, sys_devices=sys_devices, proc=tmp_path) == KernelDriver("pn533_usb")


def test_a_program_is_named_by_the_device_it_has_opened(sys_devices: Path, tmp_path: Path) -> None:
    bind(sys_devices / "1-2", 0, "usbfs")
    run(tmp_path / "proc", 10, "bash", "/dev/null")
    run(tmp_path / "proc", 11, "pcscd", "/dev/bus/usb/001/003", "/dev/bus/usb/001/004")
    assert holder_of(PLACE, sys_devices=sys_devices, proc=tmp_path / "proc") == OtherProgram("pcscd")


def test_a_program_that_this_user_may_not_see_has_no_name(sys_devices: Path, tmp_path: Path) -> None:
    bind(sys_devices / "1-2", 0, "usbfs")
    (tmp_path / "proc" / "12").mkdir(parents=True)
    assert holder_of(PLACE, sys_devices=sys_devices, proc=tmp_path / "proc") == OtherProgram("")


def test_a_reader_without_a_driver_is_held_by_nobody(sys_devices: Path, tmp_path: Path) -> None:
    bind(sys_devices / "1-1", 0, "usbfs")
    assert holder_of(PLACE, sys_devices=sys_devices, proc=tmp_path) is None
    assert holder_of(UsbPlace(9, 9), sys_devices=sys_devices, proc=tmp_path) is None
