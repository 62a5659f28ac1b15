"""Sessions of a whole kiosk: who gets in, who does not, and when everything is wiped."""

import random
from pathlib import Path

import msgspec
import pytest

from circulation.wire import PushAnswer
from drivers.ports import CardUnreadable, DeviceFault, DeviceHealth, DeviceState
from kiosk.events import BatchAnswered, BatchRefused, RegistryLost, SendFrom, StillHereChosen, SyncEvent, Touched
from kiosk.refusal import Refusal
from kiosk.view import Attract, Borrow, CardRefused, Goodbye, Home, Sound, StillHere, View
from replica.tables import ReplicaTable
from tests.builders import a_block, a_loan, a_patron, an_item
from tests.kiosk_world import LIN, NOON, WANG, a_change, a_kiosk, a_tombstone, card_row, patron_row


@pytest.mark.parametrize(
    ("uid", "refusal"),
    [
        (LIN, Refusal.LOST),
        ("04DEADBE", Refusal.UNKNOWN),
        ("08123456", Refusal.PHONE),
        ("00000000", Refusal.UNREADABLE),
        ("FFFFFFFF", Refusal.UNREADABLE),
    ],
)
def test_a_card_that_opens_nothing_shows_nothing_of_anybody(tmp_path: Path, uid: str, refusal: Refusal) -> None:
    holder = a_patron(masked_name="林○○", blocks=(a_block(),))
    world = a_kiosk(tmp_path, cards={WANG: a_patron(), LIN: holder}, loans=[a_loan(patron=holder.id)], lost=[LIN])
    screen = world.tap(uid)
    assert screen == CardRefused(refusal, world.clock.seconds + 8)
    assert "林" not in repr(world.outlet.views)
    assert world.outlet.sounds == [Sound.REFUSED]
    assert (world.view.idle_from, world.view.idle_until) == (None, None)
    assert world.wait(8) == Attract()


def test_a_card_that_gives_no_uid_is_unreadable(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path)
    assert world.say(CardUnreadable("reader", 0)) == CardRefused(Refusal.UNREADABLE, world.clock.seconds + 8)


def test_a_card_replaced_by_the_feed_is_unknown_like_any_other(tmp_path: Path) -> None:
    wang = a_patron()
    world = a_kiosk(tmp_path, cards={WANG: wang})
    world.receive(a_tombstone(1, ReplicaTable.CARD, card_row(WANG, wang)), a_change(2, ReplicaTable.CARD, card_row(LIN, wang)))
    assert world.tap(WANG) == CardRefused(Refusal.UNKNOWN, world.clock.seconds + 8)
    assert isinstance(world.tap(LIN), Home)


def test_a_loss_report_ends_the_session_that_the_card_has_opened(tmp_path: Path) -> None:
    wang = a_patron()
    world = a_kiosk(tmp_path, cards={WANG: wang}, items=[an_item(barcode="B1")])
    world.tap()
    world.receive(a_change(1, ReplicaTable.CARD, card_row(WANG, wang, lost=True)))
    assert world.screen == CardRefused(Refusal.LOST, world.clock.seconds + 8)
    world.scan("B1")
    assert world.ledger.last_seq() == 0


def test_a_card_that_became_somebody_elses_ends_the_session(tmp_path: Path) -> None:
    wang, lin = a_patron(), a_patron(masked_name="林○○")
    world = a_kiosk(tmp_path, cards={WANG: wang, LIN: lin})
    world.tap(WANG)
    world.receive(a_change(1, ReplicaTable.CARD, card_row(WANG, lin)))
    assert isinstance(world.screen, CardRefused)
    assert "林" not in repr(world.outlet.views)


def test_news_about_the_patron_reaches_the_open_screen(tmp_path: Path) -> None:
    wang = a_patron()
    world = a_kiosk(tmp_path, cards={WANG: wang})
    world.tap()
    world.receive(a_change(1, ReplicaTable.PATRON, patron_row(a_patron(id=wang.id, masked_name="王○明"))))
    assert isinstance(world.screen, Home)
    assert world.screen.account.masked_name == "王○明"


def test_the_countdown_shows_nothing_of_the_account(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path, cards={WANG: a_patron()})
    world.tap()
    assert (world.view.idle_from, world.view.idle_until) == (world.clock.seconds, world.clock.seconds + 20)
    began = world.clock.seconds
    assert world.wait(20) == StillHere(began + 30, 10)
    assert "王" not in repr(world.view)
    assert (world.view.idle_from, world.view.idle_until) == (None, None)
    assert isinstance(world.say(StillHereChosen()), Home)
    assert world.wait(20) == StillHere(began + 50, 10)
    assert world.wait(10) == Attract()
    assert "王" not in repr(world.core._state)


def test_a_book_scanned_during_the_countdown_is_the_next_childs(tmp_path: Path) -> None:
    wang, lin, book = a_patron(), a_patron(masked_name="林○○"), an_item(barcode="B1")
    world = a_kiosk(tmp_path, cards={WANG: wang, LIN: lin}, items=[book])
    world.tap()
    counting = world.wait(20)
    assert isinstance(counting, StillHere)
    assert world.scan("B1") == counting
    assert world.ledger.last_seq() == 0
    assert world.wait(10) == Attract(1)
    lent = world.tap(LIN)
    assert isinstance(lent, Borrow)
    assert (lent.account.masked_name, [line.barcode for line in lent.lines], lent.borrowed) == ("林○○", ["B1"], 1)


