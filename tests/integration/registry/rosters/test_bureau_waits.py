"""A kind of rows that the library lets no machine commit."""

from dataclasses import replace

import pytest

from registry.partners.roles import PartnerRole
from registry.rosters.policy import RosterPolicy
from registry.settings import RegistrySettings
from tests.integration.registry.city import City
from tests.integration.registry.machine import a_machine
from tests.integration.registry.rosters.test_bureau_api import LIN, outcomes, told


@pytest.fixture
def settings(settings: RegistrySettings) -> RegistrySettings:
    return replace(settings, rosters=RosterPolicy(at_once=frozenset()))


def test_rows_wait_for_a_person_and_the_answer_says_what_would_become_of_each(city: City, url: str) -> None:
    answer = told(a_machine(url, city, PartnerRole.BUREAU), LIN)
    assert (answer.state, outcomes(answer)) == ("staged", [("created", "")])
    assert city.sql("SELECT count(*) FROM patron") == [(2,)]
    assert answer.batch is not None
    city.registry.rosters.batches.commit(answer.batch, by="staff:lin")
    assert city.sql("SELECT state FROM roster_batch") == [("committed",)]
    assert city.sql("SELECT count(*) FROM patron") == [(3,)]
