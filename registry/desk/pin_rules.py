"""Which PINs may be set, and how long a lock lasts. Pure.

Source: the programme's rule that a PIN is never the birthday; the public sector's security rules (five failed
tries, then 15 minutes); NIST SP 800-63B, 5.1.1.2 (values that everybody tries first are refused).
"""

import re
import unicodedata
from datetime import date, timedelta
from itertools import pairwise

from registry.desk.refusals import DeskRefusal

_FORM = re.compile(r"[0-9]{4,8}")
TRIES = 5
"""Failed tries before the first lock."""
FIRST_LOCK = timedelta(minutes=15)
LONGEST_LOCK = timedelta(days=1)
"""Doubling ends here: a PIN that somebody else's child locked must not be gone for years. The desk gives a new one at any time."""
_REPUBLIC_BEGINS = 1911


def read_pin(written: str) -> str:
    """What was typed, as it is compared: full-width digits are digits."""
    return unicodedata.normalize("NFKC", written).strip()


def fault_of(pin: str, *, birth_date: date | None) -> DeskRefusal | None:
    """Why this PIN may not be set; nothing when it may."""
    if not _FORM.fullmatch(pin):
        return DeskRefusal.PIN_FORMAT
    if birth_date is not None and pin in birthdays(birth_date):
        return DeskRefusal.PIN_BIRTHDAY
    return DeskRefusal.PIN_TRIVIAL if _is_trivial(pin) else None


def birthdays(born: date) -> frozenset[str]:
    """The ways a birthday is written in four to eight digits, by the Western calendar and the Republic's."""
    year, month, day = f"{born.year:04}", f"{born.month:02}", f"{born.day:02}"
    republic = born.year - _REPUBLIC_BEGINS
    years = {year, year[2:], f"{republic}", f"{republic % 100:02}", f"{republic:03}"}
    days = {f"{month}{day}", f"{day}{month}", f"{born.month}{born.day}"}
    forms = {year, *days}
    forms |= {f"{one}{other}" for one in years for other in days}
    forms |= {f"{other}{one}" for one in years for other in days}
    forms |= {f"{one}{month}" for one in years} | {f"{month}{one}" for one in years}
    return frozenset(form for form in forms if _FORM.fullmatch(form))


def _is_trivial(pin: str) -> bool:
    """Whether it is one of the PINs that everybody tries first: 0000, 1234, 7890, 4321, 1212, 123123, 1122, 12344321, 2580."""
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    if len(steps) == 1 and steps <= {0, 1, 9}:
        return True
    repeated = any(len(pin) % length == 0 and pin == pin[:length] * (len(pin) // length) for length in range(1, len(pin) // 2 + 1))
    doubled = len(pin) % 2 == 0 and all(pin[i] == pin[i + 1] for i in range(0, len(pin), 2))
    return repeated or doubled or pin == pin[::-1] or pin in {"2580", "0852"}


def lock_after(failures: int) -> timedelta | None:
    """How long a PIN is locked after this many failed tries in a row: 15 minutes after five, twice as long after each one more."""
    if failures < TRIES:
        return None
    # A day is reached long before the shift could grow.
    return min(FIRST_LOCK * (1 << min(failures - TRIES, 16)), LONGEST_LOCK)
