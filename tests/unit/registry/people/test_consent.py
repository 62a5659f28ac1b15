"""One tick, and what follows from it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circulation.patrons import PatronClass
from registry.enrolment.basis import Basis, stronger
from registry.people.consent import OF_A_PERSON, OF_THE_TICK, Account, ConsentGiven, Proof, Service, proof_of, services_of

PUPIL = Account(Basis.PROGRAMME, consents=frozenset({114}))
accounts = st.builds(
    Account,
    st.sampled_from(Basis),
    patron_class=st.sampled_from(PatronClass),
    consents=st.frozensets(st.integers(100, 120), max_size=3),
    withdrawing=st.booleans(),
    closing=st.booleans(),
    ended=st.booleans(),
)


def test_q4_a_from_one_consent_follow_the_account_the_cards_and_the_memberships() -> None:
    assert services_of(PUPIL) == set(Service)


def test_q2_c_the_card_also_opens_the_digital_collection() -> None:
    assert Service.DIGITAL_COLLECTION in services_of(PUPIL)
    assert Service.DIGITAL_COLLECTION in services_of(Account(Basis.DESK))


@pytest.mark.parametrize("refused", [Account(Basis.PROGRAMME), Account(Basis.PROGRAMME, withdrawing=True)])
def test_q4_b_without_consent_there_is_none_of_the_services(refused: Account) -> None:
    assert services_of(refused) == set()


@pytest.mark.parametrize("basis", [Basis.BEFORE, Basis.DESK])
def test_q4_b_who_refuses_keeps_the_own_account_and_gets_nothing_of_the_programme(basis: Basis) -> None:
    assert services_of(Account(basis)) == OF_A_PERSON


@given(account=accounts)
def test_q4_c_the_programme_is_had_as_a_whole_or_not_at_all(account: Account) -> None:
    assert services_of(account) & OF_THE_TICK in (OF_THE_TICK, frozenset())


@given(account=accounts)
def test_r20_a_family_has_no_part_in_the_programme(account: Account) -> None:
    if account.patron_class is PatronClass.FAMILY:
        assert services_of(account) <= {Service.BORROWING}


@given(account=accounts)
def test_r11_an_account_that_closes_or_has_ended_opens_nothing(account: Account) -> None:
    if account.closing or account.ended:
        assert not services_of(account)


@pytest.mark.parametrize(
    ("consent", "proof"),
    [
        (ConsentGiven(113), Proof.OLDER_RULES),
        (ConsentGiven(99), Proof.OLDER_RULES),
        (ConsentGiven(114), None),
        (ConsentGiven(115), None),
        (ConsentGiven(114, "114-1"), Proof.FORM),
        (ConsentGiven(114, by_column=True), Proof.FORM),
        (ConsentGiven(112, "112-2"), Proof.FORM),
        (ConsentGiven(113, by_column=True), Proof.OLDER_RULES),
    ],
)
def test_q4_d_the_form_is_needed_from_114_on_and_not_for_earlier_cohorts(consent: ConsentGiven, proof: Proof | None) -> None:
    assert proof_of(consent, one_tick_from=114) is proof


def test_r11_of_two_bases_the_one_that_outlives_the_programme_holds() -> None:
    assert stronger(Basis.PROGRAMME, Basis.DESK) is stronger(Basis.DESK, Basis.PROGRAMME) is Basis.DESK
    assert stronger(Basis.PROGRAMME, Basis.PROGRAMME) is Basis.PROGRAMME
    assert [basis for basis in Basis if not basis.outlives_the_programme] == [Basis.PROGRAMME]