def test_a_book_scanned_during_the_countdown_is_lent_to_who_is_still_here(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path, cards={WANG: a_patron()}, items=[an_item(barcode="B1")])
    world.tap()
    world.wait(20)
    world.scan("B1")
    lent = world.say(StillHereChosen())
    assert isinstance(lent, Borrow)
    assert lent.borrowed == 1


def test_touches_keep_a_session_open(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path, cards={WANG: a_patron()})
    world.tap()
    for _ in range(10):
        world.wait(19)
        world.say(Touched())
    assert isinstance(world.screen, Home)


def test_another_card_gets_a_notice_and_no_session(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path, cards={WANG: a_patron(), LIN: a_patron(masked_name="林○○")})
    world.tap(WANG)
    screen = world.tap(LIN)
    assert isinstance(screen, Home)
    assert screen.account.masked_name == "王○○"
    assert world.outlet.sounds == [Sound.TAP, Sound.REFUSED]
    shown = len(world.outlet.views)
    world.wait(4)
    assert [view.other_card for view in world.outlet.views[shown - 1 :]] == [True, False]
    assert "林" not in repr(world.outlet.views)


def test_after_goodbye_the_next_card_begins_at_once(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path, cards={WANG: a_patron(), LIN: a_patron(masked_name="林○○")}, items=[an_item(barcode="B1")])
    world.tap(WANG)
    world.scan("B1")
    assert isinstance(world.finish(), Goodbye)
    assert world.outlet.sounds[-1] is Sound.FINISH
    screen = world.tap(LIN)
    assert isinstance(screen, Home)
    assert screen.account.masked_name == "林○○"


def test_the_state_of_devices_and_of_the_registry_is_shown(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path)
    gone = DeviceHealth("reader", DeviceState.MISSING, DeviceFault.NO_READER)
    world.say(gone)
    assert world.view.devices == (gone,)
    back = DeviceHealth("reader", DeviceState.READY)
    world.say(back)
    assert world.view.devices == (back,)
    heard = world.clock.wall
    world.wait(100)
    world.say(RegistryLost("no route"))
    assert world.view.offline_since == heard
    world.wait(100)
    world.say(RegistryLost("no route"))
    assert world.view.offline_since == heard
    world.receive()
    assert world.view.offline_since is None


@pytest.mark.parametrize(
    "answer", [BatchAnswered(PushAnswer(server_time=NOON, next_seq=1, results=()), 0.0), SendFrom(1), BatchRefused("revoked")]
)
def test_an_answer_to_a_push_brings_no_news_so_the_kiosk_stays_offline(tmp_path: Path, answer: SyncEvent) -> None:
    world = a_kiosk(tmp_path)
    heard = world.clock.wall
    world.wait(100)
    world.say(RegistryLost("no route"))
    world.say(answer)
    assert world.view.offline_since == heard
    world.wait(100)
    world.say(answer, RegistryLost("no route"))
    assert world.view.offline_since == heard
    world.receive()
    assert world.view.offline_since is None


def test_when_the_registry_was_last_heard_is_remembered_over_a_restart(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path)
    world.wait(100)
    heard = world.clock.wall
    world.receive()
    world.clock.pass_by(60)
    world.say(RegistryLost("no route"))
    world.clock.pass_by(3600)
    world.restart()
    world.say(RegistryLost("no route"))
    assert world.view.offline_since == heard


def test_a_view_is_published_only_when_something_changed(tmp_path: Path) -> None:
    world = a_kiosk(tmp_path)
    count = len(world.outlet.views)
    world.say(Touched())
    world.receive()
    assert len(world.outlet.views) == count
    world.wait(60)
    assert len(world.outlet.views) == count + 1
    assert world.view.place.local_time.minute == 1


def shown_names(view: View) -> set[str]:
    return {name for name in ("王○○", "林○○", "陳○○") if name in repr(view)}


@pytest.mark.parametrize("seed", range(4))
def test_a_day_of_random_taps_and_scans_shows_each_patron_only_to_themselves(tmp_path: Path, seed: int) -> None:
    names = {WANG: "王○○", LIN: "林○○", "04A32B1E": "陳○○"}
    cards = {uid: a_patron(masked_name=name) for uid, name in names.items()}
    world = a_kiosk(tmp_path, cards=cards, items=[an_item(barcode=f"B{n}") for n in range(20)])
    chance = random.Random(seed)
    opened = 0
    for _ in range(150):
        before = world.screen
        match chance.randrange(6):
            case 0 | 1:
                uid = chance.choice(list(names))
                world.tap(uid)
                if isinstance(before, Attract | Goodbye | CardRefused):
                    assert shown_names(world.view) == {names[uid]}
                    opened += 1
            case 2 | 3:
                world.scan(f"B{chance.randrange(20)}")
            case 4:
                world.finish()
            case _:
                world.wait(chance.choice([1, 5, 21, 31]))
        assert len(shown_names(world.view)) <= 1
        if isinstance(world.screen, Attract | StillHere | CardRefused | Goodbye):
            assert not shown_names(world.view)
        if isinstance(before, Home | Borrow) and isinstance(world.screen, Home | Borrow):
            assert world.screen.account.masked_name == before.account.masked_name
    assert opened >= 10
    assert world.wait(100) == Attract()
    bodies = world.ledger.bodies(1, 1000)
    items = [msgspec.json.decode(body)["fact"]["item"] for body in bodies]
    assert items
    assert len(items) == len(set(items))
