"""The door to nfcpy: what an error of the system means, what is tried when several readers are there, what rubbish becomes."""

import errno
import logging
import os
import socket
import sys
from threading import Thread

import pytest

from drivers.nfcpy_frontend import FrontendError, NfcpyFrontend, fault_of, require_nfcpy
from drivers.nfcpy_holders import KernelDriver, OtherProgram
from drivers.ports import CardAnswerError, DeviceFault, ReaderUnavailableError


@pytest.mark.parametrize(
    ("number", "holder", "fault"),
    [
        (errno.EBUSY, KernelDriver("pn533_usb"), DeviceFault.HELD_BY_KERNEL),
        (errno.EBUSY, OtherProgram("pcscd"), DeviceFault.HELD_BY_PROGRAM),
        (errno.EBUSY, None, DeviceFault.HELD_BY_PROGRAM),
        (errno.EACCES, None, DeviceFault.NOT_PERMITTED),
        (errno.EPERM, None, DeviceFault.NOT_PERMITTED),
        (errno.ENODEV, None, DeviceFault.NO_READER),
        (errno.EIO, None, DeviceFault.NO_READER),
        (None, None, DeviceFault.NO_READER),
    ],
)
def test_an_error_of_the_system_has_one_meaning(number: int | None, holder: KernelDriver | OtherProgram | None, fault: DeviceFault) -> None:
    assert fault_of(number, holder) is fault


@pytest.mark.parametrize("path", ["usb:0000:0000", "tty:NONE99:pn532"])
def test_a_reader_that_is_not_there_is_named_by_its_path(path: str) -> None:
    with pytest.raises(FrontendError, match=path) as refused:
        NfcpyFrontend(path)
    assert refused.value.fault is DeviceFault.NO_READER


def test_nfcpy_writes_nothing_to_any_log(caplog: pytest.LogCaptureFixture) -> None:
    require_nfcpy()
    with pytest.raises(FrontendError):
        NfcpyFrontend("usb:0000:0000")
    assert not logging.getLogger("nfc.clf").isEnabledFor(logging.CRITICAL)
    assert caplog.records == []


def test_a_machine_without_nfcpy_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name == "nfc" or name.startswith("nfc.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "nfc", None)
    with pytest.raises(ReaderUnavailableError, match="with its extra `nfcpy`"):
        require_nfcpy()


def answer_all_with(air: socket.socket, rubbish: bytes) -> None:
    while True:
        question, reader = air.recvfrom(1024)
        if not question:
            return
        air.sendto(rubbish, reader)


@pytest.mark.parametrize("rubbish", [b"106A zz", b"106A", b"", b"106A 04", b"\xff\xfe 00", b"106A " + b"00" * 400])
def test_rubbish_from_the_air_never_leaves_the_door(rubbish: bytes) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as air:
        air.bind(("127.0.0.1", 0))
        frontend = NfcpyFrontend(f"udp:127.0.0.1:{air.getsockname()[1]}")
        answering = Thread(target=answer_all_with, args=(air, rubbish))
        answering.start()
        try:
            seen = frontend.look()
        finally:
            frontend.close()
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
                last.sendto(b"", air.getsockname())
            answering.join()
    assert seen is None or isinstance(seen, CardAnswerError)


def test_a_closed_reader_is_lost() -> None:
    frontend = NfcpyFrontend("udp:127.0.0.1:60999")
    frontend.close()
    with pytest.raises(FrontendError, match=os.strerror(errno.ENODEV)) as lost:
        frontend.look()
    assert lost.value.fault is DeviceFault.NO_READER
    frontend.cancel()
    frontend.close()
