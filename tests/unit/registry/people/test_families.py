"""Family accounts: their cards, their members."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from circulation.cards import CardKind
from circulation.ids import PatronId
from circulation.patrons import PatronClass
from registry.cards.kinds import kinds_of
from registry.cards.replacement import BindingRefusal, Owner, decide_binding
from registry.people.families import Membership, decide_member, is_family

FAMILY, MING, HUA = (PatronId(UUID(int=n)) for n in (1, 2, 3))
TODAY = date(2026, 3, 11)
A_DAY = timedelta(days=1)


@pytest.mark.parametrize("kind", CardKind)
def test_r20_a_family_has_a_barcode_card_and_no_other(kind: CardKind) -> None:
    refused = decide_binding(FAMILY, kind, patron_class=PatronClass.FAMILY, owner=None, former=None)
    assert refused is (None if kind is CardKind.BARCODE else BindingRefusal.NOT_FOR_FAMILIES)


@pytest.mark.parametrize("owner", [Owner(FAMILY, CardKind.EASYCARD), Owner(HUA, CardKind.EASYCARD), None])
def test_r20_an_easycard_never_becomes_a_familys_whosever_it_is(owner: Owner | None) -> None:
    refused = decide_binding(FAMILY, CardKind.EASYCARD, patron_class=PatronClass.FAMILY, owner=owner, former=None)
    assert refused is BindingRefusal.NOT_FOR_FAMILIES


def test_r13_a_person_may_have_one_card_of_every_kind() -> None:
    assert kinds_of(PatronClass.PERSONAL) == set(CardKind)


def test_r20_a_family_is_told_from_a_person() -> None:
    assert [is_family(one) for one in PatronClass] == [False, True]


@pytest.mark.parametrize(
    ("family", "member", "known", "reasons"),
    [
        (PatronClass.FAMILY, PatronClass.PERSONAL, [], []),
        (PatronClass.PERSONAL, PatronClass.PERSONAL, [], ["no_family"]),
        (None, PatronClass.PERSONAL, [], ["no_family"]),
        (PatronClass.FAMILY, PatronClass.FAMILY, [], ["not_a_person"]),
        (PatronClass.FAMILY, None, [], ["nobody_found"]),
        (PatronClass.FAMILY, PatronClass.PERSONAL, [Membership(FAMILY, MING, TODAY)], ["member_already"]),
        (PatronClass.FAMILY, PatronClass.PERSONAL, [Membership(FAMILY, MING, TODAY, TODAY)], ["member_already"]),
        (PatronClass.FAMILY, PatronClass.PERSONAL, [Membership(FAMILY, MING, TODAY - A_DAY, TODAY - A_DAY)], []),
        (PatronClass.FAMILY, PatronClass.PERSONAL, [Membership(FAMILY, MING, TODAY + A_DAY)], []),
    ],
)
def test_r20_members_are_persons(
    family: PatronClass | None, member: PatronClass | None, known: list[Membership], reasons: list[str]
) -> None:
    assert [str(code) for code in decide_member(family, member, known, today=TODAY)] == reasons
