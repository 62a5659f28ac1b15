"""What an XLSX file would cost, measured before it is opened: a small file can ask for any amount of memory.

A workbook is a ZIP of XML files. The sizes in its directory can lie, one cell at XFD1048576 makes a
reader lay out 17 thousand million cells, and one long text can be named by every cell. So every part
is unpacked in pieces that are thrown away, and counted.
"""

import io
import re
import zipfile
import zlib
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from xml.parsers import expat

from registry.rosters.problems import FileFault, RosterFileError

MAX_UNPACKED_BYTES = 160 * 1024 * 1024
MAX_TEXT = 48 * 1024 * 1024
"""Characters in all cells together."""
_MAX_PARTS = 1_000
_PIECE = 1 << 16
_LOCAL_HEADER = 30
_ENCRYPTED = 0x1
_WORKBOOK = "xl/workbook.xml"
_OTHER_FORMATS = ("content.xml", "xl/workbook.bin")
_PLACE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_ROW = re.compile(r"[1-9][0-9]{0,6}")


@dataclass(frozen=True, slots=True)
class Caps:
    """The most that a roster may have."""

    rows: int
    columns: int
    cells: int


def check_workbook(content: bytes, caps: Caps) -> None:
    """Look through a workbook in bounded memory.

    Raises:
        RosterFileError: it is damaged, no workbook, or larger inside than any roster.

    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        raise RosterFileError(FileFault.XLSX_DAMAGED) from None
    names = {part.filename for part in parts}
    if len(parts) > _MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
        raise _too_large()
    if _WORKBOOK not in names or len(names) != len(parts) or any(name in names for name in _OTHER_FORMATS):
        raise RosterFileError(FileFault.XLSX_DAMAGED)
    budget = _Budget(MAX_UNPACKED_BYTES)
    texts = _Texts(caps)
    try:
        for part in parts:
            _look_at(_unpacked(content, part, budget), texts, caps)
    except (expat.ExpatError, zlib.error):
        raise RosterFileError(FileFault.XLSX_DAMAGED) from None
    texts.check()


def _too_large() -> RosterFileError:
    return RosterFileError(FileFault.XLSX_TOO_LARGE_INSIDE, limit=MAX_UNPACKED_BYTES // 1_048_576)


@dataclass(slots=True)
class _Budget:
    left: int

    def spend(self, amount: int) -> None:
        self.left -= amount
        if self.left < 0:
            raise _too_large()


def _unpacked(content: bytes, part: zipfile.ZipInfo, budget: _Budget) -> Iterator[bytes]:
    """The part's real bytes in pieces, however many its directory entry promises."""
    header = content[part.header_offset : part.header_offset + _LOCAL_HEADER]
    if len(header) < _LOCAL_HEADER or part.flag_bits & _ENCRYPTED:
        raise RosterFileError(FileFault.XLSX_DAMAGED)
    begin = part.header_offset + _LOCAL_HEADER + int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
    packed = memoryview(content)[begin : begin + part.compress_size]
    if part.compress_type == zipfile.ZIP_STORED:
        budget.spend(len(packed))
        for place in range(0, len(packed), _PIECE):
            yield bytes(packed[place : place + _PIECE])
        return
    if part.compress_type != zipfile.ZIP_DEFLATED:
        raise RosterFileError(FileFault.XLSX_DAMAGED)
    inflating = zlib.decompressobj(-zlib.MAX_WBITS)
    waiting: bytes | memoryview = packed
    while not inflating.eof:
        piece = inflating.decompress(waiting, _PIECE)
        waiting = inflating.unconsumed_tail
        if not piece and not waiting:
            break
        budget.spend(len(piece))
        yield piece


class _Texts:
    """The shared texts and how often cells name each: a part may stand anywhere in the file, so they are joined at the end."""

    def __init__(self, caps: Caps) -> None:
        self.own = _Budget(MAX_TEXT)
        self._caps = caps
        self._lengths = array("L")
        self._uses = array("L")
        self._tables = 0

    def begin_table(self) -> None:
        self._tables += 1
        if self._tables > 1:
            raise RosterFileError(FileFault.XLSX_DAMAGED)

    def add(self, length: int) -> None:
        if len(self._lengths) == self._caps.cells:
            raise RosterFileError(FileFault.TOO_MANY_CELLS, limit=self._caps.cells)
        self._lengths.append(length)

    def use(self, number: int) -> None:
        if number < self._caps.cells:
            self._uses.extend([0] * (number + 1 - len(self._uses)))
            self._uses[number] += 1

    def check(self) -> None:
        self.own.spend(sum(length * uses for length, uses in zip(self._lengths, self._uses, strict=False)))


