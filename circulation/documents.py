"""What is wrong with a document that people write, such as a set of rules: every fault at its place."""

from dataclasses import dataclass
from enum import StrEnum

Path = tuple[str, ...]
"""Where in a document: ``("branches", "C01", "steps", "1", "items")``."""


@dataclass(frozen=True, slots=True)
class DocumentFault:
    """One fault and its place. ``code`` is one of the document's kind; ``least`` and ``most`` are the bounds of what is out of range."""

    path: Path
    code: StrEnum
    least: int = 0
    most: int = 0


class DocumentError(Exception):
    """The document is not what it should be; every fault is told."""

    def __init__(self, faults: tuple[DocumentFault, ...]) -> None:
        super().__init__("; ".join(f"{'.'.join(one.path)}: {one.code}" for one in faults))
        self.faults = faults
