"""The inputs that are kept of each parser: one file a parser, one input a line, in hexadecimal.

``# why`` behind an input says what it once broke: such a line stays, whatever else the rest walks.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

from tests.fuzz.target import Target
from tests.fuzz.walked import Walk, Way, walking

FOLDER = Path(__file__).with_name("corpus")
EMPTY = "-"


def file_of(target: Target, folder: Path = FOLDER) -> Path:
    """Where a parser's inputs are kept."""
    return folder / f"{target.name}.txt"


def kept(target: Target, folder: Path = FOLDER) -> dict[bytes, str]:
    """The inputs, each with why it stays; none when there are none yet."""
    file = file_of(target, folder)
    lines = file.read_text("utf-8").splitlines() if file.exists() else []
    return dict(_read(line) for line in lines)


def keep(target: Target, inputs: Mapping[bytes, str], folder: Path = FOLDER) -> None:
    """Write them, the short ones first."""
    lines = [
        f"{data.hex() or EMPTY}{'  # ' * bool(why)}{why}\n" for data, why in sorted(inputs.items(), key=lambda one: (len(one[0]), one[0]))
    ]
    file_of(target, folder).write_text("".join(lines), "utf-8")


def _read(line: str) -> tuple[bytes, str]:
    written, _, why = line.partition("#")
    return bytes.fromhex(written.strip().removeprefix(EMPTY)), why.strip()


def ways_of(target: Target, data: bytes) -> set[Way]:
    """Check one input and say which ways it walks."""
    walk = Walk()
    with walking(target.files, walk):
        target.check(data)
    return walk.ways


def minimised(target: Target, found: Iterable[bytes], stay: Mapping[bytes, str]) -> dict[bytes, str]:
    """The shortest input of each set of ways that an input walks, and those that stay for a reason."""
    chosen = {data: why for data, why in stay.items() if why}
    shortest: dict[frozenset[Way], bytes] = {}
    for data in sorted({*found, *stay}, key=lambda data: (len(data), data)):
        shortest.setdefault(frozenset(ways_of(target, data)), data)
    return dict.fromkeys(shortest.values(), "") | chosen
