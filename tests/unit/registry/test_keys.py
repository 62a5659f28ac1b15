"""The registry's key files and certificates."""

import os
import resource
import ssl
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from registry.keys import KeyFileError, make_keys, read_keys, write_private
from registry.server import Tls, TlsNeededError, require_tls
from registry.tls import CertificatesExistError, make_certificates

NOW = datetime(2026, 3, 11, 2, 0, tzinfo=UTC)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_keys_are_made_once_and_only_their_owner_may_read_them(tmp_path: Path) -> None:
    first = make_keys(tmp_path / "keys", random_bytes=os.urandom)
    for again in (make_keys(tmp_path / "keys", random_bytes=os.urandom), read_keys(tmp_path / "keys", mark=first.mark)):
        assert (again.public, again.card_secret) == (first.public, first.card_secret)
    assert mode(tmp_path / "keys") == 0o700
    assert {mode(path) for path in (tmp_path / "keys").iterdir()} == {0o600}
    Ed25519PublicKey.from_public_bytes(first.public).verify(again.sign(b"manifest"), b"manifest")


def test_a_key_that_others_can_read_stops_the_registry(tmp_path: Path) -> None:
    make_keys(tmp_path, random_bytes=os.urandom)
    (tmp_path / "card-key-1.key").chmod(0o644)
    with pytest.raises(KeyFileError, match="chmod 600"):
        read_keys(tmp_path, mark=None)


def test_a_damaged_key_stops_the_registry(tmp_path: Path) -> None:
    make_keys(tmp_path, random_bytes=os.urandom)
    (tmp_path / "registry-signing.key").write_bytes(b"short")
    with pytest.raises(KeyFileError, match="5 bytes instead of 32"):
        read_keys(tmp_path, mark=None)


@pytest.mark.parametrize("name", ["card-key-1.key", "registry-signing.key"])
def test_a_missing_key_is_never_made_again(tmp_path: Path, name: str) -> None:
    make_keys(tmp_path, random_bytes=os.urandom)
    (tmp_path / name).unlink()
    with pytest.raises(KeyFileError, match="is missing"):
        read_keys(tmp_path, mark=None)
    assert not (tmp_path / name).exists()


@pytest.mark.parametrize("name", ["card-key-1.key", "registry-signing.key"])
def test_one_key_of_another_library_is_seen_by_the_mark(tmp_path: Path, name: str) -> None:
    ours = make_keys(tmp_path / "ours", random_bytes=os.urandom)
    make_keys(tmp_path / "theirs", random_bytes=os.urandom)
    (tmp_path / "theirs" / name).rename(tmp_path / "ours" / name)
    with pytest.raises(KeyFileError, match="another library's"):
        read_keys(tmp_path / "ours", mark=ours.mark)


def test_a_key_file_that_breaks_off_leaves_nothing_and_the_next_try_makes_it(tmp_path: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, before[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            write_private(tmp_path / "one.key", bytes(10_000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert list(tmp_path.iterdir()) == []
    write_private(tmp_path / "one.key", bytes(10_000))
    assert [(path.name, path.stat().st_size) for path in tmp_path.iterdir()] == [("one.key", 10_000)]


def test_a_key_file_has_its_name_on_the_disk_before_anything_may_use_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, synced = os.fsync, []

    def fsync(descriptor: int) -> None:
        real(descriptor)
        synced.append((Path(f"/proc/self/fd/{descriptor}").readlink(), (tmp_path / "keys" / "card-key-1.key").exists()))

    monkeypatch.setattr(os, "fsync", fsync)
    make_keys(tmp_path / "keys", random_bytes=os.urandom)
    assert synced[-1] == (tmp_path / "keys", True)
    assert (tmp_path, False) in synced


def test_a_key_file_that_is_there_is_left_alone(tmp_path: Path) -> None:
    write_private(tmp_path / "one.key", b"first")
    with pytest.raises(FileExistsError):
        write_private(tmp_path / "one.key", b"second")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("one.key", b"first")]


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "registry.example"])  # noqa: S104 - refusing it is the test
def test_other_machines_are_not_served_in_clear(host: str, tmp_path: Path) -> None:
    with pytest.raises(TlsNeededError, match="certificate"):
        require_tls(host, None)
    require_tls(host, Tls(tmp_path / "server.crt", tmp_path / "server.key"))


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "localhost"])
def test_loopback_needs_no_certificate(host: str) -> None:
    require_tls(host, None)


def test_certificates_chain_to_their_own_authority(tmp_path: Path) -> None:
    made = make_certificates(tmp_path / "tls", ["localhost", "127.0.0.1"], now=NOW)
    authority = x509.load_pem_x509_certificate(made.authority.read_bytes())
    server = x509.load_pem_x509_certificate(made.server.certificate.read_bytes())
    server.verify_directly_issued_by(authority)
    names = server.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["localhost"]
    assert [str(address) for address in names.get_values_for_type(x509.IPAddress)] == ["127.0.0.1"]
    assert (mode(made.authority_key), mode(made.server.key)) == (0o600, 0o600)
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(made.server.certificate, made.server.key)


def test_certificates_are_never_overwritten(tmp_path: Path) -> None:
    before = make_certificates(tmp_path, ["localhost"], now=NOW).authority.read_bytes()
    with pytest.raises(CertificatesExistError, match=r"ca\.crt, ca\.key, server\.crt, server\.key"):
        make_certificates(tmp_path, ["localhost"], now=NOW)
    assert (tmp_path / "ca.crt").read_bytes() == before


def test_a_certificate_for_nobody_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="name at least one host"):
        make_certificates(tmp_path, [], now=NOW)
