"""The register of requests: taken with what proves the asker, due in the law's terms, extended once, answered."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from circulation.ids import PatronId
from registry.database import UnitOfWork
from registry.desk.losing import IdentityItem
from registry.privacy import store
from registry.privacy.refusals import PrivacyRefusal, PrivacyRefusedError
from registry.privacy.register import RequestRegister
from registry.privacy.requests import Asker, RequestChannel, RequestOutcome
from registry.privacy.store_forgetting import forget
from registry.privacy.terms import RequestKind, Term
from tests.integration.registry.city import City
from tests.integration.registry.privacy.people import TWO_ITEMS, an_order


@pytest.fixture
def register(city: City) -> RequestRegister:
    return city.registry.privacy.requests


@pytest.mark.parametrize(
    ("kind", "due", "extended"),
    [
        (RequestKind.ACCESS, date(2026, 3, 26), date(2026, 4, 10)),
        (RequestKind.COPY, date(2026, 3, 26), date(2026, 4, 10)),
        (RequestKind.CORRECTION, date(2026, 4, 10), date(2026, 5, 10)),
        (RequestKind.STOP_PROCESSING, date(2026, 4, 10), date(2026, 5, 10)),
        (RequestKind.ERASURE, date(2026, 4, 10), date(2026, 5, 10)),
    ],
)
def test_a_request_is_due_in_the_laws_term_and_extended_once_by_as_much(
    city: City, register: RequestRegister, kind: RequestKind, due: date, extended: date
) -> None:
    """The day is the library's: at 17:00 UTC it is the next one there."""
    city.clock.pass_(hours=-9)
    taken = register.take(an_order(city.ming, kind=kind), by="lin")
    assert taken.due == due
    city.clock.pass_(days=10)
    assert register.extend(taken.id, because="the archive is closed", by="lin").due == extended
    with pytest.raises(PrivacyRefusedError, match="request_extended"):
        register.extend(taken.id, because="again", by="lin")


def test_r17_who_asks_in_person_or_by_phone_shows_two_identity_items_and_they_are_recorded(city: City, register: RequestRegister) -> None:
    for channel in (RequestChannel.DESK, RequestChannel.PHONE, RequestChannel.LETTER):
        for too_few in (frozenset[IdentityItem](), frozenset({IdentityItem.NAME})):
            with pytest.raises(PrivacyRefusedError, match="identity_unproven"):
                register.take(an_order(city.ming, channel=channel, identity=too_few), by="lin")
    assert city.sql("SELECT count(*) FROM privacy_request") == [(0,)]
    register.take(an_order(city.ming, channel=RequestChannel.ONLINE, identity=frozenset()), by="patron")
    register.take(an_order(city.ming, channel=RequestChannel.PHONE, identity=TWO_ITEMS), by="lin")
    kept = city.sql("SELECT channel, identity, taken_by FROM privacy_request ORDER BY channel DESC")
    assert kept == [("phone", '["birth_date", "name"]', "lin"), ("online", "[]", "patron")]


def test_r12_the_guardian_of_a_child_asks_with_papers_and_that_of_an_adult_does_not(city: City, register: RequestRegister) -> None:
    with_papers = TWO_ITEMS | {IdentityItem.PAPERS}
    with pytest.raises(PrivacyRefusedError, match="papers_missing"):
        register.take(an_order(city.ming, asker=Asker.GUARDIAN), by="lin")
    register.take(an_order(city.ming, asker=Asker.GUARDIAN, identity=with_papers), by="lin")
    city.clock.pass_(days=365 * 7)
    with pytest.raises(PrivacyRefusedError) as refused:
        register.take(an_order(city.ming, asker=Asker.GUARDIAN, identity=frozenset({IdentityItem.NAME})), by="lin")
    assert refused.value.codes == (PrivacyRefusal.IDENTITY_UNPROVEN, PrivacyRefusal.PAPERS_MISSING, PrivacyRefusal.ADULT_ASKS)
    register.take(an_order(city.ming, asker=Asker.PROXY, identity=with_papers), by="lin")


