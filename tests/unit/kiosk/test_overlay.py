"""The overlay: a kiosk reads its own writes, and the registry's word comes back when it has caught up."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from kiosk.overlay import LocalLoan, lent_to, loans_of
from tests.builders import a_loan, a_patron

ME, OTHER = a_patron(), a_patron()


def test_a_loan_made_here_is_seen_before_the_replica_shows_it() -> None:
    mine = a_loan(patron=ME.id)
    assert loans_of(ME.id, (), [LocalLoan(mine)]) == (mine,)


def test_a_loan_that_both_know_is_one_loan_and_the_local_word_holds() -> None:
    mine = a_loan(patron=ME.id)
    elsewhere = replace(mine, due=date(2026, 1, 1))
    assert loans_of(ME.id, [elsewhere], [LocalLoan(mine)]) == (mine,)


def test_a_loan_put_back_hides_the_replicas_row() -> None:
    mine, kept = a_loan(patron=ME.id), a_loan(patron=ME.id)
    assert loans_of(ME.id, [mine, kept], [LocalLoan(mine, put_back=True)]) == (kept,)


def test_a_loan_returned_here_hides_the_replicas_row() -> None:
    mine, kept = a_loan(patron=ME.id), a_loan(patron=ME.id)
    assert loans_of(ME.id, [mine, kept], [LocalLoan(mine, returned=True, lent_here=False)]) == (kept,)
    assert loans_of(ME.id, (), [LocalLoan(mine, returned=True)]) == ()


def test_a_loan_renewed_here_has_the_promised_date_and_all_else_from_the_registry() -> None:
    theirs = a_loan(patron=ME.id, title="新書名", wanted=True)
    renewed = replace(theirs, due=date(2026, 6, 1), renewals=1, title="舊書名", wanted=False)
    assert loans_of(ME.id, [theirs], [LocalLoan(renewed, lent_here=False)]) == (replace(theirs, due=date(2026, 6, 1), renewals=1),)


def test_a_loan_made_elsewhere_and_renewed_here_is_over_when_the_registry_knows_it_no_more() -> None:
    assert loans_of(ME.id, (), [LocalLoan(a_loan(patron=ME.id), lent_here=False)]) == ()


def test_loans_of_others_stay_with_them() -> None:
    assert loans_of(ME.id, [a_loan(patron=OTHER.id)], [LocalLoan(a_loan(patron=OTHER.id))]) == ()


def test_loans_come_by_due_date() -> None:
    late, soon = a_loan(patron=ME.id, due=date(2026, 5, 1)), a_loan(patron=ME.id, due=date(2026, 4, 1))
    assert loans_of(ME.id, [late], [LocalLoan(soon)]) == (soon, late)


def test_an_item_lent_here_a_moment_ago_is_on_loan() -> None:
    loan = a_loan(patron=OTHER.id)
    assert lent_to(ME.id, (), [LocalLoan(loan)]) == loan


def test_an_item_put_back_here_is_free_though_the_replica_says_otherwise() -> None:
    loan = a_loan(patron=OTHER.id)
    assert lent_to(ME.id, [loan], [LocalLoan(loan, put_back=True)]) is None


def test_of_two_loans_of_one_item_the_asking_patrons_own_is_named() -> None:
    theirs, mine = a_loan(patron=OTHER.id), a_loan(patron=ME.id)
    assert lent_to(ME.id, [theirs], [LocalLoan(mine)]) == mine
    assert lent_to(a_patron().id, [theirs], [LocalLoan(mine)]) in {theirs, mine}


@given(st.lists(st.tuples(st.sampled_from(["replica", "local", "put back"]), st.integers(0, 5)), max_size=12))
def test_no_loan_is_counted_twice_and_none_is_lost(rows: list[tuple[str, int]]) -> None:
    loans = [a_loan(patron=ME.id) for _ in range(6)]
    replica = [loans[n] for where, n in rows if where == "replica"]
    local = [LocalLoan(loans[n], put_back=where == "put back") for where, n in {n: (w, n) for w, n in rows if w != "replica"}.values()]
    found = loans_of(ME.id, replica, local)
    hidden = {one.loan.id for one in local if one.put_back}
    assert len({loan.id for loan in found}) == len(found)
    assert {loan.id for loan in found} == ({loan.id for loan in replica} | {one.loan.id for one in local}) - hidden
