"""The identity file."""

import base64
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from circulation.cards import CardUid
from replica.card_keys import card_tag
from sync.identity import IDENTITY_NAME, Identity, IdentityError, give_check, read_identity, require_none, write_identity
from tests.unit.sync.values import an_identity


def test_an_identity_is_read_as_it_was_written(tmp_path: Path) -> None:
    identity = an_identity(ca="/etc/youyue/ca.pem")
    path = write_identity(tmp_path, identity)
    assert path.stat().st_mode & 0o777 == 0o600
    assert read_identity(tmp_path) == identity
    assert [path.name for path in tmp_path.iterdir()] == [IDENTITY_NAME]


def test_the_logs_of_two_kiosks_call_one_card_by_different_tags_and_those_of_one_kiosk_always_by_the_same(tmp_path: Path) -> None:
    ours = an_identity()
    theirs = replace(an_identity(), database_key=bytes(range(64, 96)))
    write_identity(tmp_path, ours)
    assert ours.card_key == theirs.card_key
    card = CardUid.from_hex("04A1B2C3")
    tags = [card_tag(card, secret=one.tag_key) for one in (ours, theirs, read_identity(tmp_path))]
    assert tags[0] == tags[2] != tags[1]
    assert card_tag(card, secret=ours.card_key) not in tags


def test_an_identity_is_never_replaced(tmp_path: Path) -> None:
    first = an_identity()
    write_identity(tmp_path, first)
    with pytest.raises(IdentityError, match="enrolled already"):
        write_identity(tmp_path, an_identity())
    with pytest.raises(IdentityError, match="enrolled already"):
        require_none(tmp_path)
    assert read_identity(tmp_path) == first
    assert [path.name for path in tmp_path.iterdir()] == [IDENTITY_NAME]


def test_a_folder_without_identity_says_what_to_do(tmp_path: Path) -> None:
    require_none(tmp_path)
    with pytest.raises(IdentityError, match=r"identity\.json: not there; enrol"):
        read_identity(tmp_path)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(IdentityError, match="gone: no folder"):
        require_none(tmp_path / "gone")
    with pytest.raises(IdentityError, match="can't be written"):
        write_identity(tmp_path / "gone", an_identity())


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666, 0o610])
def test_an_identity_that_others_may_read_is_refused(tmp_path: Path, mode: int) -> None:
    write_identity(tmp_path, an_identity()).chmod(mode)
    with pytest.raises(IdentityError, match=rf"identity\.json: .* mode {mode:04o}"):
        read_identity(tmp_path)


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff\xfe", b"[" * 60_000, b'{"kiosk": 5}'])
def test_a_broken_identity_is_named_with_its_file(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / IDENTITY_NAME
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(IdentityError, match=r"identity\.json: is broken"):
        read_identity(tmp_path)


def test_something_else_in_the_identity_s_place_is_named(tmp_path: Path) -> None:
    (tmp_path / IDENTITY_NAME).mkdir()
    with pytest.raises(IdentityError, match=r"identity\.json: can't be read: Is a directory"):
        read_identity(tmp_path)


def test_a_key_of_another_length_is_named_with_its_place(tmp_path: Path) -> None:
    path = write_identity(tmp_path, an_identity())
    path.write_text(path.read_text().replace(path.read_text().split('"database_key": "')[1].split('"')[0], "AAAA"))
    with pytest.raises(IdentityError, match="database_key"):
        read_identity(tmp_path)


def test_an_identity_of_a_later_version_is_refused(tmp_path: Path) -> None:
    path = write_identity(tmp_path, an_identity())
    path.write_text(path.read_text().replace('"v": 1', '"v": 2'))
    with pytest.raises(IdentityError, match="has version 2"):
        read_identity(tmp_path)


def an_older_file(folder: Path) -> Identity:
    """An identity as it was written before there were checksums."""
    identity = an_identity()
    write_identity(folder, identity).write_bytes(msgspec.json.format(msgspec.json.encode(identity), indent=2))
    return identity


def test_an_older_identity_is_read_and_given_a_checksum_and_nothing_of_the_old_file_stays(tmp_path: Path) -> None:
    identity = an_older_file(tmp_path)
    path = tmp_path / IDENTITY_NAME
    assert read_identity(tmp_path) == identity
    with path.open("rb") as old:
        give_check(tmp_path)
        assert set(old.read()) == {0}
    assert read_identity(tmp_path) == identity
    assert path.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [IDENTITY_NAME]
    other = path.read_text().replace('"branch": "C01"', '"branch": "C02"')
    path.write_text(other)
    with pytest.raises(IdentityError, match="differs from its checksum"):
        read_identity(tmp_path)


def test_an_identity_with_a_checksum_is_left_as_it_is(tmp_path: Path) -> None:
    path = write_identity(tmp_path, an_identity())
    before = path.stat().st_ino
    give_check(tmp_path)
    assert path.stat().st_ino == before


def test_a_key_of_cards_that_a_revocation_has_wiped_is_no_broken_identity(tmp_path: Path) -> None:
    path = write_identity(tmp_path, an_identity())
    written, zeros = (base64.b64encode(key).decode() for key in (bytes(range(32)), bytes(32)))
    path.write_text(path.read_text().replace(written, zeros))
    assert read_identity(tmp_path).card_key == bytes(32)
    path.write_text(path.read_text().replace(zeros, written[::-1].replace("=", "A", 1)[:43] + "="))
    with pytest.raises(IdentityError, match=r"identity\.json: is broken"):
        read_identity(tmp_path)


def test_an_identity_that_a_power_cut_left_half_checked_is_given_its_checksum_at_the_next_start(tmp_path: Path) -> None:
    identity = an_older_file(tmp_path)
    (tmp_path / f"{IDENTITY_NAME}.old").write_bytes(b"what was left")
    give_check(tmp_path)
    assert read_identity(tmp_path) == identity
    assert [path.name for path in tmp_path.iterdir()] == [IDENTITY_NAME]


def test_no_key_is_in_the_words_for_an_identity() -> None:
    identity = an_identity()
    said = f"{identity!r} {identity}"
    assert str(identity.kiosk) in said
    assert "key" not in said
    assert "\\x" not in said
