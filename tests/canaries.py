"""Twenty invented people's data that must stay where they belong, and the search for them where they do not.

``tests/e2e/test_canaries.py`` plants all of them through real processes: rosters good and bad, taps, loans, a return, PINs right and
wrong, losses, requests that nobody should send. Afterwards none may stand in any log, temporary file or kiosk's database.
``python -m tests.canaries FOLDER`` searches a whole test run: every file that it left, in every form that a program may write text in.

Where they belong, and are not searched: the registry's own database (``registry/registry.db`` with its journal), which is the
library's record, and its ``snapshots``, which hold the titles that kiosks are sent. The planting test looks into both: rows that only
wait for consent are encrypted, snapshots hold titles and nothing else of the twenty. What is compressed is not unpacked.
"""

import base64
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from circulation.cards import CardUid
from circulation.national_ids import with_check_digit

NAMES = ("金絲雀鏘甲", "金絲雀鏘乙", "金絲雀鏘丙", "Quillfeather Jane")
NATIONAL_IDS = tuple(with_check_digit(f"Q1290641{last}") for last in "1234")
UIDS = tuple(f"04C5A71E9D6B1{last}" for last in "1234")
PINS = ("73915864", "86471593")
TITLES = ("夜裡的絲雀鏘", "The Quillfeather Songbook")
ADDRESSES = ("臺北市絲雀鏘路一段7號", "臺北市絲雀鏘路二段9號之3")
PHONES = ("0987-650-431", "0987-650-432")
ALL = (*NAMES, *NATIONAL_IDS, *UIDS, *PINS, *TITLES, *ADDRESSES, *PHONES)

WAITING_NAME, WAITING_NATIONAL_ID = NAMES[2], NATIONAL_IDS[2]
"""Came from a school whose pupil the Bureau has not named: encrypted even in the registry's own database."""

PLANTED = "canaries-planted.json"
"""Left behind by the test that planted them: how many. Without it a search proves nothing."""

_TEXT_MARKS = ("絲雀鏘", "uillfeather", "UILLFEATHER")
_LETTER_MARKS = ("Q1290641", "q1290641")
_PHONE_MARKS = ("0987-650-43", "098765043", "98765043")
_UID_MARK = "04C5A71E9D6B"
_OWN_DATABASE = re.compile(r"registry/(registry\.db(-wal|-shm|-journal)?|snapshots/[^/]+\.zst)$")


@dataclass(frozen=True, slots=True, order=True)
class Find:
    """Where something was found, as what, and in which form."""

    path: Path
    what: str
    form: str

    def __str__(self) -> str:
        return f"{self.path}: {self.what} as {self.form}"


def _forms(text: str) -> Iterator[tuple[str, bytes]]:
    """A text in every form that a program may have written it in; parts of a longer text are found too."""
    utf_8 = text.encode()
    wide = text.encode("utf-16-le")
    yield "UTF-8", utf_8
    # Without its last NUL an ASCII text looks the same in both orders of bytes.
    yield "UTF-16", wide.rstrip(b"\0")
    if not text.isascii():
        yield "UTF-16 BE", text.encode("utf-16-be")
        yield "cp950", text.encode("cp950")
        yield "JSON", json.dumps(text)[1:-1].encode()
        yield "JSON, large", re.sub(r"\\u[0-9a-f]{4}", lambda found: f"\\u{found[0][2:].upper()}", json.dumps(text)[1:-1]).encode()
        yield "percent", quote(text).encode()
        yield "percent, small", quote(text).lower().encode()
        yield "Python bytes", repr(utf_8)[2:-1].encode()
    yield "hexadecimal", utf_8.hex().encode()
    yield "hexadecimal, large", utf_8.hex().upper().encode()
    yield from _base64_forms(utf_8)


