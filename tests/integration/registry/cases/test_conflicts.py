"""What kiosks did and the registry found odd: a case each, with both sides, what may be decided, and what that does."""

from datetime import date
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from circulation.blocks import Block, BlockCode
from circulation.cards import CardState
from circulation.facts import CardReportedLost, CheckoutUndone, Fact, LedgerRestored
from circulation.ids import PatronId
from circulation.wire import FactStatus
from registry.belongings.footprint import EffectKind
from registry.cases.acts import CaseOrder
from registry.cases.decisions import CaseRefusal, Decision
from registry.cases.desk import CaseRefusedError
from registry.cases.kinds import OF_FACTS, CaseKind
from registry.cases.shown import ShownCase
from registry.cases.store_decisions import Viewer
from registry.lending.store import BlockRecord
from tests.integration.registry.cases.pile import LIN, Pile
from tests.integration.registry.city import City, Kiosk, a_checkout, a_renewal, a_return
from tests.integration.registry.test_returning import news

OPEN = "SELECT patron FROM loan WHERE closed_at IS NULL ORDER BY lent_at, id"


def lent_twice(city: City, kiosk: Kiosk, other: Kiosk) -> ShownCase:
    """Ming and, an hour later at another kiosk that had not heard of it, Hua."""
    kiosk.push(1, kiosk.envelope(a_checkout(city.ming, city.books[0])))
    city.clock.pass_(hours=1)
    other.push(1, other.envelope(a_checkout(city.hua, city.books[0], due=date(2026, 4, 11))))
    return the_case(city)


def the_case(city: City) -> ShownCase:
    (one,) = city.registry.casework.cases.listed(LIN)
    return city.registry.casework.cases.show(one.id, LIN, full=True)


def facts_of_every_kind(city: City) -> dict[CaseKind, tuple[Fact, ...]]:
    """What a kiosk must do for each kind of case; the last one is flagged."""
    book, ming, hua, stranger = city.books[0], city.ming, city.hua, uuid7()
    loan = uuid7()
    lost = city.key_of(city.ming_card)
    return {
        CaseKind.LENT_TWICE: (a_checkout(ming, book), a_checkout(hua, book)),
        CaseKind.LENT_BY_CARD_IN_DOUBT: (a_checkout(ming, book, card=city.key_of(city.hua_card)),),
        CaseKind.LENT_AGAINST_RULES: (a_checkout(hua, book),),
        CaseKind.LENT_UNKNOWN: (CheckoutUndone(loan=uuid7()),),
        CaseKind.RENEWED_IN_DOUBT: (a_checkout(ming, book, loan=loan), a_renewal(loan, ming, card=bytes(16))),
        CaseKind.RETURNED_UNKNOWN: (a_return(barcode="of another library"),),
        CaseKind.RETURNED_OF_SEVERAL: (a_checkout(ming, book), a_checkout(hua, book), a_return(item=book)),
        CaseKind.LEDGER_RESTORED: (LedgerRestored(former=uuid7(), shared_seq=0, moved=0),),
        CaseKind.LOSS_IN_DOUBT: (CardReportedLost(card=lost, patron=stranger, by_card=lost),),
    }


@pytest.mark.parametrize("kind", sorted(OF_FACTS - {CaseKind.ACCOUNT_MERGED, CaseKind.RETURNED_STILL_LENT, CaseKind.LENT_HEARD_LATE}))
def test_every_flagged_fact_is_one_case_that_has_its_key(city: City, kiosk: Kiosk, kind: CaseKind) -> None:
    if kind is CaseKind.LENT_AGAINST_RULES:
        city.registry.add_blocks([BlockRecord(uuid7(), PatronId(city.hua), Block(BlockCode.STAFF))])
    facts = facts_of_every_kind(city)[kind]
    results = kiosk.push(1, *map(kiosk.envelope, facts))
    assert results[-1].status is FactStatus.FLAGGED
    last = city.sql("SELECT kind, id, branch FROM staff_case WHERE id = (SELECT fact_key FROM fact ORDER BY seq DESC LIMIT 1)")
    assert [(row[0], row[2]) for row in last] == [(kind, "C01")]
    assert city.sql("SELECT count(*) FROM staff_case") == city.sql("SELECT count(*) FROM fact WHERE status = 'flagged'")


