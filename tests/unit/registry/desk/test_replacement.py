"""Whether a number may be bound or replace another: every rule, without a database."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circulation.cards import CardKind, CardUid
from circulation.ids import PatronId
from circulation.patrons import PatronClass
from registry.cards.replacement import BindingRefusal, Owner, PresentCard, decide_binding, decide_replacement

MING, HUA = PatronId(UUID(int=1)), PatronId(UUID(int=2))
OLD, NEW, OTHER = (CardUid.from_hex(number) for number in ("04000001", "04000002", "04000003"))
BOUND = datetime(2026, 3, 1, tzinfo=UTC)
EASYCARD = CardKind.EASYCARD


def decided(  # noqa: PLR0913 - one optional argument a thing that is known
    *,
    present: CardUid | None = OLD,
    bound_at: datetime | None = BOUND,
    seen: CardUid | None = OLD,
    new: CardUid = NEW,
    issued_at: datetime | None = None,
    owner: Owner | None = None,
    former: PatronId | None = None,
    patron_class: PatronClass = PatronClass.PERSONAL,
) -> BindingRefusal | None:
    card = None if present is None else PresentCard(present, bound_at)
    return decide_replacement(
        *(MING, EASYCARD, card, new), patron_class=patron_class, seen=seen, issued_at=issued_at, owner=owner, former=former
    )


def test_q3_4b_a_new_number_replaces_the_old_one() -> None:
    assert decided() is None


def test_q9_a_first_card_of_a_kind_is_bound() -> None:
    assert decided(present=None, seen=None) is None


@pytest.mark.parametrize(
    ("owner", "former"), [(Owner(HUA, EASYCARD), None), (Owner(MING, CardKind.IPASS), None), (None, HUA), (Owner(HUA, EASYCARD), MING)]
)
def test_r9_a_number_that_is_or_was_elsewhere_is_taken_over_by_nobody(owner: Owner | None, former: PatronId | None) -> None:
    assert decided(owner=owner, former=former) is BindingRefusal.BOUND_ELSEWHERE


def test_r15_a_number_that_was_replaced_does_not_come_back() -> None:
    assert decided(former=MING) is BindingRefusal.NUMBER_REPLACED


@pytest.mark.parametrize(
    ("issued_at", "refused"),
    [
        (BOUND - timedelta(seconds=1), BindingRefusal.REISSUE_OLDER),
        (BOUND, None),
        (BOUND + timedelta(days=1), None),
        (None, None),
    ],
)
def test_r15_a_reissue_older_than_the_present_card_is_refused(issued_at: datetime | None, refused: BindingRefusal | None) -> None:
    assert decided(issued_at=issued_at) is refused


def test_when_nobody_noted_when_a_card_was_bound_no_reissue_is_too_old() -> None:
    assert decided(bound_at=None, issued_at=BOUND - timedelta(days=999)) is None


@pytest.mark.parametrize(("present", "seen"), [(OTHER, OLD), (OTHER, None), (None, OLD)])
def test_who_looked_before_another_replacement_is_refused(present: CardUid | None, seen: CardUid | None) -> None:
    assert decided(present=present, seen=seen) is BindingRefusal.CARD_CHANGED


def test_the_same_number_again_changes_nothing() -> None:
    assert decided(new=OLD, owner=Owner(MING, EASYCARD)) is BindingRefusal.SAME_NUMBER


def test_a_number_may_stay_what_it_is() -> None:
    assert decide_binding(MING, EASYCARD, patron_class=PatronClass.PERSONAL, owner=Owner(MING, EASYCARD), former=None) is None


@given(st.sampled_from([MING, HUA]), st.sampled_from(CardKind), st.sampled_from([None, MING, HUA]))
def test_nobody_new_ever_gets_a_number_with_a_history(owner: PatronId, kind: CardKind, former: PatronId | None) -> None:
    assert (
        decide_binding(None, EASYCARD, patron_class=PatronClass.PERSONAL, owner=Owner(owner, kind), former=former)
        is BindingRefusal.BOUND_ELSEWHERE
    )
    assert (decide_binding(None, EASYCARD, patron_class=PatronClass.PERSONAL, owner=None, former=former) is None) is (former is None)
