"""The rules of requests and corrections as values."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circulation.ids import PatronId
from registry.desk.losing import IdentityItem
from registry.privacy.corrections import (
    CorrectedField,
    CorrectionOrder,
    DecidedCorrection,
    PresentData,
    Recipient,
    decide_correction,
    recipients_of,
)
from registry.privacy.refusals import PrivacyRefusal
from registry.privacy.requests import (
    Asker,
    PrivacyRequest,
    RequestChannel,
    RequestOrder,
    RequestOutcome,
    decide_answer,
    decide_extension,
    decide_receipt,
    is_of_age,
    overdue,
)
from registry.privacy.terms import RequestKind, Term, TermMissingError, deadline_of, due_of, term_on

NOW = datetime(2026, 3, 11, 2, 0, tzinfo=UTC)
TODAY = date(2026, 3, 11)
MING = PatronId(UUID(int=1))
TERMS = (
    Term("access", date(2012, 10, 1), 15, 15, "the law"),
    Term("access", date(2026, 7, 1), 10, 5, "a later law"),
    Term("erasure", date(2012, 10, 1), 30, 30, "the law"),
)
OPEN = PrivacyRequest(
    *(UUID(int=2), MING, RequestKind.ACCESS, NOW, RequestChannel.DESK, Asker.SELF, frozenset[IdentityItem](), "lin"), due=date(2026, 3, 26)
)


@pytest.mark.parametrize(
    ("day", "days"), [(date(2012, 10, 1), 15), (date(2026, 6, 30), 15), (date(2026, 7, 1), 10), (date(2030, 1, 1), 10)]
)
def test_the_latest_term_that_has_begun_holds(day: date, days: int) -> None:
    assert term_on(TERMS, "access", today=day).days == days


def test_without_a_term_nothing_is_guessed() -> None:
    for kind, day in (("access", date(2012, 9, 30)), ("copy", TODAY)):
        with pytest.raises(TermMissingError):
            term_on(TERMS, kind, today=day)


def test_the_day_of_receipt_is_not_counted_and_a_breach_counts_in_hours() -> None:
    assert due_of(TERMS[0], received_on=TODAY) == date(2026, 3, 26)
    assert deadline_of(Term("breach", TODAY, 3, 0, "the law"), known_at=NOW) == NOW + timedelta(hours=72)


@given(
    channel=st.sampled_from(RequestChannel),
    asker=st.sampled_from(Asker),
    identity=st.frozensets(st.sampled_from(IdentityItem)),
    born=st.none() | st.dates(date(1940, 1, 1), TODAY),
)
def test_r17_and_r12_every_reason_against_a_request_is_given(
    channel: RequestChannel, asker: Asker, identity: frozenset[IdentityItem], born: date | None
) -> None:
    against = decide_receipt(RequestOrder(MING, RequestKind.COPY, channel, asker, identity), born=born, now=NOW, today=TODAY)
    assert (PrivacyRefusal.IDENTITY_UNPROVEN in against) == (channel is not RequestChannel.ONLINE and len(identity) < 2)
    assert (PrivacyRefusal.PAPERS_MISSING in against) == (asker is not Asker.SELF and IdentityItem.PAPERS not in identity)
    adult = born is not None and born <= date(2008, 3, 11)
    assert (PrivacyRefusal.ADULT_ASKS in against) == (asker is Asker.GUARDIAN and adult)


@pytest.mark.parametrize(
    ("born", "today", "of_age"),
    [
        (date(2008, 3, 11), date(2026, 3, 10), False),
        (date(2008, 3, 11), date(2026, 3, 11), True),
        (date(2008, 2, 29), date(2026, 2, 28), False),
        (date(2008, 2, 29), date(2026, 3, 1), True),
    ],
)
def test_r12_people_sign_for_themselves_from_their_eighteenth_birthday_on(*, born: date, today: date, of_age: bool) -> None:
    assert is_of_age(born, today=today) is of_age


def test_a_request_of_tomorrow_is_not_taken() -> None:
    order = RequestOrder(MING, RequestKind.COPY, RequestChannel.ONLINE, Asker.SELF, frozenset(), NOW + timedelta(seconds=1))
    assert decide_receipt(order, born=None, now=NOW, today=TODAY) == (PrivacyRefusal.RECEIVED_LATER,)


def test_a_term_is_extended_once_before_its_end_and_with_a_reason() -> None:
    assert decide_extension(OPEN, "why", today=OPEN.due) == ()
    late = replace(OPEN, extended_at=NOW, answered_at=NOW)
    assert decide_extension(late, "", today=OPEN.due + timedelta(days=1)) == (
        *(PrivacyRefusal.REQUEST_ANSWERED, PrivacyRefusal.REQUEST_EXTENDED, PrivacyRefusal.TERM_OVER, PrivacyRefusal.REASON_MISSING),
    )


@pytest.mark.parametrize("outcome", list(RequestOutcome))
def test_an_answer_is_entered_once_and_a_refusal_says_why(outcome: RequestOutcome) -> None:
    needs = outcome in {RequestOutcome.PARTLY, RequestOutcome.REFUSED}
    assert decide_answer(OPEN, outcome, "why") == ()
    assert decide_answer(OPEN, outcome, "") == ((PrivacyRefusal.REASON_MISSING,) if needs else ())
    assert PrivacyRefusal.REQUEST_ANSWERED in decide_answer(replace(OPEN, answered_at=NOW), outcome, "why")


def test_on_its_last_day_a_request_is_not_overdue() -> None:
    days = [TODAY - timedelta(days=1), TODAY, TODAY + timedelta(days=1)]
    assert overdue(days, today=TODAY) == 1


def present(*, consented: bool = True, school: str | None = "313301", regular_at: str | None = "C01", in_apps: bool = True) -> PresentData:
    values: dict[CorrectedField, str | date | None] = dict.fromkeys(CorrectedField)
    values |= {CorrectedField.NAME: "王小明", CorrectedField.NATIONAL_ID: "A123456789", CorrectedField.ADDRESS: "臺北市"}
    return PresentData(values, consented, school, regular_at, in_apps)


@given(st.sets(st.sampled_from(CorrectedField), min_size=1))
def test_only_who_had_the_wrong_data_is_told(fields: set[CorrectedField]) -> None:
    told = recipients_of(fields, present())
    named = CorrectedField.NAME in fields
    identity = bool(fields & {CorrectedField.NAME, CorrectedField.NATIONAL_ID, CorrectedField.BIRTH_DATE})
    assert (Recipient.KIOSKS in told, Recipient.APPS in told, Recipient.BUREAU in told) == (named, named, identity)
    assert {Recipient.SCHOOL, Recipient.BRANCH} <= set(told)
    nobody_else = recipients_of(fields, present(consented=False, school=None, regular_at=None, in_apps=False))
    assert nobody_else == ((Recipient.KIOSKS,) if named else ())


@pytest.mark.parametrize("confirmed", [True, False])
def test_r16_a_name_is_written_when_a_librarian_confirms_it_and_waits_else(*, confirmed: bool) -> None:
    order = CorrectionOrder(MING, {CorrectedField.NAME: "林小明", CorrectedField.PHONE: "02-2345-6789"}, confirmed)
    decided = decide_correction(order, present(), today=TODAY)
    assert isinstance(decided, DecidedCorrection)
    assert decided.fields == (CorrectedField.NAME, CorrectedField.PHONE)
    assert (CorrectedField.NAME in decided.values, decided.waiting_name) == (confirmed, None if confirmed else "林小明")
    assert (Recipient.KIOSKS in decided.recipients) is confirmed


def test_every_reason_against_a_correction_is_given_in_a_stable_order() -> None:
    order = CorrectionOrder(MING, {CorrectedField.NATIONAL_ID: "A1", CorrectedField.ADDRESS: "", CorrectedField.PHONE: "02-2345-6789"})
    assert decide_correction(order, present(), today=TODAY) == (PrivacyRefusal.VALUE_UNREADABLE, PrivacyRefusal.ADDRESS_MISSING)
    assert decide_correction(CorrectionOrder(MING, {}), present(), today=TODAY) == (PrivacyRefusal.NOTHING_CHANGES,)


def test_neither_old_nor_new_values_show_where_a_correction_is_printed() -> None:
    order = CorrectionOrder(MING, {CorrectedField.NAME: "林小明"}, confirmed=True)
    assert "林" not in repr(order)
    assert "林" not in repr(decide_correction(order, present(), today=TODAY))
    assert "王" not in repr(present())
