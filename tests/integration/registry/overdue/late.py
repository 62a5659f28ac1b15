"""What the tests of late returns share: items that come back late, and what kiosks then hear."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from circulation.blocks import BlockCode
from circulation.ids import PatronId
from circulation.wire import Change
from registry.overdue.desk import Owed
from registry.overdue.store import block_key
from tests.integration.registry.city import City, Kiosk, a_checkout, a_return

STAFF = "staff:lin"
DUE = date(2026, 4, 10)
"""A Friday, as ``a_checkout`` promises it."""


def noon(day: date) -> datetime:
    """Noon at the library."""
    return datetime.combine(day, time(4), UTC)


def april(day: int) -> date:
    return date(2026, 4, 1) + timedelta(days=day - 1)


def lend(city: City, kiosk: Kiosk, *books: int, due: date = DUE, patron: UUID | None = None) -> list[UUID]:
    facts = [a_checkout(patron or city.ming, city.books[book], due=due) for book in books]
    kiosk.push(kiosk.seq + 1, *[kiosk.envelope(fact) for fact in facts])
    return [fact.loan for fact in facts]


def bring_back(kiosk: Kiosk, *loans: UUID, on: date, heard: date | None = None) -> None:
    """The items come back on a day; the registry hears of it then, or later."""
    kiosk.clock.at = noon(heard or on)
    kiosk.push(kiosk.seq + 1, *[kiosk.envelope(a_return(loan=loan), at=noon(on)) for loan in loans])


def late(city: City, kiosk: Kiosk, *books: int, on: date, patron: UUID | None = None) -> list[UUID]:
    """Items that are lent now and come back on a day."""
    loans = lend(city, kiosk, *books, patron=patron)
    bring_back(kiosk, *loans, on=on)
    return loans


def blocks(city: City, patron: UUID | None = None) -> list[tuple[str, str]]:
    """The patron's blocks: code and last day."""
    rows = city.sql("SELECT patron, code, until FROM block ORDER BY until")
    return [(code, until) for whose, code, until in rows if whose == (patron or city.ming).bytes]


def suspended(last: date) -> list[tuple[str, str]]:
    return [(BlockCode.SUSPENDED, last.isoformat())]


def owed(city: City, patron: UUID | None = None) -> Owed:
    return city.registry.desk.suspensions.owed(PatronId(patron or city.ming), by=STAFF)


def heard_of_block(city: City, kiosk: Kiosk, after: int) -> list[Change]:
    key = str(block_key(city.ming))
    return [one for one in kiosk.changes(city.feed, after, 5).changes if one.table == "block" and one.key == key]


def last_number(city: City) -> int:
    ((found,),) = city.sql("SELECT n FROM feed_head")
    return int(found)
