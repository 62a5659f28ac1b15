"""After a breach: who saw or changed whose data between two moments, and by when it must be reported."""

import csv
from datetime import timedelta
from pathlib import Path

from registry.audit.store import AuditEntry, append
from registry.audit.store_reading import ActorTotal, Touch, Wanted, touches
from registry.desk.questions import ByNationalId, ByNumber
from tests.integration.registry.city import START, City
from texts.catalogue import open_catalogue

CATALOGUES = tuple(map(open_catalogue, ("zh_TW", "en")))


def days_of_looks(city: City) -> None:
    """Wang looks at both patrons on the first day, Lin at one on the second, Wang at one on the third."""
    find = city.registry.desk.cards.find
    find(ByNumber(city.ming_card), by="wang")
    find(ByNumber(city.hua_card), by="wang")
    find(ByNumber(city.ming_card), by="wang")
    city.clock.pass_(days=1)
    find(ByNationalId("A123456789"), by="lin")
    city.clock.pass_(days=1)
    find(ByNumber(city.hua_card), by="wang")


def test_who_touched_whom_is_counted_by_actor_between_two_moments(city: City) -> None:
    days_of_looks(city)
    report = city.registry.privacy.breaches.report
    whole = report(Wanted(since=START), by="auditor")
    assert (whole.actors, whole.patrons) == ((ActorTotal("wang", 4, 2), ActorTotal("lin", 1, 1)), 2)
    first_two = Wanted(since=START, until=START + timedelta(days=2))
    assert report(first_two, by="auditor").actors == (ActorTotal("wang", 3, 2), ActorTotal("lin", 1, 1))
    assert report(Wanted(actor="lin"), by="auditor").actors == (ActorTotal("lin", 1, 1),)
    assert report(Wanted(patron=city.hua), by="auditor").actors == (ActorTotal("wang", 2, 1),)
    assert report(Wanted(since=START + timedelta(days=9)), by="auditor").patrons == 0


def test_a_breach_is_reported_within_72_hours_of_when_it_was_known(city: City) -> None:
    known_at = city.clock() - timedelta(hours=5)
    reports = city.registry.privacy.breaches
    assert reports.report(Wanted(), by="auditor").deadline == city.clock() + timedelta(hours=72)
    assert reports.report(Wanted(), known_at=known_at, by="auditor").deadline == known_at + timedelta(hours=72)


def test_the_report_is_a_table_that_no_spreadsheet_runs(city: City, tmp_path: Path) -> None:
    city.registry.desk.cards.find(ByNumber(city.ming_card), by="=HYPERLINK(1)")
    report = city.registry.privacy.breaches.report(Wanted(action="patron looked up"), by="auditor")
    path = tmp_path / "breach.csv"
    assert city.registry.privacy.breaches.write_csv(path, report, CATALOGUES) == 1
    with path.open(encoding="utf-8-sig", newline="") as file:
        heading, row = csv.reader(file)
    assert heading[-1] == "讀者代碼 / patron key"
    assert row[1:] == ["2026-03-11T10:00:00+08:00", "'=HYPERLINK(1)", "patron looked up", "done", str(city.ming)]
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_batch_of_thousands_is_told_a_page_at_a_time(city: City) -> None:
    many = [city.ming, city.hua, *city.books]
    with city.registry.database.unit_of_work() as work:
        for n in range(3):
            append(work.connection, AuditEntry(START, "lin", f"batch {n}", "done", {}, many))
        work.commit()
    with city.registry.database.reading() as connection:
        found = list(touches(connection, Wanted(actor="lin")))
    assert [(one.action, one.patron) for one in found] == [(f"batch {n}", key) for n in range(3) for key in sorted(many)]
    assert isinstance(found[0], Touch)


def test_the_trail_is_read_by_who_what_and_whom_and_its_reading_is_noted(city: City) -> None:
    days_of_looks(city)
    breaches = city.registry.privacy.breaches
    found = breaches.entries(Wanted(actor="wang", patron=city.hua), limit=10, by="auditor")
    assert [(entry.at, list(entry.patrons)) for _, entry in found] == [
        (START + timedelta(days=2), [city.hua]),
        (START, [city.hua]),
    ]
    assert len(breaches.entries(Wanted(), limit=2, by="auditor")) == 2
    entry = city.registry.audit(limit=1)[0]
    assert (entry.actor, entry.action, entry.detail) == ("auditor", "trail read", {"count": 2})
