"""Every code of this room has its sentence in every language."""

import pytest

from registry.schools.contact_rule import Addressee, MayBeSaid, RouteKind
from registry.schools.list_plan import ListPreview
from registry.schools.refusals import SchoolRefusal
from registry.schools.rollover import LastYear, Rollover
from texts.catalogue import languages, open_catalogue


@pytest.mark.parametrize("language", sorted(languages()))
@pytest.mark.parametrize(
    "key",
    [
        *(f"schools.refused.{code}" for code in SchoolRefusal),
        *(f"schools.list.{name}" for name in ListPreview.__dataclass_fields__),
        *(f"schools.rollover.{name}" for name in Rollover(115, (), 0, 0, (), LastYear(0, 0)).counts()),
        *(f"schools.batch.{mark}" for mark in ("late", "in_time", "unknown")),
        *(f"contact.route.{kind}" for kind in RouteKind),
        *(f"contact.addressee.{who}" for who in Addressee),
        *(f"contact.may_be_said.{what}" for what in MayBeSaid),
    ],
)
def test_every_refusal_number_and_route_has_its_words(language: str, key: str) -> None:
    assert open_catalogue(language).say(key, phone="")


@pytest.mark.parametrize("language", sorted(languages()))
def test_q3_3c_the_page_for_a_call_says_to_name_no_title_and_no_reason(language: str) -> None:
    said = open_catalogue(language).say("schools.call.say_only")
    assert [word for word in ("書名", "原因", "title", "reason") if word in said] in (["書名", "原因"], ["title", "reason"])
