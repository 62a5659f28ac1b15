"""Whether two accounts may become one, and two again."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circulation.cards import CardKind
from circulation.ids import PatronId
from circulation.patrons import PatronClass
from registry.merges.rules import Account, MergeOrder, MergeRefusal, decide_merge, decide_unmerge
from texts.catalogue import languages, open_catalogue

ONE, OTHER = PatronId(uuid4()), PatronId(uuid4())
NOW = datetime(2026, 3, 11, 2, 0, tzinfo=UTC)
KINDS = st.frozensets(st.sampled_from(CardKind))


def an_account(patron: PatronId, *kinds: CardKind, of: PatronClass = PatronClass.PERSONAL) -> Account:
    return Account(patron, of, frozenset(kinds))


def an_order(because: str = "同一人", **keep: PatronId) -> MergeOrder:
    return MergeOrder(ONE, OTHER, because, {CardKind(kind): whose for kind, whose in keep.items()})


def test_two_accounts_without_a_card_in_common_become_one() -> None:
    assert decide_merge(an_order(), an_account(ONE, CardKind.EASYCARD), an_account(OTHER, CardKind.IPASS)) == ()


@given(KINDS, KINDS)
def test_r13_q9_b_for_every_kind_that_both_have_a_choice_is_needed_and_for_no_other(
    ones: frozenset[CardKind], others: frozenset[CardKind]
) -> None:
    accounts = an_account(ONE, *ones), an_account(OTHER, *others)
    both = ones & others
    chosen = MergeOrder(ONE, OTHER, "同一人", dict.fromkeys(both, ONE))
    assert decide_merge(chosen, *accounts) == ()
    assert (MergeRefusal.CARD_CHOICE_MISSING in decide_merge(an_order(), *accounts)) is bool(both)
    for kind in set(CardKind) - both:
        idle = MergeOrder(ONE, OTHER, "同一人", {**chosen.keep, kind: ONE})
        assert decide_merge(idle, *accounts) == (MergeRefusal.CARD_CHOICE_IDLE,)


@pytest.mark.parametrize(("one", "other"), [(PatronClass.FAMILY, PatronClass.PERSONAL), (PatronClass.PERSONAL, PatronClass.FAMILY)])
def test_r20_a_family_account_is_never_merged(one: PatronClass, other: PatronClass) -> None:
    assert decide_merge(an_order(), an_account(ONE, of=one), an_account(OTHER, of=other)) == (MergeRefusal.FAMILY_ACCOUNT,)


def test_every_reason_is_told_at_once() -> None:
    order = an_order("", ipass=ONE)
    accounts = an_account(ONE, CardKind.EASYCARD, of=PatronClass.FAMILY), an_account(OTHER, CardKind.EASYCARD)
    assert set(decide_merge(order, *accounts)) == {
        *(MergeRefusal.REASON_MISSING, MergeRefusal.FAMILY_ACCOUNT),
        *(MergeRefusal.CARD_CHOICE_MISSING, MergeRefusal.CARD_CHOICE_IDLE),
    }


def test_a_card_can_be_chosen_of_the_two_only() -> None:
    accounts = an_account(ONE, CardKind.CHIP), an_account(OTHER, CardKind.CHIP)
    assert decide_merge(an_order(chip=PatronId(uuid4())), *accounts) == (MergeRefusal.CARD_CHOICE_IDLE,)


@pytest.mark.parametrize(
    ("until", "undone", "merged_on", "taken", "expected"),
    [
        (NOW, False, False, False, ()),
        (NOW - timedelta(microseconds=1), False, False, False, (MergeRefusal.TERM_OVER,)),
        (NOW, True, False, False, (MergeRefusal.ALREADY_UNDONE,)),
        (NOW, False, True, True, (MergeRefusal.MERGED_ON, MergeRefusal.ID_TAKEN)),
        (None, False, False, False, (MergeRefusal.NO_SUCH_MERGE,)),
    ],
)
def test_a_merge_is_undone_within_its_term_and_while_nothing_else_stands_on_it(
    *,
    until: datetime | None,
    undone: bool,
    merged_on: bool,
    taken: bool,
    expected: tuple[MergeRefusal, ...],
) -> None:
    assert decide_unmerge(because="兩人", until=until, undone=undone, merged_on=merged_on, id_taken=taken, now=NOW) == expected


def test_undoing_needs_a_reason() -> None:
    refused = decide_unmerge(because="", until=NOW, undone=False, merged_on=False, id_taken=False, now=NOW)
    assert refused == (MergeRefusal.REASON_MISSING,)


@pytest.mark.parametrize("language", sorted(languages()))
@pytest.mark.parametrize("code", MergeRefusal)
def test_every_refusal_has_its_sentence(language: str, code: MergeRefusal) -> None:
    assert open_catalogue(language).say(f"merge.refused.{code}")
