from collections import Counter

import pytest

from circulation.barcodes import LIBRARY_CODABAR
from circulation.national_ids import NationalId
from youyue.demo.city import City, make_city
from youyue.library import branches


@pytest.fixture(scope="module")
def city() -> City:
    return make_city(seed=7, pupils=400, copies_per_branch=45)


def test_the_same_seed_makes_the_same_city_and_another_one_another(city: City) -> None:
    assert make_city(seed=7, pupils=400, copies_per_branch=45) == city
    assert make_city(seed=8, pupils=400, copies_per_branch=45) != city


def test_every_branch_of_the_library_is_there(city: City) -> None:
    assert len(branches()) == 54
    assert ("L12", "稻香", "北投區") in {(b.code, b.name, b.district) for b in city.branches}


def test_every_pupil_has_a_valid_id_and_a_card_of_their_own(city: City) -> None:
    assert all(NationalId(pupil.national_id).text == pupil.national_id for pupil in city.pupils)
    assert len({pupil.national_id for pupil in city.pupils}) == len({pupil.uid for pupil in city.pupils}) == 400
    assert all(pupil.uid.names_a_card for pupil in city.pupils)


def test_the_city_holds_what_a_demo_must_show(city: City) -> None:
    assert any(pupil.card_lost for pupil in city.pupils)
    assert any(not pupil.contact_complete for pupil in city.pupils)
    assert Counter(len(pupil.uid.octets) for pupil in city.pupils).keys() == {4, 7}


def test_every_copy_has_a_barcode_of_the_librarys_form(city: City) -> None:
    assert len({copy.barcode for copy in city.copies}) == len(city.copies) == 54 * 45
    assert all(LIBRARY_CODABAR.fits(copy.barcode) for copy in city.copies)


def test_keys_are_uuids_of_version_7_and_never_repeat(city: City) -> None:
    keys = [*(p.id for p in city.pupils), *(p.card for p in city.pupils), *(c.id for c in city.copies)]
    assert {key.version for key in keys} == {7}
    assert len(set(keys)) == len(keys)
