"""Correcting what the registry has of a patron: which values, who had the wrong ones. Pure.

The library's own name stays until a librarian has confirmed a change (R16).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum, unique
from uuid import UUID

from circulation.ids import PatronId
from registry.privacy.refusals import PrivacyRefusal
from registry.rosters.values import (
    ValueProblemError,
    read_birth_date,
    read_name,
    read_national_id,
    read_phone,
    read_postal_code,
    read_text,
)


@unique
class CorrectedField(StrEnum):
    """What can be corrected. What the Bureau says of a pupil's school is the Bureau's to correct."""

    NAME = "name"
    NATIONAL_ID = "national_id"
    BIRTH_DATE = "birth_date"
    ADDRESS = "address"
    PHONE = "phone"
    MOBILE = "mobile"
    POSTAL_CODE = "postal_code"
    GUARDIAN = "guardian"


IDENTITY = frozenset({CorrectedField.NAME, CorrectedField.NATIONAL_ID, CorrectedField.BIRTH_DATE})
CONTACT = tuple(one for one in CorrectedField if one not in IDENTITY)


@unique
class Recipient(StrEnum):
    """Who has data from the registry, or gave the registry the wrong ones."""

    KIOSKS = "kiosks"
    """Told by the feed at once: they hold the masked name."""
    BUREAU = "bureau"
    SCHOOL = "school"
    BRANCH = "branch"
    APPS = "apps"


@dataclass(frozen=True, slots=True)
class CorrectionOrder:
    """New values as they were written, by field; an empty one takes a value away where that can be.

    ``confirmed``: a librarian has seen papers for the name. ``request`` is the one on the register that asked for it.
    """

    patron: PatronId
    written: Mapping[CorrectedField, str] = field(repr=False)
    confirmed: bool = False
    request: UUID | None = None


@dataclass(frozen=True, slots=True, repr=False)
class PresentData:
    """What the registry has of a patron now, and what decides who else has it."""

    values: Mapping[CorrectedField, str | date | None]
    consented: bool
    school: str | None
    regular_at: str | None
    in_apps: bool


@dataclass(frozen=True, slots=True, repr=False)
class DecidedCorrection:
    """What is written at once, the name that waits for a librarian, and who had the wrong data."""

    values: Mapping[CorrectedField, str | date | None]
    waiting_name: str | None
    recipients: tuple[Recipient, ...]

    @property
    def fields(self) -> tuple[CorrectedField, ...]:
        """What is corrected, or waits to be."""
        waiting = {CorrectedField.NAME} if self.waiting_name is not None else set()
        return tuple(one for one in CorrectedField if one in self.values or one in waiting)


def decide_correction(order: CorrectionOrder, present: PresentData, *, today: date) -> DecidedCorrection | tuple[PrivacyRefusal, ...]:
    """What a correction changes, or every reason against it."""
    against: set[PrivacyRefusal] = set()
    values: dict[CorrectedField, str | date | None] = {}
    for one, written in order.written.items():
        try:
            value = _read(one, written, today=today)
        except ValueProblemError:
            against.add(PrivacyRefusal.VALUE_UNREADABLE)
            continue
        if value != present.values.get(one):
            values[one] = value
    contact = {one: values.get(one, present.values.get(one)) for one in CONTACT}
    if any(contact.values()) and not contact[CorrectedField.ADDRESS]:
        against.add(PrivacyRefusal.ADDRESS_MISSING)
    if not values and not against:
        against.add(PrivacyRefusal.NOTHING_CHANGES)
    if against:
        return tuple(reason for reason in PrivacyRefusal if reason in against)
    waiting = values.pop(CorrectedField.NAME) if CorrectedField.NAME in values and not order.confirmed else None
    return DecidedCorrection(values, None if waiting is None else str(waiting), recipients_of(values, present))


def recipients_of(fields: Collection[CorrectedField], present: PresentData) -> tuple[Recipient, ...]:
    """Who had the wrong data. The masked name alone is on kiosks and in apps; the Bureau knows no contact data."""
    identity = bool(IDENTITY & set(fields))
    named = CorrectedField.NAME in fields
    had = {
        Recipient.KIOSKS: named,
        Recipient.BUREAU: identity and present.consented,
        Recipient.SCHOOL: bool(fields) and present.school is not None,
        Recipient.BRANCH: bool(fields) and present.regular_at is not None,
        Recipient.APPS: named and present.in_apps,
    }
    return tuple(recipient for recipient, has in had.items() if has)


def _read(one: CorrectedField, written: str, *, today: date) -> str | date | None:
    match one:
        case CorrectedField.NAME:
            return read_name(written)
        case CorrectedField.NATIONAL_ID:
            return read_national_id(written)
        case CorrectedField.BIRTH_DATE:
            return read_birth_date(written, today=today)
        case CorrectedField.PHONE | CorrectedField.MOBILE:
            return read_phone(written)
        case CorrectedField.POSTAL_CODE:
            return read_postal_code(written)
        case CorrectedField.ADDRESS | CorrectedField.GUARDIAN:
            return read_text(written)


@dataclass(frozen=True, slots=True)
class CorrectionMade:
    """A correction: which fields, whether its name waits for a librarian, whom somebody has still to tell (kiosks know already)."""

    id: UUID
    patron: PatronId
    fields: tuple[CorrectedField, ...]
    waits: bool
    made_at: datetime
    untold: tuple[Recipient, ...]
