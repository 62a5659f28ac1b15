"""What nfcpy found, read as a card: the UID, the ATR that a PC/SC reader would give, or why there is none."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circulation.cards import UID_LENGTHS, CardKind, CardUid
from drivers.atr import FELICA_ATR, UNNAMED_TYPE_A_ATR, read_atr
from drivers.nfcpy_target import FELICA, TYPE_A, SensedCard, card_of
from drivers.ports import CardAnswerError


@dataclass(frozen=True)
class Found:
    brty: str = TYPE_A
    sel_res: bytes | bytearray | None = None
    sdd_res: bytes | bytearray | None = None
    sensf_res: bytes | bytearray | None = None


def type_a(uid: str, sak: int = 0x08) -> Found:
    return Found(sel_res=bytes([sak]), sdd_res=bytearray.fromhex(uid))


@pytest.mark.parametrize("uid", ["04A32B1C", "04A1B2C3D4E5F6", "04A1B2C3D4E5F6A7B8C9"])
def test_a_card_of_type_a_gives_its_uid(uid: str) -> None:
    assert card_of(type_a(uid)).uid == CardUid.from_hex(uid)


@pytest.mark.parametrize(
    ("sak", "technology", "hint"),
    [
        (0x08, "MIFARE Classic 1K, ISO 14443 A part 3", CardKind.EASYCARD),
        (0x88, "MIFARE Classic 1K, ISO 14443 A part 3", CardKind.EASYCARD),
        (0x18, "MIFARE Classic 4K, ISO 14443 A part 3", CardKind.EASYCARD),
        (0x00, "MIFARE Ultralight, ISO 14443 A part 3", None),
        (0x09, "MIFARE Mini, ISO 14443 A part 3", None),
        (0x28, "unknown", None),
    ],
)
def test_the_sak_hints_at_the_same_kind_as_a_pcsc_readers_atr(sak: int, technology: str, hint: CardKind | None) -> None:
    told = read_atr(card_of(type_a("04A32B1C", sak)).atr)
    assert (told.technology, told.kind_hint) == (technology, hint)


def test_a_sak_that_nobody_knows_is_an_unnamed_card_of_type_a() -> None:
    assert card_of(type_a("04A32B1C", 0x10)).atr == UNNAMED_TYPE_A_ATR


@pytest.mark.parametrize("rest", ["0120220427674EFF", "0120220427674EFF0003"])
def test_a_felica_card_gives_its_idm(rest: str) -> None:
    found = Found(FELICA, sensf_res=bytes.fromhex("01" + "0101080102030405" + rest))
    assert card_of(found) == SensedCard(CardUid.from_hex("0101080102030405"), FELICA_ATR)


@pytest.mark.parametrize(
    ("found", "why"),
    [
        (Found(), "without a UID"),
        (Found(sdd_res=b"\x04\xa3\x2b\x1c"), "without a UID"),
        (type_a("04A32B"), "has 3"),
        (type_a("04A32B1C00"), "has 5"),
        (Found(FELICA), "answer of 0 bytes"),
        (Found(FELICA, sensf_res=bytes(18)), "answer of 18 bytes"),
    ],
)
def test_what_has_no_uid_is_told_without_its_bytes(found: Found, why: str) -> None:
    with pytest.raises(CardAnswerError, match=why) as refused:
        card_of(found)
    assert "04A32B" not in str(refused.value).upper()


octets = st.none() | st.binary(max_size=40)


@given(st.sampled_from([TYPE_A, FELICA]), octets, octets, octets)
def test_whatever_nfcpy_hands_over_is_a_card_or_refused(
    brty: str, sel_res: bytes | None, sdd_res: bytes | None, sensf_res: bytes | None
) -> None:
    try:
        card = card_of(Found(brty, sel_res, sdd_res, sensf_res))
    except CardAnswerError:
        return
    assert len(card.uid.octets) in UID_LENGTHS