def test_both_sides_are_told_the_promised_day_and_both_loans(city: City, kiosk: Kiosk, other_kiosk: Kiosk) -> None:
    case = lent_twice(city, kiosk, other_kiosk)
    assert (case.kind, case.branch, case.reasons) == (CaseKind.LENT_TWICE, "L12", ("item_on_loan",))
    sides = {one.name: (one.asks, one.known) for one in case.sides}
    assert sides["due"] == ("2026-04-11", "2026-04-11")
    assert sides["other_due"] == (None, "2026-04-10")
    assert (sides["loan"][1], sides["other_loan"][1]) == ("2026-03-11 11:00 → …", "2026-03-11 10:00 → …")
    assert (sides["fact"][0], sides["seq"][0], sides["happened_at"][0]) == ("checked_out", "1", "2026-03-11 11:00")
    assert {case.patron_key, case.other_key} == {city.ming, city.hua}


def test_without_being_asked_for_in_full_neither_title_nor_barcode_is_shown(city: City, kiosk: Kiosk, other_kiosk: Kiosk) -> None:
    one = city.registry.casework.cases.show(lent_twice(city, kiosk, other_kiosk).id, LIN)
    assert {side.known for side in one.sides if side.name in {"title", "barcode"}} == {"…"}
    assert "小王子" not in repr(one)


@pytest.mark.parametrize(
    ("decision", "left"), [(Decision.END_OTHER_LOAN, ["hua"]), (Decision.END_LOAN, ["ming"]), (Decision.LET_STAND, ["ming", "hua"])]
)
def test_a_loan_that_is_over_ends_and_the_other_keeps_its_promised_day(
    city: City, kiosk: Kiosk, other_kiosk: Kiosk, decision: Decision, left: list[str]
) -> None:
    case = lent_twice(city, kiosk, other_kiosk)
    before = city.sql("SELECT id, due FROM loan ORDER BY id")
    city.registry.casework.cases.decide(case.id, CaseOrder(decision, "seen on the shelf"), LIN)
    assert [row[0] for row in city.sql(OPEN)] == [getattr(city, name).bytes for name in left]
    assert city.sql("SELECT id, due FROM loan ORDER BY id") == before


@pytest.mark.parametrize("decision", [Decision.END_LOAN, Decision.END_OTHER_LOAN])
def test_nobody_is_ever_late_by_a_decision(city: City, kiosk: Kiosk, other_kiosk: Kiosk, decision: Decision) -> None:
    """Three months after the promised day: the loan ends on no day, and nothing is booked."""
    case = lent_twice(city, kiosk, other_kiosk)
    city.clock.pass_(days=120)
    city.registry.casework.cases.decide(case.id, CaseOrder(decision, "had come back"), LIN)
    assert city.sql("SELECT count(*) FROM late_return") == city.sql("SELECT count(*) FROM suspension") == [(0,)]
    assert city.sql("SELECT returned_at FROM loan WHERE closed_at IS NOT NULL") == [(None,)]


def test_kiosks_hear_that_the_loan_is_gone(city: City, kiosk: Kiosk, other_kiosk: Kiosk) -> None:
    case = lent_twice(city, kiosk, other_kiosk)
    (loan,) = city.sql("SELECT id FROM loan ORDER BY lent_at LIMIT 1")
    ((after,),) = city.sql("SELECT n FROM feed_head")
    city.registry.casework.cases.decide(case.id, CaseOrder(Decision.END_OTHER_LOAN, "had come back"), LIN)
    assert [one[1:] for one in news(city, kiosk, after)] == [("loan", str(UUID(bytes=loan[0])), False)]


def test_the_preview_says_what_changes_and_changes_nothing(city: City, kiosk: Kiosk, other_kiosk: Kiosk, pile: Pile) -> None:
    case = lent_twice(city, kiosk, other_kiosk)
    before = pile.rows()
    (effect,) = pile.effects(case.id, CaseOrder(Decision.END_LOAN))
    assert (effect.kind, effect.of, effect.count) == (EffectKind.ROWS_CHANGE, "loan", 1)
    assert pile.rows() == before


