"""What stands in the files of schools and of the Bureau."""

import struct
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, time, timedelta

from circulation.cards import CardUid, NumberForm
from circulation.national_ids import NationalId, NationalIdError, with_check_digit
from registry.rosters.card_numbers import CardNumberError, NumberFormError, check_form, read_card_number
from registry.rosters.values import (
    LONGEST_NAME,
    LONGEST_TEXT,
    ValueProblemError,
    read_birth_date,
    read_name,
    read_national_id,
    read_phone,
    read_postal_code,
    read_school_code,
    read_text,
    shown_date,
)
from registry.rosters.xlsx_sheet import Cell
from tests.fuzz.inputs import Bytes, is_plain, text_of
from tests.fuzz.target import Target

TODAY = date(2026, 9, 1)
_FORMS = tuple(form for form in NumberForm if form.links_one_card)
_OTHERS = tuple(form for form in NumberForm if not form.links_one_card)


def _cell_of(given: Bytes) -> Cell:
    """A cell as CSV or a workbook gives it."""
    match given.number() % 8:
        case 0:
            return struct.unpack(">d", given.take(8))[0]  # type: ignore[no-any-return]  # struct knows no types
        case 1:
            return int.from_bytes(given.take(9), "big", signed=True)
        case 2:
            return bool(given.number() & 1)
        case 3:
            return date.fromordinal(given.number(3) % date.max.toordinal() + 1)
        case 4:
            return datetime.fromordinal(given.number(3) % date.max.toordinal() + 1) + timedelta(minutes=given.number() % 2)
        case 5:
            return time(given.number() % 24, given.number() % 60)
        case 6:
            return timedelta(milliseconds=given.number(5))
        case _:
            return text_of(given.rest())


def roster_cell(data: bytes) -> None:
    """One cell, read as everything that a column may hold: a value that is plain and short, or a problem that does not tell the cell."""
    given = Bytes(data)
    form = _FORMS[given.number() % len(_FORMS)]
    cell = _cell_of(given)
    for read, longest in ((read_name, LONGEST_NAME), (read_text, LONGEST_TEXT), (read_phone, LONGEST_TEXT)):
        text = _read(read, cell)
        assert text is None or (is_plain(text) and 0 < len(text) <= longest)
    for code_of in (read_school_code, read_postal_code):
        code = _read(code_of, cell)
        assert code is None or (code.isascii() and code.isalnum() and len(code) <= 6)
    if number := _read(read_national_id, cell):
        assert NationalId.read(number.lower()).text == with_check_digit(number[:-1]) == number
        assert number not in repr(NationalId(number))
    _birth_date(cell)
    if isinstance(cell, str):
        _card_number(cell, form)
        assert len(shown_date(cell)) <= 20


def _read(read: Callable[[Cell], str | None], cell: Cell) -> str | None:
    """The value; none for a problem, which must not tell what stands in the cell."""
    try:
        return read(cell)
    except ValueProblemError as error:
        assert str(error) == error.code.value
        assert is_plain(error.shown)
        assert len(error.shown) <= 12
        assert set(error.shown[1:-1]) <= {"*"}
    return None


def _birth_date(cell: Cell) -> None:
    try:
        born = read_birth_date(cell, today=TODAY)
    except ValueProblemError as error:
        assert is_plain(error.shown)
        assert len(error.shown) <= 20
    else:
        assert date(1927, 1, 1) <= born <= TODAY
        assert read_birth_date(born.isoformat(), today=TODAY) == born


def _card_number(text: str, form: NumberForm) -> None:
    check_form(form)
    for other in _OTHERS:
        with suppress(NumberFormError):
            check_form(other)
            raise AssertionError(other)
    try:
        uid = read_card_number(text, form)
    except CardNumberError as error:
        assert text not in str(error) or len(text) < 12
        return
    assert isinstance(uid, CardUid)
    assert uid.names_a_card
    assert read_card_number(uid.written_as(form), form) == uid


def national_id(data: bytes) -> None:
    """A national ID as it is typed at a kiosk."""
    text = text_of(data)
    try:
        number = NationalId.read(text)
    except NationalIdError as error:
        assert len(str(error)) < 40
    else:
        assert number.text.isascii()
        assert len(number.text) == 10
        assert number.form
        assert number.text not in repr(number)
    try:
        whole = with_check_digit(text)
    except NationalIdError:
        return
    assert NationalId(whole).text == whole


TARGETS = (
    Target("roster_cell", ("registry.rosters.dates", "registry.rosters.card_numbers", "registry.rosters.values"), roster_cell, longest=400),
    Target("national_id", ("circulation.national_ids",), national_id, longest=24),
)
