"""What one tick on the form decides (Q4), and what an account opens. Pure."""

from dataclasses import dataclass, field
from enum import StrEnum, unique

from circulation.patrons import PatronClass
from registry.enrolment.basis import Basis


@unique
class Service(StrEnum):
    """What somebody has by an account or by the programme."""

    BORROWING = "borrowing"
    """At every branch (Q2-b)."""
    DIGITAL_COLLECTION = "digital_collection"
    """E-books and audio books (Q2-c)."""
    MOBILE_CARD = "mobile_card"
    """iRead, 行動台北卡 (Q7-b, Q8-a)."""
    STUDENT_CARD = "student_card"
    """The student ID is combined with the library card when it is made (Q4-a)."""
    TAIPEI_PASS = "taipei_pass"  # noqa: S105 - a membership, no password
    """台北通 membership."""
    EASYCARD_REGISTRATION = "easycard_registration"
    """悠遊卡記名: the lost card can be stopped."""


OF_THE_TICK = frozenset({Service.STUDENT_CARD, Service.TAIPEI_PASS, Service.EASYCARD_REGISTRATION})
"""What the tick gives beside the account. One tick decides all of it: there is no other set of these than this one and none (Q4-c)."""
OF_A_PERSON = frozenset({Service.BORROWING, Service.DIGITAL_COLLECTION, Service.MOBILE_CARD})
_OF_A_FAMILY = frozenset({Service.BORROWING})
"""A family borrows with its barcode card: apps and e-books are persons' (R20)."""


@dataclass(frozen=True, slots=True)
class Account:
    """What services follow from. ``consents`` are the school years consented for; ``closing``: it ends as soon as nothing is open.

    The cards are not looked at: a card that was handed in or lost takes no service with it (Q7-b, R7).
    """

    basis: Basis
    patron_class: PatronClass = PatronClass.PERSONAL
    consents: frozenset[int] = field(default_factory=frozenset)
    withdrawing: bool = False
    closing: bool = False
    ended: bool = False


def services_of(account: Account) -> frozenset[Service]:
    """Everything the account opens: from one consent follow the account, the student card, the mobile card and the digital collection (Q4-a)."""
    if account.ended or account.closing:
        return frozenset()
    if account.patron_class is PatronClass.FAMILY:
        return _OF_A_FAMILY
    in_programme = bool(account.consents) and not account.withdrawing
    if in_programme:
        return OF_A_PERSON | OF_THE_TICK
    return OF_A_PERSON if account.basis.outlives_the_programme else frozenset()


@unique
class Proof(StrEnum):
    """What a consent rests on."""

    FORM = "form"
    """The Bureau's form of the school year, by a column of the file or a declaration for all its rows (Q3-2b)."""
    OLDER_RULES = "older_rules"
    """A school year before the one tick: no form of that kind existed (Q4-d)."""


@dataclass(frozen=True, slots=True)
class ConsentGiven:
    """A consent as it is recorded. ``by_column`` says that the file named it row by row; ``form_version`` is that of a declaration."""

    school_year: int
    form_version: str | None = None
    by_column: bool = False


def proof_of(given: ConsentGiven, *, one_tick_from: int) -> Proof | None:
    """What a consent rests on; nothing when a form is needed and there is none. Years before the one tick need none (Q4-d)."""
    if given.form_version is not None:
        return Proof.FORM
    if given.school_year < one_tick_from:
        return Proof.OLDER_RULES
    return Proof.FORM if given.by_column else None
