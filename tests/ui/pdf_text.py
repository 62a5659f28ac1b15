"""Reads a PDF again as a stranger would: its pages, the text on them by the fonts' own tables, and whatever else stands in the file."""

import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_OBJECT = re.compile(rb"(?:^|\n)(\d+) 0 obj\s(.*?)\nendobj", re.DOTALL)
_STREAM = re.compile(rb"(.*?)stream\r?\n(.*)\nendstream", re.DOTALL)
_SHOWN = re.compile(rb"BT|/(F\d+) [\d.]+ Tf|(-?[\d.]+) (-?[\d.]+) Td|<([0-9A-Fa-f]+)> Tj")
_RANGE = re.compile(rb"<([0-9A-Fa-f]{4})> <([0-9A-Fa-f]{4})> (?:<([0-9A-Fa-f]+)>|\[([^\]]*)\])")
_MILLIMETRES = 25.4 / 72
NO_LETTER = "\ufffd"
"""What Qt draws without saying which letter it is: all beyond U+FFFF. A space it calls a tabulator."""


@dataclass(frozen=True, slots=True)
class PdfPage:
    """Sizes in millimetres; ``lines`` from top to bottom."""

    width: float
    height: float
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


@dataclass(frozen=True, slots=True)
class Pdf:
    """A document. ``fonts`` by name with whether the font itself is in the file; ``everything`` are all its bytes, unpacked."""

    pages: tuple[PdfPage, ...]
    fonts: Mapping[str, bool]
    everything: bytes

    @property
    def text(self) -> str:
        return "\n".join(page.text for page in self.pages)


def read_pdf(document: bytes) -> Pdf:
    """Take a document of Qt's apart."""
    objects = {int(number): _unpacked(body) for number, body in _OBJECT.findall(document)}
    pages = tuple(_page(head, objects) for head, _ in objects.values() if re.search(rb"/Type /Page\b", head))
    descriptors = [head for head, _ in objects.values() if b"/Type /FontDescriptor" in head]
    fonts = {re.search(rb"/FontName /\w+\+(\S+)", head)[1].decode(): b"/FontFile2" in head for head in descriptors}  # type: ignore[index] # fails loudly
    return Pdf(pages, fonts, document + b"".join(head + stream for head, stream in objects.values()))


def _unpacked(body: bytes) -> tuple[bytes, bytes]:
    found = _STREAM.match(body)
    if found is None:
        return body, b""
    head, stream = found[1], found[2]
    return head, zlib.decompress(stream) if b"/FlateDecode" in head else stream


def _page(head: bytes, objects: Mapping[int, tuple[bytes, bytes]]) -> PdfPage:
    box = re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)", head)
    assert box is not None
    names = dict(re.findall(rb"/(F\d+) (\d+) 0 R", objects[_reference(head, b"Resources")][0]))
    letters = {name: _letters(objects[_reference(objects[int(number)][0], b"ToUnicode")][1]) for name, number in names.items()}
    lines = tuple(_lines(objects[_reference(head, b"Contents")][1], letters))
    return PdfPage(float(box[1]) * _MILLIMETRES, float(box[2]) * _MILLIMETRES, lines)


def _reference(head: bytes, key: bytes) -> int:
    found = re.search(rb"/" + key + rb" (\d+) 0 R", head)
    assert found is not None, key
    return int(found[1])


def _letters(table: bytes) -> dict[int, str]:
    """The font's own table from glyph to letter."""
    letters: dict[int, str] = {}
    for first, last, start, listed in _RANGE.findall(table):
        glyphs = range(int(first, 16), int(last, 16) + 1)
        if listed:
            letters |= {glyph: _utf16(text) for glyph, text in zip(glyphs, re.findall(rb"<([0-9A-Fa-f]+)>", listed), strict=True)}
        else:
            letters |= {glyph: chr(ord(_utf16(start)) + glyph - glyphs.start) for glyph in glyphs}
    return letters


def _utf16(text: bytes) -> str:
    return bytes.fromhex(text.decode()).decode("utf-16-be").replace("\t", " ")


def _lines(content: bytes, letters: Mapping[bytes, Mapping[int, str]]) -> Iterator[str]:
    """Runs of one height are one line, in the order of drawing."""
    font, height, line = b"", None, ""
    for shown in _SHOWN.finditer(content):
        name, _, y, codes = shown.groups()
        if name is not None:
            font = name
        elif y is not None and float(y) not in {0.0, height}:
            if line:
                yield line
            height, line = float(y), ""
        elif codes is not None:
            line += "".join(letters[font].get(int(codes[at : at + 4], 16), NO_LETTER) for at in range(0, len(codes), 4))
    if line:
        yield line
