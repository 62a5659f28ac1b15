"""Reads the rows of one file: what each says, or everything that is wrong with it."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum, unique
from typing import TypeVar

from circulation.cards import CardUid, NumberForm
from registry.rosters.card_numbers import CardNumberError, read_card_number
from registry.rosters.encodings import has_own_characters
from registry.rosters.headings import Columns, Field, RosterKind
from registry.rosters.problems import Problem, ProblemCode
from registry.rosters.rows import BadRow, BureauRow, ContactRow, GoodRow, LeavingRow, LossRow, NotConsented, ReissueRow
from registry.rosters.sheet import RawRow
from registry.rosters.values import (
    ValueProblemError,
    masked_number,
    read_birth_date,
    read_name,
    read_national_id,
    read_phone,
    read_postal_code,
    read_school_code,
    read_text,
    text_of,
)
from registry.rosters.xlsx_sheet import Cell

Value = TypeVar("Value")
USUAL_AGES = range(5, 21)
"""Years. Evening schools have adults: outside these a row is taken with a warning."""

_YES = frozenset({"同意", "是", "已同意", "y", "yes", "v", "✓", "✔", "☑", "1", "true", "○"})
_NO = frozenset({"不同意", "否", "未同意", "n", "no", "x", "✗", "✘", "☒", "0", "false"})


@dataclass(frozen=True, slots=True)
class Terms:
    """What rows are read by: the day, the day ages are counted at, the source's number form, the known schools (none: unchecked)."""

    today: date
    school_begins: date
    number_form: NumberForm
    schools: frozenset[str]


_HANDED_IN = frozenset({"繳回", "卡片繳回", "已繳回", "繳回卡片", "returned", "handedin"})
_CANCELLED = frozenset({"註銷", "卡片註銷", "已註銷", "註銷卡片", "cancelled", "canceled"})
_NO_ID = re.compile(r"(?:[A-Z][0-9]{7,8}|[A-Z]{2}[0-9]{7}|[0-9]{9})?")
"""Nothing, or the form of a passport's number; a letter and nine digits, or two and eight, are a national ID with an error in it."""


@unique
class _Consent(Enum):
    YES = "yes"
    NO = "no"
    UNCLEAR = "unclear"


