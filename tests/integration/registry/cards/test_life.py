"""What becomes of a student ID: handed in, cancelled, reported lost from anywhere, found by somebody (Q6, Q7, R5, R10)."""

from datetime import timedelta

import pytest

from circulation.cards import CardKind, CardUid
from circulation.facts import LostCardShown
from circulation.ids import PatronId
from circulation.wire import FactStatus
from registry.cards.store_events import CardEventKind
from registry.cards.store_found import FindOutcome
from registry.cards.store_losses import LossChannel
from registry.desk.losing import IdentityItem, LossCall
from registry.desk.questions import ByNumber
from registry.desk.refusals import DeskRefusal, DeskRefusedError
from registry.desk.replacing import NewCardOrder
from tests.integration.registry.city import City, Kiosk, a_checkout
from tests.integration.registry.desk.counter import IPASS, NEW, STAFF, cards_heard, give_other_cards, key, replace

PROVED = frozenset({IdentityItem.NAME, IdentityItem.BIRTH_DATE})


def lose(city: City, uid: CardUid | None = None) -> None:
    city.registry.desk.losses.lose(LossCall(uid or city.ming_card, LossChannel.PHONE, PROVED), by=STAFF)


def show(kiosk: Kiosk, card_key: bytes) -> None:
    (result,) = kiosk.push(kiosk.seq + 1, kiosk.envelope(LostCardShown(card=card_key)))
    assert result.status is FactStatus.ACCEPTED


def refused(city: City, uid: CardUid) -> str:
    with pytest.raises(DeskRefusedError) as told:
        city.registry.desk.life.hand_in(uid, by=STAFF)
    return str(told.value.code)


def test_q7_b_and_r10_a_card_that_is_handed_in_ends_account_loans_and_other_cards_stay(city: City, kiosk: Kiosk) -> None:
    give_other_cards(city)
    kiosk.push(1, kiosk.envelope(a_checkout(city.ming, city.books[0])))
    assert city.registry.desk.life.hand_in(city.ming_card, by=STAFF) is CardKind.EASYCARD
    assert city.registry.desk.cards.find(ByNumber(city.ming_card), by="lin") == []
    assert sorted(kind for (kind,) in city.sql("SELECT kind FROM card JOIN patron ON patron.id = card.patron WHERE name = '王小明'")) == [
        "barcode",
        "chip",
        "ipass",
    ]
    assert city.sql("SELECT count(*) FROM loan WHERE closed_at IS NULL") == [(1,)]
    assert cards_heard(city, kiosk)[-1] == (key(city, city.ming_card), None)
    assert refused(city, city.ming_card) == DeskRefusal.NO_SUCH_RECORD


def test_q7_a_and_r10_a_card_that_is_cancelled_and_kept_goes_on_working(city: City) -> None:
    before = city.sql("SELECT * FROM card ORDER BY uid")
    city.registry.desk.life.cancel(city.ming_card, by=STAFF)
    assert city.sql("SELECT * FROM card ORDER BY uid") == before
    assert city.sql("SELECT count(*) FROM feed") == [(0,)]
    assert [one.event for one in city.registry.desk.life.life(city.ming_card, by=STAFF).of_card] == [CardEventKind.CANCELLED]


def test_a_handed_in_number_is_given_to_nobody_else(city: City) -> None:
    city.registry.desk.life.hand_in(city.ming_card, by=STAFF)
    order = NewCardOrder(PatronId(city.hua), CardKind.EASYCARD, city.ming_card, city.hua_card)
    with pytest.raises(DeskRefusedError):
        city.registry.desk.cards.replace(order, by=STAFF)


@pytest.mark.parametrize("hour", [3, 12, 20])
def test_q6_1a_a_loss_is_reported_online_at_any_hour(city: City, kiosk: Kiosk, hour: int) -> None:
    """In UTC: at the library it is late morning, evening, and four in the morning."""
    city.clock.at = city.clock.at.replace(hour=hour)
    stopped = city.registry.desk.losses.lose_online(PatronId(city.ming), CardKind.EASYCARD, by="patron")
    assert (stopped.already, stopped.outside_hours) == (False, False)
    assert cards_heard(city, kiosk)[-1] == (key(city, city.ming_card), "lost")
    assert city.sql("SELECT channel, reporter FROM card_loss_report") == [("online", "patron")]


def test_a_card_that_one_does_not_have_can_not_be_reported_online(city: City) -> None:
    with pytest.raises(DeskRefusedError) as told:
        city.registry.desk.losses.lose_online(PatronId(city.ming), CardKind.IPASS, by="patron")
    assert told.value.code is DeskRefusal.NO_SUCH_RECORD


