"""A whole row as a case carries it, by stable names, and the row again: a decision can run it once more."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec

from circulation.cards import CardUid, CardUidError
from registry.rosters.headings import RosterKind
from registry.rosters.rows import BureauRow, ContactRow, LeavingRow, LossRow, ReissueRow, RosterRow

ROW_OF: Mapping[RosterKind, type[RosterRow]] = {
    RosterKind.BUREAU_STUDENTS: BureauRow,
    RosterKind.SCHOOL_CONTACTS: ContactRow,
    RosterKind.REISSUES: ReissueRow,
    RosterKind.LEAVINGS: LeavingRow,
    RosterKind.LOSSES: LossRow,
}
_KIND, _YEAR = "roster_kind", "school_year"
_NAMES = {"born": "birth_date", "issued_on": "issued_at", "left_on": "left_at", "lost_on": "lost_at"}
"""How a field is called in a case, where that is another name."""


class AsksError(ValueError):
    """What a case carries is no whole row of a roster, such as one that lacks its national ID. The message names no value."""


@dataclass(frozen=True, slots=True)
class AskedRow:
    """A row that a case carries, and what it came as. ``school_year`` is in years of the Republic."""

    kind: RosterKind
    school_year: int
    row: RosterRow


def kind_of(row: RosterRow) -> RosterKind:
    """Which roster a row is of."""
    return next(kind for kind, shape in ROW_OF.items() if type(row) is shape)


def asks_of(row: RosterRow, school_year: int) -> dict[str, str]:
    """Everything that a row says, by stable names; what it does not say is left out."""
    said = {_NAMES.get(name, name): _written(getattr(row, name)) for name in row.__struct_fields__ if name != "number"}
    return {_KIND: str(kind_of(row)), _YEAR: str(school_year), **{name: text for name, text in said.items() if text}}


def row_of(asks: Mapping[str, str], *, number: int = 0) -> AskedRow:
    """The row that a case carries, with another word where staff have put one in its place.

    Args:
        asks: the case's own, perhaps with changed values.
        number: the row's place in its file.

    Raises:
        AsksError: it carries no row, or one that is not whole.

    """
    try:
        kind, year = RosterKind(asks[_KIND]), int(asks[_YEAR])
        shape = ROW_OF[kind]
        values: dict[str, Any] = {"number": number}
        for one in msgspec.structs.fields(shape):
            text = asks.get(_NAMES.get(one.name, one.name))
            if one.name != "number":
                values[one.name] = _read(one.type, text)
        row = msgspec.convert(values, shape, strict=False)
    except (KeyError, ValueError, CardUidError):
        message = "the case carries no whole row of a roster"
        raise AsksError(message) from None
    if not row.national_id:
        message = "the row lacks its national ID"
        raise AsksError(message)
    return AskedRow(kind, year, row)


def _written(value: object) -> str:
    match value:
        case None:
            return ""
        case CardUid():
            return value.hex
        case date():
            return value.isoformat()
        case bool():
            return "true" if value else "false"
        case _:
            return str(value)


def _read(annotation: object, text: str | None) -> object:
    if text is None:
        return "" if annotation is str else None
    of_card = CardUid in (annotation, *getattr(annotation, "__args__", ()))
    return {"octets": CardUid.from_hex(text).octets} if of_card else text
