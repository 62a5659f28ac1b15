"""The virtual card against the vpcd protocol, byte by byte; a listener of the test plays the reader."""

import socket
from collections.abc import Iterator

import pytest

from circulation.cards import CardUid
from drivers.atr import FELICA_ATR, MIFARE_CLASSIC_1K_ATR, read_atr
from drivers.ports import ReaderUnavailableError
from drivers.vpcd import VirtualCard, VirtualReaderUnavailableError

UID = CardUid.from_hex("04A32B1C")
LIMIT_S = 30.0


@pytest.fixture
def slot() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(LIMIT_S)
        yield listener


def port_of(slot: socket.socket) -> int:
    port: int = slot.getsockname()[1]
    return port


def accepted(slot: socket.socket) -> socket.socket:
    link, _ = slot.accept()
    link.settimeout(LIMIT_S)
    return link


def tell(link: socket.socket, message: bytes) -> None:
    # In two packets, as vpcd does.
    link.sendall(len(message).to_bytes(2, "big"))
    link.sendall(message)


def answer_of(link: socket.socket) -> bytes:
    length = int.from_bytes(link.recv(2, socket.MSG_WAITALL), "big")
    return link.recv(length, socket.MSG_WAITALL)


def asked(link: socket.socket, message: bytes) -> bytes:
    tell(link, message)
    return answer_of(link)


@pytest.mark.parametrize(
    ("uid", "technology"),
    [
        ("04A32B1C", "MIFARE Classic 1K"),
        ("04A1B2C3D4E5F6", "MIFARE Classic 1K"),
        ("0101080102030405", "FeliCa"),
        ("04" * 10, "storage card"),
    ],
)
def test_the_card_gives_the_atr_of_its_kind(slot: socket.socket, uid: str, technology: str) -> None:
    with VirtualCard(CardUid.from_hex(uid), port=port_of(slot)), accepted(slot) as link:
        atr = asked(link, b"\x04")
    assert read_atr(atr).technology.startswith(technology)


def test_control_codes_get_no_answer_and_power_is_noticed(slot: socket.socket) -> None:
    with VirtualCard(UID, port=port_of(slot)) as card, accepted(slot) as link:
        for control in (b"\x00", b"\x01", b"\x02"):
            tell(link, control)
        assert asked(link, b"\x04") == MIFARE_CLASSIC_1K_ATR
        assert card.wait_until_powered(LIMIT_S)


@pytest.mark.parametrize(
    ("command", "answer"),
    [("FFCA000000", "04A32B1C9000"), ("FFCA010000", "6A81"), ("FFB0000010", "6D00"), ("00A40400", "6D00")],
)
def test_the_card_gives_its_uid_and_nothing_else(slot: socket.socket, command: str, answer: str) -> None:
    with VirtualCard(UID, port=port_of(slot)), accepted(slot) as link:
        assert asked(link, bytes.fromhex(command)).hex().upper() == answer


def test_whether_the_card_was_read_can_be_waited_for(slot: socket.socket) -> None:
    with VirtualCard(UID, port=port_of(slot)) as card, accepted(slot) as link:
        assert not card.wait_until_read(0)
        asked(link, bytes.fromhex("FFCA000000"))
        assert card.wait_until_read(LIMIT_S)


def test_lifting_closes_the_link_and_laying_again_makes_a_new_one(slot: socket.socket) -> None:
    card = VirtualCard(CardUid.from_hex("0101080102030405"), port=port_of(slot))
    for _ in range(2):
        card.insert()
        with accepted(slot) as link:
            assert asked(link, b"\x04") == FELICA_ATR
            assert card.is_lying_there()
            card.remove()
            assert link.recv(1) == b""
        assert not card.is_lying_there()


def test_lifting_a_card_that_does_not_lie_there_does_nothing() -> None:
    VirtualCard(UID, port=1).remove()


def test_a_reader_that_hangs_up_in_the_middle_of_a_message_ends_the_card_quietly(slot: socket.socket) -> None:
    card = VirtualCard(UID, port=port_of(slot))
    card.insert()
    thread = card._thread
    assert thread is not None
    with accepted(slot) as link:
        link.sendall(b"\x00\x05\xff")
    thread.join(LIMIT_S)
    assert not card.is_lying_there()


def test_a_responder_takes_the_place_of_the_answers(slot: socket.socket) -> None:
    with VirtualCard(UID, port=port_of(slot), responder=lambda command: command[::-1]), accepted(slot) as link:
        assert asked(link, bytes.fromhex("FFCA000000")).hex() == "000000caff"


def test_nobody_at_the_reader_is_said_with_the_place_and_what_to_do() -> None:
    with socket.create_server(("127.0.0.1", 0)) as briefly:
        port = port_of(briefly)
    with pytest.raises(VirtualReaderUnavailableError) as refused:
        VirtualCard(UID, port=port).insert()
    assert isinstance(refused.value, ReaderUnavailableError)
    assert f"127.0.0.1:{port}" in str(refused.value)
    assert "youyue reader virtual" in str(refused.value)