def test_r5_a_lost_card_that_is_tapped_tells_its_branch_once_and_how_often(city: City, kiosk: Kiosk, other_kiosk: Kiosk) -> None:
    lose(city)
    for _ in range(3):
        show(kiosk, city.key_of(city.ming_card))
        city.clock.pass_(hours=1)
    show(other_kiosk, city.key_of(city.ming_card))
    here = city.registry.desk.life.finds(branch="C01", by=STAFF)
    assert [(one.branch, one.masked_name, one.times, one.number, one.last_at - one.first_at) for one in here] == [
        ("C01", "王○○", 3, city.ming_card.hex, timedelta(hours=2))
    ]
    assert [one.branch for one in city.registry.desk.life.finds(by=STAFF)] == ["L12", "C01"]
    events = [one.event for one in city.registry.desk.life.life(city.ming_card, by=STAFF).of_card]
    assert events == [CardEventKind.REPORTED_LOST, *[CardEventKind.TAPPED_LOST] * 4]


def test_of_several_taps_in_one_batch_one_find_comes(city: City, kiosk: Kiosk) -> None:
    lose(city)
    shown = LostCardShown(card=city.key_of(city.ming_card))
    kiosk.push(1, *(kiosk.envelope(shown) for _ in range(3)))
    assert city.sql("SELECT times FROM found_card") == [(3,)]


def test_a_card_that_works_or_that_nobody_knows_is_looked_for_by_nobody(city: City, kiosk: Kiosk) -> None:
    show(kiosk, city.key_of(city.ming_card))
    show(kiosk, bytes(16))
    assert city.registry.desk.life.finds(by=STAFF) == []


def test_what_came_of_a_find_is_noted_and_the_card_stays_stopped(city: City, kiosk: Kiosk) -> None:
    lose(city)
    show(kiosk, city.key_of(city.ming_card))
    (find,) = city.registry.desk.life.finds(by=STAFF)
    city.registry.desk.life.settle_find(find.id, FindOutcome.TAKEN_IN, by=STAFF)
    assert city.registry.desk.life.finds(by=STAFF) == []
    assert city.sql("SELECT state FROM card ORDER BY state") == [("active",), ("lost",)]
    with pytest.raises(DeskRefusedError):
        city.registry.desk.life.settle_find(find.id, FindOutcome.TAKEN_IN, by=STAFF)
    show(kiosk, city.key_of(city.ming_card))
    assert len(city.registry.desk.life.finds(by=STAFF)) == 1


def test_a_find_of_a_card_that_was_replaced_since_shows_no_number(city: City, kiosk: Kiosk) -> None:
    lose(city)
    show(kiosk, city.key_of(city.ming_card))
    replace(city, NEW)
    assert [(one.number, one.kind, one.is_lost) for one in city.registry.desk.life.finds(by=STAFF)] == [(None, None, False)]


def test_whoever_looks_at_a_cards_life_or_at_finds_is_noted(city: City) -> None:
    city.registry.desk.life.life(city.ming_card, by=STAFF)
    city.registry.desk.life.finds(branch="C01", by=STAFF)
    found, history = city.registry.audit(limit=2)
    assert (history.actor, history.action, history.detail["patron"]) == (STAFF, "card history read", str(city.ming))
    assert (found.action, found.detail) == ("found cards read", {"count": 0, "branch": "C01"})


@pytest.mark.parametrize("channel", [LossChannel.PHONE, LossChannel.DESK])
@pytest.mark.parametrize("branch", ["C01", "L12"])
def test_q6_1b_a_loss_is_taken_by_phone_and_in_person_at_every_branch(city: City, channel: LossChannel, branch: str) -> None:
    city.registry.desk.losses.lose(LossCall(city.ming_card, channel, PROVED, branch), by=STAFF)
    assert city.sql("SELECT channel, branch FROM card_loss_report") == [(str(channel), branch)]
    assert city.sql("SELECT state FROM card ORDER BY state") == [("active",), ("lost",)]


def test_q2_b_a_bound_card_works_at_every_branch_and_not_only_at_the_one_assigned(city: City, kiosk: Kiosk, other_kiosk: Kiosk) -> None:
    replace(city, NEW)
    assert cards_heard(city, kiosk) == cards_heard(city, other_kiosk) == [(key(city, city.ming_card), None), (key(city, NEW), "active")]


def test_q9_a_one_patron_uses_an_easycard_and_an_ipass_side_by_side(city: City, kiosk: Kiosk) -> None:
    city.registry.desk.cards.replace(NewCardOrder(PatronId(city.ming), CardKind.IPASS, IPASS), by=STAFF)
    found = [city.registry.desk.cards.find(ByNumber(uid), by="lin")[0] for uid in (city.ming_card, IPASS)]
    assert [one.id for one in found] == [city.ming] * 2
    assert [(str(card.kind), str(card.state)) for card in found[0].cards] == [("easycard", "active"), ("ipass", "active")]
    lent = kiosk.push(
        1,
        *(
            kiosk.envelope(a_checkout(city.ming, book, card=city.key_of(uid)))
            for book, uid in zip(city.books, (city.ming_card, IPASS), strict=False)
        ),
    )
    assert [one.reasons for one in lent] == [(), ()]
