"""Everything that holds and notices are called has its sentence in every language."""

import pytest

from circulation.holds import HoldState
from registry.holds.rules import HoldRefusal
from registry.holds.shelf_desk import Way
from registry.holds.worklist import Chore
from registry.notices.rules import NoticeKind, NoticeRefusal
from registry.schools.contact_rule import RouteKind
from texts.catalogue import languages, open_catalogue

VALUES = {"shelf": "7", "branch": "L12", "phones": "02-1234", "day": "2026-03-11"}


@pytest.mark.parametrize("language", sorted(languages()))
@pytest.mark.parametrize(
    "key",
    [
        *(f"holds.state.{state}" for state in HoldState),
        *(f"holds.refused.{code}" for code in HoldRefusal),
        *(f"holds.chore.{code}" for code in Chore),
        *(f"holds.way.{code}" for code in Way),
        *(f"holds.notice.{code}" for code in NoticeKind),
        *(f"holds.notice.route.{code}" for code in RouteKind),
        *(f"holds.notice.refused.{code}" for code in NoticeRefusal),
    ],
)
def test_every_code_has_its_words(language: str, key: str) -> None:
    assert open_catalogue(language).say(key, **VALUES)
