"""Every refusal of the desk has its sentence in every language."""

import pytest

from circulation.cards import CardKind, CardState
from registry.cards.replacement import BindingRefusal
from registry.cards.store_events import CardEventKind
from registry.desk.questions import ByName, ByNationalId
from registry.desk.refusals import DeskRefusal
from registry.partners.roles import PartnerRefusal, PartnerRole
from texts.catalogue import languages, open_catalogue


@pytest.mark.parametrize("language", sorted(languages()))
@pytest.mark.parametrize(
    "key",
    [
        *(f"desk.refused.{code}" for code in (*DeskRefusal, *BindingRefusal, *PartnerRefusal)),
        *(f"desk.kind.{kind}" for kind in CardKind),
        *(f"desk.state.{state}" for state in CardState),
        *(f"desk.event.{event}" for event in CardEventKind),
        *(f"partner.role.{role}" for role in PartnerRole),
    ],
)
def test_every_refusal_kind_and_state_has_its_words(language: str, key: str) -> None:
    assert open_catalogue(language).say(key)


def test_q6_4_the_words_are_the_programmes_own() -> None:
    assert open_catalogue("zh_TW").say("desk.refused.no_such_record") == "查無該證資料"


@pytest.mark.parametrize("written", ["a123456789", " Ａ１２３４５６７８９ ", "A123456789"])
def test_a_national_id_is_read_however_it_was_typed(written: str) -> None:
    assert ByNationalId.written(written) == ByNationalId("A123456789")


def test_neither_an_id_nor_a_name_shows_where_a_question_is_printed() -> None:
    assert "A123456789" not in repr(ByNationalId.written("A123456789"))
    assert "王小明" not in repr(ByName.written("王小明"))
