"""Rows as a feed brings them, already read: a test names only what matters to it."""

from datetime import date

from circulation.cards import CardUid
from registry.rosters.arrival import Arrival
from registry.rosters.asks import kind_of
from registry.rosters.batches import Brought
from registry.rosters.given import GivenRows
from registry.rosters.rows import BureauRow, ContactRow, LeavingRow, LossRow, ReissueRow, RosterRow
from registry.rosters.store_batches import Channel
from tests.integration.registry.rosters.counter import Counter

MING, LIN, HUA = "A123456789", "W234567893", "F131234569"
BEFORE, SINCE = "AC01234567", "A800123450"
"""The old and the new resident number of one person."""
BORN = {MING: date(2014, 5, 6), LIN: date(2014, 5, 6), HUA: date(2013, 1, 2), BEFORE: date(2012, 2, 3), SINCE: date(2012, 2, 3)}
NAME = {MING: "王小明", LIN: "林大雙", HUA: "歐陽小華", BEFORE: "阮氏花", SINCE: "阮氏花"}
YEAR = 114


def uid(number: str) -> CardUid:
    return CardUid.from_hex(number)


def pupil(who: str, card: str, *, number: int = 2, issued_on: date | None = None, school: str | None = None) -> BureauRow:
    return BureauRow(number, NAME[who], who, BORN[who], uid(card), "戶籍路1號", "02-2345-6789", school, None, issued_on)


def contact(who: str, address: str = "通訊路1號", *, number: int = 2) -> ContactRow:
    return ContactRow(number, NAME[who], who, BORN[who], address, None, "0912345678", "100", "家長")


def reissue(who: str, card: str, on: date, *, number: int = 2) -> ReissueRow:
    return ReissueRow(number, who, BORN[who], uid(card), on)


def handed_in(who: str, on: date, *, number: int = 2) -> LeavingRow:
    return LeavingRow(number, who, BORN[who], handed_in=True, left_on=on)


def cancelled(who: str, on: date, *, number: int = 2) -> LeavingRow:
    return LeavingRow(number, who, BORN[who], handed_in=False, left_on=on)


def loss(who: str, on: date, *, card: str | None = None, number: int = 2) -> LossRow:
    return LossRow(number, who, BORN[who], on, None if card is None else uid(card))


def arrival(*rows: RosterRow, year: int = YEAR, channel: Channel = Channel.FILE) -> Arrival:
    return Arrival(GivenRows(kind_of(rows[0]), year, rows), bytes(32), names_consent=True, channel=channel)


def tell(counter: Counter, *rows: RosterRow, year: int = YEAR) -> Brought:
    return counter.batches.bring(arrival(*rows, year=year), by="bureau", at_once=True)


def outcomes(brought: Brought) -> list[str]:
    return [str(outcome) for _, outcome in sorted(brought.outcomes.items())]


def easycards(counter: Counter) -> dict[str, str]:
    """Everybody's EasyCard and its state, by national ID."""
    query = "SELECT p.national_id, c.uid, c.state FROM card c JOIN patron p ON p.id = c.patron WHERE c.kind = 'easycard'"
    return {national_id: f"{number} {state}" for national_id, number, state in counter.sql(query)}
