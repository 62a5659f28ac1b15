"""After a registry was put back from a backup: another feed, snapshots above all before, the facts of the backup once. On both engines."""

from registry.exchange.restored import safe_version
from registry.exchange.store_feed import head
from tests.integration.registry.city import City, Kiosk, a_checkout
from tests.integration.registry.commands import Run
from tests.integration.registry.test_snapshots import manifest_of


def test_the_feed_has_another_name_and_its_numbers_go_on(city: City, kiosk: Kiosk) -> None:
    kiosk.push(1, kiosk.envelope(a_checkout(city.ming, city.books[0])))
    with city.registry.database.reading() as connection:
        before = head(connection)
    made = city.registry.restored.begin(by="林館員")
    with city.registry.database.reading() as connection:
        now = head(connection)
    assert now.feed == made.feed != before.feed
    assert (now.n, now.kept_from) == (before.n, before.kept_from)
    entry = city.registry.audit(limit=1)[0]
    assert (entry.actor, entry.action, entry.outcome) == ("林館員", "registry restored", "alarm")


def test_snapshots_are_above_any_that_can_have_been_signed_and_go_on_rising(city: City, kiosk: Kiosk) -> None:
    before = manifest_of(kiosk)
    made = city.registry.restored.begin(by="staff")
    above = made.above
    assert above == safe_version(city.clock()) > before.version
    fresh = manifest_of(kiosk)
    assert (fresh.feed, fresh.version) == (made.feed, above + 1)
    again = city.registry.restored.begin(by="staff").above
    assert again >= above
    city.clock.pass_(minutes=1)
    assert city.registry.restored.begin(by="staff").above >= above + 60


def test_what_the_backup_knows_is_shown_before_anything_is_done(city: City, kiosk: Kiosk, run: Run) -> None:
    kiosk.push(1, kiosk.envelope(a_checkout(city.ming, city.books[0])))
    with city.registry.database.reading() as connection:
        before = head(connection)
    shown = run("restored")
    assert shown.code == 2
    assert "C01" in shown.out
    assert "up to fact 1" in shown.out
    with city.registry.database.reading() as connection:
        assert head(connection) == before
    assert "Done for" in run("restored", "--yes").out
    with city.registry.database.reading() as connection:
        assert head(connection).feed != before.feed
