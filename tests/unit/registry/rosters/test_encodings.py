"""Encodings: found in the one right order, own characters mapped as Windows maps them."""

import codecs
import hashlib
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.rosters.encodings import Encoding, find_encoding, has_own_characters, own_character
from registry.rosters.problems import FileFault, RosterFileError


def found(content: bytes, folder: Path) -> Encoding:
    path = folder / "file"
    path.write_bytes(content)
    return find_encoding(path).encoding


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (codecs.BOM_UTF8 + "王".encode(), Encoding.UTF_8_MARKED),
        (codecs.BOM_UTF16_LE + "王".encode("utf-16-le"), Encoding.UTF_16),
        (codecs.BOM_UTF16_BE + "王".encode("utf-16-be"), Encoding.UTF_16),
        ("王𡟀".encode(), Encoding.UTF_8),
        (b"name", Encoding.UTF_8),
        ("碁恒裏粧王".encode("cp950"), Encoding.CP950),
        ("王".encode("cp950") + b"\xfa\x40", Encoding.CP950_EUDC),
    ],
)
def test_an_encoding_is_found(content: bytes, encoding: Encoding, tmp_path: Path) -> None:
    assert found(content, tmp_path) is encoding


@pytest.mark.parametrize(
    ("pair", "point"),
    [
        ("FA40", 0xE000),
        ("FEFE", 0xE310),
        ("8E40", 0xE311),
        ("A0FE", 0xEEB7),
        ("8140", 0xEEB8),
        ("8DFE", 0xF6B0),
        ("C6A1", 0xF6B1),
        ("C8FE", 0xF848),
    ],
)
def test_the_ends_of_the_ranges_are_those_of_windows(pair: str, point: int) -> None:
    assert own_character(*bytes.fromhex(pair)) == chr(point)


@pytest.mark.parametrize("pair", ["C67E", "C640", "A440", "FA7F", "FA20", "FAFF", "8040", "FF40"])
def test_what_is_outside_the_ranges_is_no_own_character(pair: str) -> None:
    assert own_character(*bytes.fromhex(pair)) is None


def test_own_characters_are_read_across_the_pieces_of_a_long_file(tmp_path: Path) -> None:
    text = "王".encode("cp950") * 3
    content = b"x" + (text + b"\xfa\x41") * 20_000
    path = tmp_path / "file"
    path.write_bytes(content)
    encoding = find_encoding(path).encoding
    with path.open(encoding=encoding.codec, errors=encoding.errors) as file:
        assert file.read() == "x" + ("王王王" + "\ue001") * 20_000


@pytest.mark.parametrize("content", [b"ab\ncd\xff\xff", b"ab\ncd\x80x", b"ab\ncd\xfa"])
def test_bytes_that_are_no_text_are_named_by_their_line(content: bytes, tmp_path: Path) -> None:
    with pytest.raises(RosterFileError) as caught:
        found(content, tmp_path)
    assert caught.value.fault is FileFault.ENCODING
    assert caught.value.values["line"] == 2


def test_a_byte_order_mark_is_a_promise(tmp_path: Path) -> None:
    with pytest.raises(RosterFileError) as caught:
        found(codecs.BOM_UTF8 + "王".encode("cp950"), tmp_path)
    assert caught.value.fault is FileFault.ENCODING


def test_a_zero_byte_is_no_text(tmp_path: Path) -> None:
    with pytest.raises(RosterFileError) as caught:
        found(b"\x89PNG\0\0", tmp_path)
    assert caught.value.fault is FileFault.BINARY


def test_only_private_use_characters_are_own() -> None:
    assert has_own_characters("王\ue000")
    assert not has_own_characters("王𡟀<img>")


@given(st.binary(max_size=300) | st.text(max_size=100).map(str.encode))
def test_any_bytes_have_an_encoding_that_reads_them_or_a_fault(content: bytes) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        path.write_bytes(content)
        try:
            text = find_encoding(path)
        except RosterFileError:
            return
        with path.open(encoding=text.encoding.codec, errors=text.encoding.errors) as file:
            file.read()
        assert text.sha256 == hashlib.sha256(content).digest()
