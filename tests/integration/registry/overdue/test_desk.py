"""What a patron owes for late returns: shown, paid, waived; and forgotten when it is over."""

import pytest

from circulation.ids import PatronId
from circulation.rules import OverdueRules
from registry.overdue.desk import SuspensionRefusal, SuspensionRefusedError
from registry.overdue.store import block_key
from tests.builders import a_rule_set, rules
from tests.integration.registry.city import City, Kiosk
from tests.integration.registry.overdue.late import (
    STAFF,
    april,
    blocks,
    bring_back,
    heard_of_block,
    last_number,
    late,
    lend,
    noon,
    owed,
    suspended,
)
from tests.integration.registry.test_retention import mentions


def refusal_of_payment(city: City, amount: int) -> SuspensionRefusal:
    with pytest.raises(SuspensionRefusedError) as refused:
        city.registry.desk.suspensions.pay(PatronId(city.ming), amount, by=STAFF)
    return refused.value.code


def test_rule_overdue_one_dollar_a_day_and_item_ends_a_suspension_at_once(city: City, kiosk: Kiosk, other_kiosk: Kiosk) -> None:
    late(city, kiosk, 0, 1, on=april(13))
    found = owed(city)
    assert (found.until, found.waiting, found.days, found.amount) == (april(19), False, 6, 6)
    before = last_number(city)
    left = city.registry.desk.suspensions.pay(PatronId(city.ming), 6, by=STAFF)
    assert (left.until, left.days, left.suspensions) == (None, 0, ())
    assert blocks(city) == []
    (told,) = heard_of_block(city, other_kiosk, before)
    assert told.row is None or bytes(told.row) == b"null"
    assert refusal_of_payment(city, 1) is SuspensionRefusal.NOTHING_OWED


def test_rule_overdue_a_part_payment_shortens_it_and_is_not_lost_when_more_becomes_known(city: City, kiosk: Kiosk) -> None:
    first, second = lend(city, kiosk, 0, 1)
    bring_back(kiosk, first, on=april(13))
    city.registry.desk.suspensions.pay(PatronId(city.ming), 2, by=STAFF)
    bring_back(kiosk, second, on=april(15))
    assert blocks(city) == suspended(april(15 + 3 - 2 + 5))
    assert refusal_of_payment(city, 7) is SuspensionRefusal.TOO_MUCH
    assert refusal_of_payment(city, 0) is SuspensionRefusal.NOT_WHOLE_DAYS


def test_rule_overdue_days_are_waived_with_a_reason(city: City, kiosk: Kiosk) -> None:
    late(city, kiosk, 0, 1, on=april(13))
    desk, ming = city.registry.desk.suspensions, PatronId(city.ming)
    with pytest.raises(SuspensionRefusedError, match="reason_missing"):
        desk.waive(ming, None, because=" ", by=STAFF)
    desk.waive(ming, 2, because="in hospital", by=STAFF)
    assert blocks(city) == suspended(april(17))
    desk.waive(ming, None, because="in hospital", by=STAFF)
    assert blocks(city) == []
    assert city.sql("SELECT sum(days), sum(amount), max(because) FROM suspension_credit") == [(6, 0, "in hospital")]


def test_a_day_without_a_price_cannot_be_paid(city: City, kiosk: Kiosk) -> None:
    by_class = {name: rules(overdue=OverdueRules(longest_days=60, rate=0)) for name in a_rule_set().by_class}
    city.registry.add_rule_sets([a_rule_set(version=2, by_class=by_class)])
    late(city, kiosk, 0, on=april(13))
    assert owed(city).amount is None
    assert refusal_of_payment(city, 3) is SuspensionRefusal.NO_RATE


def test_who_looked_paid_and_waived_stands_in_the_trail_without_what_was_written(city: City, kiosk: Kiosk) -> None:
    late(city, kiosk, 0, on=april(13))
    owed(city)
    city.registry.desk.suspensions.pay(PatronId(city.ming), 1, by=STAFF)
    city.registry.desk.suspensions.waive(PatronId(city.ming), 1, because="in hospital", by=STAFF)
    waived, paid, shown = city.registry.audit(limit=3)
    whose = {"patron": str(city.ming)}
    assert [(one.actor, one.action, one.detail) for one in (shown, paid, waived)] == [
        (STAFF, "suspension shown", whose),
        (STAFF, "suspension paid", {**whose, "days": 1, "amount": 1}),
        (STAFF, "suspension waived", {**whose, "days": 1, "amount": 0}),
    ]


def test_a_patron_who_was_never_late_owes_nothing(city: City) -> None:
    assert owed(city).days == 0
    assert refusal_of_payment(city, 1) is SuspensionRefusal.NOTHING_OWED


def test_what_was_late_is_not_linked_with_the_item_after_the_dispute_window(city: City, kiosk: Kiosk) -> None:
    """A long suspension is still served, but of what nobody can tell."""
    late(city, kiosk, 0, on=april(50))
    city.clock.at = noon(april(50 + 15))
    city.registry.retention().once()
    assert city.sql("SELECT loan, patron FROM late_return") == [(None, city.ming.bytes)]
    assert city.sql("SELECT patron FROM loan") == [(None,)]
    assert blocks(city) == suspended(april(50 + 40))
    assert owed(city).days == 40 - 14


def test_late_returns_are_forgotten_when_the_suspension_is_over_and_the_window_has_passed(city: City, kiosk: Kiosk) -> None:
    late(city, kiosk, 0, on=april(20))
    city.registry.desk.suspensions.waive(PatronId(city.ming), 1, because="in hospital", by=STAFF)
    city.clock.at = noon(april(29 + 14))
    city.registry.retention().once()
    assert blocks(city) == suspended(april(29))
    city.clock.at = noon(april(29 + 16))
    assert city.registry.retention().once() > 0
    assert mentions(city, city.ming) == {"audit.detail", "audit_subject.patron"}  # the waiver
    assert [city.sql(f"SELECT count(*) FROM {table}") for table in ("late_return", "suspension", "suspension_credit")] == [[(0,)]] * 3  # noqa: S608 - our own names
    assert city.sql("SELECT table_name, row_key FROM feed ORDER BY seq DESC LIMIT 1") == [("block", str(block_key(city.ming)))]
    assert city.registry.retention().once() == 0


def test_what_waits_for_an_item_that_is_still_out_is_not_forgotten(city: City, kiosk: Kiosk) -> None:
    first, second = lend(city, kiosk, 0, 1)
    bring_back(kiosk, first, on=april(12))
    city.clock.at = noon(april(100))
    city.registry.retention().once()
    bring_back(kiosk, second, on=april(100))
    assert blocks(city) == suspended(april(100 + 60))
    assert city.sql("SELECT days FROM suspension") == [(2 + 90,)]
