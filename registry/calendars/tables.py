"""The table of changes of opening days. Rows are only ever added; what holds follows from all of them (``registry.lending.tables.calendar``)."""

from sqlalchemy import Column, Date, ForeignKey, String, Table

from registry.columns import Instant, big_number, document, metadata

calendar_change = Table(
    "calendar_change",
    metadata,
    Column("seq", big_number(), primary_key=True),
    Column("branch", String, ForeignKey("branch.code"), index=True),
    Column("kind", String, nullable=False),
    Column("starts", Date, nullable=False),
    Column("ends", Date),
    Column("document", document(), nullable=False),
    Column("reason", String, nullable=False),
    Column("source", String, nullable=False),
    Column("at", Instant, nullable=False),
    Column("by", String, nullable=False),
    sqlite_autoincrement=True,
)
"""``branch`` null: every branch. ``document`` holds hours, a timetable or a whole calendar, as the replica's rows write them."""
