"""Rosters in a real database: what is stored, what kiosks hear of, and that a second load changes nothing."""

from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from circulation.cards import CardKind, CardState, CardUid
from circulation.ids import BranchCode, CardId, PatronId
from registry.cards.store import CardRecord
from registry.cases.store import waiting
from registry.database import UnitOfWork
from registry.enrolment.store import PatronRecord
from registry.keys import KeyFileError
from registry.rosters.arrival import ConsentDeclaration
from registry.rosters.asks import row_of
from registry.rosters.given import GivenRows
from registry.rosters.pipeline import RunResult
from registry.rosters.plan import Outcome
from registry.rosters.problems import FileFault, RosterFileError
from registry.rosters.sealing import Seal
from registry.rosters.store_writing import RegistryMovedError
from registry.schools.store import School
from tests.integration.registry.rosters.counter import Counter
from tests.unit.registry.rosters.roster_files import HEADINGS, a_contact, a_pupil

MING = {"national_id": "A123456789", "born": "2014-05-06"}
"""Is a patron already, with the EasyCard 04A32B1C."""
LIN = {"name": "林大雙", "national_id": "W234567893", "born": "1030506"}
TWIN = {"name": "林小雙", "national_id": "O200000015", "born": "1030506", "card": "04000003"}
CARDS = "SELECT uid, state FROM card ORDER BY uid"


def test_q3_2c_and_q3_4a_a_new_pupil_is_a_preliminary_patron_with_an_active_card(counter: Counter) -> None:
    preview = counter.bureau(a_pupil(**LIN, card="04000002", address="戶籍路1號"))
    assert counter.outcomes(preview) == {"created": 1}
    assert counter.sql(
        "SELECT p.name, p.masked_name, p.birth_date, CAST(p.contact_complete AS int), c.kind, c.uid, c.state, b.household_address, b.school_phone"
        " FROM patron p JOIN card c ON c.patron = p.id JOIN pupil b ON b.patron = p.id WHERE p.national_id = 'W234567893'"
    ) == [("林大雙", "林○○", "2014-05-06", 0, "easycard", "04000002", "active", "戶籍路1號", "02-2345-6789")]
    assert counter.sql("SELECT count(*) FROM contact") == [(0,)]


def test_twins_are_two_patrons(counter: Counter) -> None:
    assert counter.outcomes(counter.bureau(a_pupil(**LIN, card="04000002"), a_pupil(**TWIN))) == {"created": 2}


def test_q3_4b_and_q3_4c_the_easycard_is_replaced_and_the_other_cards_stay(counter: Counter) -> None:
    ming = PatronId(counter.city.ming)
    others = [(CardKind.IPASS, "04000101"), (CardKind.BARCODE, "04000102"), (CardKind.CHIP, "04000103")]
    counter.city.registry.add_cards(
        [CardRecord(CardId(UUID(int=n)), ming, kind, CardUid.from_hex(uid)) for n, (kind, uid) in enumerate(others, start=1)],
        tell_feed=False,
    )
    preview = counter.bureau(a_pupil(**MING, card="04000001"))
    assert counter.outcomes(preview) == {"replaced": 1}
    assert counter.sql("SELECT kind, uid FROM card WHERE uid <> '04A1B2C3D4E580' ORDER BY uid") == [
        ("easycard", "04000001"),
        *[(str(kind), uid) for kind, uid in others],
    ]


def test_kiosks_hear_of_the_old_number_and_of_the_new_one(counter: Counter) -> None:
    counter.bureau(a_pupil(**MING, card="04000001"))
    assert counter.heard() == counter.keys_of(["04A32B1C", "04000001"])
    assert counter.woken == [True]


def test_kiosks_hear_of_a_new_patron_before_the_card(counter: Counter) -> None:
    counter.bureau(a_pupil(**LIN, card="04000002"))
    assert [table for table, _ in counter.heard()] == ["patron", "card"]


def test_r5_a_lost_card_is_not_found_again_by_a_file_and_a_new_number_works_at_once(counter: Counter) -> None:
    counter.city.registry.change_card(counter.city.ming_card, CardState.LOST)
    counter.bureau(a_pupil(**MING, card="04A32B1C"))
    assert ("04A32B1C", "lost") in counter.sql(CARDS)
    counter.bureau(a_pupil(**MING, card="04000001"))
    assert [row for row in counter.sql(CARDS) if row[0] != "04A1B2C3D4E580"] == [("04000001", "active")]


