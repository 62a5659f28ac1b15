"""A registry that was put back to a backup is told for a week."""

from dataclasses import replace
from datetime import timedelta

from tests.unit.youyue.doctor_values import NOW, holdings
from youyue.doctor.facts import Patience
from youyue.doctor.findings import Check, warning
from youyue.doctor.judge_registry import judge_restored


def test_it_says_so_for_a_week_and_what_must_be_done_again() -> None:
    put_back = replace(holdings(), restored_at=NOW)
    told = list(judge_restored(put_back, Patience(), now=NOW + timedelta(days=6)))
    assert told == [warning(Check.FEED, "registry_was_restored", since=NOW)]
    assert list(judge_restored(put_back, Patience(), now=NOW + timedelta(days=7))) == []
    assert list(judge_restored(holdings(), Patience(), now=NOW)) == []
