"""What the Bureau's system and the registry tell each other."""

from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

from registry.rosters.headings import RosterKind

MOST_ROWS = 1_000
Text = Annotated[str, Meta(max_length=300)]
BureauKind = Literal["bureau-students", "reissues", "leavings", "losses"]
"""A school's contact data comes from the schools."""


class BureauRowSent(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A row; which members are needed depends on the kind. Dates are ``2026-09-01``, card numbers hexadecimal, first byte first.

    ``leaving`` is ``returned`` (繳回) or ``cancelled`` (註銷); ``consent`` is ``yes`` or ``no``: of a row with a "no" nothing is kept.
    """

    national_id: Text = ""
    birth_date: Text = ""
    name: Text = ""
    card: Text = ""
    household_address: Text = ""
    school_phone: Text = ""
    school_code: Text = ""
    student_number: Text = ""
    issued_on: Text = ""
    old_card: Text = ""
    reason: Text = ""
    leaving: Text = ""
    left_on: Text = ""
    lost_on: Text = ""
    consent: Text = ""

    def __repr__(self) -> str:
        """Keep the pupil out of logs and failed assertions."""
        return "BureauRowSent()"


class DeclaredConsent(Struct, frozen=True, forbid_unknown_fields=True):
    """The Bureau's word that every row consented: on which form, and for whom (Q3-2b)."""

    form_version: Annotated[str, Meta(min_length=1, max_length=40)]
    cohort: Annotated[str, Meta(min_length=1, max_length=40)]


class BureauRows(Struct, frozen=True, forbid_unknown_fields=True):
    """Rows of one kind for one school year (of the Republic), 1,000 at most.

    ``key`` is the sender's own: the same rows sent again with the same key get the same answer and change nothing.
    """

    key: UUID
    kind: BureauKind
    school_year: Annotated[int, Meta(ge=90, le=200)]
    rows: Annotated[list[BureauRowSent], Meta(min_length=1, max_length=MOST_ROWS)]
    declared: DeclaredConsent | None = None


class RowProblem(Struct, frozen=True):
    """What is wrong with a row: at which member, a stable code, and a sentence in each language."""

    place: str
    code: str
    zh: str
    en: str


class RowAnswer(Struct, frozen=True, omit_defaults=True):
    """What became of a row (or will, when the batch waits); ``row`` counts from 0. ``case``: why a person looks at it."""

    row: int
    outcome: str
    case: str = ""
    problems: tuple[RowProblem, ...] = ()


class BureauAnswer(Struct, frozen=True):
    """What became of the rows. ``state``: ``committed``, ``staged`` (a person looks at the whole batch first) or ``unchanged``."""

    state: str
    rows: tuple[RowAnswer, ...]
    batch: UUID | None = None
    unusual: tuple[str, ...] = ()


def kind_of(sent: BureauRows) -> RosterKind:
    """The kind of roster."""
    return RosterKind(sent.kind)