def test_r15_an_older_file_does_not_bring_the_old_number_back(counter: Counter) -> None:
    counter.bureau(a_pupil(**MING, card="04000001"))
    preview = counter.bureau(a_pupil(**MING, card="04A32B1C"))
    assert counter.outcomes(preview) == {"held": 1}
    assert dict(preview.cases) == {"number_replaced": 1}
    assert ("04000001", "active") in counter.sql(CARDS)


def test_r9_a_number_of_somebody_else_opens_a_case_with_both_sides(counter: Counter) -> None:
    preview = counter.bureau(a_pupil(**LIN, card="04A32B1C"))
    assert counter.outcomes(preview) == {"held": 1}
    with counter.city.registry.database.reading() as connection:
        (case,) = waiting(connection)
    assert (case.kind, case.row_number, case.patron, case.other_patron) == ("number_bound_elsewhere", 2, None, counter.city.ming)
    assert case.asks.items() >= {"name": "林大雙", "national_id": "W234567893", "birth_date": "2014-05-06", "card": "04A32B1C"}.items()
    assert counter.sql("SELECT count(*) FROM patron") == [(2,)]


def test_a_row_that_a_case_carries_is_run_again_as_it_came_once_the_registry_was_corrected(counter: Counter) -> None:
    """Staff found that the library's birth date was the wrong one: the row binds, completes and consents as if it had come then."""
    counter.bureau(a_pupil(national_id="A123456789", born="2014-05-07", card="04000001", address="戶籍路7號"))
    with counter.city.registry.database.reading() as connection:
        (case,) = waiting(connection)
    asked = row_of(case.asks, number=case.row_number or 0)
    assert case.batch is not None

    def decide(work: UnitOfWork) -> RunResult:
        work.connection.exec_driver_sql("UPDATE patron SET birth_date = '2014-05-07' WHERE national_id = 'A123456789'")
        assert case.batch is not None
        return counter.pipeline.run(work, GivenRows(asked.kind, asked.school_year, (asked.row,)), batch=case.batch, by="staff")

    result = counter.city.registry.database.write(decide)
    assert (result.outcomes, result.held, result.opened) == ({2: Outcome.REPLACED}, {}, ())
    assert ("04000001", "active") in counter.sql(CARDS)
    assert counter.sql("SELECT household_address FROM pupil") == [("戶籍路7號",)]
    assert counter.sql("SELECT school_year FROM consent") == [(114,)]
    assert counter.heard() == counter.keys_of(["04A32B1C", "04000001"])


def test_r3_another_birth_date_binds_nothing(counter: Counter) -> None:
    preview = counter.bureau(a_pupil(national_id="A123456789", born="2014-05-07", card="04000001"))
    assert dict(preview.cases) == {"birth_date_differs": 1}
    assert ("04A32B1C", "active") in counter.sql(CARDS)


def test_r3_and_r16_another_name_binds_opens_a_case_and_the_librarys_name_stays(counter: Counter) -> None:
    preview = counter.bureau(a_pupil(**MING, name="王大明", card="04000001"))
    assert (counter.outcomes(preview), dict(preview.cases)) == ({"replaced": 1}, {"name_differs": 1})
    assert counter.sql("SELECT name FROM patron WHERE national_id = 'A123456789'") == [("王小明",)]
    again = counter.bureau(a_pupil(**MING, name="王大明", card="04000001", address="新戶籍路"))
    assert (counter.outcomes(again), again.cases_opened, again.known_cases) == ({"changed": 1}, 0, 1)


def test_q3_3b_the_schools_data_completes_the_record_and_kiosks_hear_of_it(counter: Counter) -> None:
    counter.bureau(a_pupil(**LIN, card="04000002"))
    heard_before = len(counter.heard())
    preview = counter.contacts(a_contact(name="林大雙", national_id="W234567893", born="103/5/6", address="通訊路1號"))
    assert (counter.outcomes(preview), preview.completed) == ({"changed": 1}, 1)
    assert counter.sql("SELECT CAST(contact_complete AS int) FROM patron WHERE national_id = 'W234567893'") == [(1,)]
    assert counter.sql("SELECT address, phone, mobile FROM contact") == [("通訊路1號", "02-2345-1234", "0912345678")]
    assert [table for table, _ in counter.heard()[heard_before:]] == ["patron"]


