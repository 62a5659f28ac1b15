"""Rules come in as dated versions with their source; kiosks hear of them, and nothing on record changes."""

from dataclasses import replace
from datetime import date, timedelta

import msgspec
import pytest

from circulation.patrons import PatronClass
from circulation.rules import OverdueRules, RuleSet
from registry.terms.desk import RulesRefusedError
from registry.terms.rule_changes import RuleChange, RuleRefusal
from replica.library_rows import rule_set_of
from replica.rows import RuleSetRow
from tests.builders import TODAY, a_rule_set, rules
from tests.integration.registry.city import City, Kiosk
from tests.integration.registry.overdue.late import STAFF, april, blocks, last_number, late, suspended

PERSONAL, FAMILY = PatronClass.PERSONAL, PatronClass.FAMILY


def thirty_from(day: date, version: int = 2) -> RuleSet:
    return a_rule_set(version=version, effective_from=day, by_class={PERSONAL: rules(total=30), FAMILY: rules(total=40)})


def test_a_version_is_shown_before_it_holds_and_holds_from_its_date_on(city: City, kiosk: Kiosk) -> None:
    new = thirty_from(TODAY + timedelta(days=20))
    preview = city.registry.desk.rules.preview(new)
    assert preview.changes == (RuleChange(PERSONAL, ("total",), 25, 30),)
    assert (preview.replaces, preview.starts, preview.ends, preview.patrons) == (1, new.effective_from, None, {PERSONAL: 2})
    before = last_number(city)
    city.registry.desk.rules.add(new, by=STAFF)
    assert city.registry.desk.rules.on() == a_rule_set()
    assert city.registry.desk.rules.on(new.effective_from) == new
    (told,) = kiosk.changes(city.feed, before, 5).changes
    assert told.row is not None
    assert rule_set_of(msgspec.json.decode(told.row, type=RuleSetRow)) == new


def test_the_history_says_who_recorded_a_version_and_why_it_holds_for_days_that_were_over(city: City) -> None:
    new = thirty_from(TODAY - timedelta(days=3))
    with pytest.raises(RulesRefusedError) as refused:
        city.registry.desk.rules.add(new, by=STAFF)
    assert refused.value.code is RuleRefusal.RETROACTIVE
    city.registry.desk.rules.add(new, by=STAFF, because="decided on the 8th")
    newest, oldest = city.registry.desk.rules.history()
    assert (newest.rule_set, newest.at, newest.by, newest.because) == (new, city.clock(), STAFF, "decided on the 8th")
    assert (oldest.rule_set, oldest.at, oldest.by, oldest.because) == (a_rule_set(), None, None, None)
    (entry,) = city.registry.audit(limit=1)
    assert (entry.action, entry.detail["version"], entry.detail["retroactive"]) == ("rules added", 2, 1)


def test_a_version_that_exists_is_not_written_over(city: City) -> None:
    with pytest.raises(RulesRefusedError) as refused:
        city.registry.desk.rules.add(thirty_from(TODAY, version=1), by=STAFF)
    assert refused.value.code is RuleRefusal.VERSION_EXISTS
    assert city.registry.desk.rules.on() == a_rule_set()


def test_rule_overdue_rules_for_days_that_are_over_reckon_suspensions_anew(city: City, kiosk: Kiosk) -> None:
    late(city, kiosk, 0, on=april(30))
    assert blocks(city) == suspended(april(50))
    milder = {name: rules(overdue=OverdueRules(longest_days=7, rate=1)) for name in (PERSONAL, FAMILY)}
    new = replace(thirty_from(april(29)), by_class=milder)
    assert city.registry.desk.rules.add(new, by=STAFF, because="the council asked for it") == 1
    assert blocks(city) == suspended(april(37))
