"""Every code about people has its sentence in every language."""

import pytest

from registry.cards.replacement import BindingRefusal
from registry.enrolment.basis import Basis
from registry.people.ages import Papers, Signer
from registry.people.consent import Proof, Service
from registry.people.guardianship import Relation
from registry.people.leaving import WithdrawalOutcome
from registry.people.refusals import PeopleRefusal
from texts.catalogue import languages, open_catalogue


@pytest.mark.parametrize("language", sorted(languages()))
@pytest.mark.parametrize(
    "key",
    [
        *(f"people.refused.{code}" for code in PeopleRefusal),
        *(f"desk.refused.{code}" for code in BindingRefusal),
        *(f"people.basis.{basis}" for basis in Basis),
        *(f"people.service.{service}" for service in Service),
        *(f"people.proof.{proof}" for proof in Proof),
        *(f"people.papers.{papers}" for papers in Papers),
        *(f"people.relation.{relation}" for relation in Relation),
        *(f"people.signer.{signer}" for signer in Signer),
        *(f"people.withdrawn.{outcome}" for outcome in WithdrawalOutcome),
    ],
)
def test_every_code_has_its_words(language: str, key: str) -> None:
    assert open_catalogue(language).say(key)