def test_what_waits_is_listed_by_its_last_day_and_what_was_answered_is_not(city: City, register: RequestRegister) -> None:
    slow = register.take(an_order(city.ming, kind=RequestKind.ERASURE), by="lin")
    quick = register.take(an_order(city.hua), by="lin")
    stranger = register.take(an_order(None), by="lin")
    assert [one.id for one in register.waiting(by="lin")] == [quick.id, stranger.id, slow.id]
    assert {*city.registry.audit(limit=1)[0].patrons} == {city.ming, city.hua}
    answered = register.answer(quick.id, RequestOutcome.GRANTED, by="chen")
    assert (answered.outcome, answered.answered_by, answered.answered_at) == (RequestOutcome.GRANTED, "chen", city.clock())
    assert [one.id for one in register.waiting(by="lin")] == [stranger.id, slow.id]


@pytest.mark.parametrize("outcome", [RequestOutcome.REFUSED, RequestOutcome.PARTLY])
def test_a_refusal_says_why_and_the_trail_never_does(city: City, register: RequestRegister, outcome: RequestOutcome) -> None:
    taken = register.take(an_order(city.ming), by="lin")
    with pytest.raises(PrivacyRefusedError, match="reason_missing"):
        register.answer(taken.id, outcome, because=" ", by="lin")
    register.extend(taken.id, because="王小明 is away\x1b[31m", by="lin")
    city.clock.pass_(days=40)
    register.answer(taken.id, outcome, because="王小明 asks for his brother", by="lin")
    entry = city.registry.audit(limit=1)[0]
    assert (entry.action, list(entry.patrons)) == ("privacy request answered", [city.ming])
    assert (entry.detail["outcome"], entry.detail["late"]) == (outcome.value, 1)
    assert "王" not in repr(city.registry.audit())
    assert city.sql("SELECT extended_because, because FROM privacy_request") == [("王小明 is away\\x1b[31m", "王小明 asks for his brother")]
    with pytest.raises(PrivacyRefusedError, match="request_answered"):
        register.answer(taken.id, RequestOutcome.GRANTED, by="lin")


def test_a_term_that_is_over_is_not_extended_and_an_unknown_request_is_none(city: City, register: RequestRegister) -> None:
    taken = register.take(an_order(city.ming), by="lin")
    city.clock.pass_(days=16)
    with pytest.raises(PrivacyRefusedError, match="term_over"):
        register.extend(taken.id, because="late", by="lin")
    with pytest.raises(PrivacyRefusedError, match="request_unknown"):
        register.extend(uuid4(), because="x", by="lin")
    with pytest.raises(PrivacyRefusedError, match="request_unknown"):
        register.answer(uuid4(), RequestOutcome.GRANTED, by="lin")
    with pytest.raises(PrivacyRefusedError, match="nobody_found"):
        register.take(an_order(uuid4()), by="lin")
    assert [one.due for one in register.waiting(by="lin")] == [taken.due]


def test_terms_are_dated_data_with_their_source_and_the_one_of_the_day_of_receipt_holds(city: City, register: RequestRegister) -> None:
    assert {(one.kind, one.days, one.extension_days) for one in register.terms()} == {
        ("access", 15, 15), ("copy", 15, 15), ("correction", 30, 30), ("stop_processing", 30, 30), ("erasure", 30, 30),
        ("breach", 3, 0), ("trail", 184, 0),
    }  # fmt: skip
    assert all(one.source for one in register.terms())
    tomorrow = register.today() + timedelta(days=1)
    city.registry.database.write(lambda work: store.add_term(work, Term("access", tomorrow, 10, 5, "a later law")))
    assert register.take(an_order(city.ming), by="lin").due == register.today() + timedelta(days=15)
    city.clock.pass_(days=1)
    assert register.take(an_order(city.ming), by="lin").due == register.today() + timedelta(days=10)


def test_the_register_outlives_the_patron_without_saying_who_asked(city: City, register: RequestRegister) -> None:
    taken = register.take(an_order(city.ming, kind=RequestKind.ERASURE), by="lin")
    register.answer(taken.id, RequestOutcome.PARTLY, because="王小明 owes a book", by="lin")
    kept = register.take(an_order(city.hua), by="lin")

    def end(work: UnitOfWork) -> None:
        assert forget(work, [PatronId(city.ming)]) == []

    city.registry.database.write(end)
    assert city.sql("SELECT patron, because, outcome FROM privacy_request WHERE kind = 'erasure'") == [(None, None, "partly")]
    assert city.sql("SELECT patron FROM privacy_request WHERE kind = 'access'") == [(UUID(str(city.hua)).bytes,)]
    assert register.waiting(by="lin")[0].id == kept.id
