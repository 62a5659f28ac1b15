"""Naming the person that a privacy desk speaks of: like staff elsewhere, but never by a card that was reported lost."""

from sqlalchemy import Connection, select

from circulation.cards import CardState
from circulation.ids import PatronId
from registry.cards import store as cards
from registry.desk.questions import ByNumber, Question
from registry.desk.store_search import find
from registry.enrolment.tables import patron
from registry.privacy.refusals import PrivacyRefusal


def person_named(connection: Connection, question: Question) -> PatronId | PrivacyRefusal:
    """Whom a number or a national ID names. A number that is unknown or was replaced names nobody (Q6-4); one that is lost must not (Q6-2)."""
    found = find(connection, question, limit=2)
    if len(found) != 1:
        return PrivacyRefusal.NOBODY_FOUND
    if isinstance(question, ByNumber):
        card = cards.by_number(connection, question.uid)
        if card is None or card.state is not CardState.ACTIVE:
            return PrivacyRefusal.CARD_LOST
    return found[0].id


def is_on_record(connection: Connection, key: PatronId) -> bool:
    """Whether there is such a patron."""
    return connection.execute(select(patron.c.id).where(patron.c.id == key)).first() is not None
