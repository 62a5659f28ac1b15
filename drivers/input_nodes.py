"""The keyboards of a machine, as the kernel lists them in /sys: looked at without opening any. Which of them is the scanner is decided here.

Format: the kernel's Documentation/input and Documentation/ABI; ``capabilities/key`` is a bitmap in hexadecimal words, highest first.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from drivers.ports import DeviceFault
from drivers.scanner_address import KeyboardAddress
from drivers.wedge_keys import ENTERS

SYS_INPUTS = Path("/sys/class/input")
INPUTS = Path("/dev/input")
_WORD_BITS = 64
_NEEDED_KEYS = frozenset({min(ENTERS), *range(2, 12)})
"""Enter and the digits: a power button or a volume knob is a keyboard to the kernel as well."""


@dataclass(frozen=True, slots=True)
class InputNode:
    """One keyboard. ``phys`` says where it is plugged in; a device with several interfaces has one node for each, told apart by its last part."""

    path: str
    name: str
    vendor: int
    product: int
    phys: str = ""

    @property
    def plug(self) -> str:
        """Where its device is plugged in."""
        return self.phys.rpartition("/")[0] or self.phys or self.path


def keyboards(sys_inputs: Path = SYS_INPUTS, inputs: Path = INPUTS) -> tuple[InputNode, ...]:
    """All keyboards of this machine, in the order of their numbers. One that goes while it is looked at is none."""

    def found() -> Iterator[InputNode]:
        for place in sorted(sys_inputs.glob("event*"), key=lambda one: (len(one.name), one.name)):
            try:
                of = place / "device"
                if not is_keyboard(_text(of / "capabilities" / "key")):
                    continue
                vendor, product = (int(_text(of / "id" / part), 16) for part in ("vendor", "product"))
                yield InputNode(str(inputs / place.name), _text(of / "name"), vendor, product, _text(of / "phys"))
            except (OSError, ValueError):
                continue

    return tuple(found())


def is_keyboard(bitmap: str) -> bool:
    """Whether a device with these keys can type a barcode."""
    try:
        words = [int(word, 16) for word in bitmap.split()]
    except ValueError:
        return False
    keys = sum(word << place * _WORD_BITS for place, word in enumerate(reversed(words)) if word < 1 << _WORD_BITS)
    return all(keys >> key & 1 for key in _NEEDED_KEYS)


def chosen(nodes: Sequence[InputNode], address: KeyboardAddress, *, target: str = "") -> tuple[InputNode, ...] | DeviceFault:
    """The nodes of the one device that is meant, or why there is none. ``target`` is the file that the address's path leads to."""
    if address.path:
        fitting = [node for node in nodes if node.path == target]
    elif address.numbers is not None:
        fitting = [node for node in nodes if (node.vendor, node.product) == address.numbers]
    else:
        fitting = [node for node in nodes if node.name == address.name]
    if not fitting:
        return DeviceFault.NO_SCANNER
    return tuple(fitting) if len({node.plug for node in fitting}) == 1 else DeviceFault.SCANNER_AMBIGUOUS


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace").strip()
