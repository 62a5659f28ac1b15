"""A case as staff see it: who has it and how long it waits, and both sides, masked unless somebody asks for all of it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

from circulation.ids import PatronId
from registry.cases.decisions import ALLOWED, Decision
from registry.cases.kinds import CaseKind
from registry.cases.store import KnownCase
from registry.enrolment.names import masked
from registry.rosters.values import masked_number

_TELLS_NOBODY = frozenset(
    {"roster_kind", "school_year", "kind", "issued_at", "left_at", "lost_at", "handed_in", "school_code"}
) | frozenset({"happened_at", "fact", "due", "other_due", "loan", "other_loan", "kiosk", "seq"})
"""What may be shown as it is: it names nobody."""
_NUMBERS = frozenset({"national_id", "student_number", "phone", "mobile", "school_phone"})
_CARDS = frozenset({"card", "old_card"})
_TAIL = 4
HIDDEN = "…"


@dataclass(frozen=True, slots=True)
class Side:
    """One thing that the two sides say; ``differs`` where both say something and not the same. Texts are masked unless asked for in full."""

    name: str
    asks: str | None = field(repr=False)
    known: str | None = field(repr=False)
    differs: bool


@dataclass(frozen=True, slots=True)
class ShownCase:
    """A case for the eyes of staff. ``days`` is how many whole days it has waited, or waited until it was decided."""

    id: UUID
    kind: CaseKind
    opened_at: datetime
    days: int
    assignee: str | None
    patron: str | None
    other_patron: str | None
    patron_key: PatronId | None
    other_key: PatronId | None
    branch: str | None
    batch: UUID | None
    row_number: int | None
    allowed: tuple[Decision, ...]
    decision: str | None
    decided_by: str | None
    because: str | None = field(repr=False)
    sides: tuple[Side, ...] = ()
    reasons: tuple[str, ...] = ()
    """Why the registry flagged the fact that opened it: codes, ``reason.<code>`` in the catalogue."""


def shown(case: KnownCase, names: Mapping[PatronId, str], *, now: datetime, sides: Literal["none", "masked", "full"] = "none") -> ShownCase:
    """A case as it is shown; ``names`` are masked."""
    until = now if case.settled_at is None else case.settled_at
    return ShownCase(
        *(case.id, case.kind, case.opened_at, max(0, (until - case.opened_at).days), case.assignee),
        None if case.patron is None else names.get(case.patron),
        None if case.other_patron is None else names.get(case.other_patron),
        *(case.patron, case.other_patron, case.branch, case.batch, case.row_number),
        () if case.settled_at is not None else ALLOWED[case.kind],
        *(case.decision, case.decided_by, None if sides == "none" else case.because),
        () if sides == "none" else sides_of(case, full=sides == "full"),
    )


def sides_of(case: KnownCase, *, full: bool) -> tuple[Side, ...]:
    """Both sides, name by name, those that differ first."""
    found = [_side(name, case.asks.get(name), case.known.get(name), full=full) for name in dict.fromkeys((*case.known, *case.asks))]
    return tuple(sorted(found, key=lambda one: not one.differs))


def _side(name: str, asks: str | None, known: str | None, *, full: bool) -> Side:
    differs = asks is not None and known is not None and asks != known
    if full:
        return Side(name, asks, known, differs)
    return Side(name, masked_value(name, asks), masked_value(name, known), differs)


def masked_value(name: str, text: str | None) -> str | None:
    """What may be shown of a value by its name. What has no rule of its own is hidden."""
    if text is None or name in _TELLS_NOBODY:
        return text
    if name == "name":
        return masked(text)
    if name == "birth_date":
        return f"{text[:4]}-**-**"
    if name in _NUMBERS:
        return masked_number(text)
    return f"{HIDDEN}{text[-_TAIL:]}" if name in _CARDS else HIDDEN
