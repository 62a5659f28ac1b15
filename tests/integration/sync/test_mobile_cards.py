"""From an app to a kiosk: the real registry over HTTP, a signed app, a real kiosk whose network is down (Q7-b, R14)."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

import msgspec
import pytest

from circulation.facts import CheckedOut, FactEnvelope
from kiosk.refusal import Refusal
from kiosk.view import CardRefused, Home
from registry.exchange.store_feed import head
from registry.server import listen
from sync.enrol import enrol
from sync.memory import USUAL_MEMORY
from tests.integration.day.place import Place
from tests.integration.day.town import DayClock
from tests.integration.registry.city import City, found_city, reopened
from tests.integration.registry.homes import SqliteHomes
from tests.integration.registry.machine import a_machine
from tests.integration.registry.mobile.phone import give_pin, read, sign_in, signed_out

BOOK = "30234000000000"


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    home = SqliteHomes().empty(tmp_path / "registry")
    made = reopened(found_city(home), home)
    yield made
    made.registry.close()


@pytest.fixture
def memory() -> Iterator[Path]:
    made = Path(mkdtemp(dir=USUAL_MEMORY))
    yield made
    shutil.rmtree(made)


def refused(screen: object) -> Refusal:
    assert isinstance(screen, CardRefused)
    return screen.refusal


def test_q7_b_r14_an_apps_code_opens_a_session_at_a_kiosk_without_a_network_and_is_void_two_windows_later(
    city: City, tmp_path: Path, memory: Path
) -> None:
    clock = DayClock(wall=city.clock.at)

    def pass_by(seconds: float) -> None:
        clock.pass_by(seconds)
        city.clock.at = clock.wall

    (folder := tmp_path / "kiosk").mkdir()
    give_pin(city, city.ming)
    with city.registry.server(listen()) as server:
        identity = enrol(folder, registry=server.url, code=city.registry.issue_code("C01").code, name="櫃台 1")
        place = Place("C01", folder, identity, clock, memory)
        place.start()
        app = a_machine(server.url, city)
        phone, tablet = sign_in(app), sign_in(app, device="平板")
        city.registry.desk.mobile.keys.renew(at_once=True, by="staff:lin")
        with city.registry.database.reading() as connection:
            place.settle(head(connection).n)
        code, old = phone.code(), tablet.code()
        assert read(code).key_number == 2
    place.hurry()  # a poll that was answered by the stop rests for a while
    place.wait_until(lambda: place.is_offline, "the loss of the registry")
    assert isinstance(place.scan(code), Home)
    place.scan(BOOK)
    place.finish()
    (body,) = place.ledger.bodies(1, 10)
    fact = msgspec.json.decode(body, type=FactEnvelope).fact
    assert isinstance(fact, CheckedOut)
    assert (fact.patron, fact.card) == (city.ming, None)
    pass_by(60)
    assert refused(place.scan(code)) is Refusal.CODE_EXPIRED
    assert refused(place.scan(old)) is Refusal.CODE_EXPIRED
    place.stop()


def test_r14_after_signing_out_everywhere_there_are_no_new_codes_and_the_old_ones_last_no_minute(
    city: City, tmp_path: Path, memory: Path
) -> None:
    clock = DayClock(wall=city.clock.at)
    (folder := tmp_path / "kiosk").mkdir()
    give_pin(city, city.ming)
    with city.registry.server(listen()) as server:
        identity = enrol(folder, registry=server.url, code=city.registry.issue_code("C01").code, name="櫃台 1")
        place = Place("C01", folder, identity, clock, memory)
        place.start()
        app = a_machine(server.url, city)
        phone, stolen = sign_in(app), sign_in(app)
        last = stolen.codes().codes[-1].code
        assert signed_out(phone.sign_out(everywhere=True)) == 2
        assert {phone.refused(), stolen.refused()} == {"signed_out"}
        clock.pass_by(30)
        assert isinstance(place.scan(last), Home)
        place.finish()
        clock.pass_by(45)
        assert refused(place.scan(last)) is Refusal.CODE_EXPIRED
        place.stop()
