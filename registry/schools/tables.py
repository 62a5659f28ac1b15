"""The tables of schools."""

from sqlalchemy import Column, Date, ForeignKey, Integer, PrimaryKeyConstraint, String, Table

from registry.columns import Instant, metadata

school = Table(
    "school",
    metadata,
    Column("code", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("branch", String, ForeignKey("branch.code"), nullable=False),
)
"""A school, and the branch it sends its contact data to while no school year says otherwise (Q3-1a)."""

school_year_assignment = Table(
    "school_year_assignment",
    metadata,
    Column("school", String, ForeignKey("school.code"), nullable=False),
    Column("school_year", Integer, nullable=False),
    Column("branch", String, ForeignKey("branch.code"), nullable=False),
    Column("phone", String),
    Column("since", Date, nullable=False),
    Column("source", String, nullable=False),
    Column("assigned_at", Instant, nullable=False),
    Column("actor", String, nullable=False),
    PrimaryKeyConstraint("school", "school_year"),
)
"""A school's branch and phone in a school year (Q3-3a), from which local date, and where that was written."""