def _base64_forms(content: bytes) -> Iterator[tuple[str, bytes]]:
    """At every place in the groups of three; the letters at the ends depend on the neighbours and are left out."""
    for before in range(3):
        coded = base64.b64encode(b"\0" * before + content)
        first = -(-before * 4 // 3)
        last = (before + len(content)) * 4 // 3
        yield "base64", coded[first:last]
        yield "base64, for URLs", coded[first:last].replace(b"+", b"-").replace(b"/", b"_")


def _uid_forms() -> Iterator[tuple[str, bytes]]:
    mark = bytes.fromhex(_UID_MARK)
    for octets, order in ((mark, "bytes"), (mark[::-1], "bytes turned round")):
        yield order, octets
        for between in ("", " ", ":", "-"):
            written = octets.hex(between) if between else octets.hex()
            for spelt in (written, written.upper()):
                yield from ((f"hexadecimal, {order}, {form}", needle) for form, needle in _forms(spelt))
        yield "Python bytes", "".join(f"\\x{octet:02x}" for octet in octets).encode()
        yield from _base64_forms(octets)
    for uid in UIDS:
        octets = CardUid.from_hex(uid).octets
        for number in (int.from_bytes(octets, "big"), int.from_bytes(octets, "little")):
            yield "decimal", str(number).encode()


def _needles() -> Mapping[bytes, tuple[str, str]]:
    found: dict[bytes, tuple[str, str]] = {}
    for what, marks in (
        ("a name, title or address", _TEXT_MARKS),
        ("a national ID", _LETTER_MARKS),
        ("a phone", _PHONE_MARKS),
        ("a PIN", PINS),
    ):
        for mark in marks:
            found |= {needle: (what, form) for form, needle in _forms(mark)}
    return found | {needle: ("a UID", form) for form, needle in _uid_forms()}


NEEDLES = _needles()
_LONE = {pin.encode(): re.compile(rb"(?<![0-9A-Za-z])" + pin.encode() + rb"(?![0-9A-Za-z])") for pin in PINS}
"""Eight digits may stand in a longer number by chance."""
_PIECE = 8 * 2**20
_OVERLAP = max(map(len, NEEDLES)) + 1


def found_in(content: bytes) -> set[tuple[str, str]]:
    """What of the canaries stands in some bytes, each with its form."""
    return {said for needle, said in NEEDLES.items() if needle in content and (needle not in _LONE or _LONE[needle].search(content))}


def _found_in_file(path: Path) -> set[tuple[str, str]]:
    """Piece by piece: each begins with the end of the one before, so that nothing hides between two."""
    found: set[tuple[str, str]] = set()
    end = b""
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            found |= found_in(end + piece)
            end = piece[-_OVERLAP:]
    return found


def search(folder: Path, *, with_registry: bool = False) -> list[Find]:
    """Look through every file below a folder, their names too. ``with_registry``: in the registry's own database as well."""
    names = [
        Find(path, what, f"{form}, in the name")
        for path in folder.rglob("*")
        for what, form in found_in(path.name.encode(errors="surrogateescape"))
    ]
    looked_at = [path for path in _suspects(folder) if with_registry or not _OWN_DATABASE.search(path.as_posix())]
    return sorted(names) + [Find(path, what, form) for path in looked_at for what, form in sorted(_found_in_file(path))]


def _suspects(folder: Path) -> list[Path]:
    """The files in which any form stands at all: grep looks for all at once, where Python would read each file a hundred times."""
    done = subprocess.run(
        ["grep", "--recursive", "--files-with-matches", "--null", "--text", "--fixed-strings", "--devices=skip", "--file=-", "--", folder],
        input=b"\n".join(NEEDLES),
        env={"LC_ALL": "C", "PATH": os.environ["PATH"]},
        capture_output=True,
        check=False,
    )
    assert done.returncode in {0, 1}, done.stderr.decode()
    return [Path(os.fsdecode(name)) for name in sorted(done.stdout.split(b"\0")) if name]


def leave_planted(folder: Path) -> None:
    """Say for the search of the whole run that all were planted."""
    (folder / PLANTED).write_text(json.dumps(len(ALL)), encoding="ascii")


def _control(folder: Path) -> bool:
    """Whether the search would have found one: planted in a log of its own, found, taken away again."""
    place = folder / "control"
    place.mkdir()
    log = place / "registry.log"
    log.write_text(json.dumps({"event": "patron_found", "detail": NAMES[0]}), encoding="utf-8")
    finds = search(place)
    log.unlink()
    place.rmdir()
    return [find.path for find in finds] == [log]


def main(arguments: Iterable[str]) -> int:
    """Search folders; 0 when all canaries were planted there, the search can find one, and found none."""
    for folder in map(Path, arguments):
        planted = [json.loads(path.read_bytes()) for path in folder.rglob(PLANTED)]
        if not planted or set(planted) != {len(ALL)}:
            sys.stderr.write(f"{folder}: the canaries were not planted in this run\n")
            return 1
        if not _control(folder):
            sys.stderr.write(f"{folder}: the search does not find a canary in a log\n")
            return 1
        finds = search(folder)
        for find in finds:
            sys.stderr.write(f"{find}\n")
        if finds:
            return 1
        files = sum(path.is_file() for path in folder.rglob("*"))
        sys.stdout.write(f"{len(ALL)} canaries planted, {files} files searched for each in {len(NEEDLES)} forms: none found.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