def test_r4_contact_data_before_the_bureaus_waits_encrypted_and_is_used_when_it_comes(counter: Counter) -> None:
    contact = a_contact(name="林大雙", national_id="W234567893", born="103/5/6", address="通訊路1號")
    assert counter.outcomes(counter.contacts(contact)) == {"waiting": 1}
    ((tag, sealed),) = counter.sql("SELECT tag, sealed FROM roster_waiting")
    for clear in ("林大雙", "W234567893", "通訊路"):
        assert clear.encode() not in bytes(tag) + bytes(sealed)
    assert counter.sql("SELECT count(*) FROM patron") == [(2,)]
    assert counter.outcomes(counter.contacts(contact)) == {"unchanged": 1}
    preview = counter.bureau(a_pupil(**LIN, card="04000002"))
    assert (counter.outcomes(preview), preview.completed) == ({"created": 1}, 1)
    assert counter.sql("SELECT address FROM contact") == [("通訊路1號",)]
    assert counter.sql("SELECT count(*) FROM roster_waiting") == [(0,)]


def test_r4_a_patron_of_the_library_whom_the_bureau_has_not_named_waits_too(counter: Counter) -> None:
    assert counter.outcomes(counter.contacts(a_contact(national_id="A123456789", born="2014-05-06"))) == {"waiting": 1}
    assert counter.sql("SELECT count(*) FROM contact") == [(0,)]


def test_q3_2b_and_r4_a_no_erases_what_waits_and_leaves_the_library_card_alone(counter: Counter) -> None:
    counter.contacts(a_contact(national_id="A123456789", born="2014-05-06"))
    before = counter.dump()
    preview = counter.bureau(a_pupil(**MING, card="04000001", consent="不同意"))
    assert counter.outcomes(preview) == {"not_consented": 1}
    after = counter.dump()
    assert (after.pop("roster_waiting"), after.pop("contact_waiting")) == ([], [])
    changed = {name for name, rows in after.items() if rows != before[name]}
    assert changed == {"audit", "roster_batch"}
    assert "04000001" not in repr(after)


def test_q3_2b_of_a_file_full_of_no_nothing_is_stored(counter: Counter) -> None:
    before = counter.dump()
    counter.bureau(a_pupil(**LIN, card="04000002", consent="否"), a_pupil(**TWIN, consent="否"))
    assert counter.dump() == before


def test_what_waits_is_erased_after_the_deadline(counter: Counter) -> None:
    counter.contacts(a_contact(name="林", national_id="W234567893"))
    counter.city.clock.pass_(days=20)
    counter.contacts(a_contact(name="林", national_id="O200000015"))
    assert counter.desk.erase_waiting(older_than=timedelta(days=14), by="test") == 1
    assert counter.sql("SELECT count(*) FROM roster_waiting") == [(1,)]


def test_waiting_data_cannot_be_read_with_another_key(counter: Counter) -> None:
    counter.contacts(a_contact(name="林", national_id="W234567893"))
    ((tag, sealed),) = counter.sql("SELECT tag, sealed FROM roster_waiting")
    with pytest.raises(KeyFileError, match="restore the key"):
        Seal(bytes(32), bytes).unseal(bytes(tag), bytes(sealed))


def test_q3_2b_a_file_with_neither_column_nor_declaration_is_not_committed(counter: Counter) -> None:
    before = counter.dump()
    with pytest.raises(RosterFileError) as caught:
        counter.bureau(a_pupil(**LIN)[:-1], headings=HEADINGS[:-1])
    assert caught.value.fault is FileFault.NO_CONSENT
    assert counter.dump() == before


def test_q3_2a_and_q3_2b_a_declared_consent_is_kept_with_its_form_year_and_cohort(counter: Counter) -> None:
    counter.bureau(a_pupil(**LIN, card="04000002")[:-1], headings=HEADINGS[:-1], declaration=ConsentDeclaration("114-1", "國小新生"))
    assert counter.sql(
        "SELECT b.form_version, b.cohort, c.school_year FROM consent c JOIN roster_batch b ON b.id = c.batch JOIN patron p ON p.id = c.patron"
    ) == [("114-1", "國小新生", 114)]


