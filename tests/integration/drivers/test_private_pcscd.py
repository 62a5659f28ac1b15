"""The private pcscd as a whole: started, killed, given up, left behind. Its readers are asked for by the probe, in processes of their own."""

import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.ports import ReaderUnavailableError
from drivers.probe import find_readers, find_real_readers
from drivers.virtual_pcscd import PcscdPlaces, PcscdUnavailableError, VirtualPcscd, free_port_pair
from drivers.virtual_reader import READER_NAME, SECOND_READER_NAME, SERVICE_VARIABLE, VirtualReaderAddress

LIMIT_S = 30.0


@pytest.fixture
def run_folder() -> Iterator[Path]:
    # A unix socket's path is short; pytest's own folders may not be.
    with tempfile.TemporaryDirectory(prefix="yy-", dir="/tmp") as folder:
        yield Path(folder)


def leads_to(address: VirtualReaderAddress) -> dict[str, str]:
    return {**os.environ, SERVICE_VARIABLE: str(address.socket)}


def wait_for_the_end_of(pid: int) -> None:
    handle = os.pidfd_open(pid)
    try:
        ended, _, _ = select.select([handle], [], [], LIMIT_S)
    finally:
        os.close(handle)
    assert ended, f"process {pid} lives on"


def test_it_shows_two_virtual_readers_and_no_real_one(run_folder: Path) -> None:
    with VirtualPcscd(run_folder, environ=os.environ) as address:
        assert find_readers(leads_to(address), limit_s=LIMIT_S) == (READER_NAME, SECOND_READER_NAME)
        assert find_real_readers(leads_to(address), limit_s=LIMIT_S) == ()


def test_other_commands_find_it_while_it_runs_and_not_afterwards(run_folder: Path) -> None:
    pcscd = VirtualPcscd(run_folder, environ=os.environ)
    address = pcscd.start()
    daemon_pid = pcscd.daemon_pid
    assert VirtualReaderAddress.find(run_folder) == address
    pcscd.stop()
    pcscd.stop()
    assert VirtualReaderAddress.find(run_folder) is None
    assert not address.socket.exists()
    with pytest.raises(ProcessLookupError):
        os.kill(daemon_pid, 0)


def test_after_a_stop_it_can_be_started_again(run_folder: Path) -> None:
    for _ in range(2):
        with VirtualPcscd(run_folder, environ=os.environ) as address:
            assert READER_NAME in find_readers(leads_to(address), limit_s=LIMIT_S)


def test_a_second_one_in_the_same_folder_is_refused_with_the_place(run_folder: Path) -> None:
    with VirtualPcscd(run_folder, environ=os.environ), pytest.raises(PcscdUnavailableError, match=str(run_folder)):
        VirtualPcscd(run_folder, environ=os.environ).start()


def test_two_run_side_by_side(run_folder: Path) -> None:
    with VirtualPcscd(run_folder / "a", environ=os.environ) as one, VirtualPcscd(run_folder / "b", environ=os.environ) as other:
        assert {one.port, one.port + 1}.isdisjoint({other.port, other.port + 1})
        assert READER_NAME in find_readers(leads_to(one), limit_s=LIMIT_S)
        assert READER_NAME in find_readers(leads_to(other), limit_s=LIMIT_S)


def test_ports_that_somebody_took_at_the_last_moment_are_noticed_and_others_are_used(
    run_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken, free = free_port_pair(0), free_port_pair(3000)
    offered = iter([taken, free])
    monkeypatch.setattr("drivers.virtual_pcscd.free_port_pair", lambda _first: next(offered))
    with (
        socket.create_server(("", taken)),
        socket.create_server(("", taken + 1)),
        VirtualPcscd(run_folder, environ=os.environ) as address,
    ):
        assert address.port == free
        assert READER_NAME in find_readers(leads_to(address), limit_s=LIMIT_S)


def test_a_killed_daemon_is_replaced_and_clients_that_came_meanwhile_are_served(run_folder: Path) -> None:
    pcscd = VirtualPcscd(run_folder, environ=os.environ)
    with pcscd as address:
        for _ in range(3):
            killed = pcscd.daemon_pid
            os.kill(killed, signal.SIGKILL)
            assert READER_NAME in find_readers(leads_to(address), limit_s=LIMIT_S)
            assert pcscd.daemon_pid not in {killed, 0}


def test_a_daemon_that_does_not_come_up_is_given_up_with_the_place_of_its_log(run_folder: Path) -> None:
    pcscd = VirtualPcscd(run_folder, environ=os.environ, places=PcscdPlaces(daemon=Path("/bin/false")))
    with pytest.raises(PcscdUnavailableError, match=r"pcscd\.log"):
        pcscd.start()
    assert VirtualReaderAddress.find(run_folder) is None


def test_when_its_keeper_is_killed_the_daemon_goes_too_and_the_address_is_stale(run_folder: Path) -> None:
    keeper_code = (
        "import os, sys, signal; from pathlib import Path; from drivers.virtual_pcscd import VirtualPcscd\n"
        "pcscd = VirtualPcscd(Path(sys.argv[1]), environ=os.environ); pcscd.start()\n"
        "print(pcscd.daemon_pid, flush=True); signal.pause()"
    )
    with subprocess.Popen([sys.executable, "-c", keeper_code, str(run_folder)], stdout=subprocess.PIPE) as keeper:
        assert keeper.stdout is not None
        daemon_pid = int(keeper.stdout.readline())
        assert VirtualReaderAddress.find(run_folder) is not None
        keeper.kill()
        wait_for_the_end_of(daemon_pid)
    assert VirtualReaderAddress.find(run_folder) is None
    with VirtualPcscd(run_folder, environ=os.environ) as address:
        assert VirtualReaderAddress.find(run_folder) == address


def test_a_service_that_never_answers_does_not_hold_the_probe(run_folder: Path) -> None:
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(run_folder / "s"))
        silent.listen()
        with pytest.raises(ReaderUnavailableError, match=r"did not answer within 1 s"):
            find_readers({**os.environ, SERVICE_VARIABLE: str(run_folder / "s")}, limit_s=1.0)


def test_the_probe_prints_a_json_list(run_folder: Path) -> None:
    with VirtualPcscd(run_folder, environ=os.environ) as address:
        printed = subprocess.run(
            [sys.executable, "-m", "drivers.probe"], env=leads_to(address), capture_output=True, check=True, timeout=LIMIT_S
        ).stdout
    assert printed == b'["Youyue Demo 00 00","Youyue Demo 00 01"]\n'
