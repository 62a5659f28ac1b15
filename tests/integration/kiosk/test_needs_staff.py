"""A batch that the registry refused: staff see at the machine that somebody must look, until a batch is answered again."""

from pathlib import Path

from structlog.testing import capture_logs

from circulation.wire import FactStatus
from kiosk.events import BatchRefused
from kiosk.view import Borrow
from tests.builders import a_patron, an_item
from tests.kiosk_world import WANG, World, a_kiosk


def a_refused_kiosk(folder: Path) -> World:
    world = a_kiosk(folder, cards={WANG: a_patron()}, items=[an_item(barcode="B1"), an_item(barcode="B2")])
    world.tap()
    world.scan("B1")
    world.say(BatchRefused("key reused at 1"))
    return world


def test_a_refused_batch_is_shown_and_lending_goes_on(tmp_path: Path) -> None:
    world = a_refused_kiosk(tmp_path)
    assert not world.outlet.views[0].needs_staff
    assert world.view.needs_staff
    world.scan("B2")
    assert isinstance(world.screen, Borrow)
    assert world.screen.borrowed == 2
    assert world.view.needs_staff


def test_it_is_shown_and_logged_again_after_a_restart(tmp_path: Path) -> None:
    world = a_refused_kiosk(tmp_path)
    with capture_logs() as logs:
        world.restart()
    assert world.outlet.views[0].needs_staff
    assert [log["problem"] for log in logs if log["event"] == "needs_staff"] == ["key reused at 1"]


def test_the_answer_to_a_later_batch_ends_it_for_good(tmp_path: Path) -> None:
    world = a_refused_kiosk(tmp_path)
    world.restart()
    world.answer(status=FactStatus.FLAGGED)
    assert not world.view.needs_staff
    device = world.ledger.device()
    assert (device.problem, device.problem_at) == ("", None)
    world.restart()
    assert not world.view.needs_staff


def test_an_answer_that_comes_after_the_refusal_does_not_hide_that_nothing_is_sent_any_more(tmp_path: Path) -> None:
    world = a_refused_kiosk(tmp_path)
    world.answer()
    assert world.view.needs_staff
