"""The end of accounts: everything that says who somebody was goes, in one unit of work and by set.

The row in ``patron`` stays and says nothing: former cards, facts and the audit trail point to it by its key, so that a number that
has ended comes back for nobody (R15). What the library must keep (a copy's loans, a flag's result) names that key or nobody.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Connection, Table, delete, or_, select, update

from circulation.ids import PatronId
from registry.cards.store_events import CardEventKind
from registry.cards.store_replacements import Origin
from registry.cards.store_replacements import end as end_cards
from registry.cards.tables import card_loss_report, found_card
from registry.cases.tables import staff_case
from registry.database import UnitOfWork
from registry.desk.tables import pin, pin_code
from registry.enrolment.names import CIRCLE
from registry.enrolment.tables import account_end, patron
from registry.exchange.projection import key_text
from registry.exchange.store_feed import FeedEntry
from registry.exchange.tables import fact, flagged_fact
from registry.holds import store as store_holds
from registry.holds.effects import end_holds
from registry.holds.records import HoldRecord
from registry.holds.tables import no_show, served_hold
from registry.lending.tables import block, loan
from registry.merges.tables import national_id_alias
from registry.mobile.tables import mobile_device
from registry.notices.tables import notice
from registry.people.store import national_ids_of
from registry.people.store_open import cards_of
from registry.people.store_withdrawals import forget_waiting
from registry.people.tables import code_message, desk_application, family_member, guardian
from registry.pieces import in_pieces
from registry.rosters.tables import bureau_card, consent, contact, feed_word, pupil
from registry.schools.tables import contact_completion
from replica.tables import ReplicaTable

Forget = Callable[[UnitOfWork, Collection[PatronId]], list[FeedEntry]]
"""What another room does when accounts end: it erases what it holds of these people, and says what kiosks must hear of."""

DELETED: tuple[Column[Any], ...] = (
    *(pin.c.patron, pin_code.c.patron, code_message.c.patron),
    *(contact.c.patron, pupil.c.patron, consent.c.patron),
    *(guardian.c.child, guardian.c.adult, family_member.c.family, family_member.c.member, desk_application.c.patron),
    *(card_loss_report.c.patron, found_card.c.patron, served_hold.c.patron, no_show.c.patron, notice.c.patron),
    *(mobile_device.c.patron, contact_completion.c.patron, feed_word.c.patron, bureau_card.c.patron, national_id_alias.c.patron),
)
"""Rows that name the patron here are deleted."""


@dataclass(frozen=True, slots=True)
class Ending:
    """When accounts end and by whom (``origin``), why (a stable code), what makes a tag of a national ID, and new keys."""

    origin: Origin
    cause: str
    tag: Callable[[str], bytes]
    new_id: Callable[[], UUID]


def holds_of(connection: Connection, keys: Collection[PatronId]) -> list[HoldRecord]:
    """Every hold of these patrons."""
    return [one for key in keys for one in store_holds.of_patron(connection, key)]


def end_accounts(work: UnitOfWork, keys: Collection[PatronId], ending: Ending, *, also: Collection[Forget] = ()) -> list[FeedEntry]:
    """End accounts for good; what kiosks must hear of. Whether they may end is decided before: what is open here is lost."""
    connection = work.connection
    numbers = [one for some in in_pieces(keys) for one in national_ids_of(connection, some)]
    owned = [one.ending for cards in cards_of(connection, keys).values() for one in cards]
    cards = end_cards(work, owned, ending.origin, CardEventKind.WITHDRAWN)
    entries = [FeedEntry(ReplicaTable.CARD, key_text(key)) for key in cards]
    holds = holds_of(connection, keys)
    entries += end_holds(work, holds, now=ending.origin.at, new_id=ending.new_id)
    blocks: list[UUID] = _keys(connection, block, block.c.id, block.c.patron, keys)
    for some_blocks in in_pieces(blocks):
        connection.execute(delete(block).where(block.c.id.in_(some_blocks)))
    entries += [FeedEntry(ReplicaTable.BLOCK, key_text(key)) for key in blocks]
    for forget in also:
        entries += forget(work, keys)
    forget_waiting(work, [ending.tag(number) for number in numbers])
    for some in in_pieces(keys):
        _cut_loans(connection, some)
        for column in DELETED:
            connection.execute(delete(column.table).where(column.in_(some)))
        _blank_cases(connection, some)
        _blank(connection, some)
    for some_numbers in in_pieces(numbers):
        _blank_rows_about(connection, some_numbers)
    work.add(account_end, ((key, ending.origin.at, ending.origin.actor, ending.cause, None) for key in keys))
    return [*entries, *(FeedEntry(ReplicaTable.PATRON, key_text(key)) for key in keys)]


def _keys(connection: Connection, table: Table, wanted: Column[Any], of: Column[Any], keys: Collection[PatronId]) -> list[Any]:
    def found() -> Iterator[Any]:
        for some in in_pieces(keys):
            yield from connection.execute(select(wanted).select_from(table).where(of.in_(some)).order_by(wanted)).scalars()

    return list(found())


def _cut_loans(connection: Connection, keys: Collection[PatronId]) -> None:
    """Nobody can dispute what nobody had: the link goes now, and not when the window is over."""
    loans = list(connection.execute(select(loan.c.id).where(loan.c.patron.in_(keys))).scalars())
    for some in in_pieces(loans):
        connection.execute(update(loan).where(loan.c.id.in_(some)).values(patron=None))
        connection.execute(update(fact).where(fact.c.loan.in_(some)).values(body=b"", loan=None))
    flags = flagged_fact.c.patron.in_(keys)
    connection.execute(update(flagged_fact).where(flags).values(patron=None))


def _blank_cases(connection: Connection, keys: Collection[PatronId]) -> None:
    """A case that named the patron keeps its kind and its question's mark, so that no file asks it again."""
    named = or_(staff_case.c.patron.in_(keys), staff_case.c.other_patron.in_(keys))
    connection.execute(update(staff_case).where(named).values(asks={}, known={}, because=None))
    for column in (staff_case.c.patron, staff_case.c.other_patron):
        connection.execute(update(staff_case).where(column.in_(keys)).values({column.name: None}))


def _blank_rows_about(connection: Connection, numbers: Collection[str]) -> None:
    """A case may be about somebody whom it does not name: its row was nobody's then."""
    about = staff_case.c.asks["national_id"].as_string().in_(numbers)
    connection.execute(update(staff_case).where(about).values(asks={}, known={}))


def _blank(connection: Connection, keys: Collection[PatronId]) -> None:
    nothing: dict[str, Any] = {
        **dict.fromkeys(("national_id", "birth_date", "expires", "regular_at")),
        "name": "",
        "masked_name": CIRCLE,
        "folded_name": "",
        "contact_complete": False,
    }
    connection.execute(update(patron).where(patron.c.id.in_(keys)).values(**nothing))
