"""Who signs, who needs a guardian: by age, and by the rules in force on the day (R12). Pure.

The ages are data with a date and a source (``account_rule``): the Civil Code changed one of them in 2023.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum, unique


@unique
class Papers(StrEnum):
    """Types of identity papers. A desk notes which type it saw, never a number and never a copy (Q8-b)."""

    NATIONAL_ID_CARD = "national_id_card"
    """國民身分證"""
    HOUSEHOLD_CERTIFICATE = "household_certificate"
    """戶口名簿"""
    HOUSEHOLD_TRANSCRIPT = "household_transcript"
    """戶籍謄本"""
    HEALTH_CARD = "health_card"
    """健保卡"""
    DRIVING_LICENCE = "driving_licence"
    """駕駛執照"""
    PASSPORT = "passport"
    """護照"""
    RESIDENT_CERTIFICATE = "resident_certificate"
    """居留證"""


@unique
class Signer(StrEnum):
    """Who signed a form."""

    SELF = "self"
    GUARDIAN = "guardian"


@unique
class AgeBand(StrEnum):
    """What the ages mean."""

    CHILD = "child"
    """A guardian must be there, or linked."""
    YOUTH = "youth"
    """A minor who comes alone; a guardian signs."""
    ADULT = "adult"


@dataclass(frozen=True, slots=True)
class AccountRules:
    """The rules from a local date on. Ages in full years; ``one_tick_from`` is a school year of the Republic (Q4-d); ``source`` says who decided."""

    effective_from: date
    adult_from: int
    guardian_below: int
    one_tick_from: int
    papers: frozenset[Papers]
    source: str


def rules_on(day: date, rules: Iterable[AccountRules]) -> AccountRules | None:
    """The rules in force on a local date; none before the first ones."""
    in_force = [one for one in rules if one.effective_from <= day]
    return max(in_force, key=lambda one: one.effective_from, default=None)


def age_on(day: date, *, born: date) -> int:
    """Full years: somebody born on 29 February is a year older from 1 March on in other years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def band_of(born: date, rules: AccountRules, *, today: date) -> AgeBand:
    """What somebody's age means today."""
    age = age_on(today, born=born)
    if age >= rules.adult_from:
        return AgeBand.ADULT
    return AgeBand.CHILD if age < rules.guardian_below else AgeBand.YOUTH


def decide_signer(birth_date: date | None, rules: AccountRules, *, today: date) -> Signer | None:
    """Who must sign for this person today: an adult for herself, for a minor the guardian (R12). Nobody can tell without a birth date."""
    if birth_date is None:
        return None
    return Signer.SELF if band_of(birth_date, rules, today=today) is AgeBand.ADULT else Signer.GUARDIAN
