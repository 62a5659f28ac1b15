"""Facts that name an account which has become another one's."""

from datetime import date
from uuid import uuid4

import pytest
from msgspec import Raw

from circulation.facts import CardReportedLost, CheckedIn, CheckedOut, CheckoutUndone, Fact, Renewed
from circulation.ids import PatronId
from circulation.reasons import Reason
from circulation.wire import FactStatus
from registry.exchange.arrivals import Arrival, read_arrivals
from registry.exchange.outcomes import Outcome
from registry.exchange.successors import named_by, on_behalf, renamed, told
from tests.unit.registry.settling import an_envelope

GONE, STAYS, OTHER = uuid4(), PatronId(uuid4()), uuid4()
DUE = date(2026, 4, 10)
SUCCESSORS = {GONE: STAYS}


def arrivals(*facts: Fact) -> list[Arrival]:
    return read_arrivals(1, [Raw(an_envelope(fact, seq=seq)) for seq, fact in enumerate(facts, start=1)])


@pytest.mark.parametrize(
    "fact",
    [
        CheckedOut(loan=uuid4(), patron=GONE, item=uuid4(), due=DUE, rules=1),
        Renewed(loan=uuid4(), patron=GONE, due=DUE, rules=1),
        CardReportedLost(card=bytes(16), patron=GONE),
    ],
)
def test_r8_a_fact_of_an_account_that_is_gone_counts_for_the_one_it_became_and_its_bytes_stay(fact: Fact) -> None:
    before = arrivals(fact)
    [after] = on_behalf(before, SUCCESSORS)
    assert after.envelope is not None
    assert getattr(after.envelope.fact, "patron") == STAYS  # noqa: B009 - not every fact has one
    assert after.body == before[0].body
    assert (named_by(before), renamed(before, [after])) == (frozenset({GONE}), frozenset({1}))


def test_facts_of_others_and_facts_that_name_nobody_stay_as_they_are() -> None:
    lent = CheckedOut(loan=uuid4(), patron=OTHER, item=uuid4(), due=DUE, rules=1)
    before = arrivals(lent, CheckedIn(barcode="1"), CheckoutUndone(loan=uuid4()))
    after = on_behalf(before, SUCCESSORS)
    assert (after, renamed(before, after), named_by(before)) == (before, frozenset(), frozenset({OTHER}))


def test_such_a_fact_is_flagged_beside_what_else_speaks_against_it() -> None:
    one, other = arrivals(Renewed(loan=uuid4(), patron=GONE, due=DUE, rules=1), CheckedIn(barcode="1"))
    outcomes = [Outcome(one, FactStatus.FLAGGED, (Reason.LOAN_UNKNOWN,)), Outcome(other, FactStatus.ACCEPTED)]
    assert [(each.status, each.reasons) for each in told(outcomes, {1})] == [
        (FactStatus.FLAGGED, (Reason.LOAN_UNKNOWN, Reason.PATRON_MERGED)),
        (FactStatus.ACCEPTED, ()),
    ]


def test_what_could_not_be_read_stays_malformed() -> None:
    [one] = arrivals(Renewed(loan=uuid4(), patron=GONE, due=DUE, rules=1))
    malformed = Outcome(one, FactStatus.MALFORMED, place="facts[0].fact.loan")
    assert told([malformed], {1}) == [malformed]
