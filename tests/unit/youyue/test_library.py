from datetime import date, time

from circulation.items import ItemKind
from circulation.opening_days import Hours
from circulation.patrons import PatronClass
from circulation.rules import RuleBook
from youyue import library


def test_the_rules_name_days_for_every_kind_and_say_where_they_come_from() -> None:
    for rule_set in library.rule_sets():
        assert rule_set.source
        assert rule_set.by_class.keys() == set(PatronClass)
        assert all(rules.days.keys() == set(ItemKind) for rules in rule_set.by_class.values())


def test_a_personal_card_has_25_items_beside_7_hot_and_7_audio_visual_ones() -> None:
    in_force = RuleBook.of(library.rule_sets()).on(date(2026, 11, 24))
    assert in_force is not None
    rules = in_force.by_class[PatronClass.PERSONAL]
    assert (rules.total, dict(rules.extra)) == (25, {ItemKind.HOT_TITLE: 7, ItemKind.AUDIO_VISUAL: 7})


def test_books_and_hot_titles_are_renewed_twice_and_audio_visual_items_not() -> None:
    for rule_set in library.rule_sets():
        assert {rules.renewals for rules in rule_set.by_class.values()} == {2}
        assert all(rules.renewal_days == {ItemKind.BOOK: 30, ItemKind.HOT_TITLE: 14} for rules in rule_set.by_class.values())


def test_the_library_opens_as_its_site_says() -> None:
    days = library.opening_days()
    assert days.hours_on(date(2026, 11, 24)) == Hours(time(8, 30), time(21))
    assert days.hours_on(date(2026, 11, 22)) == Hours(time(9), time(17))
    assert not days.is_open(date(2026, 12, 3))
    assert not days.is_open(date(2026, 12, 25))
