"""What a ledger held in each of its lives, and how a life ends."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID


class PowerCutError(BaseException):
    """The process ends here. No code of the product may catch it."""


@dataclass
class Written:
    """A fact as the ledger held it when it was first seen there."""

    seq: int
    body: bytes
    fact: dict[str, Any]


@dataclass
class Life:
    """One life of a ledger: what it held, and whether all of it may still be expected at the registry."""

    epoch: UUID
    facts: list[Written] = field(default_factory=list)
    ended: str = ""
    """Why no more can be expected of it: the disk is gone, an old image took its place, what was left went over into a new epoch."""
