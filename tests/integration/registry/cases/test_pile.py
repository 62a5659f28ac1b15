"""Who sees which case and has it, how long it waits, and what is forgotten of it."""

import pytest

from registry.cases.decisions import CaseRefusal, Decision
from registry.cases.desk import CaseRefusedError
from registry.cases.kinds import CaseKind
from registry.cases.shown import Side
from registry.cases.store_decisions import CaseFilter, Viewer
from tests.integration.registry.cases import pile as stories
from tests.integration.registry.cases.pile import CHEN, LIN, WHY, Pile, ming
from tests.unit.registry.rosters.roster_files import a_contact

AT_MINGS, AT_ANOTHERS = Viewer("staff:wu", "C01"), Viewer("staff:he", "L12")


def test_q3_3a_a_branch_sees_the_cases_of_its_own_schools_and_patrons_only(pile: Pile) -> None:
    of_ming = pile.open(CaseKind.POSSIBLE_DUPLICATE, patron=pile.city.hua, other=pile.city.ming)
    of_branch = pile.open(CaseKind.MISSING_ID, branch="L12")
    of_nobody = pile.open(CaseKind.MISSING_ID)
    seen = {viewer: {one.id for one in pile.desk.listed(viewer)} for viewer in (AT_MINGS, AT_ANOTHERS, LIN)}
    assert seen == {AT_MINGS: {of_ming}, AT_ANOTHERS: {of_branch}, LIN: {of_ming, of_branch, of_nobody}}
    for case in (of_ming, of_nobody):
        with pytest.raises(CaseRefusedError) as error:
            pile.desk.show(case, AT_ANOTHERS)
        assert error.value.codes == (CaseRefusal.NO_SUCH_CASE,)


def test_those_that_wait_the_longest_come_first_with_their_days(pile: Pile) -> None:
    old = pile.open(CaseKind.MISSING_ID)
    stories.tomorrow(pile)
    new = pile.open(CaseKind.CHANGED_SINCE)
    pile.city.clock.pass_(hours=47)
    assert [(one.id, one.days) for one in pile.desk.listed(LIN)] == [(old, 2), (new, 1)]
    assert [one.id for one in pile.desk.listed(LIN, CaseFilter(CaseKind.CHANGED_SINCE))] == [new]
    pile.decide(Decision.KEEP_AS_IS, new)
    pile.city.clock.pass_(days=9)
    assert [(one.id, one.days, one.decided_by) for one in pile.desk.listed(LIN, CaseFilter(decided=True))] == [(new, 1, LIN.name)]


def test_a_case_is_somebody_s_until_it_is_given_back(pile: Pile) -> None:
    case = pile.open(CaseKind.MISSING_ID)
    pile.desk.assign(case, CHEN.name, LIN)
    assert [one.id for one in pile.desk.listed(CHEN, CaseFilter(assignee=CHEN.name))] == [case]
    pile.desk.assign(case, None, CHEN)
    assert pile.desk.listed(CHEN, CaseFilter(assignee=CHEN.name)) == []
    pile.decide(Decision.REFUSE_ROW, case)
    with pytest.raises(CaseRefusedError) as error:
        pile.desk.assign(case, CHEN.name, LIN)
    assert error.value.codes == (CaseRefusal.ALREADY_DECIDED,)


def test_both_sides_are_masked_unless_somebody_asks_for_all_and_the_trail_says_who_did(pile: Pile) -> None:
    stories.other_birth_date(pile)
    case = pile.one().id
    masked, full = pile.desk.show(case, LIN), pile.desk.show(case, CHEN, full=True)
    assert Side("birth_date", "2014-**-**", "2014-**-**", differs=True) in masked.sides
    assert Side("birth_date", "2014-06-05", "2014-05-06", differs=True) in full.sides
    assert Side("name", "王○○", "王○○", differs=False) in masked.sides
    assert not {"王小明", "A123456789", "臺北市虛構路1號"} & {text for side in masked.sides for text in (side.asks, side.known)}
    entries = [(one.actor, one.detail["full"]) for one in pile.city.registry.audit() if one.action == "case read"]
    assert entries == [(CHEN.name, 1), (LIN.name, 0)]
    assert "王小明" not in repr(pile.city.registry.audit())


CANARY, ADDRESS = "金絲雀", "臺北市金絲雀路8號"


def test_after_the_decision_the_case_says_nothing_and_after_its_term_nobody_can_read_what_it_said(pile: Pile) -> None:
    pile.bureau(ming(name=CANARY, address=ADDRESS, born="2014-06-05"))
    assert CANARY in repr(pile.rows())
    case = pile.one().id
    pile.decide(Decision.REFUSE_ROW, case)
    assert [word for word in (CANARY, ADDRESS, "2014-06-05") if word in repr(pile.rows())] == []
    [(sealed,)] = pile.city.sql("SELECT sealed FROM case_undo")
    assert CANARY.encode() not in bytes(sealed)
    assert WHY in repr(pile.rows())
    assert WHY not in repr(pile.city.registry.audit())
    pile.city.clock.pass_(days=31)
    assert pile.city.registry.casework.forget() == 1
    assert pile.city.sql("SELECT * FROM case_undo") == []
    pile.city.clock.pass_(days=365)
    assert pile.city.registry.casework.forget() == 1
    assert WHY not in repr(pile.rows())
    assert pile.city.sql("SELECT patron, decision FROM staff_case") == [(None, "refuse_row")]
    pile.bureau(ming(name=CANARY, address=ADDRESS, born="2014-06-05"))
    assert pile.desk.listed(LIN) == []


@pytest.mark.parametrize("homes", ["sqlite"], indirect=True)
def test_a_decided_case_is_not_in_the_bytes_of_the_database_file(pile: Pile) -> None:
    pile.contacts(a_contact(name=CANARY, born="2014-05-06", address=ADDRESS))
    pile.bureau(ming())
    case = pile.one().id
    pile.decide(Decision.OTHER_PERSON, case)
    pile.city.registry.close()
    found = [path.name for path in (pile.city.home.folder).glob("registry.db*") if CANARY.encode() in path.read_bytes()]
    assert found == []
