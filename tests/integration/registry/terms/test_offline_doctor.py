"""What `registry doctor` says of the offline terms on record."""

from datetime import timedelta

from registry.store_inspection import Looked, RegistryInspection
from tests.integration.registry.city import City
from tests.integration.registry.terms.test_offline_desk import a_version
from youyue.doctor.findings import Level
from youyue.doctor.judge_registry import judge_offline
from youyue.doctor.probe_registry import see_database, see_signatures

Said = list[tuple[Level, str, object]]


def holdings(city: City) -> RegistryInspection:
    found = see_database(city.home.folder, city.home.url or "")
    assert isinstance(found, Looked)
    assert found.holds is not None
    return found.holds


def told(city: City) -> Said:
    recorded = holdings(city).offline
    unsigned = see_signatures(city.home.folder, recorded)
    findings = judge_offline(recorded, unsigned, today=city.registry.desk.offline.today())
    return [(one.level, one.code, one.values.get("version")) for one in findings]


def test_without_a_version_on_record_the_built_in_ones_hold(city: City) -> None:
    assert told(city) == [(Level.OK, "terms_none_on_record", None)]


def test_the_version_in_force_and_those_to_come_are_told(city: City) -> None:
    desk = city.registry.desk.offline
    desk.add(a_version(1), by="lin")
    desk.add(a_version(2, on=desk.today() + timedelta(days=30)), by="lin")
    assert told(city) == [(Level.OK, "terms_on_record", 1), (Level.OK, "terms_to_come", 2)]


def test_terms_that_another_key_has_signed_are_a_failure_because_no_kiosk_takes_them(city: City) -> None:
    city.registry.desk.offline.add(a_version(1), by="lin")
    key = city.home.folder / "keys" / "registry-signing.key"
    sound = key.read_bytes()
    key.write_bytes(bytes(len(sound)))
    assert told(city) == [(Level.OK, "terms_on_record", 1), (Level.FAILED, "terms_bad_signature", 1)]
    key.unlink()
    assert told(city) == [(Level.OK, "terms_on_record", 1)]