def _look_at(pieces: Iterator[bytes], texts: _Texts, caps: Caps) -> None:
    """Let a part that is XML be read for its cells; pictures and other parts were counted and that is all."""
    beginning = b""
    for piece in pieces:
        beginning += piece
        if beginning.lstrip(b"\xef\xbb\xbf \t\r\n"):
            break
    if not beginning.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        for _ in pieces:
            pass
        return
    reading = _Reading(texts, caps)
    reading.parser.Parse(beginning, False)  # noqa: FBT003 - expat takes no keywords
    for piece in pieces:
        reading.parser.Parse(piece, False)  # noqa: FBT003 - expat takes no keywords
    reading.parser.Parse(b"", True)  # noqa: FBT003 - expat takes no keywords


class _Reading:
    """Counts rows, columns, cells and texts while expat walks through a part."""

    def __init__(self, texts: _Texts, caps: Caps) -> None:
        self._texts = texts
        self._caps = caps
        self._row = 0
        self._column = 0
        self._cells = 0
        self._shared = False
        self._value = ""
        self._in_value = False
        self._is_list = False
        self._length = 0
        self._widest = 0
        self.parser = expat.ParserCreate()
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.StartElementHandler = self._root

    def _doctype(self, *_: object) -> None:
        """Refuse what no workbook has: declarations are how an XML file grows while it is read."""
        raise RosterFileError(FileFault.XLSX_DAMAGED)

    def _root(self, name: str, attributes: dict[str, str]) -> None:
        match _local(name):
            case "worksheet":
                self.parser.StartElementHandler = self._start_in_sheet
                self.parser.EndElementHandler = self._end_in_sheet
                self.parser.CharacterDataHandler = self._characters
            case "sst":
                self._texts.begin_table()
                self.parser.EndElementHandler = self._end_in_texts
                self.parser.CharacterDataHandler = self._characters_of_text
                self.parser.StartElementHandler = None
            case _:
                self.parser.StartElementHandler = None
        del attributes

    def _start_in_sheet(self, name: str, attributes: dict[str, str]) -> None:
        name = _local(name)
        if name == "c":
            self._cell(attributes.get("r"))
            self._shared = attributes.get("t") == "s"
        elif name == "v":
            self._in_value, self._value = True, ""
        elif name == "row":
            number = attributes.get("r")
            self._row = self._row + 1 if number is None else int(_well_written(_ROW, number)[0])
            self._column = 0
            self._check()

    def _cell(self, place: str | None) -> None:
        if place is None:
            self._column += 1
        else:
            found = _well_written(_PLACE, place)
            self._column = _column_number(found[1])
            self._row = int(found[2])
        self._cells += 1
        self._check()

    def _check(self) -> None:
        self._widest = max(self._widest, self._column)
        if self._column > self._caps.columns:
            raise RosterFileError(FileFault.TOO_MANY_COLUMNS, columns=self._column, limit=self._caps.columns)
        if self._row > self._caps.rows + 1:
            raise RosterFileError(FileFault.TOO_MANY_ROWS, limit=self._caps.rows)
        if max(self._cells, self._row * self._widest) > self._caps.cells:
            raise RosterFileError(FileFault.TOO_MANY_CELLS, limit=self._caps.cells)

    def _characters(self, text: str) -> None:
        self._texts.own.spend(len(text))
        if self._in_value and self._shared and len(self._value) < len("4294967295"):
            self._value += text

    def _end_in_sheet(self, name: str) -> None:
        if _local(name) == "v":
            self._in_value = False
            if self._shared and self._value.strip().isdecimal():
                self._texts.use(int(self._value))

    def _characters_of_text(self, text: str) -> None:
        self._length += len(text)

    def _end_in_texts(self, name: str) -> None:
        if _local(name) == "si":
            self._texts.add(self._length)
            self._length = 0


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _well_written(pattern: re.Pattern[str], place: str) -> re.Match[str]:
    """Refuse a place that readers understand differently: who reads it as far away lays out a table up to there."""
    found = pattern.fullmatch(place)
    if found is None:
        raise RosterFileError(FileFault.XLSX_DAMAGED)
    return found


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
