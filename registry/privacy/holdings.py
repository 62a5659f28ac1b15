"""What an export of a patron's data says of each table, and what is left out for which reason. The tables are read in ``store_holdings``.

Whatever table names a patron belongs to an export, without anybody adding it anywhere: left out is only what stands
here with its reason. A new table needs its heading in the catalogue (``privacy.table.<name>``); a test asks for it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum, unique


@unique
class LeftOut(StrEnum):
    """Why something is not told. The sentences stand in the catalogue as ``privacy.left_out.<code>``."""

    MACHINE_KEY = "machine_key"
    """Bytes that machines know rows by: made with a secret, they say nothing of anybody."""
    SECRET = "secret"  # noqa: S105 - a reason's code
    """What opens an account: only that it is there is told."""
    OTHER_PERSON = "other_person"
    """It may be about somebody else."""
    STAFF_WORDS = "staff_words"
    """Staff wrote it, and it may name others; it is forgotten soon."""
    SHOWN_ELSEWHERE = "shown_elsewhere"
    """The same is told by another table of the export."""


EXCLUDED: Mapping[str, LeftOut] = {"audit_subject": LeftOut.SHOWN_ELSEWHERE}
"""Tables that name a patron and are told in another way: who read and changed what stands under ``audit``."""

HIDDEN: Mapping[tuple[str, str], LeftOut] = {
    ("pin", "hash"): LeftOut.SECRET,
    ("staff_case", "asks"): LeftOut.OTHER_PERSON,
    ("flagged_fact", "other_loan"): LeftOut.OTHER_PERSON,
    ("staff_case", "because"): LeftOut.STAFF_WORDS,
}
"""Columns that are not told. Of bytes nothing is told in any table (``MACHINE_KEY``)."""

TOLD_WITH: Mapping[str, tuple[str, ...]] = {
    "branch": ("name",),
    "item": ("barcode", "title"),
    "roster_batch": ("kind", "school_year", "form_version", "cohort", "loaded_at"),
    "school": ("name",),
}
"""What a row says by naming a row of another table."""

NAMING = frozenset({"patron", "other_patron"})
"""What columns are called that hold a patron's key without a foreign key."""
PEOPLE = "patron"


@dataclass(frozen=True, slots=True)
class Holding:
    """A table of an export: the columns that name a patron, those that are told, and those that are not, with the reason.

    ``joined`` are the tables that its foreign keys name and that are told with it, by column.
    """

    table: str
    naming: tuple[str, ...]
    told: tuple[str, ...]
    left_out: Mapping[str, LeftOut]
    joined: Mapping[str, str]