@pytest.mark.parametrize("decision", [Decision.END_LOAN, Decision.NOT_THIS_PATRON, Decision.LET_STAND])
def test_undone_everything_is_as_before_and_the_case_waits_again(city: City, kiosk: Kiosk, pile: Pile, decision: Decision) -> None:
    kiosk.push(1, kiosk.envelope(a_checkout(city.ming, city.books[0], card=city.key_of(city.hua_card))))
    before = pile.rows()
    pile.decide(decision)
    assert (pile.rows() != before, pile.desk.listed(LIN)) == (True, [])
    (key,) = city.sql("SELECT id FROM staff_case")
    pile.desk.undo(UUID(bytes=key[0]), LIN, because="mistaken")
    assert pile.rows() == before
    assert pile.one().kind is CaseKind.LENT_BY_CARD_IN_DOUBT


def test_what_somebody_else_borrowed_is_taken_off_the_patron_and_missing(city: City, kiosk: Kiosk, pile: Pile) -> None:
    city.registry.change_card(city.ming_card, CardState.LOST)
    kiosk.push(1, kiosk.envelope(a_checkout(city.ming, city.books[0], card=city.key_of(city.ming_card))))
    pile.decide(Decision.NOT_THIS_PATRON)
    assert city.sql(OPEN) == []
    (status,) = city.sql("SELECT status FROM item WHERE barcode = '30234000000000'")
    assert status == ("missing",)


def test_an_item_that_came_back_before_its_loan_ends_it_when_staff_say_that_it_is_here(
    city: City, kiosk: Kiosk, other_kiosk: Kiosk, pile: Pile
) -> None:
    at = city.clock()
    city.clock.pass_(hours=1)
    other_kiosk.push(1, other_kiosk.envelope(a_checkout(city.hua, city.books[0])))
    kiosk.push(1, kiosk.envelope(a_return(item=city.books[0]), at=at))
    assert pile.one().kind is CaseKind.RETURNED_STILL_LENT
    pile.decide(Decision.END_LOAN)
    assert city.sql(OPEN) == []


def test_a_loan_that_is_heard_of_after_a_later_return_is_told_to_staff(city: City, kiosk: Kiosk, other_kiosk: Kiosk, pile: Pile) -> None:
    at = city.clock()
    city.clock.pass_(hours=1)
    other_kiosk.push(1, other_kiosk.envelope(a_return(item=city.books[0])))
    kiosk.push(1, kiosk.envelope(a_checkout(city.hua, city.books[0]), at=at))
    assert pile.one().kind is CaseKind.LENT_HEARD_LATE
    pile.decide(Decision.END_LOAN)
    assert city.sql(OPEN) == []


def test_a_loan_that_has_ended_since_is_not_ended_again(city: City, kiosk: Kiosk, other_kiosk: Kiosk) -> None:
    case = lent_twice(city, kiosk, other_kiosk)
    city.clock.pass_(hours=1)
    kiosk.push(2, kiosk.envelope(a_return(item=city.books[0])))
    for decision in (Decision.END_LOAN, Decision.END_OTHER_LOAN):
        with pytest.raises(CaseRefusedError) as refused:
            city.registry.casework.cases.decide(case.id, CaseOrder(decision, "seen"), LIN)
        assert refused.value.codes == (CaseRefusal.MOVED_SINCE,)


def test_what_was_decided_cannot_be_undone_once_who_had_what_is_forgotten(city: City, kiosk: Kiosk, other_kiosk: Kiosk) -> None:
    case = lent_twice(city, kiosk, other_kiosk)
    desk = city.registry.casework.cases
    desk.decide(case.id, CaseOrder(Decision.END_OTHER_LOAN, "王小明 had it"), LIN)
    city.clock.pass_(hours=1)
    kiosk.push(2, kiosk.envelope(a_return(item=city.books[0])))
    city.clock.pass_(days=14)
    desk.forget()
    city.registry.retention().once()
    with pytest.raises(CaseRefusedError):
        desk.undo(case.id, LIN, because="mistaken")
    assert city.sql("SELECT patron, other_patron, because, decided_by FROM staff_case") == [(None, None, None, LIN.name)]
    assert city.sql("SELECT loan, patron, item, other_loan FROM flagged_fact") == [(None, None, None, None)]


def test_who_sees_it_is_the_branch_where_it_happened_and_that_of_the_patrons(city: City, kiosk: Kiosk, other_kiosk: Kiosk) -> None:
    """It happened at L12, and Ming is at home in C01."""
    lent_twice(city, kiosk, other_kiosk)
    desk = city.registry.casework.cases
    assert [len(desk.listed(Viewer("lin", branch))) for branch in ("L12", "C01", "Z99")] == [1, 1, 0]
