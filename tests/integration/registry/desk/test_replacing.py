"""A new number for an old one, in one transaction: what ends, what stays, and who is refused."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy.exc import IntegrityError
from uuid_utils.compat import uuid7

from circulation.blocks import Block, BlockCode
from circulation.cards import CardKind, CardState, CardUid
from circulation.ids import CardId, PatronId
from circulation.reasons import Reason
from circulation.wire import FactStatus
from registry.cards import store_replacements
from registry.cards.replacement import BindingRefusal
from registry.cards.store import CardRecord, CardSource
from registry.cards.store_replacements import CardsMovedError
from registry.desk.refusals import DeskRefusal, DeskRefusedError
from registry.desk.replacing import NewCardOrder, Replaced
from registry.house import Registry
from registry.lending.store import BlockRecord
from tests.integration.registry.city import City, Kiosk, a_checkout
from tests.integration.registry.desk.counter import (
    BARCODE,
    CHIP,
    IPASS,
    NEW,
    NEWER,
    STAFF,
    an_order,
    another_process,
    cards_heard,
    give_other_cards,
    key,
    replace,
)

CARDS = "SELECT kind, uid, state FROM card WHERE uid <> '04A1B2C3D4E580' ORDER BY uid"
"""All but Hua's."""


def refusal_of(city: City, order: NewCardOrder) -> str:
    with pytest.raises(DeskRefusedError) as refused:
        city.registry.desk.cards.replace(order, by=STAFF)
    return refused.value.code


def test_q9_c_and_q9_d_the_easycard_is_replaced_and_the_other_kinds_keep_working(city: City) -> None:
    give_other_cards(city)
    done = city.registry.desk.cards.replace(an_order(city), by=STAFF)
    assert done == Replaced(CardKind.EASYCARD, NEW, city.ming_card, was_lost=False)
    assert city.sql(CARDS) == [
        ("easycard", NEW.hex, "active"),
        ("ipass", IPASS.hex, "active"),
        ("barcode", BARCODE.hex, "active"),
        ("chip", CHIP.hex, "active"),
    ]


@pytest.mark.parametrize("kind", list(CardKind))
def test_q9_b_and_r13_the_database_takes_one_card_of_a_kind_and_no_second(city: City, kind: CardKind) -> None:
    give_other_cards(city)
    before = city.sql(CARDS)
    with pytest.raises(IntegrityError):
        city.registry.add_cards([CardRecord(CardId(uuid7()), PatronId(city.ming), kind, NEW)])
    assert city.sql(CARDS) == before


@pytest.mark.parametrize("lost", [True, False])
def test_r6_a_reissue_ends_the_old_number_with_and_without_a_loss_report(city: City, lost: bool) -> None:  # noqa: FBT001 - a column of the table
    if lost:
        city.registry.change_card(city.ming_card, CardState.LOST)
    assert city.registry.desk.cards.replace(an_order(city), by=STAFF).was_lost is lost
    assert city.sql(CARDS) == [("easycard", NEW.hex, "active")]


def test_r8_loans_and_blocks_belong_to_the_patron_and_survive(city: City, kiosk: Kiosk) -> None:
    kiosk.push(1, kiosk.envelope(a_checkout(city.ming, city.books[0], card=city.key_of(city.ming_card))))
    city.registry.add_blocks([BlockRecord(uuid7(), PatronId(city.ming), Block(BlockCode.STAFF, date(2026, 5, 1)))])
    before = city.sql("SELECT id, patron, item, due FROM loan"), city.sql("SELECT id, patron, code, until FROM block")
    replace(city)
    assert (city.sql("SELECT id, patron, item, due FROM loan"), city.sql("SELECT id, patron, code, until FROM block")) == before
    assert len(before[0]) == len(before[1]) == 1


