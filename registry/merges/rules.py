"""Whether two accounts may become one, and two again. Pure.

Merging is never automatic, never with a family account (R20), leaves one card of each kind (R13, Q9-b), and can be
undone for a term that the library sets (30 days).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum, unique

from circulation.cards import CardKind
from circulation.ids import PatronId
from circulation.patrons import PatronClass


@unique
class MergeRefusal(StrEnum):
    """Why two accounts stay two, or one stays one: stable codes, the sentences stand in the catalogue as ``merge.refused.<code>``."""

    PATRON_UNKNOWN = "merge_patron_unknown"
    SAME_PATRON = "merge_same_patron"
    FAMILY_ACCOUNT = "merge_family_account"
    """A family account is its own and becomes nobody's (R20)."""
    BOTH_LEAVING = "merge_both_leaving"
    """Both families took the consent back and something is open on each account: each is settled by itself (R11)."""
    CARD_CHOICE_MISSING = "merge_card_choice_missing"
    """Both have a card of one kind: somebody must say which stays (R13)."""
    CARD_CHOICE_IDLE = "merge_card_choice_idle"
    """A card was chosen of a kind that the two don't both have: whoever chose saw something else."""
    REASON_MISSING = "merge_reason_missing"
    NEEDS_SECOND = "merge_needs_second"
    """The library wants a second person: there is a case now, for somebody else to decide."""
    NO_SUCH_MERGE = "merge_unknown"
    ALREADY_UNDONE = "merge_already_undone"
    TERM_OVER = "merge_term_over"
    MERGED_ON = "merge_merged_on"
    """The account has become another's since: that one is undone first."""
    ID_TAKEN = "merge_id_taken"
    """Somebody else is on record with the national ID of the account that would come back."""


@dataclass(frozen=True, slots=True)
class MergeOrder:
    """``vanished`` shall become ``survivor``. ``keep`` says, for each kind of card that both have, whose stays."""

    survivor: PatronId
    vanished: PatronId
    because: str = field(repr=False)
    keep: Mapping[CardKind, PatronId] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Account:
    """What the decision looks at. ``leaving``: the consent was taken back, and that waits until nothing is open."""

    patron: PatronId
    patron_class: PatronClass
    kinds: frozenset[CardKind]
    leaving: bool = False


def decide_merge(order: MergeOrder, survivor: Account | None, vanished: Account | None) -> tuple[MergeRefusal, ...]:
    """Every reason against a merge."""
    found: list[MergeRefusal] = []
    if not order.because:
        found.append(MergeRefusal.REASON_MISSING)
    if survivor is None or vanished is None:
        return (*found, MergeRefusal.PATRON_UNKNOWN)
    if survivor.patron == vanished.patron:
        return (*found, MergeRefusal.SAME_PATRON)
    if PatronClass.FAMILY in {survivor.patron_class, vanished.patron_class}:
        found.append(MergeRefusal.FAMILY_ACCOUNT)
    if survivor.leaving and vanished.leaving:
        found.append(MergeRefusal.BOTH_LEAVING)
    both = survivor.kinds & vanished.kinds
    if both - order.keep.keys():
        found.append(MergeRefusal.CARD_CHOICE_MISSING)
    if order.keep.keys() - both or set(order.keep.values()) - {survivor.patron, vanished.patron}:
        found.append(MergeRefusal.CARD_CHOICE_IDLE)
    return tuple(found)


def decide_unmerge(  # noqa: PLR0913 - everything that may have happened since
    *, because: str, until: datetime | None, undone: bool, merged_on: bool, id_taken: bool, now: datetime
) -> tuple[MergeRefusal, ...]:
    """Every reason against undoing a merge.

    Args:
        because: what staff write as the reason.
        until: to when it can be undone (aware UTC); none when there is no such merge.
        undone: it has been undone before.
        merged_on: the survivor has become another account's, or other accounts came after that must go first.
        id_taken: somebody else has the national ID by now.
        now: aware UTC.

    """
    if until is None:
        return (MergeRefusal.NO_SUCH_MERGE,)
    against = {
        MergeRefusal.REASON_MISSING: not because,
        MergeRefusal.ALREADY_UNDONE: undone,
        MergeRefusal.TERM_OVER: not undone and now > until,
        MergeRefusal.MERGED_ON: merged_on,
        MergeRefusal.ID_TAKEN: id_taken,
    }
    return tuple(code for code, holds in against.items() if holds)
