"""Lost cards at the registry: stopped, confirmed, given back, and what each leaves behind."""

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import event
from uuid_utils.compat import uuid7

from circulation.cards import CardKind, CardState, CardUid
from circulation.ids import CardId, PatronId
from registry.cards import store_losses
from registry.cards.store import CardRecord
from registry.cards.store_losses import LossChannel, LossReport
from registry.desk.losing import IdentityItem, LossCall, LossDesk
from registry.desk.refusals import DeskRefusal, DeskRefusedError
from registry.enrolment.store import PatronRecord
from registry.exchange.store_feed import entries_after
from tests.integration.registry.city import City, Kiosk
from tests.integration.registry.desk.counter import IPASS, NEW, STAFF, cards_heard, give_other_cards, key, replace

BORN = date(2014, 5, 6)
TWO_ITEMS = frozenset({IdentityItem.NAME, IdentityItem.BIRTH_DATE})


@pytest.fixture
def statements(city: City) -> Iterator[list[str]]:
    """What is asked of the database."""
    asked: list[str] = []

    def note(*words: object) -> None:
        asked.append(str(words[2]))

    event.listen(city.registry.database.engine, "before_cursor_execute", note)
    yield asked
    event.remove(city.registry.database.engine, "before_cursor_execute", note)


def a_call(city: City, *, channel: LossChannel = LossChannel.DESK, branch: str | None = None) -> LossCall:
    return LossCall(city.ming_card, channel, TWO_ITEMS, branch)


def losses_of(city: City) -> LossDesk:
    return city.registry.desk.losses


def states(city: City) -> dict[str, str]:
    return dict(city.sql("SELECT uid, state FROM card"))


def record(city: City, *reports: LossReport) -> list[bytes]:
    return city.registry.database.write(lambda work: store_losses.record(work, reports))


def a_report(city: City, uid: CardUid, patron: UUID, *, channel: LossChannel = LossChannel.KIOSK) -> LossReport:
    return LossReport(uuid7(), city.key_of(uid), PatronId(patron), channel, city.clock(), f"kiosk:{UUID(int=7)}")


def test_r7_a_report_stops_the_reported_card_only(city: City) -> None:
    give_other_cards(city)
    losses_of(city).lose(a_call(city), by=STAFF)
    assert [uid for uid, state in states(city).items() if state == "lost"] == [city.ming_card.hex]
    assert city.sql("SELECT count(*) FROM block") == [(0,)]


def test_kiosks_hear_of_a_loss_and_of_its_end_at_once(city: City, kiosk: Kiosk) -> None:
    losses_of(city).lose(a_call(city), by=STAFF)
    losses_of(city).restore(city.ming_card, because="found at home", by=STAFF)
    assert cards_heard(city, kiosk)[-1] == (key(city, city.ming_card), "active")
    with city.registry.database.reading() as connection:
        assert [one.key for _, one in entries_after(connection, 0, "C01", limit=10)] == [key(city, city.ming_card)] * 2


@pytest.mark.parametrize("channel", [LossChannel.PHONE, LossChannel.DESK])
@pytest.mark.parametrize("items", [frozenset(), frozenset({IdentityItem.NATIONAL_ID})])
def test_r17_a_report_by_phone_or_at_a_desk_needs_two_identity_items(
    city: City, channel: LossChannel, items: frozenset[IdentityItem]
) -> None:
    with pytest.raises(DeskRefusedError) as refused:
        losses_of(city).lose(LossCall(city.ming_card, channel, items), by=STAFF)
    assert refused.value.code is DeskRefusal.IDENTITY_UNPROVEN
    assert states(city)[city.ming_card.hex] == "active"


def test_q6_1b_and_r17_channel_staff_time_and_identity_items_are_recorded(city: City) -> None:
    losses_of(city).lose(a_call(city, channel=LossChannel.PHONE, branch="L12"), by=STAFF)
    with city.registry.database.reading() as connection:
        (kept,) = store_losses.reports_on(connection, [city.key_of(city.ming_card)])
    assert (kept.channel, kept.reporter, kept.reported_at, kept.identity) == (
        LossChannel.PHONE,
        STAFF,
        city.clock(),
        ("birth_date", "name"),
    )
    assert (kept.confirmed_by, kept.confirmed_at) == (STAFF, city.clock())
    (entry,) = city.registry.audit(limit=1)
    assert (entry.actor, entry.action, entry.detail["channel"]) == (STAFF, "card reported lost", "phone")


def test_q6_1b_and_r17_outside_opening_hours_there_is_a_warning_and_never_a_refusal(city: City) -> None:
    assert not losses_of(city).lose(a_call(city, branch="L12"), by=STAFF).outside_hours
    city.clock.pass_(hours=14)
    stopped = losses_of(city).lose(a_call(city, branch="L12"), by=STAFF)
    assert (stopped.outside_hours, stopped.already) == (True, True)


def test_a_branch_that_there_is_not_is_refused(city: City) -> None:
    with pytest.raises(DeskRefusedError, match="branch_unknown"):
        losses_of(city).lose(a_call(city, branch="X99"), by=STAFF)