def test_a_pupils_branch_is_the_schools(counter: Counter) -> None:
    counter.desk.set_schools([School("400001", "虛構國小", BranchCode("L12"))])
    counter.desk.set_schools([School("400001", "虛構國民小學", BranchCode("L12"))])
    headings = (*HEADINGS, "學校代碼")
    counter.bureau((*a_pupil(**LIN, card="04000002"), "400001"), (*a_pupil(**MING, card="04000001"), "400001"), headings=headings)
    assert counter.sql("SELECT regular_at FROM patron WHERE national_id = 'W234567893'") == [("L12",)]
    assert counter.sql("SELECT regular_at FROM patron WHERE national_id = 'A123456789'") == [("C01",)]


MANY = [
    a_pupil(**LIN, card="04000002"),
    a_pupil(**TWIN),
    a_pupil(**TWIN),
    a_pupil(**MING, name="王大明", card="04000001"),
    a_pupil(name="歐陽小華", national_id="F131234569", born="2013-01-03", card="04000005"),
    a_pupil(name="某", national_id="Z199999990", card="04A1B2C3D4E580"),
    a_pupil(name="陳", national_id="A800123450", born="2014/15/06", card="04000006"),
    a_pupil(name="李", national_id="F900123457", card="04000007", consent="否"),
]


def test_a_second_load_of_the_same_file_changes_nothing(counter: Counter) -> None:
    first = counter.bureau(*MANY)
    assert counter.outcomes(first) == {"created": 2, "replaced": 1, "held": 2, "repeated": 1, "refused": 1, "not_consented": 1}
    assert sum(first.outcomes.values()) == first.rows == len(MANY)
    before = counter.dump()
    second = counter.bureau(*MANY)
    assert counter.outcomes(second) == {"unchanged": 3, "held": 2, "repeated": 1, "refused": 1, "not_consented": 1}
    assert second.changes_nothing
    assert counter.dump() == before


def test_a_preview_stores_nothing(counter: Counter) -> None:
    before = counter.dump()
    counter.desk.preview(counter.read_bureau(*MANY), by="lin")
    assert counter.dump() == before
    assert counter.woken == []


def test_when_the_registry_moves_after_the_preview_nothing_is_stored(counter: Counter) -> None:
    loaded = counter.read_bureau(a_pupil(**LIN, card="04000002"))
    preview = counter.desk.preview(loaded, by="lin")
    counter.city.registry.add_patrons([PatronRecord(PatronId(UUID(int=7)), "林", "W234567893")])
    before = counter.dump()
    with pytest.raises(RegistryMovedError):
        counter.desk.commit(loaded, preview, by="test")
    assert counter.dump() == before


def test_an_import_is_audited_by_numbers_only(counter: Counter) -> None:
    counter.bureau(*MANY)
    entry = counter.city.registry.audit(limit=1)[0]
    assert (entry.actor, entry.action) == ("test", "roster")
    assert {"rows": 8, "created": 2, "replaced": 1, "cases": 3}.items() <= entry.detail.items()
    assert "林" not in repr(entry)


PUPILS = st.builds(
    a_pupil,
    name=st.sampled_from(["王小明", "林大雙", "<img src=x>"]),
    national_id=st.sampled_from(["A123456789", "F131234569", "W234567893", "O200000015"]),
    born=st.sampled_from(["2014-05-06", "102/1/2"]),
    card=st.sampled_from(["04A32B1C", "04A1B2C3D4E580", "04000001", "04000002"]),
    consent=st.sampled_from(["是", "是", "是", "否", "?"]),
)


@given(st.lists(st.lists(PUPILS, min_size=1, max_size=4), min_size=1, max_size=3))
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_comes_each_file_loaded_twice_is_loaded_once_and_q9_b_holds(counter: Counter, files: list[list[tuple[str, ...]]]) -> None:
    for pupils in files:
        counter.bureau(*pupils)
        before = counter.dump()
        counter.bureau(*pupils)
        assert counter.dump() == before
    assert counter.sql("SELECT patron FROM card WHERE kind = 'easycard' GROUP BY patron HAVING count(*) > 1") == []