def test_r14_a_loan_made_offline_on_a_replaced_card_goes_to_its_patron_and_is_flagged(city: City, kiosk: Kiosk) -> None:
    replace(city)
    (result,) = kiosk.push(1, kiosk.envelope(a_checkout(city.ming, city.books[0], card=city.key_of(city.ming_card))))
    assert (result.status, list(result.reasons)) == (FactStatus.FLAGGED, [Reason.CARD_UNKNOWN])
    assert city.sql("SELECT patron FROM loan") == [(city.ming.bytes,)]


def test_kiosks_hear_first_that_the_old_number_is_gone_and_at_once_that_the_new_one_works(city: City, kiosk: Kiosk) -> None:
    replace(city)
    assert cards_heard(city, kiosk) == [(key(city, city.ming_card), None), (key(city, NEW), "active")]


def test_the_history_keeps_no_number_but_its_key_whose_it_was_and_what_came_after(city: City) -> None:
    replace(city)
    city.clock.pass_(days=1)
    replace(city, NEWER, seen=NEW)
    rows = city.sql("SELECT card_key, patron, kind, bound_at IS NULL, replaced_by, actor FROM former_card ORDER BY ended_at")
    assert [(bytes(row[0]), row[1], row[2], bool(row[3]), bytes(row[4]), row[5]) for row in rows] == [
        (city.key_of(city.ming_card), city.ming.bytes, "easycard", True, city.key_of(NEW), STAFF),
        (city.key_of(NEW), city.ming.bytes, "easycard", False, city.key_of(NEWER), STAFF),
    ]
    tables = [table for (table,) in city.sql(_TABLES[city.registry.database.engine.dialect.name])]
    assert {"former_card", "card"} <= set(tables)
    assert not [table for table in tables if any(city.ming_card.hex in repr(row) for row in city.sql(f'SELECT * FROM "{table}"'))]  # noqa: S608 - the tables' own names


_TABLES = {
    "sqlite": "SELECT name FROM sqlite_schema WHERE type = 'table'",
    "postgresql": "SELECT tablename FROM pg_tables WHERE schemaname = 'public'",
}


def test_r9_a_number_of_somebody_else_is_refused_changes_nothing_and_is_a_case_once(city: City) -> None:
    before = city.sql("SELECT * FROM card ORDER BY uid")
    for _ in range(2):
        assert refusal_of(city, an_order(city, city.hua_card)) == BindingRefusal.BOUND_ELSEWHERE
    assert city.sql("SELECT * FROM card ORDER BY uid") == before
    assert city.sql("SELECT count(*) FROM former_card") == [(0,)]
    assert city.sql("SELECT kind, patron, other_patron FROM staff_case") == [("number_bound_elsewhere", city.ming.bytes, city.hua.bytes)]
    assert city.sql("SELECT count(*) FROM feed") == [(0,)]
    assert [(entry.outcome, entry.detail["code"]) for entry in city.registry.audit(limit=2)] == [("refused", "number_bound_elsewhere")] * 2


def test_r9_the_former_number_of_somebody_else_is_a_case_too(city: City) -> None:
    replace(city)
    order = NewCardOrder(PatronId(city.hua), CardKind.EASYCARD, city.ming_card, city.hua_card)
    assert refusal_of(city, order) == BindingRefusal.BOUND_ELSEWHERE
    assert city.sql("SELECT patron, other_patron FROM staff_case") == [(city.hua.bytes, city.ming.bytes)]


def test_r15_neither_a_replaced_number_nor_an_older_reissue_comes_after_a_newer_card(city: City) -> None:
    replace(city)
    assert refusal_of(city, an_order(city, city.ming_card, seen=NEW)) == BindingRefusal.NUMBER_REPLACED
    late = NewCardOrder(PatronId(city.ming), CardKind.EASYCARD, NEWER, NEW, city.clock() - timedelta(days=2))
    assert refusal_of(city, late) == BindingRefusal.REISSUE_OLDER
    assert city.sql(CARDS) == [("easycard", NEW.hex, "active")]


