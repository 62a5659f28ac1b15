"""What a branch has to do for holds, as lines of a list: an item each, and nobody's name. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum, unique
from uuid import UUID

from circulation.ids import BranchCode, ItemId


@unique
class Chore(StrEnum):
    """What is to be done with an item: stable codes. The sentences stand in the catalogue as ``holds.chore.<code>``."""

    SCAN = "scan"
    """It came back here, and somebody waits for it: a librarian scans it, to lay it on the hold shelf or to send it."""
    LOOK_ON_SHELF = "look_on_shelf"
    """The same, but the registry heard of the return only long after: it may have been laid on any shelf."""
    TAKE_OFF_SHELF = "take_off_shelf"
    """It lies on the hold shelf for nobody any more."""
    NEVER_ARRIVED = "never_arrived"
    """It was sent, and nobody has seen it since."""
    FETCH = "fetch"
    """A copy stands here among the others, and somebody waits for its title."""


@dataclass(frozen=True, slots=True)
class Task:
    """Something to look for by hand, until the item is seen anywhere. ``shelf`` is a place of the hold shelf, or empty."""

    item: ItemId
    branch: BranchCode
    kind: Chore
    created_at: datetime
    shelf: str = ""


@dataclass(frozen=True, slots=True)
class WorkLine:
    """One line. ``send_to`` is the branch whose hold shelf it goes to, where that is another one; ``since`` (aware UTC) is none for copies that just stand there."""

    kind: Chore
    item: UUID
    barcode: str
    title: str
    shelf: str = ""
    send_to: BranchCode | None = None
    since: datetime | None = None


_ORDER = (Chore.NEVER_ARRIVED, Chore.LOOK_ON_SHELF, Chore.TAKE_OFF_SHELF, Chore.SCAN, Chore.FETCH)


def arranged(lines: Iterable[WorkLine]) -> list[WorkLine]:
    """One line an item, what is stranger before what is plain; then the oldest first."""
    never = datetime.max.replace(tzinfo=UTC)
    found: dict[UUID, WorkLine] = {}
    for one in sorted(lines, key=lambda line: (_ORDER.index(line.kind), line.since or never, line.barcode)):
        found.setdefault(one.item, one)
    return list(found.values())
