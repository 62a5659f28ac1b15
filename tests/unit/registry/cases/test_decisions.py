"""What may be decided of a case, and what speaks against it."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from circulation.cards import CardKind
from circulation.ids import PatronId
from registry.belongings.footprint import EffectKind
from registry.belongings.kinds import BELONGINGS
from registry.cases.decisions import ALLOWED, CaseRefusal, Decision, Question, Standing, decide_case, decide_undo
from registry.cases.kinds import CaseKind
from texts.catalogue import languages, open_catalogue

ONE, OTHER = PatronId(uuid4()), PatronId(uuid4())
NOW = datetime(2026, 3, 11, 2, 0, tzinfo=UTC)
CARD = "04A32B1C"


def a_question(kind: CaseKind, *, patron: PatronId | None = ONE, other: PatronId | None = None, **known: str | None) -> Question:
    return Question(kind, "bureau", patron, other, is_settled=False, asks={"name": "王曉明"}, known=known)


def against(  # noqa: PLR0913 - one optional argument a condition
    question: Question,
    decision: Decision,
    standing: Standing | None = None,
    *,
    because: str = "問過了",
    by: str = "staff:lin",
    carries_row: bool = True,
    two_persons: bool = False,
) -> tuple[CaseRefusal, ...]:
    stands = standing or Standing(patron_there=True, other_there=True)
    words = {"because": because, "by": by}
    return decide_case(question, decision, standing=stands, carries_row=carries_row, two_persons=two_persons, **words)


@pytest.mark.parametrize("kind", CaseKind)
def test_every_kind_has_its_decisions_and_the_first_one_changes_nothing_but_of_a_batch(kind: CaseKind) -> None:
    assert len(ALLOWED[kind]) >= 2
    assert ALLOWED[kind][0].changes is (kind is CaseKind.BATCH_UNUSUAL)


@pytest.mark.parametrize("kind", CaseKind)
def test_what_is_not_in_the_table_is_refused_and_nothing_else_is_said(kind: CaseKind) -> None:
    for decision in set(Decision) - set(ALLOWED[kind]):
        assert against(a_question(kind), decision, because="") == (CaseRefusal.NOT_ALLOWED,)


def test_every_decision_is_allowed_for_some_kind() -> None:
    assert {one for allowed in ALLOWED.values() for one in allowed} == set(Decision)


@pytest.mark.parametrize("name", ["王小明", None])
def test_r16_a_name_is_taken_only_while_the_library_s_own_is_still_the_one_that_was_shown(name: str | None) -> None:
    question = a_question(CaseKind.NAME_DIFFERS, name="王小明")
    moved = () if name == "王小明" else (CaseRefusal.MOVED_SINCE,)
    assert against(question, Decision.TAKE_NAME, Standing(patron_there=True, name=name)) == moved
    assert against(question, Decision.KEEP_NAME, Standing(patron_there=True, name=name)) == ()


@pytest.mark.parametrize(("born", "moved"), [(date(2014, 5, 6), False), (date(2014, 5, 7), True), (None, True)])
def test_r3_a_birth_date_is_corrected_only_while_it_is_the_one_that_was_shown(*, born: date | None, moved: bool) -> None:
    question = a_question(CaseKind.BIRTH_DATE_DIFFERS, birth_date="2014-05-06")
    refused = against(question, Decision.TAKE_BIRTH_DATE, Standing(patron_there=True, birth_date=born))
    assert refused == ((CaseRefusal.MOVED_SINCE,) if moved else ())


@pytest.mark.parametrize(
    ("owner", "former", "card", "moved"),
    [
        (OTHER, None, CARD, False),
        (None, OTHER, CARD, False),
        (ONE, OTHER, CARD, True),
        (None, None, CARD, True),
        (OTHER, None, "04FFFFFF", True),
        (OTHER, None, None, True),
    ],
)
def test_r9_a_number_is_given_only_while_both_sides_hold_what_was_shown(
    *,
    owner: PatronId | None,
    former: PatronId | None,
    card: str | None,
    moved: bool,
) -> None:
    question = a_question(CaseKind.NUMBER_BOUND_ELSEWHERE, other=OTHER, card=CARD)
    refused = against(question, Decision.GIVE_NUMBER, Standing(patron_there=True, card=card, owner=owner, former=former))
    assert refused == ((CaseRefusal.MOVED_SINCE,) if moved else ())


@pytest.mark.parametrize("kind", [CaseKind.REISSUE_OLDER, CaseKind.NUMBER_REPLACED])
@pytest.mark.parametrize(
    ("owner", "card", "moved"), [(None, CARD, False), (ONE, CARD, False), (OTHER, CARD, True), (None, "04FFFFFF", True)]
)
def test_r15_an_older_number_is_bound_by_decision_only_over_the_card_that_was_shown_and_never_from_somebody_else(
    *,
    kind: CaseKind,
    owner: PatronId | None,
    card: str,
    moved: bool,
) -> None:
    refused = against(a_question(kind, card=CARD), Decision.BIND_ANYWAY, Standing(patron_there=True, card=card, owner=owner))
    assert refused == ((CaseRefusal.MOVED_SINCE,) if moved else ())


def test_without_its_row_nothing_can_run_again() -> None:
    question = a_question(CaseKind.REISSUE_OLDER)
    assert against(question, Decision.BIND_ANYWAY, carries_row=False) == (CaseRefusal.ROW_MISSING,)
    assert against(question, Decision.KEEP_CARD, carries_row=False) == ()
    newcomer = a_question(CaseKind.NUMBER_BOUND_ELSEWHERE, patron=None, other=OTHER)
    assert against(newcomer, Decision.GIVE_NUMBER, Standing(owner=OTHER), carries_row=False) == (CaseRefusal.ROW_MISSING,)


def test_an_unusual_batch_wants_a_second_person_and_so_does_a_merge_where_the_library_says_so() -> None:
    batch = a_question(CaseKind.BATCH_UNUSUAL)
    assert against(batch, Decision.APPROVE_BATCH, by="bureau") == (CaseRefusal.OWN_CASE,)
    assert against(batch, Decision.DISCARD_BATCH, by="bureau") == ()
    pair = a_question(CaseKind.POSSIBLE_DUPLICATE, other=OTHER)
    assert against(pair, Decision.MERGE, by="bureau") == ()
    assert against(pair, Decision.MERGE, by="bureau", two_persons=True) == (CaseRefusal.OWN_CASE,)
    assert against(pair, Decision.MERGE, two_persons=True) == ()


@pytest.mark.parametrize(("one", "other"), [(True, False), (False, True)])
def test_nobody_becomes_one_with_somebody_who_is_gone(*, one: bool, other: bool) -> None:
    pair = a_question(CaseKind.POSSIBLE_DUPLICATE, other=OTHER)
    assert against(pair, Decision.MERGE, Standing(patron_there=one, other_there=other)) == (CaseRefusal.MOVED_SINCE,)


def test_every_reason_is_told_at_once() -> None:
    refused = against(a_question(CaseKind.REISSUE_OLDER, card=CARD), Decision.BIND_ANYWAY, because="", carries_row=False)
    assert set(refused) == {CaseRefusal.REASON_MISSING, CaseRefusal.MOVED_SINCE, CaseRefusal.ROW_MISSING}


@pytest.mark.parametrize(
    ("settled", "until", "contradicted", "because", "expected"),
    [
        (True, NOW, False, "按錯", ()),
        (True, NOW - timedelta(microseconds=1), False, "按錯", (CaseRefusal.TERM_OVER,)),
        (True, NOW, True, "按錯", (CaseRefusal.CONTRADICTED,)),
        (True, NOW, False, "", (CaseRefusal.REASON_MISSING,)),
        (True, None, False, "按錯", (CaseRefusal.NOT_TO_BE_UNDONE,)),
        (False, None, False, "按錯", (CaseRefusal.NOT_DECIDED,)),
    ],
)
def test_a_decision_is_undone_within_its_term_while_nothing_stands_on_it(
    *,
    settled: bool,
    until: datetime | None,
    contradicted: bool,
    because: str,
    expected: tuple[CaseRefusal, ...],
) -> None:
    assert decide_undo(is_settled=settled, until=until, because=because, contradicted=contradicted, now=NOW) == expected


@pytest.mark.parametrize("language", sorted(languages()))
@pytest.mark.parametrize(
    "key",
    [
        *(f"case.kind.{one}" for one in CaseKind),
        *(f"case.decision.{one}" for one in Decision),
        *(f"case.refused.{one}" for one in CaseRefusal),
        *sorted({f"case.rows.{one.table}" for one in BELONGINGS}),
    ],
)
def test_every_code_has_its_words(language: str, key: str) -> None:
    assert open_catalogue(language).say(key)


@pytest.mark.parametrize("language", sorted(languages()))
@pytest.mark.parametrize("kind", EffectKind)
def test_every_effect_has_its_words(language: str, kind: EffectKind) -> None:
    assert open_catalogue(language).say(f"case.effect.{kind}", of=CardKind.EASYCARD, count=1)