@pytest.mark.parametrize("number", ["08ABCDEF", "00000000", "FFFFFFFFFFFFFF"])
def test_a_number_that_no_card_keeps_is_never_bound(city: City, number: str) -> None:
    assert refusal_of(city, an_order(city, CardUid.from_hex(number))) == DeskRefusal.NO_CARD_NUMBER


def test_a_patron_without_a_card_of_a_kind_gets_a_first_one(city: City) -> None:
    order = NewCardOrder(PatronId(city.ming), CardKind.IPASS, IPASS)
    assert city.registry.desk.cards.replace(order, by=STAFF).old is None
    assert ("ipass", IPASS.hex, "active") in city.sql(CARDS)
    assert city.sql("SELECT source, bound_at IS NOT NULL FROM card WHERE kind = 'ipass'")[0][0] == "desk"


def test_of_two_replacements_at_once_one_wins_and_the_other_is_told(city: City) -> None:
    start = threading.Barrier(2)

    def one(registry: Registry, seen: CardUid, new: CardUid) -> Replaced | str:
        start.wait(10)
        try:
            return registry.desk.cards.replace(an_order(city, new, seen=seen), by=STAFF)
        except DeskRefusedError as error:
            return error.code

    present = city.ming_card
    with another_process(city) as other, ThreadPoolExecutor(2) as pool:
        for turn in range(5):
            asked = [(city.registry, CardUid.from_hex(f"04A0000{turn}")), (other, CardUid.from_hex(f"04B0000{turn}"))]
            done = [pool.submit(one, registry, present, new) for registry, new in asked]
            results = [one.result(60) for one in done]
            (winner,) = [result for result in results if isinstance(result, Replaced)]
            assert [result for result in results if result != winner] == [BindingRefusal.CARD_CHANGED]
            assert city.sql(CARDS) == [("easycard", winner.new.hex, "active")]
            present = winner.new


def test_of_two_patrons_who_are_given_one_number_at_once_one_gets_it(city: City) -> None:
    start = threading.Barrier(2)

    def one(registry: Registry, patron: UUID, seen: CardUid) -> str:
        start.wait(10)
        try:
            registry.desk.cards.replace(NewCardOrder(PatronId(patron), CardKind.EASYCARD, NEW, seen), by=STAFF)
        except DeskRefusedError as error:
            return error.code
        return "done"

    with another_process(city) as other, ThreadPoolExecutor(2) as pool:
        done = [pool.submit(one, city.registry, city.ming, city.ming_card), pool.submit(one, other, city.hua, city.hua_card)]
        assert sorted(one.result(60) for one in done) == ["done", BindingRefusal.BOUND_ELSEWHERE]
    assert city.sql("SELECT count(*) FROM card") == [(2,)]
    assert city.sql("SELECT count(*) FROM staff_case") == [(1,)]


def test_a_failure_in_the_middle_leaves_the_old_card_as_it_was(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: object, **__: object) -> int:
        raise RuntimeError

    before = city.sql(CARDS)
    monkeypatch.setattr(store_replacements, "add", breaks)
    with pytest.raises(RuntimeError):
        city.registry.desk.cards.replace(an_order(city), by=STAFF)
    assert (city.sql(CARDS), city.sql("SELECT count(*) FROM former_card")) == (before, [(0,)])


def test_a_set_with_one_number_that_has_moved_binds_nothing(city: City) -> None:
    origin = store_replacements.Origin(city.clock(), STAFF, CardSource.ROSTER)
    moved = store_replacements.Binding(CardId(uuid7()), PatronId(city.hua), CardKind.EASYCARD, NEWER, city.ming_card.hex)
    good = store_replacements.Binding(CardId(uuid7()), PatronId(city.ming), CardKind.EASYCARD, NEW, city.ming_card.hex)
    for bindings in ([moved], [good, moved]):
        with pytest.raises(CardsMovedError), city.registry.database.unit_of_work() as work:
            store_replacements.bind(work, bindings, origin, secret=city.registry.keys.card_secret)
    assert city.sql(CARDS) == [("easycard", city.ming_card.hex, "active")]
