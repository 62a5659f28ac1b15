"""What waits for the Bureau's word, by school and row number, and what was handed back. No name and no ID stands here (R4)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from uuid import UUID

from sqlalchemy import Connection, delete, select

from registry.database import UnitOfWork
from registry.pieces import in_pieces
from registry.rosters.store import erase_waiting_before
from registry.rosters.tables import roster_batch, roster_waiting
from registry.schools.tables import contact_handback, contact_waiting


@dataclass(frozen=True, slots=True)
class RowsOfFile:
    """Rows of one file of contact data, by their numbers. Nobody may know which ``school`` sent it."""

    batch: UUID
    school: str | None
    loaded_at: datetime
    rows: tuple[int, ...]
    handed_back_on: date | None = None


def waiting_years(connection: Connection) -> list[int]:
    """The school years of which anything waits."""
    return sorted(connection.execute(select(roster_waiting.c.school_year).distinct()).scalars())


def waiting_rows(
    connection: Connection, school_year: int, *, schools: Collection[str] | None = None, before: datetime | None = None
) -> list[RowsOfFile]:
    """Which rows of which file wait, oldest file first: of these schools only, or of everybody; received before an instant."""
    joined = contact_waiting.join(roster_waiting, roster_waiting.c.tag == contact_waiting.c.tag).join(
        roster_batch, roster_batch.c.id == contact_waiting.c.batch
    )
    wanted = select(contact_waiting.c.batch, contact_waiting.c.school, roster_batch.c.loaded_at, contact_waiting.c.row_number)
    wanted = wanted.select_from(joined).where(roster_waiting.c.school_year == school_year)
    if schools is not None:
        wanted = wanted.where(contact_waiting.c.school.in_(schools))
    if before is not None:
        wanted = wanted.where(roster_waiting.c.received_at < before)
    in_order = wanted.order_by(roster_batch.c.loaded_at, contact_waiting.c.batch, contact_waiting.c.row_number)
    each = groupby(connection.execute(in_order), lambda row: (row.batch, row.school, row.loaded_at))
    return [RowsOfFile(*of_file, tuple(row.row_number for row in rows)) for of_file, rows in each]


def hand_back(work: UnitOfWork, school_year: int, *, before: datetime, on: date) -> tuple[list[RowsOfFile], int]:
    """Erase what came before an instant and still waits, and keep the numbers of its rows for the school; how many were erased."""
    found = waiting_rows(work.connection, school_year, before=before)
    _forget_handed_back(work, [one.batch for one in found], on)
    work.add(contact_handback, ((one.batch, on, one.school, list(one.rows)) for one in found))
    count = erase_waiting_before(work, before, school_year=school_year)
    work.connection.execute(delete(contact_waiting).where(contact_waiting.c.tag.not_in(select(roster_waiting.c.tag))))
    return found, count


def _forget_handed_back(work: UnitOfWork, batches: Collection[UUID], on: date) -> None:
    for keys in in_pieces(batches):
        same = (contact_handback.c.batch.in_(keys), contact_handback.c.handed_back_on == on)
        work.connection.execute(delete(contact_handback).where(*same))


def handed_back(connection: Connection, school_year: int, *, schools: Collection[str] | None = None) -> list[RowsOfFile]:
    """What was handed back in a school year, the latest first: of these schools only, or of everybody."""
    joined = contact_handback.join(roster_batch, roster_batch.c.id == contact_handback.c.batch)
    wanted = select(contact_handback, roster_batch.c.loaded_at).select_from(joined).where(roster_batch.c.school_year == school_year)
    if schools is not None:
        wanted = wanted.where(contact_handback.c.school.in_(schools))
    return [
        RowsOfFile(row.batch, row.school, row.loaded_at, tuple(row.row_numbers), row.handed_back_on)
        for row in connection.execute(wanted.order_by(contact_handback.c.handed_back_on.desc(), roster_batch.c.loaded_at))
    ]
