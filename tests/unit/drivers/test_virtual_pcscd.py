import socket
from pathlib import Path

import pytest

from drivers.virtual_pcscd import PcscdPlaces, PcscdUnavailableError, VirtualPcscd, free_port_pair


def test_a_missing_daemon_is_said_with_the_package_to_install(tmp_path: Path) -> None:
    pcscd = VirtualPcscd(tmp_path / "run", environ={}, places=PcscdPlaces(daemon=tmp_path / "pcscd"))
    with pytest.raises(PcscdUnavailableError, match="sudo apt install pcscd"):
        pcscd.start()
    assert not (tmp_path / "run").exists()


def test_a_missing_virtual_driver_is_said_with_the_package_to_install(tmp_path: Path) -> None:
    pcscd = VirtualPcscd(tmp_path / "run", environ={}, places=PcscdPlaces(virtual_driver=tmp_path / "libifdvpcd.so"))
    with pytest.raises(PcscdUnavailableError, match="sudo apt install vsmartcard-vpcd"):
        pcscd.start()


def test_a_missing_system_folder_is_made_or_said_with_the_command_that_makes_it(tmp_path: Path) -> None:
    PcscdPlaces(system_folder=tmp_path / "pcscd").check()
    assert (tmp_path / "pcscd").is_dir()
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(PcscdUnavailableError, match="sudo install -d"):
        PcscdPlaces(system_folder=tmp_path / "file" / "pcscd").check()


def test_a_path_too_long_for_a_socket_is_refused_before_anything_starts(tmp_path: Path) -> None:
    with pytest.raises(PcscdUnavailableError, match="too long a path"):
        VirtualPcscd(tmp_path / ("x" * 100), environ={}).start()


def test_a_pair_of_ports_is_free_and_the_next_search_passes_over_one_in_use() -> None:
    port = free_port_pair(0)
    with socket.socket() as upper:
        upper.bind(("", port + 1))
        other = free_port_pair(0)
    assert other >= port + 2
    assert other % 2 == 0
