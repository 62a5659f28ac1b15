"""Every code and every single rule has its sentence in every language."""

import pytest

from circulation.items import ItemKind
from circulation.patrons import PatronClass
from registry.calendars.changes import CalendarRefusal, ChangeKind
from registry.overdue.desk import SuspensionRefusal
from registry.terms.rule_changes import RuleRefusal, single_rules
from registry.terms.rule_document import RuleFaultCode
from tests.builders import a_rule_set
from texts.catalogue import languages, open_catalogue
from youyue.cli.rules import _name
from youyue.toml_table import TableProblem


@pytest.mark.parametrize("language", sorted(languages()))
@pytest.mark.parametrize(
    "key",
    [
        *(f"rules.refused.{code}" for code in RuleRefusal),
        *(f"rules.fault.{code}" for code in RuleFaultCode),
        *(f"rules.file.{code}" for code in TableProblem),
        *(f"rules.class.{name}" for name in PatronClass),
        *(f"rules.kind.{kind}" for kind in ItemKind),
        *(f"calendar.refused.{code}" for code in CalendarRefusal),
        *(f"calendar.change.{kind}" for kind in ChangeKind),
        *(f"suspension.refused.{code}" for code in SuspensionRefusal),
    ],
)
def test_every_code_has_its_words(language: str, key: str) -> None:
    assert open_catalogue(language).say(key, line=1, least=0, most=9)


@pytest.mark.parametrize("language", sorted(languages()))
def test_every_single_rule_has_a_name(language: str) -> None:
    names = [_name(path, open_catalogue(language)) for path, _ in single_rules(a_rule_set(), PatronClass.PERSONAL)]
    assert len(set(names)) == len(names)
