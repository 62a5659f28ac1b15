"""Family accounts: an EasyCard never becomes one's at any door there is."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import update
from uuid_utils.compat import uuid7

from circulation.cards import CardKind, CardUid
from circulation.ids import CardId, PatronId
from circulation.patrons import PatronClass
from registry.cards.store import CardRecord, CardSource, WrongAccountError
from registry.cards.store_replacements import Binding, Origin, bind
from registry.desk.refusals import DeskRefusedError
from registry.desk.replacing import NewCardOrder
from registry.enrolment.basis import Basis
from registry.enrolment.tables import patron
from registry.people.ages import Signer
from registry.people.consent import Service
from registry.people.family_desk import NewFamily
from registry.people.refusals import PeopleRefusedError
from registry.people.withdrawing import WithdrawalForm
from tests.integration.registry.city import City
from tests.integration.registry.desk.counter import BARCODE, CHIP, NEW
from tests.integration.registry.people.office import PUPIL, PUPIL_ID, STAFF, holder_of, people_of, refusals, rosters_of
from tests.unit.registry.people.forms import ADULT, CONTACT, MOTHER, an_application

NOT_ONE_OF_THESE = [kind for kind in CardKind if kind is not CardKind.BARCODE]


def the_wangs(city: City, *members: PatronId) -> PatronId:
    return people_of(city).families.open(NewFamily("王家", CONTACT, "C01", BARCODE, members), by=STAFF)


def test_r20_a_family_is_an_account_of_its_own_with_a_barcode_card_and_members(city: City) -> None:
    family = the_wangs(city, PatronId(city.ming), PatronId(city.hua))
    assert holder_of(city, BARCODE) == family
    page = people_of(city).persons.show(family, by=STAFF)
    assert (page.patron_class, page.basis, set(page.services)) == (PatronClass.FAMILY, Basis.FAMILY, {Service.BORROWING})
    assert [(one.member_name, one.membership.until) for one in page.memberships] == [("王○○", None), ("歐陽○○", None)]
    (of_ming,) = people_of(city).persons.show(PatronId(city.ming), by=STAFF).memberships
    assert (of_ming.family_name, of_ming.membership.family) == ("王○", family)


@pytest.mark.parametrize("kind", NOT_ONE_OF_THESE)
def test_r20_no_card_but_a_barcode_card_is_bound_to_a_family_at_any_door(city: City, tmp_path: Path, kind: CardKind) -> None:
    family = the_wangs(city)
    registry = city.registry
    with registry.database.unit_of_work() as work:
        # As the system before may have had it: the family's account under somebody's ID.
        work.connection.execute(update(patron).where(patron.c.id == family).values(national_id=PUPIL_ID))
        work.commit()
    binding = Binding(CardId(uuid7()), family, kind, NEW)
    origin = Origin(city.clock(), STAFF, CardSource.DESK)
    doors: list[tuple[Callable[[], object], type[Exception]]] = [
        (lambda: registry.desk.cards.replace(NewCardOrder(family, kind, NEW), by=STAFF), DeskRefusedError),
        (lambda: people_of(city).families.open(NewFamily("林家", CONTACT, "C01", NEW, (), kind), by=STAFF), PeopleRefusedError),
        (lambda: registry.add_cards([CardRecord(CardId(uuid7()), family, kind, NEW)]), WrongAccountError),
        (lambda: registry.database.write(lambda work: bind(work, [binding], origin, secret=registry.keys.card_secret)), WrongAccountError),
    ]
    for door, refusal in doors:
        with pytest.raises(refusal):
            door()
    preview = rosters_of(city, tmp_path).bureau(PUPIL)
    assert dict(preview.cases) == {"family_account": 1}
    assert city.sql("SELECT kind, uid FROM card WHERE patron NOT IN (SELECT patron FROM card WHERE kind = 'easycard')") == [
        ("barcode", BARCODE.hex)
    ]


def test_r20_an_application_opens_a_persons_account_whatever_card_comes_with_it(city: City) -> None:
    done = people_of(city).applications.apply(an_application(), by=STAFF)
    assert city.sql("SELECT patron_class FROM patron WHERE basis = 'desk'") == [("personal",)]
    assert people_of(city).persons.show(done.patron, by=STAFF).memberships == ()


def test_r20_a_lost_barcode_card_is_replaced_as_anybodys(city: City) -> None:
    family = the_wangs(city)
    city.registry.desk.cards.replace(NewCardOrder(family, CardKind.BARCODE, CHIP, BARCODE), by=STAFF)
    assert holder_of(city, CHIP) == family


def test_r20_members_come_and_go_and_come_again(city: City) -> None:
    family, ming = the_wangs(city), PatronId(city.ming)
    families = people_of(city).families
    families.join(family, ming, by=STAFF)
    with pytest.raises(PeopleRefusedError) as again:
        families.join(family, ming, by=STAFF)
    assert refusals(again.value) == ["member_already"]
    city.clock.pass_(days=10)
    families.leave(family, ming, by=STAFF)
    with pytest.raises(PeopleRefusedError) as gone:
        families.leave(family, ming, by=STAFF)
    assert refusals(gone.value) == ["no_member"]
    families.join(family, ming, by=STAFF)
    assert city.sql("SELECT since, until FROM family_member ORDER BY since") == [("2026-03-11", "2026-03-20"), ("2026-03-21", None)]


def test_r20_a_family_is_no_member_no_guardian_and_no_pupil(city: City) -> None:
    family = the_wangs(city)
    people = people_of(city)
    acts: list[Callable[[], object]] = [
        lambda: people.families.join(family, family, by=STAFF),
        lambda: people.guardians.link(family, MOTHER, by=STAFF),
        lambda: people.withdrawals.withdraw(WithdrawalForm(family, Signer.SELF), by=STAFF),
        lambda: people.codes.message(family, by=STAFF),
    ]
    for act in acts:
        with pytest.raises(PeopleRefusedError) as refused:
            act()
        assert "not_a_person" in refusals(refused.value)
    as_guardian = an_application(born=ADULT.replace(year=2016), signed_by=Signer.GUARDIAN, guardian=replace(MOTHER, adult=family))
    with pytest.raises(PeopleRefusedError) as no_adult:
        people.applications.apply(as_guardian, by=STAFF)
    assert refusals(no_adult.value) == ["guardian_no_adult"]


def test_every_reason_against_a_family_is_said_at_once(city: City) -> None:
    wrong = NewFamily(" ", type(CONTACT)(""), "X99", CardUid.from_hex("00000000"), (PatronId(uuid7()),), CardKind.EASYCARD)
    with pytest.raises(PeopleRefusedError) as refused:
        people_of(city).families.open(wrong, by=STAFF)
    assert refusals(refused.value) == [
        *("name_missing", "contact_incomplete", "branch_unknown", "no_card_number", "nobody_found", "not_for_families"),
    ]
    assert city.sql("SELECT count(*) FROM patron") == [(2,)]
