"""The codes that a phone is given, and the keys that sign them."""

import stat
from datetime import timedelta

import msgspec
import pytest

from circulation.mobile_codes import PERIOD, MobileCode, decide_mobile_code
from registry.desk.refusals import DeskRefusedError
from registry.house import Registry
from registry.mobile import store_keys
from replica.mobile_keys import is_signed, trusted_keys
from replica.rows import MobileKeyRow
from tests.integration.registry.city import City, Kiosk, problem_of
from tests.integration.registry.desk.counter import another_process
from tests.integration.registry.machine import Machine
from tests.integration.registry.mobile.phone import read, sign_in


def heard(city: City, kiosk: Kiosk, after: int) -> dict[int, MobileKeyRow | None]:
    """What a kiosk hears of keys."""
    page = kiosk.changes(city.feed, after, 5)
    rows = {int(one.key): one.row for one in page.changes if one.table == "mobile_key"}
    return {number: msgspec.json.decode(row or b"null", type=MobileKeyRow | None) for number, row in rows.items()}


def keys_in_tables(city: City) -> list[MobileKeyRow]:
    return [
        MobileKeyRow(*row) for row in city.sql("SELECT number, public_key, signature FROM mobile_key WHERE ended_at IS NULL ORDER BY 1")
    ]


def test_r14_a_phone_gets_the_code_of_this_half_minute_and_the_next_and_never_a_later_one(city: City, app: Machine) -> None:
    phone = sign_in(app)
    city.clock.pass_(seconds=29)
    found = phone.codes()
    windows = [(one.valid_from, one.valid_until) for one in found.codes]
    begin = city.clock() - timedelta(seconds=29)
    assert windows == [(begin, begin + PERIOD), (begin + PERIOD, begin + 2 * PERIOD)]
    assert found.server_time == city.clock()
    keys = trusted_keys(keys_in_tables(city), registry_key=city.registry.keys.public)
    for one in found.codes:
        good = decide_mobile_code(one.code, now=one.valid_from, keys=keys, is_signed=is_signed, skew=timedelta())
        assert isinstance(good, MobileCode)
        assert (good.key_number, good.patron) == (1, city.ming)
    assert max(one.valid_until for one in found.codes) - city.clock() <= timedelta(minutes=1)


def test_a_device_asks_twelve_times_a_minute(city: City, app: Machine) -> None:
    phone, other = sign_in(app), sign_in(app)
    answers = [phone.ask().status_code for _ in range(13)]
    assert answers == [200] * 12 + [429]
    assert other.ask().status_code == 200
    city.clock.pass_(minutes=1)
    assert phone.ask().status_code == 200


def test_the_private_half_is_a_file_for_its_owner_alone_and_is_not_the_registrys_own_key(city: City) -> None:
    path = city.home.folder / "keys" / "mobile-1.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    (row,) = keys_in_tables(city)
    assert row.public_key != city.registry.keys.public
    assert path.read_bytes() != (city.home.folder / "keys" / "registry-signing.key").read_bytes()


def test_a_new_key_is_told_a_day_before_it_signs_and_the_old_one_ends_a_day_after(city: City, app: Machine, kiosk: Kiosk) -> None:
    kiosk.request("GET", "/v1/snapshots/latest")
    phone, keys = sign_in(app), city.registry.desk.mobile.keys
    made = keys.renew(at_once=False, by="staff:lin")
    told = heard(city, kiosk, 0)[2]
    assert told is not None
    assert trusted_keys([told], registry_key=kiosk.me.registry_key) == {2: made.public_key}
    assert read(phone.code()).key_number == 1
    city.clock.pass_(hours=23)
    keys.end_followed()
    assert read(phone.code()).key_number == 1
    city.clock.pass_(hours=1)
    keys.end_followed()
    assert read(phone.code()).key_number == 2
    assert len(keys_in_tables(city)) == 2
    city.clock.pass_(hours=24)
    keys.end_followed()
    assert heard(city, kiosk, 1) == {1: None}
    assert [row.number for row in keys_in_tables(city)] == [2]
    keys.end_followed()
    ended = [entry.detail for entry in city.registry.audit() if entry.action == "mobile keys ended"]
    assert ended == [{"count": 1}]


def test_a_key_that_somebody_else_has_ends_at_once(city: City, app: Machine, kiosk: Kiosk) -> None:
    kiosk.request("GET", "/v1/snapshots/latest")
    phone = sign_in(app)
    city.registry.desk.mobile.keys.renew(at_once=True, by="staff:lin")
    assert read(phone.code()).key_number == 2
    found = heard(city, kiosk, 0)
    assert (found[1], found[2] is None) == (None, False)
    entry = next(entry for entry in city.registry.audit() if entry.action == "mobile key made")
    assert (entry.actor, entry.detail) == ("staff:lin", {"number": 2, "at_once": 1})


def test_a_kiosk_that_was_enrolled_before_there_were_keys_hears_of_the_first_one(city: City, kiosk: Kiosk) -> None:
    kiosk.request("GET", "/v1/snapshots/latest")
    with city.registry.database.unit_of_work() as work:
        work.connection.exec_driver_sql("DELETE FROM mobile_key")
        work.commit()
    city.registry.desk.mobile.keys.begin()  # as when a new program opens it
    assert list(heard(city, kiosk, 0)) == [1]


def test_two_processes_sign_with_one_key(city: City) -> None:
    with another_process(city) as elsewhere:
        assert number_and_key(elsewhere) == number_and_key(city.registry)
        elsewhere.desk.mobile.keys.renew(at_once=True, by="staff:lin")
        assert number_and_key(city.registry)[0] == 2
        assert number_and_key(elsewhere) == number_and_key(city.registry)


def number_and_key(registry: Registry) -> tuple[int, bytes]:
    with registry.database.reading() as connection:
        key = registry.desk.mobile.keys.signing(store_keys.living(connection))
    return key.number, key.private.private_bytes_raw()


@pytest.mark.parametrize("damage", ["missing", "open to others", "another's"])
def test_without_its_key_file_the_registry_gives_no_codes_and_serves_everything_else(city: City, app: Machine, damage: str) -> None:
    phone, path = sign_in(app), city.home.folder / "keys" / "mobile-1.key"
    match damage:
        case "missing":
            path.unlink()
        case "another's":
            path.write_bytes(bytes(32))
        case _:
            path.chmod(0o644)
    answer = phone.ask()
    assert (answer.status_code, problem_of(answer).code) == (503, "mobile_key_missing")
    assert str(path) not in answer.text
    sign_in(app)
    city.registry.desk.mobile.keys.renew(at_once=True, by="staff:lin")
    assert read(phone.code()).key_number == 2


def test_there_are_so_many_numbers_and_no_more(city: City) -> None:
    with city.registry.database.unit_of_work() as work:
        work.connection.exec_driver_sql("UPDATE mobile_key SET number = 65535")
        work.commit()
    with pytest.raises(DeskRefusedError, match="mobile_last_key"):
        city.registry.desk.mobile.keys.renew(at_once=True, by="staff:lin")
    assert len(keys_in_tables(city)) == 1
