"""PINs in a real database: set by a code, counted before they are compared, locked right across processes."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from argon2 import extract_parameters
from argon2.low_level import Type
from uuid_utils.compat import uuid7

from circulation.ids import PatronId
from circulation.wire import PinAnswer, PinVerdict
from registry.desk.pins import PinDesk
from registry.desk.refusals import DeskRefusal, DeskRefusedError
from registry.house import Registry
from tests.integration.registry.city import City
from tests.integration.registry.desk.counter import STAFF, another_process, replace
from tests.integration.registry.homes import Homes

PIN, WRONG = "729401", "729402"
BIRTHDAY = "20140506"


def pins_of(city: City) -> PinDesk:
    return city.registry.desk.pins


def set_pin(city: City, pin: str = PIN) -> None:
    code = pins_of(city).issue_code(PatronId(city.ming), by=STAFF).code
    pins_of(city).set_by_code(code, pin, by=STAFF)


def check(city: City, pin: str) -> PinVerdict:
    return pins_of(city).check(city.ming, pin, by="kiosk:1").verdict


def failures(city: City) -> int:
    ((found,),) = city.sql("SELECT failures FROM pin")
    assert isinstance(found, int)
    return found


@pytest.mark.parametrize("typed", ["729401", "７２９４０１"])
def test_the_first_pin_is_set_by_a_code_and_known_from_then_on(city: City, typed: str) -> None:
    assert check(city, PIN) is PinVerdict.NONE
    set_pin(city)
    assert check(city, typed) is PinVerdict.RIGHT
    assert check(city, WRONG) is PinVerdict.WRONG


def test_a_pin_is_kept_as_argon2id_with_nineteen_mebibytes_two_passes_and_one_lane(city: City) -> None:
    set_pin(city)
    ((kept,),) = city.sql("SELECT hash FROM pin")
    found = extract_parameters(str(kept))
    assert (found.type, found.memory_cost, found.time_cost, found.parallelism) == (Type.ID, 19456, 2, 1)


def test_two_patrons_with_one_pin_have_two_hashes(city: City) -> None:
    for patron in (city.ming, city.hua):
        code = pins_of(city).issue_code(PatronId(patron), by=STAFF).code
        pins_of(city).set_by_code(code, PIN, by=STAFF)
    assert len(set(city.sql("SELECT hash FROM pin"))) == 2


def test_r14_a_pin_is_the_patrons_and_stays_when_a_card_is_replaced(city: City) -> None:
    set_pin(city)
    replace(city)
    assert check(city, PIN) is PinVerdict.RIGHT


@pytest.mark.parametrize(
    ("pin", "code"), [(BIRTHDAY, DeskRefusal.PIN_BIRTHDAY), ("1234", DeskRefusal.PIN_TRIVIAL), ("12", DeskRefusal.PIN_FORMAT)]
)
def test_a_pin_that_may_not_be_leaves_the_code_good(city: City, pin: str, code: DeskRefusal) -> None:
    made = pins_of(city).issue_code(PatronId(city.ming), by=STAFF)
    with pytest.raises(DeskRefusedError) as refused:
        pins_of(city).set_by_code(made.code, pin, by=STAFF)
    assert refused.value.code is code
    pins_of(city).set_by_code(made.code.lower().replace("-", " "), PIN, by=STAFF)
    assert check(city, PIN) is PinVerdict.RIGHT


def test_a_code_works_once_until_it_expires_and_only_the_last_one(city: City) -> None:
    pins = pins_of(city)
    first = pins.issue_code(PatronId(city.ming), by=STAFF).code
    second = pins.issue_code(PatronId(city.ming), by=STAFF).code
    used = pins.issue_code(PatronId(city.hua), by=STAFF).code
    pins.set_by_code(used, PIN, by=STAFF)
    city.clock.pass_(days=14)
    for code in (first, second, used, "0000-0000-0000", ""):
        with pytest.raises(DeskRefusedError) as refused:
            pins.set_by_code(code, PIN, by=STAFF)
        assert refused.value.code is DeskRefusal.CODE_REFUSED
    assert check(city, PIN) is PinVerdict.NONE


def test_nobody_gets_a_code_who_is_not_on_record(city: City) -> None:
    with pytest.raises(DeskRefusedError, match="nobody_found"):
        pins_of(city).issue_code(PatronId(uuid7()), by=STAFF)


def test_five_failures_lock_for_fifteen_minutes_and_then_each_one_doubles_it(city: City) -> None:
    set_pin(city)
    assert [check(city, WRONG) for _ in range(5)] == [PinVerdict.WRONG] * 4 + [PinVerdict.LOCKED]
    until = city.clock() + timedelta(minutes=15)
    assert pins_of(city).check(city.ming, PIN, by="kiosk:1") == PinAnswer(verdict=PinVerdict.LOCKED, locked_until=until)
    assert failures(city) == 5
    city.clock.at = until
    locked = pins_of(city).check(city.ming, WRONG, by="kiosk:1")
    assert locked == PinAnswer(verdict=PinVerdict.LOCKED, locked_until=until + timedelta(minutes=30))
    city.clock.pass_(minutes=30)
    assert check(city, PIN) is PinVerdict.RIGHT
    assert city.sql("SELECT failures, locked_until FROM pin") == [(0, None)]


def test_a_right_pin_forgives_the_failures_before_it(city: City) -> None:
    set_pin(city)
    for _ in range(3):
        assert [check(city, WRONG) for _ in range(4)] == [PinVerdict.WRONG] * 4
        assert check(city, PIN) is PinVerdict.RIGHT


def test_a_new_pin_by_a_code_ends_a_lock(city: City) -> None:
    set_pin(city)
    for _ in range(5):
        check(city, WRONG)
    set_pin(city, "508213")
    assert check(city, "508213") is PinVerdict.RIGHT


def test_a_try_whose_process_dies_in_the_comparison_has_been_counted(city: City) -> None:
    set_pin(city)
    counted: list[int] = []

    def dies(_hashed: str, _pin: str) -> bool:
        with another_process(city) as other, other.database.reading() as connection:
            counted.append(connection.exec_driver_sql("SELECT failures FROM pin").scalar_one())
        raise KeyboardInterrupt

    dying = PinDesk(city.registry.database, city.registry.outside, code_lives=timedelta(1), matches=dies)
    for _ in range(4):
        with pytest.raises(KeyboardInterrupt):
            dying.check(city.ming, PIN, by="kiosk:1")
    assert counted == [1, 2, 3, 4]
    assert failures(city) == 4
    assert check(city, WRONG) is PinVerdict.LOCKED


def test_several_processes_together_allow_five_tries_and_no_more(city: City) -> None:
    set_pin(city)
    start = threading.Barrier(4)
    compared: list[str] = []

    def noted(_hashed: str, pin: str) -> bool:
        compared.append(pin)
        return False

    def guess(registry: Registry, first: int) -> list[PinVerdict]:
        pins = PinDesk(registry.database, registry.outside, code_lives=timedelta(1), matches=noted)
        start.wait(10)
        return [pins.check(city.ming, str(pin), by="kiosk:1").verdict for pin in range(first, first + 6)]

    with another_process(city) as second, another_process(city) as third, ThreadPoolExecutor(4) as pool:
        registries = (city.registry, city.registry, second, third)
        done = [pool.submit(guess, registry, 500_000 + 100 * n) for n, registry in enumerate(registries)]
        verdicts = Counter(verdict for one in done for verdict in one.result(60))
    assert len(compared) == 5
    assert verdicts == {PinVerdict.WRONG: 4, PinVerdict.LOCKED: 20}
    assert failures(city) == 5


def test_somebody_unknown_costs_a_comparison_like_one_without_a_pin(city: City) -> None:
    compared: list[str] = []

    def noted(hashed: str, _pin: str) -> bool:
        compared.append(hashed)
        return False

    pins = PinDesk(city.registry.database, city.registry.outside, code_lives=timedelta(1), matches=noted)
    answers = [pins.check(patron, PIN, by="kiosk:1") for patron in (uuid7(), city.ming)]
    assert answers == [PinAnswer(verdict=PinVerdict.NONE)] * 2
    assert len(compared) == 2
    parameters = extract_parameters(compared[0])
    assert (parameters.memory_cost, parameters.time_cost, parameters.parallelism) == (19456, 2, 1)


def test_no_pin_and_no_code_is_found_in_any_file_of_the_registry(
    city: City, homes: Homes, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    code = pins_of(city).issue_code(PatronId(city.ming), by=STAFF).code
    pins_of(city).set_by_code(code, PIN, by=STAFF)
    unused = pins_of(city).issue_code(PatronId(city.ming), by=STAFF).code
    for _ in range(6):
        check(city, WRONG)
    assert PIN not in repr(city.registry.audit())
    city.registry.close()
    said = "".join(capfd.readouterr())
    held = b"".join(path.read_bytes() for path in homes.files_of(city.home))
    for secret in (PIN, WRONG, code, unused, unused.replace("-", "")):
        assert secret not in said
        assert secret.encode() not in held


def test_setting_locking_and_codes_stand_in_the_audit_trail_without_any_secret(city: City) -> None:
    set_pin(city)
    for _ in range(5):
        check(city, WRONG)
    found = [(entry.actor, entry.action, entry.outcome) for entry in city.registry.audit()]
    assert found == [("kiosk:1", "pin locked", "alarm"), (STAFF, "pin set", "done"), (STAFF, "pin code issued", "done")]
