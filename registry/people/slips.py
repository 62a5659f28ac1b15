"""Slips with one-time codes, for a school to hand out sealed: text to print and cut, or rows for a word processor. Pure.

A slip names nobody: a masked name, and the school's own student number to hand it out by.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from registry.spreadsheet import defused
from texts.catalogue import Catalogue

_CUT = "- " * 30


@dataclass(frozen=True, slots=True)
class Slip:
    """One slip. ``until`` is the last day (local date) on which the code surely works."""

    masked_name: str
    student_number: str
    code: str
    until: date


def as_text(slips: Iterable[Slip], catalogues: Sequence[Catalogue]) -> str:
    """Slips one below the other, every language on each, with lines to cut along."""
    parts: list[str] = []
    for slip in slips:
        values = {"name": slip.masked_name, "number": slip.student_number or "–", "at": f"{slip.until:%Y-%m-%d}"}
        parts += [*(catalogue.say("people.slip", **values) for catalogue in catalogues), f"    {slip.code}", _CUT]
    return "\n".join([*parts, ""])


def as_csv(slips: Iterable[Slip], catalogues: Sequence[Catalogue]) -> str:
    """A row a slip below headings in every language. No cell is a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    columns = ("name", "number", "code", "until")
    writer.writerow(" / ".join(catalogue.say(f"people.slip.{column}") for catalogue in catalogues) for column in columns)
    for slip in slips:
        writer.writerow(map(defused, (slip.masked_name, slip.student_number, slip.code, f"{slip.until:%Y-%m-%d}")))
    return out.getvalue()