class RowReader:
    """Reads the rows of one file."""

    def __init__(self, columns: Columns, terms: Terms) -> None:
        self._columns = columns
        self._terms = terms

    def bureau(self, raw: RawRow) -> GoodRow | BadRow | NotConsented:
        """Read a row of the Bureau's file."""
        if (other := self._without_consent(raw)) is not None:
            return other
        cells = _Cells(raw, self._columns)
        name = cells.read(Field.NAME, read_name)
        national_id = cells.national_id()
        born = cells.read(Field.BIRTH_DATE, self._day)
        card = cells.read(Field.CARD_NUMBER, self._card)
        school_code = cells.read(Field.SCHOOL_CODE, self._school)
        household_address = cells.read(Field.HOUSEHOLD_ADDRESS, read_text, blocks=False)
        school_phone = cells.read(Field.SCHOOL_PHONE, read_phone, blocks=False)
        student_number = cells.read(Field.STUDENT_NUMBER, read_text, blocks=False)
        issued_on = cells.read(Field.ISSUED_ON, self._day_or_none, blocks=False)
        if name is None or national_id is None or born is None or card is None or cells.refused:
            return cells.bad()
        row = BureauRow(raw.number, name, national_id, born, card, household_address, school_phone, school_code, student_number, issued_on)
        return GoodRow(row, (*cells.problems, *self._age(born)))

    def contact(self, raw: RawRow) -> GoodRow | BadRow | NotConsented:
        """Read a row of a school's file."""
        if (other := self._without_consent(raw)) is not None:
            return other
        cells = _Cells(raw, self._columns)
        name = cells.read(Field.NAME, read_name)
        national_id = cells.national_id()
        born = cells.read(Field.BIRTH_DATE, self._day)
        address = cells.read(Field.ADDRESS, _needed_text)
        phone = cells.read(Field.PHONE, read_phone)
        mobile = cells.read(Field.MOBILE, read_phone)
        postal_code = cells.read(Field.POSTAL_CODE, read_postal_code, blocks=False)
        guardian = cells.read(Field.GUARDIAN, read_text, blocks=False)
        if phone is None and mobile is None and not cells.refused:
            cells.note(Field.MOBILE if Field.MOBILE in self._columns.places else Field.PHONE, ProblemCode.PHONE_MISSING)
        if name is None or national_id is None or born is None or address is None or cells.refused:
            return cells.bad()
        row = ContactRow(raw.number, name, national_id, born, address, phone, mobile, postal_code, guardian)
        return GoodRow(row, (*cells.problems, *self._age(born)))

    def reissue(self, raw: RawRow) -> GoodRow | BadRow | NotConsented:
        """Read a row of the Bureau's reissues."""
        if (other := self._without_consent(raw)) is not None:
            return other
        cells = _Cells(raw, self._columns)
        national_id = cells.read(Field.NATIONAL_ID, read_national_id)
        born = cells.read(Field.BIRTH_DATE, self._day)
        card = cells.read(Field.NEW_CARD_NUMBER, self._card)
        issued_on = cells.read(Field.ISSUED_ON, self._day)
        old_card = cells.read(Field.OLD_CARD_NUMBER, self._card_or_none, blocks=False)
        reason = cells.read(Field.REASON, read_text, blocks=False)
        if national_id is None or born is None or card is None or issued_on is None or cells.refused:
            return cells.bad()
        return GoodRow(ReissueRow(raw.number, national_id, born, card, issued_on, old_card, reason), tuple(cells.problems))

    def leaving(self, raw: RawRow) -> GoodRow | BadRow | NotConsented:
        """Read a row about a card that was cancelled or handed in."""
        if (other := self._without_consent(raw)) is not None:
            return other
        cells = _Cells(raw, self._columns)
        national_id = cells.read(Field.NATIONAL_ID, read_national_id)
        born = cells.read(Field.BIRTH_DATE, self._day)
        handed_in = cells.read(Field.LEAVING, _handed_in)
        left_on = cells.read(Field.LEFT_ON, self._day)
        card = cells.read(Field.CARD_NUMBER, self._card_or_none)
        if national_id is None or born is None or handed_in is None or left_on is None or cells.refused:
            return cells.bad()
        return GoodRow(LeavingRow(raw.number, national_id, born, handed_in, left_on, card), tuple(cells.problems))

    def loss(self, raw: RawRow) -> GoodRow | BadRow | NotConsented:
        """Read a row about a lost card."""
        if (other := self._without_consent(raw)) is not None:
            return other
        cells = _Cells(raw, self._columns)
        national_id = cells.read(Field.NATIONAL_ID, read_national_id)
        born = cells.read(Field.BIRTH_DATE, self._day)
        lost_on = cells.read(Field.LOST_ON, self._day)
        card = cells.read(Field.CARD_NUMBER, self._card_or_none)
        if national_id is None or born is None or lost_on is None or cells.refused:
            return cells.bad()
        return GoodRow(LossRow(raw.number, national_id, born, lost_on, card), tuple(cells.problems))

    def of(self, kind: RosterKind) -> Callable[[RawRow], GoodRow | BadRow | NotConsented]:
        """How rows of a kind are read."""
        return {
            RosterKind.BUREAU_STUDENTS: self.bureau,
            RosterKind.SCHOOL_CONTACTS: self.contact,
            RosterKind.REISSUES: self.reissue,
            RosterKind.LEAVINGS: self.leaving,
            RosterKind.LOSSES: self.loss,
        }[kind]

    def _without_consent(self, raw: RawRow) -> BadRow | NotConsented | None:
        """Before anything else is read: what a row without a yes says is nobody's business."""
        if Field.CONSENT not in self._columns.places:
            return None
        match _consent(_cell(raw, self._columns, Field.CONSENT)):
            case _Consent.YES:
                return None
            case _Consent.NO:
                try:
                    national_id = read_national_id(_cell(raw, self._columns, Field.NATIONAL_ID))
                except ValueProblemError:
                    national_id = None
                return NotConsented(raw.number, national_id)
            case _Consent.UNCLEAR:
                problem = Problem(ProblemCode.CONSENT_UNCLEAR, self._columns.heading(Field.CONSENT))
                return BadRow(raw.number, (problem,), consented=False)

    def _day(self, cell: Cell) -> date:
        return read_birth_date(cell, today=self._terms.today)

    def _day_or_none(self, cell: Cell) -> date | None:
        return None if cell == "" else self._day(cell)

    def _card_or_none(self, cell: Cell) -> CardUid | None:
        return self._card(cell) if text_of(cell) else None

    def _card(self, cell: Cell) -> CardUid:
        text = text_of(cell)
        if not text:
            raise ValueProblemError(ProblemCode.VALUE_MISSING)
        try:
            return read_card_number(text, self._terms.number_form)
        except CardNumberError as error:
            raise ValueProblemError(error.code, masked_number(text)) from None

    def _school(self, cell: Cell) -> str | None:
        code = read_school_code(cell)
        if code is not None and self._terms.schools and code not in self._terms.schools:
            raise ValueProblemError(ProblemCode.SCHOOL_UNKNOWN, code)
        return code

    def _age(self, born: date) -> Iterator[Problem]:
        begins = self._terms.school_begins
        age = begins.year - born.year - ((begins.month, begins.day) < (born.month, born.day))
        if age not in USUAL_AGES:
            yield Problem(ProblemCode.AGE_UNUSUAL, self._columns.heading(Field.BIRTH_DATE), f"{born}", blocks=False)


