"""Rows that came together, sorted out: good ones, bad ones, those without consent, those that repeat or contradict each other."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import msgspec

from registry.rosters.headings import Columns, Field
from registry.rosters.problems import Problem, ProblemCode
from registry.rosters.rows import BadRow, BureauRow, ContactRow, GoodRow, LeavingRow, LossRow, NotConsented, ReissueRow, RosterRow


@dataclass(frozen=True, slots=True)
class Sorted:
    """Every row stands in one of four places; ``warnings`` are about rows that are taken."""

    rows: tuple[RosterRow, ...]
    bad: tuple[BadRow, ...]
    warnings: tuple[tuple[int, Problem], ...]
    not_consented: tuple[NotConsented, ...]
    repeated: tuple[int, ...]


def sorted_out(readings: Iterable[GoodRow | BadRow | NotConsented], columns: Columns) -> Sorted:
    """Sort rows out. The same row twice is one row; of rows that contradict each other none is taken; a "no" outweighs a "yes"."""
    good: list[GoodRow] = []
    bad: list[BadRow] = []
    refused: list[NotConsented] = []
    for reading in readings:
        match reading:
            case GoodRow():
                good.append(reading)
            case BadRow():
                bad.append(reading)
            case NotConsented():
                refused.append(reading)
    once, repeated = _each_once(good)
    contradicting = dict(_contradictions(once, refused, columns))
    bad += [BadRow(number, (problem,), consented=True) for number, problem in contradicting.items()]
    kept = [one for one in once if one.row.number not in contradicting]
    return Sorted(
        tuple(one.row for one in kept),
        tuple(sorted(bad, key=lambda one: one.number)),
        tuple((one.row.number, warning) for one in kept for warning in one.warnings),
        tuple(refused),
        tuple(repeated),
    )


def _each_once(good: Iterable[GoodRow]) -> tuple[list[GoodRow], list[int]]:
    """The same row twice is one row (R15)."""
    seen: set[RosterRow] = set()
    once: list[GoodRow] = []
    repeated: list[int] = []
    for one in good:
        same = msgspec.structs.replace(one.row, number=0)
        if same in seen:
            repeated.append(one.row.number)
        else:
            seen.add(same)
            once.append(one)
    return once, repeated


def _contradictions(good: Iterable[GoodRow], refused: Iterable[NotConsented], columns: Columns) -> Iterator[tuple[int, Problem]]:
    """Rows with one ID or one card and different words: none of them is taken. A "no" outweighs a "yes"."""
    said_no = {one.national_id: one.number for one in refused if one.national_id is not None}
    first_of: dict[object, int] = {}
    for one in good:
        row = one.row
        if row.national_id in said_no:
            yield row.number, _contradiction(columns, Field.NATIONAL_ID, said_no[row.national_id])
        for column, key in _keys(row):
            first = first_of.setdefault(key, row.number)
            if first != row.number:
                yield first, _contradiction(columns, column, row.number)
                yield row.number, _contradiction(columns, column, first)


def _keys(row: RosterRow) -> Iterator[tuple[Field, object]]:
    """What may stand in one row of a file only: a person, or a person's event of one day, and a new card."""
    match row:
        case BureauRow() | ContactRow():
            if row.national_id:
                yield Field.NATIONAL_ID, row.national_id
        case ReissueRow():
            yield Field.NATIONAL_ID, (row.national_id, row.issued_on)
        case LeavingRow():
            yield Field.NATIONAL_ID, (row.national_id, row.left_on)
        case LossRow():
            yield Field.NATIONAL_ID, (row.national_id, row.lost_on)
    if isinstance(row, BureauRow | ReissueRow):
        yield Field.NEW_CARD_NUMBER if isinstance(row, ReissueRow) else Field.CARD_NUMBER, row.card


def _contradiction(columns: Columns, field: Field, other: int) -> Problem:
    return replace(Problem(ProblemCode.ROW_CONTRADICTS, columns.heading(field)), other_row=other)
