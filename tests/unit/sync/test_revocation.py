"""A kiosk's own revocation: only the registry's signed word counts, and what it wipes."""

from pathlib import Path
from uuid import UUID, uuid4

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from circulation.revocations import REVOCATION_CONTEXT, KioskRevoked, Revocation
from circulation.wire import Problem
from sync.errors import RegistryForbidsError, RegistryUnreachableError
from sync.identity import IDENTITY_NAME, Identity, read_identity, write_identity
from sync.revocation import REVOKED_NAME, Revocations, was_revoked
from tests.unit.sync.values import NOW, an_identity

REGISTRY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
STRANGER = Ed25519PrivateKey.from_private_bytes(bytes(32))
CARD_KEY = bytes(range(100, 132))


@pytest.fixture
def identity(tmp_path: Path) -> Identity:
    made = msgspec.structs.replace(an_identity(), registry_key=REGISTRY.public_key().public_bytes_raw(), card_key=CARD_KEY)
    write_identity(tmp_path, made)
    return made


def a_word(kiosk: UUID, *, key: Ed25519PrivateKey = REGISTRY, context: bytes = REVOCATION_CONTEXT) -> KioskRevoked:
    raw = msgspec.json.encode(Revocation(kiosk=kiosk, revoked_at=NOW))
    return KioskRevoked(code="kiosk_revoked", problem="", revocation=raw, signature=key.sign(context + raw))


def refused(word: KioskRevoked | None) -> RegistryForbidsError:
    return RegistryForbidsError(403, Problem(code="kiosk_revoked", problem=""), word)


def test_the_registrys_word_is_kept_and_keys_and_snapshots_are_gone(tmp_path: Path, identity: Identity) -> None:
    memory = tmp_path / "memory"
    memory.mkdir()
    (memory / "a.part").write_bytes(b"\x01" * 3000)
    open_part = (memory / "a.part").open("rb")
    revocations = Revocations(identity, tmp_path, memory)
    assert not revocations.was_heard()
    assert revocations.heed(refused(a_word(identity.kiosk)))
    assert revocations.was_heard()
    assert was_revoked(tmp_path, identity)
    left = read_identity(tmp_path)
    assert (left.card_key, left.device_key, left.database_key) == (bytes(32), identity.device_key, identity.database_key)
    assert list(memory.iterdir()) == []
    with open_part:
        assert open_part.read() == bytes(3000)
    assert revocations.heed(refused(a_word(identity.kiosk)))


@pytest.mark.parametrize("flaw", ["no word", "another key", "another kiosk", "another context", "a flipped byte"])
def test_what_is_not_the_registrys_word_for_this_kiosk_wipes_nothing(tmp_path: Path, identity: Identity, flaw: str) -> None:
    good = a_word(identity.kiosk)
    word = {
        "no word": None,
        "another key": a_word(identity.kiosk, key=STRANGER),
        "another kiosk": a_word(uuid4()),
        "another context": a_word(identity.kiosk, context=b""),
        "a flipped byte": msgspec.structs.replace(good, revocation=good.revocation.replace(b"2026", b"2027")),
    }[flaw]
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert not Revocations(identity, tmp_path, tmp_path / "memory").heed(refused(word))
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_another_error_is_no_revocation(tmp_path: Path, identity: Identity) -> None:
    assert not Revocations(identity, tmp_path, tmp_path / "memory").heed(RegistryUnreachableError("no route"))


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff", b"[" * 5000, msgspec.json.encode(a_word(uuid4()))])
def test_a_file_that_proves_nothing_revokes_nobody(tmp_path: Path, identity: Identity, content: bytes) -> None:
    (tmp_path / REVOKED_NAME).write_bytes(content)
    assert not was_revoked(tmp_path, identity)


def test_a_wiping_that_a_power_cut_ended_is_done_at_the_next_start(tmp_path: Path, identity: Identity) -> None:
    (tmp_path / REVOKED_NAME).write_bytes(msgspec.json.encode(a_word(identity.kiosk)))
    again = Revocations(read_identity(tmp_path), tmp_path, tmp_path / "memory")
    assert again.was_heard()
    again.wipe()
    again.wipe()
    assert read_identity(tmp_path).card_key == bytes(32)


def test_a_disk_that_takes_no_file_keeps_no_word_and_is_wiped_all_the_same(tmp_path: Path, identity: Identity) -> None:
    (tmp_path / REVOKED_NAME).mkdir()
    assert Revocations(identity, tmp_path, tmp_path / "memory").heed(refused(a_word(identity.kiosk)))
    assert read_identity(tmp_path).card_key == bytes(32)


def test_a_key_that_cannot_be_overwritten_keeps_no_snapshot(tmp_path: Path, identity: Identity) -> None:
    memory = tmp_path / "memory"
    memory.mkdir()
    (memory / "plain.db").write_bytes(b"patrons")
    (tmp_path / IDENTITY_NAME).unlink()
    Revocations(identity, tmp_path, memory).wipe()
    assert list(memory.iterdir()) == []
