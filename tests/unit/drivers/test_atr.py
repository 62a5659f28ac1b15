import pytest
from hypothesis import given
from hypothesis import strategies as st

from circulation.cards import CardKind
from drivers.atr import FELICA_ATR, MIFARE_CLASSIC_1K_ATR, AtrReading, read_atr, storage_card_atr

EASYCARD = CardKind.EASYCARD


@pytest.mark.parametrize(
    ("atr", "technology", "kind_hint"),
    [
        ("3B8F8001804F0CA000000306030001000000006A", "MIFARE Classic 1K, ISO 14443 A part 3", EASYCARD),
        ("3B8F8001804F0CA0000003060300020000000069", "MIFARE Classic 4K, ISO 14443 A part 3", EASYCARD),
        ("3B8F8001804F0CA0000003060300030000000068", "MIFARE Ultralight, ISO 14443 A part 3", None),
        ("3B8F8001804F0CA000000306030026000000004D", "MIFARE Mini, ISO 14443 A part 3", None),
        ("3B8F8001804F0CA00000030611003B0000000042", "FeliCa", None),
        ("3B8F8001804F0CA0000003060B00140000000077", "storage card 0014, ISO 15693 part 3", None),
        ("3B8F8001804F0CA000000306FF9999000000FF00", "storage card with a wrong check byte", None),
        ("3B8180018080", "ISO 14443-4 without historical bytes, as MIFARE DESFire", None),
        ("3B8580015448544B3122", "ISO 14443-4", None),
        ("3B6500002063CB6800", "unknown", None),
        ("", "unknown", None),
    ],
)
def test_an_atr_names_its_card(atr: str, technology: str, kind_hint: CardKind | None) -> None:
    assert read_atr(bytes.fromhex(atr)) == AtrReading(technology, kind_hint)


def test_the_atr_made_for_a_storage_card_is_the_measured_one() -> None:
    assert bytes.fromhex("3B8F8001804F0CA000000306030001000000006A") == MIFARE_CLASSIC_1K_ATR
    assert bytes.fromhex("3B8F8001804F0CA00000030611003B0000000042") == FELICA_ATR


@given(standard=st.integers(0, 0xFF), name=st.integers(0, 0xFFFF))
def test_every_storage_card_atr_reads_without_a_wrong_check_byte(standard: int, name: int) -> None:
    assert "wrong" not in read_atr(storage_card_atr(standard, name)).technology


@given(position=st.integers(12, 18), flipped=st.integers(1, 0xFF))
def test_a_damaged_storage_card_atr_hints_at_nothing(position: int, flipped: int) -> None:
    damaged = bytearray(MIFARE_CLASSIC_1K_ATR)
    damaged[position] ^= flipped
    assert read_atr(bytes(damaged)).kind_hint is None


@given(atr=st.binary(max_size=64))
def test_any_bytes_are_some_card(atr: bytes) -> None:
    assert read_atr(atr).technology
