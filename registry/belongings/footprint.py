"""What was on record of some patrons before and after a change, row by row, and what that means in words. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum, unique
from typing import Any

from registry.belongings.kinds import BELONGINGS, OWNER

Image = Mapping[str, Any]
Rows = Mapping[tuple[Any, ...], Image]
"""The rows of a table by the values of their keys."""

HISTORY = frozenset(one.table for one in BELONGINGS if one.is_history)
KEYED = frozenset(one.table for one in BELONGINGS if one.is_key)
_COLUMNS: Mapping[str, tuple[str, ...]] = {
    table: tuple(one.column for one in BELONGINGS if one.table == table) for table in {one.table for one in BELONGINGS}
}


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row that came (no ``before``), went (no ``after``) or is another now."""

    table: str
    before: Image | None = field(repr=False)
    after: Image | None = field(repr=False)

    @property
    def changed(self) -> frozenset[str]:
        """The columns that have other values now; none for a row that came or went."""
        if self.before is None or self.after is None:
            return frozenset()
        return frozenset(name for name, value in self.after.items() if self.before.get(name) != value)

    @property
    def moved(self) -> frozenset[str]:
        """The columns among them that name a patron."""
        return self.changed & frozenset(_COLUMNS.get(self.table, ()))

    def one(self) -> Image:
        """The row as it is, or was."""
        return self.after if self.after is not None else self.before if self.before is not None else {}


def owners_in(change: RowChange) -> frozenset[str]:
    """The columns of a changed row that name a patron."""
    return frozenset(name for name in _COLUMNS.get(change.table, ()) if name in change.one())


def changes_between(before: Mapping[str, Rows], after: Mapping[str, Rows]) -> list[RowChange]:
    """What came, went and changed; tables in the order of ``before``, patrons first."""
    found: list[RowChange] = []
    for table in before.keys() | after.keys():
        old, new = before.get(table, {}), after.get(table, {})
        found += [RowChange(table, old.get(key), new.get(key)) for key in dict.fromkeys((*old, *new)) if old.get(key) != new.get(key)]
    order = [OWNER, *dict.fromkeys(one.table for one in BELONGINGS)]
    return sorted(found, key=lambda one: order.index(one.table))


@unique
class EffectKind(StrEnum):
    """What a decision does, for whoever is about to take it. The sentences stand in the catalogue as ``case.effect.<code>``."""

    RECORD_CREATED = "record_created"
    RECORD_VANISHES = "record_vanishes"
    NAME_CHANGES = "name_changes"
    BIRTH_DATE_CHANGES = "birth_date_changes"
    NATIONAL_ID_CHANGES = "national_id_changes"
    BECOMES_COMPLETE = "becomes_complete"
    BECOMES_INCOMPLETE = "becomes_incomplete"
    RECORD_CHANGES = "record_changes"
    CARD_ENDS = "card_ends"
    CARD_BOUND = "card_bound"
    CARD_MOVES = "card_moves"
    CARD_STATE = "card_state"
    ALIAS_KEPT = "alias_kept"
    CASE_OPENED = "case_opened"
    ROWS_MOVE = "rows_move"
    ROWS_COME = "rows_come"
    ROWS_GO = "rows_go"
    ROWS_CHANGE = "rows_change"


@dataclass(frozen=True, slots=True, order=True)
class Effect:
    """One effect. ``of`` is the kind of card or case, or the table whose rows are counted: ``count`` of them."""

    kind: EffectKind
    of: str = ""
    count: int = 1


_OF_RECORD = {
    "name": EffectKind.NAME_CHANGES,
    "birth_date": EffectKind.BIRTH_DATE_CHANGES,
    "national_id": EffectKind.NATIONAL_ID_CHANGES,
}
_FOLLOWS_THE_NAME = frozenset({"masked_name", "folded_name"})
_UNSAID = HISTORY | {"former_card", "merge"}
"""Tables that say the same as another one does."""


def effects_of(changes: Iterable[RowChange]) -> list[Effect]:
    """The effects of these changes, equal ones counted together; nothing that names anybody."""
    counted: dict[tuple[EffectKind, str], int] = {}
    for change in changes:
        for named in _effects(change):
            counted[named] = counted.get(named, 0) + 1
    for table in KEYED:
        # Where the owner is part of the key, a row that moves goes here and comes there.
        came, went = (EffectKind.ROWS_COME, table), (EffectKind.ROWS_GO, table)
        moved = min(counted.get(came, 0), counted.get(went, 0))
        if moved:
            counted[EffectKind.ROWS_MOVE, table] = moved
            counted |= {came: counted[came] - moved, went: counted[went] - moved}
    counted = {named: count for named, count in counted.items() if count}
    return sorted(Effect(kind, of, count) for (kind, of), count in counted.items())


def _effects(change: RowChange) -> list[tuple[EffectKind, str]]:
    if change.table in _UNSAID:
        return []
    came, went = change.before is None, change.after is None
    row = change.one()
    match change.table:
        case "patron":
            return _of_record(change, came=came, went=went)
        case "card":
            kind = EffectKind.CARD_BOUND if came else EffectKind.CARD_ENDS if went else None
            kind = kind or (EffectKind.CARD_MOVES if change.moved else EffectKind.CARD_STATE)
            return [(kind, str(row["kind"]))]
        case "national_id_alias" if came:
            return [(EffectKind.ALIAS_KEPT, "")]
        case "staff_case" if came:
            return [(EffectKind.CASE_OPENED, str(row["kind"]))]
    if came or went:
        return [(EffectKind.ROWS_COME if came else EffectKind.ROWS_GO, change.table)]
    return [(EffectKind.ROWS_MOVE if change.moved else EffectKind.ROWS_CHANGE, change.table)]


def _of_record(change: RowChange, *, came: bool, went: bool) -> list[tuple[EffectKind, str]]:
    if came or went:
        return [(EffectKind.RECORD_CREATED if came else EffectKind.RECORD_VANISHES, "")]
    found: list[tuple[EffectKind, str]] = []
    for name in sorted(change.changed - _FOLLOWS_THE_NAME):
        if name == "contact_complete":
            complete = change.one()[name]
            found.append((EffectKind.BECOMES_COMPLETE if complete else EffectKind.BECOMES_INCOMPLETE, ""))
        else:
            found.append((_OF_RECORD.get(name, EffectKind.RECORD_CHANGES), ""))
    return found