class _Cells:
    """One row's cells, and what was found wrong with them so far."""

    def __init__(self, raw: RawRow, columns: Columns) -> None:
        self._raw = raw
        self._columns = columns
        self.problems = list(self._everywhere())

    @property
    def refused(self) -> bool:
        return any(problem.blocks for problem in self.problems)

    def read(self, wanted: Field, read: Callable[[Cell], Value], *, blocks: bool = True) -> Value | None:
        if wanted not in self._columns.places:
            return None
        try:
            return read(_cell(self._raw, self._columns, wanted))
        except ValueProblemError as error:
            self.problems.append(Problem(error.code, self._columns.heading(wanted), error.shown, blocks=blocks))
            return None

    def national_id(self) -> str | None:
        """The national ID; empty for a passport or nothing, which is for a desk and not for whoever corrects the file."""
        try:
            written = text_of(_cell(self._raw, self._columns, Field.NATIONAL_ID))
        except ValueProblemError:
            written = ""
        if _NO_ID.fullmatch(unicodedata.normalize("NFKC", written).strip().upper()):
            self.problems.append(Problem(ProblemCode.ID_MISSING, self._columns.heading(Field.NATIONAL_ID), blocks=False))
            return ""
        return self.read(Field.NATIONAL_ID, read_national_id)

    def note(self, wanted: Field, code: ProblemCode) -> None:
        self.problems.append(Problem(code, self._columns.heading(wanted)))

    def bad(self) -> BadRow:
        return BadRow(self._raw.number, tuple(problem for problem in self.problems if problem.blocks), consented=True)

    def _everywhere(self) -> Iterator[Problem]:
        extra = self._raw.cells[len(self._columns.headings) :]
        if any(not isinstance(cell, str) or cell.strip() for cell in extra):
            yield Problem(ProblemCode.TOO_MANY_CELLS, self._columns.headings[-1] if self._columns.headings else "")
        for wanted in self._columns.places:
            cell = _cell(self._raw, self._columns, wanted)
            if isinstance(cell, str) and has_own_characters(cell):
                yield Problem(ProblemCode.EUDC, self._columns.heading(wanted), blocks=False)


def _cell(raw: RawRow, columns: Columns, wanted: Field) -> Cell:
    place = columns.places.get(wanted, len(raw.cells))
    return raw.cells[place] if place < len(raw.cells) else ""


def _needed_text(cell: Cell) -> str:
    text = read_text(cell)
    if text is None:
        raise ValueProblemError(ProblemCode.VALUE_MISSING)
    return text


def _handed_in(cell: Cell) -> bool:
    word = "".join(unicodedata.normalize("NFKC", text_of(cell)).split()).casefold()
    if word not in _HANDED_IN | _CANCELLED:
        raise ValueProblemError(ProblemCode.LEAVING_UNCLEAR if word else ProblemCode.VALUE_MISSING)
    return word in _HANDED_IN


def _consent(cell: Cell) -> _Consent:
    try:
        word = "".join(unicodedata.normalize("NFKC", text_of(cell)).split()).casefold()
    except ValueProblemError:
        return _Consent.UNCLEAR
    return _Consent.YES if word in _YES else _Consent.NO if word in _NO else _Consent.UNCLEAR
