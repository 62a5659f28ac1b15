"""Every code of rosters and batches has its sentence in every language."""

import pytest

from registry.cases.kinds import OF_FACTS, CaseKind
from registry.rosters.batch_refusals import BatchRefusal
from registry.rosters.plan import Outcome
from registry.rosters.store_batches import BatchState, Channel
from registry.rosters.undo_rules import UndoPlan
from registry.rosters.unusual import UnusualReason
from texts.catalogue import languages, open_catalogue

OF_ROWS = set(CaseKind) - OF_FACTS - {CaseKind.BATCH_UNUSUAL, CaseKind.CHANGED_SINCE}
"""The kinds of case that a row may open; the others are about a kiosk's fact or a whole batch."""


@pytest.mark.parametrize("language", sorted(languages()))
@pytest.mark.parametrize(
    "key",
    [
        *(f"roster.outcome.{outcome}" for outcome in Outcome),
        *(f"roster.case.{kind}" for kind in sorted(OF_ROWS)),
        *(f"batch.state.{state}" for state in BatchState),
        *(f"batch.channel.{channel}" for channel in Channel),
        *(f"batch.refused.{code}" for code in BatchRefusal),
        *(f"batch.undo.{name}" for name in (*UndoPlan().counts(), "cases")),
    ],
)
def test_every_outcome_case_state_and_refusal_has_its_words(language: str, key: str) -> None:
    assert open_catalogue(language).say(key)


@pytest.mark.parametrize("language", sorted(languages()))
@pytest.mark.parametrize("reason", UnusualReason)
def test_every_reason_for_a_second_person_says_the_numbers(language: str, reason: UnusualReason) -> None:
    said = open_catalogue(language).say(f"batch.unusual.{reason}", now=130, before=100, what="400001")
    assert "100" in said