def test_r18_staff_give_a_card_back_with_a_reason_that_stands_in_the_report_and_not_in_the_trail(city: City) -> None:
    losses_of(city).lose(a_call(city), by=STAFF)
    city.clock.pass_(hours=1)
    assert losses_of(city).restore(city.ming_card, because=" found in the other bag ", by="staff:chen") is CardKind.EASYCARD
    assert states(city)[city.ming_card.hex] == "active"
    with city.registry.database.reading() as connection:
        (kept,) = store_losses.reports_on(connection, [city.key_of(city.ming_card)])
    assert (kept.restored_by, kept.restored_at, kept.restored_because) == ("staff:chen", city.clock(), "found in the other bag")
    assert "bag" not in repr(city.registry.audit())


@pytest.mark.parametrize(("because", "code"), [("", DeskRefusal.REASON_MISSING), ("  ", DeskRefusal.REASON_MISSING)])
def test_r18_without_a_reason_no_card_is_given_back(city: City, because: str, code: DeskRefusal) -> None:
    losses_of(city).lose(a_call(city), by=STAFF)
    with pytest.raises(DeskRefusedError) as refused:
        losses_of(city).restore(city.ming_card, because=because, by=STAFF)
    assert refused.value.code is code
    assert states(city)[city.ming_card.hex] == "lost"


def test_r18_a_loss_that_the_bureau_reported_is_not_undone_by_hand(city: City) -> None:
    record(city, a_report(city, city.ming_card, city.ming, channel=LossChannel.BUREAU))
    with pytest.raises(DeskRefusedError) as refused:
        losses_of(city).restore(city.ming_card, because="found", by=STAFF)
    assert refused.value.code is DeskRefusal.FROM_BUREAU
    assert states(city)[city.ming_card.hex] == "lost"


def test_a_card_that_is_not_lost_is_not_given_back(city: City) -> None:
    with pytest.raises(DeskRefusedError, match="card_not_lost"):
        losses_of(city).restore(city.ming_card, because="found", by=STAFF)


def test_a_card_that_was_stopped_before_reports_were_kept_is_given_back_with_a_report_of_that(city: City) -> None:
    city.registry.change_card(city.ming_card, CardState.LOST)
    losses_of(city).restore(city.ming_card, because="found", by=STAFF)
    assert city.sql("SELECT channel, restored_because FROM card_loss_report") == [("unrecorded", "found")]
    assert states(city)[city.ming_card.hex] == "active"


def test_a_report_by_identity_waits_until_staff_confirm_it(city: City) -> None:
    losses_of(city).lose_by_identity("A123456789", BORN, CardKind.EASYCARD, reporter="kiosk:1", branch="C01")
    (waiting,) = losses_of(city).soft_holds(by="lin")
    assert (waiting.number, waiting.masked_name, waiting.reporter) == (city.ming_card.hex, "王○○", "kiosk:1")
    assert losses_of(city).confirm(city.ming_card, by=STAFF) is CardKind.EASYCARD
    assert losses_of(city).soft_holds(by="lin") == []
    assert states(city)[city.ming_card.hex] == "lost"
    with pytest.raises(DeskRefusedError, match="nothing_to_confirm"):
        losses_of(city).confirm(city.ming_card, by=STAFF)


@pytest.mark.parametrize("end", ["restored", "replaced"])
def test_a_soft_hold_waits_no_longer_once_the_card_is_back_or_gone(city: City, end: str) -> None:
    losses_of(city).lose_by_identity("A123456789", BORN, CardKind.EASYCARD, reporter="kiosk:1", branch="C01")
    if end == "restored":
        losses_of(city).restore(city.ming_card, because="a mistake", by=STAFF)
    else:
        replace(city)
    assert losses_of(city).soft_holds(by="lin") == []


def test_reports_of_a_batch_are_kept_and_their_cards_stopped_by_set(city: City) -> None:
    give_other_cards(city)
    reports = [
        a_report(city, city.ming_card, city.ming),
        a_report(city, city.ming_card, city.ming),
        a_report(city, IPASS, city.ming),
        a_report(city, city.hua_card, city.ming),
        a_report(city, NEW, city.hua),
        a_report(city, city.hua_card, uuid7()),
    ]
    assert record(city, *reports) == [city.key_of(city.ming_card), city.key_of(IPASS)]
    assert {uid for uid, state in states(city).items() if state == "lost"} == {city.ming_card.hex, IPASS.hex}
    assert city.sql("SELECT count(*), count(confirmed_at) FROM card_loss_report") == [(3, 3)]
    assert record(city, a_report(city, IPASS, city.ming)) == []


def test_a_batch_of_reports_costs_the_same_statements_as_one(city: City, statements: list[str]) -> None:
    people = [PatronId(uuid7()) for _ in range(60)]
    uids = [CardUid.from_hex(f"05{n:06X}") for n in range(60)]
    city.registry.add_patrons(PatronRecord(one, "王小明") for one in people)
    city.registry.add_cards(CardRecord(CardId(uuid7()), who, CardKind.EASYCARD, uid) for who, uid in zip(people, uids, strict=True))
    statements.clear()
    record(city, a_report(city, city.ming_card, city.ming))
    of_one = len(statements)
    statements.clear()
    record(city, *(a_report(city, uid, who) for who, uid in zip(people, uids, strict=True)))
    assert len(statements) == of_one > 0


def test_a_report_is_kept_when_its_card_is_replaced(city: City) -> None:
    losses_of(city).lose(a_call(city), by=STAFF)
    city.clock.pass_(seconds=timedelta(days=3).total_seconds())
    replace(city)
    assert city.sql("SELECT channel FROM card_loss_report") == [("desk",)]
