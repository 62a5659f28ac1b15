"""A rule set that somebody wrote: read whole, or refused with every fault and its place."""

import tomllib
from collections.abc import Mapping
from enum import StrEnum
from importlib.resources import files
from typing import Any

import pytest

from circulation.documents import DocumentError
from circulation.items import ItemKind
from circulation.patrons import PatronClass
from circulation.rules import RuleBook
from registry.terms.rule_document import RuleFaultCode, read_rule_document
from tests.builders import TODAY
from youyue import library


def the_newest() -> dict[str, Any]:
    text = files("youyue.library").joinpath("rules.toml").read_text(encoding="utf-8")
    newest: dict[str, Any] = tomllib.loads(text)["rule_set"][-1]
    return newest


def changed(path: tuple[str, ...], value: object) -> dict[str, Any]:
    """The library's rules with another value at one place; none takes it away."""
    document = the_newest()
    table = document
    for name in path[:-1]:
        table = table[name]
    if value is None:
        del table[path[-1]]
    else:
        table[path[-1]] = value
    return document


def faults(document: Mapping[str, object]) -> list[tuple[str, StrEnum]]:
    with pytest.raises(DocumentError) as refused:
        read_rule_document(document)
    return [(".".join(fault.path), fault.code) for fault in refused.value.faults]


def test_the_librarys_own_rules_are_read_as_they_are() -> None:
    assert read_rule_document(the_newest()) == library.rule_sets()[-1]


def test_rule_limits_are_25_and_40_beside_7_hot_and_7_audio_visual_ones() -> None:
    in_force = RuleBook.of(library.rule_sets()).on(TODAY)
    assert in_force is not None
    assert {name: rules.total for name, rules in in_force.by_class.items()} == {PatronClass.PERSONAL: 25, PatronClass.FAMILY: 40}
    for rules in in_force.by_class.values():
        assert rules.extra == {ItemKind.HOT_TITLE: 7, ItemKind.AUDIO_VISUAL: 7}
        assert rules.days == {ItemKind.BOOK: 30, ItemKind.HOT_TITLE: 14, ItemKind.AUDIO_VISUAL: 14}


def test_rule_renewals_are_twice_and_never_of_audio_visual_items() -> None:
    in_force = RuleBook.of(library.rule_sets()).on(TODAY)
    assert in_force is not None
    for rules in in_force.by_class.values():
        assert (rules.renewals, rules.renewal_days[ItemKind.BOOK]) == (2, 30)
        assert ItemKind.AUDIO_VISUAL not in rules.renewal_days


def test_rule_overdue_a_suspension_is_60_days_at_most_families_90_or_one_dollar_a_day() -> None:
    in_force = RuleBook.of(library.rule_sets()).on(TODAY)
    assert in_force is not None
    found = {name: rules.overdue for name, rules in in_force.by_class.items()}
    assert {name: (one.longest_days, one.rate) for name, one in found.items() if one is not None} == {
        PatronClass.PERSONAL: (60, 1),
        PatronClass.FAMILY: (90, 1),
    }


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        (("version",), 0, RuleFaultCode.OUT_OF_RANGE),
        (("version",), "3", RuleFaultCode.NOT_A_NUMBER),
        (("version",), None, RuleFaultCode.MISSING),
        (("effective_from",), "tomorrow", RuleFaultCode.NOT_A_DATE),
        (("effective_from",), tomllib.loads("at = 2026-03-01T10:00:00")["at"], RuleFaultCode.NOT_A_DATE),
        (("effective_from",), None, RuleFaultCode.MISSING),
        (("source",), "  ", RuleFaultCode.NOT_A_TEXT),
        (("source",), 3, RuleFaultCode.NOT_A_TEXT),
        (("source",), None, RuleFaultCode.MISSING),
        (("school",), {}, RuleFaultCode.UNKNOWN),
        (("family",), None, RuleFaultCode.MISSING),
        (("family",), 3, RuleFaultCode.NOT_A_TABLE),
        (("personal", "total"), 0, RuleFaultCode.OUT_OF_RANGE),
        (("personal", "total"), True, RuleFaultCode.NOT_A_NUMBER),
        (("personal", "totals"), 3, RuleFaultCode.UNKNOWN),
        (("personal", "days"), 30, RuleFaultCode.NOT_A_TABLE),
        (("personal", "days", "book"), 0, RuleFaultCode.OUT_OF_RANGE),
        (("personal", "days", "book"), 3650, RuleFaultCode.OUT_OF_RANGE),
        (("personal", "days", "book"), None, RuleFaultCode.MISSING),
        (("personal", "days", "newspaper"), 3, RuleFaultCode.UNKNOWN),
        (("family", "extra", "hot_title"), -1, RuleFaultCode.OUT_OF_RANGE),
        (("family", "renewals"), None, RuleFaultCode.MISSING),
        (("family", "renewal_days", "book"), 0, RuleFaultCode.OUT_OF_RANGE),
        (("family", "overdue_stops_loans"), "yes", RuleFaultCode.NOT_YES_OR_NO),
        (("family", "overdue", "closed_days_count"), 1, RuleFaultCode.NOT_YES_OR_NO),
        (("family", "overdue", "rate"), -1, RuleFaultCode.OUT_OF_RANGE),
        (("family", "overdue", "rate"), 1.5, RuleFaultCode.NOT_A_NUMBER),
        (("family", "overdue", "longest_days"), None, RuleFaultCode.MISSING),
        (("family", "holds", "keep_open_days"), 0, RuleFaultCode.OUT_OF_RANGE),
        (("family", "holds", "stop_days"), None, RuleFaultCode.MISSING),
        (("family", "holds", "points"), 1, RuleFaultCode.UNKNOWN),
    ],
)
def test_every_fault_is_told_with_its_place(path: tuple[str, ...], value: object, code: RuleFaultCode) -> None:
    assert faults(changed(path, value)) == [(".".join(path), code)]


def test_faults_are_told_together() -> None:
    document = changed(("personal", "days", "book"), 0) | {"version": "x"}
    assert [code for _, code in faults(document)] == [RuleFaultCode.NOT_A_NUMBER, RuleFaultCode.OUT_OF_RANGE]
