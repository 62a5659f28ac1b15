import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.virtual_reader import ADDRESS_FILE, RunFolderError, VirtualReaderAddress, default_run_folder, make_private, use_service


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "s"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()
        yield path


def test_an_address_is_found_where_it_was_left(tmp_path: Path, service: Path) -> None:
    address = VirtualReaderAddress(service, 20000, 42)
    address.write(tmp_path)
    assert VirtualReaderAddress.find(tmp_path) == address
    address.forget(tmp_path)
    assert VirtualReaderAddress.find(tmp_path) is None


def test_an_address_whose_service_is_gone_is_not_found(tmp_path: Path) -> None:
    VirtualReaderAddress(tmp_path / "gone", 20000, 42).write(tmp_path)
    assert VirtualReaderAddress.find(tmp_path) is None


def test_a_socket_that_somebody_left_behind_is_no_service(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "s"))
    VirtualReaderAddress(tmp_path / "s", 20000, os.getpid()).write(tmp_path)
    assert VirtualReaderAddress.find(tmp_path) is None


@pytest.mark.parametrize("rubbish", ["", "[]", "{", '{"socket": 1, "port": 2, "pid": 3}', '{"socket": "s", "port": "2", "pid": 3}'])
def test_a_file_that_is_no_address_is_not_believed(tmp_path: Path, rubbish: str) -> None:
    (tmp_path / ADDRESS_FILE).write_text(rubbish, encoding="utf-8")
    assert VirtualReaderAddress.find(tmp_path) is None


def test_writing_leaves_no_draft_behind(tmp_path: Path, service: Path) -> None:
    VirtualReaderAddress(service, 20000, 42).write(tmp_path)
    assert [path.name for path in tmp_path.iterdir() if path != service] == [ADDRESS_FILE]


def test_the_run_folder_is_that_of_the_session_or_one_of_the_user() -> None:
    assert default_run_folder({"XDG_RUNTIME_DIR": "/run/user/1000"}, 1000) == Path("/run/user/1000/youyue")
    assert default_run_folder({}, 1000) == Path("/tmp/youyue-1000")  # noqa: S108 - the name is under test


def test_using_a_service_tells_this_process_and_those_it_starts() -> None:
    environ: dict[str, str] = {}
    use_service(environ, Path("/run/x/pcscd.sock"))
    assert environ == {"PCSCLITE_CSOCK_NAME": "/run/x/pcscd.sock"}


def test_a_private_folder_is_made_for_this_user_alone(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    make_private(folder)
    make_private(folder)
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_folder_that_others_may_enter_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "open"
    folder.mkdir()
    folder.chmod(0o755)
    with pytest.raises(RunFolderError, match="chmod 700"):
        make_private(folder)


def test_a_link_is_refused_even_when_it_leads_to_a_private_folder(tmp_path: Path) -> None:
    make_private(tmp_path / "real")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with pytest.raises(RunFolderError, match="is a link"):
        make_private(tmp_path / "link")


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(RunFolderError, match="cannot be made"):
        make_private(tmp_path / "file")
