"""What happened to a card: one question, one answer in order."""

import pytest

from circulation.cards import CardKind, CardUid
from circulation.ids import PatronId
from registry.cards.store import CardSource
from registry.cards.store_events import CardEventKind, history_of_card, history_of_patron
from registry.cards.store_losses import LossChannel
from registry.cards.store_replacements import CardsMovedError, Ending, Origin, end
from registry.desk.losing import IdentityItem, LossCall
from registry.desk.refusals import DeskRefusedError
from registry.desk.replacing import NewCardOrder
from tests.integration.registry.city import City
from tests.integration.registry.desk.counter import NEW, STAFF, replace

PROVED = frozenset({IdentityItem.NAME, IdentityItem.BIRTH_DATE})


def events_of(city: City, uid: CardUid) -> list[str]:
    with city.registry.database.reading() as connection:
        return [str(one.event) for one in history_of_card(connection, city.key_of(uid))]


def end_mings_card(city: City, why: CardEventKind) -> None:
    ending = Ending(PatronId(city.ming), CardKind.EASYCARD, city.ming_card.hex)
    city.registry.database.write(lambda work: end(work, [ending], Origin(city.clock(), STAFF, CardSource.DESK), why))


def give_hua_mings_number(city: City) -> None:
    city.registry.desk.cards.replace(NewCardOrder(PatronId(city.hua), CardKind.EASYCARD, city.ming_card, city.hua_card), by=STAFF)


def test_a_cards_whole_life_is_told_in_order_by_one_question(city: City) -> None:
    replace(city)
    city.registry.desk.losses.lose(LossCall(NEW, LossChannel.PHONE, PROVED), by=STAFF)
    city.registry.desk.losses.restore(NEW, because="found", by=STAFF)
    assert events_of(city, NEW) == ["bound", "reported_lost", "restored"]
    assert events_of(city, city.ming_card) == ["replaced"]
    with city.registry.database.reading() as connection:
        told = history_of_patron(connection, PatronId(city.ming))
    assert [(str(one.event), one.channel, one.actor) for one in told] == [
        ("replaced", "desk", STAFF),
        ("bound", "desk", STAFF),
        ("reported_lost", "phone", STAFF),
        ("restored", "desk", STAFF),
    ]


def test_a_card_that_ends_is_no_record_any_more_and_nobody_else_gets_its_number(city: City) -> None:
    end_mings_card(city, CardEventKind.HANDED_IN)
    assert city.sql("SELECT count(*) FROM card") == [(1,)]
    assert events_of(city, city.ming_card) == ["handed_in"]
    with pytest.raises(DeskRefusedError):
        give_hua_mings_number(city)


def test_a_binding_that_was_undone_leaves_its_number_to_whom_it_belongs(city: City) -> None:
    end_mings_card(city, CardEventKind.BINDING_UNDONE)
    give_hua_mings_number(city)
    assert events_of(city, city.ming_card) == ["binding_undone", "bound"]


def test_a_number_that_is_somebody_elses_is_not_ended(city: City) -> None:
    wrong = Ending(PatronId(city.hua), CardKind.EASYCARD, city.ming_card.hex)
    with pytest.raises(CardsMovedError):
        city.registry.database.write(lambda work: end(work, [wrong], Origin(city.clock(), STAFF, CardSource.DESK), CardEventKind.HANDED_IN))
    assert city.sql("SELECT count(*) FROM card") == [(2,)]


def test_what_was_known_before_cards_had_a_history_begins_it(city: City) -> None:
    replace(city)
    city.registry.desk.losses.lose(LossCall(NEW, LossChannel.PHONE, PROVED), by=STAFF)
    with pytest.raises(DeskRefusedError):
        give_hua_mings_number(city)
    cases = city.sql("SELECT id, kind, same, patron, other_patron FROM staff_case")
    city.registry.database.downgrade("0005")
    city.registry.database.migrate()
    city.registry.database.check()
    assert events_of(city, NEW) == ["bound", "reported_lost"]
    assert events_of(city, city.ming_card) == ["replaced"]
    # No roster asked it: the tables before have no place for it.
    assert (len(cases), city.sql("SELECT id FROM staff_case")) == (1, [])
